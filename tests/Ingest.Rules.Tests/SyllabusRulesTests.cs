using Ingest.Formats;

namespace Ingest.Rules.Tests;

/// <summary>R37, R38, R39: results against what the syllabus gives. KEMA01 has O1 of 15 and O2 of 30 hp and the modules M1 and M2 of 7,5.</summary>
public sealed class SyllabusRulesTests
{
    private static readonly CourseCatalogue Courses = Window.Courses(
        "KTF KEMA01 O1 15 2026-08-31..2027-01-17", "KTF KEMA01 O2 30 2026-08-31..2027-01-17", "MOD KEMA01 M1 7,5", "MOD KEMA01 M2 7,5");

    // --- R37: a pass with 0 hp on something that has hp.

    [Test]
    public void R37_a_pass_with_no_hp_on_a_module() => Holds("N RES M1 hp=0 grade=G => refused R37");

    [Test]
    public void R37_a_pass_with_no_hp_on_the_whole_course_is_not_the_courses_hp_either() => Holds("N RES - on=O1 hp=0 => refused R37 R39");

    [Test]
    public void R37_is_met_by_the_least_hp() => Holds("N RES M1 hp=0,01 => delivered N");

    [Test]
    public void R37_is_met_by_a_fail() => Holds("N RES M1 hp=0 grade=U => delivered N");

    [Test]
    public void R37_of_an_unknown_module_nothing_is_known() => Holds("N RES M9 hp=0 => refused R38");

    [Test]
    public void R37_of_an_unknown_course_nothing_is_known() => Window.Tells("""
        standing FFG O1 course=FYSA01
        N RES - hp=0 course=FYSA01    => delivered N
        """, Courses);

    // --- R38: module not in the syllabus.

    [Test]
    public void R38_a_module_that_was_never_reported() => Holds("N RES M9 => refused R38");

    [Test]
    public void R38_a_module_of_another_course() => Window.Tells("""
        standing FFG O1 course=FYSA01
        N RES M1 course=FYSA01    => refused R38
        """, Courses);

    [Test]
    public void R38_holds_for_a_fail_too() => Holds("N RES M9 hp=0 grade=U => refused R38");

    [Test]
    public void R38_holds_for_a_credit_transfer_too() => Window.Tells("N RES M9 transfer=J => refused R38", Courses);

    [Test]
    public void R38_is_met_by_a_known_module() => Holds("N RES M1 => delivered N");

    [Test]
    public void R38_does_not_judge_the_whole_course() => Holds("N RES - on=O1 hp=15 => delivered N");

    [Test]
    public void R38_a_module_that_was_ended() => Window.Tells("""
        standing FFG O1
        N RES M1    => refused R38
        """, Window.Courses("KTF KEMA01 O1 15 2026-08-31..2027-01-17", "MOD KEMA01 M1 7,5", "B MOD KEMA01 M1"));

    // --- R39: whole-course result whose hp are not the course's.

    [Test]
    public void R39_a_hundredth_below_the_named_offering() => Holds("N RES - on=O1 hp=14,99 => refused R39");

    [Test]
    public void R39_without_an_offering_the_largest_of_the_course_counts() => Holds("N RES - hp=15 => refused R39");

    [Test]
    public void R39_is_met_by_the_largest_of_the_course() => Holds("N RES - hp=30 => delivered N");

    [Test]
    public void R39_is_for_passes_only() => Holds("N RES - on=O1 hp=0 grade=U => delivered N");

    [Test]
    public void R39_does_not_judge_a_module() => Holds("N RES M1 hp=5 => delivered N");

    [Test]
    public void A_school_whose_courses_are_unknown_is_judged_by_none_of_them() => Window.Tells("""
        standing FFG O1
        N RES M9 hp=0             => delivered N
        N RES - on=O1 hp=1        => delivered N
        """, courses: null);

    // --- What was probably meant.

    [Test]
    public void A_code_that_is_close_to_one_course_is_asked_about() =>
        Assert.That(Message("N RES M1 course=KEMA10 transfer=J"), Does.EndWith("Är det kursen KEMA01 som menas?"));

    [Test]
    public void The_modules_of_the_course_are_named() => Assert.That(Message("N RES M9 transfer=J"), Does.EndWith("Kursens moduler är M1, M2."));

    [Test]
    public void The_offerings_of_the_course_are_named() => Assert.That(Message("N FFG O9"), Does.EndWith("Kursens kurstillfällen är O1, O2."));

    [Test]
    public void An_offering_of_a_course_that_is_misspelt_is_asked_about() => Assert.That(Message("N FFG O1 course=KEMA11"), Does.EndWith("Är det kursen KEMA01 som menas?"));

    [Test]
    public void Nothing_is_guessed_at_where_nothing_is_close() => Assert.That(Message("N FFG O1 course=FYSB99"), Does.EndWith("”studietider och utbildningar”."));

    [Test]
    public void An_avbrott_on_another_offering_names_the_one_that_the_student_has()
    {
        var lines = Window.Judge("""
            standing FFG O1
            N AVB O2
            """, Courses);

        Assert.That(FindingCatalogue.Message(lines[^1].Verdict!.Findings.Single(), Language.Sv), Does.EndWith("Studenten är registrerad på kurstillfälle O1."));
    }

    private static string Message(string record) =>
        FindingCatalogue.Message(Window.Judge(record, Courses).Single().Verdict!.Findings[0], Language.Sv);

    private static void Holds(string line) => Window.Tells("standing FFG O1\n" + line, Courses);
}
