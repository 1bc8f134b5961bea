using System.Text.Json;
using Ingest.Worker.Tests.Support;

namespace Ingest.Worker.Tests.Pipeline;

/// <summary>What an operator and a monitor see of a root: state, exit code and words.</summary>
public class StatusCommandTests
{
    [Test]
    public async Task Status_of_a_sound_root_is_exit_0()
    {
        // Its program runs under the machine's own clock.
        using var root = await TestRoot.StartAsync(at: TimeProvider.System.GetUtcNow());
        await root.TakeAsync("UMU", "f.txt", Rvf.File(5, Rvf.Reg(date: "20260112")));
        await root.TakeAsync("UMU", "g.txt", Rvf.File(8, Rvf.Reg(Rvf.Bo)));

        var result = await Cli.RunAsync("status", "--format", "json", "--root", root.Folder);

        using var json = JsonDocument.Parse(result.Out);
        var status = json.RootElement;
        Assert.That((result.Exit, status.Text("state")), Is.EqualTo((0, "ok")), result.Out);
        foreach (var name in Just.These("state", "nextCutoff", "lastClosed", "windows", "schools", "oldestWaiting", "alarms")) Assert.That(status.TryGetProperty(name, out _), Is.True, name);
        Assert.That(status.GetProperty("alarms").GetArrayLength(), Is.Zero);
        var umu = status.GetProperty("schools").EnumerateArray().Single(s => s.Text("code") == "UMU");
        Assert.That((umu.Text("waiting"), umu.Text("lastFile")), Is.EqualTo(("0", root.Receipt("g.txt").Text("fileId"))));
        var next = umu.GetProperty("nextSequence")[0];
        Assert.That((next.Text("system"), next.Text("next"), next.GetProperty("gaps").GetArrayLength()), Is.EqualTo(("Ladok", "9", 1)));
    }

    [Test]
    public async Task Status_of_a_degraded_root_is_exit_3()
    {
        // Of a January long past: its window is overdue.
        using var root = await TestRoot.StartAsync();
        await root.StepAsync();

        var result = await Cli.RunAsync("status", "--root", root.Folder);
        Assert.That((result.Exit, result.Error), Is.EqualTo((3, "")));
    }

    [Test]
    public async Task Status_of_an_overdue_close_says_so_in_plain_swedish()
    {
        using var root = await TestRoot.StartAsync();
        await root.TakeAsync("UMU", "f.csv", Rvf.Csv(Rvf.Row(), Rvf.Row("199601012398")));

        var lines = (await Cli.RunAsync("status", "--root", root.Folder)).Out.Split('\n');

        Assert.That(lines, Does.Contain("Nästa stängning: försenad, skulle ha skett måndag 19 januari 2026 klockan 15.00").And.Contain("Mapparna gicks senast igenom: 2026-01-19 10:00:00"));
        Assert.That(lines, Has.One.Matches(@"^UMU +0  20260119-000001  delvis accepterad +-$").And.One.Matches(@"^LU +0  - +- +-$"), "no English and no empty cell");
    }

    // Nothing is overdue and nothing lies in a folder, yet nobody would take what comes: the root's service has been down since this morning.
    [TestCase(29, 0)]
    [TestCase(31, 3)]
    public async Task Status_is_degraded_when_nobody_has_looked_for_half_an_hour(int minutes, int exit)
    {
        var now = TimeProvider.System.GetUtcNow();
        using var root = await TestRoot.StartAsync(at: now);
        await root.StepAsync(now);
        root.Sql($"UPDATE setting SET value = '{now.AddMinutes(-minutes).UtcDateTime:O}' WHERE key = 'polled'");

        var (text, json) = (await Cli.RunAsync("status", "--root", root.Folder), await Cli.RunAsync("status", "--root", root.Folder, "--format", "json"));

        Assert.That((text.Exit, json.Exit, text.Out.Contains("ingen tar emot filer: mapparna har inte gåtts igenom sedan", StringComparison.Ordinal)), Is.EqualTo((exit, exit, exit == 3)), text.Out);
        using var status = JsonDocument.Parse(json.Out);
        Assert.That((status.RootElement.Text("state"), status.RootElement.TryGetProperty("lastLook", out _)), Is.EqualTo((exit == 3 ? "degraded" : "ok", true)));
    }

    // A file that lay there after a stop holds the heartbeat by which windows are reckoned; somebody looks all the same.
    [Test]
    public async Task Status_knows_that_somebody_looks_while_a_file_of_before_a_stop_is_not_whole_yet()
    {
        var now = TimeProvider.System.GetUtcNow();
        using var root = await TestRoot.StartAsync(s => s.Pickup.IncompleteAfter = TimeSpan.FromHours(3), at: now.AddHours(-1));
        await root.StepAsync();
        root.App.Dispose();
        root.Drop("UMU", "halv.txt", Rvf.Lines(Rvf.Huv(), Rvf.Reg()));
        await root.RestartAsync(now);
        await root.StepAsync();

        var result = await Cli.RunAsync("status", "--root", root.Folder);

        Assert.That(result.Out, Does.Contain("Mapparna gicks senast igenom:").And.Not.Contain("ingen tar emot filer"));
    }

    [Test]
    public async Task Status_with_an_open_alarm_is_exit_3_and_lists_it()
    {
        using var root = await TestRoot.StartAsync(at: TimeProvider.System.GetUtcNow());
        TestRoot.Files.Directory.CreateDirectory(root.At("in", "UMU", "mapp"));
        await root.StepAsync();

        var result = await Cli.RunAsync("status", "--format", "json", "--root", root.Folder);

        using var json = JsonDocument.Parse(result.Out);
        Assert.That((result.Exit, json.RootElement.Text("state"), json.RootElement.GetProperty("alarms").GetArrayLength()), Is.EqualTo((3, "degraded", 1)));
    }
}
