using System.Diagnostics;
using System.Globalization;
using System.IO.Abstractions;
using CsvHelper;
using Ingest.Formats;
using Ingest.Tests;
using Npgsql;

namespace Ingest.Bench;

/// <param name="Bar">What the intake is held against, in words.</param>
/// <param name="Measure">Works the term in an empty folder.</param>
internal sealed record Yardstick(string Name, string Bar, Func<Term, string, Task<TimeSpan>> Measure);

/// <summary>What else could be done with the same rows, on the same machine, at the same time.</summary>
internal static class Yardsticks
{
    private static readonly FileSystem Files = new();

    /// <param name="postgres">Null: without those that need one.</param>
    /// <param name="onPostgres">Whether the intake is: it has a bar of its own for each database.</param>
    public static IReadOnlyList<Yardstick> Of(PostgresCluster? postgres, bool onPostgres) =>
    [
        new("sqlite3 .import", onPostgres ? "" : "2", ImportAsync),
        .. postgres is null ? Array.Empty<Yardstick>() : [new("psql \\copy", onPostgres ? "8" : "", (term, _) => CopyAsync(term, postgres))],
        new("plain script", onPostgres ? "" : "1/6", PlainScriptAsync),
        new("CsvHelper GetRecords", "", (term, _) => Task.FromResult(GetRecords(term))),
        new("wc -l", "", async (term, _) => (await Shell.RunAsync("wc", ["-l", .. term.Plain.Select(p => p.Path)])).Took),
    ];

    /// <summary>Into bare tables, a table for each kind, with the ledger's PRAGMAs.</summary>
    private static async Task<TimeSpan> ImportAsync(Term term, string folder)
    {
        string[] script =
        [
            "PRAGMA page_size = 16384;", "PRAGMA journal_mode = WAL;", "PRAGMA synchronous = FULL;", "PRAGMA cache_size = -8192;",
            .. Tables(term),
            ".mode csv", ".separator ;",
            .. term.Plain.Select(p => $".import --skip 1 {p.Path} {p.Kind}"),
        ];
        return (await Shell.RunAsync("sqlite3", [Files.Path.Combine(folder, "bare.db")], string.Join('\n', script))).Took;
    }

    /// <summary>Into the same tables, logged and flushed as the cluster is; the database is made before the clock starts.</summary>
    private static async Task<TimeSpan> CopyAsync(Term term, PostgresCluster postgres)
    {
        var database = new NpgsqlConnectionStringBuilder(await postgres.CreateDatabaseAsync());
        string[] script = [.. Tables(term), .. term.Plain.Select(p => $"\\copy {p.Kind} from '{p.Path}' with (format csv, header, delimiter ';')")];
        var took = await RunAsync(database.Database!, string.Join('\n', script));
        await postgres.DropDatabaseAsync(database.ConnectionString);
        return took;

        async Task<TimeSpan> RunAsync(string name, string commands) => (await Shell.RunAsync(PostgresCluster.Program("psql"),
            ["-X", "-q", "-v", "ON_ERROR_STOP=1", "-h", database.Host!, "-p", database.Port.ToString(CultureInfo.InvariantCulture), "-U", database.Username!, name], commands)).Took;
    }

    private static IEnumerable<string> Tables(Term term) =>
        term.Plain.Select(p => p.Kind).Distinct().Select(kind => $"CREATE TABLE {kind} ({string.Join(", ", CsvLines.Header(kind).Split(';').Select(c => $"\"{c}\" TEXT"))});");

    private static async Task<TimeSpan> PlainScriptAsync(Term term, string folder) =>
        (await Shell.RunAsync("python3", [Files.Path.Combine(AppContext.BaseDirectory, "plain_script.py"), Files.Path.Combine(folder, "plain.db"), folder, .. term.Plain.Select(p => $"{p.Kind}={p.Path}")])).Took;

    /// <summary>Every row as an object of strings, in a list a file.</summary>
    private static TimeSpan GetRecords(Term term)
    {
        var began = Stopwatch.GetTimestamp();
        long rows = 0;
        foreach (var file in term.Plain)
            rows += file.Kind switch
            {
                RecordKind.Registration => Read<PlainRegistration>(file.Path),
                RecordKind.Interruption => Read<PlainInterruption>(file.Path),
                RecordKind.Result => Read<PlainResult>(file.Path),
                _ => Read<PlainOffering>(file.Path),
            };
        return rows > 0 ? Stopwatch.GetElapsedTime(began) : throw new InvalidOperationException("CsvHelper read no row.");
    }

    private static int Read<T>(string path)
    {
        using var csv = CsvReader.FromFile(path, new CsvReaderOptions { Separator = ';' });
        return csv.GetRecords<T>().ToList().Count;
    }
}
