using Ingest.Worker.Service;
using Ingest.Worker.Tests.Pipeline;
using Ingest.Worker.Tests.Support;

namespace Ingest.Worker.Tests.Surroundings;

/// <summary>Clocks that are set, stops over a close, and files whose last write says nothing of when they came.</summary>
[Parallelizable(ParallelScope.All)]
public class ClockFaultsTests
{
    private static readonly DateTimeOffset Three = TestRoot.Winter("2026-01-19T15:00:00");

    [Test]
    public async Task Another_file_of_the_same_name_size_and_last_write_after_15_00_arrived_after_15_00()
    {
        using var root = await TestRoot.StartAsync(TestRoot.Quiet);
        var old = new DateTime(2001, 1, 1, 0, 0, 0, DateTimeKind.Utc);
        await root.StepAsync(Three.AddSeconds(-10));
        File.SetLastWriteTimeUtc(root.Drop("UMU", "a.csv", Rvf.Csv(Rvf.Row())), old);
        await root.StepAsync(Three.AddSeconds(-5));
        // As cp -p and rsync -t leave it.
        var other = root.At("in", "UMU", ".b");
        File.WriteAllText(other, Rvf.Csv(Rvf.Row(Rvf.Bo)));
        File.SetLastWriteTimeUtc(other, old);
        File.Move(other, root.At("in", "UMU", "a.csv"), overwrite: true);
        await root.StepAsync(Three.AddSeconds(1));
        await root.StepAsync(Three.AddSeconds(12));

        Assert.That(root.Receipt("a.csv").Text("window", "date"), Is.EqualTo("2026-01-20"));
    }

    [Test]
    public async Task A_file_with_an_old_last_write_is_no_file_that_has_lain_long()
    {
        using var root = await TestRoot.StartAsync(TestRoot.Quiet, TimeProvider.System.GetUtcNow());
        File.SetLastWriteTimeUtc(root.Drop("UMU", "a.csv", Rvf.Csv(Rvf.Row())), new DateTime(2001, 1, 1, 0, 0, 0, DateTimeKind.Utc));
        await root.StepAsync();
        Assert.That(ServiceStatus.Of(root.App).Faults, Is.Empty);

        root.Clock.Advance(TimeSpan.FromMinutes(11));

        Assert.That(ServiceStatus.Of(root.App).Faults, Has.Some.Contains("har legat i in/UMU"));
    }

    [Test]
    public async Task A_clock_set_back_over_15_00_after_the_close_opens_no_window_again_and_holds_no_file()
    {
        using var root = await TestRoot.StartAsync(TestRoot.Quiet);
        await root.StepAsync(Three.AddSeconds(-1));
        await root.StepAsync(Three.AddSeconds(3));
        root.Drop("UMU", "före.csv", Rvf.Csv(Rvf.Row()));
        await root.StepAsync(Three.AddMinutes(10));
        Assert.That(root.Names("delivery"), Is.EqualTo(Just.These("2026-01-19")));

        root.Clock.Jump(-TimeSpan.FromHours(1));
        await root.StepAsync();
        root.Drop("UMU", "efter.csv", Rvf.Csv(Rvf.Row(Rvf.Bo)));
        await root.AdvanceAsync(1);
        await root.AdvanceAsync(10);

        foreach (var name in Just.These("före.csv", "efter.csv"))
            Assert.That((root.Receipt(name).Text("window", "date"), root.Receipt(name).Text("receivedAt")!.StartsWith("2026-01-19T14:10:0", StringComparison.Ordinal)), Is.EqualTo(("2026-01-20", true)), name);
        await root.StepAsync(Three.AddSeconds(5));
        Assert.That(root.Names("delivery"), Is.EqualTo(Just.These("2026-01-19")));
        await root.CloseAsync("2026-01-20");
        Assert.That(WindowTests.Totals(root, "2026-01-20"), Does.StartWith("accepted 2 waiting 0 delivered 2"));
        Assert.That(root.Alarms.Select(a => a.Kind), Is.EqualTo(Just.These("clock")));
        Assert.That(root.Alarms[0].Message, Does.Contain("tillbaka 60 minuter"));
    }

    [Test]
    public async Task A_clock_set_forth_over_15_00_closes_by_the_clock_and_tells_and_set_back_again_nothing_is_twice()
    {
        using var root = await TestRoot.StartAsync(TestRoot.Quiet);
        root.Drop("UMU", "a.csv", Rvf.Csv(Rvf.Row()));
        await root.StepAsync();
        root.Clock.Jump(TimeSpan.FromHours(6));
        await root.StepAsync();
        Assert.That((root.Out().Count, root.Names("delivery").Count), Is.EqualTo((0, 0)), "a clock that is set is no quiet period, and no half an hour that was waited");
        await root.AdvanceAsync(11);
        Assert.That(root.Receipt("a.csv").Text("window", "date"), Is.EqualTo("2026-01-19"), "it came before");
        root.Clock.Jump(TimeSpan.FromHours(-6));
        await root.AdvanceAsync(60);
        await root.CloseAsync("2026-01-19");

        Assert.That(root.Names("delivery"), Is.EqualTo(Just.These("2026-01-19")));
        Assert.That(root.App.Ledger.Windows(), Has.Count.EqualTo(1));
        Assert.That(root.Alarms.Select(a => a.Message), Has.Some.Contains("fram 360 minuter").And.Some.Contains("tillbaka 360 minuter"));
    }

    [TestCase("2026-01-20T09:00:00", "2026-01-19", Description = "over one close")]
    [TestCase("2026-01-24T10:00:00", "2026-01-19 2026-01-20 2026-01-21 2026-01-22 2026-01-23", Description = "over five")]
    public async Task What_lay_there_after_a_stop_is_given_its_quiet_period_before_the_windows_of_the_stop_close(string back, string closed)
    {
        using var root = await TestRoot.StartAsync(TestRoot.Quiet);
        await root.StepAsync();
        root.Drop("UMU", "a.csv", Rvf.Csv(Rvf.Row()));
        await root.RestartAsync(TestRoot.Winter(back));
        await root.StepAsync();
        Assert.That(root.Names("delivery"), Is.Empty);

        await root.AdvanceAsync(10);

        Assert.That(string.Join(' ', root.Names("delivery")), Is.EqualTo(closed));
        Assert.That(root.Receipt("a.csv").Text("window", "date"), Is.EqualTo("2026-01-19"));
        Assert.That(WindowTests.Totals(root, "2026-01-19"), Does.StartWith("accepted 1 waiting 0 delivered 1"));
        Assert.That(root.Alarms, Is.Empty);
    }

    [Test]
    public async Task A_folder_that_could_not_be_written_is_tried_again_though_the_clock_was_set_back()
    {
        using var root = await TestRoot.StartOnAsync([("ut/UMU", 256)]);
        root.On("ut/UMU").Fill();
        root.Drop("UMU", "a.csv", Rvf.Csv(Rvf.Row()));
        await root.StepAsync();
        root.On("ut/UMU").Empty();
        root.Clock.Jump(TimeSpan.FromDays(-2));

        await root.AdvanceAsync(60);

        Assert.That(root.Receipt("a.csv").Text("status"), Is.EqualTo("accepted"));
    }
}
