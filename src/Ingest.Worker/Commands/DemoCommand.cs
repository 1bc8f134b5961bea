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

    /// <summary>
    /// What is dropped, in order: the school's folder and the sample. A catalogue and a term in fixed width, CSV in UTF-8 and Latin-1, a
    /// file with every kind of fault, one whose records wait in vain, one that is netted, and one that is refused.
    /// </summary>
    public static readonly (string School, string Sample)[] Files =
    [
        ("KTH", "fast-bredd/kurskatalog.txt"),
        ("KTH", "fast-bredd/termin.txt"),
        ("KTH", "fast-bredd/avvisad-slutpost.txt"),
        ("LU", "csv/kurstillfallen.csv"),
        ("LU", "csv/registreringar.csv"),
        ("LU", "csv/resultat-latin1.csv"),
        ("LU", "csv/alla-fel.csv"),
        ("LU", "csv/vantar.csv"),
        ("LU", "csv/angrade.csv"),
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

        Console.WriteLine($"Demo i {app.Root.Root}");
        Console.WriteLine($"I demon är det {Words.Moment(Morning, Language.Sv)}.");
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
        Console.WriteLine("Filerna som lämnades, och antalet poster enligt kvittenserna");
        Console.WriteLine("(lästa = accepterade + väntande + dubbletter + avvisade):");
        Console.WriteLine($"  {"fil",-25}  {"status",-24}  lästa  accepterade  väntande  dubbletter  avvisade");
        foreach (var file in FilesOf(app).SelectMany(s => s.Files))
        {
            var c = file.Counts;
            Console.WriteLine($"  {file.School + "/" + file.Name,-25}  {Status(file.Status!.Value),-24}  {c.Read,5}  {c.Accepted,11}  {c.Waiting,8}  {c.Duplicate,10}  {c.Rejected,8}");
        }
        Console.WriteLine();
    }

    private static void PrintClose(IngestApp app, ReportingWindow window)
    {
        Console.WriteLine($"Fönstret stängde {Words.Moment(window.ClosesAt, Language.Sv)}. Så gick det för de poster som var accepterade eller väntade:");
        Console.WriteLine($"  {"skola",-25}  {"poster",6}  levererade  kvittade  avvisade  till kurskatalogen");
        using (var connection = app.Ledger.Open())
        {
            foreach (var (school, files) in FilesOf(app))
            {
                var outcomes = CutoffReceipts.Counts(connection, files);
                Console.WriteLine($"  {school,-25}  {files.Sum(f => f.Counts.Accepted + f.Counts.Waiting),6}  {outcomes.GetValueOrDefault(ClosedRecord.Delivered),10}  {outcomes.GetValueOrDefault(ClosedRecord.Netted),8}"
                    + $"  {outcomes.GetValueOrDefault(ClosedRecord.Refused),8}  {outcomes.GetValueOrDefault(ClosedRecord.Catalogue),18}");
            }
        }
        Console.WriteLine();
        Console.WriteLine("Titta på:");
        foreach (var (school, _) in FilesOf(app)) Console.WriteLine($"  kvittenser  {app.Root.OutOf(school)}");
        Console.WriteLine($"  leverans    {app.Root.DeliveryOf(window.Date)}");
        Console.WriteLine($"  original    {app.Root.Files.Path.Combine(app.Root.Root, "archive")}");
    }

    /// <summary>The schools that sent anything, with their files in order of arrival.</summary>
    private static List<(string School, List<FileRow> Files)> FilesOf(IngestApp app) =>
        [.. app.Schools.Current.All.Select(s => (s.Code, app.Ledger.FilesOf(s.Code, app.Calendar.Of(Morning).Date))).Where(s => s.Item2.Count > 0)];

    internal static string Status(FileStatus status) => status switch
    {
        FileStatus.Accepted => "accepterad",
        FileStatus.AcceptedWithWarnings => "accepterad med varningar",
        FileStatus.PartiallyAccepted => "delvis accepterad",
        FileStatus.Duplicate => "lämnad tidigare",
        _ => "avvisad",
    };
}
