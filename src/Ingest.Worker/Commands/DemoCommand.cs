using System.CommandLine;
using System.IO.Abstractions;
using Ingest.Formats;
using Ingest.Rules;
using Ingest.Worker.Cutoff;
using Ingest.Worker.Ledger;
using Ingest.Worker.Receipts;
using Ingest.Worker.Service;
using Ingest.Worker.Settings;

namespace Ingest.Worker.Commands;

/// <summary>
/// <c>demo</c>: the real pipeline on an empty folder, with the samples and under a clock that never moves by itself, so that nothing
/// in it ages: drops the files, works them, closes their window, says where everything is.
/// </summary>
internal static class DemoCommand
{
    /// <summary>A Monday morning; the samples' dates lie around it.</summary>
    public static readonly DateTimeOffset Morning = new(2026, 1, 19, 10, 0, 0, TimeSpan.FromHours(1));

    public static Command Build()
    {
        var root = new Option<string?>("--root") { Description = "An empty or missing folder (default: a new temporary one)" };
        var all = new Option<bool>("--all") { Description = "All samples, over two days and two closes" };
        var command = new Command("demo", "Show the whole thing once, on an empty folder: files, the 14:30 notice, the close") { root, all };
        command.SetAction((parsed, stop) => RunAsync(parsed.GetValue(root), parsed.GetValue(all) ? DemoFiles.All : DemoFiles.Some, stop));
        return command;
    }

    private static async Task<int> RunAsync(string? folder, (string School, string Sample)[][] days, CancellationToken stop)
    {
        var files = new FileSystem();
        if (folder is not null && files.Directory.Exists(folder) && files.Directory.EnumerateFileSystemEntries(folder).Any())
            throw new UsageException($"{folder} är inte tom; demo behöver en tom eller ny mapp");
        var settings = Settings(folder ?? files.Directory.CreateTempSubdirectory("minatjanster-demo-").FullName);
        using var logs = CommandLine.Logs(settings, console: false);
        var clock = new SettableClock(Morning);
        using var app = IngestApp.Open(settings, files, clock, logs);
        await app.Service.StartAsync(stop);

        Console.WriteLine($"Demo i {app.Root.Root}");
        foreach (var (day, dropped) in days.Index()) await DayAsync(app, clock, Morning.AddDays(day), dropped, stop);
        Console.WriteLine("Titta på:");
        foreach (var school in app.Schools.Current.All.Select(c => c.Code).Where(c => files.Directory.EnumerateFiles(app.Root.OutOf(c)).Any()))
            Console.WriteLine($"  kvittenser  {app.Root.OutOf(school)}");
        foreach (var window in app.Ledger.Windows()) Console.WriteLine($"  leverans    {app.Root.DeliveryOf(window.Date)}");
        Console.WriteLine($"  original    {files.Path.Combine(app.Root.Root, "archive")}");
        return ExitCode.Ok;
    }

    /// <summary>A day: the files from ten in the morning, the notice at 14:30, the close at 15:00.</summary>
    private static async Task DayAsync(IngestApp app, SettableClock clock, DateTimeOffset morning, (string School, string Sample)[] files, CancellationToken stop)
    {
        clock.Set(morning);
        Console.WriteLine($"I demon är det {Words.Moment(morning, Language.Sv)}.");
        Console.WriteLine();
        foreach (var (school, sample) in files)
        {
            await DropAsync(app, school, sample, stop);
            await app.Service.StepAsync(null, stop);
            clock.Advance(TimeSpan.FromMinutes(1));
        }
        var window = app.Calendar.Of(morning);
        Print(app, window);
        clock.Set(window.ClosesAt - app.Settings.Cutoff.AdvanceNotice);
        await app.Service.StepAsync(null, stop);
        clock.Set(window.ClosesAt + TimeSpan.FromSeconds(3));
        app.Bell.Ring();
        await app.Service.StepAsync(null, stop);
        PrintClose(app, window);
    }

    internal static IngestSettings Settings(string root) => new()
    {
        Root = root,
        Pickup = { QuietPeriod = TimeSpan.Zero, QuietPeriodCsv = TimeSpan.Zero, QuietPeriodUnterminated = TimeSpan.Zero, IncompleteAfter = TimeSpan.Zero },
    };

    /// <summary>Under a temporary name and renamed, as a school should.</summary>
    internal static async Task DropAsync(IngestApp app, string school, string sample, CancellationToken stop)
    {
        var name = sample[(sample.IndexOf('/') + 1)..];
        var path = app.Root.Files.Path.Combine(app.Root.InOf(school), name);
        await using (var source = Sample(sample))
        await using (var target = app.Root.Files.FileStream.New(path + ".tmp", FileMode.CreateNew))
            await source.CopyToAsync(target, stop);
        app.Root.Files.File.Move(path + ".tmp", path);
    }

    internal static Stream Sample(string name) => typeof(DemoCommand).Assembly.GetManifestResourceStream("samples/" + name)
        ?? throw new ArgumentException($"There is no sample {name}.", nameof(name));

    private static void Print(IngestApp app, ReportingWindow window)
    {
        Console.WriteLine("Filerna som lämnades, och antalet poster enligt kvittenserna");
        Console.WriteLine("(lästa = accepterade + väntar + redan rapporterade + avvisade):");
        Console.WriteLine($"  {"fil",-38}  {"utfall",-24}  lästa  accepterade  väntar  redan rapporterade  avvisade");
        foreach (var file in FilesOf(app, window).SelectMany(s => s.Files))
        {
            var c = file.Counts;
            Console.WriteLine($"  {file.School + "/" + file.Name,-38}  {Words.Status(file.Status!.Value),-24}  {c.Read,5}  {c.Accepted,11}  {c.Waiting,6}  {c.Duplicate,18}  {c.Rejected,8}");
        }
        Console.WriteLine();
    }

    private static void PrintClose(IngestApp app, ReportingWindow window)
    {
        Console.WriteLine($"Fönstret stängde {Words.Moment(window.ClosesAt, Language.Sv)}. Så gick det för de poster som var accepterade eller väntade:");
        Console.WriteLine($"  {"skola",-25}  {"poster",6}  levererade  kvittade  avvisade  till kurskatalogen");
        using (var connection = app.Ledger.Open())
        {
            foreach (var (school, files) in FilesOf(app, window))
            {
                var outcomes = CutoffReceipts.Counts(connection, files);
                Console.WriteLine($"  {school,-25}  {files.Sum(f => f.Counts.Accepted + f.Counts.Waiting),6}  {outcomes.GetValueOrDefault(ClosedRecord.Delivered),10}  {outcomes.GetValueOrDefault(ClosedRecord.Netted),8}"
                    + $"  {outcomes.GetValueOrDefault(ClosedRecord.Refused),8}  {outcomes.GetValueOrDefault(ClosedRecord.Catalogue),18}");
            }
        }
        Console.WriteLine();
        Console.WriteLine($"Klockan {ReportingCalendar.Swedish(window.ClosesAt - app.Settings.Cutoff.AdvanceNotice):HH.mm} fick de skolor vars poster skulle avvisas ett besked (”forhand”), och efter stängningen fick alla sitt (”kl15”).");
        Console.WriteLine();
    }

    /// <summary>The schools that sent anything, with their files in order of arrival.</summary>
    private static List<(string School, List<FileRow> Files)> FilesOf(IngestApp app, ReportingWindow window) =>
        [.. app.Schools.Current.All.Select(s => (s.Code, app.Ledger.FilesOf(s.Code, window.Date))).Where(s => s.Item2.Count > 0)];
}
