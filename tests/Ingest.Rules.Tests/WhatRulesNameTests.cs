using Ingest.Formats;

namespace Ingest.Rules.Tests;

/// <summary>What the finding of a single rule points at and says: the value, what it was measured against, and the words for it.</summary>
public sealed class WhatRulesNameTests
{
    private static readonly CourseCatalogue Courses = Window.Courses("KTF KEMA01 O1 15 2026-08-31..2027-01-17", "MOD KEMA01 M1 7,5");

    [TestCase("from=2026-08-30", "start")]
    [TestCase("to=2027-01-18", "slut")]
    public void R02_points_at_the_end_that_lies_outside(string period, string field)
    {
        var lines = Window.Judge($"N FFG O1 hp=15 {period}", Courses);
        Assert.That(Window.Only(lines[0], FindingCode.R02).Field, Is.EqualTo(field));
    }

    [TestCase("RES M1 hp=8", "8", "7,5", "modulen")]
    [TestCase("RES - hp=15,5", "15,5", "15", "kursen")]
    public void R31_says_how_much_and_of_what(string record, string stated, string most, string what)
    {
        var lines = Window.Judge($"""
            standing FFG O1
            N {record}
            """, Courses);
        var finding = Window.Only(lines[1], FindingCode.R31);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(finding.Field, Is.EqualTo("hp"));
            Assert.That(finding.Args[..2], Is.EqualTo([stated, most]));
            Assert.That(finding.Args[2], Is.EqualTo(what == "modulen" ? "modulen¦the module" : "kursen¦the course"));
        }
    }

    [Test]
    public void R03_shows_the_value_of_its_field_and_a_finding_about_the_whole_record_shows_none()
    {
        var lines = Window.Judge("""
            N FFG O1 hp=16
            N RES M1
            B RES M1
            """, Courses);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(Window.Only(lines[0], FindingCode.R03).Value, Is.EqualTo("16"));
            Assert.That(Window.Only(lines[2], FindingCode.K42).Value, Is.Null);
        }
    }

    [Test]
    public void R05_names_the_pace_of_the_offering_in_both_languages()
    {
        var lines = Window.Judge("N FFG O1 hp=7,5 pace=50", Courses);
        Assert.That(Window.Only(lines[0], FindingCode.R05).Args, Is.EqualTo(["50", "kurstillfället har takten 100 %¦the offering has the pace 100 %"]));
    }

    [Test]
    public void R10_says_how_many_days_before_the_period() =>
        Assert.That(Alone("N FFG O1 from=2026-10-25 to=2027-03-13 reg=2026-09-01", FindingCode.R10).Args, Is.EqualTo(["2026-09-01", "2026-10-25", "54", "30"]));

    [Test]
    public void R25_says_how_many_days_after_the_avbrott() =>
        Assert.That(Alone("N AVB O1 date=2026-11-01", FindingCode.R25).Args, Is.EqualTo(["2026-11-01", "24", "14"]));

    [Test]
    public void R15_counts_what_is_passed_off_from_the_courses_hp_and_not_from_the_records()
    {
        var lines = Window.Judge("""
            standing FFG O1 hp=15
            standing RES M1
            N OM O1 hp=10
            """, Courses);
        Assert.That(Window.Only(lines[2], FindingCode.R15).Args, Is.EqualTo(["7,5", "15", "7,5"]));
    }

    [Test]
    public void R15_takes_the_best_of_several_results_on_the_whole_course()
    {
        var lines = Window.Judge("""
            standing FFG O1
            standing RES - hp=7,5 date=2026-10-01
            standing RES - hp=12 date=2026-11-02
            N OM O1
            """);
        Assert.That(Window.Only(lines[3], FindingCode.R15).Args, Is.EqualTo(["12", "30", "18"]));
    }

    [Test]
    public void R20_names_the_offerings_on_which_the_student_is_registered_by_code()
    {
        var lines = Window.Judge("""
            standing FFG O2
            standing FO O1
            N AVB O9
            N AVB O9 course=FYSA01
            """);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(Window.Only(lines[2], FindingCode.R20).Args,
                Is.EqualTo(["KEMA01", "O9", "Studenten är registrerad på kurstillfälle O1, O2.¦The student is registered on offering O1, O2."]));
            Assert.That(Window.Only(lines[3], FindingCode.R20).Args, Is.EqualTo(["FYSA01", "O9", ""]));
        }
    }

    [Test]
    public void R35_names_the_first_of_several_avbrott_on_the_course()
    {
        var lines = Window.Judge("""
            standing FFG O1
            standing AVB O1 date=2026-10-05
            standing AVB O2 date=2026-11-10
            N RES M1 date=2026-11-02
            """);
        Assert.That(Window.Only(lines[3], FindingCode.R35).Args, Is.EqualTo(["2026-11-02", "2026-10-05"]));
    }

    [Test]
    public void R37_names_the_grade_and_the_hp_that_it_should_give()
    {
        var lines = Window.Judge("""
            standing FFG O1
            N RES M1 hp=0 grade=VG
            """, Courses);
        Assert.That(Window.Only(lines[1], FindingCode.R37).Args, Is.EqualTo(["betyg VG¦grade VG", "7,5"]));
    }

    // A credit transfer may lack a grade and then counts as passed: there is no grade to name.
    [Test]
    public void R37_of_a_credit_transfer_without_a_grade_says_that_it_is_one_in_both_languages()
    {
        var lines = Window.Judge("""
            standing FFG O1
            N RES M1 hp=0 grade=? transfer=J
            """, Courses);
        var finding = Window.Only(lines[1], FindingCode.R37);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(FindingCatalogue.Message(finding, Language.Sv), Does.StartWith("Resultatet är godkänt (tillgodoräknande utan betyg), men posten anger 0 hp."));
            Assert.That(FindingCatalogue.Message(finding, Language.En), Does.StartWith("The result is a pass (credit transfer without a grade), but the record states 0 hp."));
        }
    }

    private static Finding Alone(string record, FindingCode code) =>
        RuleSet.JudgeAlone(Window.Record(record), 1, new RecordContext(Window.First, RuleTerms.Default))!.Single(f => f.Code == code);
}
