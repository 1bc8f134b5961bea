using System.Data.Common;
using System.Globalization;
using Dapper;
using Ingest.Formats;
using Ingest.Rules;
using Ingest.Worker.Ledger;
using Ingest.Worker.Pickup;
using Ingest.Worker.Receipts;
using Ingest.Worker.Service;
using Ingest.Worker.Settings;
using Microsoft.Extensions.Logging;

namespace Ingest.Worker.Cutoff;

/// <summary>
/// What never arrived is told by nobody else: an alarm for a school that has not sent what it usually has by now, and for a refused
/// file that at 14:30 is not replaced. Each once a school and window; over as soon as what was missing has come.
/// </summary>
internal sealed class SilenceWatch(
    LedgerDatabase ledger, IngestSettings settings, ReportingCalendar calendar, TimeProvider time, SchoolsFile schools, DropFolders drop, FileQueues queues, Alarms alarms, ILogger<SilenceWatch> log)
{
    private const string Silent = "silence", Refused = "refusedFile";
    private const int MostNamed = 5;

    private static readonly TimeSpan LookEvery = TimeSpan.FromMinutes(1);

    // A window that closed much later than it should was closed after an outage: what came meanwhile counts in another.
    private static readonly TimeSpan InTime = TimeSpan.FromHours(1);

    private readonly Dictionary<string, Expected?> expected = new(StringComparer.Ordinal);
    private (DateOnly Window, DateTimeOffset At) looked;
    private DateOnly expectedIn, closed;

    /// <summary>Looks at the open window, once a minute, and at one that has closed, once. Never fails.</summary>
    public async Task LookAsync(Func<ReportingWindow> next, CancellationToken stop)
    {
        var now = time.GetUtcNow();
        if (settings.Silence.Share <= 0) return;
        try
        {
            var open = next();
            if (looked.Window == open.Date && now >= looked.At && now < looked.At + LookEvery) return;
            looked = (open.Date, now);
            using var connection = ledger.Open();
            await ClearAsync(connection, stop);
            if (LedgerDatabase.LastClosed(connection) is var last && last > closed)
            {
                closed = last;
                if (ledger.Windows($"WHERE date = {LedgerDatabase.Number(last)}").Single().Closed < ReportingCalendar.On(last).ClosesAt + settings.Cutoff.MaxWait + InTime)
                    await RaiseAsync(connection, ReportingCalendar.On(last), now, stop);
            }
            await RaiseAsync(connection, open, now, stop);
        }
        catch (Exception e) when (e is DbException or IOException or UnauthorizedAccessException)
        {
            log.LogError("Whether a school is silent could not be told ({Fault}); asked again in a minute", e.GetType().Name);
        }
    }

    /// <summary>What the school is expected to have sent to the window, and what it has; null where nothing can be expected.</summary>
    public (Expected Expected, long Sent)? Of(string school, ReportingWindow window)
    {
        using var connection = ledger.Open();
        return settings.Silence.Share > 0 && ExpectedOf(connection, school, window) is { } e ? (e, SentSince(connection, school, window.Date)) : null;
    }

    private async Task RaiseAsync(DbConnection connection, ReportingWindow window, DateTimeOffset now, CancellationToken stop)
    {
        foreach (var school in schools.Current.All)
        {
            if (school.FileReporting && Known(connection, school.Code, window) is { } e && now >= e.By && !IsInHand(school.Code, window)
                && SentSince(connection, school.Code, window.Date) is var sent && e.IsMissed(sent, now))
                await alarms.RaiseAsync(Silent, Subject(school.Code, window.Date), Message(school.Code, window, e, sent), stop, once: true);
            if (now >= window.ClosesAt - settings.Cutoff.AdvanceNotice && NotReplaced(connection, school.Code, window.Date) is { Count: > 0 } files)
                await alarms.RaiseAsync(Refused, Subject(school.Code, window.Date), Message(school.Code, window, files), stop, once: true);
        }
    }

    /// <summary>What is open and no longer so, of whatever day: what came after the close of a window is no silence either.</summary>
    private async Task ClearAsync(DbConnection connection, CancellationToken stop)
    {
        foreach (var alarm in Alarms.Open(ledger).Where(a => a.Kind is Silent or Refused))
        {
            if (alarm.Subject.Split(' ') is not [var folder, var date]) continue;
            var (school, window) = (folder[3..], ReportingCalendar.On(DateOnly.ParseExact(date, "yyyy-MM-dd", CultureInfo.InvariantCulture)));
            var over = alarm.Kind == Refused
                ? NotReplaced(connection, school, window.Date).Count == 0
                : ExpectedOf(connection, school, window) is not { } e || SentSince(connection, school, window.Date) >= e.AtLeast;
            if (over) await alarms.ClearAsync(alarm.Kind, alarm.Subject, stop);
        }
    }

    /// <summary>The past does not change: asked once a window.</summary>
    private Expected? Known(DbConnection connection, string school, ReportingWindow window)
    {
        if (expectedIn != window.Date) expected.Clear();
        expectedIn = window.Date;
        if (!expected.TryGetValue(school, out var known)) expected.Add(school, known = ExpectedOf(connection, school, window));
        return known;
    }

    private Expected? ExpectedOf(DbConnection connection, string school, ReportingWindow window)
    {
        if (connection.ExecuteScalar<long?>("SELECT min(cutoff) FROM file WHERE school = @school AND origin IS NULL AND status IS NOT NULL", new { school }) is not { } first) return null;
        var dates = Silence.ComparedWith(window.Date, LedgerDatabase.Date(first), calendar);
        // A row a minute at most, however many files there are. What was rejected has not come; what was a repeat has.
        var came = connection.Query<(long Window, string Minute, long Records)>(
                $"SELECT cutoff, substr(arrived, 1, 16), CAST(sum(read - rejected) AS BIGINT) FROM file WHERE school = @school AND cutoff IN ({string.Join(", ", dates.Select(LedgerDatabase.Number).DefaultIfEmpty())}) AND origin IS NULL AND status IS NOT NULL GROUP BY cutoff, substr(arrived, 1, 16)",
                new { school })
            .ToLookup(c => LedgerDatabase.Date(c.Window));
        return Silence.Of(window, [.. dates.Select(date => (IReadOnlyList<Came>)[.. came[date].Select(c => new Came(ReportingCalendar.On(date).ClosesAt - LedgerDatabase.Instant(c.Minute + "Z"), c.Records))])],
            settings.Silence.Share, TimeSpan.FromMinutes(settings.Silence.Minutes));
    }

    private static long SentSince(DbConnection connection, string school, DateOnly window) => connection.ExecuteScalar<long>(
        "SELECT CAST(coalesce(sum(read - rejected), 0) AS BIGINT) FROM file WHERE school = @school AND cutoff >= @window AND origin IS NULL AND status IS NOT NULL", new { school, window = LedgerDatabase.Number(window) });

    /// <summary>
    /// The refused files of a window for which none of the same name or löpnummer has come since that was not refused. One that was
    /// mended under another name stays: rather one call too many.
    /// </summary>
    private static List<string> NotReplaced(DbConnection connection, string school, DateOnly window)
    {
        var files = connection.Query<(long Id, long Window, string Name, string? System, long? Sequence, string Status)>(
            "SELECT id, cutoff, name, system, sequence, status FROM file WHERE school = @school AND cutoff >= @window AND origin IS NULL AND status IS NOT NULL ORDER BY id DESC",
            new { school, window = LedgerDatabase.Number(window) });
        // Newest first, so that what is known is what came after: one pass, though a school should send ten thousand that are refused.
        var names = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        var numbers = new HashSet<(string?, long)>();
        var missing = new List<string>();
        foreach (var file in files)
        {
            if (file.Status != nameof(FileStatus.Rejected))
            {
                names.Add(file.Name);
                if (file.Sequence is { } number) numbers.Add((file.System, number));
            }
            else if (file.Window == LedgerDatabase.Number(window) && !names.Contains(file.Name) && !(file.Sequence is { } own && numbers.Contains((file.System, own))))
            {
                missing.Add(FileId.Text(file.Id));
            }
        }
        missing.Reverse();
        return missing;
    }

    /// <summary>Something of the school's has come and is not counted yet.</summary>
    private bool IsInHand(string school, ReportingWindow window) =>
        queues.NotCommitted(window.Date).Exists(f => f.School == school) || drop.Before(window.ClosesAt, schools.Current).Exists(f => f.Folder == school);

    private static string Subject(string school, DateOnly window) => $"in/{school} {Words.Iso(window)}";

    private static string Message(string school, ReportingWindow window, Expected e, long sent) =>
        $"{school} har lämnat {(sent == 0 ? "inget" : "bara " + Words.Records(sent, Language.Sv))} till fönstret som stänger {Words.Moment(window.ClosesAt, Language.Sv)}. Samma veckodag brukar det vara omkring "
        + $"{Words.Records(e.Usual, Language.Sv)}, och minst {Words.Count(e.AtLeast, Language.Sv)} senast {Words.Moment(e.By, Language.Sv)}. Hör med skolan.";

    private static string Message(string school, ReportingWindow window, List<string> files) =>
        $"{school} har inte ersatt {(files.Count == 1 ? "en avvisad fil" : $"{files.Count} avvisade filer")} i fönstret som stänger {Words.Moment(window.ClosesAt, Language.Sv)}: "
        + $"{string.Join(", ", files.Take(MostNamed))}{(files.Count > MostNamed ? " …" : "")}. Inget i {(files.Count == 1 ? "den" : "dem")} räknas. Hör med skolan.";
}
