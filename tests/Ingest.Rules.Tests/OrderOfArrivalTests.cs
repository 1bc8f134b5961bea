namespace Ingest.Rules.Tests;

/// <summary>
/// Within a window the delivery depends on the set of records, not on the order in which files came; only events of one key keep
/// their own order. Each set is judged in every order that does. And everything sent twice changes nothing.
/// </summary>
public sealed class OrderOfArrivalTests
{
    private static readonly CourseCatalogue Courses = Window.Courses(
        "KTF KEMA01 O1 15 2026-08-31..2027-01-17", "KTF KEMA01 O2 15 2026-08-31..2027-01-17",
        "MOD KEMA01 M1 10", "MOD KEMA01 M2 10", "MOD KEMA01 M3 10", "MOD KEMA01 M4 10", "MOD KEMA01 M5 10");

    [Test]
    public void A_term_from_nothing() => Window.GivesInAnyOrder("""
        N RES M1                                       => delivered N
        N AVB O2 date=2027-02-01                       => delivered N
        N FO O2 from=2027-01-18 to=2027-06-06          => delivered N
        N OM O3 from=2026-11-02                        => delivered N
        N FFG O1                                       => delivered N
        """);

    [Test]
    public void Two_first_registrations_and_what_builds_on_them() => Window.GivesInAnyOrder("""
        N FFG O2 reg=2026-08-25    => refused R08
        N FFG O1 reg=2026-08-24    => delivered N
        N AVB O2                   => refused R20
        N AVB O1                   => delivered N
        N RES M1                   => delivered N
        """);

    [Test]
    public void A_replacement_that_is_netted() => Window.GivesInAnyOrder("""
        standing FFG O1                   => past
        B FFG O1                          => netted K43
        N FFG O2                          => delivered N
        N FFG O3 reg=2026-08-30           => refused R08
        N AVB O2                          => delivered N
        N AVB O1                          => refused R20
        N RES M1                          => delivered N
        """);

    [Test]
    public void A_replacement_that_is_refused() => Window.GivesInAnyOrder("""
        standing FFG O1           => standing
        B FFG O1                  => refused K41
        N FFG O2 hp=15            => refused K41
        N AVB O1                  => delivered N
        N AVB O2                  => refused R20
        N FO O3 from=2026-11-02   => delivered N
        """);

    [Test]
    public void Modules_above_the_courses_hp() => Window.GivesInAnyOrder("""
        standing FFG O1
        N RES M4 hp=5 date=2026-11-02    => delivered N
        N RES M3 hp=5 date=2026-11-03    => refused R32
        N RES M2 hp=5 date=2026-11-03    => delivered N
        N RES M1 hp=5 date=2026-11-02    => delivered N
        N RES M5 hp=0 date=2026-11-04 grade=U    => delivered N
        """, Courses);

    [Test]
    public void A_netted_pair_and_two_that_were_to_take_its_place() => Window.GivesInAnyOrder("""
        N FFG O1                   => netted K42
        B FFG O1                   => netted K42 K45
        N FFG O1 hp=20             => refused R03
        N FFG O9                   => refused R01
        N RES M1                   => refused R30
        """, Courses);

    [Test]
    public void A_change_beside_new_results() => Window.GivesInAnyOrder("""
        standing FFG O1                => standing
        standing RES M1                => past
        B RES M1                       => delivered -
        N RES M1 hp=5                  => delivered Ä
        N RES M2 hp=10                 => delivered N
        N RES M3 hp=1 date=2026-11-03  => refused R32
        B AVB O1                       => rejected R40
        N AVB O1                       => delivered N
        """, Courses);

    [Test]
    public void Repeats_and_contradictions_of_one_key_among_others() => Window.GivesInAnyOrder("""
        N FFG O1          => delivered N
        N FFG O1          => duplicate R06
        N FFG O1 hp=15    => rejected R07
        N AVB O1          => netted K42
        B AVB O1          => netted K42
        B AVB O1          => duplicate R06
        """);

    // --- Everything sent twice.

    [Test]
    public void New_records_sent_twice_are_repeats() => Window.Gives("""
        N FFG O1    => delivered N
        N AVB O1    => delivered N
        N RES M1    => delivered N
        N FFG O2    => refused R08
        N FFG O1    => duplicate R06
        N AVB O1    => duplicate R06
        N RES M1    => duplicate R06
        N FFG O2    => duplicate R06
        """);

    [Test]
    public void A_netted_replacement_sent_twice_is_a_repeat() => Window.Gives("""
        standing FFG O1    => past
        B FFG O1           => netted K43
        N FFG O2           => delivered N
        B FFG O1           => duplicate R06
        N FFG O2           => duplicate R06
        """);

    [Test]
    public void A_refused_replacement_sent_twice_is_a_repeat() => Window.Gives("""
        standing FFG O1    => standing
        B FFG O1           => refused K41
        N FFG O2 hp=15     => refused K41
        B FFG O1           => duplicate R06
        N FFG O2 hp=15     => duplicate R06
        """);

    [Test]
    public void A_change_sent_twice_under_its_ids_is_a_repeat() => Window.Gives("""
        standing FFG O1
        standing RES M1 id=a           => past
        B RES M1 id=b                  => delivered -
        N RES M1 id=c grade=VG         => delivered Ä
        B RES M1 id=b                  => duplicate R06
        N RES M1 id=c grade=VG         => duplicate R06
        """);

    [TestCase("N FFG O1 | B FFG O1")]
    [TestCase("N FFG O1 | B FFG O1 | N FFG O1 hp=10")]
    [TestCase("standing FFG O1 | standing RES M1 | B RES M1 | N RES M1 grade=VG")]
    [TestCase("standing FFG O1 | standing RES M1 | B RES M1")]
    [TestCase("standing FFG O1 | standing AVB O1 | B AVB O1 | N AVB O1 date=2026-10-12")]
    [TestCase("standing FFG O1 | B FFG O1 | N FFG O1 reg=2026-09-01")]
    [TestCase("standing FFG O1 | B FFG O1 | N FFG O2 | N RES M1 | N AVB O2")]
    public void Without_ids_too_the_same_rows_are_delivered_when_all_is_sent_twice(string events)
    {
        var lines = events.Split(" | ");
        var window = lines.Where(l => !l.StartsWith("standing", StringComparison.Ordinal));
        Assert.That(Window.Delivers(string.Join('\n', [.. lines, .. window])), Is.EqualTo(Window.Delivers(string.Join('\n', lines))));
    }
}
