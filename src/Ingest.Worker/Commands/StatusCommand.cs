using System.CommandLine;
using System.IO.Abstractions;
using System.Text.Json;
using Ingest.Formats;
using Ingest.Rules;
using Ingest.Worker.Ledger;
using Ingest.Worker.Receipts;
using Ingest.Worker.Service;
using Microsoft.Extensions.Logging.Abstractions;

namespace Ingest.Worker.Commands;

/// <summary><c>status</c>: how the service stands; exit 3 when an operator should look.</summary>
internal static class StatusCommand
{
    private const int MostShown = 5;

    public static Command Build(IReadOnlyList<string> settingArguments)
    {
        var root = CommandLine.RootOption();
        var format = CommandLine.FormatOption("text", "json");
        var acknowledge = new Option<string?>("--acknowledge") { Description = "Clear an alarm that has been seen to: its number, or 'all'" };
        var command = new Command("status", "How the service stands: files, windows, alarms, next cutoff") { root, format, acknowledge };
        command.SetAction(async (parsed, stop) =>
        {
            var settings = CommandLine.Settings(settingArguments, parsed.GetValue(root));
            if (parsed.GetValue(acknowledge) is { } which) await AcknowledgeAsync(settings, which, stop);
            using var app = IngestApp.Look(settings, new FileSystem(), TimeProvider.System, NullLoggerFactory.Instance);
            var status = ServiceStatus.Of(app);
            if (parsed.GetValue(format) == "json") PrintJson(status);
            else PrintText(status);
            return status.Degraded ? ExitCode.Degraded : ExitCode.Ok;
        });
        return command;
    }

    private static async Task AcknowledgeAsync(Settings.IngestSettings settings, string which, CancellationToken stop)
    {
        long? id = which == "all" ? null : long.TryParse(which, out var number) ? number : throw new UsageException("--acknowledge tar ett larms nummer, eller all");
        using var look = IngestApp.Look(settings, new FileSystem(), TimeProvider.System, NullLoggerFactory.Instance);
        using var ledger = LedgerDatabase.Of(settings, look.Root, TimeProvider.System);
        var cleared = await new Alarms(ledger, look.Root, settings.Alarms, TimeProvider.System, NullLogger<Alarms>.Instance).AcknowledgeAsync(id, stop);
        await Console.Error.WriteLineAsync(cleared == 0 ? "Inget sådant larm är öppet." : $"Kvitterade larm: {cleared}.");
    }

    private static void PrintText(ServiceStatus s)
    {
        Console.WriteLine(s.Degraded ? "Läge: något behöver ses över" : "Läge: allt är som det ska");
        foreach (var fault in s.Faults) Console.WriteLine($"  - {fault}");
        Console.WriteLine(s.NextCutoff <= s.AsOf
            ? $"Nästa stängning: försenad, skulle ha skett {Words.Moment(s.NextCutoff, Language.Sv)}"
            : $"Nästa stängning: {Words.Moment(s.NextCutoff, Language.Sv)}");
        Console.WriteLine($"Senast stängda fönster: {(s.LastClosed is { } last ? Words.Iso(last) : "inget ännu")}");
        Console.WriteLine($"Mapparna gicks senast igenom: {(s.LastLook is { } look ? $"{ReportingCalendar.Swedish(look):yyyy-MM-dd HH:mm:ss}" : "aldrig")}");
        Console.WriteLine();
        Console.WriteLine($"{"Fönster",-12}{"filer",8}{"lästa",12}{"accepterade",13}{"väntar",8}{"redan rapporterade",20}{"avvisade",10}");
        foreach (var w in s.Windows)
            Console.WriteLine($"{Words.Iso(w.Date),-12}{w.Files,8}{w.Read,12}{w.Accepted,13}{w.Waiting,8}{w.Duplicate,20}{w.Rejected,10}{(w.ClosedAt is null ? "" : "  stängt")}");
        if (s.Workers.Count > 0) Console.WriteLine($"\n{"Arbetare",-22}{"igång sedan",-21}{"hördes av",-21}arbetar med");
        foreach (var w in s.Workers) Console.WriteLine($"{w.Name,-22}{Moment(w.Started),-21}{Moment(w.Beat),-21}{Holds(w)}");
        Console.WriteLine();
        Console.WriteLine($"{"Skola",-10}{"i kö",6}  {"senaste fil",-17}{"utfall",-26}löpnummer");
        foreach (var school in s.Schools)
            Console.WriteLine($"{school.Code,-10}{school.Waiting,6}  {school.LastFile ?? "-",-17}{(school.LastStatus is { } status ? Words.Status(Parsed(status)) : "-"),-26}{Sequences(school.NextSequence)}");
        foreach (var school in s.Schools.Where(c => c.Misfits.Count > 0))
        {
            Console.WriteLine($"\n{school.Code}: {Words.Records(school.Misfits.Count, Language.Sv)} gäller men stämmer inte längre med kurskatalogen:");
            foreach (var m in school.Misfits.Take(MostShown)) Console.WriteLine($"  {m.FileId} rad {m.Line}: {string.Join(' ', m.Codes)}");
            if (school.Misfits.Count > MostShown) Console.WriteLine("  … alla står i skolans senaste kl15-kvittens och i --format json");
        }
        foreach (var school in s.Schools.Where(c => c.Expected is { } e && e.Sent < e.AtLeast))
            Console.WriteLine($"\n{school.Code} brukar ha lämnat minst {Words.Records(school.Expected!.AtLeast, Language.Sv)} senast {Words.Moment(school.Expected.By, Language.Sv)}; hittills {Words.Count(school.Expected.Sent, Language.Sv)}.");
        if (s.Cleared.Count > 0) Console.WriteLine("\nLarm som har upphört eller kvitterats det senaste dygnet:");
        foreach (var alarm in s.Cleared) Console.WriteLine($"  {alarm.Id} {alarm.Kind} {alarm.Subject}, {ReportingCalendar.Swedish(alarm.Cleared):yyyy-MM-dd HH:mm}");
        if (s.OldestWaiting is { } waiting) Console.WriteLine($"\nÄldsta fil i kö: in/{waiting.School}, sedan {ReportingCalendar.Swedish(waiting.Since):yyyy-MM-dd HH:mm:ss}");
    }

