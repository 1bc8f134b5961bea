using Dapper;
using Ingest.Rules;
using Ingest.Worker.Ledger;
using Ingest.Worker.Receipts;
using Ingest.Worker.Service;
using Ingest.Worker.Settings;
using Microsoft.Extensions.Logging;

namespace Ingest.Worker.Cutoff;

/// <summary>
/// Half an hour before a close, once: each school with something that it would refuse is told. Beside the loop, which goes on looking
/// for files, and never in the way of the close: what is not written by then is not written.
/// </summary>
internal sealed class AdvanceNotice(
    LedgerDatabase ledger, IngestSettings settings, TimeProvider time, WindowClose close, AdvanceReceipts receipts, Alarms alarms, ILogger<AdvanceNotice> log)
{
    // The window whose notice has begun, and the schools that are left: "2026-01-19 KTH LU".
    private const string LeftKey = "advanceNotice";

    // What came just before is to be counted in, but only if it is soon worked.
    private static readonly TimeSpan MostWait = TimeSpan.FromMinutes(5);

    private Task giving = Task.CompletedTask;
    private DateOnly given;
    private (DateOnly Window, DateTimeOffset At) asked;
    private int failures;
    private DateTimeOffset nextTry;

    /// <summary>True when the schools of a window are to be told now.</summary>
    public bool IsTime(ReportingWindow window)
    {
        var now = time.GetUtcNow();
        return given != window.Date && now >= window.ClosesAt - settings.Cutoff.AdvanceNotice && now < window.ClosesAt && now >= nextTry;
    }

    /// <summary>True while it is better to wait for files that have come and are not yet worked; counted from when it was first asked.</summary>
    public bool MayWait(ReportingWindow window)
    {
        var now = time.GetUtcNow();
        if (asked.Window != window.Date) asked = (window.Date, now);
        var half = (window.ClosesAt - asked.At) / 2;
        return now < asked.At + (half < MostWait ? half : MostWait);
    }

    /// <summary>Begins, if it is not going on already. Never fails; the task ends when all that can be told is told.</summary>
    public Task GiveAsync(ReportingWindow window, CancellationToken stop) =>
        giving.IsCompleted ? giving = Task.Run(() => TryGiveAsync(window, stop), CancellationToken.None) : giving;

    /// <summary>Waits for what is being written.</summary>
    public Task EndedAsync() => giving;

    /// <summary>The window has closed: nobody waits for its notice any more.</summary>
    public async Task CloseAsync(DateOnly window, CancellationToken stop)
    {
        if (Left(window) is not { Count: > 0 } left) return;
        foreach (var school in left) await alarms.ClearAsync("forhand", $"ut/{school}", stop);
        await SetLeftAsync(window, [], stop);
    }

    private async Task TryGiveAsync(ReportingWindow window, CancellationToken stop)
    {
        try
        {
            if (await GiveAllAsync(window, stop))
            {
                (given, failures) = (window.Date, 0);
                return;
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return;
        }
        catch (Exception e)
        {
            log.LogError("The notice before the close of {Window} failed: {Fault} {Where}", Words.Iso(window.Date), Fault.Say(e), e.StackTrace);
        }
        nextTry = time.GetUtcNow() + Backoff.After(++failures);
    }

    /// <returns>False when a school's could not be written.</returns>
    private async Task<bool> GiveAllAsync(ReportingWindow window, CancellationToken stop)
    {
        if (Left(window.Date) is not { } left) await SetLeftAsync(window.Date, left = Schools(window.Date), stop);
        CrashPoint.Reached("notice.begun");
        foreach (var school in left.ToList())
        {
            if (time.GetUtcNow() >= window.ClosesAt) return true;
            if (!await TryWriteAsync(school, window, stop)) continue;
            CrashPoint.Reached("notice.written");
            left.Remove(school);
            await SetLeftAsync(window.Date, left, stop);
        }
        return left.Count == 0;
    }

    private async Task<bool> TryWriteAsync(string school, ReportingWindow window, CancellationToken stop)
    {
        using var foreseen = new Foreseen(close.Preview(school, window.Date), stop);
        try
        {
            if (foreseen.Refused + foreseen.Warned > 0)
            {
                receipts.Write(school, window, foreseen);
                log.LogInformation("{School} has been told of {Refused} records that the close of {Window} would refuse, {Warned} warned", school, foreseen.Refused, Words.Iso(window.Date), foreseen.Warned);
            }
            await alarms.ClearAsync("forhand", $"ut/{school}", stop);
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            log.LogError("The notice before the close of {Window} could not be written to ut/{School} ({Fault})", Words.Iso(window.Date), school, Fault.Say(e));
            await alarms.TryRaiseAsync("forhand", $"ut/{school}", $"Förhandsbeskedet om vad som avvisas klockan 15.00 kan inte skrivas ({Fault.Say(e)}). De andra skolorna får sina; nya försök görs fram till stängningen.");
            return false;
        }
    }

    /// <summary>Schools with records in the window.</summary>
    private List<string> Schools(DateOnly window)
    {
        using var connection = ledger.Open();
        return [.. connection.Query<string>($"SELECT code FROM school WHERE code IN ({LedgerDatabase.SchoolsWithEvents}) ORDER BY code",
            new { window = LedgerDatabase.Number(window) })];
    }

    /// <summary>The schools that are not told yet; null when the window's notice has not begun.</summary>
    private List<string>? Left(DateOnly window) =>
        ledger.Setting(LeftKey)?.Split(' ', StringSplitOptions.RemoveEmptyEntries) is [var date, .. var schools] && date == Words.Iso(window) ? [.. schools] : null;

    private Task SetLeftAsync(DateOnly window, IEnumerable<string> left, CancellationToken stop) =>
        ledger.SetAsync(LeftKey, string.Join(' ', left.Prepend(Words.Iso(window))), stop);
}
