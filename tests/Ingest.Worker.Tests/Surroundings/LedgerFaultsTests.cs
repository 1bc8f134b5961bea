using Dapper;
using Ingest.Worker.Service;
using Ingest.Worker.Settings;
using Ingest.Worker.Tests.Support;
using Microsoft.Data.Sqlite;

namespace Ingest.Worker.Tests.Surroundings;

/// <summary>The ledger locked, gone, exchanged, damaged, or of a newer program: nothing is taken twice, nothing is built on sand, and one line says what to do.</summary>
// All but the ledger of a newer program are of what can befall a file; a server that goes is in PostgresLedgerTests.
public class LedgerFaultsTests
{
    [Test]
    [Category("SqliteOnly")]
    public async Task A_ledger_that_another_process_locks_is_waited_for_and_nothing_is_lost()
    {
        using var root = await TestRoot.StartAsync();
        root.Drop("UMU", "a.csv", Rvf.Csv(Rvf.Row()));
        Task step;
        using (var other = new SqliteConnection($"Data Source={root.App.Root.Ledger};Pooling=False"))
        {
            other.Open();
            other.Execute("BEGIN EXCLUSIVE");
            step = Task.Run(root.StepAsync);
            await Task.Delay(TimeSpan.FromSeconds(1));
            Assert.That(root.Names("in", "UMU"), Is.EqualTo(Just.These("a.csv")), "no file is touched before its row is written");
            Assert.That(step.IsCompleted, Is.False);
            other.Execute("ROLLBACK");
        }
        await step;

        Assert.That(root.Receipt("a.csv").Text("status"), Is.EqualTo("accepted"));
        Assert.That(root.Alarms, Is.Empty);
    }

    [Test]
    [Category("SqliteOnly")]
    public async Task A_used_root_without_its_ledger_is_refused_at_start_and_left_as_it_is()
    {
        using var root = await TestRoot.StartAsync();
        await root.TakeAsync("UMU", "a.csv", Rvf.Csv(Rvf.Row()));
        root.App.Dispose();
        foreach (var part in Just.These("", "-wal", "-shm")) File.Delete(root.App.Root.Ledger + part);
        root.Drop("UMU", "b.csv", Rvf.Csv(Rvf.Row()));

        var result = await Cli.RunAsync("run", "--once", "--root", root.Folder);

        Assert.That((result.Exit, result.ErrorLines.Length), Is.EqualTo((78, 1)), result.Error);
        Assert.That(result.Error, Does.Contain("ledger.db finns inte").And.Contain("säkerhetskopian"));
        Assert.That(File.Exists(root.App.Root.Ledger), Is.False, "no empty ledger in its place");
        Assert.That(root.Names("in", "UMU"), Is.EqualTo(Just.These("b.csv")));
    }

    [TestCase(false)]
    [TestCase(true, Description = "an empty file in its place")]
    [Category("SqliteOnly")]
    public async Task A_ledger_that_vanishes_under_the_running_service_takes_nothing_until_it_is_back(bool replaced)
    {
        using var root = await TestRoot.StartAsync(s => s.Pickup.PollInterval = TimeSpan.FromMilliseconds(50));
        await root.TakeAsync("UMU", "a.csv", Rvf.Csv(Rvf.Row()));
        var (ledger, aside) = (root.App.Root.Ledger, root.At("undan.db"));
        using var stop = new CancellationTokenSource();
        var running = root.App.Service.RunAsync(stop.Token);
        File.Move(ledger, aside);
        if (replaced) File.WriteAllText(ledger, "");
        root.Drop("UMU", "b.csv", Rvf.Csv(Rvf.Row(Rvf.Bo)));
        root.Clock.Set(TestRoot.Winter("2026-01-19T15:00:03"));
        await Eventually.TrueAsync(() => running.IsCompleted || AlarmLines(root).Any(l => l.Contains("liggaren är borta", StringComparison.Ordinal)), "an alarm in logs/alarms.jsonl");
        Assert.That(running.IsCompleted, Is.False, running.Exception?.InnerException?.ToString());
        Assert.That(root.Names("in", "UMU"), Is.EqualTo(Just.These("b.csv")), "nothing is taken");
        // Rounds of the loop, at each of which the same is met.
        await Task.Delay(TimeSpan.FromMilliseconds(500));
        Assert.That(AlarmLines(root), Has.Count.LessThanOrEqualTo(3), "and told once for each thing that cannot be done");

        File.Move(aside, ledger, overwrite: true);
        await Eventually.TrueAsync(() => running.IsCompleted || (root.Out().Any(n => n.StartsWith("b.csv", StringComparison.Ordinal) && n.EndsWith("kvittens.json", StringComparison.Ordinal)) && root.Names("delivery").Count == 1), "receipt and delivery");
        await stop.CancelAsync();
        await running;

        Assert.That(root.Receipt("b.csv").Text("fileId"), Is.EqualTo("20260119-000002"));
        Assert.That(root.Alarms, Is.Empty);
    }

