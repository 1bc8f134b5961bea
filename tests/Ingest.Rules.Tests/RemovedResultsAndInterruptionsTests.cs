using Ingest.Formats;

namespace Ingest.Rules.Tests;

/// <summary>Step 3 for avbrott and results: delivered removals, and a removal and its replacement as one change, Ä.</summary>
public sealed class RemovedResultsAndInterruptionsTests
{
    [Test]
    public void The_removal_of_a_delivered_result_is_delivered([Values("RES M1", "RES -")] string record) => Window.Gives($"""
        standing FFG O1
        standing {record}    => past
        B {record}           => delivered B
        """);

    [Test]
    public void A_delivered_avbrott_may_be_lifted() => Window.Gives("""
        standing FFG O1    => standing
        standing AVB O1    => past
        B AVB O1           => delivered B
        """);

    [Test]
    public void A_delivered_removal_says_what_it_ends()
    {
        var lines = Window.Judge("""
            standing RES M1
            B RES M1
            """);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(lines[1].Verdict!.Ends, Is.SameAs(lines[0].Event));
            Assert.That(lines[1].Verdict!.Findings, Is.Empty);
            Assert.That(lines[1].Event.State, Is.EqualTo(EventState.Past));
        }
    }

    [Test]
    public void Added_and_removed_in_the_window_both_are_netted([Values("AVB O1", "RES M1")] string record) => Window.Gives($"""
        standing FFG O1
        N {record}    => netted K42
        B {record}    => netted K42
        """);

    [Test]
    public void A_removal_and_a_new_result_of_the_same_key_are_one_change() => Window.Gives("""
        standing FFG O1
        standing RES M1           => past
        B RES M1                  => delivered -
        N RES M1 grade=VG         => delivered Ä
        """);

    [Test]
    public void A_removal_and_a_new_avbrott_of_the_same_key_are_one_change() => Window.Gives("""
        standing FFG O1
        standing AVB O1             => past
        B AVB O1                    => delivered -
        N AVB O1 date=2026-10-12    => delivered Ä
        """);

    [Test]
    public void A_change_has_the_old_record_at_hand()
    {
        var lines = Window.Judge("""
            standing FFG O1
            standing RES M1
            B RES M1
            N RES M1 grade=VG
            """);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(lines[3].Verdict!.Counterpart, Is.SameAs(lines[1].Event));
            Assert.That(lines[2].Verdict!.Ends, Is.SameAs(lines[1].Event));
            Assert.That(lines[3].Event.State, Is.EqualTo(EventState.Standing));
        }
    }

    [Test]
    public void A_new_result_of_another_key_is_no_change_but_two_rows([Values("RES M1 date=2026-11-03", "RES M2", "RES -")] string other) => Window.GivesInAnyOrder($"""
        standing FFG O1
        standing RES M1    => past
        B RES M1           => delivered B
        N {other}          => delivered N
        """);

    [Test]
    public void A_new_avbrott_on_another_offering_is_no_change_but_two_rows() => Window.GivesInAnyOrder("""
        standing FFG O1
        standing FO O2
        standing AVB O1    => past
        B AVB O1           => delivered B
        N AVB O2           => delivered N
        """);

    [Test]
    public void Removed_added_and_removed_again_leaves_the_delivered_removal() => Window.Gives("""
        standing FFG O1
        standing RES M1      => past
        B RES M1             => delivered B
        N RES M1 grade=VG    => netted K42
        B RES M1             => netted K42
        """);

    [Test]
    public void Removed_added_removed_and_added_is_one_change_with_the_last() => Window.Gives("""
        standing FFG O1
        standing RES M1           => past
        B RES M1                  => delivered -
        N RES M1 grade=VG         => netted K42
        B RES M1                  => netted K42
        N RES M1 hp=5             => delivered Ä
        """);

    [Test]
    public void A_result_with_a_removal_in_the_window_counts_as_gone_for_the_courses_hp() => Window.GivesInAnyOrder("""
        standing FFG O1
        standing RES M1    => past
        standing RES M2    => standing
        B RES M1           => delivered B
        N RES M3           => delivered N
        """, Window.Courses("KTF KEMA01 O1 15 2026-08-31..2027-01-17", "MOD KEMA01 M1 15", "MOD KEMA01 M2 15", "MOD KEMA01 M3 15"));

    [Test]
    public void A_change_is_judged_without_what_it_replaces() => Window.Gives("""
        standing FFG O1
        standing RES M1 hp=10     => past
        standing RES M2 hp=5      => standing
        B RES M1                  => delivered -
        N RES M1 hp=9             => delivered Ä
        """, Window.Courses("KTF KEMA01 O1 15 2026-08-31..2027-01-17", "MOD KEMA01 M1 15", "MOD KEMA01 M2 15", "MOD KEMA01 M3 15"));

    [Test]
    public void An_avbrott_lifted_while_its_registration_is_replaced_is_lifted_all_the_same() => Window.GivesInAnyOrder("""
        standing FFG O1    => past
        standing AVB O1    => past
        B FFG O1           => netted K43
        N FFG O2           => delivered N
        B AVB O1           => delivered B
        """);

    [Test]
    public void What_still_waits_is_refused_with_its_own_code() => Window.GivesInAnyOrder("""
        N FO O1                     => refused R09
        N AVB O1                    => refused R20
        N RES M1                    => refused R30
        N RES M1 transfer=J date=2026-11-03    => delivered N
        """);

    [Test]
    public void What_a_rule_refuses_names_the_events_own_line()
    {
        var lines = Window.Judge("""
            standing FFG O1
            N RES M1
            N AVB O7
            """);
        Assert.That(lines[2].Verdict!.Findings, Has.Count.EqualTo(1));
        using (Assert.EnterMultipleScope())
        {
            Assert.That(lines[2].Verdict!.Findings[0].Code, Is.EqualTo(FindingCode.R20));
            Assert.That(lines[2].Verdict!.Findings[0].Line, Is.EqualTo(lines[2].Event.Line));
        }
    }
}
