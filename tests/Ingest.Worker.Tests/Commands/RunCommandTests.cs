using System.Diagnostics;
using Ingest.Worker.Tests.Support;

namespace Ingest.Worker.Tests.Pipeline;

/// <summary><c>run</c> as a process of its own, under the machine's own clock.</summary>
public class RunCommandTests
{
    private static readonly string[] Quick = ["--Pickup:QuietPeriod=00:00:00", "--Pickup:QuietPeriodCsv=00:00:00", "--Pickup:PollInterval=00:00:00.05"];

    [Test]
    public async Task Once_works_what_is_there_closes_what_is_overdue_and_ends()
    {
        // Some days ago, and not further back: each window since is closed.
        using var root = await TestRoot.StartAsync(at: TimeProvider.System.GetUtcNow().AddDays(-4));
        var window = (await root.TakeAsync("UMU", "innan.csv", Rvf.Csv(Rvf.Row(Rvf.Bo)))).Text("window", "date")!;
        root.Drop("UMU", "f.csv", Rvf.Csv(Rvf.Row()));
        root.App.Dispose();

        var result = await Cli.RunAsync(["run", "--once", "--root", root.Folder, .. Quick]);

        Assert.That((result.Exit, result.Error), Is.EqualTo((0, "")));
        // Dropped while we were down, since that window was open.
        Assert.That(root.Receipt("f.csv").Text("window", "date"), Is.EqualTo(window));
        Assert.That(root.Json("delivery", window, "manifest.TEST.json").Text("totals", "delivered"), Is.EqualTo("2"));
        Assert.That(root.Names("logs"), Is.Not.Empty);
    }

    [Test]
    public async Task Once_waits_out_the_quiet_period()
    {
        using var root = await TestRoot.StartAsync(at: TimeProvider.System.GetUtcNow());
        root.Drop("UMU", "f.csv", Rvf.Csv(Rvf.Row()));
        root.App.Dispose();

        var result = await Cli.RunAsync("run", "--once", "--root", root.Folder, "--Pickup:QuietPeriodCsv=00:00:01", "--Pickup:QuietPeriod=00:00:01", "--Pickup:PollInterval=00:00:00.05");

        Assert.That(result.Exit, Is.Zero, result.Error);
        Assert.That(root.Receipt("f.csv").Text("fileId"), Is.Not.Null);
        Assert.That(result.Out, Does.Contain("Väntar på att filer i in/UMU ska ha legat stilla, högst 30 s efter den senaste ändringen."), "the longest of the periods that a file may need");
    }

    [Test]
    public async Task A_stop_signal_ends_it_with_exit_0()
    {
        using var root = await TestRoot.StartAsync(at: TimeProvider.System.GetUtcNow());
        root.Drop("UMU", "f.csv", Rvf.Csv(Rvf.Row()));
        root.App.Dispose();
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "ingest.dll"), "run", "--root", root.Folder, .. Quick]) { RedirectStandardOutput = true, RedirectStandardError = true };
        TestLedger.Tell(start, root.Folder);
        using var process = Process.Start(start)!;
        var reading = Task.WhenAll(process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        try
        {
            var patience = TimeSpan.FromSeconds(60);
            var since = TimeProvider.System.GetTimestamp();
            while (!root.Out().Any(n => n.EndsWith("kvittens.json", StringComparison.Ordinal)) && !process.HasExited && TimeProvider.System.GetElapsedTime(since) < patience)
                await Task.Delay(TimeSpan.FromMilliseconds(50));
            await Shell.RunAsync("kill -TERM \"$1\"", process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture));
            await process.WaitForExitAsync().WaitAsync(patience);
        }
        finally
        {
            if (!process.HasExited) process.Kill();
            await reading;
        }

        Assert.That(process.ExitCode, Is.Zero);
        Assert.That(root.Receipt("f.csv").Text("status"), Is.Not.Null);
    }
}