    [Test]
    public async Task A_ledger_of_a_newer_program_is_refused_and_left_as_it_is()
    {
        using var root = await TestRoot.StartAsync();
        root.Sql("INSERT INTO SchemaVersions (ScriptName, Applied) VALUES ('Ingest.Worker.Ledger.Migrations.9999_framtid.sql', '2030-01-01')");
        root.App.Dispose();
        root.Drop("UMU", "a.csv", Rvf.Csv(Rvf.Row()));
        var before = root.Hashes();

        foreach (var command in new[] { "run --once", "status", "check " + root.At("in", "UMU", "a.csv") + " --school UMU" })
        {
            var result = await Cli.RunAsync([.. command.Split(' '), "--root", root.Folder]);

            Assert.That((result.Exit, result.ErrorLines.Length), Is.EqualTo((78, 1)), command + ": " + result.Error);
            Assert.That(result.Error, Does.Contain("nyare version").And.Contain("9999_framtid"), command);
        }
        Assert.That(root.Hashes().Where(h => !h.Key.StartsWith("logs", StringComparison.Ordinal)), Is.EqualTo(before));
    }

    [TestCase("run", "--once")]
    [TestCase("status")]
    [Category("SqliteOnly")]
    public async Task A_ledger_whose_header_is_overwritten_is_told_in_one_line(params string[] command)
    {
        using var root = await TestRoot.StartAsync();
        await root.TakeAsync("UMU", "a.csv", Rvf.Csv(Rvf.Row()));
        root.App.Dispose();
        Overwrite(root, from: 0, length: 100);

        var result = await Cli.RunAsync([.. command, "--root", root.Folder]);

        Assert.That((result.Exit, result.ErrorLines.Length), Is.EqualTo((78, 1)), result.Error);
        Assert.That(result.Error, Does.Contain("liggaren är skadad"));
    }

    [TestCase(false)]
    [TestCase(true, Description = "once, as by cron")]
    [Category("SqliteOnly")]
    public async Task A_ledger_that_is_found_to_be_damaged_ends_the_service_and_what_is_dropped_stays(bool once)
    {
        using var root = await TestRoot.StartAsync(s => s.Pickup.PollInterval = TimeSpan.FromMilliseconds(50));
        await root.TakeAsync("UMU", "a.csv", Rvf.Csv(Rvf.Row()));
        root.App.Dispose();
        // Everything but the first page, which the start reads: rows, indexes.
        Overwrite(root, from: 4096, length: int.MaxValue);
        root.Drop("UMU", "b.csv", Rvf.Csv(Rvf.Row(Rvf.Bo)));

        var result = await Cli.RunAsync(["run", .. once ? Just.These("--once") : [], "--root", root.Folder, "--Pickup:QuietPeriod=0", "--Pickup:QuietPeriodCsv=0"]);

        Assert.That((result.Exit, result.ErrorLines.Length), Is.EqualTo((78, 1)), result.Error);
        Assert.That(result.Error, Does.Contain("iggaren är skadad"));
        Assert.That(root.Names("in", "UMU"), Is.EqualTo(Just.These("b.csv")));
    }

    [Test]
    [Category("SqliteOnly")]
    public async Task Damage_met_in_the_middle_of_a_file_ends_the_running_service()
    {
        using var root = await TestRoot.StartAsync(s => s.Pickup.PollInterval = TimeSpan.FromMilliseconds(50));
        await root.TakeAsync("UMU", "a.csv", Rvf.Csv(Rvf.Row()));
        root.Sql("PRAGMA wal_checkpoint(TRUNCATE)");
        (long Number, int Bytes) page;
        using (var connection = root.App.Ledger.Open()) page = connection.QuerySingle<(long, int)>("SELECT rootpage, page_size FROM sqlite_master, pragma_page_size WHERE name = 'line'");
        Overwrite(root, from: (page.Number - 1) * page.Bytes, length: page.Bytes);
        SqliteConnection.ClearAllPools();
        root.Drop("UMU", "b.csv", Rvf.Csv(Rvf.Row(Rvf.Bo)));

        var ended = await Assert.ThrowsAsync<StartException>(() => root.App.Service.RunAsync(CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(60)));

        Assert.That(ended!.Message, Does.Contain("skadad").And.Contain("säkerhetskopian"));
        Assert.That(AlarmLines(root), Has.Some.Contains("\"kind\":\"damaged\""));
        Assert.That(root.Out().Where(n => n.StartsWith("b.csv", StringComparison.Ordinal)), Is.Empty);
        Assert.That(root.Names("work"), Has.Count.EqualTo(1), "the file is kept");
    }

    private static List<string> AlarmLines(TestRoot root) =>
        File.Exists(root.At("logs", "alarms.jsonl")) ? [.. root.Text("logs", "alarms.jsonl").Split('\n', StringSplitOptions.RemoveEmptyEntries)] : [];

    private static void Overwrite(TestRoot root, long from, int length)
    {
        using var stream = new FileStream(root.App.Root.Ledger, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
        stream.Position = from;
        var bytes = new byte[Math.Min(length, stream.Length - from)];
        new Random(1).NextBytes(bytes);
        stream.Write(bytes);
    }
}
