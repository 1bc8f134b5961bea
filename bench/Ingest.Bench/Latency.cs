using System.CommandLine;
using System.Diagnostics;
using System.IO.Abstractions;
using Ingest.Worker.Pickup;
using Ingest.Worker.Settings;

namespace Ingest.Bench;

/// <summary>From a small file in the drop folder to its receipt, with the settings that are shipped.</summary>
internal static class Latency
{
    private const int Drops = 20, Records = 10;
    private const string School = "SKOLA1";
    private const double Bar = 250;

    private static readonly FileSystem Files = new();
    private static readonly PickupSettings Pickup = new();

    public static Command Build()
    {
        var drops = new Option<int>("--files") { Description = "How many of each sort", DefaultValueFactory = _ => Drops };
        var program = IngestProgram.Option();
        var folder = BenchFolder.Option();
        var command = new Command("latency", "From files of ten records in the drop folder to their receipts, with and without .klar") { drops, program, folder };
        command.SetAction((parsed, _) => RunAsync(parsed.GetValue(program)!, parsed.GetValue(folder)!, parsed.GetValue(drops)));
        return command;
    }

    private static async Task RunAsync(IngestProgram program, string parent, int drops)
    {
        using var work = new BenchFolder(parent);
        var root = work.Make("root");
        var registrations = new Registrations(work.Path, DateOnly.FromDateTime(TimeProvider.System.GetLocalNow().Date));
        Registrations.WriteSchools(root, [School]);
        await using var service = await ServiceProcess.StartAsync(program, root, 1);
        // What is compiled at the first file is no part of what the others take.
        await DropAsync(0, done: true);
        var (with, without) = (new List<double>(), new List<double>());
        for (var i = 0; i < drops; i++)
        {
            // At every part of the time between two looks: a receipt comes soon after one.
            await Task.Delay(Pickup.PollInterval * i / drops);
            with.Add(await DropAsync(2 * i + 1, done: true));
            await Task.Delay(Pickup.PollInterval * i / drops);
            without.Add(await DropAsync(2 * i + 2, done: false));
        }
        var quiet = Pickup.QuietPeriod.TotalMilliseconds;
        Report.Machine();
        Report.Say($"{drops} files of {Records} records each, fixed width; the quiet period is {quiet:N0} ms, looks are {Pickup.PollInterval.TotalMilliseconds:N0} ms apart");
        Report.Against("from .klar to receipt, median", Report.Median(with), "ms", Bar);
        Report.Against("from .klar to receipt, worst", with.Max(), "ms", Bar);
        Report.Say($"{"without .klar, from file to receipt, median",-46} {Report.Median(without),9:N2} ms");
        Report.Say($"{"without .klar, from file to receipt, worst",-46} {without.Max(),9:N2} ms");
        Report.Against("the same after the quiet period, median", Report.Median(without) - quiet, "ms", Bar);
        Report.Against("the same after the quiet period, worst", without.Max() - quiet, "ms", Bar);

        async Task<double> DropAsync(int number, bool done)
        {
            var file = registrations.Write(School, TimeProvider.System.GetLocalNow(), Records, firstCourse: number);
            var (drop, receipts) = (Files.Path.Combine(root, "in", School, file.Name), Files.Path.Combine(root, "ut", School));
            if (done) await Files.File.WriteAllTextAsync(drop + ".tmp", "");
            Files.File.Move(Files.Path.Combine(work.Path, file.Path), drop);
            if (done) Files.File.Move(drop + ".tmp", drop + DoneFile.Suffix);
            var began = Stopwatch.GetTimestamp();
            await service.UntilAsync(() => Files.Directory.EnumerateFiles(receipts, file.Name + ".*.kvittens.json").Any(), "a receipt");
            return Stopwatch.GetElapsedTime(began).TotalMilliseconds;
        }
    }
}
