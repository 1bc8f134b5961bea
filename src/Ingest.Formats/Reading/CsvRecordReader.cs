using System.Text;
using CsvHelper;

namespace Ingest.Formats;

/// <summary>Reads the rows of a CSV file: CsvHelper splits and unquotes, <see cref="CsvFeed"/> keeps quoting and places whole.</summary>
internal sealed class CsvRecordReader : RecordReader
{
    private readonly LineSource lines;
    private readonly Sniffed sniffed;
    private readonly Profile? profile;

    /// <param name="profile">The layout of the columns; null for our own.</param>
    public CsvRecordReader(Stream stream, Sniffed sniffed, DateOnly arrival, ReadLimits limits, ReadTerms terms, Profile? profile = null)
        : base(arrival, limits, terms)
    {
        (this.sniffed, this.profile) = (sniffed, profile);
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
        var cells = new CsvCells(csv, header.Forms[0]);
        var translated = profile is null ? null : new ProfileCells(profile, cells);
        var unnamedFilled = false;
        // The feed's own first record.
        csv.Read();
        while (csv.Read())
        {
            var record = feed.Records.Dequeue();
            if (record.IsBad)
            {
                yield return Malformed(header, record);
                continue;
            }
            var source = record.Source;
            if (profile is not null && IsSkipped(profile, header, cells, csv)) continue;
            var width = Width(csv, header);
            if (width == header.Width && AllEmpty(csv)) continue;
            Count++;
            if (width != header.Width)
            {
                UnreadableCredits++;
                yield return Row.Bad(source, header.Kind, new Finding(FindingCode.P02, source.Line, Args: [Phrase.Number(csv.FieldCount), Phrase.Number(header.Width)]));
                continue;
            }
            if (!unnamedFilled && csv.FieldCount > header.Width && !csv.IsEmpty(header.Width))
            {
                unnamedFilled = true;
                Add(new Finding(FindingCode.F19, source.Line, Args: [Phrase.Number(header.Width + 1)]));
            }
            if (translated is not null)
            {
                if (FormOf(profile!, header, cells) is not { } form)
                {
                    yield return UnknownTag(profile!, header, cells, source);
                    continue;
                }
                cells.Form = form;
                translated.Use(form.Profile!, source.Line);
            }
            cells.Line = source.Line;
            var row = Parse(cells.Form.Layout, translated ?? (Cells)cells, source);
            StateSchool(Parser.StatedSchool, source.Line, Column(cells, FieldRole.School));
            StateEnvironment(Parser.StatedEnvironment, source.Line, Column(cells, FieldRole.Environment));
            yield return row;
        }
        if (feed.LimitPassed is { } limit) Add(limit);
    }

    /// <summary>The finding with column and length of its field in one record, for findings that are made after the file was read.</summary>
    /// <param name="record">The record's source bytes.</param>
    internal static Finding Place(Finding finding, CsvHeader header, Sniffed sniffed, Profile? profile, ReadOnlySpan<byte> record)
    {
        var text = TextForms.Composed(sniffed.Text.Encoding().GetString(record));
        // As in the feed: the mark and the first record are ours.
        using var csv = CsvReader.FromText("\uFEFF!\n" + text, new CsvReaderOptions { Separator = sniffed.Delimiter, HasHeader = false, IncludeValuesInExceptions = false });
        if (!csv.Read() || !csv.Read()) return finding;
        var cells = new CsvCells(csv, header.Forms[0]);
        if (profile is not null && FormOf(profile, header, cells) is { } form) cells.Form = form;
        var field = cells.Form.Profile is { } described ? described.Named(finding.Field!) : cells.Form.Layout.Fields.FirstOrDefault(f => f.Name == finding.Field);
        if (field is null) return finding;
        if (cells.Form.ColumnOf(field) < 0) return finding with { Field = field.Name };
        var (column, length) = cells.Place(field);
        return finding with { Field = field.Name, Column = column, Length = length };
    }

