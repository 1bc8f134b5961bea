using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Reflection;

namespace Ingest.Worker.Tests.Crash;

/// <summary>A kill to try: in which step, at which point (as <c>claim.row#2</c>), and where the start after it is killed in its turn, if it gets there.</summary>
internal sealed record Kill(int Step, string Point, string? Then = null)
{
    public override string ToString() => $"step {Step} {Point}{(Then is null ? "" : ", then " + Then)}";
}

/// <summary>
/// Plays the story undisturbed, once, and keeps the root as it was before each step; then tries kills on copies of it. Each process first
/// makes good what the one before it left, then is killed itself: a start for each kill.
/// </summary>
internal sealed class CrashRuns : IDisposable
{
    internal static readonly string Program = Path.Combine(Repository.Root, "tests", "Crashing", "bin",
        typeof(CrashRuns).Assembly.GetCustomAttribute<AssemblyConfigurationAttribute>()!.Configuration, "net10.0", "Crashing.dll");

    private readonly string folder = Directory.CreateTempSubdirectory("ingest-crash-").FullName;
    private readonly List<CrashStep> steps;
    private readonly string? otherVolume;
    private readonly int chunk;
    private readonly List<SortedDictionary<string, string>> expected = [];
    private readonly List<TimeSpan> took = [];
    private int roots;

    /// <param name="rows">Registrations in the largest file.</param>
    /// <param name="played">How many steps are played.</param>
    /// <param name="otherVolume">A folder on another volume, in which the drop folders then are; null: they are in the root.</param>
    public CrashRuns(int rows, int played = int.MaxValue, string? otherVolume = null)
    {
        this.otherVolume = otherVolume;
        // Some batches in the smallest files; not thousands in the largest.
        chunk = Math.Max(5, rows / 10);
        steps = [.. CrashStory.Steps(folder, rows).Take(played)];
        Assert.That(File.Exists(Program), Program);
        var root = Path.Combine(folder, "undisturbed");
        Directory.CreateDirectory(root);
        TestLedger.MakeEmpty(root);
        Tell(root);
        for (var step = 0; step < steps.Count; step++)
        {
            steps[step].Before?.Invoke(root);
            BringElsewhere(root);
            Copy(root, Snapshot(step));
            var reached = Path.Combine(folder, "reached");
            var began = Stopwatch.StartNew();
            var (exit, done, output) = Play(reached, [new(root, step, 0, null)]);
            took.Add(began.Elapsed);
            Assert.That((exit, done), Is.EqualTo((0, 1)), output);
            Reached.Add([.. File.ReadLines(reached)]);
            File.Delete(reached);
            expected.Add(Outcome.Of(root));
        }
    }

    /// <summary>The points that each step reaches, in order and as often as it does.</summary>
    public List<List<string>> Reached { get; } = [];

    /// <summary>What the undisturbed run came to after each step.</summary>
    public IReadOnlyList<SortedDictionary<string, string>> Expected => expected;

    public IReadOnlyList<CrashStep> Steps => steps;

    public int Killed;

    private sealed record Job(string Root, int Step, int Attempt, string? KillAt);

    /// <returns>What was different after each kill.</returns>
    public List<string> Try(IEnumerable<Kill> kills)
    {
        var queue = new ConcurrentQueue<Kill>(kills);
        var faults = new ConcurrentBag<string>();
        Parallel.For(0, 2, new ParallelOptions { MaxDegreeOfParallelism = 2 }, _ => Work(queue, faults));
        return [.. faults.Order(StringComparer.Ordinal)];
    }

