using System.Globalization;
using System.IO.Abstractions;
using Dapper;
using Ingest.Formats;
using Ingest.Rules;
using Ingest.Worker.Cutoff;
using Ingest.Worker.Intake;
using Ingest.Worker.Ledger;
using Ingest.Worker.Pickup;

namespace Ingest.Worker.Service;

/// <summary>löpnummer of one sending system.</summary>
public sealed record SequenceStatus(string System, int Next, IReadOnlyList<string> Gaps);

/// <summary>How a school stands.</summary>
/// <param name="Waiting">Files in its drop folder.</param>
/// <param name="Misfits">Registrations that stand though the course catalogue no longer fits them.</param>
/// <param name="Expected">What it usually has sent to a window like the next that closes; null where nothing can be expected.</param>
public sealed record SchoolStatus(
    string Code, int Waiting, string? LastFile, string? LastStatus, DateTimeOffset? LastReceived, IReadOnlyList<SequenceStatus> NextSequence, IReadOnlyList<MisfitStatus> Misfits,
    ExpectedStatus? Expected);

/// <summary>What a school may be expected to have sent, by when, and what it has sent so far.</summary>
public sealed record ExpectedStatus(long Usual, long AtLeast, DateTimeOffset By, long Sent);

/// <summary>Where such a registration stands, and the rules that it would break.</summary>
public sealed record MisfitStatus(string FileId, long Line, IReadOnlyList<string> Codes);

/// <summary>How a window stands.</summary>
public sealed record WindowStatus(DateOnly Date, DateTimeOffset ClosesAt, DateTimeOffset? ClosedAt, long Files, long Read, long Accepted, long Waiting, long Duplicate, long Rejected);

/// <summary>The oldest file that lies in a drop folder.</summary>
public sealed record WaitingFile(string School, DateTimeOffset Since);

