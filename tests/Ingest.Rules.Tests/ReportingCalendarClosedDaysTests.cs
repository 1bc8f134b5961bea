namespace Ingest.Rules.Tests;

/// <summary>Days on which no window closes: <c>Cutoff:Days</c>, <c>Cutoff:ClosedDates</c>, <c>Cutoff:ClosedOnBankHolidays</c>.</summary>
public sealed class ReportingCalendarClosedDaysTests
{
    [Test]
    public void A_file_on_a_closed_date_belongs_to_the_day_after() =>
        Assert.That(Of("2026-11-25T10:00+01:00", Closed("2026-11-25")), Is.EqualTo("2026-11-26"));

    [Test]
    public void A_file_after_15_00_on_the_eve_of_a_closed_date_skips_it() =>
        Assert.That(Of("2026-11-24T15:00+01:00", Closed("2026-11-25")), Is.EqualTo("2026-11-26"));

    [Test]
    public void A_file_after_15_00_on_a_closed_date_belongs_to_the_same_window_as_before_15_00() =>
        Assert.That(Of("2026-11-25T15:00+01:00", Closed("2026-11-25")), Is.EqualTo("2026-11-26"));

    [Test]
    public void The_day_before_a_closed_date_is_untouched() =>
        Assert.That(Of("2026-11-24T14:59+01:00", Closed("2026-11-25")), Is.EqualTo("2026-11-24"));

    [Test]
    public void Several_closed_dates_in_a_row_and_the_Saturday_after_them_are_passed_over() =>
        // Wednesday to Friday are closed, Saturday never closes a window.
        Assert.That(Of("2026-11-24T15:00+01:00", Closed("2026-11-25", "2026-11-26", "2026-11-27")), Is.EqualTo("2026-11-29"));

    [Test]
    public void The_longest_row_of_closed_dates_that_leaves_a_day_within_the_year_is_passed_over()
    {
        // Closed from 25 November for 300 days: the first open day is 21 September 2027, a Tuesday.
        var row = Enumerable.Range(0, 300).Select(i => new DateOnly(2026, 11, 25).AddDays(i)).ToHashSet();
        Assert.That(new ReportingCalendar(new CutoffDays { ClosedDates = row }).After(new DateOnly(2026, 11, 24)).Date, Is.EqualTo(new DateOnly(2027, 9, 21)));
    }

    [Test]
    public void A_closed_Sunday_moves_the_weekend_to_Monday() =>
        Assert.That(Of("2026-11-27T15:00+01:00", Closed("2026-11-29")), Is.EqualTo("2026-11-30"));

    [Test]
    public void Only_the_days_of_the_setting_close_a_window()
    {
        var days = new CutoffDays { Days = new HashSet<DayOfWeek> { DayOfWeek.Tuesday } };
        using (Assert.EnterMultipleScope())
        {
            Assert.That(Of("2026-11-24T14:59+01:00", days), Is.EqualTo("2026-11-24"));
            Assert.That(Of("2026-11-24T15:00+01:00", days), Is.EqualTo("2026-12-01"));
        }
    }

    [Test]
    public void Saturday_closes_a_window_where_the_setting_says_so() =>
        Assert.That(Of("2026-11-27T15:00+01:00", new CutoffDays { Days = Enum.GetValues<DayOfWeek>().ToHashSet() }), Is.EqualTo("2026-11-28"));

    // The allmänna helgdagar of lagen (1989:253) that are no ordinary Sunday, with the next day that closes a window.
    [TestCase("2026-01-06", "2026-01-07", TestName = "Epiphany_closes_no_window_where_the_setting_is_on")]
    [TestCase("2026-04-03", "2026-04-07", TestName = "Good_Friday_to_Easter_Monday_close_no_window")]
    [TestCase("2026-05-01", "2026-05-03", TestName = "The_first_of_May_closes_no_window")]
    [TestCase("2026-05-14", "2026-05-15", TestName = "Ascension_Day_closes_no_window")]
    [TestCase("2028-06-06", "2028-06-07", TestName = "The_National_Day_closes_no_window")]
    [TestCase("2025-12-25", "2025-12-28", TestName = "Christmas_Day_and_the_day_after_close_no_window")]
    [TestCase("2027-01-01", "2027-01-03", TestName = "New_Years_Day_closes_no_window")]
    public void BankHoliday(string holiday, string next)
    {
        var morning = holiday + "T10:00+02:00";
        using (Assert.EnterMultipleScope())
        {
            Assert.That(Of(morning, new CutoffDays { ClosedOnBankHolidays = true }), Is.EqualTo(next));
            Assert.That(Of(morning, new CutoffDays()), Is.EqualTo(holiday), "off by default");
        }
    }

    [TestCase("2026-01-07", TestName = "The_day_after_Epiphany_closes_its_window")]
    [TestCase("2026-04-02", TestName = "Maundy_Thursday_closes_its_window")]
    [TestCase("2026-11-29", TestName = "An_ordinary_Sunday_is_no_bank_holiday")]
    public void No_bank_holiday(string day) =>
        Assert.That(Of(day + "T10:00+02:00", new CutoffDays { ClosedOnBankHolidays = true }), Is.EqualTo(day));

    [Test]
    public void No_day_at_all_is_refused_when_the_calendar_is_made() =>
        Assert.That(() => new ReportingCalendar(new CutoffDays { Days = new HashSet<DayOfWeek>() }), Throws.ArgumentException);

    [Test]
    public void A_calendar_whose_every_date_is_closed_says_so_rather_than_search_for_ever()
    {
        var all = Enumerable.Range(0, 3 * 366).Select(i => new DateOnly(2026, 1, 1).AddDays(i)).ToHashSet();
        var calendar = new ReportingCalendar(new CutoffDays { ClosedDates = all });
        using (Assert.EnterMultipleScope())
        {
            Assert.That(() => calendar.Of(At("2026-11-25T10:00+01:00")), Throws.InvalidOperationException);
            Assert.That(() => calendar.After(new DateOnly(2026, 11, 25)), Throws.InvalidOperationException);
        }
    }

    private static CutoffDays Closed(params string[] dates) => new() { ClosedDates = dates.Select(Window.Date).ToHashSet() };

    private static string Of(string arrival, CutoffDays days) =>
        new ReportingCalendar(days).Of(At(arrival)).Date.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);

    private static DateTimeOffset At(string instant) => DateTimeOffset.Parse(instant, System.Globalization.CultureInfo.InvariantCulture);
}
