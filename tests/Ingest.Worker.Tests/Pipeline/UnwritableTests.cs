using Ingest.Worker.Tests.Support;

namespace Ingest.Worker.Tests.Pipeline;

/// <summary>A folder or a ledger that cannot be written: one school's stops no other, and nothing of it ends the service.</summary>
public class UnwritableTests
{
    private static readonly string[] Schools = ["KTH", "LU", "UMU"];

    [Test]
    public async Task One_schools_ut_that_cannot_be_written_stops_no_other_school_and_no_later_window()
    {
        using var root = await BlockedAsync();

        await root.CloseAsync("2026-01-19");
        foreach (var school in Just.These("KTH", "LU")) Assert.That(CutoffReceipts(root, school), Has.Count.EqualTo(3), school);
        await root.CloseAsync("2026-01-20");
        await root.CloseAsync("2026-01-21");

        Assert.That(root.App.Ledger.Windows().Select(w => (w.Date.Day, w.Closed - TestRoot.Winter($"2026-01-{w.Date.Day}T15:00:03"))),
            Is.EqualTo(new[] { (19, TimeSpan.Zero), (20, TimeSpan.Zero), (21, TimeSpan.Zero) }));
        // The longest that it waits between two tries.
        await root.AdvanceAsync(15 * 60);
        Assert.That(root.Names("delivery"), Is.EqualTo(Just.These("2026-01-19", "2026-01-20", "2026-01-21")));
        Assert.That(root.Alarms.Select(a => (a.Kind, a.Subject)), Is.EqualTo(new[] { ("kl15", "ut/UMU") }));
    }

    [Test]
    public async Task Nor_does_it_make_the_others_wait_for_a_later_windows_delivery_and_receipts()
    {
        using var root = await BlockedAsync();
        await root.CloseAsync("2026-01-19");
        await root.TakeAsync("LU", "b.csv", Rvf.Csv(Rvf.Row(Rvf.Bo)));

        await root.CloseAsync("2026-01-20");

        Assert.That(root.Names("delivery"), Does.Contain("2026-01-20"));
        Assert.That(root.Out("LU"), Has.Some.StartsWith("2026-01-20.TEST.kl15"));
    }

    [Test]
    public async Task The_school_gets_its_receipts_when_its_folder_is_back_and_the_alarm_is_over()
    {
        using var root = await BlockedAsync();
        await root.CloseAsync("2026-01-19");
        await root.CloseAsync("2026-01-20");
        await root.AdvanceAsync(15 * 60);
        var others = root.Hashes("ut", "LU");
        TestRoot.Files.File.Delete(root.At("ut", "UMU"));
        TestRoot.Files.Directory.CreateDirectory(root.At("ut", "UMU"));

        // The longest that it waits between two tries.
        await root.AdvanceAsync(15 * 60);

        Assert.That(CutoffReceipts(root, "UMU"), Has.Count.EqualTo(3));
        Assert.That(root.Json("ut", "UMU", "2026-01-19.TEST.kl15.json").Text("counts", "delivered"), Is.EqualTo("1"));
        Assert.That(root.Hashes("ut", "LU"), Is.EqualTo(others));
        Assert.That(root.Alarms, Is.Empty);
        Assert.That(root.App.Ledger.Windows().Select(w => w.Delivered), Has.None.Null);
    }

