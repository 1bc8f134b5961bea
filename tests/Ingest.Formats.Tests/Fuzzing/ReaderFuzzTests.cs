using System.Text;
using Ingest.Tests.Fuzzing;

namespace Ingest.Formats.Tests.Fuzzing;

/// <summary>
/// What holds of every file, whatever it holds: nothing throws, each line is told exactly once and by its own number, and what is
/// said of it can be shown.
/// </summary>
public class ReaderFuzzTests
{
    [Test]
    public void Whatever_a_file_holds_each_line_of_it_is_told_once() => Fuzz.Run(Corpus.All, Holds);

    private static void Holds(Seed seed, byte[] bytes)
    {
        var outcome = Read(seed.Profile, new MemoryStream(bytes, writable: false), new MemoryStream(bytes, writable: false));
        foreach (var finding in outcome.AllFindings) HoldsFinding(finding);
        if (outcome.Reader is not { } reader)
        {
            if (!outcome.Sniffed.Findings.Any(f => f.Severity == Severity.F)) throw new BrokenException("silence", "no shape and no finding that refuses the file");
            return;
        }
        var lines = SourceLines.Of(bytes, outcome.Sniffed.Text);
        var told = HoldsRows(outcome, lines);
        HoldsUntold(seed, outcome, lines, told);
        if (reader.Count < outcome.Rows.Count) throw new BrokenException("count", $"{reader.Count} counted, {outcome.Rows.Count} rows");
        if (bytes.Length % 4 == 0) HoldsInPieces(seed, bytes, outcome);
    }

    private static Outcome Read(Profile? profile, Stream first, Stream second)
    {
        var sniffed = Sniffer.Sniff(first, Reading.Limits, profile);
        if (sniffed.Shape is null) return new Outcome(sniffed, [], null);
        var reader = RecordReader.Open(second, sniffed, Reading.Arrival, Reading.Limits, profile: profile);
        return new Outcome(sniffed, reader.Rows().ToList(), reader);
    }

    /// <summary>Rows are whole lines, in order, none twice; what is said of a row is said of its first line.</summary>
    private static bool[] HoldsRows(Outcome outcome, List<SourceLine> lines)
    {
        var told = new bool[lines.Count];
        var number = lines.Select((l, i) => (l.Offset, i)).ToDictionary(l => (long)l.Offset, l => l.i);
        var next = 0;
        foreach (var row in outcome.Rows)
        {
            if (!number.TryGetValue(row.Source.Offset, out var at)) throw new BrokenException("inside a line", $"{row.Source}");
            if (at < next) throw new BrokenException("told twice", $"{row.Source}");
            if (row.Source.Line != at + 1) throw new BrokenException("line number", $"{row.Source} is line {at + 1}");
            var end = row.Source.Offset + row.Source.Length;
            for (next = at; next < lines.Count && lines[next].Offset < end; next++) told[next] = true;
            if (next == at || lines[next - 1].Offset + lines[next - 1].Length != end) throw new BrokenException("ends inside a line", $"{row.Source}");
            if (next - at > 10) throw new BrokenException("more than ten lines", $"{row.Source}");
            if (row.IsOk && row.Kind is null) throw new BrokenException("no kind", $"{row.Source}");
            if (row.IsOk == row.Findings.Any(f => f.Severity == Severity.E)) throw new BrokenException("rejected without a word", $"{row.Source}: {string.Join(' ', row.Findings.Select(f => f.Code))}");
            foreach (var finding in row.Findings)
            {
                if (finding.Line != at + 1) throw new BrokenException("a finding's line", $"{finding.Code} on {finding.Line}, of {row.Source}");
                HoldsPlace(outcome, finding, lines[at].Text);
            }
        }
        return told;
    }

    /// <summary>In CSV a place is within its line; a fixed-width field may stand where a short line has ended.</summary>
    private static void HoldsPlace(Outcome outcome, Finding finding, string line)
    {
        if (finding.Column is null && finding.Length is not null) throw new BrokenException("a length without a column", $"{finding.Code}");
        if (finding.Column is not { } column) return;
        var characters = line.Length;
        try { characters = line.Normalize().Length; }
        catch (ArgumentException) { return; }
        if (column < 1 || finding.Length < 0) throw new BrokenException("column", $"{finding.Code} {column}+{finding.Length}");
        if (outcome.Sniffed.Shape == FileShape.Csv && finding.Code != FindingCode.P14 && column - 1 + (finding.Length ?? 0) > characters)
            throw new BrokenException("column", $"{finding.Code} {column}+{finding.Length} in a line of {characters}");
    }

