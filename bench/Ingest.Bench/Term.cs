using System.IO.Abstractions;
using Ingest.Formats;
using Ingest.Worker.Samples;

namespace Ingest.Bench;

/// <summary>A realistic term, and the same rows as the yardsticks read them: UTF-8, CSV, a file for each of the term's.</summary>
internal sealed class Term
{
    private const double Faults = 0.02;

    // There are published test numbers for the students of about so many rows.
    private const long RowsPerSchool = 500_000;

    private static readonly FileSystem Files = new();

    private Term(string folder, IReadOnlyList<(RecordKind Kind, string Path)> plain, long rows, long bytes) => (Folder, Plain, Rows, Bytes) = (folder, plain, rows, bytes);

    /// <summary>As <c>sample</c> writes it.</summary>
    public string Folder { get; }

    /// <summary>The rows for yardsticks.</summary>
    public IReadOnlyList<(RecordKind Kind, string Path)> Plain { get; }

    /// <summary>Records in all files, rows of the catalogue too.</summary>
    public long Rows { get; }

    /// <summary>Bytes of the files that the service reads.</summary>
    public long Bytes { get; }

    public static Term Write(string folder, long rows, FileShape shape)
    {
        var of = Files.Path.Combine(folder, "term");
        var term = Sample(of, rows, shape);
        ServiceRun.Plan(of, term.Steps);
        var bytes = term.Steps.Sum(s => s.File is { } file ? Files.FileInfo.New(Files.Path.Combine(of, file.Path)).Length : 0);

        var csv = shape == FileShape.Csv ? of : Files.Path.Combine(folder, "term-csv");
        if (shape != FileShape.Csv) term = Sample(csv, rows, FileShape.Csv);
        var (plain, lines) = (new List<(RecordKind, string)>(), 0L);
        Files.Directory.CreateDirectory(Files.Path.Combine(folder, "plain"));
        // A yardstick has no answer to what is refused as a whole: another school's file, a ZIP, a line without end.
        foreach (var file in term.Steps.Select(s => s.File).OfType<SampleFile>().Where(f => f is { Refused: false, NothingRead: false, Raw: null }))
        {
            var to = Files.Path.Combine(folder, "plain", $"{plain.Count:00}.csv");
            lines += Copy(file, Files.Path.Combine(csv, file.Path), to);
            plain.Add((file.Kind, to));
        }
        return new Term(of, plain, lines, bytes);
    }

    private static SampleFiles Sample(string folder, long rows, FileShape shape)
    {
        // One file a school for each slot of the term: the largest has two fifths of the school's rows, and later ones touch its students.
        var schools = Enumerable.Range(1, (int)Math.Clamp((rows + RowsPerSchool - 1) / RowsPerSchool, 1, SampleOptions.MostSchools)).Select(n => $"SKOLA{n}").ToList();
        var term = new SampleFiles(Files, new SampleOptions(rows, 1, Faults, shape, folder, TermPlan.DefaultBaseDate, schools) { RowsPerFile = int.MaxValue });
        term.Write();
        return term;
    }

    /// <summary>The same rows under the plain header of their kind.</summary>
    /// <returns>How many.</returns>
    private static long Copy(SampleFile file, string from, string to)
    {
        using var reader = new StreamReader(Files.FileStream.New(from, FileMode.Open, FileAccess.Read), file.Encoding);
        using var writer = new StreamWriter(Files.FileStream.New(to, FileMode.CreateNew));
        reader.ReadLine();
        writer.Write(CsvLines.Header(file.Kind) + "\n");
        long rows = 0;
        // An unclosed quote, which is among the faults, would swallow rows of theirs.
        for (; reader.ReadLine() is { } line; rows++) writer.Write(line.Replace("\"", "", StringComparison.Ordinal) + "\n");
        return rows;
    }
}
