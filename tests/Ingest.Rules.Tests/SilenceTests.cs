using System.Globalization;

namespace Ingest.Rules.Tests;

/// <summary>What may be expected of a school in a window, worked out by hand; the window is that of Monday 16 March 2026.</summary>
public sealed class SilenceTests
{
    private static readonly ReportingWindow Window = ReportingCalendar.On(new DateOnly(2026, 3, 16));
    private static readonly ReportingCalendar Calendar = new(new CutoffDays());

    // A window is "time=records time=records", a time of yesterday has a - before it; share 0.25, an hour of slack.
    [TestCase("09:00=100|09:00=100|09:00=100|09:00=100", "100 25 10:00", TestName = "The same each week: an hour after its hour, a quarter of its number")]
    [TestCase("09:00=100|09:00=100|09:00=100", null, TestName = "Three windows say nothing yet")]
    [TestCase("09:00=100|09:00=100|09:00=100|", "100 25 10:00", TestName = "Three of four is usual")]
    [TestCase("09:00=100|09:00=100||", null, TestName = "Two of four is not")]
    [TestCase("09:00=100|09:00=100|09:00=100|09:00=100|09:00=100|09:00=100||", "100 25 10:00", TestName = "Six of eight is usual")]
    [TestCase("09:00=100|09:00=100|09:00=100|09:00=100|09:00=100|||", null, TestName = "Five of eight is not")]
    [TestCase("|||||||", null, TestName = "A school that never sends on that day is not silent")]
    // 10 20 40 1000: the middle two are 20 and 40, a quarter of 20 is 5.
    [TestCase("09:00=10|09:00=20|09:00=40|09:00=1000", "20 5 10:00", TestName = "The median, of two in the middle the lower, and not the mean")]
    // An empty window is none of them: of 10 20 30 it is 20.
    [TestCase("09:00=10|09:00=20|09:00=30|", "20 5 10:00", TestName = "The median is of the windows that had something")]
    // Of 1 2 3 8 100 it is 3: a quarter of it is 0.75, which is one record.
    [TestCase("09:00=1|09:00=2|09:00=3|09:00=8|09:00=100", "3 1 10:00", TestName = "At least one record, rounded up")]
    // A quarter of 101 is 25.25.
    [TestCase("09:00=101|09:00=101|09:00=101|09:00=101", "101 26 10:00", TestName = "A share is rounded up")]
    // The median of 4 4 400 400 400 400 400 400 is 400, of which a quarter, 100, came in six of eight.
    [TestCase("09:00=4|09:00=4|09:00=400|09:00=400|09:00=400|09:00=400|09:00=400|09:00=400", "400 100 10:00", TestName = "Days with far less count as days without")]
    // The median of 4 4 4 400 400 400 400 400 is 400; only five of eight came to 100.
    [TestCase("09:00=4|09:00=4|09:00=4|09:00=400|09:00=400|09:00=400|09:00=400|09:00=400", null, TestName = "A number that varies so much is no usual one")]
    // Of four the fourth: 4/5 of 4 is 3.2.
    [TestCase("08:00=100|09:00=100|10:00=100|11:30=100", "100 25 12:30", TestName = "Of four times the latest")]
    // Of five the fourth, of eight the seventh: 6.4.
    [TestCase("08:00=100|09:00=100|10:00=100|11:00=100|14:00=100", "100 25 12:00", TestName = "Of five times the latest but one")]
    [TestCase("08:00=100|08:10=100|08:20=100|08:30=100|08:40=100|08:50=100|11:00=100|14:00=100", "100 25 12:00", TestName = "Of eight times the latest but one")]
    // 25 had come at 10:00 (10 + 20), not with the first file.
    [TestCase("12:00=70 10:00=20 09:00=10|12:00=70 10:00=20 09:00=10|12:00=70 10:00=20 09:00=10|12:00=70 10:00=20 09:00=10", "100 25 11:00", TestName = "What counts is when the share had come, however the files lie")]
    [TestCase("14:30=100|14:30=100|14:30=100|14:30=100", "100 25 15:00", TestName = "Never past the close")]
    [TestCase("-17:00=100|-17:00=100|-17:00=100|-17:00=100", "100 25 -18:00", TestName = "A school that sends the evening before")]
    public void Expected_of_a_school(string earlier, string? expected)
    {
        var windows = earlier.Split('|').Select(w => (IReadOnlyList<Came>)[.. w.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(s => new Came(BeforeClose(s.Split('=')[0]), long.Parse(s.Split('=')[1], CultureInfo.InvariantCulture)))]).ToList();

        var found = Silence.Of(Window, windows, 0.25, TimeSpan.FromHours(1));

        Assert.That(found is null ? null : $"{found.Usual} {found.AtLeast} {Time(found.By)}", Is.EqualTo(expected));
    }

