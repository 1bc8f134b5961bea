using System.Diagnostics;
using System.Text.Json;
using Ingest.Worker.Service;
using Ingest.Worker.Settings;
using Ingest.Worker.Tests.Support;

namespace Ingest.Worker.Tests.Pipeline;

/// <summary>Starts that cannot go on, and looking at a root whose register is broken.</summary>
public class StartTests
{
    [TestCase("run --once")]
    [TestCase("run")]
    [TestCase("cutoff")]
    public async Task Real_settings_on_a_test_root_are_refused_with_one_line(string command)
    {
        using var root = await TestRoot.StartAsync(at: TimeProvider.System.GetUtcNow());
        await root.TakeAsync("UMU", "a.csv", Rvf.Csv(Rvf.Row()));
        root.Drop("UMU", "b.csv", Rvf.Csv(Rvf.Row(Rvf.Bo)));
        root.App.Dispose();

        // A service that starts all the same would run for ever.
        var result = await ShellAsync("exec timeout 60 \"$@\"", [.. command.Split(' '), "--root", root.Folder, "--Environment=PROD"]);

        Assert.That((result.Exit, result.ErrorLines.Length), Is.EqualTo((78, 1)), result.Error);
        Assert.That(result.Error, Does.Contain("TEST").And.Contain("PROD"));
        Assert.That(root.Names("in", "UMU"), Is.EqualTo(Just.These("b.csv")), "nothing is taken");
    }

    [Test]
    public async Task A_test_root_stays_one_however_often_it_is_tried()
    {
        using var root = await TestRoot.StartAsync();
        root.Settings.Environment = "PROD";
        foreach (var _ in Enumerable.Range(0, 2))
            Assert.That(() => root.RestartAsync(TestRoot.Morning), Throws.TypeOf<StartException>().With.Message.Contains("TEST").And.Message.Contains("PROD"));

        root.Settings.Environment = "TEST";
        await root.RestartAsync(TestRoot.Morning);
        Assert.That((await root.TakeAsync("UMU", "a.csv", Rvf.Csv(Rvf.Row()))).Text("status"), Is.EqualTo("accepted"));
    }

    [Test]
    public async Task Status_with_a_broken_register_shows_windows_and_the_fault()
    {
        using var root = await BrokenAsync();

        var text = await Cli.RunAsync("status", "--root", root.Folder);
        var json = await Cli.RunAsync("status", "--format", "json", "--root", root.Folder);

        var window = root.Receipt("a.txt").Text("window", "date")!;
        Assert.That((text.Exit, json.Exit), Is.EqualTo((3, 3)), text.Error + json.Error);
        Assert.That(text.Out, Does.Contain(window).And.Contain("schools.json"));
        using var document = JsonDocument.Parse(json.Out);
        var status = document.RootElement;
        Assert.That(status.Text("state"), Is.EqualTo("degraded"));
        Assert.That(status.GetProperty("faults").EnumerateArray().Select(f => f.GetString()), Has.Some.Contains("schools.json"));
        Assert.That(status.GetProperty("windows").EnumerateArray().Single(w => w.Text("date") == window).Text("counts", "accepted"), Is.EqualTo("1"));
        var school = status.GetProperty("schools").EnumerateArray().Single(s => s.Text("code") == "UMU");
        Assert.That((school.Text("lastStatus"), school.GetProperty("nextSequence")[0].Text("next")), Is.EqualTo(("accepted", "2")));
    }

    [Test]
    public async Task Receipts_are_made_again_with_a_broken_register()
    {
        using var root = await BrokenAsync();
        var (id, before) = (root.Receipt("a.txt").Text("fileId")!, root.Hashes("ut"));
        foreach (var name in root.Out()) TestRoot.Files.File.Delete(root.At("ut", "UMU", name));

        var result = await Cli.RunAsync("receipts", id, "--root", root.Folder);

        Assert.That(result.Exit, Is.Zero, result.Error);
        Assert.That(root.Hashes("ut"), Is.EqualTo(before));
    }

    [Test]
    public async Task A_first_start_that_breaks_off_leaves_no_half_register()
    {
        var folder = TestRoot.Files.Directory.CreateTempSubdirectory("ingest-test-").FullName;
        try
        {
            var root = Path.Combine(folder, "data");
            // A file may grow to one block and no further, as on a full disk.
            var first = await ShellAsync("ulimit -f 1; exec \"$@\"", ["run", "--once", "--root", root]);
            var said = $"{first.Exit}: {first.Out}{first.Error}";
            Assert.That(first.Exit, Is.Not.Zero, said);
            Assert.That(TestRoot.Files.Directory.Exists(root), Is.True, "the program came so far: " + said);
            Assert.That(TestRoot.Files.File.Exists(Path.Combine(root, "schools.json")), Is.False, said);

            var second = await Cli.RunAsync("run", "--once", "--root", root);

            Assert.That((second.Exit, second.Error), Is.EqualTo((0, "")));
            Assert.That(TestRoot.Files.File.ReadAllText(Path.Combine(root, "schools.json")), Is.EqualTo(IngestApp.SeedRegister()));
        }
        finally
        {
            TestRoot.Files.Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<CliResult> ShellAsync(string script, string[] arguments)
    {
        var start = new ProcessStartInfo("/bin/sh", ["-c", script, "sh", "dotnet", Path.Combine(AppContext.BaseDirectory, "ingest.dll"), .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Path.GetTempPath(),
        };
        // The runtime's own mappings and pipes are no files of ours.
        start.Environment["DOTNET_EnableWriteXorExecute"] = "0";
        start.Environment["DOTNET_EnableDiagnostics"] = "0";
        TestLedger.Tell(start, arguments[Array.IndexOf(arguments, "--root") + 1]);
        using var process = Process.Start(start)!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        return new CliResult(process.ExitCode, await output, await error);
    }

    /// <summary>A file is in, and an edit of the register was broken off.</summary>
    private static async Task<TestRoot> BrokenAsync()
    {
        // The program runs under the machine's own clock.
        var root = await TestRoot.StartAsync(at: TimeProvider.System.GetUtcNow());
        await root.TakeAsync("UMU", "a.txt", Rvf.File(1, Rvf.Reg(date: "20260112")));
        TestRoot.Files.File.WriteAllText(root.At("schools.json"), TestRoot.Register()[..^40]);
        return root;
    }
}
