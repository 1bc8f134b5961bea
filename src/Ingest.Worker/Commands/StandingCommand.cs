using System.CommandLine;
using System.IO.Abstractions;
using CsvHelper;
using Ingest.Formats;
using Ingest.Rules;
using Ingest.Worker.Cutoff;
using Ingest.Worker.Ledger;
using Ingest.Worker.Receipts;
using Ingest.Worker.Service;
using Ingest.Worker.Settings;
using Microsoft.Extensions.Logging.Abstractions;

namespace Ingest.Worker.Commands;

/// <summary>
/// <c>standing --school KOD</c>: all that stands for a school, to compare with its own register: the delivery's columns and order, but for
/// the two that say what was done (<c>åtgärd</c>, <c>tidigare</c>).
/// </summary>
internal static class StandingCommand
{
    public static Command Build(IReadOnlyList<string> settingArguments)
    {
        var school = new Option<string>("--school") { Description = "The skolkod", Required = true };
        var to = new Option<string?>("--out") { Description = "The file to write (default: the terminal)" };
        var (root, by, caseNumber) = (CommandLine.RootOption(), AccessLog.ByOption(), AccessLog.CaseOption());
        var command = new Command("standing", "All that stands for a school, as CSV, to compare with its own register; the look-up is logged") { school, root, to, by, caseNumber };
        command.SetAction(async (parsed, stop) =>
        {
            var settings = CommandLine.Settings(settingArguments, parsed.GetValue(root));
            var files = new FileSystem();
            var (code, path) = (parsed.GetValue(school)!.ToUpperInvariant(), parsed.GetValue(to));
            if (path is not null && (path.Trim().Length == 0 || files.Directory.Exists(path))) throw new UsageException("--out behöver en fil");
            using var look = IngestApp.Look(settings, files, TimeProvider.System, NullLoggerFactory.Instance);
            using var connection = look.Ledger.Open();
            // One moment for all of it: a window may close meanwhile.
            using var moment = connection.BeginSnapshot();
            var id = AccessLog.SchoolId(look, connection, code);
            var found = id is { } known && LedgerDatabase.AnyStanding(connection, known);
            await AccessLog.WriteAsync(look, new Access("", "standing", code, null, null, found), parsed.GetValue(by), parsed.GetValue(caseNumber), stop);
            var standing = found ? LedgerDatabase.AllStanding(connection, id!.Value) : [];
            if (path is null)
            {
                using var output = Console.OpenStandardOutput();
                using var buffer = new BufferedStream(output, 1 << 16);
                Write(buffer, standing, stop);
                return ExitCode.Ok;
            }
            Console.WriteLine($"{Words.Records(WriteFile(files, files.Path.GetFullPath(path), standing, stop), Language.Sv)} som gäller för {code}: {path}");
            return ExitCode.Ok;
        });
        return command;
    }

    /// <summary>For its owner alone.</summary>
    private static long WriteFile(FileSystem files, string path, IEnumerable<StudentEvent> standing, CancellationToken stop)
    {
        try
        {
            using var output = new OutputFile(files, files.Path.GetDirectoryName(path)!, files.Path.GetFileName(path), UnixFileMode.UserRead | UnixFileMode.UserWrite);
            var count = Write(output.Stream, standing, stop);
            output.Commit();
            return count;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StartException($"Filen i --out kan inte skrivas ({e.GetType().Name}).");
        }
    }

    private static long Write(Stream stream, IEnumerable<StudentEvent> standing, CancellationToken stop)
    {
        var count = 0L;
        using var csv = CsvWriter.Create(stream, new CsvWriterOptions { Separator = ';', NewLine = "\n" }, leaveOpen: true);
        csv.WriteRecord(Kept.Select(column => DeliveryRow.Columns[column]).ToArray());
        var row = new DeliveryRow();
        foreach (var e in standing)
        {
            stop.ThrowIfCancellationRequested();
            foreach (var column in Kept) row.WriteCell(csv, column, e, DeliveredAs.New, null);
            csv.EndRecord();
            count++;
        }
        return count;
    }

    /// <summary>Those that say something of what stands.</summary>
    private static readonly int[] Kept = [.. Enumerable.Range(0, DeliveryRow.Columns.Length).Except([DeliveryRow.Action, DeliveryRow.Earlier])];
}
