using Ingest.Worker.Tests.Support;

namespace Ingest.Worker.Tests.Pipeline;

/// <summary><c>run --once</c> by cron: each run is a process of its own, and what takes longer than one of them goes on in the next.</summary>
public class OnceAgainTests
{
    // behaviour.md: a fixed-width file without SLU is left for Pickup:IncompleteAfter and then refused (F05).
    [Test]
    public async Task A_file_without_its_trailer_is_refused_when_it_has_lain_ten_minutes_over_several_runs()
    {
        using var root = await TestRoot.StartAsync(s => s.Pickup.IncompleteAfter = TimeSpan.FromMinutes(10));
        root.Drop("UMU", "halv.txt", Rvf.Lines(Rvf.Huv(), Rvf.Reg()));
        await OnceAsync(root);
        await OnceAsync(root, "2026-01-19T10:05:00");
        await OnceAsync(root, "2026-01-19T10:09:59");
        Assert.That(root.Out(), Is.Empty);

        await OnceAsync(root, "2026-01-19T10:10:00");

        Assert.That((root.Receipt("halv.txt").Text("status"), string.Join(' ', root.Receipt("halv.txt").Codes())), Is.EqualTo(("rejected", "F05")));
    }

    [Test]
    public async Task A_file_without_its_trailer_that_is_finished_between_two_runs_counts()
    {
        using var root = await TestRoot.StartAsync(s => s.Pickup.IncompleteAfter = TimeSpan.FromMinutes(10));
        root.Drop("UMU", "halv.txt", Rvf.Lines(Rvf.Huv(), Rvf.Reg()));
        await OnceAsync(root);
        root.Drop("UMU", "halv.txt", Rvf.File(1, Rvf.Reg()));

        await OnceAsync(root, "2026-01-19T10:10:00");

        Assert.That(root.Receipt("halv.txt").Text("status"), Is.EqualTo("accepted"));
    }

    // Cutoff:MaxWait is 30 minutes, from the first run that waits: one file that is never whole holds up the others no longer.
    [Test]
    public async Task A_window_waits_for_an_unfinished_file_half_an_hour_over_all_runs_and_each_says_so()
    {
        using var root = await TestRoot.StartAsync(s => s.Pickup.IncompleteAfter = TimeSpan.FromHours(5));
        await root.TakeAsync("KTH", "f.txt", Rvf.WithHeader(Rvf.Huv(1, "KTH"), Rvf.Ktf(), Rvf.Reg()));
        root.Drop("UMU", "halv.txt", Rvf.Lines(Rvf.Huv(), Rvf.Reg()));
        await OnceAsync(root, "2026-01-19T14:55:00");
        Assert.That(await OnceAsync(root, "2026-01-19T15:01:00"), Is.EqualTo(Just.These(
            "Fönstret 2026-01-19, som skulle stänga måndag 19 januari 2026 klockan 15.00, är inte stängt än: "
            + "det väntar på filer som kom i tid men inte är hela eller färdiga, eller på mappar som är borta: in/UMU. Det stänger senast 15.31.")));
        Assert.That(await OnceAsync(root, "2026-01-19T15:16:00"), Has.Count.EqualTo(1).And.One.Contains("Det stänger senast 15.31."));
        Assert.That(root.Names("delivery"), Is.Empty);

        Assert.That(await OnceAsync(root, "2026-01-19T15:31:00"), Is.Empty);

        Assert.That(root.Names("delivery"), Is.EqualTo(Just.These("2026-01-19")));
        Assert.That(root.Alarms.Select(a => a.Kind), Does.Contain("movedOn"));
    }

    // The quiet period of a CSV is 10 s; a run that begins as the wait ends takes what arrived in time all the same.
    [Test]
    public async Task A_run_that_begins_just_before_the_wait_is_over_gives_what_lies_there_its_quiet_period()
    {
        using var root = await TestRoot.StartAsync(s => (s.Pickup.IncompleteAfter, s.Pickup.QuietPeriodCsv) = (TimeSpan.FromHours(5), TimeSpan.FromSeconds(10)));
        root.Drop("UMU", "halv.txt", Rvf.Lines(Rvf.Huv(), Rvf.Reg()));
        await OnceAsync(root, "2026-01-19T14:55:00");
        await OnceAsync(root, "2026-01-19T15:01:00");
        // The heartbeat stays at the last look before the close, for a file of that time is still untaken.
        root.Drop("LU", "f.csv", Rvf.Csv(Rvf.Row()));
        await root.RestartAsync(TestRoot.Winter("2026-01-19T15:30:59"));
        await root.StepAsync();
        await root.AdvanceAsync(5);
        Assert.That(root.Names("delivery"), Is.Empty);

        await root.AdvanceAsync(5);

        Assert.That(root.Receipt("f.csv", "LU").Text("window", "date"), Is.EqualTo("2026-01-19"));
        Assert.That(root.Names("delivery"), Is.EqualTo(Just.These("2026-01-19")));
    }

    private static async Task<List<string>> OnceAsync(TestRoot root, string? at = null)
    {
        if (at is not null) await root.RestartAsync(TestRoot.Winter(at));
        var told = new List<string>();
        await root.App.Service.RunOnceAsync(null, CancellationToken.None, told.Add);
        return told;
    }
}
