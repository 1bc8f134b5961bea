using System.IO.Abstractions;
using System.Text.Json.Nodes;
using Ingest.Formats;
using Ingest.Worker.Samples;

namespace Ingest.Bench;

internal sealed record PlainFile(RecordKind Kind, string Path, long Rows);

/// <summary>A realistic term, and the same rows as the yardsticks read them: UTF-8, CSV, a file for each of the term's.</summary>
internal sealed class Term
{
    private const double Faults = 0.02;

    // There are published test numbers for the students of about so many rows.
    private const long RowsPerSchool = 500_000;

    private static readonly FileSystem Files = new();

    private Term(string folder, IReadOnlyList<PlainFile> plain, long bytes, SampleFile largest) => (Folder, Plain, Rows, Bytes, Largest) = (folder, plain, plain.Sum(p => p.Rows), bytes, largest);

    /// <summary>As <c>sample</c> writes it.</summary>
    public string Folder { get; }

    /// <summary>The rows for yardsticks.</summary>
    public IReadOnlyList<PlainFile> Plain { get; }

    public SampleFile Largest { get; }

    public long LargestRows => Plain.Max(p => p.Rows);

    /// <summary>Records in all files, rows of the catalogue too.</summary>
    public long Rows { get; }

    /// <summary>Bytes of the files that the service reads.</summary>
    public long Bytes { get; }

    public static Term Write(BenchFolder folder, long rows, FileShape shape)
    {
        var of = folder.Make("term");
        var steps = Sample(of, rows, shape);
        ServiceRun.Plan(of, steps);
        var read = steps.Select(s => s.File).OfType<SampleFile>().ToDictionary(f => f, f => Files.FileInfo.New(Files.Path.Combine(of, f.Path)).Length);

        var csv = shape == FileShape.Csv ? of : folder.Make("term-csv");
        var sent = shape == FileShape.Csv ? steps : Sample(csv, rows, FileShape.Csv);
        // A yardstick has no answer to what is refused as a whole: another school's file, a ZIP, a line without end.
        var plain = sent.Select(s => s.File).OfType<SampleFile>().Where(f => f is { Refused: false, NothingRead: false, Raw: null })
            .Select((file, i) => Copy(file, csv, Files.Path.Combine(folder.Make("plain"), $"{i:00}.csv"))).ToList();
        if (csv != of) Files.Directory.Delete(csv, recursive: true);
        return new Term(of, plain, read.Values.Sum(), read.MaxBy(r => r.Value).Key);
    }

    /// <summary>
    /// One file a school for each slot of the term: the largest has two fifths of the school's rows, and later ones touch its students. Written
    /// school by school, because of each file that is being written some thousands of rows are held.
    /// </summary>
    private static List<(DateTimeOffset At, SampleFile? File)> Sample(string folder, long rows, FileShape shape)
    {
        var schools = (int)Math.Clamp((rows + RowsPerSchool - 1) / RowsPerSchool, 1, SampleOptions.MostSchools);
        var (steps, register) = (new List<(DateTimeOffset At, SampleFile? File)>(), new JsonArray());
        var part = Files.Path.Combine(folder, "part");
        for (var n = 1; n <= schools; n++)
        {
            var term = new SampleFiles(Files, new SampleOptions(rows / schools, (ulong)n, Faults, shape, part, TermPlan.DefaultBaseDate, [$"SKOLA{n}"]) { RowsPerFile = int.MaxValue });
            term.Write();
            // The schools that only have files that are refused are in each part.
            var others = register.Select(s => (string)s!["code"]!).ToHashSet();
            foreach (var school in JsonNode.Parse(Files.File.ReadAllText(Files.Path.Combine(part, "schools.json")))!["schools"]!.AsArray())
            {
                var code = (string)school!["code"]!;
                if (others.Contains(code)) continue;
                register.Add(school.DeepClone());
                Files.Directory.Move(Files.Path.Combine(part, code), Files.Path.Combine(folder, code));
            }
            steps.AddRange(term.Steps.Where(s => s.File is { } file ? !others.Contains(file.School) : n == 1));
            Files.Directory.Delete(part, recursive: true);
        }
        Files.File.WriteAllText(Files.Path.Combine(folder, "schools.json"), new JsonObject { ["schools"] = register }.ToJsonString());
        return [.. steps.OrderBy(s => s.At)];
    }

    /// <summary>The same rows under the plain header of their kind.</summary>
    private static PlainFile Copy(SampleFile file, string folder, string to)
    {
        using var reader = new StreamReader(Files.FileStream.New(Files.Path.Combine(folder, file.Path), FileMode.Open, FileAccess.Read), file.Encoding);
        using var writer = new StreamWriter(Files.FileStream.New(to, FileMode.CreateNew));
        reader.ReadLine();
        var header = CsvLines.Header(file.Kind);
        writer.Write(header + "\n");
        var columns = header.Split(';').Length;
        long rows = 0;
        // An unclosed quote, which is among the faults, would swallow rows of theirs; and not all of them take a row with a column too few or too many.
        for (; reader.ReadLine() is { } line; rows++)
            writer.Write(string.Join(';', line.Replace("\"", "", StringComparison.Ordinal).Split(';').Concat(Enumerable.Repeat("", columns)).Take(columns)) + "\n");
        return new PlainFile(file.Kind, to, rows);
    }
}