    private static string Holds(WorkerRow w) => w.Holds.Count == 0 ? "-" : string.Join(", ", w.Holds.Select(h => h == LedgerDatabase.Watch ? "mapparna och fönstren" : h));

    private static IEnumerable<string> SchoolsOf(WorkerRow w) => w.Holds.Where(h => h != LedgerDatabase.Watch);

    private static string Moment(DateTimeOffset at) => $"{ReportingCalendar.Swedish(at):yyyy-MM-dd HH:mm:ss}";

    private static string Sequences(IReadOnlyList<SequenceStatus> sequences) => sequences.Count == 0 ? "-" : string.Join("; ", sequences.Select(Sequence));

    private static string Sequence(SequenceStatus s) =>
        $"{s.System} nästa {s.Next:D8}" + (s.Gaps.Count == 0 ? "" : $" (saknas {string.Join(", ", s.Gaps)})");

    private static FileStatus Parsed(string stored) => Enum.Parse<FileStatus>(stored);

    private static void PrintJson(ServiceStatus s)
    {
        using var output = Console.OpenStandardOutput();
        output.Write(Json(s));
        output.Write("\n"u8);
    }

    internal static byte[] Json(ServiceStatus s)
    {
        using var bytes = new MemoryStream();
        using var json = new Utf8JsonWriter(bytes, ReceiptJson.Readable);
        JsonSerializer.Serialize(json, new
        {
            state = s.Degraded ? "degraded" : "ok",
            faults = s.Faults,
            nextCutoff = Words.Iso(s.NextCutoff),
            lastClosed = s.LastClosed is { } last ? Words.Iso(last) : null,
            lastLook = s.LastLook is { } look ? Words.Iso(look) : null,
            windows = s.Windows.Select(w => new
            {
                date = Words.Iso(w.Date),
                closesAt = Words.Iso(w.ClosesAt),
                closedAt = w.ClosedAt is { } at ? Words.Iso(at) : null,
                files = w.Files,
                counts = new { read = w.Read, accepted = w.Accepted, waiting = w.Waiting, duplicate = w.Duplicate, rejected = w.Rejected },
            }),
            schools = s.Schools.Select(c => new
            {
                code = c.Code,
                waiting = c.Waiting,
                lastFile = c.LastFile,
                lastStatus = c.LastStatus is null ? null : Words.Machine(Parsed(c.LastStatus)),
                lastReceived = c.LastReceived is { } at ? Words.Iso(at) : null,
                nextSequence = c.NextSequence.Select(n => new { system = n.System, next = n.Next, gaps = n.Gaps }),
                expected = c.Expected is { } e ? new { usual = e.Usual, atLeast = e.AtLeast, by = Words.Iso(e.By), sent = e.Sent } : null,
                misfits = c.Misfits.Select(m => new { fileId = m.FileId, line = m.Line, codes = m.Codes }),
            }),
            workers = s.Workers.Select(w => new
            {
                name = w.Name,
                started = Words.Iso(w.Started),
                beat = Words.Iso(w.Beat),
                watches = w.Holds.Contains(LedgerDatabase.Watch),
                schools = SchoolsOf(w),
            }),
            oldestWaiting = s.OldestWaiting is { } w ? new { school = w.School, since = Words.Iso(w.Since) } : null,
            alarms = s.Alarms.Select(a => new { id = a.Id, raised = Words.Iso(a.Raised), kind = a.Kind, subject = a.Subject, message = a.Message }),
            cleared = s.Cleared.Select(a => new { id = a.Id, raised = Words.Iso(a.Raised), cleared = Words.Iso(a.Cleared), kind = a.Kind, subject = a.Subject }),
        });
        json.Flush();
        return bytes.ToArray();
    }
}