/// <summary>How the service stands, seen from its ledger and folders. Writes nothing.</summary>
/// <param name="AsOf">When it was asked.</param>
/// <param name="Faults">Why it is degraded, in words; empty when it is not.</param>
/// <param name="NextCutoff">The oldest close that has not happened; past when it is overdue.</param>
/// <param name="LastLook">When a service last looked at the drop folders; null when none ever has.</param>
/// <param name="Workers">The processes that work on the root side by side; empty where there can be only one.</param>
/// <param name="Cleared">Alarms that were over, or seen to, within the last day.</param>
public sealed record ServiceStatus(
    DateTimeOffset AsOf, bool Degraded, IReadOnlyList<string> Faults, DateTimeOffset NextCutoff, DateTimeOffset? LastLook, DateOnly? LastClosed, IReadOnlyList<WindowStatus> Windows, IReadOnlyList<SchoolStatus> Schools,
    IReadOnlyList<WorkerRow> Workers, WaitingFile? OldestWaiting, IReadOnlyList<OpenAlarm> Alarms, IReadOnlyList<ClearedAlarm> Cleared)
{
    // A close takes its time; only one that should long be over is a fault.
    private static readonly TimeSpan Overdue = TimeSpan.FromMinutes(2);

    // A service looks every second, a cron job some minutes apart, and either is busy for a while with a large file or close.
    private static readonly TimeSpan Unwatched = TimeSpan.FromMinutes(30);

    internal static ServiceStatus Of(IngestApp app)
    {
        var now = app.Time.GetUtcNow();
        var faults = new List<string>();
        var alarms = Service.Alarms.Open(app.Ledger);
        faults.AddRange(alarms.Select(a => $"larm {a.Id} {a.Kind} {a.Subject}: {a.Message}"));
        if (app.Schools.Fault is { } register) faults.Add(register.ReplaceLineEndings(" "));
        var look = WatchMemory.LastLook(app.Ledger);
        if (look is null || now - look > Unwatched) faults.Add("ingen tar emot filer: mapparna har " + (look is { } at ? $"inte gåtts igenom sedan {ReportingCalendar.Swedish(at):yyyy-MM-dd HH:mm}" : "aldrig gåtts igenom") + ". Är tjänsten i gång?");
        var next = app.Due.Next();
        if (now > next.ClosesAt + app.Settings.Pickup.QuietPeriod + Overdue) faults.Add($"fönstret {next.Date:yyyy-MM-dd} skulle ha stängt {ReportingCalendar.Swedish(next.ClosesAt):yyyy-MM-dd HH:mm} och är försenat");
        // A folder of no school's may have any name.
        var workers = app.Ledger.Workers().Select(w => w with { Holds = [.. w.Holds.Select(h => Masking.Numbers(h, ReportingCalendar.SwedishDate(now), out _))] }).ToList();
        var waiting = new List<WaitingFile>();
        var schools = Codes(app).Select(code => SchoolOf(app, code, next, waiting, faults)).ToList();
        var oldest = waiting.MinBy(w => w.Since);
        if (oldest is not null && now - oldest.Since > app.Settings.Pickup.IncompleteAfter) faults.Add($"en fil har legat i in/{oldest.School} sedan {ReportingCalendar.Swedish(oldest.Since):yyyy-MM-dd HH:mm}");
        var last = app.Ledger.LastClosed();
        return new ServiceStatus(now, faults.Count > 0, faults, next.ClosesAt, look, last == DateOnly.MinValue ? null : last, WindowsOf(app, next), schools, workers, oldest, alarms, Service.Alarms.Cleared(app.Ledger, now.AddDays(-1)));
    }

    /// <summary>The schools of the register; when that cannot be read, those that have sent anything.</summary>
    private static List<string> Codes(IngestApp app)
    {
        if (app.Schools.Fault is null) return [.. app.Schools.Current.All.Select(s => s.Code).Order(StringComparer.Ordinal)];
        using var connection = app.Ledger.Open();
        return [.. connection.Query<string>("SELECT DISTINCT school FROM file WHERE status IS NOT NULL ORDER BY school")];
    }

    private static SchoolStatus SchoolOf(IngestApp app, string code, ReportingWindow next, List<WaitingFile> waiting, List<string> faults)
    {
        var files = app.Root.Files;
        var lying = new List<WaitingFile>();
        try
        {
            lying.AddRange(files.DirectoryInfo.New(app.Root.InOf(code)).EnumerateFiles()
                .Where(f => Posix.KindOf(files, f.FullName) == EntryKind.RegularFile && !DropFolders.IsNotYetFile(f.Name) && !f.Name.EndsWith(DoneFile.Suffix, StringComparison.OrdinalIgnoreCase))
                .Select(f => new WaitingFile(code, Posix.ChangedAt(files, f.FullName) ?? new DateTimeOffset(f.LastWriteTimeUtc, TimeSpan.Zero))));
            if (!files.Directory.Exists(app.Root.OutOf(code))) faults.Add($"ut/{code} finns inte");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            faults.Add($"in/{code} kan inte läsas ({Fault.Say(e)})");
        }
        waiting.AddRange(lying);
        using var connection = app.Ledger.Open();
        var last = connection.QueryFirstOrDefault<(long Id, string? Status, string Arrived)?>(
            "SELECT id, status, arrived FROM file WHERE school = @code AND status IS NOT NULL ORDER BY id DESC LIMIT 1", new { code });
        var sequences = connection.Query<(string System, int Number)>("SELECT system, number FROM sequence WHERE school = @code ORDER BY system, number", new { code })
            .GroupBy(s => s.System, s => s.Number)
            .Select(g => new SequenceStatus(g.Key, g.Max() + 1, FileRules.Gaps([.. g])))
            .ToList();
        return new SchoolStatus(code, lying.Count, last is { } l ? FileId.Text(l.Id) : null, last?.Status,
            last is { } f ? DateTimeOffset.Parse(f.Arrived, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal) : null, sequences,
            [.. Misfits.Of(connection, code, app.Ledger.LastClosed()).Select(m => new MisfitStatus(FileId.Text(m.File), m.Line, [.. m.Findings.Select(x => x.Code.ToString())]))],
            app.Silence.Of(code, next) is var (expected, sent) ? new ExpectedStatus(expected.Usual, expected.AtLeast, expected.By, sent) : null);
    }

    /// <summary>The open windows that anything is in, the next one in any case, and the last that closed.</summary>
    private static List<WindowStatus> WindowsOf(IngestApp app, ReportingWindow next)
    {
        using var connection = app.Ledger.Open();
        var closed = app.Ledger.Windows().ToDictionary(w => w.Date, w => w.Closed);
        var last = app.Ledger.LastClosed();
        var counts = connection.Query<(long Window, long Files, long Read, long Accepted, long Waiting, long Duplicate, long Rejected)>(
                "SELECT cutoff, count(*), CAST(sum(read) AS BIGINT), CAST(sum(accepted) AS BIGINT), CAST(sum(waiting) AS BIGINT), CAST(sum(duplicate) AS BIGINT), CAST(sum(rejected) AS BIGINT) FROM file WHERE status IS NOT NULL AND cutoff >= @from GROUP BY cutoff",
                // A baseline stands before all windows, in none.
                new { from = LedgerDatabase.Number(last == DateOnly.MinValue ? DateOnly.MinValue.AddDays(1) : last) })
            .ToDictionary(c => LedgerDatabase.Date(c.Window));
        return counts.Keys.Append(next.Date).Concat(closed.Keys.Where(d => d == last)).Distinct().Order()
            .Select(date =>
            {
                var c = counts.GetValueOrDefault(date);
                return new WindowStatus(date, ReportingCalendar.On(date).ClosesAt, closed.TryGetValue(date, out var at) ? at : null, c.Files, c.Read, c.Accepted, c.Waiting, c.Duplicate, c.Rejected);
            })
            .ToList();
    }
}
