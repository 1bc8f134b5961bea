using System.Data.Common;
using Ingest.Worker.Ledger;
using Ingest.Worker.Settings;
using Microsoft.Extensions.Logging;

namespace Ingest.Worker.Service;

/// <summary>
/// This process among those that work on the root. One of them watches the folders and closes the windows; each works what was taken, one
/// school at a time with nobody else. Who is not heard from for a while is taken out, and what it held is free: what it may still have
/// in hand it cannot commit (<see cref="LedgerDatabase.RequireHold"/>). With the ledger in the root there is only one, and nothing is asked.
/// </summary>
/// <param name="machine">Processes live in the machine's time, whatever time the service has been told.</param>
internal sealed class Workers(LedgerDatabase ledger, IngestSettings settings, TimeProvider machine, Alarms alarms, ILogger<Workers> log) : IDisposable
{
    private static readonly TimeSpan BeatEvery = TimeSpan.FromSeconds(3);

    /// <summary>Measured by each of the others from when it last saw a new beat: no two clocks need agree.</summary>
    public static readonly TimeSpan GoneAfter = TimeSpan.FromSeconds(15);

    private readonly CancellationTokenSource stopping = new();
    private readonly Dictionary<long, (DateTimeOffset Beat, long SeenAt)> heard = [];
    private Task beating = Task.CompletedTask;
    private bool fails, disposed;

    /// <summary>True when no other process can be at work.</summary>
    public bool IsAlone { get; } = settings.Ledger.ConnectionString.Length == 0;

    /// <summary>Another each time that it joins; 0 when it is alone.</summary>
    public long Id => ledger.Worker ?? 0;

    public async Task StartAsync(CancellationToken stop)
    {
        if (IsAlone) return;
        await JoinAsync(stop);
        beating = BeatAsync(stopping.Token);
    }

    /// <returns>True when this process holds it, or has taken it now.</returns>
    public async Task<bool> TakeAsync(string what, CancellationToken stop) =>
        IsAlone || (await ledger.HolderAsync(what, stop) is { } holder ? holder == Id : await ledger.TakeHoldAsync(what, Id, stop));

    public Task LeaveAsync(string what) => IsAlone ? Task.CompletedTask : ledger.LeaveHoldAsync(what, Id, CancellationToken.None);

    /// <summary>True when others are at work too, or were a moment ago.</summary>
    public bool HasOthers() => !IsAlone && ledger.Workers().Exists(w => w.Id != Id);

    /// <summary>Leaves what it held to the others at once.</summary>
    public async Task StopAsync()
    {
        await stopping.CancelAsync();
        await beating;
        if (IsAlone) return;
        try
        {
            if (ledger.Workers().Find(w => w.Id == Id) is { } me) await ledger.RemoveWorkerAsync(me.Id, me.Beat, CancellationToken.None);
        }
        catch (DbException e)
        {
            log.LogError("The others could not be told that this worker ends ({Fault}); they find out by themselves", Fault.Say(e));
        }
    }

    private async Task JoinAsync(CancellationToken stop)
    {
        // Never one that was used: whoever comes back to life must not be taken for another.
        var id = Random.Shared.NextInt64(1, long.MaxValue);
        await ledger.JoinAsync(id, settings.Worker.KnownAs, machine.GetUtcNow(), stop);
        ledger.Worker = id;
        await alarms.ClearAsync("workerGone", settings.Worker.KnownAs, stop);
    }

    private async Task BeatAsync(CancellationToken stop)
    {
        try
        {
            while (true)
            {
                await Task.Delay(BeatEvery, machine, stop);
                try
                {
                    if (!ledger.Beat(Id, machine.GetUtcNow()))
                    {
                        log.LogWarning("This worker was taken for gone: what it had in hand is others' now");
                        await JoinAsync(stop);
                    }
                    foreach (var gone in Silent(ledger.Workers()))
                        if (await ledger.RemoveWorkerAsync(gone.Id, gone.Beat, stop))
                            await alarms.RaiseAsync("workerGone", gone.Name,
                                $"Arbetaren har inte hörts av på {GoneAfter.TotalSeconds:0} s och räknas som borta. De andra har tagit över det den höll på med. Starta den igen; ska den inte mer vara med, kvittera larmet.", stop);
                    fails = false;
                }
                catch (DbException e)
                {
                    if (!fails) log.LogError("The ledger could not be told that this worker lives: {Fault}", Fault.Say(e));
                    fails = true;
                }
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
        }
    }

    /// <summary>Those of whom no new beat has been seen for too long.</summary>
    private List<WorkerRow> Silent(List<WorkerRow> all)
    {
        var silent = new List<WorkerRow>();
        foreach (var worker in all.Where(w => w.Id != Id))
        {
            if (!heard.TryGetValue(worker.Id, out var last) || last.Beat != worker.Beat) heard[worker.Id] = (worker.Beat, machine.GetTimestamp());
            else if (machine.GetElapsedTime(last.SeenAt) >= GoneAfter) silent.Add(worker);
        }
        foreach (var id in heard.Keys.Except(all.Select(w => w.Id)).ToList()) heard.Remove(id);
        return silent;
    }

    public void Dispose()
    {
        if (disposed) return;
        disposed = true;
        stopping.Cancel();
        stopping.Dispose();
    }
}
