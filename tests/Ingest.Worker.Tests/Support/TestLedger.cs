using System.Collections.Concurrent;
using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using Dapper;
using Ingest.Tests;
using Ingest.Worker.Ledger;
using Npgsql;

namespace Ingest.Worker.Tests;

/// <summary>
/// The ledger of a test's root: SQLite's file in it, or, with <c>INGEST_TEST_LEDGER=postgres</c>, a database of its own in a cluster
/// that is thrown away when the tests are through.
/// </summary>
internal static class TestLedger
{
    private const string Setting = "Ingest__Ledger__ConnectionString";
    private const string Template = "migrated";

    private static readonly ConcurrentDictionary<string, Lazy<string>> Known = new();
    private static PostgresCluster? cluster;

    public static bool IsPostgres { get; } = Environment.GetEnvironmentVariable("INGEST_TEST_LEDGER") == "postgres";

    public static async Task StartAsync()
    {
        if (!IsPostgres) return;
        cluster = await PostgresCluster.StartAsync(durable: false);
        Administer($"CREATE DATABASE {Template}");
        using var ledger = new LedgerDatabase("", TimeProvider.System, connectionString: cluster.ConnectionString(Template));
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

    private static string Create(string path, string template)
    {
        Administer($"CREATE DATABASE {NameOf(path)} TEMPLATE {template}");
        return cluster!.ConnectionString(NameOf(path));
    }

    private static string NameOf(string path) => "root_" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(path)))[..24];

    private static void Administer(string sql)
    {
        using var connection = new NpgsqlConnection(cluster!.ConnectionString("postgres") + ";Pooling=false");
        connection.Execute(sql);
    }
}
