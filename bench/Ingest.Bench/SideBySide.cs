using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.IO.Abstractions;
using Ingest.Tests;

namespace Ingest.Bench;

/// <summary>How much more several services on one root and one PostgreSQL come through than one.</summary>
internal static class SideBySide
{
    private const int Schools = 16, FilesOfEach = 5;

    private static readonly FileSystem Files = new();
    private static readonly int[] Counts = [1, 2, 4];

    public static Command Build()
    {
        var rows = new Option<long>("--rows") { Description = "Records in all", DefaultValueFactory = _ => 400_000 };
        var program = IngestProgram.Option();
        var folder = BenchFolder.Option();
        var command = new Command("workers", $"Rows a second of {Schools} schools with one, two and four services on one root and one PostgreSQL") { rows, program, folder };
        command.SetAction((parsed, _) => RunAsync(parsed.GetValue(program)!, parsed.GetValue(folder)!, parsed.GetValue(rows)));
        return command;
    }

    private static async Task RunAsync(IngestProgram program, string parent, long rows)
    {
        Report.Machine();
        var each = rows / (Schools * FilesOfEach);
        Report.Say($"{Schools} schools with {FilesOfEach} files of {each:N0} records each, fixed width, all dropped at once");
        double? alone = null;
        foreach (var count in Counts)
        {
            var (took, processor) = await RunAsync(program, parent, each, count);
            var speed = each * Schools * FilesOfEach / took.TotalSeconds;
            alone ??= speed;
            Report.Say(string.Create(CultureInfo.InvariantCulture, $"{count} service{(count == 1 ? " " : "s")} {took.TotalSeconds,8:N1} s {speed,10:N0} rows/s {speed / alone,6:N2} x one {processor.TotalSeconds,8:N1} s of their processor time"));
        }
    }

    private static async Task<(TimeSpan Took, TimeSpan Processor)> RunAsync(IngestProgram program, string parent, long rows, int services)
    {
        using var work = new BenchFolder(parent);
        var (root, codes) = (work.Make("root"), Enumerable.Range(1, Schools).Select(n => $"SKOLA{n}").ToList());
        var registrations = new Registrations(work.Path, DateOnly.FromDateTime(TimeProvider.System.GetLocalNow().Date));
        Registrations.WriteSchools(root, codes);
        var files = codes.SelectMany(code => Enumerable.Range(0, FilesOfEach).Select(n => registrations.Write(code, TimeProvider.System.GetLocalNow(), rows, firstCourse: 10 * n))).ToList();
        await using var cluster = await PostgresCluster.StartAsync(durable: true);
        var database = await cluster.CreateDatabaseAsync();
        var running = new List<ServiceProcess>();
        try
        {
            for (var n = 1; n <= services; n++)
                running.Add(await ServiceProcess.StartAsync(program, root, Schools, $"--Worker:Name=w{n}", "--Ledger:ConnectionString=" + database, "--Pickup:QuietPeriod=0"));
            var began = Stopwatch.GetTimestamp();
            foreach (var file in files) Files.File.Move(Files.Path.Combine(work.Path, file.Path), Files.Path.Combine(root, "in", file.School, file.Name));
            await running[0].UntilAsync(() => codes.Sum(code => Files.Directory.EnumerateFiles(Files.Path.Combine(root, "ut", code), "*.kvittens.json").Count()) == files.Count, "all receipts");
            var took = Stopwatch.GetElapsedTime(began);
            return (took, running.Aggregate(TimeSpan.Zero, (sum, service) => sum + service.Process.TotalProcessorTime));
        }
        finally
        {
            foreach (var service in running) await service.DisposeAsync();
        }
    }
}