    [TestCase("a window that cannot be closed", "CREATE TRIGGER other BEFORE INSERT ON closed_window BEGIN SELECT RAISE(ABORT, 'full'); END")]
    [TestCase("a delivery that cannot be written down", "CREATE TRIGGER other BEFORE UPDATE ON closed_window BEGIN SELECT RAISE(ABORT, 'full'); END")]
    [TestCase("a file that cannot be worked", "CREATE TRIGGER other BEFORE UPDATE OF status ON file BEGIN SELECT RAISE(ABORT, 'full'); END")]
    [TestCase("a heartbeat that cannot be written", "CREATE TRIGGER other BEFORE UPDATE ON setting BEGIN SELECT RAISE(ABORT, 'full'); END")]
    [TestCase("a claim that cannot be written", "CREATE TRIGGER other BEFORE INSERT ON file BEGIN SELECT RAISE(ABORT, 'full'); END")]
    public async Task Alarms_that_cannot_be_written_end_no_service(string what, string trigger)
    {
        using var root = await TestRoot.StartAsync(s => s.Pickup.PollInterval = TimeSpan.FromMilliseconds(50));
        await root.TakeAsync("LU", "a.csv", Rvf.Csv(Rvf.Row()));
        root.Sql("CREATE TRIGGER alarms BEFORE INSERT ON alarm BEGIN SELECT RAISE(ABORT, 'full'); END");
        root.Sql(trigger);
        root.Drop("UMU", "b.csv", Rvf.Csv(Rvf.Row()));
        root.Clock.Set(TestRoot.Winter("2026-01-19T15:00:03"));
        root.App.Bell.Ring();
        using var stop = new CancellationTokenSource();
        var running = root.App.Service.RunAsync(stop.Token);

        // Some rounds of its loop.
        await Task.WhenAny(running, Task.Delay(TimeSpan.FromSeconds(1)));
        Assert.That(running.IsCompleted, Is.False, $"{what}: {running.Exception?.InnerException?.Message}");
        root.Sql("DROP TRIGGER alarms; DROP TRIGGER other");
        // Past every wait between two tries.
        root.Clock.Set(TestRoot.Winter("2026-01-19T15:45:00"));
        var since = TimeProvider.System.GetTimestamp();
        while (!running.IsCompleted && TimeProvider.System.GetElapsedTime(since) < TimeSpan.FromSeconds(30) && !IsGood(root)) await Task.Delay(TimeSpan.FromMilliseconds(50));
        await stop.CancelAsync();
        await running;

        Assert.That(IsGood(root), Is.True, what + ": made good when the ledger can be written again");
    }

    [Test]
    public async Task An_alarm_file_that_cannot_be_written_ends_no_service()
    {
        using var root = await TestRoot.StartAsync(s => s.Pickup.PollInterval = TimeSpan.FromMilliseconds(50));
        // Where the alarms are written stands a folder.
        TestRoot.Files.Directory.CreateDirectory(root.At("logs", "alarms.jsonl"));
        TestRoot.Files.Directory.CreateDirectory(root.At("in", "UMU", "mapp"));
        using var stop = new CancellationTokenSource();
        var running = root.App.Service.RunAsync(stop.Token);
        TestRoot.Files.File.WriteAllText(root.At("schools.json"), "{\"schools\":");
        root.Drop("LU", "a.csv", Rvf.Csv(Rvf.Row()));

        var since = TimeProvider.System.GetTimestamp();
        while (!running.IsCompleted && TimeProvider.System.GetElapsedTime(since) < TimeSpan.FromSeconds(30) && !root.Out("LU").Any(n => n.EndsWith("kvittens.json", StringComparison.Ordinal)))
            await Task.Delay(TimeSpan.FromMilliseconds(50));
        Assert.That(running.IsCompleted, Is.False, running.Exception?.InnerException?.Message);
        await stop.CancelAsync();
        await running;

        Assert.That(root.Receipt("a.csv", "LU").Text("status"), Is.EqualTo("accepted"));
        Assert.That(root.Alarms.Select(a => a.Kind), Does.Contain("register").And.Contain("notAFile"));
    }

    private static bool IsGood(TestRoot root) =>
        root.Names("delivery").Contains("2026-01-19") && root.App.Ledger.Windows().All(w => w.Delivered is not null)
        && root.Out().Any(n => n.StartsWith("b.csv", StringComparison.Ordinal) && n.EndsWith("kvittens.json", StringComparison.Ordinal));

    /// <summary>Every school has sent a file; then a file stands where UMU's ut/ was.</summary>
    private static async Task<TestRoot> BlockedAsync()
    {
        var root = await TestRoot.StartAsync();
        // Registrations of schools with a catalogue need their offering.
        foreach (var school in Schools.Where(s => s != "UMU"))
            await root.TakeAsync(school, "k.txt", Rvf.WithHeader(Rvf.Huv(1, school), Rvf.Ktf()));
        foreach (var school in Schools) await root.TakeAsync(school, "a.csv", Rvf.Csv(Rvf.Row()));
        TestRoot.Files.Directory.Delete(root.At("ut", "UMU"), recursive: true);
        TestRoot.Files.File.WriteAllText(root.At("ut", "UMU"), "");
        return root;
    }

    private static List<string> CutoffReceipts(TestRoot root, string school) =>
        [.. root.Out(school).Where(n => n.StartsWith("2026-01-19.", StringComparison.Ordinal))];
}
