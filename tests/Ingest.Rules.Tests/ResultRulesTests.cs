namespace Ingest.Rules.Tests;

/// <summary>
/// R30, R31, R32, R33. The catalogue knows KEMA01 with the offerings O1 of 15 and O2 of 30 hp, and the modules M1, M2 and M3 of 7,5.
/// </summary>
public sealed class ResultRulesTests
{
    private static readonly CourseCatalogue Courses = Window.Courses(
        "KTF KEMA01 O1 15 2026-08-31..2027-01-17", "KTF KEMA01 O2 30 2026-08-31..2027-01-17",
        "MOD KEMA01 M1 7,5", "MOD KEMA01 M2 7,5", "MOD KEMA01 M3 7,5");

    /// <summary>A course of 15 hp with two modules that would each fill it.</summary>
    private static readonly CourseCatalogue Fifteen = Window.Courses("KTF KEMA01 O1 15 2026-08-31..2027-01-17", "MOD KEMA01 M8 15", "MOD KEMA01 M9 15");

    // --- R30: result without a registration.

    [Test]
    public void R30_a_result_without_any_registration() => Window.Gives("N RES M1 => refused R30");

    [Test]
    public void R30_a_registration_on_another_course_does_not_do() => Window.Gives("""
        standing FFG O1 course=FYSA01
        N RES M1    => refused R30
        """);

    [Test]
    public void R30_is_met_by_any_registration_on_the_course() => Window.Gives("""
        standing FFG O1
        N RES M1 on=O2    => delivered N
        N RES -           => delivered N
        """);

    [Test]
    public void R30_is_met_by_a_registration_of_the_same_window() => Window.GivesInAnyOrder("""
        N RES M1    => delivered N
        N FFG O1    => delivered N
        """);

    [Test]
    public void R30_a_registration_that_is_refused_does_not_do() => Window.GivesInAnyOrder("""
        N RES M1    => refused R30
        N FO O1     => refused R09
        """);

    [Test]
    public void R30_is_not_for_a_credit_transfer() => Window.Gives("N RES M1 transfer=J grade=? => delivered N");

    // --- R31: hp above the module's or the course's.

    [Test]
    public void R31_a_hundredth_above_the_module() => Window.Gives("""
        standing FFG O1
        N RES M1 hp=7,51    => refused R31
        """, Courses);

    [Test]
    public void R31_is_met_by_exactly_the_modules_hp() => Window.Gives("""
        standing FFG O1
        N RES M1 hp=7,5    => delivered N
        """, Courses);

    [Test]
    public void R31_a_hundredth_above_the_named_offering() => Window.Gives("""
        standing FFG O1
        N RES - on=O1 hp=15,01    => refused R31 R39
        """, Courses);

    [Test]
    public void R31_is_met_by_exactly_the_named_offerings_hp() => Window.Gives("""
        standing FFG O1
        N RES - on=O1 hp=15    => delivered N
        """, Courses);

    [Test]
    public void R31_without_an_offering_the_largest_of_the_course_counts() => Window.Gives("""
        standing FFG O1
        N RES - hp=30                       => delivered N
        N RES - hp=30,01 date=2026-11-03    => refused R31 R39
        """, Courses);

    [Test]
    public void R31_a_module_that_is_unknown_is_held_against_the_course() => Window.Gives("""
        standing FFG O1
        N RES M7 on=O1 hp=15       => refused R38
        N RES M7 on=O1 hp=15,01 date=2026-11-03    => refused R31 R32 R38
        """, Fifteen);

    [Test]
    public void R31_holds_for_a_credit_transfer_too() => Window.Gives("N RES M1 transfer=J hp=8 => refused R31", Courses);

    [Test]
    public void R31_is_skipped_where_the_course_is_unknown() => Window.Gives("""
        standing FFG O1 course=FYSA01
        N RES - hp=99 course=FYSA01    => delivered N
        """, Courses);

    // --- R32: modules together above the course's hp.

    [Test]
    public void R32_the_third_module_is_too_much() => Window.GivesInAnyOrder("""
        standing FFG O1
        N RES M1 on=O1 date=2026-11-04    => refused R32
        N RES M2 on=O1 date=2026-11-02    => delivered N
        N RES M3 on=O1 date=2026-11-03    => delivered N
        """, Courses);

    [Test]
    public void R32_of_one_examination_date_the_lower_key_stands() => Window.GivesInAnyOrder("""
        standing FFG O1
        N RES M3 on=O1    => refused R32
        N RES M1 on=O1    => delivered N
        N RES M2 on=O1    => delivered N
        """, Courses);

    [Test]
    public void R32_what_stands_counts_whatever_its_date() => Window.Gives("""
        standing FFG O1
        standing RES M1 date=2026-11-20
        standing RES M2 date=2026-11-20
        N RES M3 on=O1 date=2026-09-01    => refused R32
        """, Courses);

