using Ingest.Formats;

namespace Ingest.Rules.Tests;

/// <summary>What a finding points at and fills its message with: the field by its published name, the other record by file and line.</summary>
public sealed class WhatFindingsNameTests
{
    private static readonly CourseCatalogue Courses = Window.Courses("KTF KEMA01 O1 15 2026-08-31..2027-01-17", "MOD KEMA01 M1 7,5");

    // The fields of REG, AVB and RES by the names of details.md 1, each made to differ.
    private static readonly string[][] Differing =
    [
        ["FFG O1", "hp=15", "omfattning"],
        ["FFG O1", "pace=50", "studietakt"],
        ["FFG O1", "from=2026-09-01", "start"],
        ["FFG O1", "to=2027-01-16", "slut"],
        ["FFG O1", "reg=2026-08-25", "registreringsdatum"],
        ["AVB O1", "type=E", "typ"],
        ["AVB O1", "date=2026-10-06", "avbrottsdatum"],
        ["RES M1", "on=O1", "kurstillfälleskod"],
        ["RES M1", "hp=7", "hp"],
        ["RES M1", "grade=VG", "betyg"],
        ["RES M1", "transfer=J", "tillgodoräknande"],
    ];

    [TestCaseSource(nameof(Differing))]
    public void R41_names_the_field_that_the_removal_states_otherwise_and_no_other(string record, string differs, string field)
    {
        var lines = Window.Judge($"""
            standing {record}
            B {record} {differs}
            """);
        Assert.That(Window.Only(lines[1], FindingCode.R41).Args, Is.EqualTo([field]));
    }

    [TestCaseSource(nameof(Differing))]
    public void R07_names_the_field_that_differs_in_both_languages(string record, string differs, string field)
    {
        var lines = Window.Judge($"""
            standing {record}
            N {record} {differs}
            """);
        var finding = Window.Only(lines[1], FindingCode.R07);
        var halves = finding.Args[0].Split(Phrase.Divider);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(halves, Has.Length.EqualTo(2));
            Assert.That(halves, Is.All.StartsWith(field + " "));
            Assert.That(finding.Field, Is.EqualTo(field), "it points at what differs");
            Assert.That(finding.Args[1..], Is.EqualTo(["20261001-000001", "1"]), "the record that it contradicts, by file and line");
        }
    }

    [Test]
    public void Several_fields_that_differ_are_named_one_by_one()
    {
        var lines = Window.Judge("""
            standing RES M1
            N RES M1 hp=7 grade=VG
            B RES M1 hp=7 grade=VG
            """);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(Window.Only(lines[1], FindingCode.R07).Args[0], Is.EqualTo("hp, betyg skiljer sig¦hp, betyg differs"));
            Assert.That(Window.Only(lines[2], FindingCode.R41).Args, Is.EqualTo(["hp, betyg"]));
        }
    }

    [Test]
    public void R07_names_a_field_that_is_blank_in_the_later_record_too()
    {
        var lines = Window.Judge("""
            standing RES M1 on=O1
            N RES M1
            """);
        Assert.That(Window.Only(lines[1], FindingCode.R07).Args[0], Does.Contain("kurstillfälleskod"));
    }

    [Test]
    public void R07_of_an_id_that_is_taken_points_at_the_id_and_at_who_has_it()
    {
        var lines = Window.Judge("""
            standing FFG O1 id=a
            N RES M1 id=a
            """);
        var finding = Window.Only(lines[1], FindingCode.R07);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(finding.Field, Is.EqualTo("händelse-id"));
            Assert.That(finding.Args[0].Split(Phrase.Divider), Has.Length.EqualTo(2).And.All.Contains("händelse-id"));
            Assert.That(finding.Args[1..], Is.EqualTo(["20261001-000001", "1"]));
        }
    }

    [Test]
    public void An_id_that_another_student_has_is_the_same_finding()
    {
        var finding = StudentJudgement.IdTakenByAnother(
            new StudentEvent(
                new Result { Student = Personnummer.FromStorage(199601012397), CourseCode = "TMA101", ExaminationDate = Window.First, EventId = "a" },
                FileId.Of(Window.First, 4), 7, Window.First, EventState.Pending),
            FileId.Of(Window.First, 3), 12);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(finding.Code, Is.EqualTo(FindingCode.R07));
            Assert.That(finding.Line, Is.EqualTo(7));
            Assert.That(finding.Field, Is.EqualTo("händelse-id"));
            Assert.That(finding.Args[1..], Is.EqualTo(["20261125-000003", "12"]));
        }
    }

    [Test]
    public void R06_names_what_it_repeats()
    {
        var lines = Window.Judge("""
            N FFG O1
            N RES M1
            N FFG O1
            """);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(Window.Only(lines[2], FindingCode.R06).Args, Is.EqualTo(["20261125-000001", "1"]));
            Assert.That(lines[2].Verdict!.Counterpart, Is.SameAs(lines[0].Event));
        }
    }

    [Test]
    public void K42_names_the_other_half_and_K43_the_replacement()
    {
        var lines = Window.Judge("""
            standing FFG O1
            N RES M1
            B RES M1
            B FFG O1
            N FFG O2
            """);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(Window.Only(lines[1], FindingCode.K42).Args, Is.EqualTo(["20261125-000001", "3"]));
            Assert.That(Window.Only(lines[2], FindingCode.K42).Args, Is.EqualTo(["20261125-000001", "2"]));
            Assert.That(Window.Only(lines[3], FindingCode.K43).Args, Is.EqualTo(["20261125-000001", "5"]));
        }
    }

    [Test]
    public void K44_names_the_day_on_which_the_period_ended()
    {
        var lines = Window.Judge("""
            standing FFG O1 to=2026-11-24
            B FFG O1
            """);
        Assert.That(Window.Only(lines[1], FindingCode.K44).Args, Is.EqualTo(["2026-11-24"]));
    }

    [Test]
    public void K45_names_every_code_that_refused_the_replacement()
    {
        var lines = Window.Judge("""
            N FFG O1 hp=15
            B FFG O1
            N FFG O1 from=2026-08-30 hp=16
            """, Courses);
        Assert.That(Window.Only(lines[1], FindingCode.K45).Args, Is.EqualTo(["R02 R03"]));
    }

    [Test]
    public void K45_does_not_name_what_only_warned()
    {
        var lines = Window.Judge("""
            N FFG O1 hp=15
            B FFG O1
            N FFG O1 hp=16 pace=50
            """, Courses);
        Assert.That(Window.Only(lines[1], FindingCode.K45).Args, Is.EqualTo(["R03"]));
    }
}