    /// <summary>What is told of nowhere is the frame, a line that says nothing, or in a file that is refused, where reading ended.</summary>
    private static void HoldsUntold(Seed seed, Outcome outcome, List<SourceLine> lines, bool[] told)
    {
        var profile = outcome.Sniffed.Profile is null ? null : seed.Profile;
        if (outcome.FileFindings.Any(f => f.Severity == Severity.F && f.Code is FindingCode.F14 or FindingCode.F17 or FindingCode.F18)) return;
        var untold = lines.Select((l, i) => (l.Text, Number: i + 1)).Where(l => !told[l.Number - 1] && !string.IsNullOrWhiteSpace(l.Text) && l.Number > (profile?.SkipLines ?? 0)).ToList();
        if (outcome.Sniffed.Shape == FileShape.Csv)
        {
            var frame = (profile is { HeaderRow: false } ? 0 : 1) + (outcome.Sniffed.HasSeparatorLine ? 1 : 0);
            // The first lines that say anything are sep= and the names.
            foreach (var (text, line) in untold.Skip(frame))
                if (text.Replace("\"\"", "", StringComparison.Ordinal).Trim(outcome.Sniffed.Delimiter, ' ', '\t', '\u00A0').Length > 0)
                    throw new BrokenException("a line is lost", $"line {line}: {text}");
            return;
        }
        if (profile is not null)
        {
            foreach (var (text, line) in untold)
                if (!text.StartsWith("00", StringComparison.Ordinal) && !text.StartsWith("99", StringComparison.Ordinal)) throw new BrokenException("a line is lost", $"line {line}: {text}");
            return;
        }
        var broken = outcome.FileCodes.Any(c => c is FindingCode.F04 or FindingCode.F05);
        var trailer = lines.FindIndex(l => l.Text.Normalized().StartsWith("SLU", StringComparison.Ordinal));
        foreach (var (text, line) in untold)
            if (!broken && !text.StartsWith("HUV", StringComparison.Ordinal) && !text.StartsWith("SLU", StringComparison.Ordinal)) throw new BrokenException("a line is lost", $"line {line}: {text}");
        // SLU counts every line between HUV and itself that is not blank.
        var records = lines.Take(trailer < 0 ? lines.Count : trailer).Count(l => !string.IsNullOrWhiteSpace(l.Text) && !l.Text.Normalized().StartsWith("HUV", StringComparison.Ordinal));
        if (outcome.Reader!.Count != records) throw new BrokenException("count", $"{outcome.Reader.Count} counted, {records} lines between HUV and SLU");
    }

    /// <summary>What is said can be shown in both languages: nothing is left to fill in, nothing that shows nothing, no whole number of a student.</summary>
    private static void HoldsFinding(Finding finding)
    {
        var texts = new[] { Language.Sv, Language.En }.SelectMany(l => new[] { FindingCatalogue.Message(finding, l), FindingCatalogue.Fix(finding, l) }).Append(finding.Value ?? "").Append(finding.Field ?? "");
        foreach (var text in texts)
        {
            foreach (var rune in text.EnumerateRunes())
                if (Rune.GetUnicodeCategory(rune) is System.Globalization.UnicodeCategory.Control or System.Globalization.UnicodeCategory.Format or System.Globalization.UnicodeCategory.PrivateUse)
                    throw new BrokenException("not to be shown", $"{finding.Code} U+{rune.Value:X4}");
            if (text.Where((c, i) => char.IsSurrogate(c) && !char.IsSurrogatePair(text, char.IsLowSurrogate(c) && i > 0 ? i - 1 : i)).Any()) throw new BrokenException("half a character", $"{finding.Code}");
            if (text.Contains('¦', StringComparison.Ordinal)) throw new BrokenException("two languages in one", $"{finding.Code}: {text}");
            foreach (var student in Corpus.Students)
                if (text.Contains(student, StringComparison.Ordinal) || text.Contains(student[2..], StringComparison.Ordinal)) throw new BrokenException("a number is shown", $"{finding.Code}");
        }
        if (finding.Args.Any(a => a.Count(c => c == '¦') > 1)) throw new BrokenException("two languages in one", $"{finding.Code}: {string.Join(' ', finding.Args)}");
        if (finding.Args.Any(a => a.Contains(Finding.ArgSeparator, StringComparison.Ordinal))) throw new BrokenException("arguments run together", $"{finding.Code}");
    }

    /// <summary>A stream may give its bytes in pieces of any size.</summary>
    private static void HoldsInPieces(Seed seed, byte[] bytes, Outcome whole)
    {
        var size = bytes.Length % 7 + 1;
        var pieces = Read(seed.Profile, new BrokenStream(bytes, size), new BrokenStream(bytes, size));
        if (pieces.Sniffed.Sha256 != whole.Sniffed.Sha256 || pieces.Sniffed.Text != whole.Sniffed.Text || pieces.Sniffed.Shape != whole.Sniffed.Shape) throw new BrokenException("pieces", "sniffed as another");
        if (!pieces.Rows.Select(r => (r.Source, r.Record)).SequenceEqual(whole.Rows.Select(r => (r.Source, r.Record)))) throw new BrokenException("pieces", "other rows");
        if (!pieces.AllFindings.SequenceEqual(whole.AllFindings)) throw new BrokenException("pieces", "other findings");
    }
}

internal static class Texts
{
    /// <summary>Composed where it can be.</summary>
    public static string Normalized(this string text)
    {
        try { return text.Normalize(); }
        catch (ArgumentException) { return text; }
    }
}
