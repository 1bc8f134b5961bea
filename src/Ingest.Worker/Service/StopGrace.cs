using System.Runtime.InteropServices;
using Microsoft.Extensions.Logging;

namespace Ingest.Worker.Service;

/// <summary>
/// After a stop signal what is in hand is finished. When that takes longer than <c>Stop:Grace</c>, or a second signal comes, the process
/// ends in the middle of it, as in a crash: what was not committed never counted, and the next start goes on where the ledger says.
/// </summary>
internal sealed class StopGrace : IDisposable
{
    private readonly TimeSpan grace;
    private readonly ILoggerFactory logs;
    private readonly List<PosixSignalRegistration> signals;
    private readonly ITimer timer;
    private int signalled;

    public StopGrace(TimeSpan grace, TimeProvider time, ILoggerFactory logs)
    {
        (this.grace, this.logs) = (grace, logs);
        timer = time.CreateTimer(_ => End("Stop:Grace is over"), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        signals = [.. new[] { PosixSignal.SIGTERM, PosixSignal.SIGINT }.Select(s => PosixSignalRegistration.Create(s, Signalled))];
    }

    private void Signalled(PosixSignalContext context)
    {
        // The host stops the service; this only counts.
        context.Cancel = true;
        if (Interlocked.Increment(ref signalled) == 1) timer.Change(grace, Timeout.InfiniteTimeSpan);
        else End("A second stop signal came");
    }

    private void End(string why)
    {
        logs.CreateLogger<StopGrace>().LogWarning("{Why}: ending with work in hand, which the next start does", why);
        logs.Dispose();
        Environment.Exit(Commands.ExitCode.Ok);
    }

    public void Dispose()
    {
        foreach (var signal in signals) signal.Dispose();
        timer.Dispose();
    }
}
