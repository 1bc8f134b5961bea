namespace Ingest.Rules.Tests;

/// <summary>The sender's own händelse-id: details.md 27. It belongs to one key; a B may carry its N's.</summary>
public sealed class EventIdTests
{
    [Test]
    public void The_same_id_with_the_same_content_is_a_repeat() => Window.Gives("""
        standing FFG O1 id=a
        N FFG O1 id=a    => duplicate R06
        """);

    [Test]
    public void An_id_is_compared_without_regard_to_case() => Window.Gives("""
        standing FFG O1 id=5f3a-ÅB
        N FFG O1 id=5F3A-åb     => duplicate R06
        N RES M1 id=5F3A-åb     => rejected R07
        """);

    [Test]
    public void The_same_id_with_other_content_is_rejected() => Window.Gives("""
        standing FFG O1 id=a
        N FFG O1 id=a hp=15    => rejected R07
        """);

    [TestCase("RES M1")]
    [TestCase("AVB O1")]
    [TestCase("FO O1")]
    [TestCase("FFG O1 course=FYSA01")]
    public void An_id_that_another_thing_has_is_rejected(string record) => Window.Gives($"""
        standing FFG O1 id=a
        N {record} id=a    => rejected R07
        """);

    [Test]
    public void An_id_that_another_thing_of_the_window_has_is_rejected() => Window.Gives("""
        N FFG O1 id=a    => delivered N
        N AVB O1 id=a    => rejected R07
        """);

    [Test]
    public void An_id_of_what_is_past_is_still_taken() => Window.Gives("""
        standing FFG O1
        past N RES M1 id=a
        past B RES M1 id=b
        N RES M2 id=a    => rejected R07
        N RES M3 id=b    => rejected R07
        """);

    [Test]
    public void A_removal_may_carry_the_id_of_what_it_removes() => Window.Gives("""
        standing FFG O1
        standing RES M1 id=a    => past
        N AVB O1 id=b           => netted K42
        B AVB O1 id=b           => netted K42
        B RES M1 id=a           => delivered B
        """);

    [Test]
    public void A_removal_may_carry_an_id_of_its_own() => Window.Gives("""
        standing RES M1 id=a    => past
        B RES M1 id=b           => delivered B
        """);

    [Test]
    public void A_removal_with_the_id_of_another_thing_is_rejected() => Window.Gives("""
        standing FFG O1 id=a
        standing RES M1 id=b    => standing
        B RES M1 id=a           => rejected R07
        """);

    [Test]
    public void A_removal_repeated_under_its_id_is_a_repeat() => Window.Gives("""
        standing RES M1 id=a    => past
        B RES M1 id=a           => delivered B
        B RES M1 id=a           => duplicate R06
        """);

    [Test]
    public void A_file_of_N_and_B_sent_again_under_its_ids_is_a_repeat_throughout() => Window.Gives("""
        N FFG O1 id=a    => netted K42
        B FFG O1 id=a    => netted K42
        N FFG O1 id=a    => duplicate R06
        B FFG O1 id=a    => duplicate R06
        """);

    [Test]
    public void After_the_removal_the_id_with_other_content_is_rejected() => Window.Gives("""
        standing RES M1 id=a           => past
        B RES M1 id=b                  => delivered B
        N RES M1 id=a grade=VG         => rejected R07
        """);

    [Test]
    public void After_the_removal_the_id_with_the_same_content_is_a_repeat() => Window.Gives("""
        standing RES M1 id=a    => past
        B RES M1 id=b           => delivered B
        N RES M1 id=a           => duplicate R06
        """);

    [Test]
    public void After_the_removal_other_content_under_a_new_id_is_a_change() => Window.Gives("""
        standing FFG O1
        standing RES M1 id=a           => past
        B RES M1 id=b                  => delivered -
        N RES M1 id=c grade=VG         => delivered Ä
        """);

    [Test]
    public void The_id_of_a_rejected_record_is_free() => Window.Gives("""
        standing FFG O1 id=a
        N FFG O1 id=b hp=15    => rejected R07
        N RES M1 id=b          => delivered N
        B RES M2 id=c          => rejected R40
        N RES M3 id=c          => delivered N
        """);

    [Test]
    public void The_id_of_a_record_that_waits_is_taken() => Window.Gives("""
        N FO O1 id=a     => refused R09
        N RES M1 id=a    => rejected R07
        """);

    [Test]
    public void The_id_of_a_record_refused_at_the_close_is_free_in_the_next_window() => Window.Gives("""
        standing FFG O1
        w1 N AVB O2 id=a    => past
        w2 N RES M1 id=a    => delivered N
        """);

    [Test]
    public void A_record_refused_at_the_close_may_come_again_under_its_id_with_what_it_wanted() => Window.Gives("""
        w1 N FO O1 id=a     => past
        w2 N FO O1 id=a     => delivered N
        w2 N FFG O1 id=b    => delivered N
        """);

    [Test]
    public void A_removal_refused_at_the_close_may_come_again_under_its_id_with_a_replacement() => Window.Gives("""
        standing FFG O1 id=a    => past
        w1 B FFG O1 id=b        => past
        w2 B FFG O1 id=b        => netted K43
        w2 N FFG O2 id=c        => delivered N
        """);

    [Test]
    public void The_id_of_a_repeat_is_taken_so_that_what_is_sent_again_under_it_after_a_removal_is_a_repeat_too() => Window.Gives("""
        N FFG O1 id=a    => netted K42
        N FFG O1 id=b    => duplicate R06
        B FFG O1 id=c    => netted K42
        N FFG O1 id=b    => duplicate R06
        N AVB O1 id=b    => rejected R07
        """);

    [Test]
    public void A_removal_said_twice_under_two_ids_does_not_remove_what_came_later() => Window.Gives("""
        standing FFG O1
        standing RES M1 id=a    => past
        B RES M1 id=b           => delivered -
        B RES M1 id=c           => duplicate R06
        N RES M1 id=d hp=5      => delivered Ä
        B RES M1 id=c           => duplicate R06
        """);

    [Test]
    public void The_id_of_a_repeat_is_taken_in_the_next_window() => Window.Gives("""
        w1 N FFG O1 id=a    => standing
        w1 N FFG O1 id=b    => repeat
        w2 N RES M1 id=b    => rejected R07
        """);

    [Test]
    public void The_id_of_a_repeat_of_what_is_refused_at_the_close_is_free_in_the_next_window() => Window.Gives("""
        w1 N FO O1 id=a     => past
        w1 N FO O1 id=b     => past
        w2 N FO O1 id=b     => delivered N
        w2 N FFG O1 id=c    => delivered N
        """);

    [Test]
    public void The_id_of_a_record_rejected_in_an_earlier_window_is_free() => Window.Gives("""
        standing FFG O1 id=a
        w1 N FFG O1 id=b hp=15    => past
        w1 N AVB O1 id=c          => standing
        w2 N RES M1 id=b          => delivered N
        """);
}
