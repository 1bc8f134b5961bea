using System.CommandLine;
using System.IO.Abstractions;
using Ingest.Formats;
using Ingest.Rules;
using Ingest.Worker.Ledger;
using Ingest.Worker.Receipts;
using Ingest.Worker.Service;
using Microsoft.Extensions.Logging.Abstractions;

namespace Ingest.Worker.Commands;

/// <summary><c>receipts FILEID</c>: the receipts of a file once more, from the ledger.</summary>
internal static class ReceiptsCommand
{
    public static Command Build(IReadOnlyList<string> settingArguments)
    {
        var root = CommandLine.RootOption();
        var id = new Argument<string>("FILEID") { Description = "Such as 20261125-000001" };
        var to = new Option<string?>("--out") { Description = "The folder to write to (default: the school's ut/)" };
        var language = new Option<string?>("--lang") { Description = "sv or en (default: as the file was received)" };
        language.AcceptOnlyFromAmong("sv", "en");
        var command = new Command("receipts", "Write the receipts of a file again, from the ledger") { id, root, to, language };
        command.SetAction(parsed =>
        {
            var settings = CommandLine.Settings(settingArguments, parsed.GetValue(root));
            if (FileId.Parse(parsed.GetValue(id)!) is not { } fileId) throw new UsageException("FILEID har formen 20261125-000001");
            using var app = IngestApp.Look(settings, new FileSystem(), TimeProvider.System, NullLoggerFactory.Instance);
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
            var folder = parsed.GetValue(to) ?? app.Root.OutOf(file.School);
            foreach (var name in app.Receipts.Write(file, source, folder, parsed.GetValue(language) switch { "en" => Language.En, "sv" => Language.Sv, _ => null }))
                Console.WriteLine(Path.Combine(folder, name));
            return ExitCode.Ok;
        });
        return command;
    }
}
