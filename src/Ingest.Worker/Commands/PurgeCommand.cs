using System.CommandLine;
using System.IO.Abstractions;
using Ingest.Formats;
using Ingest.Rules;
using Ingest.Worker.Ledger;
using Ingest.Worker.Operators;
using Ingest.Worker.Receipts;
using Ingest.Worker.Service;
using Ingest.Worker.Settings;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Ingest.Worker.Commands;

/// <summary><c>purge</c>: says what is older than the settings keep; with <c>--apply</c> removes it, and the purge itself is logged.</summary>
internal static class PurgeCommand
{
    public static Command Build(IReadOnlyList<string> settingArguments)
    {
        var root = CommandLine.RootOption();
        var apply = new Option<bool>("--apply") { Description = "Remove it; without this it is only told" };
        var by = new Option<string?>("--by") { Description = "Who does it (default: the user of the operating system)" };
        var command = new Command("purge", "Say what the settings Retention:* no longer keep; with --apply remove it") { root, apply, by };
        command.SetAction((parsed, stop) =>
        {
            var settings = CommandLine.Settings(settingArguments, parsed.GetValue(root));
            return parsed.GetValue(apply)
                ? ApplyAsync(settings, TimeProvider.System, parsed.GetValue(by), Console.Out, stop)
                : Task.FromResult(Look(settings, TimeProvider.System, Console.Out));
        });
        return command;
    }

    internal static int Look(IngestSettings settings, TimeProvider time, TextWriter output)
    {
        using var app = IngestApp.Look(settings, new FileSystem(), time, NullLoggerFactory.Instance);
        // The root's own, whatever this command was told: it stands in the names of the receipts.
        settings.Environment = app.Ledger.Setting(IngestService.EnvironmentKey) ?? settings.Environment;
        var purge = new Purge(app);
        if (purge.Unfinished() is { } began) output.WriteLine($"En gallring som började {Words.Moment(began, Language.Sv)} blev inte klar. purge --apply gör klart den först.");
        var plan = purge.Look();
        Tell(plan, settings, output);
        output.WriteLine(plan.IsEmpty ? "Det finns ingenting att gallra." : "Ingenting är borttaget. Kör purge --apply för att ta bort det. Nycklar, antal, kontrollsummor, leveranser och kedjan behålls.");
        return ExitCode.Ok;
    }

    internal static async Task<int> ApplyAsync(IngestSettings settings, TimeProvider time, string? by, TextWriter output, CancellationToken stop)
    {
        using var app = IngestApp.Beside(settings, new FileSystem(), time, NullLoggerFactory.Instance);
        var who = string.IsNullOrWhiteSpace(by) ? Environment.UserName : Masking.Numbers(by.Trim(), ReportingCalendar.SwedishDate(time.GetUtcNow()), out _);
        using var logs = CommandLine.Logs(settings, console: false, beside: true);
        var purge = new Purge(app);
        if (purge.Unfinished() is { } began) output.WriteLine($"En gallring som började {Words.Moment(began, Language.Sv)} blev inte klar. Den görs klar först.");
        var plan = await purge.ApplyAsync(who, decided => Tell(decided, settings, output), stop);
        if (plan.IsEmpty)
        {
            output.WriteLine("Det finns ingenting mer att gallra.");
            return ExitCode.Ok;
        }
        logs.CreateLogger(nameof(Purge)).LogInformation("{Who} purged {What}", who, plan.ToJson());
        output.WriteLine("Det är borttaget. Nycklar, antal, kontrollsummor, leveranser och kedjan är kvar.");
        return ExitCode.Ok;
    }

    /// <summary>A line for each kind.</summary>
    private static void Tell(PurgePlan plan, IngestSettings settings, TextWriter output)
    {
        var r = settings.Retention;
        foreach (var (kind, what, key, days) in new[]
                 {
                     (PurgeKind.Archive, "Original i archive/", nameof(r.ArchiveDays), r.ArchiveDays),
                     (PurgeKind.Receipts, "Kvittenser i ut/", nameof(r.ReceiptsDays), r.ReceiptsDays),
                     (PurgeKind.Quarantine, "Filer i quarantine/", nameof(r.QuarantineDays), r.QuarantineDays),
                     (PurgeKind.LedgerDetail, "Detaljer i liggaren om fel och om avvisade poster", nameof(r.LedgerDetailDays), r.LedgerDetailDays),
                     (PurgeKind.AccessLog, "Detaljer i liggaren om uppslag och åtgärder", nameof(r.AccessLogDays), r.AccessLogDays),
                 })
        {
            if (!plan.Shares.TryGetValue(kind, out var share))
            {
                output.WriteLine($"{what}: behålls tills vidare (Retention:{key} är 0).");
                continue;
            }
            var kept = $"allt från och med {Words.Iso(share.Before)} behålls (Retention:{key} är {Phrase.Number(days)})";
            output.WriteLine(share.Items == 0
                ? $"{what}: inget att ta bort; {kept}."
                : $"{what}: {Words.Count(share.Items, Language.Sv)} {(kind is PurgeKind.LedgerDetail or PurgeKind.AccessLog ? share.Items == 1 ? "rad" : "rader" : $"{(share.Items == 1 ? "fil" : "filer")}, {Words.Count(share.Bytes, Language.Sv)} byte")}, "
                  + $"äldst från {Words.Iso(share.Oldest!.Value)}; {kept}.");
        }
    }
}
