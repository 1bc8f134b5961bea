using Ingest.Formats;
using Ingest.Worker.Tests.Support;

namespace Ingest.Worker.Tests.Conformance;

/// <summary>
/// A line of the conformance list: one code in one shape, a file that gets it, and one that differs from it in as little as possible
/// and does not. Both come on Tuesday 20 January 2026, each to a school of its own at which the same was delivered the day before.
/// </summary>
/// <param name="File">The file of a school with this skolkod.</param>
internal sealed record Example(FindingCode Code, FileShape Shape, Func<string, string> File, Func<string, string> Near)
{
    /// <summary>Records that were delivered the day before, without a finding.</summary>
    public string[] Before { get; init; } = [];

    /// <summary>Whether the school has the CourseCatalogue service, and told <see cref="RecordExamples.Catalogue"/> the day before.</summary>
    public bool Catalogue { get; init; }

    /// <summary>Codes that the file cannot but get as well.</summary>
    public string Also { get; init; } = "";

    /// <summary>Codes that the near file gets in its place.</summary>
    public string NearGets { get; init; } = "";

    /// <summary>What the two files' <c>.klar</c> hold.</summary>
    public (string File, string Near)? Done { get; init; }

    /// <summary>The two files' names, without an ending.</summary>
    public (string File, string Near) Names { get; init; } = ("fil", "fil");

    /// <summary>A school of another sort than most that the file comes to.</summary>
    public string? OtherSchool { get; init; }

    /// <summary>Of the file's own records, in either shape.</summary>
    public static IEnumerable<Example> InBoth(FindingCode code, string[] file, string[] near, string also = "", string nearGets = "", bool catalogue = false, params string[] before)
    {
        yield return new Example(code, FileShape.FixedWidth, Fixed(file), Fixed(near)) { Before = before, Also = also, NearGets = nearGets, Catalogue = catalogue };
        yield return new Example(code, FileShape.Csv, Csv(file), Csv(near)) { Before = before, Also = also, NearGets = nearGets, Catalogue = catalogue };
    }

    public static Func<string, string> Fixed(params string[] records) => school => FixedFile(school, sequence: 2, records);

    public static string FixedFile(string school, int sequence, params string[] records) => Rvf.WithHeader(Rvf.Huv(sequence, school), records);

    public static Func<string, string> Csv(params string[] records) => _ => RvfCsv.File(records);

    /// <summary>The files that bring what was delivered the day before: in CSV one of each kind.</summary>
    public IEnumerable<(string Name, string Text)> FilesBefore(string school)
    {
        var records = Catalogue ? [.. RecordExamples.Catalogue, .. Before] : Before;
        if (records.Length == 0) return [];
        return Shape == FileShape.FixedWidth
            ? [("fore.txt", FixedFile(school, 1, records))]
            : records.GroupBy(r => r[..3]).Select((g, i) => ($"fore-{i + 1}.csv", RvfCsv.File([.. g])));
    }

    public override string ToString() => $"{Code} in {(Shape == FileShape.Csv ? "CSV" : "fixed width")}";
}
