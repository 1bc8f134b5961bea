using System.Collections.Concurrent;
using System.Globalization;
using Dapper;
using Ingest.Formats;
using Ingest.Rules;
using Ingest.Worker.Cutoff;
using Ingest.Worker.Ledger;
using Ingest.Worker.Pickup;
using Ingest.Worker.Receipts;
using Ingest.Worker.Settings;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;

namespace Ingest.Worker.Service;

/// <summary>
/// The service: polls, claims, works the files of each school in order and schools side by side, and closes windows when the bell has
/// rung. One loop decides; only the work on files runs beside it.
/// </summary>
internal sealed class IngestService(
    RootFolder root, LedgerDatabase ledger, IngestSettings settings, ReportingCalendar calendar, TimeProvider time, SchoolsFile schools, DropFolders drop, Claims claims,
    FileWorker worker, Recovery recovery, WindowClose close, Alarms alarms, CutoffBell bell, ILogger<IngestService> log)
{
    private const string FirstWindowKey = "firstWindow";
    private const string EnvironmentKey = "environment";
    private const int MostIntakeTries = 5;
    private static readonly TimeSpan TellWaiting = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan FirstRetry = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan LastRetry = TimeSpan.FromMinutes(15);

    private sealed record Failed(FileRow File, int Tries, DateTimeOffset Next);

    private readonly ConcurrentDictionary<long, FileRow> unfinished = new();
    private readonly ConcurrentDictionary<long, Failed> failed = new();
    private readonly Dictionary<string, ConcurrentQueue<FileRow>> queues = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Task> working = new(StringComparer.Ordinal);

    /// <summary>Runs until told to stop; then the files in hand are finished.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        await StartAsync(stop);
        try
        {
            while (!stop.IsCancellationRequested)
            {
                await PollOrAlarmAsync(stop);
                await CloseDueAsync(null, stop);
                await bell.WaitAsync(settings.Pickup.PollInterval, stop);
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            log.LogInformation("Stopping: finishing the files in hand");
        }
        foreach (var queue in queues.Values) queue.Clear();
        await Task.WhenAll(working.Values);
        await drop.SaveAsync(CancellationToken.None);
    }

    /// <summary>Works what is there now, closes what is overdue, and ends: for cron.</summary>
    /// <param name="upTo">The last window to close; null for all that are overdue.</param>
    public async Task RunOnceAsync(DateOnly? upTo, CancellationToken stop)
    {
        await StartAsync(stop);
        while (true)
        {
            await StepAsync(upTo, stop);
            if (!drop.AnyHolding(schools.Current) && !IsAboutToClose(upTo)) break;
            await Task.Delay(settings.Pickup.PollInterval, time, stop);
        }
        await drop.SaveAsync(stop);
    }

    /// <summary>Brings everything to where a run can begin: the register, the folders, and what a crash left.</summary>
    public async Task StartAsync(CancellationToken stop)
    {
        schools.Load();
        root.Create(schools.Current.All.Select(s => s.Code));
        if (ledger.Setting(FirstWindowKey) is null)
            await ledger.SetAsync(FirstWindowKey, LedgerDatabase.Number(calendar.Of(time.GetUtcNow()).Date).ToString(CultureInfo.InvariantCulture), stop);
        // What a root holds is either real or a test; the two never mix.
        var environment = ledger.Setting(EnvironmentKey);
        if (environment is null) await ledger.SetAsync(EnvironmentKey, settings.Environment, stop);
        else if (environment != settings.Environment)
            throw new StartException($"Roten {root.Root} är en {environment}-rot, men inställningen Environment är {settings.Environment}.");
        log.LogInformation("Started in {Root} ({Environment}), {Schools} schools; next close {Next}",
            root.Root, settings.Environment, schools.Current.All.Count, Words.Iso(NextToClose().ClosesAt));
        foreach (var file in await recovery.RunAsync(stop)) Enqueue(file);
    }

    /// <summary>One poll, all work that it gives, and every close that is due.</summary>
    public async Task StepAsync(DateOnly? upTo, CancellationToken stop)
    {
        await PollAsync(stop);
        await Task.WhenAll(working.Values);
        await CloseDueAsync(upTo, stop);
    }

    /// <summary>A poll that fails, by the disk or the ledger, is told once and tried again at the next; the service lives on.</summary>
    private async Task PollOrAlarmAsync(CancellationToken stop)
    {
        try
        {
            await PollAsync(stop);
            if (pollFailed) await alarms.ClearAsync("poll", "in", stop);
            pollFailed = false;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or SqliteException)
        {
            // The type alone: a path may hold a name that nobody has masked.
            if (!pollFailed) log.LogError("The drop folders could not be gone through: {Fault}", e.GetType().Name);
            pollFailed = true;
            if (e is not SqliteException) await alarms.RaiseAsync("poll", "in", $"Mapparna kan inte gås igenom ({e.GetType().Name}). Nytt försök görs hela tiden.", stop);
        }
    }

    private bool pollFailed;

    private async Task PollAsync(CancellationToken stop)
    {
        if (schools.Refresh()) root.Create(schools.Current.All.Select(s => s.Code));
        if (schools.Fault is { } fault) await alarms.RaiseAsync("register", "schools.json", fault, stop);
        else await alarms.ClearAsync("register", "schools.json", stop);

        await drop.PollAsync(schools.Current, stop);
        foreach (var folder in drop.Seen.Select(f => f.Folder).Distinct().ToList())
        {
            foreach (var file in drop.Ready(folder, schools.Current.Find(folder)))
            {
                if (await claims.TakeAsync(file, stop) is { } row) Enqueue(row);
                if (!file.Stuck) drop.Forget(file);
            }
        }
        var now = time.GetUtcNow();
        foreach (var again in failed.Values.Where(f => f.Next <= now).ToList())
            if (failed.TryRemove(again.File.Id, out _)) Enqueue(again.File, again.Tries);
        foreach (var (folder, queue) in queues)
            if (!queue.IsEmpty && working.GetValueOrDefault(folder) is null or { IsCompleted: true })
                working[folder] = Task.Run(() => DrainAsync(queue), CancellationToken.None);
    }

    private readonly ConcurrentDictionary<long, int> tries = new();

    private void Enqueue(FileRow file, int triesBefore = 0)
    {
        unfinished[file.Id] = file;
        tries[file.Id] = triesBefore;
        if (!queues.TryGetValue(file.School, out var queue)) queues.Add(file.School, queue = new ConcurrentQueue<FileRow>());
        queue.Enqueue(file);
    }

    /// <summary>The files of one school, in order. One that cannot be worked never stops the next.</summary>
    private async Task DrainAsync(ConcurrentQueue<FileRow> queue)
    {
        while (queue.TryDequeue(out var file))
        {
            var id = FileId.Text(file.Id);
            try
            {
                // What a try that failed left would stand in the way of the next.
                if (file.State == FileState.Claimed && tries.GetValueOrDefault(file.Id) > 0) await ledger.ForgetAsync(file, CancellationToken.None);
                // A file once begun is finished: stopping waits for it.
                await worker.WorkAsync(file, schools.Current.Find(file.School), CancellationToken.None);
                unfinished.TryRemove(file.Id, out _);
                if (tries.TryRemove(file.Id, out var before) && before > 0) await alarms.ClearAsync("fileStuck", id, CancellationToken.None);
            }
            catch (Exception e)
            {
                var count = tries.GetValueOrDefault(file.Id) + 1;
                log.LogError(e, "{FileId} could not be worked (try {Try})", id, count);
                await AlarmOfAsync(file, e, count);
                // Receipts and archive are made good however long it takes; an intake that fails each time is poisonous and left.
                if (file.State != FileState.Claimed || count < MostIntakeTries)
                    failed[file.Id] = new Failed(file, count, time.GetUtcNow() + Backoff(count));
            }
        }
    }

    private async Task AlarmOfAsync(FileRow file, Exception fault, int count)
    {
        try
        {
            await alarms.RaiseAsync("fileStuck", FileId.Text(file.Id), string.Create(CultureInfo.InvariantCulture,
                $"Filen från {Masking.Numbers(file.School, ReportingCalendar.SwedishDate(file.Arrived), out _)} kan inte bearbetas ({fault.GetType().Name}, försök {count}). Nästa fil går vidare."), CancellationToken.None);
        }
        catch (Exception e)
        {
            log.LogError(e, "The alarm could not be written");
        }
    }

    private static TimeSpan Backoff(int count) =>
        TimeSpan.FromTicks(Math.Min(LastRetry.Ticks, FirstRetry.Ticks << Math.Min(count - 1, 10)));

    /// <summary>The oldest window that has not closed.</summary>
    public ReportingWindow NextToClose()
    {
        var last = ledger.LastClosed();
        if (last > DateOnly.MinValue) return calendar.After(last);
        return ledger.Setting(FirstWindowKey) is { } first
            ? ReportingCalendar.On(LedgerDatabase.Date(long.Parse(first, CultureInfo.InvariantCulture)))
            : calendar.Of(time.GetUtcNow());
    }

    /// <summary>Closes every overdue window, oldest first, when the bell has rung; then hands on what was closed and not handed on.</summary>
    private async Task CloseDueAsync(DateOnly? upTo, CancellationToken stop)
    {
        if (!bell.HasRung) return;
        try
        {
            foreach (var left in ledger.Windows("WHERE delivered IS NULL")) await close.HandOnAsync(left.Date, stop);
            while (NextToClose() is var next && next.ClosesAt <= time.GetUtcNow() && !(next.Date > upTo))
            {
                if (!await MayCloseAsync(next, stop)) return;
                await close.CloseAsync(next.Date, stop);
                await alarms.ClearAsync("closeWaits", Words.Iso(next.Date), stop);
            }
            bell.Answered();
            await alarms.ClearAsync("close", "window", stop);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            log.LogError(e, "The window could not be closed or handed on; tried again at the next poll");
            await alarms.RaiseAsync("close", "window", $"Fönstret kan inte stängas eller lämnas vidare ({e.GetType().Name}). Nytt försök görs hela tiden.", stop);
        }
    }

    /// <summary>True once a whole poll began past the close and the quiet period, and every file that came in time has been worked.</summary>
    private async Task<bool> MayCloseAsync(ReportingWindow window, CancellationToken stop)
    {
        if (drop.LastPollBegan is not { } polled || polled < window.ClosesAt + settings.Pickup.QuietPeriod) return false;
        var late = unfinished.Values.Where(f => f.Window <= window.Date && f.State == FileState.Claimed).ToList();
        var untaken = drop.Before(window.ClosesAt, schools.Current);
        if (late.Count == 0 && untaken.Count == 0) return true;
        if (time.GetUtcNow() < window.ClosesAt + settings.Cutoff.MaxWait)
        {
            // A quiet period or two is nothing to tell; more is.
            if (time.GetUtcNow() < window.ClosesAt + TellWaiting) return false;
            var waitsFor = late.Select(f => f.School).Concat(untaken.Select(f => f.Folder)).Distinct().Select(f => "in/" + Masking.Numbers(f, window.Date, out _));
            await alarms.RaiseAsync("closeWaits", Words.Iso(window.Date), $"Fönstret väntar på filer som kom i tid men inte är hela eller färdiga: {string.Join(", ", waitsFor)}. "
                + $"Det stänger senast {ReportingCalendar.Swedish(window.ClosesAt + settings.Cutoff.MaxWait):HH.mm}.", stop);
            return false;
        }
        foreach (var file in late)
            await alarms.RaiseAsync("movedOn", FileId.Text(file.Id), $"Filen var inte bearbetad när fönstret {Words.Iso(window.Date)} stängde. Den räknas i nästa fönster.", stop);
        foreach (var folder in untaken.Select(f => f.Folder).Distinct())
            await alarms.RaiseAsync("movedOn", $"in/{Masking.Numbers(folder, window.Date, out _)} {Words.Iso(window.Date)}",
                $"En fil i mappen var inte hel när fönstret {Words.Iso(window.Date)} stängde. Den räknas i nästa fönster.", stop);
        return true;
    }

    /// <summary>True while a window is overdue and only the quiet period after it is waited for.</summary>
    private bool IsAboutToClose(DateOnly? upTo)
    {
        var next = NextToClose();
        var now = time.GetUtcNow();
        return next.ClosesAt <= now && !(next.Date > upTo) && (now < next.ClosesAt + settings.Pickup.QuietPeriod || drop.LastPollBegan < next.ClosesAt + settings.Pickup.QuietPeriod);
    }
}