    [Test]
    public void R32_is_met_by_exactly_the_courses_hp() => Window.Gives("""
        standing FFG O1
        standing RES M1
        N RES M2 on=O1    => delivered N
        """, Courses);

    [Test]
    public void R32_takes_each_module_once() => Window.Gives("""
        standing FFG O1
        standing RES M1
        standing RES M2
        N RES M1 on=O1 grade=VG date=2026-11-09    => delivered N
        """, Courses);

    [Test]
    public void R32_takes_a_modules_best_pass_and_not_its_last() => Window.Gives("""
        standing FFG O1
        standing RES M8 hp=9 date=2026-11-02
        N RES M8 on=O1 hp=3 date=2026-11-03      => delivered N
        N RES M9 on=O1 hp=6 date=2026-11-04      => delivered N
        N RES M9 on=O1 hp=6,5 date=2026-11-05    => refused R32
        """, Fifteen);

    [Test]
    public void R32_a_better_pass_counts_only_for_what_it_adds() => Window.Gives("""
        standing FFG O1
        standing RES M8 hp=3 date=2026-11-02
        standing RES M9 hp=7,5 date=2026-11-02
        N RES M8 on=O1 hp=7,5 date=2026-11-03    => delivered N
        """, Fifteen);

    [Test]
    public void R32_does_not_count_what_was_not_passed() => Window.Gives("""
        standing FFG O1
        standing RES M1
        standing RES M2
        N RES M3 on=O1 hp=0 grade=U    => delivered N
        """, Courses);

    [Test]
    public void R32_does_not_count_a_result_on_the_whole_course() => Window.GivesInAnyOrder("""
        standing FFG O1
        N RES - on=O1 hp=15    => delivered N
        N RES M1 on=O1         => delivered N
        N RES M2 on=O1         => delivered N
        """, Courses);

    [Test]
    public void R32_counts_a_credit_transfer_without_grade_as_passed() => Window.Gives("""
        standing FFG O1
        standing RES M1 transfer=J grade=?
        standing RES M2
        N RES M3 on=O1    => refused R32
        """, Courses);

    [Test]
    public void R32_does_not_count_another_course() => Window.Gives("""
        standing FFG O1
        standing RES M1
        standing RES M2 course=FYSA01
        N RES M3 on=O1    => delivered N
        """, Courses);

    [Test]
    public void R32_does_not_count_a_result_that_is_itself_refused() => Window.GivesInAnyOrder("""
        standing FFG O1
        N RES M1 on=O1 hp=9 date=2026-11-02    => refused R31
        N RES M2 on=O1 date=2026-11-03         => delivered N
        N RES M3 on=O1 date=2026-11-04         => delivered N
        """, Courses);

    [Test]
    public void R32_without_an_offering_the_largest_of_the_course_counts() => Window.Gives("""
        standing FFG O1
        standing RES M1
        standing RES M2
        N RES M3    => delivered N
        """, Courses);

    [Test]
    public void Without_a_catalogue_the_hp_are_not_judged() => Window.Gives("""
        standing FFG O1
        N RES M1 hp=99    => delivered N
        N RES M2 hp=99    => delivered N
        N RES - hp=999    => delivered N
        """, courses: null);

    // --- R33: examination date before the earliest period of any standing registration on the course.

    [Test]
    public void R33_examined_the_day_before_the_period() => Window.Gives("""
        standing FFG O1 from=2026-08-31
        N RES M1 date=2026-08-30    => refused R33
        """);

    [Test]
    public void R33_is_met_on_the_first_day() => Window.Gives("""
        standing FFG O1 from=2026-08-31
        N RES M1 date=2026-08-31    => delivered N
        """);

    [Test]
    public void R33_reads_the_earliest_of_all_periods_on_the_course() => Window.Gives("""
        standing FO O2 from=2026-11-02
        standing FFG O1 from=2026-08-31
        N RES M1 on=O2 date=2026-09-30    => delivered N
        N RES M2 on=O2 date=2026-08-30    => refused R33
        """);

    [Test]
    public void R33_reads_a_registration_of_the_same_window() => Window.GivesInAnyOrder("""
        N RES M1 date=2026-09-30                  => delivered N
        N OM O2 from=2026-11-02                   => delivered N
        N FFG O1 from=2026-08-31                  => delivered N
        """);

    [Test]
    public void R33_is_not_for_a_credit_transfer() => Window.Gives("""
        standing FFG O1 from=2026-08-31
        N RES M1 date=2020-01-15 transfer=J    => delivered N
        """);

    [Test]
    public void R33_a_period_on_another_course_does_not_do() => Window.Gives("""
        standing FFG O1 from=2026-08-31
        standing FFG O1 from=2020-01-20 course=FYSA01
        N RES M1 date=2026-08-30    => refused R33
        """);
}
