namespace Ingest.Formats.Tests;

/// <summary>The layout table against the positions of the specification, written out once more by hand.</summary>
public class LayoutsTests
{
    [TestCase("HUV", FieldRole.Version, 4, 7)]
    [TestCase("HUV", FieldRole.School, 8, 15)]
    [TestCase("HUV", FieldRole.System, 16, 35)]
    [TestCase("HUV", FieldRole.SequenceNumber, 36, 43)]
    [TestCase("HUV", FieldRole.Created, 44, 57)]
    [TestCase("HUV", FieldRole.Environment, 58, 61)]
    [TestCase("REG", FieldRole.Action, 4, 4)]
    [TestCase("REG", FieldRole.Student, 5, 16)]
    [TestCase("REG", FieldRole.CourseCode, 17, 26)]
    [TestCase("REG", FieldRole.OfferingCode, 27, 36)]
    [TestCase("REG", FieldRole.RegistrationType, 37, 39)]
    [TestCase("REG", FieldRole.Extent, 40, 44)]
    [TestCase("REG", FieldRole.Pace, 45, 47)]
    [TestCase("REG", FieldRole.Start, 48, 55)]
    [TestCase("REG", FieldRole.End, 56, 63)]
    [TestCase("REG", FieldRole.RegistrationDate, 64, 71)]
    [TestCase("REG", FieldRole.EventId, 72, 107)]
    [TestCase("AVB", FieldRole.Action, 4, 4)]
    [TestCase("AVB", FieldRole.Student, 5, 16)]
    [TestCase("AVB", FieldRole.CourseCode, 17, 26)]
    [TestCase("AVB", FieldRole.OfferingCode, 27, 36)]
    [TestCase("AVB", FieldRole.InterruptionType, 37, 37)]
    [TestCase("AVB", FieldRole.InterruptionDate, 38, 45)]
    [TestCase("AVB", FieldRole.EventId, 46, 81)]
    [TestCase("RES", FieldRole.Action, 4, 4)]
    [TestCase("RES", FieldRole.Student, 5, 16)]
    [TestCase("RES", FieldRole.CourseCode, 17, 26)]
    [TestCase("RES", FieldRole.OfferingCode, 27, 36)]
    [TestCase("RES", FieldRole.ModuleCode, 37, 46)]
    [TestCase("RES", FieldRole.Credits, 47, 51)]
    [TestCase("RES", FieldRole.Grade, 52, 54)]
    [TestCase("RES", FieldRole.ExaminationDate, 55, 62)]
    [TestCase("RES", FieldRole.CreditTransfer, 63, 63)]
    [TestCase("RES", FieldRole.EventId, 64, 99)]
    [TestCase("KTF", FieldRole.Action, 4, 4)]
    [TestCase("KTF", FieldRole.CourseCode, 5, 14)]
    [TestCase("KTF", FieldRole.OfferingCode, 15, 24)]
    [TestCase("KTF", FieldRole.Title, 25, 84)]
    [TestCase("KTF", FieldRole.Extent, 85, 89)]
    [TestCase("KTF", FieldRole.Pace, 90, 92)]
    [TestCase("KTF", FieldRole.Start, 93, 100)]
    [TestCase("KTF", FieldRole.End, 101, 108)]
    [TestCase("MOD", FieldRole.Action, 4, 4)]
    [TestCase("MOD", FieldRole.CourseCode, 5, 14)]
    [TestCase("MOD", FieldRole.ModuleCode, 15, 24)]
    [TestCase("MOD", FieldRole.Title, 25, 84)]
    [TestCase("MOD", FieldRole.Extent, 85, 89)]
    [TestCase("SLU", FieldRole.RecordCount, 4, 11)]
    [TestCase("SLU", FieldRole.ControlSum, 12, 22)]
    public void A_field_stands_where_the_specification_puts_it(string tag, FieldRole role, int first, int last)
    {
        var field = Layout(tag)[role];

        using (Assert.EnterMultipleScope())
        {
            Assert.That(field.Start, Is.EqualTo(first));
            Assert.That(field.End, Is.EqualTo(last));
        }
    }

