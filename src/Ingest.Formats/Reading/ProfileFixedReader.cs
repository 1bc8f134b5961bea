namespace Ingest.Formats;

/// <summary>Reads a fixed-width file that a profile describes: lines of records, each told by its tag, with no HUV and no SLU.</summary>
internal sealed class ProfileFixedReader : RecordReader
{
    private readonly LineSource lines;
    private readonly TextForm form;
    private readonly Profile profile;
    private readonly FixedCells cells = new();
    private readonly ProfileCells translated;
    private char[] text = new char[512];

    public ProfileFixedReader(Stream stream, Sniffed sniffed, DateOnly arrival, ReadLimits limits, ReadTerms terms, Profile profile)
        : base(arrival, limits, terms)
    {
        (form, this.profile) = (sniffed.Text, profile);
        lines = new LineSource(stream, form, limits);
        translated = new ProfileCells(profile, cells);
    }

    public override IEnumerable<Row> Rows()
    {
        while (lines.Read())
        {
            if (Limits.Check(lines, form, ReadLimits) is { } over)
            {
                Add(over);
                yield break;
            }
            if (lines.Number <= profile.SkipLines) continue;
            var length = lines.Decode(ref text);
            if (text.AsSpan(0, length).IsWhiteSpace()) continue;
            cells.Set(text.AsSpan(0, length), lines.Number);
            if (profile.Tag is { } tag && tag.Skipped.Contains(TagOf(profile, cells.All).ToString())) continue;
            Count++;
            yield return ReadRecord();
        }
        if (lines.TooLong) Add(Limits.LineTooLong(lines, ReadLimits));
    }

    private Row ReadRecord()
    {
        var source = new RowSource(lines.Number, lines.Offset, lines.FullLength);
        if (RecordOf(profile, cells.All) is not { } record) return Row.Bad(source, null, UnknownTag());
        translated.Use(record, lines.Number);
        var row = Parse(record.Layout, translated, source);
        StateSchool(Parser.StatedSchool, source.Line, record.Find(record.Layout[FieldRole.School])?.Start);
        StateEnvironment(Parser.StatedEnvironment, source.Line, record.Find(record.Layout[FieldRole.Environment])?.Start);
        if (profile.LineLength is not { } end || cells.All.Length <= end || cells.All[end..].IndexOfAnyExcept(' ') is not (>= 0 and var past)) return row;
        var column = end + past + 1;
        return row with
        {
            Findings = [.. row.Findings, new Finding(FindingCode.P01, lines.Number, column, cells.All.TrimEnd(' ').Length - column + 1,
                Value: Masking.Value(cells.All[(column - 1)..].TrimEnd(' ')), Args: [record.Layout.Tag, Phrase.Number(end)])],
        };
    }

    private Finding UnknownTag()
    {
        var at = profile.Tag!.At;
        var tag = TagOf(profile, cells.All);
        // P08 says that the line begins with it.
        return at.Start == 1
            ? new Finding(FindingCode.P08, lines.Number, 1, Math.Min(at.Length, cells.All.Length), Value: Masking.Value(tag), Args: [Masking.Value(tag), profile.KnownTags])
            : tag.IsEmpty ? new Finding(FindingCode.P03, lines.Number, at.Start, at.Length, "posttyp")
            : new Finding(FindingCode.P06, lines.Number, at.Start, at.Length, "posttyp", Masking.Value(tag), profile.KnownTags);
    }

    /// <summary>The finding with place and name of its field in one record.</summary>
    internal static Finding Place(Finding finding, Sniffed sniffed, Profile profile, ReadOnlySpan<byte> record)
    {
        var text = TextForms.Composed(sniffed.Text.Encoding().GetString(record)).TrimEnd('\r', '\n');
        if (RecordOf(profile, text)?.Named(finding.Field!) is not { } field) return finding;
        return field.InFixedWidth ? finding with { Field = field.Name, Column = field.Start, Length = field.Length } : finding with { Field = field.Name };
    }

    private static ProfileRecord? RecordOf(Profile profile, ReadOnlySpan<char> line) => profile.RecordOf(profile.Tag is null ? default : TagOf(profile, line));

    private static ReadOnlySpan<char> TagOf(Profile profile, ReadOnlySpan<char> line)
    {
        var at = profile.Tag!.At;
        return line.Length < at.Start ? default : line.Slice(at.Start - 1, Math.Min(at.Length, line.Length - at.Start + 1)).Trim(' ');
    }
}
