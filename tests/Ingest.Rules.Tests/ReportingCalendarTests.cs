using System.Globalization;

namespace Ingest.Rules.Tests;

/// <summary>
/// Windows close at 15:00 Swedish time every day but Saturday. A row is one arrival: its name, the instant with the offset that the
/// sender's clock had, the date of its window, and the instant at which that closes. All worked out by hand from a calendar.
/// </summary>
public sealed class ReportingCalendarTests
{
    private static readonly ReportingCalendar Calendar = new(new CutoffDays());

    private static IEnumerable<TestCaseData> Arrivals()
    {
        // 2026-11-25 is a Wednesday, in winter time.
        yield return Case("A_file_in_the_morning_belongs_to_today", "2026-11-25T08:00:00.000+01:00", "2026-11-25T15:00:00+01:00");
        yield return Case("A_file_at_14_59_59_999_belongs_to_today", "2026-11-25T14:59:59.999+01:00", "2026-11-25T15:00:00+01:00");
        yield return Case("A_file_a_tenth_of_a_microsecond_before_15_00_belongs_to_today", "2026-11-25T14:59:59.9999999+01:00", "2026-11-25T15:00:00+01:00");
        yield return Case("A_file_at_exactly_15_00_belongs_to_the_next_window", "2026-11-25T15:00:00.000+01:00", "2026-11-26T15:00:00+01:00");
        yield return Case("A_file_just_before_midnight_belongs_to_tomorrow", "2026-11-25T23:59:59.999+01:00", "2026-11-26T15:00:00+01:00");
        yield return Case("A_file_at_midnight_belongs_to_the_day_that_begins", "2026-11-26T00:00:00.000+01:00", "2026-11-26T15:00:00+01:00");
        yield return Case("A_file_on_Thursday_after_15_00_belongs_to_Friday", "2026-11-26T15:00:01.000+01:00", "2026-11-27T15:00:00+01:00");
        yield return Case("A_file_on_Friday_before_15_00_belongs_to_Friday", "2026-11-27T14:59:59.999+01:00", "2026-11-27T15:00:00+01:00");
        yield return Case("A_file_on_Friday_at_15_00_belongs_to_Sunday", "2026-11-27T15:00:00.000+01:00", "2026-11-29T15:00:00+01:00");
        yield return Case("A_file_on_Saturday_morning_belongs_to_Sunday", "2026-11-28T09:00:00.000+01:00", "2026-11-29T15:00:00+01:00");
        yield return Case("A_file_on_Saturday_at_15_00_belongs_to_Sunday", "2026-11-28T15:00:00.000+01:00", "2026-11-29T15:00:00+01:00");
        yield return Case("A_file_on_Sunday_before_15_00_belongs_to_Sunday", "2026-11-29T14:59:59.999+01:00", "2026-11-29T15:00:00+01:00");
        yield return Case("A_file_on_Sunday_at_15_00_belongs_to_Monday", "2026-11-29T15:00:00.000+01:00", "2026-11-30T15:00:00+01:00");

        // Instants, not wall clocks: the sender's offset does not matter.
        yield return Case("In_winter_14_00_UTC_is_15_00_and_the_next_window", "2026-11-25T14:00:00.000+00:00", "2026-11-26T15:00:00+01:00");
        yield return Case("In_winter_13_59_59_999_UTC_is_today", "2026-11-25T13:59:59.999+00:00", "2026-11-25T15:00:00+01:00");
        yield return Case("In_summer_13_00_UTC_is_15_00_and_the_next_window", "2026-06-17T13:00:00.000+00:00", "2026-06-18T15:00:00+02:00");
        yield return Case("In_summer_12_59_59_999_UTC_is_today", "2026-06-17T12:59:59.999+00:00", "2026-06-17T15:00:00+02:00");
        yield return Case("Late_evening_in_UTC_is_already_the_next_Swedish_day", "2026-11-25T23:30:00.000+00:00", "2026-11-26T15:00:00+01:00");
        yield return Case("Sunday_14_00_UTC_is_the_next_window_though_it_is_morning_in_New_York", "2026-11-29T09:00:00.000-05:00", "2026-11-30T15:00:00+01:00");

        // The clocks go forward in the night to Sunday 29 March 2026 and back in the night to Sunday 25 October 2026.
        yield return Case("On_the_Friday_before_summer_time_the_window_closes_in_summer_time", "2026-03-27T15:00:00.000+01:00", "2026-03-29T15:00:00+02:00");
        yield return Case("In_the_hour_before_the_clocks_go_forward", "2026-03-29T01:59:59.999+01:00", "2026-03-29T15:00:00+02:00");
        yield return Case("In_the_hour_after_the_clocks_went_forward", "2026-03-29T03:00:00.000+02:00", "2026-03-29T15:00:00+02:00");
        yield return Case("On_the_first_day_of_summer_time_14_59_59_999_is_today", "2026-03-29T14:59:59.999+02:00", "2026-03-29T15:00:00+02:00");
        yield return Case("On_the_first_day_of_summer_time_13_00_UTC_is_the_next_window", "2026-03-29T13:00:00.000+00:00", "2026-03-30T15:00:00+02:00");
        yield return Case("On_the_Friday_before_winter_time_the_window_closes_in_winter_time", "2026-10-23T15:00:00.000+02:00", "2026-10-25T15:00:00+01:00");
        yield return Case("In_the_hour_that_comes_twice_the_first_time", "2026-10-25T02:30:00.000+02:00", "2026-10-25T15:00:00+01:00");
        yield return Case("In_the_hour_that_comes_twice_the_second_time", "2026-10-25T02:30:00.000+01:00", "2026-10-25T15:00:00+01:00");
        yield return Case("On_the_first_day_of_winter_time_13_00_UTC_is_today", "2026-10-25T13:00:00.000+00:00", "2026-10-25T15:00:00+01:00");
        yield return Case("On_the_first_day_of_winter_time_14_00_UTC_is_the_next_window", "2026-10-25T14:00:00.000+00:00", "2026-10-26T15:00:00+01:00");

        // 1 January 2035 is a Monday; summer time begins on Sunday 25 March.
        yield return Case("In_2035_a_Friday_afternoon_still_belongs_to_Sunday", "2035-01-05T15:00:00.000+01:00", "2035-01-07T15:00:00+01:00");
        yield return Case("In_2035_summer_time_still_begins_on_the_last_Sunday_of_March", "2035-03-23T15:00:00.000+01:00", "2035-03-25T15:00:00+02:00");
        yield return Case("A_file_on_New_Years_Eve_after_15_00_belongs_to_next_year", "2034-12-31T15:00:00.000+01:00", "2035-01-01T15:00:00+01:00");
        yield return Case("The_leap_day_closes_like_any_other", "2028-02-28T15:00:00.000+01:00", "2028-02-29T15:00:00+01:00");
    }

