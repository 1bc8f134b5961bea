using System.Text;
using CsvHelper;

namespace Ingest.Formats;

/// <summary>Reads the rows of a CSV file: CsvHelper splits and unquotes, <see cref="CsvFeed"/> keeps quoting and places whole.</summary>
internal sealed class CsvRecordReader : RecordReader
{
    private readonly LineSource lines;
    private readonly Sniffed sniffed;

    public CsvRecordReader(Stream stream, Sniffed sniffed, DateOnly arrival, ReadLimits limits, ReadTerms terms)
        : base(arrival, limits, terms)
    {
        this.sniffed = sniffed;
        lines = new LineSource(stream, sniffed.Text, limits);
    }

    public override IEnumerable<Row> Rows()
    {
        var header = ReadHeader();
        if (header is null) yield break;
        foreach (var finding in header.Findings) Add(finding);
        if (header.Findings.Any(f => f.Severity == Severity.F)) yield break;

        using var feed = new CsvFeed(lines, sniffed.Text, sniffed.Delimiter, header, ReadLimits);
        using var csv = CsvReader.Create(feed, new CsvReaderOptions
        {
            Separator = sniffed.Delimiter,
            HasHeader = false,
            // Values may be personal data; lines are counted by the feed, in the source's own bytes.
            IncludeValuesInExceptions = false,
            // Never met: the feed lets no record of more source bytes through, and composed UTF-8 is at most three times as long.
            MaxRecordSize = ReadLimits.RecordBytes * 4,
            TrackLineNumbers = false,
        }, leaveOpen: true);
        var cells = new CsvCells(csv, header);
        var unnamedFilled = false;
        while (csv.Read())
        {
            while (feed.Records.Peek().IsBad) yield return Malformed(header, feed.Records.Dequeue());
            var source = feed.Records.Dequeue().Source;
            var width = Width(csv, header);
            if (width == header.Width && AllEmpty(csv)) continue;
            Count++;
            if (width != header.Width)
            {
                UnreadableCredits++;
                yield return Row.Bad(source, header.Layout.Kind, new Finding(FindingCode.P02, source.Line, Args: [Phrase.Number(csv.FieldCount), Phrase.Number(header.Width)]));
                continue;
            }
            if (!unnamedFilled && csv.FieldCount > header.Width && !csv.IsEmpty(header.Width))
            {
                unnamedFilled = true;
                Add(new Finding(FindingCode.F19, source.Line, Args: [Phrase.Number(header.Width + 1)]));
            }
            cells.Line = source.Line;
            var row = Parse(header.Layout, cells, source);
            StateSchool(Parser.StatedSchool, source.Line, Column(cells, header, FieldRole.School));
            StateEnvironment(Parser.StatedEnvironment, source.Line, Column(cells, header, FieldRole.Environment));
            yield return row;
        }
        while (feed.Records.TryDequeue(out var last))
            if (last.IsBad) yield return Malformed(header, last);
        if (feed.LimitPassed is { } limit) Add(limit);
    }

    /// <summary>The 1-based column and length of each field of one record, for findings that are made after the file was read.</summary>
    /// <param name="record">The record's source bytes.</param>
    internal static Dictionary<string, (int? Column, int? Length)> Places(CsvHeader header, Sniffed sniffed, ReadOnlySpan<byte> record)
    {
        var places = new Dictionary<string, (int?, int?)>(StringComparer.Ordinal);
        var text = TextForms.Composed(sniffed.Text.Encoding().GetString(record));
        // As in the feed: the mark that CsvHelper drops is ours.
        using var csv = CsvReader.FromText('\uFEFF' + text, new CsvReaderOptions { Separator = sniffed.Delimiter, HasHeader = false, IncludeValuesInExceptions = false });
        if (!csv.Read()) return places;
        var cells = new CsvCells(csv, header);
        foreach (var field in header.Layout.Fields)
            if (header.ColumnOf(field) >= 0) places[field.Name] = cells.Place(field);
        return places;
    }

    internal CsvHeader? ReadHeader()
    {
        var separatorLine = sniffed.HasSeparatorLine;
        while (lines.Read())
        {
            if (Limits.Check(lines, sniffed.Text, ReadLimits) is { } over)
            {
                Add(over);
                return null;
            }
            var row = sniffed.Text.Encoding().GetString(lines.Bytes);
            if (string.IsNullOrWhiteSpace(row)) continue;
            if (separatorLine)
            {
                separatorLine = false;
                continue;
            }
            return CsvHeader.Read(row, lines.Number, sniffed.Delimiter, ReadLimits);
        }
        if (lines.TooLong) Add(Limits.LineTooLong(lines, ReadLimits));
        return null;
    }

    private Row Malformed(CsvHeader header, CsvFeedRecord bad)
    {
        Count++;
        UnreadableCredits++;
        return Row.Bad(bad.Source, header.Layout.Kind, new Finding(FindingCode.P14, bad.Source.Line, bad.FaultColumn, 1, Args: [bad.Fault!]));
    }

    /// <summary>The row's width, not counting an empty cell past the last named column; one that the header left unnamed may hold anything.</summary>
    private static int Width(CsvReader csv, CsvHeader header) =>
        csv.FieldCount == header.Width + 1 && (header.UnnamedLast || csv.IsEmpty(header.Width)) ? header.Width : csv.FieldCount;

    private static bool AllEmpty(CsvReader csv)
    {
        for (var i = 0; i < csv.FieldCount; i++)
            if (!csv.IsEmpty(i)) return false;
        return true;
    }

    private static int? Column(CsvCells cells, CsvHeader header, FieldRole role) =>
        header.ColumnOf(header.Layout[role]) < 0 ? null : cells.Place(header.Layout[role]).Column;

    private sealed class CsvCells(CsvReader csv, CsvHeader header) : Cells
    {
        private char[] text = new char[256];

        public override bool IsFixedWidth => false;

        public override ReadOnlySpan<char> Text(Field field, out bool present)
        {
            var column = header.ColumnOf(field);
            present = column >= 0;
            if (!present) return default;
            var bytes = csv.GetSpan(column);
            if (text.Length < bytes.Length) text = new char[bytes.Length * 2];
            return text.AsSpan(0, Encoding.UTF8.GetChars(bytes, text)).Trim(Blanks);
        }

        public override (int? Column, int? Length) Place(Field field)
        {
            var column = header.ColumnOf(field);
            var at = 1;
            for (var i = 0; i < column; i++)
            {
                var before = csv.GetRawSpan(i);
                if (before.IndexOfAny((byte)'\r', (byte)'\n') >= 0) return (null, null);
                at += Encoding.UTF8.GetCharCount(before) + 1;
            }
            var cell = csv.GetRawSpan(column);
            var end = cell.IndexOfAny((byte)'\r', (byte)'\n');
            return (at, Encoding.UTF8.GetCharCount(end < 0 ? cell : cell[..end]));
        }

        private const string Blanks = " \u00A0";
    }
}
