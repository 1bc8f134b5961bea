using Ingest.Worker.Pickup;
using Ingest.Worker.Service;
using Ingest.Worker.Settings;
using Ingest.Worker.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;

namespace Ingest.Worker.Tests.Pipeline;

/// <summary>What the service wakes for before its next poll, with a poll interval that no test waits for.</summary>
public class WakingTests
{
    [Test]
    public async Task The_service_wakes_when_a_quiet_period_is_over()
    {
        using var root = await TestRoot.StartAsync(s => s.Pickup = new PickupSettings { PollInterval = TimeSpan.FromMinutes(10), QuietPeriod = TimeSpan.Zero, QuietPeriodCsv = TimeSpan.FromMilliseconds(200) });
        root.Drop("UMU", "reg.csv", Rvf.Csv(Rvf.Row()));

        await RunUntilAsync(root, () => root.Out().Count > 0, "the receipts", meanwhile: () => root.Clock.Advance(TimeSpan.FromMilliseconds(20)));
    }

    [Test]
    public async Task The_service_wakes_when_a_done_file_comes()
    {
        using var root = await TestRoot.StartAsync(s => s.Pickup = new PickupSettings { PollInterval = TimeSpan.FromMinutes(10), QuietPeriodCsv = TimeSpan.FromHours(1), QuietPeriod = TimeSpan.FromHours(1), QuietPeriodUnterminated = TimeSpan.FromHours(1), IncompleteAfter = TimeSpan.FromHours(1) });
        root.Drop("HÖS", "reg.csv", Rvf.Csv(Rvf.Row()));
        var told = 0;

        await RunUntilAsync(root, () => root.Out("HÖS").Count > 0, "the receipts", meanwhile: () =>
        {
            // After the first poll.
            if (told++ == 25) root.Drop("HÖS", "reg.csv.klar", "");
        });
    }

    [TestCase("UMU/ny.csv", true)]
    [TestCase("ny.csv", true)]
    [TestCase("UMU/ny.csv.tmp", false)]
    [TestCase("UMU/.ny", false)]
    [TestCase("UMU/.ingest/20260119-000001", false)]
    public async Task The_bell_rings_for_a_name_that_a_poll_would_mind(string name, bool rings)
    {
        using var root = await TestRoot.StartAsync();
        var path = root.At(["in", .. name.Split('/')]);
        TestRoot.Files.Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        using var bell = new PollBell(TimeProvider.System);
        using var watch = DropWatch.Start(root.App.Root, bell, TimeProvider.System, NullLogger.Instance);
        Assert.That(watch, Is.Not.Null);

        await TestRoot.Files.File.WriteAllTextAsync(path, "");

        var since = TimeProvider.System.GetTimestamp();
        await bell.WaitAsync(TimeSpan.FromSeconds(rings ? 60 : 2), CancellationToken.None);
        Assert.That(TimeProvider.System.GetElapsedTime(since), rings ? Is.LessThan(TimeSpan.FromSeconds(50)) : Is.GreaterThan(TimeSpan.FromSeconds(1.5)));
    }

    [Test]
    public async Task A_folder_that_cannot_be_watched_is_polled()
    {
        using var root = await TestRoot.StartAsync();
        TestRoot.Files.Directory.Delete(root.At("in"), recursive: true);
        using var bell = new PollBell(TimeProvider.System);

        using var watch = DropWatch.Start(root.App.Root, bell, TimeProvider.System, NullLogger.Instance);

        Assert.That(watch, Is.Null);
    }

    private static async Task RunUntilAsync(TestRoot root, Func<bool> holds, string what, Action meanwhile)
    {
        using var stop = new CancellationTokenSource();
        var running = root.App.Service.RunAsync(stop.Token);
        await Patience.UntilAsync(() => holds() || running.IsCompleted, what, meanwhile);
        await stop.CancelAsync();
        await running;
        Assert.That(holds(), Is.True);
    }
}
