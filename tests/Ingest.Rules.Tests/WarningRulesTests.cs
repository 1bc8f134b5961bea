using Ingest.Formats;

namespace Ingest.Rules.Tests;

/// <summary>
/// What is told without being held against a record: R10, R11, R25 of the record alone; R14, R15, R22, R35 of what else is known; and
/// R13, which holds it. Each with the case nearest to it.
/// </summary>
public sealed class WarningRulesTests
{
    private static readonly DateOnly Arrival = new(2026, 11, 25);

    private static readonly CourseCatalogue Courses = Window.Courses(
        "KTF KEMA01 O1 30 2026-08-31..2027-01-17", "KTF KEMA01 O2 30 2026-08-31..2027-01-17", "MOD KEMA01 M1 7,5", "MOD KEMA01 M2 7,5");

    // --- R10: more than 30 days before the period. The period starts on 2026-08-31.

    [TestCase("2026-08-01", false)] // 30 days
    [TestCase("2026-07-31", true)]  // 31 days
    public void R10_registered_long_before_the_period(string date, bool told) => Alone($"N FFG O1 reg={date}", FindingCode.R10, told);

    [Test]
    public void R10_the_days_are_a_setting() => Alone("N FFG O1 reg=2026-08-01", FindingCode.R10, true, new RuleTerms { EarlyRegistrationDays = 29 });

    [Test]
    public void R10_is_suspended_by_R04() => Alone("N FFG O1 to=2026-08-30 reg=2026-07-01", FindingCode.R10, false);

    // --- R11: after the period's end, 2026-10-04.

    [TestCase("2026-10-04", false)]
    [TestCase("2026-10-05", true)]
    public void R11_registered_after_the_period(string date, bool told) => Alone($"N FFG O1 to=2026-10-04 hp=7,5 reg={date}", FindingCode.R11, told);

    [Test]
    public void R11_is_suspended_by_R04() => Alone("N FFG O1 to=2026-08-30 reg=2026-10-05", FindingCode.R11, false);

    // --- R25: more than 14 days after its date. It arrives on 2026-11-25.

    [TestCase("2026-11-11", false)] // 14 days
    [TestCase("2026-11-10", true)]  // 15 days
    public void R25_an_avbrott_that_is_reported_late(string date, bool told) => Alone($"N AVB O1 date={date}", FindingCode.R25, told);

    [Test]
    public void R25_holds_for_what_was_never_begun_too() => Alone("N AVB O1 type=E date=2026-11-10", FindingCode.R25, true);

    [Test]
    public void R25_the_days_are_a_setting() => Alone("N AVB O1 date=2026-11-11", FindingCode.R25, true, new RuleTerms { LateInterruptionDays = 13 });

    [Test]
    public void What_is_removed_is_not_warned_about([Values("FFG O1 reg=2026-07-01", "FFG O1 to=2026-10-04 reg=2026-10-05", "AVB O1 date=2026-11-01")] string record) =>
        Assert.That(RuleSet.JudgeAlone(Window.Record("B " + record), 1, new RecordContext(Arrival, RuleTerms.Default)), Is.Null);

    // --- R13: registration on an offering with a delivered avbrott dated before it.

    [Test]
    public void R13_registered_again_after_a_delivered_avbrott() => Window.Tells("""
        standing FFG O1
        standing AVB O1 date=2026-10-05
        N OM O1 from=2026-11-02 hp=15 reg=2026-10-06    => refused R13 R14
        """);

    [Test]
    public void R13_is_met_by_the_day_of_the_avbrott_itself() => Window.Gives("""
        standing FFG O1
        standing AVB O1 date=2026-10-05
        N OM O1 from=2026-11-02 reg=2026-10-05    => delivered N
        """);

    [Test]
    public void R13_is_met_on_another_offering() => Window.Gives("""
        standing FFG O1
        standing AVB O1 date=2026-10-05
        N OM O2 from=2026-11-02 reg=2026-10-06    => delivered N
        """);

