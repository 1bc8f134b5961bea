using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using Dapper;
using Ingest.Worker.Ledger;
using Ingest.Worker.Tests.Support;

namespace Ingest.Worker.Tests.Operation;

/// <summary>
/// SIGTERM to the real process in the middle of a large file and of a close: it ends with exit code 0, and the next start leaves what
/// an undisturbed run leaves.
/// </summary>
[Parallelizable(ParallelScope.Self)]
public sealed partial class StopTests
{
    private const int Students = 10_000;
    private const string Term = "kill -TERM \"$1\"";

    [Test]
    public async Task A_stop_finishes_the_file_in_hand_begins_no_other_and_the_next_start_takes_the_rest()
    {
        using var undisturbed = await RootAsync(("a.csv", 8_000), ("b.csv", 1_000), ("c.csv", 1_000));
        Assert.That((await Cli.RunAsync(Arguments(undisturbed, "--once"))).Exit, Is.Zero);
        using var root = await RootAsync(("a.csv", 8_000), ("b.csv", 1_000), ("c.csv", 1_000));

        var stopped = await RunAndStopAsync(root, _ => root.Names("work").Count > 0, "a file is in hand", Term);

        Assert.That(stopped.Exit, Is.Zero, stopped.Error);
        var after = stopped.Out[stopped.Out.IndexOf("Stopping", StringComparison.Ordinal)..];
        Assert.That(Regex.Count(after, @" UMU: \w+, read "), Is.AtMost(1), "one school's file was in hand, and finished; none was begun");
        Assert.That(Uncommitted(root), Is.Zero, "nothing was left half done");
        Assert.That(root.Out().Count(n => n.EndsWith("kvittens.json", StringComparison.Ordinal)), Is.EqualTo(Archived(root)), "what was finished has its receipts");

        Assert.That((await Cli.RunAsync(Arguments(root, "--once"))).Exit, Is.Zero);
        Assert.That(Outcome(root), Is.EqualTo(Outcome(undisturbed)));
    }

    // SIGINT is ignored in what a shell starts in the background, so both are SIGTERM; at once, the two could become one.
    [TestCase("00:00:00", "kill -TERM \"$1\"", "Stop:Grace is over")]
    [TestCase("01:00:00", "kill -TERM \"$1\"; sleep 0.2; kill -TERM \"$1\" || true", "A second stop signal came")]
    public async Task A_stop_that_may_not_wait_ends_in_the_middle_of_the_file_and_the_next_start_works_it_anew(string grace, string signals, string why)
    {
        // On a machine that is so quick, or so slow to send a signal, that the file was through, a larger one.
        for (var rows = 8_000; ; rows *= 2)
        {
            using var root = await RootAsync(("a.csv", rows));
            var stopped = await RunAndStopAsync(root, _ => root.Names("work").Count > 0, "a file is in hand", signals, $"--Stop:Grace={grace}");
            Assert.That(stopped.Exit, Is.Zero, stopped.Error);
            if (root.Out().Count > 0 && rows < 1_000_000) continue;
            Assert.That(stopped.Out, Does.Contain(why));
            Assert.That(root.Out(), Is.Empty);

            using var undisturbed = await RootAsync(("a.csv", rows));
            foreach (var each in new[] { root, undisturbed }) Assert.That((await Cli.RunAsync(Arguments(each, "--once"))).Exit, Is.Zero);
            Assert.That(Outcome(root), Is.EqualTo(Outcome(undisturbed)));
            return;
        }
    }

    [TestCase("Started in", "01:00:00")]
    [TestCase("Started in", "00:00:00")]
    [TestCase("closed", "01:00:00")]
    [TestCase("closed", "00:00:00")]
    public async Task A_stop_in_the_middle_of_a_close_loses_and_doubles_nothing(string moment, string grace)
    {
        var undisturbed = await ClosedUndisturbed.Value;
        using var root = await OverdueAsync();

        // The window is overdue, so that it is closed after the first poll, and handed on after that.
        var stopped = await RunAndStopAsync(root, output => output.Contains(moment, StringComparison.Ordinal), moment, Term, $"--Stop:Grace={grace}");

        Assert.That(stopped.Exit, Is.Zero, stopped.Error);
        Assert.That((await Cli.RunAsync(Arguments(root, "--once"))).Exit, Is.Zero);
        Assert.That(Outcome(root), Is.EqualTo(undisturbed));
    }

    [Test]
    public async Task A_stop_that_comes_before_the_first_look_is_a_stop_too_and_forgets_nothing_that_was_seen()
    {
        using var root = await TestRoot.StartAsync();
        root.Drop("UMU", "f.csv", Rvf.Csv(Rvf.Row()));
        root.Sql("INSERT INTO seen (path, bytes, written, changed) VALUES ('f.csv', 1, '2026-01-19T09:00:00Z', '2026-01-19T09:00:00Z')");
        using var stop = new CancellationTokenSource();
        await stop.CancelAsync();

        await root.App.Service.RunOnceAsync(null, stop.Token);
        await root.App.Service.RunAsync(stop.Token);

        using var connection = root.App.Ledger.Open();
        Assert.That((root.Out(), connection.ExecuteScalar<long>("SELECT count(*) FROM seen")), Is.EqualTo((Array.Empty<string>(), 1)));
    }

    private static readonly Lazy<Task<List<string>>> ClosedUndisturbed = new(async () =>
    {
        using var root = await OverdueAsync();
        Assert.That((await Cli.RunAsync(Arguments(root, "--once"))).Exit, Is.Zero);
        Assert.That(root.Names("delivery"), Is.Not.Empty);
        return Outcome(root);
    });

