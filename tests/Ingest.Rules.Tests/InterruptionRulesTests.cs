namespace Ingest.Rules.Tests;

/// <summary>R20, R21: an avbrott and the registration that it is about. The period starts on 2026-08-31.</summary>
public sealed class InterruptionRulesTests
{
    [Test]
    public void R20_an_avbrott_without_any_registration() => Window.Gives("N AVB O1 => refused R20");

    [Test]
    public void R20_not_begun_needs_a_registration_too() => Window.Gives("N AVB O1 type=E => refused R20");

    [Test]
    public void R20_a_registration_on_another_offering_does_not_do() => Window.Gives("""
        standing FFG O1
        N AVB O2    => refused R20
        """);

    [Test]
    public void R20_a_registration_on_another_course_does_not_do() => Window.Gives("""
        standing FFG O1 course=FYSA01
        N AVB O1    => refused R20
        """);

    [Test]
    public void R20_a_registration_that_is_refused_does_not_do() => Window.GivesInAnyOrder("""
        N FFG O1    => refused R01
        N AVB O1    => refused R20
        """, Window.Courses());

    [Test]
    public void R20_a_registration_removed_before_does_not_do() => Window.Gives("""
        past N FFG O1
        past B FFG O1
        N AVB O1    => refused R20
        """);

    [Test]
    public void R20_is_met_by_what_stands() => Window.Gives("""
        standing FFG O1
        N AVB O1    => delivered N
        """);

    [Test]
    public void R20_is_met_by_a_registration_of_the_same_window() => Window.GivesInAnyOrder("""
        N AVB O1    => delivered N
        N FFG O1    => delivered N
        """);

    [Test]
    public void R20_is_met_by_a_continuing_registration_on_the_offering() => Window.Gives("""
        standing FFG O1
        standing FO O2 from=2026-09-14
        N AVB O2    => delivered N
        """);

    [Test]
    public void R21_an_avbrott_the_day_before_the_period() => Window.Gives("""
        standing FFG O1
        N AVB O1 date=2026-08-30    => refused R21
        """);

    [Test]
    public void R21_is_met_on_the_first_day() => Window.Gives("""
        standing FFG O1
        N AVB O1 date=2026-08-31    => delivered N
        """);

    [Test]
    public void R21_is_about_type_A_only() => Window.Gives("""
        standing FFG O1
        N AVB O1 type=E date=2026-08-30    => delivered N
        """);

    [Test]
    public void R21_reads_the_offerings_own_period_and_no_other() => Window.Gives("""
        standing FFG O1 from=2026-08-31
        standing FO O2 from=2026-11-02
        N AVB O2 date=2026-11-01    => refused R21
        """);

    [Test]
    public void R21_reads_the_earliest_of_several_periods_on_the_offering() => Window.Gives("""
        standing FFG O1 from=2026-08-31
        standing FO O1 from=2026-11-02
        N AVB O1 date=2026-10-05    => delivered N
        """);

    [Test]
    public void R21_says_nothing_where_there_is_no_registration() => Window.Gives("N AVB O1 date=1999-01-01 => refused R20");

    [Test]
    public void R21_reads_a_period_of_the_same_window() => Window.GivesInAnyOrder("""
        N AVB O1 date=2026-09-14               => refused R21
        N FFG O1 from=2026-09-15               => delivered N
        """);
}
