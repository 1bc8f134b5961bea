namespace Ingest.Rules.Tests;

/// <summary>R01, R02, R03, R08, R09. The catalogue knows the offering O1 of KEMA01, 30 hp, 2026-08-31 to 2027-01-17.</summary>
public sealed class RegistrationRulesTests
{
    private static readonly CourseCatalogue Courses = Window.Courses("KTF KEMA01 O1 30 2026-08-31..2027-01-17");

    // --- R01: offering not in the catalogue.

    [Test]
    public void R01_an_offering_that_the_catalogue_does_not_know() => Window.Gives("N FFG O9 => refused R01", Courses);

    [Test]
    public void R01_a_course_that_the_catalogue_does_not_know() => Window.Gives("N FFG O1 course=FYSA01 => refused R01", Courses);

    [Test]
    public void R01_an_offering_that_was_ended() =>
        Window.Gives("N FFG O1 => refused R01", Window.Courses("KTF KEMA01 O1 30 2026-08-31..2027-01-17", "B KTF KEMA01 O1"));

    [Test]
    public void R01_is_met_by_a_known_offering() => Window.Gives("N FFG O1 => delivered N", Courses);

    [Test]
    public void R01_holds_for_a_continuing_registration_too() => Window.Gives("""
        standing FFG O1
        N FO O9            => refused R01
        """, Courses);

    // --- R02: period outside the offering's.

    [Test]
    public void R02_a_period_that_starts_the_day_before_the_offering() => Window.Gives("N FFG O1 from=2026-08-30 => refused R02", Courses);

    [Test]
    public void R02_a_period_that_ends_the_day_after_the_offering() => Window.Gives("N FFG O1 to=2027-01-18 => refused R02", Courses);

    [Test]
    public void R02_is_met_by_exactly_the_offerings_period() => Window.Gives("N FFG O1 from=2026-08-31 to=2027-01-17 => delivered N", Courses);

    [Test]
    public void R02_is_met_by_a_part_of_the_offerings_period() => Window.Gives("N FFG O1 from=2026-09-01 to=2027-01-16 => delivered N", Courses);

    // --- R03: extent above the offering's.

    [Test]
    public void R03_an_extent_a_hundredth_above_the_offerings() => Window.Gives("N FFG O1 hp=30,01 => refused R03", Courses);

    [Test]
    public void R03_is_met_by_exactly_the_offerings_extent() => Window.Gives("N FFG O1 hp=30 => delivered N", Courses);

    [Test]
    public void R03_is_met_by_a_smaller_extent() => Window.Gives("N FFG O1 hp=7,5 => delivered N", Courses);

    [Test]
    public void All_faults_of_a_registration_are_reported() => Window.Gives("""
        standing FFG O2
        N FFG O1 from=2026-08-30 hp=31    => refused R02 R03 R08
        """, Courses);

    [Test]
    public void Without_a_catalogue_its_rules_are_skipped() => Window.Gives("N FFG O9 from=2020-01-20 to=2027-06-06 hp=99 => delivered N", courses: null);

    // --- R08: FFG on a course on which the student already has one standing.

    [Test]
    public void R08_a_first_registration_on_another_offering_of_the_course() => Window.Gives("""
        standing FFG O1    => standing
        N FFG O2           => refused R08
        """);

    [Test]
    public void R08_what_stands_stands_whatever_its_date() => Window.Gives("""
        standing FFG O1 reg=2026-09-30    => standing
        N FFG O2 reg=2026-08-01           => refused R08
        """);

    [Test]
    public void R08_is_met_on_another_course() => Window.Gives("""
        standing FFG O1
        N FFG O1 course=FYSA01    => delivered N
        """);

    [Test]
    public void R08_is_met_by_continuing_and_repeated_registrations() => Window.Gives("""
        standing FFG O1
        N FO O2    => delivered N
        N OM O2    => delivered N
        """);

    [Test]
    public void R08_is_met_where_only_a_continuing_registration_stands() => Window.Gives("""
        standing FO O2
        N FFG O1    => delivered N
        """);

    [Test]
    public void Of_two_first_registrations_on_a_course_the_earlier_registration_date_stands() => Window.GivesInAnyOrder("""
        N FFG O1 reg=2026-08-25    => refused R08
        N FFG O2 reg=2026-08-24    => delivered N
        """);

    [Test]
    public void Of_two_with_the_same_registration_date_the_lower_key_stands() => Window.GivesInAnyOrder("""
        N FFG O2    => refused R08
        N FFG O1    => delivered N
        """);

    [Test]
    public void The_lower_key_is_by_code_point() => Window.GivesInAnyOrder("""
        N FFG O10    => delivered N
        N FFG O9     => refused R08
        N FFG Ö1     => refused R08
        """);

    [Test]
    public void A_first_registration_that_is_itself_refused_excludes_no_other() => Window.GivesInAnyOrder("""
        N FFG O9 reg=2026-08-01    => refused R01
        N FFG O1 reg=2026-08-24    => delivered N
        """, Courses);

    // --- R09: FO or OM without an earlier FFG.

    [Test]
    public void R09_continuing_without_a_first_registration([Values("FO", "OM")] string type) => Window.Gives($"N {type} O1 => refused R09");

    [Test]
    public void R09_a_first_registration_on_another_course_does_not_do() => Window.Gives("""
        standing FFG O1 course=FYSA01
        N FO O1    => refused R09
        """);

    [Test]
    public void R09_a_first_registration_that_starts_the_day_after_does_not_do() => Window.Gives("""
        standing FFG O1 from=2026-09-01
        N FO O2 from=2026-08-31    => refused R09
        """);

    [Test]
    public void R09_is_met_by_a_first_registration_that_starts_the_same_day() => Window.Gives("""
        standing FFG O1 from=2026-08-31
        N FO O2 from=2026-08-31    => delivered N
        """);

    [Test]
    public void R09_is_met_by_an_earlier_first_registration_on_another_offering() => Window.Gives("""
        standing FFG O1
        N OM O2 from=2027-01-18 to=2027-06-06    => delivered N
        """);

    [Test]
    public void R09_is_met_by_a_first_registration_of_the_same_window() => Window.GivesInAnyOrder("""
        N FO O1 from=2027-01-18 to=2027-06-06    => delivered N
        N FFG O1                                 => delivered N
        """);

    [Test]
    public void R09_is_met_whatever_the_registration_dates_are() => Window.GivesInAnyOrder("""
        N FO O1 from=2027-01-18 to=2027-06-06 reg=2026-08-01    => delivered N
        N FFG O1 reg=2026-11-01                                 => delivered N
        """);

    [Test]
    public void R09_a_first_registration_that_is_refused_does_not_do() => Window.GivesInAnyOrder("""
        N FFG O9    => refused R01
        N FO O1     => refused R09
        """, Courses);

    [Test]
    public void R09_another_continuing_registration_does_not_do() => Window.Gives("""
        standing FO O1
        N FO O1 from=2027-01-18 to=2027-06-06    => refused R09
        """);
}
