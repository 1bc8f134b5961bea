namespace Ingest.Rules.Tests;

/// <summary>
/// The cases that the source names, told as it tells them (Lund University's Ladok blog, 2019-01-15; Ladok's FAQ 2018-09-26). w1 is
/// the window that closes on 2026-11-25, w2 the next: what w1 delivers was "sent before" in w2. The period is 2026-08-31 to 2027-01-17,
/// the extent 30 hp, if nothing else is said. Each code's own corners have test files of their own.
/// </summary>
public sealed class FifteenHundredTests
{
    // --- "A registration that is added and removed in one window takes itself out: nothing is sent."

    [Test]
    public void Added_and_removed([Values("FFG", "FO", "OM")] string type) => Window.Gives($"""
        w1 N FFG O9         => standing
        w2 N {type} O1      => netted K42
        w2 B {type} O1      => netted K42
        """);

    [Test]
    public void Added_and_removed_and_added_again_is_sent_once() => Window.Gives("""
        N FFG O1    => netted K42
        B FFG O1    => netted K42
        N FFG O1    => delivered N
        """);

    [Test]
    public void Removed_before_it_was_added_there_was_nothing_to_remove_and_it_is_sent() => Window.Gives("""
        B FFG O1    => rejected R40
        N FFG O1    => delivered N
        """);

    [Test]
    public void Added_in_one_window_and_removed_in_the_next_is_not_added_and_removed() => Window.Gives("""
        w1 N FFG O1    => standing
        w2 B FFG O1    => refused K41
        """);

    // --- "One that was sent before, is removed once and replaced by a new one with the same extent and period: only the new one is sent."

    [Test]
    public void Replaced_with_the_same_extent_and_period() => Window.Gives("""
        w1 N FFG O1    => past
        w2 B FFG O1    => netted K43
        w2 N FFG O2    => delivered N
        """);

    [Test]
    public void Replaced_first_and_removed_afterwards_in_the_same_window_is_the_same() => Window.Gives("""
        w1 N FFG O1    => past
        w2 N FFG O2    => delivered N
        w2 B FFG O1    => netted K43
        """);

    [Test]
    public void Removed_by_mistake_and_reported_again_as_it_was_is_a_replacement_too() => Window.Gives("""
        w1 N FFG O1    => past
        w2 B FFG O1    => netted K43
        w2 N FFG O1    => delivered N
        """);

    [Test]
    public void Removed_twice_in_one_window_with_a_replacement_between_leaves_the_last() => Window.Gives("""
        w1 N FFG O1    => past
        w2 B FFG O1    => netted K43
        w2 N FFG O2    => netted K42
        w2 B FFG O2    => netted K42
        w2 N FFG O3    => delivered N
        """);

    [Test]
    public void Replaced_in_two_windows_running() => Window.Gives("""
        standing FFG O1    => past
        w1 B FFG O1        => past
        w1 N FFG O2        => past
        w2 B FFG O2        => netted K43
        w2 N FFG O3        => delivered N
        """);

    [Test]
    public void Only_first_registrations_are_replaced_so([Values("FO", "OM")] string type) => Window.Gives($"""
        w1 N FFG O1       => standing
        w1 N {type} O1    => standing
        w2 B {type} O1    => refused K41
        w2 N {type} O2    => refused K41
        """);

    // --- "Added and removed in the window and replaced by one with another extent or period: only the last is sent."

    [Test]
    public void Added_removed_and_replaced_with_another_extent_or_period([Values("hp=15", "from=2026-09-28", "to=2026-12-20")] string other) => Window.Gives($"""
        N FFG O1            => netted K42
        B FFG O1            => netted K42
        N FFG O1 {other}    => delivered N
        """);

    [Test]
    public void Added_removed_and_replaced_by_one_that_is_itself_refused_is_missing_and_said_to_be() => Window.Gives("""
        N FFG O1    => netted K42
        B FFG O1    => netted K42 K45
        N FFG O9    => refused R01
        """, Window.Courses("KTF KEMA01 O1 30 2026-08-31..2027-01-17"));

    // --- "Removal of one whose period has already passed: nothing is sent."

    [Test]
    public void Removed_when_the_period_has_passed() => Window.Gives("""
        w1 N FFG O1 to=2026-11-25    => past
        w2 B FFG O1                  => netted K44
        """);

    [Test]
    public void Removed_on_the_last_day_of_the_period_is_not_yet_that() => Window.Gives("""
        w1 N FFG O1 to=2026-11-26    => standing
        w2 B FFG O1                  => refused K41
        """);

    [Test]
    public void Removed_when_the_period_has_passed_and_replaced_with_another_period_both_go_through() => Window.Gives("""
        w1 N FFG O1 to=2026-11-25    => past
        w2 B FFG O1                  => netted K44
        w2 N FFG O2                  => delivered N
        """);

