using System.Collections.Concurrent;
using System.Data.Common;
using System.Globalization;
using Ingest.Formats;
using Ingest.Rules;
using Ingest.Worker.Ledger;
using Ingest.Worker.Settings;
using Microsoft.Extensions.Logging;

namespace Ingest.Worker.Service;

/// <summary>
/// The taken files on their way: a queue a school, which is the ledger's, worked in order, schools side by side but no more at a time than
/// the machine has processors. A file that cannot be worked is alarmed, tried again later, and never stops the next.
/// </summary>
internal sealed class FileQueues(LedgerDatabase ledger, Workers workers, SchoolsFile schools, FileWorker worker, Alarms alarms, TimeProvider time, ILogger<FileQueues> log) : IDisposable
{
    private const int MostIntakeTries = 5;

    // How often it has failed, and when it is tried again; null: not by this process.
    private readonly ConcurrentDictionary<long, (int Tries, DateTimeOffset? Next)> failed = new();
    private readonly ConcurrentDictionary<long, bool> leftActs = new();
    private readonly Dictionary<string, Task> working = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim places = new(Environment.ProcessorCount);
    private long takenUpTo;
    private volatile bool finishing;

    /// <summary>The last file that has come whole into our hands. A later row may be that of one which is just being taken.</summary>
    public async Task TakenAsync(long upTo, CancellationToken stop)
    {
        Volatile.Write(ref takenUpTo, upTo);
        if (!workers.IsAlone) await ledger.SetTakenUpToAsync(upTo, stop);
    }

    /// <summary>One that was on its way when the service stopped: an alarm about it may be open.</summary>
    public void Recovered(FileRow file)
    {
        failed[file.Id] = (1, time.GetUtcNow());
        if (file.Origin != Origin.School) leftActs[file.Id] = true;
    }

    /// <summary>One that cannot be worked before the next start. It holds up no window.</summary>
    public void GiveUp(FileRow file) => failed[file.Id] = (1, null);

    /// <summary>Files that are taken and not yet in the ledger, and whose window is this or earlier.</summary>
    public List<FileRow> NotCommitted(DateOnly window) =>
        [.. ledger.Claimed(window).Where(f => IsOurs(f) && !(failed.TryGetValue(f.Id, out var f2) && f2.Next is null))];

    /// <summary>Sets going what has something to do.</summary>
    public void Start()
    {
        if (!workers.IsAlone) Volatile.Write(ref takenUpTo, ledger.TakenUpTo());
        foreach (var school in ledger.SchoolsWithUnfinished(workers.Id)) Start(school);
    }

    public void Start(string school)
    {
        if (working.GetValueOrDefault(school) is null or { IsCompleted: true }) working[school] = Task.Run(() => DrainAsync(school), CancellationToken.None);
    }

    /// <summary>Waits until every school's queue is empty.</summary>
    public Task DrainedAsync() => Task.WhenAll(working.Values);

    /// <summary>Finishes the files in hand; those that only wait are left for the next start.</summary>
    public Task FinishAsync()
    {
        finishing = true;
        return DrainedAsync();
    }

    private async Task DrainAsync(string school)
    {
        var held = false;
        try
        {
            while (!finishing)
            {
                // A file once begun is finished: stopping waits for it.
                await places.WaitAsync(CancellationToken.None);
                try
                {
                    if (Next(school) is null) return;
                    if (!held && !(held = await workers.TakeAsync(school, CancellationToken.None))) return;
                    // Asked now that it is ours: another may have worked it meanwhile.
                    if (Next(school) is not { } file) return;
                    await WorkAsync(file);
                }
                finally
                {
                    places.Release();
                }
            }
        }
        catch (HoldLostException e)
        {
            held = false;
            log.LogWarning("What was in hand is left: {Reason}", e.Message);
        }
        catch (DbException e)
        {
            ledger.Note(e);
            log.LogError("A school's next file could not be asked for ({Fault}); asked again at the next poll", Fault.Say(e));
        }
        finally
        {
            if (held) await LeaveAsync(school);
        }
    }

    private async Task LeaveAsync(string school)
    {
        try
        {
            await workers.LeaveAsync(school);
        }
        catch (DbException e)
        {
            log.LogError("A school could not be left to others ({Fault}); this worker goes on with it", Fault.Say(e));
        }
    }

    /// <summary>The oldest file of the school that can be worked now.</summary>
    private FileRow? Next(string school)
    {
        var now = time.GetUtcNow();
        for (var after = 0L; ledger.NextUnfinished(school, after, Volatile.Read(ref takenUpTo)) is { } file; after = file.Id)
            if (IsOurs(file) && !(failed.TryGetValue(file.Id, out var f) && !(f.Next is { } next && Backoff.IsOver(next, now)))) return file;
        return null;
    }

    /// <summary>What an operator's command has in hand is not; what one left that died is.</summary>
    private bool IsOurs(FileRow file) => file.Origin == Origin.School || leftActs.ContainsKey(file.Id);

    private async Task WorkAsync(FileRow file)
    {
        try
        {
            if (!await worker.WorkAsync(file, schools.Current.Find(file.School), CancellationToken.None))
                await alarms.RaiseAsync("actBrokenOff", FileId.Text(file.Id), Recovery.ActBrokenOff(file.School), CancellationToken.None);
            // Another worker may have failed with it before.
            if (failed.TryRemove(file.Id, out _) || !workers.IsAlone) await alarms.ClearIfOpenAsync("fileStuck", FileId.Text(file.Id), CancellationToken.None);
        }
        catch (Exception e) when (e is not HoldLostException)
        {
            // What another has taken over moves under one's hands.
            if (!workers.IsAlone && await ledger.HolderAsync(file.School, CancellationToken.None) != workers.Id) throw new HoldLostException(file.School);
            await FailedAsync(file, e);
        }
    }

    private async Task FailedAsync(FileRow file, Exception fault)
    {
        var tries = failed.GetValueOrDefault(file.Id).Tries + 1;
        ledger.Note(fault);
        // In our own words, and where: the fault's may hold a path, and a path a name that nobody has masked.
        log.LogError("{FileId} could not be worked (try {Try}): {Fault} {Where}", FileId.Text(file.Id), tries, Fault.Say(fault), fault.StackTrace);
        // A disk that is full is no fault of the file's. Poisonous: left for an operator and the next start; it holds up no window.
        // Receipts and archive are made good however long it takes.
        var givesUp = file.State == FileState.Claimed && tries >= MostIntakeTries && !Fault.IsOfTheMachine(fault);
        failed[file.Id] = (tries, givesUp ? null : time.GetUtcNow() + Backoff.After(tries));
        await alarms.TryRaiseAsync("fileStuck", FileId.Text(file.Id), string.Create(CultureInfo.InvariantCulture,
            $"Filen från {Masking.Numbers(file.School, file.Window, out _)} kan inte bearbetas ({Fault.Say(fault)}; försök {tries}). Nästa fil går vidare."));
    }

    public void Dispose() => places.Dispose();
}

/// <summary>How long to wait before something is tried again: a minute, doubled each time, a quarter of an hour at most.</summary>
internal static class Backoff
{
    private static readonly TimeSpan First = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Most = TimeSpan.FromMinutes(15);

    /// <summary>True too when it lies further ahead than any pause: the clock has been set back.</summary>
    public static bool IsOver(DateTimeOffset next, DateTimeOffset now) => next <= now || next - now > Most;

    public static TimeSpan After(int tries) => TimeSpan.FromTicks(Math.Min(Most.Ticks, First.Ticks << Math.Min(tries - 1, 10)));
}
