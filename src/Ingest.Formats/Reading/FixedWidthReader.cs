using System.Globalization;

namespace Ingest.Formats;

/// <summary>Reads HUV, records and SLU of a fixed-width file.</summary>
internal sealed class FixedWidthReader : RecordReader
{
    private readonly LineSource lines;
    private readonly TextForm form;
    private readonly FixedCells cells = new();
    private char[] text = new char[512];

    public FixedWidthReader(Stream stream, Sniffed sniffed, DateOnly arrival, ReadLimits limits, ReadTerms terms)
        : base(arrival, limits, terms)
    {
        form = sniffed.Text;
        lines = new LineSource(stream, form, limits);
    }

    /// <summary>The first line that is not blank.</summary>
    internal RowSource FirstLine { get; private set; }

    /// <summary>The last line that is not blank.</summary>
    internal RowSource LastLine { get; private set; }

    /// <summary>Where SLU stands; null when there is none.</summary>
    internal RowSource? TrailerLine { get; private set; }

    public override IEnumerable<Row> Rows()
    {
        var (headerSeen, headerTwice) = (false, false);
        long trailerLine = 0;
        var afterTrailer = false;
        var structureBroken = false;
        while (lines.Read())
        {
            if (Limits.Check(lines, form, ReadLimits) is { } over)
            {
                Add(over);
                yield break;
            }
            var length = lines.Decode(ref text);
            if (IsBlank(length)) continue;
            LastLine = new RowSource(lines.Number, lines.Offset, lines.FullLength);
            if (FirstLine.Line == 0) FirstLine = LastLine;
            cells.Set(text.AsSpan(0, length), lines.Number);
            var layout = LayoutHere();

            if (layout == Layouts.Header)
            {
                // Told once: a file of nothing but headers would fill the memory with them.
                if (headerSeen && !headerTwice) Broken(Phrase.Of($"en andra huvudpost (HUV) står på rad {lines.Number}", $"a second header record (HUV) stands on line {lines.Number}"));
                else if (!headerSeen) structureBroken = !ReadHeader();
                headerTwice = headerSeen;
                headerSeen = true;
                continue;
            }
            if (!headerSeen)
            {
                Broken(Phrase.Of($"huvudposten saknas: rad {lines.Number} börjar inte med HUV", $"the header record is missing: line {lines.Number} does not begin with HUV"));
                headerSeen = structureBroken = true;
            }
            if (trailerLine > 0)
            {
                if (!afterTrailer) Add(new Finding(FindingCode.F05, lines.Number, Args: [Phrase.Of($"det står text efter slutposten, på rad {lines.Number}", $"text follows the trailer record, on line {lines.Number}")]));
                afterTrailer = true;
                continue;
            }
            if (layout == Layouts.Trailer)
            {
                trailerLine = lines.Number;
                TrailerLine = LastLine;
                ReadTrailer();
                continue;
            }
            Count++;
            var row = ReadRecord(layout);
            // A file whose frame is broken is refused with nothing read; the rest is gone through for its frame alone.
            if (!structureBroken) yield return row;
        }
        if (lines.TooLong)
        {
            Add(Limits.LineTooLong(lines, ReadLimits));
            yield break;
        }
        if (trailerLine == 0)
            Add(new Finding(FindingCode.F05, Args: [Phrase.Of("filen slutar utan slutpost (SLU)", "the file ends without a trailer record (SLU)")]));
        else if (Declared is { } declared)
            foreach (var finding in Compare(declared, TrailerName, trailerLine)) Add(finding);
    }

    private Row ReadRecord(Layout? layout)
    {
        var source = new RowSource(lines.Number, lines.Offset, lines.FullLength);
        if (layout is null)
        {
            var tag = cells.All[..Math.Min(3, cells.All.Length)].ToString();
            return Row.Bad(source, null, tag == "AVS"
                ? new Finding(FindingCode.P15, lines.Number, 1, 3, Value: tag)
                : new Finding(FindingCode.P08, lines.Number, 1, Math.Min(3, cells.All.Length), Value: Masking.Value(tag),
                    Args: [Masking.Value(tag), string.Join(", ", Layouts.Records.Select(l => l.Tag))]));
        }
        var row = Parse(layout, cells, source);
        return PastEnd(layout) is { } column
            ? row with
            {
                Findings = [.. row.Findings, new Finding(FindingCode.P01, lines.Number, column, cells.All.TrimEnd(' ').Length - column + 1,
                    Value: Masking.Value(cells.All[(column - 1)..].TrimEnd(' ')), Args: [layout.Tag, Phrase.Number(layout.LastColumn)])],
            }
            : row;
    }

