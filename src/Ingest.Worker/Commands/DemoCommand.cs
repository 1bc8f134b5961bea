using System.CommandLine;
using System.IO.Abstractions;
using Ingest.Formats;
using Ingest.Rules;
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

    /// <summary>What is dropped, in order: the school's folder and the sample.</summary>
    public static readonly (string School, string Sample)[] Files =
    [
        ("KTH", "fast-bredd/kurskatalog.txt"),
        ("KTH", "fast-bredd/termin.txt"),
        ("KTH", "csv/registreringar.csv"),
        ("LU", "csv/kurstillfallen.csv"),
        ("LU", "csv/resultat-latin1.csv"),
        ("LU", "csv/alla-fel.csv"),
    ];

    public static Command Build()
    {
        var root = new Option<string?>("--root") { Description = "An empty or missing folder (default: a new temporary one)" };
        var command = new Command("demo", "Show the whole thing once, on an empty folder") { root };
        command.SetAction((parsed, stop) => RunAsync(parsed.GetValue(root), stop));
        return command;
    }

    private static async Task<int> RunAsync(string? folder, CancellationToken stop)
    {
        var files = new FileSystem();
        if (folder is not null && files.Directory.Exists(folder) && files.Directory.EnumerateFileSystemEntries(folder).Any())
            throw new UsageException($"{folder} är inte tom; demo behöver en tom eller ny mapp");
        var settings = Settings(folder ?? files.Directory.CreateTempSubdirectory("minatjanster-demo-").FullName);
        using var logs = CommandLine.Logs(settings, console: false);
        var clock = new SettableClock(Morning);
        using var app = IngestApp.Open(settings, files, clock, logs);
        await app.Service.StartAsync(stop);

        Console.WriteLine($"Demo i {app.Root.Root} (klockan står på {Words.Moment(Morning, Language.Sv)})");
        Console.WriteLine();
        foreach (var (school, sample) in Files)
        {
            await DropAsync(app, school, sample, stop);
            await app.Service.StepAsync(null, stop);
            clock.Advance(TimeSpan.FromMinutes(1));
        }
        Print(app);

        var window = app.Calendar.Of(Morning);
        clock.Set(window.ClosesAt + TimeSpan.FromSeconds(3));
        app.Bell.Ring();
        await app.Service.StepAsync(null, stop);
        PrintClose(app, window);
        return ExitCode.Ok;
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

    private static void Print(IngestApp app)
    {
        Console.WriteLine("Filer som lämnats, och vad kvittenserna säger:");
        foreach (var window in new[] { app.Calendar.Of(Morning).Date })
            foreach (var file in app.Schools.Current.All.SelectMany(s => app.Ledger.FilesOf(s.Code, window)))
            {
                Console.WriteLine($"  {file.School + "/" + file.Name,-34} {Words.Machine(file.Status!.Value),-22} läst {file.Counts.Read,3}, accepterat {file.Counts.Accepted,3}, väntar {file.Counts.Waiting,2}, avvisat {file.Counts.Rejected,2}");
            }
        Console.WriteLine();
    }

    private static void PrintClose(IngestApp app, ReportingWindow window)
    {
        Console.WriteLine($"Klockan 15.00 stängde fönstret {Words.Iso(window.Date)}:");
        using (var connection = app.Ledger.Open())
        {
            foreach (var school in app.Schools.Current.All.Where(s => app.Ledger.FilesOf(s.Code, window.Date).Count > 0))
            {
                var counts = Cutoff.CutoffReceipts.Counts(connection, app.Ledger.FilesOf(school.Code, window.Date));
                Console.WriteLine($"  {school.Code,-5} levererat {counts.GetValueOrDefault("delivered")}, kvittat {counts.GetValueOrDefault("netted")}, avvisat {counts.GetValueOrDefault("refused")}, till kurskatalogen {counts.GetValueOrDefault("catalogue")}");
            }
        }
        Console.WriteLine();
        Console.WriteLine("Titta på:");
        foreach (var school in app.Schools.Current.All.Where(s => app.Ledger.FilesOf(s.Code, window.Date).Count > 0))
            Console.WriteLine($"  kvittenser   {app.Root.OutOf(school.Code)}");
        Console.WriteLine($"  leverans     {app.Root.DeliveryOf(window.Date)}");
        Console.WriteLine($"  original     {app.Root.Files.Path.Combine(app.Root.Root, "archive")}");
        Console.WriteLine($"  läget        dotnet run --project src/Ingest.Worker -- status --root {app.Root.Root}");
    }
}
