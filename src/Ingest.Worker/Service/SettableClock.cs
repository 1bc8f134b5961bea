namespace Ingest.Worker.Service;

/// <summary>A clock that stands where it is put: for the demo and for samples, which must never age.</summary>
internal sealed class SettableClock(DateTimeOffset start) : TimeProvider
{
    private long ticks = start.UtcTicks;
    private long elapsed;

    public override DateTimeOffset GetUtcNow() => new(Interlocked.Read(ref ticks), TimeSpan.Zero);

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => Interlocked.Read(ref elapsed);

    /// <summary>Time passes until <paramref name="now"/>; an earlier moment is a clock that is set back, while no time passes.</summary>
    public void Set(DateTimeOffset now) => Interlocked.Add(ref elapsed, Math.Max(0, now.UtcTicks - Interlocked.Exchange(ref ticks, now.UtcTicks)));

    public void Advance(TimeSpan by) => Set(GetUtcNow() + by);

    /// <summary>The clock is set, back or forth, while no time passes.</summary>
    public void Jump(TimeSpan by) => Interlocked.Add(ref ticks, by.Ticks);
}
