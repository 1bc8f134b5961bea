namespace Ingest.Rules.Tests;

/// <summary>Several open windows: each is judged on what the one before it leaves. w1 closes on 2026-11-25, w2 on 2026-11-26.</summary>
public sealed class OpenWindowsTests
{
    [Test]
    public void What_the_first_window_delivers_stands_in_the_second() => Window.Gives("""
        w1 N FFG O1    => standing
        w2 N AVB O1    => delivered N
        w2 N RES M1    => delivered N
        w2 N FFG O1    => duplicate R06
        w2 N FFG O2    => refused R08
        """);

    [Test]
    public void What_was_added_in_the_first_is_delivered_and_its_removal_in_the_second_is_no_netting() => Window.Gives("""
        w1 N FFG O1                => standing
        w1 N RES M1                => past
        w2 B FFG O1                => refused K41
        w2 B RES M1                => delivered B
        """);

    [Test]
    public void A_registration_delivered_in_the_first_may_be_replaced_in_the_second() => Window.Gives("""
        w1 N FFG O1    => past
        w2 B FFG O1    => netted K43
        w2 N FFG O2    => delivered N
        """);

    [Test]
    public void What_comes_in_the_second_does_not_help_what_waited_in_the_first() => Window.Gives("""
        w1 N AVB O1    => past
        w2 N FFG O1    => delivered N
        """);

    [Test]
    public void What_the_first_refused_may_come_again_in_the_second() => Window.Gives("""
        w1 N FO O1     => past
        w2 N FFG O1    => delivered N
        w2 N FO O1     => delivered N
        """);

    [Test]
    public void What_the_first_refused_may_come_again_with_other_content() => Window.Gives("""
        w1 N FO O1          => past
        w2 N FFG O1         => delivered N
        w2 N FO O1 hp=15    => delivered N
        """);

    [Test]
    public void A_removal_that_the_first_refused_may_come_again_with_a_replacement() => Window.Gives("""
        standing FFG O1    => past
        w1 B FFG O1        => past
        w2 B FFG O1        => netted K43
        w2 N FFG O2        => delivered N
        """);

    [Test]
    public void A_removal_of_nothing_in_the_first_is_one_of_nothing_in_the_second_too() => Window.Gives("""
        w1 B FFG O1    => past
        w2 B FFG O1    => rejected R40
        """);

    [Test]
    public void A_period_passes_from_one_window_to_the_next() => Window.Gives("""
        standing FFG O1 to=2026-11-25    => past
        w1 B FFG O1                      => past
        w2 B FFG O1                      => netted K44
        """);

    [Test]
    public void A_removal_that_took_effect_in_the_first_is_a_repeat_in_the_second([Values("FFG O1", "RES M1")] string record) => Window.Gives($"""
        standing {record} {(record == "FFG O1" ? "from=2026-01-19 to=2026-06-07" : "")}    => past
        w1 B {record}    => past
        w2 B {record}    => duplicate R06
        """);

    [Test]
    public void A_replacement_of_the_first_window_repeated_in_the_second_changes_nothing() => Window.Gives("""
        standing FFG O1    => past
        w1 B FFG O1        => past
        w1 N FFG O2        => standing
        w2 B FFG O1        => duplicate R06
        w2 N FFG O2        => duplicate R06
        """);

    [Test]
    public void A_change_repeated_under_its_ids_in_the_second_window_changes_nothing() => Window.Gives("""
        standing FFG O1
        standing RES M1 id=a         => past
        w1 B RES M1 id=b             => past
        w1 N RES M1 id=c grade=VG    => standing
        w2 B RES M1 id=b             => duplicate R06
        w2 N RES M1 id=c grade=VG    => duplicate R06
        """);

    [Test]
    public void A_window_after_the_last_one_asked_for_is_left_as_it_is() => Window.Gives("""
        w1 N FFG O1    => delivered N
        w2 B FFG O1    => pending
        w2 N FFG O2    => pending
        """, until: Window.First);

    [Test]
    public void A_later_window_does_not_reach_back_into_an_earlier_one_that_is_asked_for() => Window.Gives("""
        w1 N AVB O1    => refused R20
        w2 N FFG O1    => pending
        """, until: Window.First);

    [Test]
    public void With_nothing_pending_there_is_nothing_to_judge()
    {
        StudentEvent[] events = [new(Window.Record("N FFG O1"), FileId.Of(Window.First, 1), 1, Window.First, EventState.Standing)];
        using (Assert.EnterMultipleScope())
        {
            Assert.That(StudentJudgement.Judge(_ => null, RuleTerms.Default, events, Window.Second), Is.Empty);
            Assert.That(StudentJudgement.Judge(_ => null, RuleTerms.Default, [], Window.Second), Is.Empty);
            Assert.That(events[0].State, Is.EqualTo(EventState.Standing));
        }
    }

    [Test]
    public void After_the_judgement_only_delivered_new_records_stand() => Assert.That(
        Window.Judge("""
            standing RES M7
            N FFG O1
            N FFG O1
            N FFG O1 hp=15
            N RES M1
            B RES M1
            N AVB O9
            B RES M7
            """).Select(l => l.Event.State),
        Is.EqualTo(
        [
            EventState.Past, EventState.Standing, EventState.Past, EventState.Past, EventState.Past, EventState.Past, EventState.Past,
            EventState.Past,
        ]));
}
