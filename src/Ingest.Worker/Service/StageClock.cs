using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Ingest.Worker.Service;

/// <summary>What the time of a file, or of a close, goes into.</summary>
public enum Stage
{
    /// <summary>The file's bytes gone through once: flushed, hashed, its shape and encoding found.</summary>
    Read,
    /// <summary>Bytes to records, each judged alone.</summary>
    Parse,
    /// <summary>Students judged on all that counts for them.</summary>
    Judge,
    /// <summary>Rows written, read in order, and committed.</summary>
    Ledger,
    Receipts,
    Archive,
    /// <summary>A window: judged, committed, handed on.</summary>
    Close,
}

/// <summary>
/// Measures what the time of one piece of work goes into, and tells whoever listens to the meter <c>Ingest.Worker</c>, when it is over, as histogram
/// <c>ingest.stage.duration</c> in seconds, with tag <c>stage</c>. Costs two readings of the machine's clock a change of stage.
/// </summary>
internal sealed class StageClock(Stage stage) : IDisposable
{
    public const string MeterName = "Ingest.Worker";

    private static readonly Meter Meter = new(MeterName);
    private static readonly Histogram<double> Duration = Meter.CreateHistogram<double>("ingest.stage.duration", "s", "What the time of a file, or of a close, goes into.");

    private readonly long[] ticks = new long[Enum.GetValues<Stage>().Length];
    private long since = Stopwatch.GetTimestamp();

    /// <summary>From now on it is this stage, until the next.</summary>
    /// <returns>Disposed, it is the stage again that it was before.</returns>
    public Back Enter(Stage next)
    {
        var (before, now) = (stage, Stopwatch.GetTimestamp());
        ticks[(int)before] += now - since;
        (stage, since) = (next, now);
        return new Back(this, before);
    }

    public void Dispose()
    {
        Enter(stage);
        for (var i = 0; i < ticks.Length; i++)
            if (ticks[i] > 0) Duration.Record(Stopwatch.GetElapsedTime(0, ticks[i]).TotalSeconds, new KeyValuePair<string, object?>("stage", ((Stage)i).ToString().ToLowerInvariant()));
    }

    public readonly struct Back(StageClock clock, Stage before) : IDisposable
    {
        public void Dispose() => clock.Enter(before);
    }
}