    [Test]
    public void R13_an_avbrott_of_the_same_window_is_not_delivered_yet() => Window.GivesInAnyOrder("""
        standing FFG O1
        N AVB O1 date=2026-10-05                  => delivered N
        N OM O1 from=2026-11-02 reg=2026-10-06    => delivered N
        """);

    [Test]
    public void R13_is_met_by_the_removal_of_the_avbrott() => Window.GivesInAnyOrder("""
        standing FFG O1
        standing AVB O1 date=2026-10-05           => past
        B AVB O1                                  => delivered B
        N OM O1 from=2026-11-02 reg=2026-10-06    => delivered N
        """);

    // --- R14: overlapping registrations add up to more than 100 %.

    [Test]
    public void R14_the_later_of_two_that_are_more_than_full_time_together() => Window.TellsInAnyOrder("""
        N FFG O1 pace=50 hp=15                                 => delivered N
        N FFG O1 pace=51 hp=15 course=FYSA01 reg=2026-08-25    => delivered N R14
        """);

    [Test]
    public void R14_exactly_full_time_is_not_more() => Window.Tells("""
        standing FFG O1 pace=50
        N FFG O1 pace=50 hp=15 course=FYSA01    => delivered N
        """);

    [Test]
    public void R14_registrations_that_only_meet_do_not_overlap() => Window.Tells("""
        standing FFG O1 to=2026-10-31
        N FFG O1 from=2026-11-01 course=FYSA01    => delivered N
        """);

    [Test]
    public void R14_one_common_day_is_an_overlap() => Window.Tells("""
        standing FFG O1 to=2026-11-01
        N FFG O1 from=2026-11-01 course=FYSA01    => delivered N R14
        """);

    [Test]
    public void R14_what_overlaps_it_but_not_one_another_is_not_added_up() => Window.Tells("""
        standing FFG O1 pace=50 to=2026-10-31
        standing FFG O1 pace=50 from=2026-11-01 course=FYSA01
        N FFG O1 pace=50 course=BIOA01    => delivered N
        """);

    [Test]
    public void R14_one_registration_alone_is_never_an_overlap() => Window.Tells("N FFG O1 pace=150 hp=45 => delivered N");

    [Test]
    public void R14_says_the_most_of_any_day()
    {
        var lines = Window.Judge("""
            standing FFG O1 pace=40 to=2026-10-31
            standing FFG O1 pace=70 from=2026-10-01 to=2026-11-30 course=FYSA01
            N FFG O1 pace=50 course=BIOA01
            """);

        // In October: 40 + 70 + 50.
        Assert.That(FindingCatalogue.Message(lines[^1].Verdict!.Findings.Single(), Language.Sv), Does.Contain("tillsammans 160 %"));
    }

    // --- R15: re-registration; hp already passed count off.

    [Test]
    public void R15_says_how_many_hp_remain()
    {
        var lines = Window.Judge("""
            standing FFG O1
            standing RES M1 hp=7,5
            N OM O2 from=2026-11-02
            """, Courses);

        Assert.That(FindingCatalogue.Message(lines[^1].Verdict!.Findings.Single(f => f.Code == FindingCode.R15), Language.Sv),
            Is.EqualTo("Studenten har redan 7,5 av kursens 30 hp godkända, så 22,5 hp återstår."));
    }

    [Test]
    public void R15_is_not_told_of_one_who_has_passed_nothing() => Window.Tells("""
        standing FFG O1 to=2026-10-31
        standing RES M1 hp=0 grade=U
        N OM O2 from=2026-11-02    => delivered N
        """, Courses);

    [Test]
    public void R15_is_not_told_of_a_continuing_registration() => Window.Tells("""
        standing FFG O1 to=2026-10-31
        standing RES M1
        N FO O2 from=2026-11-02    => delivered N
        """, Courses);

