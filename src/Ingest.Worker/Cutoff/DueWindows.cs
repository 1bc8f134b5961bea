using System.Data.Common;
using System.Globalization;
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
/// Decides when a window closes: oldest first, when all that came in time has been worked. Closing and handing on are two things: a
/// disk that cannot take a delivery never keeps a window open.
/// </summary>
internal sealed class DueWindows(
    LedgerDatabase ledger, IngestSettings settings, ReportingCalendar calendar, TimeProvider time, SchoolsFile schools, DropFolders drop, FileQueues queues, WindowClose close,
    AdvanceNotice notice, Alarms alarms, ILogger<DueWindows> log)
{
    private const string FirstWindowKey = "firstWindow";

    /// <summary>Since when which window is waited with: by cron each run is a process of its own, and none of them waits long.</summary>
    private const string WaitsKey = "closeWaits";

    // A quiet period or two after 15:00 is nothing to tell; more is.
    private static readonly TimeSpan TellWaiting = TimeSpan.FromMinutes(2);

    private readonly HashSet<DateOnly> failed = [];
    private int failures;
    private DateTimeOffset nextHandOn;
    private string? closeFault;
    private string? waitsFor;
    private DateTimeOffset? waitsUntil;

    /// <summary>The oldest window that has not closed.</summary>
    public ReportingWindow Next()
    {
        var last = ledger.LastClosed();
        if (last > DateOnly.MinValue) return calendar.After(last);
        return ledger.Setting(FirstWindowKey) is { } first
            ? ReportingCalendar.On(LedgerDatabase.Date(long.Parse(first, CultureInfo.InvariantCulture)))
            : calendar.Of(time.GetUtcNow());
    }

    /// <summary>A new root's first window is the one that is open when it first starts.</summary>
    public async Task BeginAsync(CancellationToken stop)
    {
        if (ledger.Setting(FirstWindowKey) is null)
            await ledger.SetFirstAsync(FirstWindowKey, LedgerDatabase.Number(calendar.Of(time.GetUtcNow()).Date).ToString(CultureInfo.InvariantCulture), stop);
        // Once more, for a process that died just after its close.
        if (ledger.LastClosed() is var last && last > DateOnly.MinValue) await ClosedAsync(last, stop);
    }

    /// <summary>What was waited for or written before a close is over once it has happened.</summary>
    private async Task ClosedAsync(DateOnly window, CancellationToken stop)
    {
        await notice.CloseAsync(window, stop);
        await alarms.ClearAsync("closeWaits", Words.Iso(window), stop);
    }

    /// <summary>Closes every overdue window, oldest first, and hands on what is closed and not handed on.</summary>
    /// <param name="upTo">The last window to close; null for all.</param>
    public async Task CloseAsync(DateOnly? upTo, CancellationToken stop)
    {
        try
        {
            (waitsFor, waitsUntil) = (null, null);
            while (Next() is var next && IsDue(next, upTo) && await MayCloseAsync(next, stop))
            {
                await close.CommitAsync(next.Date, stop);
                CrashPoint.Reached("close.committed");
                await ClosedAsync(next.Date, stop);
                CrashPoint.Reached("close.told");
            }
            await alarms.ClearAsync("close", "window", stop);
            closeFault = null;
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            await FailedAsync(e);
        }
        try
        {
            await HandOnAsync(stop);
        }
        catch (Exception e) when (e is DbException)
        {
            await FailedAsync(e);
        }
    }

    private async Task FailedAsync(Exception e)
    {
        ledger.Note(e);
        // At every poll, as long as it lasts: told once.
        if (closeFault != Fault.Say(e))
            log.LogError("A window could not be closed, tried again at the next poll: {Fault} {Where}", Fault.Say(e), e.StackTrace);
        closeFault = Fault.Say(e);
        await alarms.TryRaiseAsync("close", "window", $"Ett fönster kan inte stängas ({Fault.Say(e)}). Nytt försök görs hela tiden.");
    }

    /// <summary>Has the schools told, when it is time, what the next close would refuse. The close never waits for it.</summary>
    public Task NoticeAsync(CancellationToken stop)
    {
        try
        {
            var next = Next();
            if (!notice.IsTime(next)) return Task.CompletedTask;
            var filesInHand = queues.NotCommitted(next.Date).Count > 0 || drop.Holding(schools.Current).Count > 0;
            return filesInHand && notice.MayWait(next) ? Task.CompletedTask : notice.GiveAsync(next, stop);
        }
        catch (DbException e)
        {
            log.LogError("Whether it is time for a notice could not be told ({Fault}); asked again at the next poll", Fault.Say(e));
            return Task.CompletedTask;
        }
    }

    /// <summary>True while a window is overdue and will close within a quiet period, if nothing hinders it.</summary>
    public bool IsAboutToClose(DateOnly? upTo)
    {
        var (next, now) = (Next(), time.GetUtcNow());
        return IsDue(next, upTo) && (now < next.ClosesAt + settings.Pickup.QuietPeriod || drop.LastPollBegan < next.ClosesAt + settings.Pickup.QuietPeriod
            || (waitsUntil is { } until && until - now <= settings.Pickup.LongestQuiet));
    }

    /// <summary>Why an overdue window is still open, as people read it; null when none is.</summary>
    public string? StillOpen(DateOnly? upTo)
    {
        if (Next() is var next && !IsDue(next, upTo)) return null;
        return $"Fönstret {Words.Iso(next.Date)}, som skulle stänga {Words.Moment(next.ClosesAt, Language.Sv)}, är inte stängt än: "
            + (closeFault is { } fault ? $"det går inte just nu ({fault}). Nytt försök görs." : waitsFor ?? string.Create(CultureInfo.InvariantCulture, $"mapparna ska först gås igenom en gång till, tidigast {settings.Pickup.QuietPeriod.TotalSeconds:0.#} s efter klockslaget."));
    }

    private bool IsDue(ReportingWindow window, DateOnly? upTo) => window.ClosesAt <= time.GetUtcNow() && !(window.Date > upTo);

    /// <summary>
    /// In date order, for each manifest names the one before it. What failed is tried again, each time a little later; a window that
    /// was not tried yet does not wait for it, unless the delivery before its own is missing.
    /// </summary>
    private async Task HandOnAsync(CancellationToken stop)
    {
        var waiting = !Backoff.IsOver(nextHandOn, time.GetUtcNow());
        var tried = false;
        foreach (var left in ledger.Windows("WHERE delivered IS NULL"))
        {
            if (waiting && failed.Contains(left.Date))
            {
                if (left.Manifest is null) break;
                continue;
            }
            tried = true;
            if (await TryHandOnAsync(left.Date, stop) is not { } complete) break;
            if (complete) failed.Remove(left.Date);
        }
        if (!tried) return;
        failures = failed.Count == 0 ? 0 : failures + 1;
        if (failures > 0) nextHandOn = time.GetUtcNow() + Backoff.After(failures);
    }

    /// <returns>Null when the delivery itself failed, so that no later one can be chained to it.</returns>
    private async Task<bool?> TryHandOnAsync(DateOnly window, CancellationToken stop)
    {
        failed.Add(window);
        try
        {
            var complete = await close.HandOnAsync(window, stop);
            await alarms.ClearAsync("handOn", "delivery", stop);
            return complete;
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            ledger.Note(e);
            log.LogError("The closed window {Window} could not be handed on: {Fault} {Where}", Words.Iso(window), Fault.Say(e), e.StackTrace);
            await alarms.TryRaiseAsync("handOn", "delivery", $"Ett stängt fönster kan inte lämnas vidare ({Fault.Say(e)}). Nya försök görs.");
            return null;
        }
    }

    /// <summary>True once a whole poll began past the close and the quiet period, and every file that came in time has been worked.</summary>
    private async Task<bool> MayCloseAsync(ReportingWindow window, CancellationToken stop)
    {
        if (drop.LastPollBegan is not { } polled || polled < window.ClosesAt + settings.Pickup.QuietPeriod) return false;
        var late = queues.NotCommitted(window.Date);
        var untaken = drop.Before(window.ClosesAt, schools.Current);
        var away = drop.Access.AwayOver(window.ClosesAt + settings.Pickup.QuietPeriod);
        if (late.Count == 0 && untaken.Count == 0 && away.Count == 0) return true;
        var now = time.GetUtcNow();
        // After a stop, or a clock set forth, over the close and more: what lay there has not been waited for yet.
        var since = window.ClosesAt > drop.WatchingSince ? window.ClosesAt : drop.WatchingSince;
        since = await WaitedSinceAsync(window, since, stop);
        var last = since + settings.Cutoff.MaxWait;
        // Whoever begins to look just before the wait is over still gives what lies there the time that it has to lie still.
        if (drop.WatchingSince > window.ClosesAt && last < drop.WatchingSince + settings.Pickup.LongestQuiet) last = drop.WatchingSince + settings.Pickup.LongestQuiet;
        var folders = late.Select(f => f.School).Concat(untaken.Select(f => f.Folder)).Concat(away).Distinct().Select(f => "in/" + Masking.Numbers(f, window.Date, out _)).ToList();
        if (now < last)
        {
            (waitsFor, waitsUntil) = ($"det väntar på filer som kom i tid men inte är hela eller färdiga, eller på mappar som är borta: {string.Join(", ", folders)}. Det stänger senast {ReportingCalendar.Swedish(last):HH.mm}.", last);
            if (now >= since + TellWaiting)
                await alarms.RaiseAsync("closeWaits", Words.Iso(window.Date),
                    $"Fönstret är inte stängt än: {waitsFor}", stop);
            return false;
        }
        foreach (var file in late)
            await alarms.RaiseAsync("movedOn", FileId.Text(file.Id), $"Filen var inte bearbetad när fönstret {Words.Iso(window.Date)} stängde. Den räknas i nästa fönster.", stop);
        foreach (var folder in untaken.Select(f => f.Folder).Distinct())
            await alarms.RaiseAsync("movedOn", $"in/{Masking.Numbers(folder, window.Date, out _)} {Words.Iso(window.Date)}",
                $"En fil i mappen var inte hel när fönstret {Words.Iso(window.Date)} stängde. Den räknas i nästa fönster.", stop);
        return true;
    }

    /// <summary>Since when this window is waited with, by whichever process began to.</summary>
    private async Task<DateTimeOffset> WaitedSinceAsync(ReportingWindow window, DateTimeOffset since, CancellationToken stop)
    {
        var date = Words.Iso(window.Date);
        if (ledger.Setting(WaitsKey)?.Split(' ') is [var waited, var began] && waited == date && LedgerDatabase.Instant(began) is var before && before <= since) return before;
        await ledger.SetAsync(WaitsKey, $"{date} {LedgerDatabase.Instant(since)}", stop);
        return since;
    }
}
