using System.CommandLine;
using System.IO.Abstractions;
using Ingest.Formats;
using Ingest.Rules;
using Ingest.Worker.Intake;
using Ingest.Worker.Ledger;
using Ingest.Worker.Pickup;
using Ingest.Worker.Receipts;
using Ingest.Worker.Service;
using Ingest.Worker.Settings;
using Microsoft.Extensions.Logging.Abstractions;

namespace Ingest.Worker.Commands;

/// <summary><c>replay FILEID</c>: judges an archived file under today's rules and shows what differs from what its receipt says, changing nothing.</summary>
internal static class ReplayCommand
{
    public static Command Build(IReadOnlyList<string> settingArguments)
    {
        var root = CommandLine.RootOption();
        var id = new Argument<string>("FILEID") { Description = "Such as 20261125-000001" };
        var command = new Command("replay", "Judge an archived file under today's rules and show what differs, changing nothing") { id, root };
        command.SetAction((parsed, stop) =>
        {
            if (FileId.Parse(parsed.GetValue(id)!) is not { } fileId) throw new UsageException("FILEID har formen 20261125-000001");
            return RunAsync(() => CommandLine.Settings(settingArguments, parsed.GetValue(root)), new FileSystem(), fileId, Console.Out, Console.Error, stop);
        });
        return command;
    }

    /// <param name="settings">Loads them: once for the root that is looked at, once for the one that is thrown away.</param>
    internal static async Task<int> RunAsync(Func<IngestSettings> settings, IFileSystem files, long fileId, TextWriter output, TextWriter error, CancellationToken stop)
    {
        using var look = IngestApp.Look(settings(), files, TimeProvider.System, NullLoggerFactory.Instance);
        if (look.Schools.Fault is { } fault) throw new StartException(fault);
        var text = FileId.Text(fileId);
        if (look.Ledger.File(fileId) is not { State: not FileState.Claimed, Status: not null } then)
        {
            await error.WriteLineAsync($"ingest: {text} finns inte i liggaren, eller är inte färdig.");
            return ExitCode.NotThere;
        }
        using var source = FileWorker.OpenOriginal(look.Root, then);
        if (source is null)
        {
            await error.WriteLineAsync($"ingest: originalet till {text} är {Words.Gone(then)}. SHA-256 var {then.Sniffed!.Sha256}.");
            return ExitCode.NotThere;
        }
        if (look.Schools.Current.Find(then.School) is not { } school) throw new StartException($"Skolan {then.School} finns inte längre i registret, så filen kan inte bedömas för den.");
        var done = DoneFile.Read(files, look.Root.DoneFileOf(text)) ?? DoneFile.Read(files, source.Name + DoneFile.Suffix);
        using var replay = new FileReplay(look, settings());
        var now = await replay.RunAsync(then, source, school, done, stop);
        if (now.Sniffed!.Sha256 != then.Sniffed!.Sha256)
        {
            await error.WriteLineAsync($"ingest: originalet till {text} är ändrat. SHA-256 var {then.Sniffed.Sha256} och är {now.Sniffed.Sha256}.");
            return ExitCode.NotThere;
        }
        output.WriteLine($"{text} ({then.Name}, {then.School}), mottagen {Words.Moment(then.Arrived, Language.Sv)}, bedömd på nytt. Ingenting är ändrat.");
        output.WriteLine(then.RulesVersion == now.RulesVersion ? $"Regler: {now.RulesVersion}, då och nu." : $"Regler: {then.RulesVersion} -> {now.RulesVersion}");
        if (Print(look.Ledger, then, replay.Ledger, now, output) == 0) output.WriteLine("Ingen skillnad.");
        return ExitCode.Ok;
    }

    /// <returns>How many differences there are.</returns>
    private static long Print(LedgerDatabase thenLedger, FileRow then, LedgerDatabase nowLedger, FileRow now, TextWriter output)
    {
        var differences = 0L;
        Tell("Filen", File(then), File(now));
        Tell("Antal", Words.Counts(then.Counts, Language.Sv), Words.Counts(now.Counts, Language.Sv));
        using var before = thenLedger.Open();
        using var after = nowLedger.Open();
        foreach (var (line, was, became) in Side(LedgerDatabase.Records(before, then), LedgerDatabase.Records(after, now)))
            Tell(line == 0 ? "Fel och varningar om filen" : $"rad {line}", Record(was), Record(became));
        return differences;

        void Tell(string what, string was, string became)
        {
            if (was == became) return;
            differences++;
            output.WriteLine($"{what}: {was} -> {became}");
        }
    }

    /// <summary>The records of both judgements side by side, by line; a file that is refused with nothing read has none.</summary>
    private static IEnumerable<(long Line, RecordRow? Was, RecordRow? Became)> Side(IEnumerable<RecordRow> before, IEnumerable<RecordRow> after)
    {
        using var was = before.GetEnumerator();
        using var became = after.GetEnumerator();
        var (hasWas, hasBecame) = (was.MoveNext(), became.MoveNext());
        while (hasWas || hasBecame)
        {
            var line = Math.Min(hasWas ? was.Current.Line : long.MaxValue, hasBecame ? became.Current.Line : long.MaxValue);
            var (inWas, inBecame) = (hasWas && was.Current.Line == line, hasBecame && became.Current.Line == line);
            yield return (line, inWas ? was.Current : null, inBecame ? became.Current : null);
            if (inWas) hasWas = was.MoveNext();
            if (inBecame) hasBecame = became.MoveNext();
        }
    }

    private static string File(FileRow file) =>
        Words.Status(file.Status!.Value) + (file.DuplicateOf is { } same ? $" som {FileId.Text(same)}" : "");

    private static string Record(RecordRow? record)
    {
        if (record is null) return "inte läst";
        var codes = Words.Codes(record.Findings);
        return record.Line == 0 ? codes.Length == 0 ? "inga" : codes : Words.Status(record.Status) + (codes.Length == 0 ? "" : $" ({codes})");
    }
}
