namespace Ingest.Rules.Tests;

/// <summary>Step 1 of the judgement: events of one key in their order of arrival. R06, R07, R40, R41.</summary>
public sealed class SameThingTests
{
    // --- R06: already reported with the same content.

    [Test]
    public void R06_what_stands_reported_again([Values("FFG O1", "FO O1", "OM O1", "AVB O1", "RES M1", "RES -")] string record) => Window.Gives($"""
        standing {record}    => standing
        N {record}           => duplicate R06
        """);

    [Test]
    public void R06_reported_twice_in_the_window() => Window.Gives("""
        N FFG O1    => delivered N
        N FFG O1    => duplicate R06
        N FFG O1    => duplicate R06
        """);

    [Test]
    public void R06_the_händelse_id_is_no_content() => Window.Gives("""
        standing FFG O1 id=a
        N FFG O1 id=b    => duplicate R06
        N FFG O1         => duplicate R06
        """);

    [Test]
    public void R06_what_waits_counts_as_reported() => Window.Gives("""
        N FO O1    => refused R09
        N FO O1    => duplicate R06
        """);

    // --- R07: already reported with other content.

    [TestCase("FFG O1", "hp=15")]
    [TestCase("FFG O1", "pace=50")]
    [TestCase("FFG O1", "from=2026-09-01")]
    [TestCase("FFG O1", "to=2027-01-16")]
    [TestCase("FFG O1", "reg=2026-08-25")]
    [TestCase("FO O1", "hp=15")]
    [TestCase("FO O1", "to=2027-01-16")]
    [TestCase("AVB O1", "type=E")]
    [TestCase("AVB O1", "date=2026-10-06")]
    [TestCase("RES M1", "hp=7")]
    [TestCase("RES M1", "grade=VG")]
    [TestCase("RES M1", "on=O1")]
    [TestCase("RES M1", "transfer=J")]
    public void R07_the_same_thing_with_one_field_that_differs(string record, string differs) => Window.Gives($"""
        standing {record}       => standing
        N {record} {differs}    => rejected R07
        """);

    [Test]
    public void R07_differs_from_what_came_earlier_in_the_window() => Window.Gives("""
        N FFG O1          => delivered N
        N FFG O1 hp=15    => rejected R07
        """);

    [Test]
    public void R07_what_waits_counts_as_reported() => Window.Gives("""
        N FO O1          => refused R09
        N FO O1 hp=15    => rejected R07
        """);

    [Test]
    public void R07_a_rejected_record_never_counts_as_an_earlier_one() => Window.Gives("""
        N FFG O1          => delivered N
        N FFG O1 hp=15    => rejected R07
        N FFG O1 hp=15    => rejected R07
        N FFG O1          => duplicate R06
        """);

    [Test]
    public void R07_excludes_rules_that_read_other_records() => Window.Gives("""
        standing FFG O1
        N FFG O1 hp=45    => rejected R07
        """, Window.Courses("KTF KEMA01 O1 30 2026-08-31..2027-01-17"));

    [Test]
    public void R06_excludes_rules_that_read_other_records() => Window.Gives("""
        standing FFG O1
        N FFG O1    => duplicate R06
        """, Window.Courses());

    [Test]
    public void Another_key_is_another_thing() => Window.Gives("""
        standing FFG O1
        standing FO O1
        standing AVB O1
        standing RES M1
        N FFG O1 course=FYSA01     => delivered N
        N FO O1 from=2026-11-02    => delivered N
        N OM O1                    => delivered N
        N RES M1 date=2026-11-03   => delivered N
        N RES M2                   => delivered N
        N RES -                    => delivered N
        """);

    // --- R40: removal of something never reported.

    [Test]
    public void R40_a_removal_of_nothing([Values("FFG O1", "FO O1", "OM O1", "AVB O1", "RES M1", "RES -")] string record) =>
        Window.Gives($"B {record} => rejected R40");

    [Test]
    public void R40_a_removal_before_its_own_N_and_the_later_N_stands() => Window.Gives("""
        B FFG O1    => rejected R40
        N FFG O1    => delivered N
        """);

    [Test]
    public void R40_a_removal_of_nothing_sent_twice_never_counted() => Window.Gives("""
        B FFG O1    => rejected R40
        B FFG O1    => rejected R40
        """);

    [Test]
    public void R40_a_removal_under_another_key() => Window.Gives("""
        standing FFG O1
        standing RES M1
        B FFG O2                    => rejected R40
        B FO O1                     => rejected R40
        B RES M1 date=2026-11-03    => rejected R40
        B RES -                     => rejected R40
        """);

    [Test]
    public void R40_a_removal_of_what_was_rejected() => Window.Gives("""
        B RES M1          => rejected R40
        N FFG O1 id=a     => delivered N
        N RES M1 id=a     => rejected R07
        B RES M1          => rejected R40
        """);

    // --- A removal that already counted: R06.

    [Test]
    public void R06_the_removal_of_what_was_added_in_the_window_sent_twice() => Window.Gives("""
        N FFG O1    => netted K42
        B FFG O1    => netted K42
        B FFG O1    => duplicate R06
        """);

    [Test]
    public void R06_a_removal_repeated_in_a_later_window() => Window.Gives("""
        past N RES M1
        past B RES M1
        B RES M1      => duplicate R06
        """);

    [Test]
    public void R06_a_removal_of_a_netted_pair_repeated_in_a_later_window() => Window.Gives("""
        w1 N FFG O1    => past
        w1 B FFG O1    => past
        w2 B FFG O1    => duplicate R06
        """);

    [Test]
    public void A_removal_of_what_was_reported_anew_after_a_removal_counts() => Window.Gives("""
        past N RES M1
        past B RES M1
        standing RES M1 grade=VG    => past
        B RES M1                    => delivered B
        """);

    // --- R41: the removal states other values than what it removes.

    [Test]
    public void R41_a_removal_counts_though_it_states_other_values() => Window.Gives("""
        standing FFG O1
        standing RES M1               => past
        standing AVB O1               => past
        B RES M1 hp=7                 => delivered B R41
        B AVB O1 date=2026-10-06      => delivered B R41
        standing RES M2               => past
        B RES M2 transfer=J           => delivered B R41
        """);

    [Test]
    public void R41_stands_beside_what_the_close_makes_of_the_removal() => Window.Gives("""
        standing FFG O1               => standing
        standing FFG O1 course=FYSA01 to=2026-06-07 from=2026-01-19 => past
        N FO O1                       => netted K42
        B FFG O1 hp=15                => refused R41 K41
        B FFG O1 course=FYSA01 hp=15  => netted R41 K44
        B FO O1 hp=15                 => netted R41 K42
        """);

    [Test]
    public void R41_is_not_raised_by_blank_fields_or_by_the_same_values() => Window.Gives("""
        standing FFG O1
        standing RES M1                     => past
        standing RES M2                     => past
        standing AVB O1                     => past
        B RES M1                            => delivered B
        B RES M2 hp=7,5 grade=G             => delivered B
        standing RES M3 transfer=J          => past
        B RES M3                            => delivered B
        B AVB O1 type=A date=2026-10-05     => delivered B
        """);

    [Test]
    public void A_removal_is_judged_by_no_rule_about_other_records() => Window.Gives("""
        standing AVB O1 date=2020-01-01    => past
        standing RES M1 hp=99              => past
        B AVB O1                           => delivered B
        B RES M1                           => delivered B
        """, Window.Courses());
}
