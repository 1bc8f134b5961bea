using PublicHoliday;

namespace Ingest.Rules;

/// <summary>Which days a window closes on. Shape as the settings <c>Cutoff:*</c>.</summary>
public sealed record CutoffDays
{
    /// <summary>Default: all but Saturday (Lund University's Ladok blog, 2019-01-15).</summary>
    public IReadOnlySet<DayOfWeek> Days { get; init; } = Enum.GetValues<DayOfWeek>().Where(d => d != DayOfWeek.Saturday).ToHashSet();

    /// <summary>Dates on which no window closes. Default none.</summary>
    public IReadOnlySet<DateOnly> ClosedDates { get; init; } = new HashSet<DateOnly>();

    /// <summary>No window closes on a Swedish bank holiday. Default off: no source speaks of them.</summary>
    public bool ClosedOnBankHolidays { get; init; }
}

/// <summary>
/// From instant to reporting window, and to Swedish date: the only place where a time zone is converted. Pure.
/// </summary>
public sealed class ReportingCalendar
{
    /// <summary>Windows close at this Swedish wall-clock time. It is never inside a clock change, which happens at night.</summary>
    public static readonly TimeOnly CutoffTime = new(15, 0);

    /// <summary>The IANA name of Swedish time.</summary>
    public const string ZoneId = "Europe/Stockholm";

    // A year without one cutoff day is a setting that can never close anything.
    private const int MostDaysAhead = 366;

    private static readonly TimeZoneInfo Zone = TimeZoneInfo.FindSystemTimeZoneById(ZoneId);
    private static readonly SwedenPublicHoliday Holidays = new();

    private readonly CutoffDays days;

    /// <exception cref="ArgumentException">No day of the week has a cutoff.</exception>
    public ReportingCalendar(CutoffDays days)
    {
        if (days.Days.Count == 0) throw new ArgumentException("At least one day must have a cutoff.", nameof(days));
        this.days = days;
    }

    /// <summary>The window in which something that arrives at <paramref name="arrival"/> counts.</summary>
    public ReportingWindow Of(DateTimeOffset arrival)
    {
        var local = TimeZoneInfo.ConvertTime(arrival, Zone);
        var date = DateOnly.FromDateTime(local.DateTime);
        var window = OnOrAfter(date);
        return arrival < window.ClosesAt ? window : OnOrAfter(date.AddDays(1));
    }

    /// <summary>The first window that closes after the one of <paramref name="date"/>.</summary>
    public ReportingWindow After(DateOnly date) => OnOrAfter(date.AddDays(1));

    /// <summary>A window closes on the date, and it is no bank holiday: schools work as on other days.</summary>
    public bool IsOrdinary(DateOnly date) => HasCutoff(date) && !Holidays.IsPublicHoliday(date.ToDateTime(TimeOnly.MinValue));

    /// <summary>The window that closes on <paramref name="date"/>, whether or not the calendar would have one there today.</summary>
    public static ReportingWindow On(DateOnly date)
    {
        var local = date.ToDateTime(CutoffTime);
        return new ReportingWindow(date, new DateTimeOffset(local, Zone.GetUtcOffset(local)));
    }

    /// <summary>The Swedish date of an instant.</summary>
    public static DateOnly SwedishDate(DateTimeOffset instant) => DateOnly.FromDateTime(Swedish(instant).DateTime);

    /// <summary>The first instant of a Swedish date; the clock is never changed at midnight.</summary>
    public static DateTimeOffset StartOf(DateOnly date)
    {
        var local = date.ToDateTime(TimeOnly.MinValue);
        return new DateTimeOffset(local, Zone.GetUtcOffset(local));
    }

    /// <summary>The instant with Sweden's offset, for people to read.</summary>
    public static DateTimeOffset Swedish(DateTimeOffset instant) => TimeZoneInfo.ConvertTime(instant, Zone);

    private ReportingWindow OnOrAfter(DateOnly date)
    {
        for (var ahead = 0; ahead <= MostDaysAhead; ahead++, date = date.AddDays(1))
            if (HasCutoff(date)) return On(date);
        throw new InvalidOperationException("No cutoff day within a year: Cutoff:Days and Cutoff:ClosedDates leave none.");
    }

    private bool HasCutoff(DateOnly date) =>
        days.Days.Contains(date.DayOfWeek)
        && !days.ClosedDates.Contains(date)
        && !(days.ClosedOnBankHolidays && Holidays.IsPublicHoliday(date.ToDateTime(TimeOnly.MinValue)));
}
