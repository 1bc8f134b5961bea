namespace Ingest.Worker.Service;

/// <summary>
/// The bell that wakes the service before its next poll: at 15:00, and when something has come to a drop folder. It only rings: what is
/// due is the calendar's to say, and what lies there the poll's.
/// </summary>
internal sealed class PollBell(TimeProvider time) : IDisposable
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

    /// <summary>Waits for the bell, or for the time until the next poll.</summary>
    public async Task WaitAsync(TimeSpan interval, CancellationToken stop)
    {
        using var timeout = new CancellationTokenSource(interval, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, stop);
        // Not thrown when the interval is over, each second: an exception costs as much as a dozen folders.
        await wake.WaitAsync(either.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        stop.ThrowIfCancellationRequested();
    }
}
