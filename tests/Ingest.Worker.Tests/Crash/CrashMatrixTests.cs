using System.Text.RegularExpressions;

namespace Ingest.Worker.Tests.Crash;

/// <summary>
/// The process on a real disk, killed with SIGKILL at each step of what it does and started again: ledger, receipts, archive,
/// deliveries and alarms are then those of a run that nothing disturbed (<see cref="Outcome"/> says what is made the same). Which points there are
/// is found by playing the story once, so that a new one is tried by itself.
/// </summary>
[Parallelizable(ParallelScope.Self)]
public sealed class CrashMatrixTests
{
    // Reached only by a start after a kill, and only between volumes: each has a test of its own.
    private static readonly string[] Elsewhere = ["move.copied", "recovery.file", "recovery.settled"];

    // For one who looks for a fault: only the kills whose text matches.
    private static readonly Regex Only = new(Environment.GetEnvironmentVariable("INGEST_CRASH_ONLY") ?? "");

    [Test]
    public void A_kill_at_any_point_leaves_what_an_undisturbed_run_leaves()
    {
        using var runs = new CrashRuns(rows: 12);
        Assert.That(CrashPointTests.Named().Except(runs.Reached.SelectMany(r => r).Select(p => p.Split(':')[0])), Is.EqualTo(Elsewhere), "points that the story does not reach");

        Try(runs, [.. Each(runs), .. Recoveries, .. OverTheClose]);
    }

    [Test]
    public void A_kill_while_a_file_is_brought_over_from_another_volume_leaves_it_in_one_place()
    {
        using var memory = new OtherVolume();
        using var runs = new CrashRuns(rows: 12, played: 2, memory.Path);

        Assert.That(runs.Reached[1], Does.Contain("move.copied"));
        Assert.That(runs.Expected[1].Keys, Has.Some.StartsWith("in/KTH/.ingest"), "what lies there is looked at too");
        Try(runs, Each(runs).Where(k => k.Step == 1 && Regex.IsMatch(k.Point, "^(move|claim|work)|^output.*:(file|klar)#")));
    }

    [Test, Explicit("Some five minutes.")]
    public void A_kill_at_every_point_each_time_that_it_is_reached_leaves_what_an_undisturbed_run_leaves()
    {
        using var runs = new CrashRuns(rows: 40);
        Try(runs, [.. All(runs, most: 6), .. Recoveries]);
    }

    [Test, Explicit("Some five minutes.")]
    public void A_kill_at_any_moment_under_load_leaves_what_an_undisturbed_run_leaves()
    {
        var first = int.TryParse(Environment.GetEnvironmentVariable("INGEST_CRASH_SEED"), out var seed) ? seed : Random.Shared.Next(1_000_000);
        TestContext.Progress.WriteLine($"seeds {first} to {first + 199}");
        using var runs = new CrashRuns(rows: 5_000);

        var faults = runs.TryAtRandom(Enumerable.Range(first, 200));

        TestContext.Progress.WriteLine($"seeds {first} to {first + 199}, {runs.Killed} kills");
        Assert.That(faults, Is.Empty, string.Join("\n", faults));
    }

    private static void Try(CrashRuns runs, IEnumerable<Kill> of)
    {
        var kills = of.Where(k => Only.IsMatch(k.ToString())).ToList();
        var faults = runs.Try(kills);
        TestContext.Progress.WriteLine($"{kills.Select(k => k.Point.Split('#')[0]).Distinct().Count()} points, {kills.Count} places, {runs.Killed} kills");
        Assert.That(kills, Is.Not.Empty);
        Assert.That(faults, Is.Empty, string.Join("\n", faults));
    }

    // Whatever it was to be: what is left is the same half-made file, or one removed file fewer.
    private static readonly string[] OfOneKind = ["output.opened", "output.written", "purge.removed"];

    /// <summary>
    /// Each point once: at its first time in the first step that reaches it; every fourth one again at the start that follows. Of files half made
    /// and removed one in each step is enough; of renamed ones, each kind.
    /// </summary>
    private static IEnumerable<Kill> Each(CrashRuns runs) => runs.Reached
        .SelectMany((points, step) => points.Select(point => (Point: point + "#1", Step: step))).DistinctBy(r => r.Point)
        .DistinctBy(r => r.Point.Split(':', '#')[0] is var name && OfOneKind.Contains(name) ? (name, r.Step) : (r.Point, -1))
        .Select((r, i) => new Kill(r.Step, r.Point, Then: i % 4 == 0 ? r.Point : null));

    /// <summary>In the middle of what a start does about what a kill has left.</summary>
    private static readonly Kill[] Recoveries =
    [
        .. from first in (string[])["claim.row#3", "claim.renamed#2", "intake.written#2", "file.receipts#1", "archive.moved#2"]
           from then in (string[])["recovery.file#1", "start.recovered#1"]
           select new Kill(1, first, then),
        new Kill(1, "claim.row#1", "recovery.settled#1"),
        new Kill(1, "quarantine.done#1", "recovery.settled#1"),
        new Kill(9, "act.claimed#1", "recovery.settled#1"),
        new Kill(9, "act.written#1", "recovery.file#1"),
    ];

    /// <summary>Two seconds before 15:00, so that the next start is after it; some die again in the close that then comes first.</summary>
    private static readonly Kill[] OverTheClose =
    [
        .. from point in (string[])["poll.looked#1", "claim.row#1", "claim.row#2", "claim.renamed#1", "work.moved#1", "intake.staged#1", "intake.written#1", "intake.committing#1", "ledger.committed#9", "file.takenIn#1", "file.receipts#1", "archive.moved#1"]
           from then in (string?[])[null, "claim.row#1"]
           where then is null || point is "poll.looked#1" or "claim.row#1"
           select new Kill(3, point, then ?? (point.StartsWith("intake", StringComparison.Ordinal) ? "close.school#1" : null)),
    ];

    /// <summary>Each point in each step that reaches it, every time that it does, up to a few spread over the step.</summary>
    private static IEnumerable<Kill> All(CrashRuns runs, int most) =>
        from step in Enumerable.Range(0, runs.Steps.Count)
        from reached in runs.Reached[step].CountBy(p => p)
        let tried = Math.Min(most, reached.Value)
        from i in Enumerable.Range(0, tried)
        let point = $"{reached.Key}#{1 + (tried == 1 ? 0 : i * (reached.Value - 1) / (tried - 1))}"
        select new Kill(step, point, i % 2 == 0 ? reached.Key + "#1" : null);

    /// <summary>A folder in memory, as the drop folders on a share are.</summary>
    private sealed class OtherVolume : IDisposable
    {
        public OtherVolume()
        {
            if (!Directory.Exists("/dev/shm")) Assert.Ignore("There is no other volume to try with.");
            Path = System.IO.Path.Combine("/dev/shm", "ingest-crash-" + Guid.NewGuid().ToString("N"));
            Directory.CreateDirectory(Path);
        }

        public string Path { get; }

        public void Dispose() => Directory.Delete(Path, recursive: true);
    }
}
