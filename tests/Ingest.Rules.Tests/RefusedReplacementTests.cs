namespace Ingest.Rules.Tests;

/// <summary>
/// K45: the removal holds, though what was to take the place (same kind, course and type; of results the same module) was refused.
/// The catalogue knows O1 and O2 of 30 hp, and the modules M1 and M2 of 7,5.
/// </summary>
public sealed class RefusedReplacementTests
{
    private static readonly CourseCatalogue Courses = Window.Courses(
        "KTF KEMA01 O1 30 2026-08-31..2027-01-17", "KTF KEMA01 O2 30 2026-08-31..2027-01-17", "MOD KEMA01 M1 7,5", "MOD KEMA01 M2 7,5");

    [Test]
    public void K45_stands_on_the_removal_of_a_period_that_has_passed() => Window.GivesInAnyOrder("""
        standing FFG O1 from=2026-01-19 to=2026-06-07    => past
        B FFG O1                                         => netted K44 K45
        N FFG O9                                         => refused R01
        """, Courses);

    // --- Added and removed in the window.

    [Test]
    public void K45_stands_on_the_removal_of_the_netted_pair() => Window.GivesInAnyOrder("""
        N FFG O1    => netted K42
        B FFG O1    => netted K42 K45
        N FFG O9    => refused R01
        """, Courses);

    [Test]
    public void K45_the_replacement_may_have_the_same_key() => Window.Gives("""
        N FFG O1          => netted K42
        B FFG O1          => netted K42 K45
        N FFG O1 hp=45    => refused R03
        """, Courses);

    [Test]
    public void K45_holds_for_a_continuing_registration() => Window.GivesInAnyOrder("""
        N FO O1    => netted K42
        B FO O1    => netted K42 K45
        N FO O2    => refused R09
        """, Courses);

    [Test]
    public void K45_is_not_raised_where_the_replacement_is_delivered() => Window.GivesInAnyOrder("""
        N FFG O1    => netted K42
        B FFG O1    => netted K42
        N FFG O2    => delivered N
        """, Courses);

    [Test]
    public void K45_another_type_takes_no_place() => Window.GivesInAnyOrder("""
        N FFG O1    => netted K42
        B FFG O1    => netted K42
        N FO O2     => refused R09
        """, Courses);

    [Test]
    public void K45_another_course_takes_no_place() => Window.GivesInAnyOrder("""
        N FFG O1                  => netted K42
        B FFG O1                  => netted K42
        N FFG O1 course=FYSA01    => refused R01
        """, Courses);

    [Test]
    public void K45_another_kind_takes_no_place() => Window.GivesInAnyOrder("""
        N FFG O1    => netted K42
        B FFG O1    => netted K42
        N AVB O1    => refused R20
        N RES M1    => refused R30
        """, Courses);

    [Test]
    public void K45_is_for_what_step_2_refused_and_not_for_what_K41_did() => Window.GivesInAnyOrder("""
        standing FFG O1    => standing
        N FFG O2           => netted K42
        B FFG O2           => netted K42
        B FFG O1           => refused K41
        N FFG O3 hp=15     => refused K41
        """);

    [Test]
    public void K45_stands_beside_R41() => Window.GivesInAnyOrder("""
        N FFG O1          => netted K42
        B FFG O1 hp=15    => netted R41 K42 K45
        N FFG O9          => refused R01
        """, Courses);

    [Test]
    public void K45_a_removal_of_a_delivered_registration_is_K41_instead() => Window.GivesInAnyOrder("""
        standing FFG O1    => standing
        B FFG O1           => refused K41
        N FFG O9           => refused R01
        """, Courses);

    [Test]
    public void K45_an_avbrott_of_the_window() => Window.Gives("""
        standing FFG O1
        N AVB O1                    => netted K42
        B AVB O1                    => netted K42 K45
        N AVB O1 date=2026-08-30    => refused R21
        """);

    [Test]
    public void K45_a_result_of_the_window() => Window.GivesInAnyOrder("""
        standing FFG O1
        N RES M1                         => netted K42
        B RES M1                         => netted K42 K45
        N RES M1 date=2026-11-03 hp=9    => refused R31
        """, Courses);

    // --- Delivered before: avbrott and results.

    [Test]
    public void K45_a_delivered_avbrott_is_lifted_all_the_same() => Window.Gives("""
        standing FFG O1
        standing AVB O1             => past
        B AVB O1                    => delivered B K45
        N AVB O1 date=2026-08-30    => refused R21
        """);

    [Test]
    public void K45_an_avbrott_on_another_offering_of_the_course_was_to_take_its_place() => Window.GivesInAnyOrder("""
        standing FFG O1
        standing AVB O1    => past
        B AVB O1           => delivered B K45
        N AVB O2           => refused R20
        """);

    [Test]
    public void K45_a_delivered_result_is_removed_all_the_same() => Window.Gives("""
        standing FFG O1
        standing RES M1     => past
        B RES M1            => delivered B K45
        N RES M1 hp=9       => refused R31
        """, Courses);

    [Test]
    public void K45_a_result_of_another_date_on_the_module_was_to_take_its_place() => Window.GivesInAnyOrder("""
        standing FFG O1
        standing RES M1                  => past
        B RES M1                         => delivered B K45
        N RES M1 date=2026-08-30         => refused R33
        """, Courses);

    [Test]
    public void K45_a_result_on_another_module_takes_no_place() => Window.GivesInAnyOrder("""
        standing FFG O1
        standing RES M1     => past
        B RES M1            => delivered B
        N RES M2 hp=9       => refused R31
        N RES - hp=99       => refused R31 R39
        """, Courses);

    [Test]
    public void K45_is_not_raised_by_a_replacement_that_was_rejected_outright() => Window.Gives("""
        standing FFG O1
        standing RES M1 id=a         => past
        B RES M1 id=b                => delivered B
        N RES M1 id=a grade=VG       => rejected R07
        """, Courses);
}
