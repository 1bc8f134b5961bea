using System.Diagnostics;
using Ingest.Tests;
using Ingest.Worker.Tests.Operation;
using Ingest.Worker.Tests.Support;
using Npgsql;

namespace Ingest.Worker.Tests.Postgres;

/// <summary>The throw-away PostgreSQL that other tests and the benchmark work in.</summary>
[Parallelizable(ParallelScope.All)]
public sealed class PostgresClusterTests
{
    [Test]
    public async Task Committed_rows_are_there_after_a_kill_and_a_restart()
    {
        await using var cluster = await PostgresCluster.StartAsync(durable: true);
        var database = Unpooled(await cluster.CreateDatabaseAsync());
        await RunAsync(database, "CREATE TABLE t (word text); INSERT INTO t VALUES ('å')");
        await using var open = new NpgsqlConnection(database);
        await open.OpenAsync();

        cluster.Kill();
        Assert.That(async () => await RunAsync(database, "SELECT 1"), Throws.InstanceOf<NpgsqlException>(), "nobody answers");
        await cluster.RestartAsync();

        Assert.That(await RunAsync(database, "SELECT word FROM t"), Is.EqualTo("å"));
    }

    [TestCase(true, "on")]
    [TestCase(false, "off")]
    public async Task It_is_durable_where_that_is_asked_for_and_reached_from_this_machine_alone(bool durable, string flushes)
    {
        await using var cluster = await PostgresCluster.StartAsync(durable);
        var database = Unpooled(await cluster.CreateDatabaseAsync());

        Assert.That(await RunAsync(database, "SELECT concat_ws(' ', current_setting('fsync'), current_setting('synchronous_commit'), current_setting('full_page_writes'))"),
            Is.EqualTo($"{flushes} {flushes} {flushes}"));
        Assert.That(await RunAsync(database, "SELECT concat_ws(' ', current_setting('listen_addresses'), current_setting('server_encoding'), datcollate) FROM pg_database WHERE datname = current_database()"),
            Is.EqualTo("127.0.0.1 UTF8 C"));
    }

    [Test]
    public async Task It_leaves_neither_process_nor_folder()
    {
        string folder;
        await using (var cluster = await PostgresCluster.StartAsync(durable: false))
        {
            folder = cluster.Folder;
            Assert.That(Processes.With(folder), Is.Not.Empty);
        }

        Assert.That(Processes.With(folder), Is.Empty);
        Assert.That(Directory.Exists(folder), Is.False);
    }

    // The benchmark starts one before it measures.
    [Test]
    public async Task It_leaves_neither_process_nor_folder_when_whoever_started_it_is_killed()
    {
        using var temporary = new TempFolder();
        Assert.That(Process.Start("chmod", ["1777", temporary.Path]).WaitForExit(10_000));
        using var bench = Process.Start(new ProcessStartInfo("dotnet", [BenchTests.Program, "end-to-end", "--rows", "300", "--shape", "csv"])
        {
            Environment = { ["TMPDIR"] = temporary.Path },
            RedirectStandardOutput = true,
        })!;
        try
        {
            await Eventually.TrueAsync(() => Clusters().Count > 0 && Processes.With(Clusters()[0]).Count > 0, "a cluster of the benchmark's");
        }
        finally
        {
            bench.Kill(entireProcessTree: true);
        }
        var folder = Clusters()[0];

        await Eventually.TrueAsync(() => Clusters().Count == 0 && Processes.With(folder).Count == 0, "the end of the cluster");

        List<string> Clusters() => [.. Directory.EnumerateDirectories(temporary.Path, "ingest-postgres-*")];
    }

    private static async Task<object?> RunAsync(string database, string sql)
    {
        await using var connection = new NpgsqlConnection(database);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync();
    }

    private static string Unpooled(string database) => new NpgsqlConnectionStringBuilder(database) { Pooling = false }.ConnectionString;
}
