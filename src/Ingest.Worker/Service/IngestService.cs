using System.Data.Common;
using Ingest.Worker.Cutoff;
using Ingest.Worker.Ledger;
using Ingest.Worker.Pickup;
using Ingest.Worker.Receipts;
using Ingest.Worker.Settings;
using Microsoft.Extensions.Logging;

namespace Ingest.Worker.Service;

/// <summary>
/// The service: polls, claims, lets the queues work, and closes what is due. One loop decides; only the work on files runs beside it. Of
/// several on one root, one has the watch and does all this; the others' queues work what it has taken.
/// </summary>
internal sealed class IngestService(
    RootFolder root, LedgerDatabase ledger, IngestSettings settings, TimeProvider time, SchoolsFile schools, DropFolders drop, Claims claims, FileQueues queues, Workers workers,
    Recovery recovery, DueWindows due, AdvanceNotice notice, SilenceWatch silence, Alarms alarms, PollBell bell, ILogger<IngestService> log)
{
    /// <summary>The ledger's setting that says whether the root is PROD or TEST.</summary>
    internal const string EnvironmentKey = "environment";

    // Past this many, a folder's next files wait for the next poll, so that a flood keeps nobody from being seen.
    private const int MostClaimsAPoll = 200;

    // Files that one poll saw, it saw moments apart: their quiet periods end in one poll too.
    private static readonly TimeSpan Moments = TimeSpan.FromMilliseconds(25);

    private bool pollFailed;

    // As which worker it took the watch; null when another has it.
    private long? watchesAs;

    /// <summary>Runs until told to stop; then the files in hand are finished.</summary>
    public Task RunAsync(CancellationToken stop) => UntilStoppedAsync(async () =>
    {
        using var watch = DropWatch.Start(root, bell, time, log);
        while (true)
        {
            stop.ThrowIfCancellationRequested();
            await PollOrAlarmAsync(stop);
            if (ledger.IsDamaged) throw await DamagedAsync();
            if (watchesAs is not null)
            {
                await due.CloseAsync(null, stop);
                // Not waited for: polls must go on, or a file would seem to arrive later than it did.
                _ = due.NoticeAsync(stop);
                await silence.LookAsync(due.Next, stop);
            }
            var poll = settings.Pickup.PollInterval;
            await bell.WaitAsync(drop.UntilStill() + Moments is { } still && still < poll ? still : poll, stop);
        }
    }, stop);

    /// <summary>Works what is there now, closes what is overdue, and ends: for cron.</summary>
    /// <param name="upTo">The last window to close; null for all that are overdue.</param>
    /// <param name="tell">Takes in a line each why it waits, or ends with a window that is overdue.</param>
    public Task RunOnceAsync(DateOnly? upTo, CancellationToken stop, Action<string>? tell = null) => UntilStoppedAsync(async () =>
    {
        string? told = null;
        while (true)
        {
            await StepAsync(upTo, stop);
            if (watchesAs is null)
            {
                Tell("En annan arbetare sköter mapparna och stänger fönstren (status visar vilken). Den här har bara arbetat av filer som redan var tagna.");
                return;
            }
            var (holding, closing) = (drop.Holding(schools.Current), due.IsAboutToClose(upTo));
            if (holding.Count == 0 && !closing) break;
            Tell(holding.Count > 0
                ? $"Väntar på att filer i {string.Join(", ", holding)} ska ha legat stilla, högst {settings.Pickup.LongestQuiet.TotalSeconds:0.#} s efter den senaste ändringen."
                : due.StillOpen(upTo)!);
            await Task.Delay(settings.Pickup.PollInterval, time, stop);
        }
        if (due.StillOpen(upTo) is { } open) Tell(open);

        void Tell(string why)
        {
            if (why != told) tell?.Invoke(told = why);
        }
    }, stop);

    /// <summary>Brings everything to where a run can begin: the register, the folders, and what a crash left.</summary>
    public async Task StartAsync(CancellationToken stop)
    {
        schools.Load();
        root.Create(schools.Current.All.Select(s => s.Code));
        CrashPoint.Reached("start.folders");
        // What a root holds is either real or a test; the two never mix.
        if (ledger.Setting(EnvironmentKey) is null) await ledger.SetFirstAsync(EnvironmentKey, settings.Environment, stop);
        CheckEnvironment(ledger, settings, root);
        await workers.StartAsync(stop);
        await WatchAsync(stop);
        log.LogInformation("Started in {Root} ({Environment}), {Schools} schools; next close {Next}",
            root.Root, settings.Environment, schools.Current.All.Count, Words.Iso(due.Next().ClosesAt));
    }

    /// <summary>Takes the watch, if nobody has it, and brings what whoever had it before left to where one can go on.</summary>
    /// <returns>True when this process has it.</returns>
    private async Task<bool> WatchAsync(CancellationToken stop)
    {
        var me = workers.Id;
        if (!await workers.TakeAsync(LedgerDatabase.Watch, stop)) watchesAs = null;
        else if (watchesAs != me)
        {
            drop.Restart();
            alarms.Forget();
            await due.BeginAsync(stop);
            CrashPoint.Reached("start.begun");
            foreach (var (file, isThere) in await recovery.RunAsync(stop))
            {
                if (isThere) queues.Recovered(file);
                else queues.GiveUp(file);
            }
            await queues.TakenAsync(ledger.LastFileId(), stop);
            CrashPoint.Reached("start.recovered");
            watchesAs = me;
            if (!workers.IsAlone) log.LogInformation("{Worker} watches the folders and closes the windows", settings.Worker.KnownAs);
        }
        return watchesAs is not null;
    }

    /// <summary>Polls until nothing more can be taken, does all the work that it gives, and closes what is due.</summary>
    public async Task StepAsync(DateOnly? upTo, CancellationToken stop)
    {
        bool more;
        do
        {
            more = await PollAsync(stop);
            await queues.DrainedAsync().WaitAsync(stop);
        }
        while (more);
        if (watchesAs is null) return;
        await due.CloseAsync(upTo, stop);
        await due.NoticeAsync(stop);
        await silence.LookAsync(due.Next, stop);
    }

    /// <exception cref="StartException">The root is of the other environment, or was never started.</exception>
    public static void CheckEnvironment(LedgerDatabase ledger, IngestSettings settings, RootFolder root)
    {
        if (ledger.Setting(EnvironmentKey) is not { } environment) throw new StartException($"Roten {root.Root} har aldrig startats. Starta tjänsten där först.");
        if (environment != settings.Environment)
            throw new StartException($"Roten {root.Root} är en {environment}-rot, men inställningen Environment är {settings.Environment}.");
    }

    private async Task UntilStoppedAsync(Func<Task> run, CancellationToken stop)
    {
        try
        {
            try
            {
                await StartAsync(stop);
            }
            catch (Exception e) when (Fault.IsOfTheMachine(e))
            {
                throw new StartException($"Tjänsten kan inte börja i {root.Root}: {Fault.Say(e)}.");
            }
            await run();
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            log.LogInformation("Stopping: finishing the files in hand");
        }
        await queues.FinishAsync();
        await notice.EndedAsync();
        await SaveSeenAsync();
        await workers.StopAsync();
    }

    private async Task SaveSeenAsync()
    {
        // Stopped before it had looked: what the service before it saw still holds.
        if (watchesAs is null || drop.LastPollBegan is null) return;
        try
        {
            CrashPoint.Reached("stop.seen");
            await drop.SaveAsync(CancellationToken.None);
        }
        catch (DbException e)
        {
            log.LogError("What was seen could not be written down ({Fault}); quiet periods begin anew at the next start", Fault.Say(e));
        }
    }

    /// <summary>Loud and at once: whatever is built on damaged bytes must be done again, with the backup.</summary>
    private async Task<StartException> DamagedAsync()
    {
        const string Message = "Liggaren är skadad. Tjänsten har slutat; inget mer tas emot förrän säkerhetskopian är återställd (docs/operations.md, Backup).";
        await alarms.TryRaiseAsync("damaged", "ledger.db", Message);
        await queues.FinishAsync();
        return new StartException(Message);
    }

    /// <summary>A poll that fails, by the disk or the ledger, is told once and tried again at the next; the service lives on.</summary>
    private async Task PollOrAlarmAsync(CancellationToken stop)
    {
        try
        {
            await PollAsync(stop);
            await alarms.ClearAsync("poll", "in", stop);
            pollFailed = false;
        }
        catch (HoldLostException e)
        {
            watchesAs = null;
            log.LogWarning("The poll ends: {Reason}", e.Message);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or DbException)
        {
            ledger.Note(e);
            if (!pollFailed) log.LogError("The drop folders could not be gone through: {Fault}", Fault.Say(e));
            pollFailed = true;
            await alarms.TryRaiseAsync("poll", "in", $"Mapparna kan inte gås igenom ({Fault.Say(e)}). Nytt försök görs hela tiden.");
        }
    }

    /// <returns>True when a folder has more that is ready than one poll takes.</returns>
    private async Task<bool> PollAsync(CancellationToken stop)
    {
        var refreshed = schools.Refresh();
        if (!await WatchAsync(stop))
        {
            queues.Start();
            return false;
        }
        if (refreshed) root.Create(schools.Current.All.Select(s => s.Code));
        if (schools.Fault is { } fault) await alarms.RaiseAsync("register", "schools.json", fault, stop);
        else await alarms.ClearAsync("register", "schools.json", stop);

        await drop.PollAsync(schools.Current, stop);
        var more = false;
        foreach (var folder in drop.Ready(schools.Current))
        {
            FileRow? taken = null;
            foreach (var file in folder.Take(MostClaimsAPoll))
            {
                if (await claims.TakeAsync(file, stop) is { } row) taken = row;
                else if (!file.Stuck && root.Files.File.Exists(file.Path))
                {
                    drop.Access.Block(file.Folder);
                    break;
                }
                if (!file.Stuck) drop.Forget(file);
            }
            if (taken is not null)
            {
                await queues.TakenAsync(taken.Id, stop);
                queues.Start(taken.School);
            }
            if (!drop.Access.IsOpen(folder[0].Folder)) continue;
            more |= folder.Count > MostClaimsAPoll;
            if (drop.Access.Unblock(folder[0].Folder)) await alarms.ClearAsync("folderBlocked", drop.Subject(folder[0].Folder), stop);
        }
        queues.Start();
        return more;
    }
}
