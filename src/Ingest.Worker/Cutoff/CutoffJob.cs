using Ingest.Worker.Service;
using Quartz;

namespace Ingest.Worker.Cutoff;

/// <summary>Rings the bell at 15:00:00 Swedish time, every day: which days have a cutoff is the calendar's to say.</summary>
[DisallowConcurrentExecution]
internal sealed class CutoffJob(PollBell bell) : IJob
{
    public const string Cron = "0 0 15 ? * *";

    public ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken = default)
    {
        bell.Ring();
        return ValueTask.CompletedTask;
    }
}
