using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Dapper;
using Ingest.Tests;
using Ingest.Worker.Ledger;
using Npgsql;

namespace Ingest.Worker.Tests;

/// <summary>
/// The ledger of a test's root: SQLite's file in it, or, with <c>INGEST_TEST_LEDGER=postgres</c>, a database of its own in a cluster
/// that is thrown away when the tests are through, its large tables in as many parts a term as <c>INGEST_TEST_PARTITIONS</c> says.
/// </summary>
internal static partial class TestLedger
{
    private const string Setting = "Ingest__Ledger__ConnectionString";
    private const string Template = "migrated";

    private static readonly int Partitions = int.Parse(Environment.GetEnvironmentVariable("INGEST_TEST_PARTITIONS") ?? "0", CultureInfo.InvariantCulture);
    private static readonly ConcurrentDictionary<string, Lazy<string>> Known = new();
    private static PostgresCluster? cluster;

    public static bool IsPostgres { get; } = Environment.GetEnvironmentVariable("INGEST_TEST_LEDGER") == "postgres";

    public static async Task StartAsync()
    {
        if (!IsPostgres) return;
        cluster = await PostgresCluster.StartAsync(durable: false);
        Administer($"CREATE DATABASE {Template}");
        using var ledger = new LedgerDatabase("", TimeProvider.System, connectionString: cluster.ConnectionString(Template), partitions: Partitions);
        ledger.Migrate();
    }

    public static async Task StopAsync()
    {
        if (cluster is not null) await cluster.DisposeAsync();
    }

    /// <summary>The setting <c>Ledger:ConnectionString</c> of a root.</summary>
    public static string Of(string root) => !IsPostgres ? "" : Known.GetOrAdd(Path.GetFullPath(root), path => new Lazy<string>(() => Create(path, Template))).Value;

    /// <summary>Opens the ledger of a root, as another process might.</summary>
    public static LedgerDatabase Open(string root, TimeProvider? time = null, bool readOnly = true) =>
        new(Path.Combine(root, "ledger.db"), time ?? TimeProvider.System, readOnly, connectionString: Of(root));

    /// <summary>The program that will be started on a root finds its ledger.</summary>
    public static void Tell(ProcessStartInfo start, string root)
    {
        if (IsPostgres) start.Environment[Setting] = Of(root);
    }

    /// <summary>A root was copied.</summary>
    public static void Copy(string from, string to)
    {
        if (!IsPostgres) return;
        var source = new NpgsqlConnectionStringBuilder(Of(from)).Database!;
        Drop(to);
        Known[Path.GetFullPath(to)] = new Lazy<string>(() => Create(Path.GetFullPath(to), source));
        _ = Of(to);
    }

    /// <summary>A root was deleted.</summary>
    public static void Drop(string root)
    {
        if (Known.TryRemove(Path.GetFullPath(root), out _)) Administer($"DROP DATABASE IF EXISTS {NameOf(Path.GetFullPath(root))} WITH (FORCE)");
    }

    /// <summary>A root begins with a database without tables.</summary>
    public static void MakeEmpty(string root)
    {
        if (IsPostgres) Known[Path.GetFullPath(root)] = new Lazy<string>(() => Create(Path.GetFullPath(root), "template1"));
    }

    /// <summary>What a test does to the ledger, written for SQLite, as the root's ledger has it.</summary>
    public static string Sql(string sqlite)
    {
        if (!IsPostgres) return sqlite;
        var sql = Trigger().Replace(sqlite, m => $"CREATE FUNCTION fail_{m.Groups["name"]}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION '{m.Groups["text"]}'; END $$; "
            + $"CREATE TRIGGER {m.Groups["name"]} {m.Groups["event"]} FOR EACH ROW {(m.Groups["when"].Success ? $"WHEN ({m.Groups["when"]})" : "")} EXECUTE FUNCTION fail_{m.Groups["name"]}()");
        sql = DropTrigger().Replace(sql, "DROP FUNCTION fail_$1 CASCADE");
        sql = Blob().Replace(sql, @"'\x$1'::bytea").Replace("AS BLOB", "AS BYTEA", StringComparison.Ordinal);
        sql = Hex().Replace(sql, "upper(encode($1, 'hex'))");
        return Zeros().Replace(sql, "decode(repeat('00', $1), 'hex')");
    }

    [GeneratedRegex(@"CREATE TRIGGER (?<name>\w+) (?<event>BEFORE .*? ON \w+)( WHEN (?<when>.*?))? BEGIN SELECT RAISE\(ABORT, '(?<text>\w+)'\); END")]
    private static partial Regex Trigger();

    [GeneratedRegex(@"DROP TRIGGER (\w+)")]
    private static partial Regex DropTrigger();

    [GeneratedRegex("x'([0-9A-F]*)'")]
    private static partial Regex Blob();

    [GeneratedRegex(@"\bhex\((\w+)\)")]
    private static partial Regex Hex();

    [GeneratedRegex(@"zeroblob\((length\(\w+\))\)")]
    private static partial Regex Zeros();

    private static string Create(string path, string template)
    {
        // A process that was killed may still be seen by the server.
        for (var tries = 1; ; tries++)
        {
            try
            {
                Administer($"CREATE DATABASE {NameOf(path)} TEMPLATE {template}");
                return cluster!.ConnectionString(NameOf(path));
            }
            catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.ObjectInUse && tries < 10)
            {
            }
        }
    }

    private static string NameOf(string path) => "root_" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(path)))[..24];

    private static void Administer(string sql)
    {
        using var connection = new NpgsqlConnection(cluster!.ConnectionString("postgres") + ";Pooling=false");
        connection.Execute(sql);
    }
}
