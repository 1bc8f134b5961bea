using System.CommandLine;
using System.Globalization;
using System.IO.Abstractions;
using Ingest.Formats;
using Ingest.Rules;
using Ingest.Worker.Ledger;
using Ingest.Worker.Receipts;
using Ingest.Worker.Service;
using Ingest.Worker.Settings;
using Microsoft.Extensions.Logging.Abstractions;

namespace Ingest.Worker.Commands;

/// <summary><c>receipts FILEID|DATE</c>: the receipts of a file, or the 15:00 receipts of a window, once more, from the ledger.</summary>
internal static class ReceiptsCommand
{
    public static Command Build(IReadOnlyList<string> settingArguments)
    {
        var root = CommandLine.RootOption();
        var of = new Argument<string>("FILEID|DATE") { Description = "A file, such as 20261125-000001; or a window that has closed, such as 2026-11-25, for its kl15 receipts" };
        var school = new Option<string?>("--school") { Description = "With DATE: this school's alone (default: every school's)" };
        var to = new Option<string?>("--out") { Description = "The folder to write to (default: the school's ut/)" };
        var language = new Option<string?>("--lang") { Description = "sv or en (default: as the file was received; with DATE the school's own)" };
        language.AcceptOnlyFromAmong("sv", "en");
        var command = new Command("receipts", "Write the receipts of a file, or of a 15:00 close, again, from the ledger") { of, root, school, to, language };
        command.SetAction(parsed =>
        {
            var settings = CommandLine.Settings(settingArguments, parsed.GetValue(root));
            Language? spoken = parsed.GetValue(language) switch { "en" => Language.En, "sv" => Language.Sv, _ => null };
            var named = parsed.GetValue(of)!;
            if (DateOnly.TryParseExact(named, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var window))
            {
                using var closed = Look();
                return OfWindow(closed, window, parsed.GetValue(school)?.ToUpperInvariant(), parsed.GetValue(to), spoken);
            }
            if (FileId.Parse(named) is not { } fileId) throw new UsageException("ange ett fil-id (som 20261125-000001) eller ett stängt fönsters datum (som 2026-11-25)");
            if (parsed.GetValue(school) is not null) throw new UsageException("--school hör till ett datum; ett fil-id är en enda skolas");
            using var app = Look();
            return OfFile(app, fileId, parsed.GetValue(to), spoken);

            IngestApp Look() => IngestApp.Look(settings, new FileSystem(), TimeProvider.System, NullLoggerFactory.Instance);
        });
        return command;
    }

    private static int OfFile(IngestApp app, long fileId, string? to, Language? language)
    {
        if (app.Ledger.File(fileId) is not { State: not FileState.Claimed, Status: not null } file)
        {
            Console.Error.WriteLine($"ingest: {FileId.Text(fileId)} finns inte i liggaren som en skolas fil, eller är inte färdig. En fil i quarantine/ hör inte till någon skola och har inga kvittenser.");
            return ExitCode.NotThere;
        }
        if (file.DetailPurged is { } emptied)
        {
            Console.Error.WriteLine($"ingest: detaljerna om {FileId.Text(fileId)} är gallrade {Words.Iso(ReportingCalendar.SwedishDate(emptied))}, så kvittenserna kan inte göras igen. Antal, koder och utfall finns kvar i liggaren.");
            return ExitCode.NotThere;
        }
        using var source = FileWorker.OpenOriginal(app.Root, file);
        if (source is null && file.Status == FileStatus.PartiallyAccepted)
        {
            Console.Error.WriteLine($"ingest: originalet till {FileId.Text(fileId)} är {Words.Gone(file)}, så omsändningen kan inte göras igen. SHA-256 var {file.Sniffed!.Sha256}.");
            return ExitCode.NotThere;
        }
        var folder = to ?? app.Root.OutOf(file.School);
        Print(folder, app.Receipts.Write(file, source, folder, language));
        return ExitCode.Ok;
    }

    private static int OfWindow(IngestApp app, DateOnly window, string? school, string? to, Language? language)
    {
        if (app.Schools.Fault is { } fault) throw new StartException(fault);
        if (app.Ledger.Windows().Find(w => w.Date == window) is null)
        {
            Console.Error.WriteLine($"ingest: inget fönster {Words.Iso(window)} är stängt, så det har inga kvittenser.");
            return ExitCode.NotThere;
        }
        var schools = app.CutoffReceipts.Schools(window).Where(s => school is null || s == school).ToList();
        if (schools.Count == 0)
        {
            Console.Error.WriteLine($"ingest: {school ?? "ingen skola"} har {(school is null ? "" : "inte ")}lämnat något som räknas i fönstret {Words.Iso(window)}, så det finns inga kvittenser.");
            return ExitCode.NotThere;
        }
        var exit = ExitCode.Ok;
        foreach (var code in schools)
        {
            if (app.Ledger.FilesOf(code, window).Find(f => f.DetailPurged is not null) is { DetailPurged: { } emptied })
            {
                Console.Error.WriteLine($"ingest: detaljer om {code} i fönstret {Words.Iso(window)} är gallrade {Words.Iso(ReportingCalendar.SwedishDate(emptied))}, så kvittenserna kan inte göras igen.");
                exit = ExitCode.NotThere;
                continue;
            }
            var folder = to is null ? app.Root.OutOf(code) : schools.Count == 1 ? to : Path.Combine(to, code);
            var (names, lost) = app.CutoffReceipts.WriteSchool(window, code, folder, language);
            foreach (var gone in lost)
            {
                Console.Error.WriteLine($"ingest: originalet till {FileId.Text(gone.Id)} är borta, så dess avvisade poster står inte i någon omsändning.");
                exit = ExitCode.NotThere;
            }
            Print(folder, names);
        }
        return exit;
    }

    private static void Print(string folder, IEnumerable<string> names)
    {
        foreach (var name in names) Console.WriteLine(Path.Combine(folder, name));
    }
}
