namespace Ingest.Rules.Tests;

/// <summary>K41: a removal that could stop the student's payments by itself is refused, and what was delivered stands.</summary>
public sealed class RefusedRemovalTests
{
    private static readonly CourseCatalogue Courses = Window.Courses(
        "KTF KEMA01 O1 30 2026-08-31..2027-01-17", "KTF KEMA01 O2 30 2026-08-31..2027-01-17", "MOD KEMA01 M1 7,5");

    [Test]
    public void K41_a_removal_with_nothing_in_its_place([Values("FFG O1", "FO O1", "OM O1")] string record) => Window.Gives($"""
        standing FFG O0
        standing {record}    => standing
        B {record}           => refused K41
        """);

    [Test]
    public void K41_with_another_extent_or_period_both_are_refused([Values("hp=15", "from=2026-09-01", "to=2027-01-16")] string other) => Window.GivesInAnyOrder($"""
        standing FFG O1     => standing
        B FFG O1            => refused K41
        N FFG O2 {other}    => refused K41
        """);

    [Test]
    public void K41_of_the_same_key_both_are_refused() => Window.Gives("""
        standing FFG O1    => standing
        B FFG O1           => refused K41
        N FFG O1 hp=15     => refused K41
        """);

    [Test]
    public void K41_continuing_and_repeated_registrations_are_never_netted_against_a_new_one([Values("FO", "OM")] string type) => Window.GivesInAnyOrder($"""
        standing FFG O1       => standing
        standing {type} O1    => standing
        B {type} O1           => refused K41
        N {type} O2           => refused K41
        """);

    [Test]
    public void K41_not_even_against_one_of_the_same_key() => Window.Gives("""
        standing FFG O1
        standing FO O1    => standing
        B FO O1           => refused K41
        N FO O1           => refused K41
        """);

    [Test]
    public void K41_two_delivered_first_registrations_removed_are_not_one_removal() => Window.GivesInAnyOrder("""
        standing FFG O1    => standing
        standing FFG O2    => standing
        B FFG O1           => refused K41
        B FFG O2           => refused K41
        N FFG O3           => refused K41
        """);

    [Test]
    public void K41_two_removed_of_which_one_has_passed_still_refuses_the_new_one() => Window.GivesInAnyOrder("""
        standing FFG O1 from=2026-01-19 to=2026-06-07    => past
        standing FFG O2                                  => standing
        B FFG O1                                         => netted K44
        B FFG O2                                         => refused K41
        N FFG O3                                         => refused K41
        """);

    [Test]
    public void K41_refuses_new_registrations_of_the_same_type_only() => Window.GivesInAnyOrder("""
        standing FFG O1           => standing
        standing FO O1            => standing
        B FO O1                   => refused K41
        N FO O2 from=2026-11-02   => refused K41
        N OM O2 from=2026-11-02   => delivered N
        """);

    [Test]
    public void K41_leaves_other_courses_alone() => Window.GivesInAnyOrder("""
        standing FFG O1                 => standing
        standing FFG O1 course=FYSA01   => past
        B FFG O1                        => refused K41
        B FFG O1 course=FYSA01          => netted K43
        N FFG O2 course=FYSA01          => delivered N
        """);

    [Test]
    public void K41_a_replacement_with_a_fault_of_its_own_keeps_its_own_code() => Window.GivesInAnyOrder("""
        standing FFG O1    => standing
        B FFG O1           => refused K41
        N FFG O9           => refused R01
        """, Courses);

    [Test]
    public void K41_a_replacement_of_the_same_key_with_a_fault_of_its_own() => Window.Gives("""
        standing FFG O1    => standing
        B FFG O1           => refused K41
        N FFG O1 hp=45     => refused R03
        """, Courses);

    [Test]
    public void K41_of_two_replacements_the_one_that_stands_decides() => Window.GivesInAnyOrder("""
        standing FFG O1                   => standing
        B FFG O1                          => refused K41
        N FFG O2 reg=2026-08-20 hp=15     => refused K41
        N FFG O3 reg=2026-08-21           => refused R08
        """);

    [Test]
    public void K43_of_two_replacements_the_one_that_stands_decides() => Window.GivesInAnyOrder("""
        standing FFG O1                   => past
        B FFG O1                          => netted K43
        N FFG O2 reg=2026-08-20           => delivered N
        N FFG O3 reg=2026-08-21 hp=15     => refused R08
        """);

    // --- details.md 24: what K41 leaves standing counts again.

    [Test]
    public void An_avbrott_on_the_registration_that_K41_refuses_has_none_and_on_the_one_that_it_leaves_standing_holds() => Window.GivesInAnyOrder("""
        standing FFG O1    => standing
        B FFG O1           => refused K41
        N FFG O2 hp=15     => refused K41
        N AVB O1           => delivered N
        N AVB O2           => refused R20
        """);

    [Test]
    public void A_result_on_the_course_holds_by_the_registration_that_K41_leaves_standing() => Window.GivesInAnyOrder("""
        standing FFG O1    => standing
        B FFG O1           => refused K41
        N RES M1           => delivered N
        """, Courses);

    [Test]
    public void A_result_is_dated_by_the_registration_that_K41_leaves_standing_and_not_by_the_one_it_refuses() => Window.GivesInAnyOrder("""
        standing FFG O1 from=2026-08-31    => standing
        B FFG O1                           => refused K41
        N FFG O2 from=2026-01-19           => refused K41
        N RES M1 date=2026-06-01           => refused R33
        """);

    [Test]
    public void An_avbrott_is_dated_by_the_period_that_K41_leaves_standing() => Window.GivesInAnyOrder("""
        standing FFG O1 from=2026-08-31          => standing
        B FFG O1                                 => refused K41
        N FFG O1 from=2026-10-12                 => refused K41
        N AVB O1 date=2026-10-05                 => delivered N
        """);

    [Test]
    public void A_continuing_registration_holds_by_the_first_one_that_K41_leaves_standing() => Window.GivesInAnyOrder("""
        standing FFG O1                           => standing
        B FFG O1                                  => refused K41
        N FO O1 from=2027-01-18 to=2027-06-06     => delivered N
        """);

    [Test]
    public void A_continuing_registration_does_not_hold_by_the_first_one_that_K41_refuses() => Window.GivesInAnyOrder("""
        standing FFG O1 from=2026-08-31           => standing
        B FFG O1                                  => refused K41
        N FFG O2 from=2026-01-19                  => refused K41
        N FO O3 from=2026-03-30                   => refused R09
        """);

    [Test]
    public void A_registration_reported_again_with_no_removal_left_is_only_a_repeat() => Window.Gives("""
        standing FFG O1    => standing
        N FFG O1           => duplicate R06
        B FFG O1           => refused K41
        """);

    [Test]
    public void A_change_before_its_removal_must_remove_first() => Window.Gives("""
        standing FFG O1    => standing
        N FFG O1 hp=15     => rejected R07
        B FFG O1           => refused K41
        """);

    [Test]
    public void A_removal_refused_ends_nothing()
    {
        var lines = Window.Judge("""
            standing FFG O1
            B FFG O1
            """);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(lines[1].Verdict!.Ends, Is.Null);
            Assert.That(lines[1].Event.State, Is.EqualTo(EventState.Past));
            Assert.That(lines[0].Event.State, Is.EqualTo(EventState.Standing));
        }
    }
}
