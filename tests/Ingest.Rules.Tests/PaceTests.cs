using Ingest.Formats;

namespace Ingest.Rules.Tests;

/// <summary>
/// R05: pace = 100 x hp / (1.5 x days / 7), both ends counted; a warning when computed / reported lies outside 0.86-1.14.
/// Periods begin on Monday 2026-01-19.
/// </summary>
public sealed class PaceTests
{
    private static readonly DateOnly Start = new(2026, 1, 19);

    // 30 hp are 20 full-time weeks. 20 x 1.14 = 22.8 weeks: csn.se's own example passes 23 (20 / 23 = 0.8696) and not 24 (0.8333).
    [TestCase("30", 20, 100, null)]
    [TestCase("30", 23, 100, null)]
    [TestCase("30", 24, 100, "83 75")]
    // 15 hp in 20 weeks are 50 per cent; 75 reported is 50 / 75 = 0.67, 44 is 1.136, 43 is 1.163, 58 is 0.862, 59 is 0.847.
    [TestCase("15", 20, 50, null)]
    [TestCase("15", 20, 75, "50 50")]
    [TestCase("15", 20, 44, null)]
    [TestCase("15", 20, 43, "50 50")]
    [TestCase("15", 20, 58, null)]
    [TestCase("15", 20, 59, "50 50")]
    // 7,5 hp in 20 weeks are 25 per cent: legal, and no class by itself.
    [TestCase("7,5", 20, 25, null)]
    [TestCase("7,5", 20, 50, "25 0")]
    // 22,5 hp in 20 weeks are 75 per cent.
    [TestCase("22,5", 20, 75, null)]
    [TestCase("22,5", 20, 100, "75 75")]
    // Twice full time is full time.
    [TestCase("60", 20, 100, "200 100")]
    [TestCase("60", 20, 200, null)]
    public void Of_hp_and_weeks(string hp, int weeks, int pace, string? told) => Holds(hp, weeks * 7, pace, told);

    // 100 x 12,90 / (1.5 x 70 / 7) = 86 exactly, 12,89 is 85.93: class 100 is from 86. 17,10 is 114 exactly, 17,11 is 114.07.
    [TestCase("12,90", 70, 100, null)]
    [TestCase("12,89", 70, 100, "85 75")]
    [TestCase("17,10", 70, 100, null)]
    [TestCase("17,11", 70, 100, "114 100")]
    // 11,25 in 70 days is 75 exactly, 11,24 is 74.93; 7,50 is 50, 7,49 is 49.93.
    [TestCase("11,25", 70, 100, "75 75")]
    [TestCase("11,24", 70, 100, "74 50")]
    [TestCase("7,50", 70, 100, "50 50")]
    [TestCase("7,49", 70, 100, "49 0")]
    public void At_the_bounds(string hp, int days, int pace, string? told) => Holds(hp, days, pace, told);

    // One day: 1.5 / 7 = 0.2142 hp are full time; 0,21 is 98 per cent.
    [Test]
    public void Of_a_single_day() => Holds("0,21", 1, 98, null);

    [Test]
    public void It_is_a_warning() => Assert.That(FindingCatalogue.Get(FindingCode.R05).Severity, Is.EqualTo(Severity.V));

    [Test]
    public void R04_suspends_it() => Assert.That(Findings("30", -10, 100).Select(f => f.Code), Is.EqualTo([FindingCode.R04]));

    [Test]
    public void An_offering_of_the_catalogue_is_not_judged_by_it() =>
        Assert.That(RuleSet.JudgeAlone(Window.CourseRecord("KTF KEMA01 O1 1 2026-01-19..2026-06-07"), 1, Context), Is.Null);

    [Test]
    public void A_removal_is_not_judged_by_it() =>
        Assert.That(RuleSet.JudgeAlone(Window.Record("B FFG O1 from=2026-01-19 to=2026-06-07 hp=1 pace=100"), 1, Context), Is.Null);

    [Test]
    public void The_message_says_the_pace_that_follows_and_its_class()
    {
        var finding = Findings("15", 140, 75).Single();

        using (Assert.EnterMultipleScope())
        {
            Assert.That(finding.Field, Is.EqualTo("studietakt"));
            Assert.That(FindingCatalogue.Message(finding, Language.Sv), Is.EqualTo("Posten anger studietakten 75 %, men 15 hp på 140 dagar motsvarar 50 %, vilket räknas som 50 %."));
            Assert.That(FindingCatalogue.Message(finding, Language.En), Is.EqualTo("The record states the pace 75 %, but 15 hp in 140 days come to 50 %, which counts as 50 %."));
            Assert.That(FindingCatalogue.Message(Findings("7,5", 140, 50).Single(), Language.Sv), Does.Contain("motsvarar 25 %, för låg takt för studiestöd."));
            Assert.That(FindingCatalogue.Message(Findings("7,5", 140, 50).Single(), Language.En), Does.Contain("come to 25 %, too low for support."));
        }
    }

    // --- The other half: the offering's own pace. Window's offerings have 100.

    private static readonly CourseCatalogue Courses = Window.Courses("KTF KEMA01 O1 30 2026-08-31..2027-01-17");

    [Test]
    public void Another_pace_than_the_offerings_is_a_warning() => Window.Tells("N FFG O1 hp=15 pace=50 => delivered N R05", Courses);

    [Test]
    public void The_offerings_pace_is_none() => Window.Tells("N FFG O1 pace=100 => delivered N", Courses);

    [Test]
    public void A_school_whose_courses_are_unknown_is_not_judged_by_the_offering() => Window.Tells("N FFG O1 hp=15 pace=50 => delivered N", courses: null);

    [Test]
    public void An_unknown_offering_says_no_pace() => Window.Tells("N FFG O9 hp=15 pace=50 => refused R01", Courses);

    [Test]
    public void A_warning_holds_nothing_back_and_changes_no_refusal() => Window.Tells("N FFG O1 hp=31 pace=50 => refused R03 R05", Courses);

    private static readonly RecordContext Context = new(new DateOnly(2026, 11, 25), RuleTerms.Default);

    private static List<Finding> Findings(string hp, int days, int pace) =>
        RuleSet.JudgeAlone(Window.Record($"N FFG O1 from=2026-01-19 to={Start.AddDays(days - 1):yyyy-MM-dd} hp={hp} pace={pace} reg=2026-01-19"), 1, Context) ?? [];

    private static void Holds(string hp, int days, int pace, string? told)
    {
        var findings = Findings(hp, days, pace);
        if (told is null)
        {
            Assert.That(findings, Is.Empty);
            return;
        }
        Assert.That(findings.Select(f => f.Code), Is.EqualTo([FindingCode.R05]));
        var (computed, given) = (told.Split(' ')[0], told.Split(' ')[1]);
        Assert.That(findings[0].Args[1], Does.Contain($"motsvarar {computed} %").And.Contain(given == "0" ? "för låg takt för studiestöd" : $"vilket räknas som {given} %"));
    }
}
