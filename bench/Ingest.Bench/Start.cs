using System.CommandLine;

namespace Ingest.Bench;

/// <summary>How long the program takes to do next to nothing.</summary>
internal static class Start
{
    private const int Starts = 5, Records = 10;
    private const double Bar = 0.5;

    public static Command Build()
    {
        var program = IngestProgram.Option();
        var folder = BenchFolder.Option();
        var command = new Command("start", "check of ten records, five times") { program, folder };
        command.SetAction(async (parsed, _) =>
        {
            using var work = new BenchFolder(parsed.GetValue(folder)!);
            var now = TimeProvider.System.GetLocalNow();
            var file = new Registrations(work.Path, DateOnly.FromDateTime(now.Date)).Write("SKOLA1", now, Records);
            var seconds = new List<double>();
            for (var i = 0; i < Starts; i++) seconds.Add((await parsed.GetValue(program)!.CheckAsync(Path.Combine(work.Path, file.Path))).TotalSeconds);
            Report.Machine();
            Report.Against($"check of {Records} records, median of {Starts}", Report.Median(seconds), "s", Bar);
            Report.Against("the longest", seconds.Max(), "s", Bar);
        });
        return command;
    }
}
