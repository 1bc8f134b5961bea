using System.CommandLine;
using Ingest.Rules;
using Ingest.Tests;
using Ingest.Worker.Samples;

namespace Ingest.Bench;

/// <summary>Whether a row costs more in a larger file, and in a ledger that holds more.</summary>
internal static class Growth
{
    private const int Repeats = 3;
    private const double Bar = 1.2;
    private const int Schools = SampleOptions.MostSchools;

    // A file of each school a window.
    private const long HistoryRowsPerFile = 25_000;

    // What the first file has compiled is no part of what the others take; and code that is compiled better and better as it is used would
    // make a later file look cheaper than an earlier one, so that each method is compiled once.
    private const string CompileOnce = "DOTNET_TieredCompilation";
    private const long WarmUpRows = 20_000;

    // Courses apart: nothing is reported twice.
    private const int WarmUpCourse = 100, MeasuredCourse = 200, CoursesPerFile = 100;

    private static readonly long[] Sizes = [10_000, 100_000, 1_000_000, 10_000_000];
    private static readonly long[] SizesAgain = [10_000, 100_000];
    private static readonly string[] Codes = [.. Enumerable.Range(1, Schools).Select(n => $"SKOLA{n}")];

    public static Command Build()
    {
        var largest = new Option<long>("--largest") { Description = "The most rows in one file, up to 10,000,000", DefaultValueFactory = _ => 1_000_000 };
        var history = new Option<long>("--history") { Description = "Rows of earlier windows in the ledger in which the smaller files are measured again; 0: they are not", DefaultValueFactory = _ => 0 };
        var ledger = BenchLedger.Option();
        var folder = BenchFolder.Option();
        var command = new Command("growth", "Time a row in files of 10,000 rows and more, into an empty ledger and into a full one") { largest, history, ledger, folder };
        command.SetAction(async (parsed, _) =>
        {
            await using var postgres = parsed.GetValue(ledger) == BenchLedger.Postgres ? await PostgresCluster.StartAsync(durable: true) : null;
            await RunAsync(parsed.GetValue(largest), parsed.GetValue(history), postgres, parsed.GetValue(folder)!);
        });
        return command;
    }

    private static async Task RunAsync(long largest, long history, PostgresCluster? postgres, string folder)
    {
        Report.Machine();
        Report.Say($"One file, fixed width; medians of {Repeats}, in a process that has read {WarmUpRows:N0} rows before, without tiered compilation, ledger in {(postgres is null ? "SQLite" : "PostgreSQL")}");
        Environment.SetEnvironmentVariable(CompileOnce, "0");
        var empty = new Dictionary<long, double>();
        foreach (var rows in Sizes.Where(s => s <= largest))
        {
            var runs = new List<double>();
            for (var i = 0; i < Repeats; i++) runs.Add((await MeasureAsync(folder, postgres, 0, [rows]))[0]);
            empty.Add(rows, Report.Median(runs));
            Tell(rows, "empty ledger", empty[rows]);
            if (rows > Sizes[0]) Report.Against($"  beside {Sizes[0]:N0} rows", empty[rows] / empty[Sizes[0]], "x", Bar);
        }
        if (history == 0) return;
        var again = SizesAgain.Where(empty.ContainsKey).ToList();
        var full = await MeasureAsync(folder, postgres, history, [.. again.SelectMany(rows => Enumerable.Repeat(rows, Repeats))]);
        foreach (var (rows, i) in again.Select((rows, i) => (rows, i)))
        {
            var median = Report.Median(full[(i * Repeats)..((i + 1) * Repeats)]);
            Tell(rows, $"{history:N0} rows of {Schools} schools in the ledger", median);
            Report.Against("  beside the empty ledger", median / empty[rows], "x", Bar);
        }
    }

    private static void Tell(long rows, string ledger, double seconds) => Report.Say($"{rows,10:N0} rows, {ledger}: {seconds:N2} s, {seconds / rows * 1e6:N1} µs a row");

    /// <returns>Seconds for each of the files, handed in one after the other.</returns>
    private static async Task<double[]> MeasureAsync(string parent, PostgresCluster? postgres, long history, long[] sizes)
    {
        using var work = new BenchFolder(parent);
        var samples = work.Make("samples");
        Registrations.WriteSchools(samples, Codes);
        var registrations = new Registrations(samples, TermPlan.DefaultBaseDate);
        var steps = new List<(DateTimeOffset At, SampleFile? File)>();
        var calendar = new ReportingCalendar(new CutoffDays());
        var window = ReportingCalendar.On(TermPlan.DefaultBaseDate);
        for (long from = 0; from * Schools < history; from += HistoryRowsPerFile)
        {
            var rows = Math.Min(HistoryRowsPerFile, (history - from * Schools + Schools - 1) / Schools);
            foreach (var school in Codes) steps.Add(Arriving(1, at => registrations.Write(school, at, rows, from: from)));
            steps.Add((window.ClosesAt, null));
            window = calendar.After(window.Date);
        }
        steps.Add(Arriving(1, at => registrations.Write(Codes[1], at, WarmUpRows, WarmUpCourse)));
        for (var i = 0; i < sizes.Length; i++)
            steps.Add(Arriving(i + 2, at => registrations.Write(Codes[0], at, sizes[i], MeasuredCourse + CoursesPerFile * i)));
        ServiceRun.Plan(samples, steps);
        await using var ledger = await BenchLedger.NewAsync(postgres);
        return (await ServiceRun.StartAsync(samples, work.Make("root"), ledger.Connection)).Intakes[^sizes.Length..];

        // One after the other, an hour apart at most from 15:00.
        (DateTimeOffset, SampleFile?) Arriving(int minute, Func<DateTimeOffset, SampleFile> write)
        {
            var at = window.ClosesAt.AddHours(-1).AddMinutes(minute);
            return (at, write(at));
        }
    }
}
