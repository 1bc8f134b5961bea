using System.Data.Common;
using Dapper;
using Ingest.Formats;
using Ingest.Rules;
using Ingest.Worker.Ledger;
using Ingest.Worker.Pickup;
using Ingest.Worker.Settings;

namespace Ingest.Worker.Intake;

/// <summary>The findings about a file that need register, settings or ledger: F08-F10, F12, F13, F15, F16, and what a <c>.klar</c> states.</summary>
internal static class FileRules
{
    // A handful of records may all be wrong without the file being.
    private const int MostlyRejectedFrom = 10;

    // A gap of thousands is told by its ends, not number by number.
    private const int MostRangesShown = 10;

    public static IEnumerable<Finding> Judge(RecordReader reader, FileRow file, School school, string environment, string? doneFile)
    {
        foreach (var stated in reader.Schools.Where(s => s.Value != school.Code))
            yield return new Finding(FindingCode.F08, stated.Line, stated.Column, stated.Value.Length, "skolkod", stated.Value, stated.Value, school.Code);
        foreach (var stated in reader.Environments.Where(s => s.Value != environment))
            yield return new Finding(FindingCode.F16, stated.Line, stated.Column, stated.Value.Length, "miljö", stated.Value, stated.Value, environment);
        foreach (var kind in Enum.GetValues<RecordKind>())
        {
            var catalogue = kind is RecordKind.CourseOffering or RecordKind.Module;
            if (reader.FirstLineOf(kind) == 0 || school.Has(catalogue ? SchoolService.CourseCatalogue : SchoolService.StudentReporting)) continue;
            yield return new Finding(FindingCode.F10, reader.FirstLineOf(kind), Args:
                [Layouts.Of(kind).Tag, catalogue ? "Studietider och utbildningar" : "Studeranderapportering"]);
        }
        if (doneFile is null) yield break;
        var declared = DoneFile.Parse(doneFile, out var unreadable);
        foreach (var key in unreadable)
            yield return key == "antal"
                ? new Finding(FindingCode.F06, Args: [Phrase.Of("något som inte är ett tal", "something that is no number"), Phrase.Number(reader.Count), DoneFile.Suffix])
                : new Finding(FindingCode.F07, Args: [Phrase.Of("något som inte går att läsa", "something that cannot be read"),
                    key == "hp" ? new Credits(reader.Hundredths).ToString() : file.Sniffed!.Sha256, Phrase.Of($"{key} i {DoneFile.Suffix}", $"{key} in {DoneFile.Suffix}")]);
        foreach (var finding in reader.Compare(declared, (DoneFile.Suffix, DoneFile.Suffix), 0, file.Sniffed!.Sha256)) yield return finding;
    }

    /// <summary>löpnummer: F12 when other content has used it, F13 when numbers before it are missing. Sets what the next one is.</summary>
    public static Finding? JudgeSequence(DbConnection? connection, FileRow file)
    {
        if (file is not { Origin: Origin.School, System: { } system, Sequence: { } number }) return null;
        var highest = HighestUsed(connection, file);
        file.NextSequence = highest + 1;
        if (number == 0) return null;
        var used = connection?.QueryFirstOrDefault<(long File, string Sha256)?>(
            $"SELECT s.file, (SELECT sha256 FROM file f WHERE f.id = s.file) {OfSystem} AND s.number = @Sequence", file);
        if (used is { } by)
        {
            return by.Sha256 == file.Sniffed!.Sha256 ? null
                : new Finding(FindingCode.F12, 1, Field: "löpnummer", Args: [Text(number), Rules.FileId.Text(by.File), Masking.Value(system)]);
        }
        file.NextSequence = Math.Max(highest ?? 0, number) + 1;
        if (highest is not { } last || number <= last + 1) return null;
        return new Finding(FindingCode.F13, 1, Field: "löpnummer",
            Args: [number == last + 2 ? Text(last + 1) : $"{Text(last + 1)}–{Text(number - 1)}", Text(number), Masking.Value(system)]);
    }

    /// <summary>The highest löpnummer that the file's sending system has used; null when it has used none.</summary>
    public static int? HighestUsed(DbConnection? connection, FileRow file) =>
        file.System is null ? null : connection?.ExecuteScalar<int?>("SELECT max(number) " + OfSystem, file);

    private const string OfSystem = "FROM sequence s WHERE s.school = @School AND s.system = @System AND s.environment = @Environment";

    /// <summary>The löpnummer between the first and the highest used that were never used, as ranges.</summary>
    public static List<string> Gaps(IReadOnlyList<int> usedInOrder)
    {
        var gaps = new List<string>();
        for (var i = 1; i < usedInOrder.Count && gaps.Count < MostRangesShown; i++)
        {
            var (from, to) = (usedInOrder[i - 1] + 1, usedInOrder[i] - 1);
            if (from <= to) gaps.Add(from == to ? Text(from) : $"{Text(from)}–{Text(to)}");
        }
        return gaps;
    }

    /// <summary>F15; an omsändning stands outside it, as outside the sequence: it is made of faulty records.</summary>
    public static Finding? JudgeShare(FileRow file, RuleSettings rules) =>
        file is { Sequence: not 0, Counts: var counts } && counts.Read >= MostlyRejectedFrom && counts.Rejected > rules.MaxRejectedShare * counts.Read
            ? new Finding(FindingCode.F15, Args: [Phrase.Number(counts.Rejected), Phrase.Number(counts.Read), (rules.MaxRejectedShare * 100).ToString("0.##", System.Globalization.CultureInfo.GetCultureInfo("sv-SE"))])
            : null;

    internal static string Text(int number) => number.ToString("D8", System.Globalization.CultureInfo.InvariantCulture);
}
