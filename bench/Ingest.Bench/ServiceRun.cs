using System.CommandLine;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Globalization;
using System.IO.Abstractions;
using System.Text.Json;
using Ingest.Tests;
using Ingest.Worker.Samples;
using Ingest.Worker.Service;

namespace Ingest.Bench;

/// <summary>What one run of the service came to.</summary>
/// <param name="Intakes">Seconds from files that were dropped to their receipts and archive, for those of each moment.</param>
/// <param name="Close">Seconds for all closes with what is handed on.</param>
/// <param name="LargestClose">Seconds for the one that took longest.</param>
/// <param name="PeakBytes">The most memory that was ever resident.</param>
/// <param name="AllocatedBytes">Managed memory allocated during intake.</param>
/// <param name="Processor">Seconds of processor time during intake, of all cores together: what else the machine does changes it little.</param>
/// <param name="CloseAllocatedBytes">Managed memory allocated during all closes.</param>
/// <param name="CloseProcessor">Seconds of processor time during all closes.</param>
/// <param name="Stages">Seconds by stage.</param>
internal sealed record Measured(
    double[] Intakes, double Close, double LargestClose, long PeakBytes, long AllocatedBytes, double Processor, long CloseAllocatedBytes, double CloseProcessor, Dictionary<string, double> Stages)
{
    public double Intake => Intakes.Sum();
}

/// <summary>The service in a process of its own, so that its memory is its own: plays a term and says on a line what it measured.</summary>
internal static class ServiceRun
{
    private const string Verb = "service";
    private static readonly FileSystem Files = new();

    public static Command Build()
    {
        var samples = new Argument<string>("SAMPLES");
        var root = new Argument<string>("ROOT");
        var ledger = new Argument<string>("LEDGER");
        var command = new Command(Verb, "One run, as end-to-end starts it") { samples, root, ledger };
        command.Hidden = true;
        command.SetAction(async (parsed, _) => Console.WriteLine(JsonSerializer.Serialize(await MeasureAsync(parsed.GetValue(samples)!, parsed.GetValue(root)!, parsed.GetValue(ledger)!))));
        return command;
    }

    /// <summary>
    /// Writes down when which file comes: <c>expected.json</c> says so too, but is larger than the service may grow. What schools send within
    /// a minute of each other comes together, as it does on a day.
    /// </summary>
    public static void Plan(string samples, IEnumerable<(DateTimeOffset At, SampleFile? File)> steps) =>
        Files.File.WriteAllLines(PlanOf(samples), steps.Select(s => $"{s.At.AddSeconds(-s.At.Second).ToString("O", CultureInfo.InvariantCulture)}\t{s.File?.Path}"));

    /// <param name="ledger">The connection to a PostgreSQL database; empty: SQLite, in the root.</param>
    public static async Task<Measured> StartAsync(string samples, string root, string ledger)
    {
        var (output, _) = await Shell.RunAsync(Environment.ProcessPath!, [.. Self(), Verb, samples, root, ledger]);
        return JsonSerializer.Deserialize<Measured>(output)!;
    }

    // By dotnet, or as an executable of its own.
    private static IEnumerable<string> Self() => Files.Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet" ? [typeof(ServiceRun).Assembly.Location] : [];

    private static string PlanOf(string samples) => Files.Path.Combine(samples, "plan.tsv");

    private static async Task<Measured> MeasureAsync(string samples, string root, string ledger)
    {
        var steps = Files.File.ReadLines(PlanOf(samples)).Select(l => l.Split('\t'))
            .Select(l => (DateTimeOffset.Parse(l[0], CultureInfo.InvariantCulture), l[1].Length > 0 ? l[1] : null)).ToList();
        var stages = new Dictionary<string, double>();
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, self) =>
        {
            if (instrument.Meter.Name == StageClock.MeterName) self.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<double>((_, seconds, tags, _) =>
        {
            lock (stages) stages[(string)tags[0].Value!] = stages.GetValueOrDefault((string)tags[0].Value!) + seconds;
        });
        listener.Start();
        var (intakes, closes) = (new List<double>(), new List<double>());
        var (allocated, processor, closeAllocated, closeProcessor) = (0L, TimeSpan.Zero, 0L, TimeSpan.Zero);
        await TermReplay.RunAsync(samples, steps, root, ledger, async (isClose, step) =>
        {
            var (began, before, used) = (Stopwatch.GetTimestamp(), GC.GetTotalAllocatedBytes(), Environment.CpuUsage.TotalTime);
            await step();
            var took = Stopwatch.GetElapsedTime(began);
            if (isClose)
            {
                closes.Add(took.TotalSeconds);
                closeAllocated += GC.GetTotalAllocatedBytes() - before;
                closeProcessor += Environment.CpuUsage.TotalTime - used;
                return;
            }
            intakes.Add(took.TotalSeconds);
            allocated += GC.GetTotalAllocatedBytes() - before;
            processor += Environment.CpuUsage.TotalTime - used;
        });
        return new Measured([.. intakes], closes.Sum(), closes.DefaultIfEmpty().Max(), Peak(), allocated, processor.TotalSeconds, closeAllocated, closeProcessor.TotalSeconds, stages);
    }

    private static long Peak()
    {
        using var self = Process.GetCurrentProcess();
        return self.PeakWorkingSet64;
    }
}