    [TestCase("09:59:59.999", 0, false)]
    [TestCase("10:00:00.000", 0, true)]
    [TestCase("10:00:00.000", 24, true)]
    [TestCase("10:00:00.000", 25, false)]
    public void It_is_missed_from_its_time_on_below_its_number(string now, long sent, bool missed)
    {
        var expected = new Expected(100, 25, DateTimeOffset.Parse("2026-03-16T10:00:00+01:00", CultureInfo.InvariantCulture));
        Assert.That(expected.IsMissed(sent, DateTimeOffset.Parse($"2026-03-16T{now}+01:00", CultureInfo.InvariantCulture)), Is.EqualTo(missed));
    }

    [TestCase(1.0, 100)]
    [TestCase(0.5, 50)]
    [TestCase(0.01, 1)]
    public void The_share_is_the_setting(double share, long atLeast) =>
        Assert.That(Silence.Of(Window, [.. Enumerable.Repeat<IReadOnlyList<Came>>([new Came(TimeSpan.FromHours(6), 100)], 4)], share, TimeSpan.Zero)!.AtLeast, Is.EqualTo(atLeast));

    [Test]
    public void The_hour_is_the_clock_s_also_when_summer_time_has_begun_between()
    {
        // Summer time begins on 29 March 2026; 9 o'clock is six hours before the close on either side of it.
        var found = Silence.Of(ReportingCalendar.On(new DateOnly(2026, 3, 30)), [.. Enumerable.Repeat<IReadOnlyList<Came>>([new Came(TimeSpan.FromHours(6), 100)], 4)], 0.25, TimeSpan.FromHours(1));
        Assert.That(found!.By, Is.EqualTo(DateTimeOffset.Parse("2026-03-30T10:00:00+02:00", CultureInfo.InvariantCulture)));
    }

    [Test]
    public void It_is_compared_with_the_same_day_of_the_eight_weeks_before() =>
        Assert.That(Compared("2026-03-16", "2025-01-01"), Is.EqualTo("2026-03-09 2026-03-02 2026-02-23 2026-02-16 2026-02-09 2026-02-02 2026-01-26 2026-01-19"));

    [Test]
    public void What_lies_before_the_first_that_the_school_ever_sent_is_not_compared_with() =>
        Assert.That(Compared("2026-03-16", "2026-02-23"), Is.EqualTo("2026-03-09 2026-03-02 2026-02-23"));

    [Test]
    public void Bank_holidays_and_closed_days_are_neither_expected_on_nor_compared_with()
    {
        // Easter Monday is 6 April 2026, and Epiphany Tuesday 6 January.
        Assert.That(Compared("2026-04-06", "2025-01-01"), Is.Empty);
        Assert.That(Compared("2026-04-13", "2026-03-16"), Is.EqualTo("2026-03-30 2026-03-23 2026-03-16"));
        Assert.That(Compared("2026-01-20", "2025-12-30"), Is.EqualTo("2026-01-13 2025-12-30"));
        Assert.That(Compared("2026-03-16", "2026-02-23", new CutoffDays { ClosedDates = new HashSet<DateOnly> { new(2026, 3, 2) } }), Is.EqualTo("2026-03-09 2026-02-23"));
        Assert.That(Compared("2026-03-14", "2025-01-01"), Is.Empty, "a Saturday closes no window");
        Assert.That(Compared("2026-03-15", "2026-03-08"), Is.EqualTo("2026-03-08"), "a Sunday does");
    }

    private static string Compared(string window, string first, CutoffDays? days = null) =>
        string.Join(' ', Silence.ComparedWith(Date(window), Date(first), days is null ? Calendar : new ReportingCalendar(days)).Select(d => d.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)));

    private static DateOnly Date(string date) => DateOnly.ParseExact(date, "yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static TimeSpan BeforeClose(string time) =>
        TimeSpan.FromHours(15) - TimeSpan.Parse(time.TrimStart('-'), CultureInfo.InvariantCulture) + (time[0] == '-' ? TimeSpan.FromDays(1) : TimeSpan.Zero);

    private static string Time(DateTimeOffset by) => (by.Date < Window.ClosesAt.Date ? "-" : "") + by.ToString("HH:mm", CultureInfo.InvariantCulture);
}