    private void Work(ConcurrentQueue<Kill> queue, ConcurrentBag<string> faults)
    {
        (Kill Kill, Job Job)? left = null;
        while (true)
        {
            Kill? next = null;
            List<Job> jobs = [];
            if (left is { } before)
            {
                jobs.Add(before.Job);
                if (steps[before.Job.Step].Closes) jobs.Add(new Job(before.Job.Root, before.Job.Step + 1, 0, null));
            }
            var toMakeGood = jobs.Count;
            if (left?.Job.KillAt is null && queue.TryDequeue(out next))
            {
                var root = Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"root-{Interlocked.Increment(ref roots)}"));
                Copy(Snapshot(next.Step), root);
                jobs.Add(new Job(root, next.Step, 0, next.Point));
            }
            if (jobs.Count == 0) return;
            var (exit, done, output) = Play("-", jobs);
            var died = exit == 137;
            if (died) Interlocked.Increment(ref Killed);
            if (left is { } was)
            {
                if (done >= toMakeGood)
                {
                    Compare(was.Kill, was.Job, faults);
                    left = null;
                }
                else if (died && was.Job.KillAt is not null)
                {
                    left = (was.Kill, was.Job with { Attempt = was.Job.Attempt + 1, KillAt = null });
                }
                else
                {
                    faults.Add($"{was.Kill}: the start after it ended with {exit}\n{output}");
                    left = null;
                    if (next is not null) queue.Enqueue(next);
                    continue;
                }
            }
            if (next is null) continue;
            var own = jobs[^1];
            if (died && done == jobs.Count - 1) left = (next, own with { Attempt = 1, KillAt = next.Then });
            else if (!died) faults.Add($"{next}: was not killed, ended with {exit}\n{output}");
        }
    }

    /// <summary>Kills at moments that nobody chose: each seed a step, and one to four kills in it before it may end.</summary>
    public List<string> TryAtRandom(IEnumerable<int> seeds)
    {
        var faults = new ConcurrentBag<string>();
        Parallel.ForEach(seeds, new ParallelOptions { MaxDegreeOfParallelism = 2 }, seed =>
        {
            var random = new Random(seed);
            // Where the files are, most of the time.
            int[] likely = [0, 1, 1, 1, 1, 2, 4, 4, 4, 5, 5, 6, 6, 7, 8, 9, 11];
            var step = likely[random.Next(likely.Length)];
            var root = Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"seed-{seed}"));
            Copy(Snapshot(step), root);
            var attempt = 0;
            for (var kills = random.Next(1, 5); kills > 0; kills--)
            {
                // From the process's first moment to a little past its last.
                using var process = Start("-", [new Job(root, step, attempt, null)]);
                if (process.WaitForExit(took[step] * (random.NextDouble() * 1.1))) break;
                process.Kill();
                process.WaitForExit();
                Interlocked.Increment(ref Killed);
                attempt++;
            }
            var last = new Job(root, step, attempt, null);
            var (exit, _, output) = Play("-", [last]);
            if (exit != 0) faults.Add($"seed {seed}: the start after it ended with {exit}\n{output}");
            else Compare($"seed {seed}", last, faults);
        });
        return [.. faults.Order(StringComparer.Ordinal)];
    }

    private void Compare(object kill, Job job, ConcurrentBag<string> faults)
    {
        var (wanted, found) = (expected[job.Step], Outcome.Of(job.Root));
        if (steps[job.Step].Closes) (wanted, found) = (Outcome.HandedOn(expected[job.Step + 1]), Outcome.HandedOn(found));
        var differences = Outcome.Differences(wanted, found);
        if (differences.Count > 0) faults.Add($"{kill} ({steps[job.Step]}):\n  {string.Join("\n  ", differences.OrderBy(d => d.Length).Take(8))}");
        Directory.Delete(job.Root, recursive: true);
        TestLedger.Drop(job.Root);
    }

    private (int Exit, int Done, string Output) Play(string reached, IReadOnlyList<Job> jobs)
    {
        using var process = Start(reached, jobs);
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output.Split('\n').Count(l => l == "done"), output + errors.Result);
    }

    private Process Start(string reached, IReadOnlyList<Job> jobs)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true };
        // Each lives for a second: nothing is worth compiling twice.
        start.Environment["DOTNET_TieredPGO"] = "0";
        start.Environment["DOTNET_TC_CallCountingDelayMs"] = "60000";
        // One that is killed would leave its debugger's pipes behind.
        start.Environment["DOTNET_EnableDiagnostics"] = "0";
        start.Environment["CRASHING_CHUNK"] = chunk.ToString(CultureInfo.InvariantCulture);
        foreach (var argument in (IEnumerable<string>)[Program, reached, .. jobs.SelectMany(Arguments)]) start.ArgumentList.Add(argument);
        return Process.Start(start)!;
    }

    private string[] Arguments(Job job) =>
        [job.Root, steps[job.Step].At + "+01:00", steps[job.Step].Act, job.Attempt.ToString(CultureInfo.InvariantCulture), job.KillAt ?? "-"];

    private string Snapshot(int step) => Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"before-{step}"));

    private void Copy(string from, string to)
    {
        Shell("cp", "-a", from, to);
        TestLedger.Copy(from, to);
        Tell(to);
        BringElsewhere(to);
    }

    /// <summary>Beside the root stands where its ledger is, for the process that takes a step in it.</summary>
    private static void Tell(string root)
    {
        if (TestLedger.IsPostgres) File.WriteAllText(root + ".ledger", TestLedger.Of(root));
    }

    private void BringElsewhere(string root)
    {
        var drop = Path.Combine(root, "in");
        if (otherVolume is null || !Directory.Exists(drop)) return;
        var elsewhere = Path.Combine(otherVolume, Path.GetFileName(root));
        if (Path.Exists(elsewhere)) return;
        Shell("cp", "-a", drop + "/.", elsewhere);
        if (File.ResolveLinkTarget(drop, false) is null) Directory.Delete(drop, recursive: true);
        else File.Delete(drop);
        File.CreateSymbolicLink(drop, elsewhere);
    }

    private static void Shell(string program, params string[] arguments)
    {
        using var process = Process.Start(program, arguments);
        process.WaitForExit();
        Assert.That(process.ExitCode, Is.Zero, program);
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);
}
