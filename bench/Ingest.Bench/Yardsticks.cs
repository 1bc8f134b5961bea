using System.Diagnostics;
using System.IO.Abstractions;
using CsvHelper;
using Ingest.Formats;

namespace Ingest.Bench;

/// <summary>What else could be done with the same rows, on the same machine, at the same time.</summary>
internal static class Yardsticks
{
    private static readonly FileSystem Files = new();

    public static readonly (string Name, Func<Term, string, Task<TimeSpan>> Measure)[] All =
    [
        ("sqlite3 .import", ImportAsync),
        ("plain script", PlainScriptAsync),
        ("CsvHelper GetRecords", (term, _) => Task.FromResult(GetRecords(term))),
        ("wc -l", async (term, _) => (await Shell.RunAsync("wc", ["-l", .. term.Plain.Select(p => p.Path)])).Took),
    ];

    /// <summary>Into bare tables, a table for each kind, with the ledger's PRAGMAs.</summary>
    private static async Task<TimeSpan> ImportAsync(Term term, string folder)
    {
        string[] script =
        [
            "PRAGMA page_size = 16384;", "PRAGMA journal_mode = WAL;", "PRAGMA synchronous = FULL;", "PRAGMA cache_size = -8192;",
            .. term.Plain.Select(p => p.Kind).Distinct().Select(kind => $"CREATE TABLE {kind} ({string.Join(", ", CsvLines.Header(kind).Split(';').Select(c => $"\"{c}\" TEXT"))});"),
            ".mode csv", ".separator ;",
            .. term.Plain.Select(p => $".import --skip 1 {p.Path} {p.Kind}"),
        ];
        return (await Shell.RunAsync("sqlite3", [Files.Path.Combine(folder, "bare.db")], string.Join('\n', script))).Took;
    }

    private static async Task<TimeSpan> PlainScriptAsync(Term term, string folder) =>
        (await Shell.RunAsync("python3", [Files.Path.Combine(AppContext.BaseDirectory, "plain_script.py"), Files.Path.Combine(folder, "plain.db"), folder, .. term.Plain.Select(p => $"{p.Kind}={p.Path}")])).Took;

    /// <summary>Every row as an object of strings, in a list a file.</summary>
    private static TimeSpan GetRecords(Term term)
    {
        var began = Stopwatch.GetTimestamp();
        long rows = 0;
        foreach (var (kind, path) in term.Plain)
            rows += kind switch
            {
                RecordKind.Registration => Read<PlainRegistration>(path),
                RecordKind.Interruption => Read<PlainInterruption>(path),
                RecordKind.Result => Read<PlainResult>(path),
                _ => Read<PlainOffering>(path),
            };
        return rows > 0 ? Stopwatch.GetElapsedTime(began) : throw new InvalidOperationException("CsvHelper read no row.");
    }

    private static int Read<T>(string path)
    {
        using var csv = CsvReader.FromFile(path, new CsvReaderOptions { Separator = ';' });
        return csv.GetRecords<T>().ToList().Count;
    }
}
