namespace Ingest.Rules.Tests;

/// <summary>
/// Step 3 for registrations: K42, K43, K44. The period is 2026-08-31 to 2027-01-17, and the window closes on 2026-11-25, if nothing
/// else is said.
/// </summary>
public sealed class RegistrationNettingTests
{
    // --- K42: added and removed in the window.

    [Test]
    public void K42_a_registration_added_and_removed_takes_itself_out([Values("FFG O1", "FO O1", "OM O1")] string record) => Window.Gives($"""
        standing FFG O0    => standing
        N {record}         => netted K42
        B {record}         => netted K42
        """);

    [Test]
    public void K42_replaced_by_one_of_another_extent_or_period_only_the_last_is_sent([Values("hp=15", "to=2026-12-31", "from=2026-09-28")] string other) => Window.Gives($"""
        N FFG O1            => netted K42
        B FFG O1            => netted K42
        N FFG O1 {other}    => delivered N
        """);

    [Test]
    public void K42_replaced_by_one_on_another_offering_only_the_last_is_sent() => Window.GivesInAnyOrder("""
        N FFG O1    => netted K42
        B FFG O1    => netted K42
        N FFG O2    => delivered N
        """);

    [Test]
    public void K42_added_and_removed_twice() => Window.Gives("""
        N FFG O1          => netted K42
        B FFG O1          => netted K42
        N FFG O1 hp=15    => netted K42
        B FFG O1          => netted K42
        """);

    [Test]
    public void K42_what_would_have_been_refused_is_netted_all_the_same() => Window.GivesInAnyOrder("""
        N FO O1      => netted K42
        B FO O1      => netted K42
        N AVB O7     => netted K42
        B AVB O7     => netted K42
        """);

    [Test]
    public void K42_what_is_netted_carries_nothing_else_in_the_window() => Window.GivesInAnyOrder("""
        N FFG O1    => netted K42
        B FFG O1    => netted K42
        N FO O2     => refused R09
        N AVB O1    => refused R20
        N RES M1    => refused R30
        """);

    [Test]
    public void K42_the_two_are_each_others_counterpart()
    {
        var lines = Window.Judge("""
            N FFG O1
            B FFG O1
            """);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(lines[0].Verdict!.Counterpart, Is.SameAs(lines[1].Event));
            Assert.That(lines[1].Verdict!.Counterpart, Is.SameAs(lines[0].Event));
            Assert.That(lines[0].Event.State, Is.EqualTo(EventState.Past));
            Assert.That(lines[1].Event.State, Is.EqualTo(EventState.Past));
        }
    }

    // --- K43: a delivered FFG removed once and replaced, with the same extent and period, on the same course.

    [Test]
    public void K43_only_the_new_one_is_sent() => Window.GivesInAnyOrder("""
        standing FFG O1    => past
        B FFG O1           => netted K43
        N FFG O2           => delivered N
        """);

    [Test]
    public void K43_the_replacement_may_have_the_same_key_and_another_date_or_pace([Values("reg=2026-09-01", "pace=50")] string other) => Window.Gives($"""
        standing FFG O1     => past
        B FFG O1            => netted K43
        N FFG O1 {other}    => delivered N
        """);

    [Test]
    public void K43_the_removal_names_its_replacement_and_ends_what_stood()
    {
        var lines = Window.Judge("""
            standing FFG O1
            B FFG O1
            N FFG O2
            """);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(lines[1].Verdict!.Counterpart, Is.SameAs(lines[2].Event));
            Assert.That(lines[1].Verdict!.Ends, Is.SameAs(lines[0].Event));
            Assert.That(lines[2].Event.State, Is.EqualTo(EventState.Standing));
        }
    }

    [Test]
    public void K43_what_was_reported_on_the_old_registration_builds_on_the_new() => Window.GivesInAnyOrder("""
        standing FFG O1                            => past
        B FFG O1                                   => netted K43
        N FFG O2                                   => delivered N
        N FO O3 from=2026-11-02                    => delivered N
        N AVB O1                                   => refused R20
        N AVB O2                                   => delivered N
        """);

    [Test]
    public void K43_a_removal_that_is_repeated_is_still_one() => Window.Gives("""
        standing FFG O1    => past
        B FFG O1           => netted K43
        B FFG O1           => duplicate R06
        N FFG O2           => delivered N
        """);

    [Test]
    public void K43_a_removal_of_what_the_window_itself_added_is_not_a_second_removal_of_a_delivered_one() => Window.Gives("""
        standing FFG O1     => past
        B FFG O1            => netted K43
        N FFG O1 pace=50    => netted K42
        B FFG O1            => netted K42
        N FFG O2            => delivered N
        """);

    [Test]
    public void K43_goes_before_K44() => Window.GivesInAnyOrder("""
        standing FFG O1 from=2026-01-19 to=2026-06-07    => past
        B FFG O1                                         => netted K43
        N FFG O2 from=2026-01-19 to=2026-06-07           => delivered N
        """);

    [Test]
    public void K43_a_first_registration_on_another_course_replaces_nothing() => Window.GivesInAnyOrder("""
        standing FFG O1           => standing
        B FFG O1                  => refused K41
        N FFG O1 course=FYSA01    => delivered N
        """);

    // --- K44: the period ended before the closing date.

    [Test]
    public void K44_the_period_ended_the_day_before_the_window_closes() => Window.Gives("""
        standing FFG O1 to=2026-11-24    => past
        B FFG O1                         => netted K44
        """);

    [Test]
    public void K44_a_period_that_ends_on_the_closing_date_has_not_passed() => Window.Gives("""
        standing FFG O1 to=2026-11-25    => standing
        B FFG O1                         => refused K41
        """);

    [Test]
    public void K44_holds_for_continuing_and_repeated_registrations([Values("FO", "OM")] string type) => Window.Gives($"""
        standing FFG O1 from=2026-01-19 to=2026-06-07       => standing
        standing {type} O1 from=2026-08-31 to=2026-11-01    => past
        B {type} O1 from=2026-08-31                         => netted K44
        """);

    [Test]
    public void K44_goes_before_K41_and_the_new_one_is_delivered() => Window.GivesInAnyOrder("""
        standing FFG O1 from=2026-01-19 to=2026-06-07    => past
        B FFG O1                                         => netted K44
        N FFG O2                                         => delivered N
        """);

    [Test]
    public void K44_what_the_removal_states_does_not_matter_but_what_it_removes() => Window.Gives("""
        standing FFG O1                  => standing
        B FFG O1 to=2026-06-07           => refused R41 K41
        """);

    [Test]
    public void K44_the_registration_counts_as_gone() => Window.GivesInAnyOrder("""
        standing FFG O1 from=2026-01-19 to=2026-06-07    => past
        B FFG O1                                         => netted K44
        N FO O2                                          => refused R09
        N AVB O1 date=2026-03-02                         => refused R20
        N RES M1                                         => refused R30
        """);

    [Test]
    public void K44_two_delivered_registrations_on_a_course_may_both_be_removed() => Window.GivesInAnyOrder("""
        standing FFG O1 from=2026-01-19 to=2026-06-07    => past
        standing FFG O2 from=2026-01-19 to=2026-06-07    => past
        B FFG O1                                         => netted K44
        B FFG O2                                         => netted K44
        """);
}