    [Test]
    public void R15_takes_a_module_once_and_the_whole_course_never_twice()
    {
        var lines = Window.Judge("""
            standing FFG O1
            standing RES M1 hp=5 date=2026-11-02
            standing RES M1 hp=7,5 date=2026-11-03
            standing RES - hp=10
            N OM O2 from=2026-11-02
            """, Courses);

        // Modules 7,5; the whole course 10: 10 of 30, so 20 remain.
        Assert.That(lines[^1].Verdict!.Findings.Single(f => f.Code == FindingCode.R15).Args, Is.EqualTo(["10", "30", "20"]));
    }

    [Test]
    public void R15_without_a_catalogue_counts_off_from_the_registration()
    {
        var lines = Window.Judge("""
            standing FFG O1
            standing RES M1 hp=7,5
            N OM O2 from=2026-11-02 hp=5
            """);

        Assert.That(lines[^1].Verdict!.Findings.Single(f => f.Code == FindingCode.R15).Args, Is.EqualTo(["7,5", "5", "0"]));
    }

    // --- R22: avbrott after the period.

    [Test]
    public void R22_an_avbrott_the_day_after_the_period() => Window.Tells("""
        standing FFG O1 to=2026-10-04
        N AVB O1 date=2026-10-05    => delivered N R22
        """);

    [Test]
    public void R22_is_met_on_the_last_day() => Window.Tells("""
        standing FFG O1 to=2026-10-05
        N AVB O1 date=2026-10-05    => delivered N
        """);

    [Test]
    public void R22_reads_the_latest_period_on_the_offering() => Window.Tells("""
        standing FFG O1 to=2026-10-04
        standing FO O1 from=2026-10-05 to=2026-11-30
        N AVB O1 date=2026-10-05    => delivered N
        """);

    [Test]
    public void R22_reads_the_same_offering_alone() => Window.Tells("""
        standing FFG O1 to=2026-10-04
        standing FO O2 from=2026-10-05
        N AVB O1 date=2026-10-05    => delivered N R22
        """);

    // --- R35: a result dated after an avbrott.

    [Test]
    public void R35_a_result_dated_the_day_after_an_avbrott() => Window.TellsInAnyOrder("""
        standing FFG O1
        N AVB O1 date=2026-10-05           => delivered N
        N RES M1 on=O1 date=2026-10-06     => delivered N R35
        """);

    [Test]
    public void R35_is_met_on_the_day_of_the_avbrott() => Window.Tells("""
        standing FFG O1
        standing AVB O1 date=2026-10-05
        N RES M1 on=O1 date=2026-10-05     => delivered N
        """);

    [Test]
    public void R35_is_met_by_an_avbrott_on_another_offering() => Window.Tells("""
        standing FFG O1
        standing FO O2 from=2026-09-14
        standing AVB O2 date=2026-10-05
        N RES M1 on=O1 date=2026-10-06     => delivered N
        """);

    [Test]
    public void R35_without_an_offering_reads_the_whole_course() => Window.Tells("""
        standing FFG O1
        standing FO O2 from=2026-09-14
        standing AVB O2 date=2026-10-05
        N RES M1 date=2026-10-06     => delivered N R35
        """);

    [Test]
    public void R35_a_lifted_avbrott_does_not_count() => Window.TellsInAnyOrder("""
        standing FFG O1
        standing AVB O1 date=2026-10-05     => past
        B AVB O1                            => delivered B
        N RES M1 on=O1 date=2026-10-06      => delivered N
        """);

    private static void Alone(string record, FindingCode code, bool told, RuleTerms? terms = null) =>
        Assert.That((RuleSet.JudgeAlone(Window.Record(record), 1, new RecordContext(Arrival, terms ?? RuleTerms.Default)) ?? []).Select(f => f.Code),
            told ? Has.Member(code) : Has.No.Member(code));
}
