using System.CommandLine;
using System.Globalization;
using System.IO.Abstractions;
using System.Runtime.InteropServices;
using Ingest.Formats;

namespace Ingest.Bench;

/// <summary>
/// A term of realistic rows from the drop folder to receipts and archive on disk, and its closes, several times over; each time the
/// yardsticks run too, so that what the machine does at that moment falls on all alike. Told are medians, and ratios of medians.
/// </summary>
internal static class EndToEnd
{
    private static readonly FileSystem Files = new();

    public static Command Build()
    {
        var rows = new Option<long>("--rows") { Description = "About how many records about students", DefaultValueFactory = _ => 1_000_000 };
        var shape = new Option<string>("--shape") { Description = "fixed or csv", DefaultValueFactory = _ => "fixed" };
        shape.AcceptOnlyFromAmong("fixed", "csv");
        var ledger = new Option<string>("--ledger") { Description = "sqlite", DefaultValueFactory = _ => "sqlite" };
        ledger.AcceptOnlyFromAmong("sqlite");
        var repeat = new Option<int>("--repeat") { Description = "How often; medians are told", DefaultValueFactory = _ => 5 };
        var yardsticks = new Option<bool>("--no-yardsticks") { Description = "The service alone" };
        var folder = new Option<string?>("--folder") { Description = "An existing folder to work in (default: the machine's temporary one)" };
        var command = new Command("end-to-end", "From dropped files to receipts and archive, and the closes, beside yardsticks") { rows, shape, ledger, repeat, yardsticks, folder };
        command.SetAction((parsed, _) => RunAsync(parsed.GetValue(rows), parsed.GetValue(shape) == "csv" ? FileShape.Csv : FileShape.FixedWidth,
            parsed.GetValue(repeat), parsed.GetValue(yardsticks) ? [] : Yardsticks.All, parsed.GetValue(folder) ?? Files.Path.GetTempPath()));
        return command;
    }

    private static async Task<int> RunAsync(long rows, FileShape shape, int repeat, (string Name, Func<Term, string, Task<TimeSpan>> Measure)[] yardsticks, string parent)
    {
        var folder = Files.Path.Combine(parent, "ingest-bench-" + Guid.NewGuid().ToString("N"));
        Files.Directory.CreateDirectory(folder);
        try
        {
            Say($"{RuntimeInformation.OSDescription}, {Environment.ProcessorCount} cores, .NET {Environment.Version}");
            var term = Term.Write(folder, rows, shape);
            Say($"{term.Rows:N0} rows in {term.Plain.Count} files, {term.Bytes / 1e6:N0} MB {shape}, 2 % faults; medians of {repeat}");
            var runs = new List<Measured>();
            var times = yardsticks.ToDictionary(y => y.Name, _ => new List<double>());
            for (var i = 0; i < repeat; i++)
            {
                runs.Add(await InAsync(folder, root => ServiceRun.StartAsync(term.Folder, root)));
                foreach (var (name, measure) in yardsticks)
                    times[name].Add((await InAsync(folder, scratch => measure(term, scratch))).TotalSeconds);
                Say($"  {i + 1}: intake {runs[^1].Intake:N2} s, closes {runs[^1].Close:N2} s, peak {runs[^1].PeakBytes / 1e6:N0} MB{string.Concat(times.Select(t => $", {t.Key} {t.Value[^1]:N2} s"))}");
            }
            Tell(term, runs, times);
            return 0;
        }
        finally
        {
            Files.Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>In an empty folder that is gone afterwards.</summary>
    private static async Task<T> InAsync<T>(string parent, Func<string, Task<T>> work)
    {
        var folder = Files.Path.Combine(parent, "run");
        Files.Directory.CreateDirectory(folder);
        try
        {
            return await work(folder);
        }
        finally
        {
            Files.Directory.Delete(folder, recursive: true);
        }
    }

    private static void Tell(Term term, List<Measured> runs, Dictionary<string, List<double>> times)
    {
        var intake = Median(runs.Select(r => r.Intake));
        Say($"""

            intake        {intake,8:N2} s   {term.Rows / intake,10:N0} rows/s   {term.Bytes / 1e6 / intake,6:N1} MB/s
            all closes    {Median(runs.Select(r => r.Close)),8:N2} s   {Median(runs.Select(r => r.Close)) / intake,6:N2} x intake; the largest {Median(runs.Select(r => r.LargestClose)):N2} s
            peak memory   {Median(runs.Select(r => (double)r.PeakBytes)) / 1e6,8:N0} MB
            allocated     {Median(runs.Select(r => (double)r.AllocatedBytes)) / term.Rows,8:N0} bytes a row

            stage         seconds   of the intake
            """);
        foreach (var stage in runs.SelectMany(r => r.Stages.Keys).Distinct())
        {
            var seconds = Median(runs.Select(r => r.Stages.GetValueOrDefault(stage)));
            Say(string.Create(CultureInfo.InvariantCulture, $"{stage,-12} {seconds,8:N2}   {(stage == "close" ? "" : $"{seconds / intake,6:P0}")}"));
        }
        if (times.Count == 0) return;
        Say("\nyardstick              seconds   intake takes");
        foreach (var (name, seconds) in times) Say($"{name,-20} {Median(seconds),8:N2}   {intake / Median(seconds),8:N2} x as long");
    }

    private static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToList();
        return sorted.Count % 2 == 1 ? sorted[sorted.Count / 2] : (sorted[sorted.Count / 2 - 1] + sorted[sorted.Count / 2]) / 2;
    }

    private static void Say(FormattableString text) => Say(text.ToString(CultureInfo.InvariantCulture));

    private static void Say(string text) => Console.WriteLine(text);
}
