using System.CommandLine;
using System.Diagnostics;

namespace Ingest.Bench;

/// <summary>What a service costs that has nothing to do.</summary>
internal static class Idle
{
    private const int Schools = 500;
    private const double PercentBar = 1, MegabytesBar = 90;

    // Until what the start itself cost is over.
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(10);

    public static Command Build()
    {
        var seconds = new Option<int>("--seconds") { Description = "How long it is watched", DefaultValueFactory = _ => 60 };
        var program = IngestProgram.Option();
        var folder = BenchFolder.Option();
        var command = new Command("idle", "A service with 500 empty school folders: processor time and memory") { seconds, program, folder };
        command.SetAction(async (parsed, _) =>
        {
            using var work = new BenchFolder(parsed.GetValue(folder)!);
            Registrations.WriteSchools(work.Path, Enumerable.Range(1, Schools).Select(n => $"S{n:000}"));
            await using var service = await ServiceProcess.StartAsync(parsed.GetValue(program)!, work.Path, Schools);
            await Task.Delay(Settling, Shell.Stopping);
            var (before, began) = (service.Process.TotalProcessorTime, Stopwatch.GetTimestamp());
            await Task.Delay(TimeSpan.FromSeconds(parsed.GetValue(seconds)), Shell.Stopping);
            service.Process.Refresh();
            var share = (service.Process.TotalProcessorTime - before) / Stopwatch.GetElapsedTime(began);
            Report.Machine();
            Report.Against($"processor, {Schools} folders, {parsed.GetValue(seconds)} s", share * 100, "% of one", PercentBar);
            Report.Against("resident memory", service.Process.WorkingSet64 / 1e6, "MB", MegabytesBar);
        });
        return command;
    }
}
