using System.Globalization;
using Ingest.Rules;
using Ingest.Worker.Cutoff;
using Quartz;

namespace Ingest.Worker.Tests.Pipeline;

/// <summary>The bell rings when the calendar closes. If it did not, windows would close at the next start.</summary>
public class QuartzBellTests
{
    private static readonly CronExpression Bell = new(CutoffJob.Cron, TimeZoneInfo.FindSystemTimeZoneById("Europe/Stockholm"));
    private static readonly ReportingCalendar Calendar = new(new CutoffDays());

    [TestCase("2026-03-28T15:00:00+01:00", "2026-03-29T15:00:00+02:00", Description = "the night when an hour is lost")]
    [TestCase("2026-10-24T15:00:00+02:00", "2026-10-25T15:00:00+01:00", Description = "the night when an hour comes twice")]
    [TestCase("2026-01-19T14:59:59+01:00", "2026-01-19T15:00:00+01:00")]
    [TestCase("2026-01-19T15:00:00+01:00", "2026-01-20T15:00:00+01:00")]
    [TestCase("2026-12-31T23:30:00+01:00", "2027-01-01T15:00:00+01:00")]
    public void The_bell_rings_at_15_00_swedish_time(string after, string rings)
    {
        var next = Bell.GetNextValidTimeAfter(At(after));

        Assert.That(next?.UtcDateTime, Is.EqualTo(At(rings).UtcDateTime));
    }

    [TestCase("2026-03-29", "2026-03-29T13:00:00Z")]
    [TestCase("2026-10-25", "2026-10-25T14:00:00Z")]
    public void On_both_clock_change_days_it_rings_at_the_instant_of_the_close(string date, string closes)
    {
        var window = ReportingCalendar.On(DateOnly.ParseExact(date, "yyyy-MM-dd", CultureInfo.InvariantCulture));

        Assert.That(window.ClosesAt.UtcDateTime, Is.EqualTo(At(closes).UtcDateTime));
        Assert.That(Bell.GetNextValidTimeAfter(window.ClosesAt.AddHours(-20))?.UtcDateTime, Is.EqualTo(window.ClosesAt.UtcDateTime));
    }

    [Test]
    public void Every_close_of_three_years_has_its_ring()
    {
        var at = At("2026-01-01T00:00:00Z");
        while (at.Year < 2029)
        {
            var rings = Bell.GetNextValidTimeAfter(at)!.Value;
            var window = Calendar.Of(at);
            // On Saturdays it rings and nothing closes.
            Assert.That(window.ClosesAt, Is.EqualTo(rings).Or.EqualTo(Bell.GetNextValidTimeAfter(rings)!.Value));
            at = rings;
        }
    }

    private static DateTimeOffset At(string instant) => DateTimeOffset.Parse(instant, CultureInfo.InvariantCulture);
}
