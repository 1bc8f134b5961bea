namespace Ingest.Formats.Tests;

/// <summary>Which grades there are and which pass: national scales, dated rows, a school's own.</summary>
public sealed class GradesTests
{
    private static readonly DateOnly Day = new(2026, 3, 2);

    [Test]
    public void Each_scale_has_a_source_and_a_date() =>
        Assert.That(Grades.Scales, Is.All.Matches<GradeScale>(s => s!.Source.Length > 0 && s.ValidFrom >= new DateOnly(1993, 7, 1)));

    [Test]
    public void The_scale_of_the_technical_schools_is_U_3_4_5()
    {
        var scale = Grades.Scales.Single(s => s.Name == "TH");
        Assert.That((string.Join(' ', scale.Pass), string.Join(' ', scale.Fail)), Is.EqualTo(("3 4 5", "U")));
    }

    [Test]
    public void A_result_older_than_the_oldest_row_is_judged_by_it([Values("G", "A", "5", "P")] string grade) =>
        Assert.That(Grades.Swedish.IsPass(grade, new DateOnly(1950, 1, 1)), Is.True);

    [Test]
    public void A_new_row_of_a_scale_holds_from_its_date_and_the_old_one_until_then()
    {
        var grades = new Grades([new("AF", ["A", "E"], ["F"], new(2007, 7, 1), "x"), new("AF", ["A"], ["E", "F"], new(2030, 1, 1), "y")]);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(grades.IsPass("E", new DateOnly(2029, 12, 31)), Is.True);
            Assert.That(grades.IsPass("E", new DateOnly(2030, 1, 1)), Is.False);
            Assert.That(grades.IsPass("A", new DateOnly(2030, 1, 1)), Is.True);
        }
    }

    [Test]
    public void A_grade_of_no_scale_is_P06_with_the_list_and_a_local_one_is_read()
    {
        var file = Fixed.File(450, Fixed.Put(Fixed.Res(), 52, 3, "AB "));
        var local = new ReadTerms { Grades = Grades.WithLocal(["AB"], ["BU"]) };

        var refused = Reading.Read(file).Rows.Single().Findings.Single();
        var read = Reading.Read(file, terms: local).Rows.Single();
        var other = Reading.Read(Fixed.File(450, Fixed.Put(Fixed.Res(), 52, 3, "XX ")), terms: local).Rows.Single().Findings.Single();

        using (Assert.EnterMultipleScope())
        {
            Assert.That((refused.Code, refused.Args[0].Contains("VG", StringComparison.Ordinal)), Is.EqualTo((FindingCode.P06, true)));
            Assert.That(((Result)read.Record!).Grade, Is.EqualTo("AB"));
            Assert.That(read.Findings, Is.Empty);
            Assert.That(other.Args[0].Split(", "), Has.Member("AB").And.Member("BU").And.Member("FX"));
            Assert.That((local.Grades.IsPass("AB", Day), local.Grades.IsPass("BU", Day), local.Grades.IsPass("G", Day)), Is.EqualTo((true, false, true)));
        }
    }

    // 6 kap. 18 § högskoleförordningen; Ladok's names for the scales.
    [TestCase("UG", "G", "U")]
    [TestCase("UV", "G VG", "U")]
    [TestCase("TH", "3 4 5", "U")]
    [TestCase("AF", "A B C D E", "FX F")]
    [TestCase("P", "P", "")]
    public void A_scale_and_its_grades(string name, string pass, string fail)
    {
        var scale = Grades.Scales.Single(s => s.Name == name);
        Assert.That((string.Join(' ', scale.Pass), string.Join(' ', scale.Fail)), Is.EqualTo((pass, fail)));
    }

    [TestCase("U")]
    [TestCase("FX")]
    [TestCase("VG")]
    public void A_fail_is_a_grade_as_well_as_a_pass(string grade) => Assert.That(Grades.Swedish.Contains(grade), Is.True);

    [Test]
    public void Without_grades_of_its_own_a_school_has_the_national_ones() => Assert.That(Grades.WithLocal([], []), Is.SameAs(Grades.Swedish));
}
