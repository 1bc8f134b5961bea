using Ingest.Tests;
using Ingest.Worker.Settings;
using Ingest.Worker.Tests.Support;

namespace Ingest.Worker.Tests.Postgres;

/// <summary>A ledger on a server, which may be gone when it is asked, or go while it is written.</summary>
internal sealed class PostgresLedgerTests
{
    [TestCase("Host=127.0.0.1;Port=1;Database=ingest;Username=ingest;Password=hemligt;Timeout=5", "Liggaren kan inte öppnas: databasservern kan inte nås")]
    [TestCase("Host=127.0.0.1;Nonsens=hemligt", "Ledger:ConnectionString går inte att läsa")]
    public async Task A_server_that_cannot_be_reached_is_told_at_start_without_the_password(string connection, string told)
    {
        var refused = await Assert.ThrowsAsync<StartException>(() => TestRoot.StartAsync(s => s.Ledger.ConnectionString = connection));
        Assert.That(refused!.Message, Does.StartWith(told).And.Not.Contain("hemligt"));
    }

    [Test]
    public async Task A_database_that_does_not_exist_is_told_at_start()
    {
        await using var cluster = await PostgresCluster.StartAsync(durable: false);
        var refused = await Assert.ThrowsAsync<StartException>(() => TestRoot.StartAsync(s => s.Ledger.ConnectionString = cluster.ConnectionString("finns_inte")));
        Assert.That(refused!.Message, Does.Contain("finns inte på servern; skapa den (createdb)"));
    }

    [Test]
    public async Task A_ledger_that_is_empty_though_the_root_was_worked_in_is_refused()
    {
        await using var cluster = await PostgresCluster.StartAsync(durable: false);
        var refused = await Assert.ThrowsAsync<StartException>(() => TestRoot.StartAsync(s =>
        {
            s.Ledger.ConnectionString = cluster.ConnectionString("postgres");
            Directory.CreateDirectory(Path.Combine(s.Root, "archive"));
            File.WriteAllText(Path.Combine(s.Root, "archive", "a.txt"), "");
        }));
        Assert.That(refused!.Message, Does.Contain("är tom, men").And.Contain("visar att roten har använts"));
    }

    /// <param name="after">Milliseconds from the beginning of what is done to the kill.</param>
    [TestCase(50)]
    [TestCase(300)]
    [TestCase(900)]
    public async Task A_server_that_is_killed_in_the_middle_of_an_intake_or_a_close_costs_nothing(int after)
    {
        await using var cluster = await PostgresCluster.StartAsync(durable: true);
        var database = await cluster.CreateDatabaseAsync();
        using var root = await TestRoot.StartAsync(s => s.Ledger.ConnectionString = database);
        await root.TakeAsync("UMU", "först.csv", Rvf.Csv([.. Enumerable.Range(0, 2_000).Select(i => Rvf.Row(Rvf.Student(i)))]));

        root.Drop("UMU", "sedan.csv", Rvf.Csv([.. Enumerable.Range(0, 8_000).Select(i => Rvf.Row(Rvf.Student(i), action: i < 1_000 ? "B" : "N"))]));
        await KilledAsync(cluster, after, root, () => root.AdvanceAsync(1));
        await Patience.UntilAsync(() => root.Out().Any(n => n.StartsWith("sedan.csv", StringComparison.Ordinal) && n.EndsWith("kvittens.json", StringComparison.Ordinal)), "the receipt",
            () => root.AdvanceAsync(5).GetAwaiter().GetResult());
        Assert.That(root.Receipt("sedan.csv").GetProperty("counts").GetProperty("read").GetInt32(), Is.EqualTo(8_000));

        await KilledAsync(cluster, after, root, () => root.CloseAsync("2026-01-19"));
        await Patience.UntilAsync(() => File.Exists(root.At("delivery", "2026-01-19", "manifest.TEST.json")), "the delivery", () => root.AdvanceAsync(5).GetAwaiter().GetResult());
        await root.AdvanceAsync(5);

        var totals = root.Json("delivery", "2026-01-19", "manifest.TEST.json").GetProperty("totals");
        long Total(string name) => totals.GetProperty(name).GetInt64();
        Assert.That(Total("accepted") + Total("waiting"), Is.EqualTo(Total("delivered") + Total("netted") + Total("refused")));
        var breaks = new StringWriter();
        Assert.That(Commands.VerifyCommand.Run(new IngestSettings { Root = root.Folder, Ledger = { ConnectionString = database } }, TestRoot.Files, breaks), Is.Zero, breaks.ToString());
        using var connection = root.App.Ledger.Open();
        Assert.That(Dapper.SqlMapper.Query<string>(connection, "SELECT name FROM file ORDER BY id"), Is.EqualTo(Just.These("först.csv", "sedan.csv")), "each once");
    }

    /// <summary>Does it while the server is killed and comes back; the clock goes on, by which tries wait.</summary>
    private static async Task KilledAsync(PostgresCluster cluster, int after, TestRoot root, Func<Task> work)
    {
        var working = Task.Run(async () =>
        {
            try
            {
                await work();
            }
            catch (System.Data.Common.DbException)
            {
                // What a poll meets is told and tried again.
            }
        });
        await Task.Delay(after);
        cluster.Kill();
        await cluster.RestartAsync();
        await Patience.UntilAsync(() => working.IsCompleted, "the end of the work", () => root.Clock.Advance(TimeSpan.FromMilliseconds(500)));
        await working;
    }
}
