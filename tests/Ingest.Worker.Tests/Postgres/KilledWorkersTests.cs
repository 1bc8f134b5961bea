using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using Dapper;
using Ingest.Rules;
using Ingest.Tests;
using Ingest.Worker.Ledger;
using Ingest.Worker.Service;
using Ingest.Worker.Settings;
using Ingest.Worker.Tests.Support;

namespace Ingest.Worker.Tests.Postgres;

/// <summary>
/// Four processes on one root and one PostgreSQL, two of which are killed at random moments while fifty schools drop two thousand files:
/// what comes of it is what one undisturbed service makes of them.
/// </summary>
[Parallelizable(ParallelScope.Self)]
internal sealed partial class KilledWorkersTests
{
    private const int Schools = 50, FilesOfEach = 40;

    private static readonly TimeSpan TakenOver = TimeSpan.FromSeconds(30);
    private static readonly string[] Names = ["a", "b", "c", "d"];

    [Test]
    public async Task Four_workers_two_of_them_killed_come_to_what_one_comes_to()
    {
        using var alone = await TestRoot.StartAsync(s => (s.Ledger.ConnectionString, s.Cutoff.ClosedDates) = ("", [.. TodayAndTomorrow()]), at: TimeProvider.System.GetUtcNow());
        WriteRegister(alone.Folder);
        await alone.StepAsync();
        for (var n = 0; n < FilesOfEach; n++)
        {
            Drop(alone.Folder, n);
            await alone.AdvanceAsync(1);
        }
        var expected = Outcome(alone.Folder);

        await using var cluster = await PostgresCluster.StartAsync(durable: false);
        var database = await cluster.CreateDatabaseAsync();
        using var folder = new TempFolder();
        WriteRegister(folder.Path);
        var seed = Environment.TickCount;
        var random = new Random(seed);
        await TestContext.Out.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"seed {seed}"));
        using var ledger = new LedgerDatabase("", TimeProvider.System, connectionString: database);
        var workers = Names.ToDictionary(n => n, n => Start(folder.Path, database, n));
        var takenOver = TimeSpan.Zero;
        try
        {
            await Patience.UntilAsync(() => Workers(ledger).Count == Names.Length, "four workers");
            // The one that watches, and one that does not.
            var watches = Workers(ledger).Single(w => w.Holds.Contains(LedgerDatabase.Watch)).Name;
            Queue<(int At, string Name)> kills = new(new[] { watches, Names.Where(n => n != watches).ElementAt(random.Next(Names.Length - 1)) }
                .Select(name => (random.Next(FilesOfEach / 4, FilesOfEach), name)).OrderBy(k => k.Item1));
            for (var n = 0; n < FilesOfEach; n++)
            {
                Drop(folder.Path, n);
                while (kills.TryPeek(out var kill) && kill.At <= n)
                {
                    kills.Dequeue();
                    await Task.Delay(random.Next(200));
                    workers[kill.Name].Kill();
                }
            }
            while (kills.TryDequeue(out var kill)) workers[kill.Name].Kill();
            var killed = TimeProvider.System.GetTimestamp();
            await Patience.UntilAsync(() => Workers(ledger).Count == Names.Length - 2, "what the killed ones held is free");
            takenOver = TimeProvider.System.GetElapsedTime(killed);
            for (var (receipts, last) = (0, -1); receipts < Schools * FilesOfEach; receipts = Receipts(folder.Path))
            {
                // However slow the machine is, it goes on.
                if (receipts == last) await Patience.UntilAsync(() => Receipts(folder.Path) > receipts, "the next receipt");
                last = receipts;
            }
            await Patience.UntilAsync(() => Directory.GetFileSystemEntries(Path.Combine(folder.Path, "work")).Length == 0, "the archive");
        }
        finally
        {
            foreach (var worker in workers.Values)
            {
                worker.Kill();
                await worker.WaitForExitAsync();
                worker.Dispose();
            }
        }

        var outcome = Outcome(folder.Path);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(outcome.Keys, Is.EqualTo(expected.Keys));
            Assert.That(outcome.Where(o => expected.GetValueOrDefault(o.Key) is { } e && e != o.Value).Take(3), Is.Empty, "each receipt and each original is the same");
            Assert.That(takenOver, Is.LessThan(TakenOver));
            Assert.That(Commands.VerifyCommand.Run(new IngestSettings { Root = folder.Path, Ledger = { ConnectionString = database } }, TestRoot.Files, TestContext.Out), Is.Zero);
            using var connection = ledger.Open();
            Assert.That(connection.ExecuteScalar<long>("SELECT count(*) FROM file"), Is.EqualTo(Schools * FilesOfEach), "each file once");
            Assert.That(connection.Query<string>("SELECT kind FROM alarm WHERE kind NOT IN ('workerGone', 'silence')"), Is.Empty);
            Assert.That(connection.ExecuteScalar<long>("SELECT count(*) FROM file a JOIN file b ON b.school = a.school AND b.id > a.id AND b.sequence < a.sequence"), Is.Zero, "in order");
        }
    }

    /// <summary>No window closes on these, whatever time it is.</summary>
    private static IEnumerable<DateOnly> TodayAndTomorrow() => [Today, Today.AddDays(1)];

    private static readonly DateOnly Today = ReportingCalendar.SwedishDate(TimeProvider.System.GetUtcNow());

    private static string School(int n) => string.Create(CultureInfo.InvariantCulture, $"S{n:D2}");

    private static void WriteRegister(string root) =>
        File.WriteAllText(Path.Combine(root, "schools.json"), "{\"schools\":[" + string.Join(',', Enumerable.Range(0, Schools).Select(n => TestRoot.School(School(n), "\"StudentReporting\""))) + "]}");

    /// <summary>The n-th file of each school, all at once: what it says depends on its having been judged after the one before it.</summary>
    private static void Drop(string root, int n)
    {
        for (var s = 0; s < Schools; s++)
        {
            var (student, before) = (Rvf.Student(s + Schools * (n % 20)), Rvf.Student(s + Schools * ((n + 19) % 20)));
            var text = Rvf.WithHeader(Rvf.Huv(n + 1, School(s)), Rvf.Reg(student), Rvf.Res(before), Rvf.Reg(before, action: n % 3 == 2 ? "B" : "N"));
            var folder = Path.Combine(root, "in", School(s));
            Directory.CreateDirectory(folder);
            var name = string.Create(CultureInfo.InvariantCulture, $"{n:D2}.txt");
            File.WriteAllText(Path.Combine(folder, "." + name), text);
            File.Move(Path.Combine(folder, "." + name), Path.Combine(folder, name));
        }
    }

    private static Process Start(string root, string database, string name)
    {
        var start = new ProcessStartInfo("dotnet", [typeof(IngestApp).Assembly.Location, "run", "--root", root, "--Worker:Name=" + name, "--Ledger:ConnectionString=" + database,
            "--Pickup:QuietPeriod=0", "--Pickup:PollInterval=00:00:00.2", "--Cutoff:ClosedDates=" + string.Join(',', TodayAndTomorrow().Select(d => d.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)))])
        { RedirectStandardOutput = true, RedirectStandardError = true };
        var process = Process.Start(start)!;
        // Read, or it would wait for its reader some time.
        process.OutputDataReceived += (_, _) => { };
        process.ErrorDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;
    }

    private static int Receipts(string root) => Directory.EnumerateFiles(Path.Combine(root, "ut"), "*.kvittens.json", SearchOption.AllDirectories).Count();

    /// <summary>None before the first has made the tables.</summary>
    private static List<WorkerRow> Workers(LedgerDatabase ledger)
    {
        try
        {
            return ledger.Workers();
        }
        catch (Npgsql.PostgresException)
        {
            return [];
        }
    }

    /// <summary>Every receipt and every original by name, with ids and times made the same.</summary>
    private static SortedDictionary<string, string> Outcome(string root)
    {
        var outcome = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var path in new[] { "ut", "archive" }.SelectMany(top => Directory.EnumerateFiles(Path.Combine(root, top), "*", SearchOption.AllDirectories)))
            if (!outcome.TryAdd(Same(Path.GetRelativePath(root, path)), Same(File.ReadAllText(path)))) Assert.Fail("twice: " + path);
        return outcome;
    }

    // A file id, then an instant, a date, a weekday with its date, the moment in a receipt's name.
    private static string Same(string text) => Times().Replace(text, "#");

    [GeneratedRegex(@"\d{8}-\d{6}|\d{4}-\d\d-\d\d([T ]\d\d:\d\d:\d\d(\+\d\d:\d\d)?)?|(mån|tis|ons|tors|fre|lör|sön)dag \d+ \w+ \d{4}( klockan \d\d\.\d\d)?|20\d{12}(?=\.?TEST)")]
    private static partial Regex Times();
}
