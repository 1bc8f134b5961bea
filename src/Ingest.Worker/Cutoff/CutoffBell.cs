using Quartz;

namespace Ingest.Worker.Cutoff;

/// <summary>
/// The bell that wakes the service at 15:00, so that a close need not wait for the next poll. It only rings: what is due is the
/// calendar's to say, and what is closed is a row in the ledger.
/// </summary>
internal sealed class CutoffBell(TimeProvider time) : IDisposable
{
    private readonly SemaphoreSlim wake = new(0, 1);

    public void Ring()
    {
        try
        {
            wake.Release();
        }
        catch (SemaphoreFullException)
        {
            // It has rung already.
        }
    }

    public void Dispose() => wake.Dispose();

    /// <summary>Waits for the bell, or for the time between two polls.</summary>
    public async Task WaitAsync(TimeSpan interval, CancellationToken stop)
    {
        using var timeout = new CancellationTokenSource(interval, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, stop);
        try
        {
            await wake.WaitAsync(either.Token);
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            // The interval is over.
        }
    }
}

/// <summary>Rings the bell at 15:00:00 Swedish time, every day: which days have a cutoff is the calendar's to say.</summary>
[DisallowConcurrentExecution]
internal sealed class CutoffJob(CutoffBell bell) : IJob
{
    public const string Cron = "0 0 15 ? * *";

    public ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken = default)
    {
        bell.Ring();
        return ValueTask.CompletedTask;
    }
}