    /// <summary>A root on which a service has been, with files in UMU's folder.</summary>
    private static async Task<TestRoot> RootAsync(params (string Name, int Rows)[] files)
    {
        var root = await TestRoot.StartAsync(at: TimeProvider.System.GetUtcNow());
        root.App.Dispose();
        foreach (var (name, rows) in files) root.Drop("UMU", name, Text(name, rows));
        return root;
    }

    /// <summary>A root whose service stood still since some days, when a large file had come.</summary>
    private static async Task<TestRoot> OverdueAsync()
    {
        var root = await TestRoot.StartAsync(at: TimeProvider.System.GetUtcNow().AddDays(-3));
        await root.TakeAsync("UMU", "a.csv", Text("a.csv", 4_000));
        root.App.Dispose();
        return root;
    }

    private static string Text(string name, int rows) => Rvf.Csv([.. Enumerable.Range(0, rows).Select(i => Rvf.Row(
        Rvf.Student(i % Students), string.Create(CultureInfo.InvariantCulture, $"TM{char.ToUpperInvariant(name[0])}{i / Students:D3}"), type: i % 50 == 3 ? "XXX" : "FFG"))]);

    private static string[] Arguments(TestRoot root, params string[] more) =>
        ["run", "--root", root.Folder, "--Pickup:QuietPeriod=00:00:00", "--Pickup:QuietPeriodCsv=00:00:00", "--Pickup:PollInterval=00:00:00.05", .. more];

    /// <param name="when">Asked with what the process has said so far.</param>
    private static async Task<CliResult> RunAndStopAsync(TestRoot root, Func<string, bool> when, string what, string signals, params string[] more)
    {
        using var process = new Process
        {
            StartInfo = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "ingest.dll"), .. Arguments(root, more)]) { RedirectStandardOutput = true, RedirectStandardError = true },
        };
        var output = new System.Text.StringBuilder();
        process.OutputDataReceived += (_, line) =>
        {
            lock (output) output.Append(line.Data).Append('\n');
        };
        TestLedger.Tell(process.StartInfo, root.Folder);
        process.Start();
        process.BeginOutputReadLine();
        var error = process.StandardError.ReadToEndAsync();
        try
        {
            await Patience.UntilAsync(() => process.HasExited || when(Said()), what);
            await Shell.RunAsync(signals, process.Id.ToString(CultureInfo.InvariantCulture));
            await process.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(120));
        }
        finally
        {
            if (!process.HasExited) process.Kill();
        }
        return new CliResult(process.ExitCode, Said(), await error);

        string Said()
        {
            lock (output) return output.ToString();
        }
    }

    private static long Uncommitted(TestRoot root) => Ask(root, "SELECT count(*) FROM line WHERE file IN (SELECT id FROM file WHERE state = 'claimed')");

    private static int Archived(TestRoot root) => Directory.Exists(root.At("archive")) ? Directory.EnumerateFiles(root.At("archive"), "*", SearchOption.AllDirectories).Count() : 0;

    private static long Ask(TestRoot root, string query)
    {
        using var ledger = TestLedger.Open(root.Folder);
        using var connection = ledger.Open();
        return connection.ExecuteScalar<long>(query);
    }

    /// <summary>
    /// What schools and case handling got, ids and times made the same, and how much the ledger has. Of windows the one that had records:
    /// another may have become due between two runs.
    /// </summary>
    private static List<string> Outcome(TestRoot root)
    {
        var counts = new[] { "file", "line", "finding", "event", "student_file", "event_id", "verdict", "(SELECT DISTINCT state FROM file) AS states" };
        var outcome = counts.Select(t => string.Create(CultureInfo.InvariantCulture, $"{t} {Ask(root, $"SELECT count(*) FROM {t}")}")).ToList();
        using (var ledger = TestLedger.Open(root.Folder))
        {
            var events = Stored.Events(ledger);
            outcome.Add($"events {events.Count}, doubled {events.GroupBy(e => e.Record).Count(g => g.Count() > 1)}");
        }
        var sent = Directory.EnumerateFiles(root.At("ut"), "*", SearchOption.AllDirectories).Concat(Directory.EnumerateFiles(root.At("archive"), "*", SearchOption.AllDirectories));
        var delivered = Directory.EnumerateFiles(root.At("delivery"), "UMU*.csv", SearchOption.AllDirectories);
        outcome.AddRange(sent.Concat(delivered).Order(StringComparer.Ordinal).Select(path => $"{Same(Path.GetRelativePath(root.Folder, path))} {Hash(Same(File.ReadAllText(path)))}"));
        outcome.Add($"half written: {Directory.EnumerateFiles(root.Folder, ".*.tmp", SearchOption.AllDirectories).Count()}; in work/: {root.Names("work").Count}");
        return outcome;
    }

    private static string Hash(string text) => Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(text)));

    private static string Same(string text) => Times().Replace(text, "#");

    // A file id, then a Swedish moment, a date, a weekday with its date and hour.
    [GeneratedRegex(@"\d{8}-\d{6}|\d{4}-\d\d-\d\d([T ]\d\d:\d\d:\d\d(\+\d\d:\d\d)?)?|(mån|tis|ons|tors|fre|lör|sön)dag \d+ \w+ \d{4}( klockan \d\d\.\d\d)?")]
    private static partial Regex Times();
}
