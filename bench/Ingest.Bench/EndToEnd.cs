using System.CommandLine;
using System.Globalization;
using System.IO.Abstractions;
using Ingest.Formats;
using Ingest.Tests;
using static Ingest.Bench.Report;

namespace Ingest.Bench;

/// <summary>
/// A term of realistic rows from the drop folder to receipts and archive on disk, and its closes, several times over; each time the
/// yardsticks run too, so that what the machine does at that moment falls on all alike. Told are medians, and ratios of medians.
/// </summary>
internal static class EndToEnd
{
    private const double CheckBar = 0.25, CloseBar = 0.5;

    private static readonly FileSystem Files = new();

    public static Command Build()
    {
        var rows = new Option<long>("--rows") { Description = "About how many records about students", DefaultValueFactory = _ => 1_000_000 };
        var shape = new Option<string>("--shape") { Description = "fixed or csv", DefaultValueFactory = _ => "fixed" };
        shape.AcceptOnlyFromAmong("fixed", "csv");
        var ledger = BenchLedger.Option();
        var repeat = new Option<int>("--repeat") { Description = "How often; medians are told", DefaultValueFactory = _ => 5 };
        var yardsticks = new Option<bool>("--no-yardsticks") { Description = "The service and check alone" };
        var program = IngestProgram.Option();
        var folder = BenchFolder.Option();
        var command = new Command("end-to-end", "From dropped files to receipts and archive, and the closes, beside yardsticks; and check of the largest file") { rows, shape, ledger, repeat, yardsticks, program, folder };
        command.SetAction((parsed, _) => RunAsync(parsed.GetValue(rows), parsed.GetValue(shape) == "csv" ? FileShape.Csv : FileShape.FixedWidth,
            parsed.GetValue(ledger) == BenchLedger.Postgres, parsed.GetValue(repeat), !parsed.GetValue(yardsticks), parsed.GetValue(program)!, parsed.GetValue(folder)!));
        return command;
    }

    private static async Task RunAsync(long rows, FileShape shape, bool onPostgres, int repeat, bool withYardsticks, IngestProgram program, string parent)
    {
        Machine();
        await using var postgres = onPostgres || (withYardsticks && PostgresCluster.IsInstalled) ? await PostgresCluster.StartAsync(durable: true) : null;
        var yardsticks = withYardsticks ? Yardsticks.Of(postgres, onPostgres) : [];
        using var folder = new BenchFolder(parent);
        var term = Term.Write(folder, rows, shape);
        Say($"{term.Rows:N0} rows in {term.Plain.Count} files, {term.Bytes / 1e6:N0} MB {shape}, 2 % faults, ledger in {(onPostgres ? "PostgreSQL" : "SQLite")}; medians of {repeat}");
        var (runs, alone, against) = (new List<Measured>(), new List<double>(), new List<double>());
        var times = yardsticks.ToDictionary(y => y, _ => new List<double>());
        for (var i = 0; i < repeat; i++)
        {
            await InAsync(folder, async root =>
            {
                await using var ledger = await BenchLedger.NewAsync(onPostgres ? postgres : null);
                runs.Add(await ServiceRun.StartAsync(term.Folder, root, ledger.Connection));
                var (file, school) = (Files.Path.Combine(term.Folder, term.Largest.Path), term.Largest.School);
                alone.Add((await program.CheckAsync(file, "--school", school)).TotalSeconds);
                against.Add((await program.CheckAsync(file, "--school", school, "--root", root, $"--Ledger:ConnectionString={ledger.Connection}")).TotalSeconds);
            });
            foreach (var yardstick in yardsticks)
                await InAsync(folder, async scratch => times[yardstick].Add((await yardstick.Measure(term, scratch)).TotalSeconds));
            Say($"  {i + 1}: intake {runs[^1].Intake:N2} s, closes {runs[^1].Close:N2} s, peak {runs[^1].PeakBytes / 1e6:N0} MB, check {alone[^1]:N2} s{string.Concat(times.Select(t => $", {t.Key.Name} {t.Value[^1]:N2} s"))}");
        }
        Tell(term, runs);
        TellChecks(term, Median(runs.Select(r => r.Intake)) / term.Rows, ("without a root", Median(alone)), ("with --root", Median(against)));
        if (yardsticks.Count > 0) TellYardsticks(Median(runs.Select(r => r.Intake)), times);
    }

    /// <summary>In an empty folder that is gone afterwards.</summary>
    private static async Task InAsync(BenchFolder folder, Func<string, Task> work)
    {
        using var of = new BenchFolder(folder.Path);
        await work(of.Path);
    }

    private static void Tell(Term term, List<Measured> runs)
    {
        var intake = Median(runs.Select(r => r.Intake));
        Say($"""

            intake        {intake,8:N2} s   {term.Rows / intake,10:N0} rows/s   {term.Bytes / 1e6 / intake,6:N1} MB/s
              processor   {Median(runs.Select(r => r.Processor)),8:N2} s
            all closes    {Median(runs.Select(r => r.Close)),8:N2} s   {Median(runs.Select(r => r.Close)) / intake,6:N2} x intake   (bar {CloseBar}); the largest {Median(runs.Select(r => r.LargestClose)):N2} s
            peak memory   {Median(runs.Select(r => (double)r.PeakBytes)) / 1e6,8:N0} MB
            allocated     {Median(runs.Select(r => (double)r.AllocatedBytes)) / term.Rows,8:N0} bytes a row

            stage         seconds   of the intake
            """);
        foreach (var stage in runs.SelectMany(r => r.Stages.Keys).Distinct())
        {
            var seconds = Median(runs.Select(r => r.Stages.GetValueOrDefault(stage)));
            Say(string.Create(CultureInfo.InvariantCulture, $"{stage,-12} {seconds,8:N2}   {(stage == "close" ? "" : $"{seconds / intake,6:P0}")}"));
        }
    }

    private static void TellChecks(Term term, double intakeOfRow, params (string How, double Seconds)[] checks)
    {
        Say($"\ncheck of the largest file, {term.LargestRows:N0} rows; an intake is {intakeOfRow * 1e6:N1} µs a row");
        foreach (var (how, seconds) in checks)
        {
            var row = seconds / term.LargestRows;
            Say($"{how,-20} {seconds,8:N2} s {row * 1e6,8:N1} µs a row   {row / intakeOfRow,6:N2} x intake   (bar {CheckBar})");
        }
    }

    private static void TellYardsticks(double intake, Dictionary<Yardstick, List<double>> times)
    {
        Say("\nyardstick              seconds   intake takes          bar");
        foreach (var (yardstick, seconds) in times)
            Say($"{yardstick.Name,-20} {Median(seconds),8:N2}   {intake / Median(seconds),8:N2} x as long   {yardstick.Bar}");
        if (!PostgresCluster.IsInstalled) Say("psql \\copy was not measured: PostgreSQL is not installed (apt-get install postgresql).");
    }
}