    // --- "Anything else: mail, and wait, since a removal can stop the student's payments."

    [Test]
    public void Replaced_with_another_extent_or_period([Values("hp=15", "from=2026-09-28", "to=2026-12-20")] string other) => Window.Gives($"""
        w1 N FFG O1            => standing
        w2 B FFG O1            => refused K41
        w2 N FFG O2 {other}    => refused K41
        """);

    [Test]
    public void Removed_in_one_window_and_replaced_in_the_next() => Window.Gives("""
        standing FFG O1    => standing
        w1 B FFG O1        => past
        w2 N FFG O2        => refused R08
        """);

    [Test]
    public void Refused_today_removed_and_replaced_together_tomorrow() => Window.Gives("""
        standing FFG O1    => past
        w1 B FFG O1        => past
        w2 B FFG O1        => netted K43
        w2 N FFG O2        => delivered N
        """);

    [Test]
    public void Replaced_by_one_that_is_itself_refused_what_was_sent_stands() => Window.Gives("""
        w1 N FFG O1    => standing
        w2 B FFG O1    => refused K41
        w2 N FFG O9    => refused R01
        """, Window.Courses("KTF KEMA01 O1 30 2026-08-31..2027-01-17"));

    [Test]
    public void The_student_left_so_an_avbrott_is_reported_in_the_removals_stead() => Window.Gives("""
        w1 N FFG O1                    => standing
        w2 B FFG O1                    => refused K41
        w2 N AVB O1 date=2026-11-20    => delivered N
        """);

    // --- Avbrott and results, which stop nothing by themselves: a removal is sent, and with a new one in its place it is one change.

    [Test]
    public void An_avbrotts_date_is_corrected_after_delivery() => Window.Gives("""
        w1 N FFG O1                    => standing
        w1 N AVB O1 date=2026-10-05    => past
        w2 B AVB O1                    => delivered -
        w2 N AVB O1 date=2026-10-12    => delivered Ä
        """);

    [Test]
    public void An_avbrotts_date_is_corrected_before_it_was_sent() => Window.Gives("""
        w1 N FFG O1                    => standing
        w2 N AVB O1 date=2026-10-05    => netted K42
        w2 B AVB O1                    => netted K42
        w2 N AVB O1 date=2026-10-12    => delivered N
        """);

    [Test]
    public void An_avbrotts_date_is_corrected_without_removing_it_first() => Window.Gives("""
        w1 N FFG O1                    => standing
        w1 N AVB O1 date=2026-10-05    => standing
        w2 N AVB O1 date=2026-10-12    => rejected R07
        """);

    [Test]
    public void A_fail_in_January_and_a_pass_in_March_on_the_same_module_are_two_results() => Window.Gives("""
        standing FFG O1 from=2026-01-19 to=2026-06-07    => standing
        w1 N RES M1 date=2026-01-30 hp=0 grade=U         => standing
        w2 N RES M1 date=2026-03-20 hp=7,5 grade=G       => delivered N
        """, Window.Courses("KTF KEMA01 O1 7,5 2026-01-19..2026-06-07", "MOD KEMA01 M1 7,5"));

    [Test]
    public void A_pass_of_January_and_a_better_one_of_March_are_two_results_but_count_once() => Window.Gives("""
        standing FFG O1 from=2026-01-19 to=2026-06-07    => standing
        w1 N RES M1 date=2026-01-30 hp=7,5 grade=G       => standing
        w2 N RES M1 date=2026-03-20 hp=7,5 grade=VG      => delivered N
        """, Window.Courses("KTF KEMA01 O1 7,5 2026-01-19..2026-06-07", "MOD KEMA01 M1 7,5"));

    [Test]
    public void A_grade_that_was_wrong_is_removed_and_reported_right() => Window.Gives("""
        standing FFG O1 from=2026-01-19 to=2026-06-07    => standing
        w1 N RES M1 date=2026-01-30 hp=0 grade=U         => past
        w2 B RES M1 date=2026-01-30                      => delivered -
        w2 N RES M1 date=2026-01-30 hp=7,5 grade=G       => delivered Ä
        """);

    [Test]
    public void A_result_is_removed_and_the_right_one_refused_so_it_is_missing_and_said_to_be() => Window.Gives("""
        standing FFG O1 from=2026-01-19 to=2026-06-07    => standing
        w1 N RES M1 date=2026-01-30 hp=5                 => past
        w2 B RES M1 date=2026-01-30                      => delivered B K45
        w2 N RES M1 date=2026-01-30 hp=9                 => refused R31
        """, Window.Courses("KTF KEMA01 O1 30 2026-01-19..2026-06-07", "MOD KEMA01 M1 7,5"));
}
