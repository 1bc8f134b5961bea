namespace Ingest.Rules;

/// <summary>Records of a school that came at one time, told by how long before the close of their window.</summary>
public readonly record struct Came(TimeSpan BeforeClose, long Records);

/// <summary>What a school may be expected to have sent to a window.</summary>
/// <param name="Usual">The median number of records of the windows in which it sent.</param>
/// <param name="AtLeast">The share of it below which the school is silent; one record at least.</param>
/// <param name="By">From when on; never past the close.</param>
public sealed record Expected(long Usual, long AtLeast, DateTimeOffset By)
{
    public bool IsMissed(long sent, DateTimeOffset now) => now >= By && sent < AtLeast;
}

/// <summary>
/// When it is odd that a school has sent nothing, or so little: what never arrived is told by nobody. A window is compared with those
/// that closed on the same day of the week, for a school that sends on Mondays is not silent on a Tuesday. Pure.
/// </summary>
public static class Silence
{
    /// <summary>How many weeks back is looked.</summary>
    public const int Weeks = 8;

    /// <summary>Fewer windows say nothing about what is usual.</summary>
    public const int LeastWindows = 4;

    /// <summary>The windows with which one is compared, newest first; none for one that closes on a bank holiday.</summary>
    /// <param name="first">The school's first window ever: before it there was nothing to expect.</param>
    public static IReadOnlyList<DateOnly> ComparedWith(DateOnly window, DateOnly first, ReportingCalendar calendar) =>
        !calendar.IsOrdinary(window) ? [] : [.. Enumerable.Range(1, Weeks).Select(week => window.AddDays(-7 * week)).Where(date => date >= first && calendar.IsOrdinary(date))];

    /// <summary>
    /// Expected is <paramref name="share"/> of the usual number, if the school came to as much in three of four of the windows; by the
    /// time by which it had come to it in four of five of those, and <paramref name="slack"/>.
    /// </summary>
    /// <param name="earlier">For each window that it is compared with, what was sent to it, in any order; empty where nothing was.</param>
    /// <returns>Null: nothing can be expected.</returns>
    public static Expected? Of(ReportingWindow window, IReadOnlyList<IReadOnlyList<Came>> earlier, double share, TimeSpan slack)
    {
        var totals = earlier.Select(w => w.Sum(s => s.Records)).Where(total => total > 0).Order().ToList();
        if (earlier.Count < LeastWindows || totals.Count == 0) return null;
        // Of an even number the lower of the two in the middle: rather no alarm than one too many.
        var usual = totals[(totals.Count - 1) / 2];
        var atLeast = Math.Max(1, (long)Math.Ceiling(share * usual));
        var reached = earlier.Select(w => Reached(w, atLeast)).OfType<TimeSpan>().OrderDescending().ToList();
        if (reached.Count * 4 < earlier.Count * 3) return null;
        var by = window.ClosesAt - reached[(reached.Count * 4 + 4) / 5 - 1] + slack;
        return new Expected(usual, atLeast, by < window.ClosesAt ? by : window.ClosesAt);
    }

    /// <summary>How long before its close a window's records came to so many; null when they never did.</summary>
    private static TimeSpan? Reached(IReadOnlyList<Came> sent, long atLeast)
    {
        var so = 0L;
        foreach (var (beforeClose, records) in sent.OrderByDescending(s => s.BeforeClose))
            if ((so += records) >= atLeast) return beforeClose;
        return null;
    }
}
