using System.Text;
using Ingest.Formats;
using Ingest.Rules;
using Ingest.Worker.Intake;

namespace Ingest.Worker.Receipts;

/// <summary>
/// An omsändning: records alone, byte for byte as they were sent, under a header that stands outside the sequence. The school mends
/// them and drops the file again.
/// </summary>
internal static class Resend
{
    private const string EndOfFile = "\u001A";

    /// <summary>What is before the records.</summary>
    /// <param name="source">The file that the records are from.</param>
    /// <param name="firstOffset">Where its first record begins.</param>
    public static void WriteHeader(Stream output, Sniffed sniffed, SourceBytes source, long firstOffset, FileHeader? header)
    {
        // Of a profile's files only their own lines are known: whatever stood before the first record stands there again.
        if (sniffed.Shape == FileShape.Csv || sniffed.Profile is not null)
        {
            output.Write(source.Read(0, (int)firstOffset));
            return;
        }
        output.Write(sniffed.Text.Bom());
        WriteLine(output, sniffed.Text, FixedWidthWriter.Header(header!));
    }

    /// <param name="opensQuote">Its quote never closes (P14): lines follow that say nothing, so that it does not close in another record either.</param>
    public static void WriteRecord(Stream output, Sniffed sniffed, ReadOnlySpan<byte> record, bool opensQuote = false)
    {
        var encoding = sniffed.Text.Encoding();
        var ended = record.EndsWith(encoding.GetBytes("\n")) || record.EndsWith(encoding.GetBytes("\r"));
        // The last line of its file: the end-of-file mark of old is no part of it, and would be one among others here.
        var mark = encoding.GetBytes(EndOfFile);
        if (!ended && record.EndsWith(mark)) record = record[..^mark.Length];
        output.Write(record);
        if (!ended) WriteLine(output, sniffed.Text, "");
        // A record that is nothing but the mark would, as the last of this file, be no record: a line that says nothing follows it.
        if (encoding.GetString(record).TrimEnd('\r', '\n') == EndOfFile) WriteLine(output, sniffed.Text, "");
        for (var i = 1; opensQuote && i < ReadLimits.QuotedLines; i++) WriteLine(output, sniffed.Text, "");
    }

    public static void WriteTrailer(Stream output, Sniffed sniffed)
    {
        if (sniffed is { Shape: FileShape.FixedWidth, Profile: null }) WriteLine(output, sniffed.Text, FixedWidthWriter.Trailer(null, null));
    }

    /// <summary>HUV of an omsändning: löpnummer 00000000; made at a moment that is the same each time it is rendered.</summary>
    public static FileHeader Header(string school, string system, string environment, DateTimeOffset made) =>
        new(school, system, 0, ReportingCalendar.Swedish(made).DateTime, environment);

    private static void WriteLine(Stream output, TextForm form, string line) => output.Write(form.Encoding().GetBytes(line + "\r\n"));
}
