namespace Ingest.Rules;

/// <summary>
/// A reporting window: everything that arrives before it closes, and after the one before it closed.
/// </summary>
/// <param name="Date">The Swedish date on which it closes, which is also its name.</param>
/// <param name="ClosesAt">The instant of 15:00:00 that day, with Sweden's offset. The instant itself belongs to the next window.</param>
public readonly record struct ReportingWindow(DateOnly Date, DateTimeOffset ClosesAt);