    [TestCase("HUV", 6, 61)]
    [TestCase("REG", 11, 107)]
    [TestCase("AVB", 7, 81)]
    [TestCase("RES", 10, 99)]
    [TestCase("KTF", 8, 108)]
    [TestCase("MOD", 5, 89)]
    [TestCase("SLU", 2, 22)]
    public void A_record_has_its_fields_and_no_more(string tag, int fields, int last)
    {
        using (Assert.EnterMultipleScope())
        {
            Assert.That(Layout(tag).Fields.Count(f => f.InFixedWidth), Is.EqualTo(fields));
            Assert.That(Layout(tag).LastColumn, Is.EqualTo(last));
        }
    }

    [Test]
    public void A_line_is_120_characters_long() => Assert.That(Formats.Layout.LineLength, Is.EqualTo(120));

    [Test]
    public void The_seven_record_types_are_all_there_is() =>
        Assert.That(string.Join(' ', Layouts.All.Select(l => l.Tag).Order()), Is.EqualTo("AVB HUV KTF MOD REG RES SLU"));

    [TestCase(RecordKind.Registration, "REG")]
    [TestCase(RecordKind.Interruption, "AVB")]
    [TestCase(RecordKind.Result, "RES")]
    [TestCase(RecordKind.CourseOffering, "KTF")]
    [TestCase(RecordKind.Module, "MOD")]
    public void A_kind_has_its_layout(RecordKind kind, string tag) => Assert.That(Layouts.Of(kind).Tag, Is.EqualTo(tag));

    [TestCase("REG", FieldRole.Student, "personnr", "pnr")]
    [TestCase("AVB", FieldRole.Student, "personnr", "pnr")]
    [TestCase("RES", FieldRole.Student, "personnr", "pnr")]
    [TestCase("REG", FieldRole.CourseCode, "kurs")]
    [TestCase("MOD", FieldRole.CourseCode, "kurs")]
    [TestCase("KTF", FieldRole.OfferingCode, "tillfälle")]
    [TestCase("REG", FieldRole.Extent, "hp", "poäng", "högskolepoäng")]
    [TestCase("KTF", FieldRole.Extent, "hp", "poäng", "högskolepoäng")]
    [TestCase("MOD", FieldRole.Extent, "hp", "poäng", "högskolepoäng")]
    [TestCase("RES", FieldRole.Credits, "poäng", "högskolepoäng")]
    [TestCase("REG", FieldRole.Pace, "takt")]
    [TestCase("REG", FieldRole.Start, "from")]
    [TestCase("KTF", FieldRole.End, "tom")]
    [TestCase("REG", FieldRole.RegistrationDate, "datum")]
    [TestCase("AVB", FieldRole.InterruptionDate, "datum")]
    [TestCase("RES", FieldRole.ExaminationDate, "datum")]
    [TestCase("RES", FieldRole.ModuleCode, "modul")]
    public void A_field_has_the_aliases_of_the_specification(string tag, FieldRole role, params string[] aliases) =>
        Assert.That(Layout(tag)[role].AliasList, Is.EquivalentTo(aliases));

    [TestCase("KTF")]
    [TestCase("MOD")]
    public void The_course_catalogue_has_neither_student_nor_event_id(string tag)
    {
        using (Assert.EnterMultipleScope())
        {
            Assert.That(Layout(tag).Find(FieldRole.EventId), Is.Null);
            Assert.That(Layout(tag).Find(FieldRole.Student), Is.Null);
        }
    }

    [TestCase(750, "7,5")]
    [TestCase(3000, "30")]
    [TestCase(375, "3,75")]
    [TestCase(5, "0,05")]
    [TestCase(99999, "999,99")]
    [TestCase(0, "0")]
    public void Credits_are_written_with_a_comma_and_no_more_decimals_than_needed(int hundredths, string expected) =>
        Assert.That(new Credits(hundredths).ToString(), Is.EqualTo(expected));

    [Test]
    public void The_grades_are_those_of_the_specification()
    {
        using (Assert.EnterMultipleScope())
        {
            Assert.That(string.Join(' ', Grades.Swedish.Pass.Order(StringComparer.Ordinal)), Is.EqualTo("3 4 5 A B C D E G P VG"));
            Assert.That(string.Join(' ', Grades.Swedish.Fail.Order(StringComparer.Ordinal)), Is.EqualTo("F FX U"));
            Assert.That(Grades.Swedish.Pass.Concat(Grades.Swedish.Fail), Does.Not.Contain("TH"));
        }
    }

    private static Layout Layout(string tag) => Layouts.All.Single(l => l.Tag == tag);
}