    /// <summary>True for a row whose tag says that it is no record, however many columns it has.</summary>
    private static bool IsSkipped(Profile profile, CsvHeader header, CsvCells cells, CsvReader csv) =>
        profile.Tag is { Skipped.Count: > 0 } tag && csv.FieldCount > header.TagColumn && tag.Skipped.Contains(cells.Text(header.TagColumn).ToString());

    /// <summary>The kind of the row in hand; null when its tag is none that the profile knows.</summary>
    private static CsvForm? FormOf(Profile profile, CsvHeader header, CsvCells cells)
    {
        if (header.TagColumn < 0) return header.Forms[0];
        var record = profile.RecordOf(cells.Text(header.TagColumn));
        if (record is null) return null;
        foreach (var form in header.Forms)
            if (ReferenceEquals(form.Profile, record)) return form;
        return null;
    }

    private static Row UnknownTag(Profile profile, CsvHeader header, CsvCells cells, RowSource source)
    {
        var tag = cells.Text(header.TagColumn);
        var (column, length) = cells.Place(header.TagColumn);
        return Row.Bad(source, null, tag.IsEmpty
            ? new Finding(FindingCode.P03, source.Line, column, length, profile.Tag!.At.ToString())
            : new Finding(FindingCode.P06, source.Line, column, length, profile.Tag!.At.ToString(), Masking.Value(tag), profile.KnownTags));
    }

    internal CsvHeader? ReadHeader()
    {
        var separatorLine = sniffed.HasSeparatorLine;
        if (profile is { HeaderRow: false })
        {
            while (lines.Number < profile.SkipLines && lines.Read()) { }
            return ProfileHeader.WithoutRow(profile);
        }
        while (lines.Read())
        {
            if (Limits.Check(lines, sniffed.Text, ReadLimits) is { } over)
            {
                Add(over);
                return null;
            }
            if (lines.Number <= profile?.SkipLines) continue;
            var row = sniffed.Text.Encoding().GetString(lines.Bytes);
            if (string.IsNullOrWhiteSpace(row)) continue;
            if (separatorLine)
            {
                separatorLine = false;
                continue;
            }
            return profile is null ? CsvHeader.Read(row, lines.Number, sniffed.Delimiter, ReadLimits) : ProfileHeader.Read(row, lines.Number, sniffed.Delimiter, profile, ReadLimits);
        }
        if (lines.TooLong) Add(Limits.LineTooLong(lines, ReadLimits));
        return null;
    }

    private Row Malformed(CsvHeader header, CsvFeedRecord bad)
    {
        Count++;
        UnreadableCredits++;
        return Row.Bad(bad.Source, header.Kind, new Finding(FindingCode.P14, bad.Source.Line, bad.FaultColumn, 1, Args: [bad.Fault!]));
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

    private static int? Column(CsvCells cells, FieldRole role) =>
        cells.Form.ColumnOf(cells.Form.Layout[role]) < 0 ? null : cells.Place(cells.Form.Layout[role]).Column;

    private sealed class CsvCells(CsvReader csv, CsvForm form) : Cells
    {
        private char[] text = new char[256];

        /// <summary>The kind of the row in hand.</summary>
        public CsvForm Form { get; set; } = form;

        public override bool IsFixedWidth => false;

        public override ReadOnlySpan<char> Text(Field field, out bool present)
        {
            var column = Form.ColumnOf(field);
            present = column >= 0;
            return present ? Text(column) : default;
        }

        public ReadOnlySpan<char> Text(int column)
        {
            var bytes = csv.GetSpan(column);
            if (text.Length < bytes.Length) text = new char[bytes.Length * 2];
            return text.AsSpan(0, Encoding.UTF8.GetChars(bytes, text)).Trim(Blanks);
        }

        public override (int? Column, int? Length) Place(Field field) => Place(Form.ColumnOf(field));

        public (int? Column, int? Length) Place(int column)
        {
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