    [TestCaseSource(nameof(Arrivals))]
    public void Arrival(DateTimeOffset arrival, DateTimeOffset closesAt)
    {
        var window = Calendar.Of(arrival);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(window.Date, Is.EqualTo(DateOnly.FromDateTime(closesAt.DateTime)));
            Assert.That(window.ClosesAt, Is.EqualTo(closesAt));
            Assert.That(window.ClosesAt.Offset, Is.EqualTo(closesAt.Offset), "the closing time carries Sweden's offset");
        }
    }

    [TestCase("2026-11-27", 48, TestName = "The_Friday_window_of_an_ordinary_weekend_is_48_hours_long")]
    [TestCase("2026-03-27", 47, TestName = "The_Friday_window_is_47_hours_long_when_the_clocks_go_forward")]
    [TestCase("2026-10-23", 49, TestName = "The_Friday_window_is_49_hours_long_when_the_clocks_go_back")]
    [TestCase("2035-03-23", 47, TestName = "The_Friday_window_is_47_hours_long_in_2035_too")]
    [TestCase("2026-11-25", 24, TestName = "A_weekday_window_is_24_hours_long")]
    public void Length(string friday, int hours)
    {
        var opens = ReportingCalendar.On(Window.Date(friday));
        var next = Calendar.After(opens.Date);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(next.ClosesAt - opens.ClosesAt, Is.EqualTo(TimeSpan.FromHours(hours)));
            Assert.That(Calendar.Of(opens.ClosesAt), Is.EqualTo(next), "the instant at which one closes is the first of the next");
            Assert.That(Calendar.Of(next.ClosesAt.AddTicks(-1)), Is.EqualTo(next), "and this is its last");
        }
    }

    [Test]
    public void Windows_follow_one_another_without_gap_or_overlap_for_a_whole_year()
    {
        var window = ReportingCalendar.On(new DateOnly(2026, 1, 1));
        var closes = 0;
        while (window.Date < new DateOnly(2027, 1, 1))
        {
            closes++;
            var next = Calendar.After(window.Date);
            Assert.That(Calendar.Of(window.ClosesAt), Is.EqualTo(next));
            window = next;
        }
        // 2026 has 365 days, of which 52 are Saturdays: it begins and ends on a Thursday.
        Assert.That(closes, Is.EqualTo(313));
    }

    [TestCase("2026-11-25T22:59:59+00:00", "2026-11-25", TestName = "In_winter_the_Swedish_date_changes_at_23_00_UTC_and_not_before")]
    [TestCase("2026-11-25T23:00:00+00:00", "2026-11-26", TestName = "In_winter_the_Swedish_date_has_changed_at_23_00_UTC")]
    [TestCase("2026-06-17T21:59:59+00:00", "2026-06-17", TestName = "In_summer_the_Swedish_date_changes_at_22_00_UTC_and_not_before")]
    [TestCase("2026-06-17T22:00:00+00:00", "2026-06-18", TestName = "In_summer_the_Swedish_date_has_changed_at_22_00_UTC")]
    public void SwedishDate(string instant, string date) =>
        Assert.That(ReportingCalendar.SwedishDate(Instant(instant)), Is.EqualTo(Window.Date(date)));

    [TestCase("2026-11-25T12:00:00+00:00", "2026-11-25T13:00:00+01:00", TestName = "In_winter_Sweden_is_one_hour_ahead_of_UTC")]
    [TestCase("2026-06-17T12:00:00+00:00", "2026-06-17T14:00:00+02:00", TestName = "In_summer_Sweden_is_two_hours_ahead_of_UTC")]
    public void SwedishTime(string instant, string swedish) =>
        Assert.That(ReportingCalendar.Swedish(Instant(instant)).ToString("yyyy-MM-ddTHH:mm:sszzz", CultureInfo.InvariantCulture), Is.EqualTo(swedish));

    private static TestCaseData Case(string name, string arrival, string closesAt) => new TestCaseData(Instant(arrival), Instant(closesAt)).SetName(name);

    private static DateTimeOffset Instant(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);

    [TestCase("2026-11-25", "2026-11-25T00:00:00+01:00")]
    [TestCase("2026-07-01", "2026-07-01T00:00:00+02:00")]
    // Summer time begins at two in the morning.
    [TestCase("2026-03-29", "2026-03-29T00:00:00+01:00")]
    public void A_date_begins_at_midnight_by_the_clock_of_that_night(string date, string instant)
    {
        var start = ReportingCalendar.StartOf(DateOnly.ParseExact(date, "yyyy-MM-dd", CultureInfo.InvariantCulture));
        var expected = DateTimeOffset.Parse(instant, CultureInfo.InvariantCulture);
        Assert.That((start, start.Offset), Is.EqualTo((expected, expected.Offset)));
    }
}
