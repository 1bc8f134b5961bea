using System.Globalization;
using CsvHelper;
using Ingest.Formats;
using Ingest.Rules;
using Ingest.Worker.Ledger;

namespace Ingest.Worker.Receipts;

/// <summary>The two tables for people and spreadsheets: UTF-8 with BOM, semicolons, CRLF; what a spreadsheet would run is made inert.</summary>
internal static class ReceiptCsv
{
    private static readonly CsvWriterOptions ForPeople = new()
    {
        Separator = ';',
        NewLine = "\r\n",
        WriteByteOrderMark = true,
        Injection = CsvInjection.Escape,
        Quoting = CsvQuoting.WhenNeeded,
    };

    public static CsvWriter Open(Stream stream, params string[] header)
    {
        var writer = CsvWriter.Create(stream, ForPeople, leaveOpen: true);
        writer.WriteRecord(header);
        return writer;
    }

    /// <summary>accepterade.csv: a row for each record that was not rejected.</summary>
    public static CsvWriter Accepted(Stream stream) => Open(stream, "rad", "posttyp", "händelse-id", "status", "kod", "fönster", "kvittens-id");

    /// <param name="window">The window's date; empty for what counts in none.</param>
    /// <param name="fileId">As text.</param>
    public static void WriteAccepted(CsvWriter csv, string window, string fileId, RecordRow record)
    {
        if (record.Line == 0 || record.Status == RecordStatus.Rejected) return;
        csv.WriteField(record.Line);
        csv.WriteField(Words.Tag(record.Kind));
        csv.WriteField(record.EventId ?? "");
        csv.WriteField(Words.Machine(record.Status));
        csv.WriteField(Words.Codes(record.Findings));
        csv.WriteField(window);
        Span<char> receipt = stackalloc char[64];
        receipt.TryWrite(CultureInfo.InvariantCulture, $"{fileId}-{record.Line}", out var length);
        csv.WriteField(receipt[..length]);
        csv.EndRecord();
    }

    /// <summary>avvisade.csv: a row for each finding, warnings and information too.</summary>
    public static CsvWriter Findings(Stream stream) =>
        Open(stream, "rad", "position", "posttyp", "händelse-id", "fält", "värde", "kod", "allvar", "meddelande", "åtgärd", "kontakt");

    public static void WriteFinding(CsvWriter csv, RecordRow record, Finding f, in FindingWords words) => csv.WriteRecord(
        f.Line == 0 ? "" : Phrase.Number(f.Line), f.Column is { } column ? Phrase.Number(column) : "", Words.Tag(record.Kind), record.EventId ?? "",
        f.Field ?? "", f.Value ?? "", f.Code.ToString(), f.Severity.ToString(), words.Message, words.Fix, words.Contact);
}