    private bool ReadHeader()
    {
        var faults = new List<(Field? Field, string Reason)>();
        var version = Value(FieldRole.Version);
        if (version != Layouts.Version)
            faults.Add((Layouts.Header[FieldRole.Version], Phrase.Of($"versionen är ”{Masking.Value(version)}”, inte {Layouts.Version}", $"the version is ”{Masking.Value(version)}”, not {Layouts.Version}")));
        var school = Value(FieldRole.School);
        if (!FieldParser.IsCode(school, 1, 8)) faults.Add((Layouts.Header[FieldRole.School], Malformed("skolkod", "skolkod")));
        var system = Value(FieldRole.System);
        if (system.Length == 0 || CharacterCheck.IndexOfForbidden(system, true, out _) >= 0) faults.Add((Layouts.Header[FieldRole.System], Malformed("avsändande system", "sending system")));
        var sequence = Value(FieldRole.SequenceNumber);
        if (sequence.Length != 8 || FieldParser.Digits(sequence) is null) faults.Add((Layouts.Header[FieldRole.SequenceNumber], Malformed("löpnummer (åtta siffror)", "löpnummer (eight digits)")));
        if (!DateTime.TryParseExact(Value(FieldRole.Created), "yyyyMMddHHmmss", CultureInfo.InvariantCulture, DateTimeStyles.None, out var created))
            faults.Add((Layouts.Header[FieldRole.Created], Malformed("skapad (ååååmmddttmmss)", "skapad (yyyymmddhhmmss)")));
        var environment = Value(FieldRole.Environment).ToUpperInvariant();
        if (!Layouts.Header[FieldRole.Environment].ValueList.Contains(environment)) faults.Add((Layouts.Header[FieldRole.Environment], Malformed("miljö (PROD eller TEST)", "miljö (PROD or TEST)")));
        if (PastEnd(Layouts.Header) is { } past)
            Add(new Finding(FindingCode.F04, lines.Number, past, Args: [Phrase.Of($"det står text efter position {Layouts.Header.LastColumn} i huvudposten", $"text follows position {Layouts.Header.LastColumn} of the header record")]));
        foreach (var (field, reason) in faults)
            Add(new Finding(FindingCode.F04, lines.Number, field?.Start, field?.Length, field?.Name, Args: [reason]));
        if (faults.Count > 0) return false;

        school = school.ToUpperInvariant();
        Header = new FileHeader(school, system, int.Parse(sequence, CultureInfo.InvariantCulture), created, environment);
        StateSchool(school, lines.Number, Layouts.Header[FieldRole.School].Start);
        StateEnvironment(environment, lines.Number, Layouts.Header[FieldRole.Environment].Start);
        return true;

        string Value(FieldRole role) => cells.Text(Layouts.Header[role], out _).ToString();

        static string Malformed(string sv, string en) => Phrase.Of($"fältet {sv} i huvudposten är tomt eller har fel form", $"the field {en} of the header record is empty or malformed");
    }

    private void ReadTrailer()
    {
        var count = Layouts.Trailer[FieldRole.RecordCount];
        var sum = Layouts.Trailer[FieldRole.ControlSum];
        if (PastEnd(Layouts.Trailer) is { } past)
            Add(new Finding(FindingCode.F05, lines.Number, past, Args: [Phrase.Of($"det står text efter position {Layouts.Trailer.LastColumn} i slutposten", $"text follows position {Layouts.Trailer.LastColumn} of the trailer record")]));
        var records = Number(count);
        var hundredths = Number(sum);
        if (records is null && !MayBeBlank(count))
            Add(new Finding(FindingCode.F06, lines.Number, count.Start, count.Length, count.Name, Args: [Phrase.Of("något som inte är åtta siffror", "something that is not eight digits"), Phrase.Number(Count), Phrase.Of(TrailerName.Sv, TrailerName.En)]));
        if (hundredths is null && !MayBeBlank(sum))
            Add(new Finding(FindingCode.F07, lines.Number, sum.Start, sum.Length, sum.Name,
                Args: [Phrase.Of("något som inte är elva siffror", "something that is not eleven digits"), new Credits(Hundredths).ToString(), Phrase.Of($"kontrollsumma hp i {TrailerName.Sv}", $"control sum of hp in {TrailerName.En}")]));
        Declared = new DeclaredTotals(records, hundredths, null);

        long? Number(Field field)
        {
            var digits = cells.Text(field, out _);
            return digits.Length == field.Length ? FieldParser.Digits(digits) : null;
        }

        bool MayBeBlank(Field field) => Header is { IsResend: true } && cells.Text(field, out _).IsEmpty;
    }

    private void Broken(string reason) => Add(new Finding(FindingCode.F04, lines.Number, Args: [reason]));

    /// <summary>By the line's first three characters; null for none that is known.</summary>
    private Layout? LayoutHere()
    {
        foreach (var layout in Layouts.AsSpan())
            if (cells.All.StartsWith(layout.Tag)) return layout;
        return null;
    }

    /// <summary>1-based column of the first character past the record's end that is no blank, or null.</summary>
    private int? PastEnd(Layout layout)
    {
        var all = cells.All;
        if (all.Length <= layout.LastColumn) return null;
        var at = all[layout.LastColumn..].IndexOfAnyExcept(' ');
        return at < 0 ? null : layout.LastColumn + at + 1;
    }

    private bool IsBlank(int length) => text.AsSpan(0, length).IsWhiteSpace();
}
