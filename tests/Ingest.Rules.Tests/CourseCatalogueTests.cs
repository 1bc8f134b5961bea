using Ingest.Formats;

namespace Ingest.Rules.Tests;

/// <summary>KTF and MOD: N replaces what stood, B ends it; neither netted nor delivered.</summary>
public sealed class CourseCatalogueTests
{
    private const string Offering = "KTF KEMA01 O1 30 2026-08-31..2027-01-17";
    private const string Module = "MOD KEMA01 M1 7,5";

    private readonly CourseCatalogue catalogue = new();

    [Test]
    public void An_empty_catalogue_knows_nothing()
    {
        using (Assert.EnterMultipleScope())
        {
            Assert.That(catalogue.Offering("KEMA01", "O1"), Is.Null);
            Assert.That(catalogue.Module("KEMA01", "M1"), Is.Null);
            Assert.That(catalogue.CourseCredits("KEMA01", "O1"), Is.Null);
            Assert.That(catalogue.CourseCredits("KEMA01", null), Is.Null);
        }
    }

    [TestCase(Offering)]
    [TestCase(Module)]
    public void A_new_record_takes_effect(string record)
    {
        Assert.That(Apply(record), Is.Null);
        Assert.That(Extent(), Is.Not.Null);
    }

    [TestCase(Offering, "KTF KEMA01 O1 15 2026-08-31..2027-01-17", 1500)]
    [TestCase(Module, "MOD KEMA01 M1 15", 1500)]
    public void N_replaces_what_stood(string old, string replacement, int hundredths)
    {
        Assert.That(Apply(old), Is.Null);
        Assert.That(Apply(replacement), Is.Null, "no R07: another content replaces");
        Assert.That(Extent(), Is.EqualTo(new Credits(hundredths)));
    }

    [TestCase(Offering)]
    [TestCase(Module)]
    public void An_exact_repeat_is_R06_and_changes_nothing(string record)
    {
        Apply(record);
        var before = Extent();
        Assert.That(Apply(record), Is.EqualTo(FindingCode.R06));
        Assert.That(Extent(), Is.EqualTo(before));
    }

    [Test]
    public void The_same_record_after_another_is_no_repeat_but_replaces()
    {
        Apply(Offering);
        Apply("KTF KEMA01 O1 15 2026-08-31..2027-01-17");
        Assert.That(Apply(Offering), Is.Null);
        Assert.That(Extent(), Is.EqualTo(new Credits(3000)));
    }

    [TestCase(Offering, "B KTF KEMA01 O1")]
    [TestCase(Module, "B MOD KEMA01 M1")]
    public void B_ends_what_stood(string record, string removal)
    {
        Apply(record);
        Assert.That(Apply(removal), Is.Null);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(Extent(), Is.Null);
            Assert.That(catalogue.CourseCredits("KEMA01", null), Is.Null);
        }
    }

    [TestCase("B KTF KEMA01 O1")]
    [TestCase("B MOD KEMA01 M1")]
    public void B_of_nothing_is_R40(string removal) => Assert.That(Apply(removal), Is.EqualTo(FindingCode.R40));

    [TestCase(Offering, "B KTF KEMA01 O2")]
    [TestCase(Offering, "B KTF FYSA01 O1")]
    [TestCase(Module, "B MOD KEMA01 M2")]
    [TestCase(Offering, "B MOD KEMA01 O1")]
    public void B_of_something_else_is_R40_and_ends_nothing(string record, string removal)
    {
        Apply(record);
        Assert.That(Apply(removal), Is.EqualTo(FindingCode.R40));
        Assert.That(Extent(), Is.Not.Null);
    }

    [TestCase(Offering, "B KTF KEMA01 O1")]
    [TestCase(Module, "B MOD KEMA01 M1")]
    public void What_was_ended_may_come_again(string record, string removal)
    {
        Apply(record);
        Apply(removal);
        Assert.That(Apply(record), Is.Null);
        Assert.That(Extent(), Is.Not.Null);
    }

    [Test]
    public void The_courses_hp_are_the_named_offerings_else_the_largest()
    {
        Apply("KTF KEMA01 O1 15 2026-08-31..2027-01-17");
        Apply("KTF KEMA01 O2 30 2026-08-31..2027-01-17");
        Apply("KTF KEMA01 O3 7,5 2026-08-31..2027-01-17");
        Apply("KTF FYSA01 O1 60 2026-08-31..2027-01-17");
        using (Assert.EnterMultipleScope())
        {
            Assert.That(catalogue.CourseCredits("KEMA01", "O1"), Is.EqualTo(new Credits(1500)));
            Assert.That(catalogue.CourseCredits("KEMA01", "O3"), Is.EqualTo(new Credits(750)));
            Assert.That(catalogue.CourseCredits("KEMA01", null), Is.EqualTo(new Credits(3000)));
            Assert.That(catalogue.CourseCredits("KEMA01", "O9"), Is.EqualTo(new Credits(3000)), "an offering that is not known names nothing");
            Assert.That(catalogue.CourseCredits("MATA01", null), Is.Null);
        }
    }

    [Test]
    public void The_largest_is_of_the_offerings_as_they_stand()
    {
        Apply("KTF KEMA01 O1 15 2026-08-31..2027-01-17");
        Apply("KTF KEMA01 O2 30 2026-08-31..2027-01-17");
        Apply("KTF KEMA01 O2 7,5 2026-08-31..2027-01-17");
        Assert.That(catalogue.CourseCredits("KEMA01", null), Is.EqualTo(new Credits(1500)), "O2 was replaced by a smaller one");
        Apply("B KTF KEMA01 O1");
        Assert.That(catalogue.CourseCredits("KEMA01", null), Is.EqualTo(new Credits(750)), "O1 was ended");
    }

    [Test]
    public void A_modules_hp_are_not_the_courses()
    {
        Apply(Module);
        Assert.That(catalogue.CourseCredits("KEMA01", null), Is.Null);
    }

    [Test]
    public void A_student_record_does_not_belong_in_it() =>
        Assert.That(() => catalogue.Apply(Window.Record("N FFG O1")), Throws.ArgumentException);

    [TestCase(Offering, "B KTF KEMA01 O1")]
    [TestCase(Module, "B MOD KEMA01 M1")]
    public void The_same_removal_again_is_R06(string record, string removal)
    {
        Apply(record);
        Apply(removal);
        Assert.That(Apply(removal), Is.EqualTo(FindingCode.R06));
    }

    // --- What was probably meant.

    [Test]
    public void An_unknown_offering_is_answered_with_the_courses_offerings()
    {
        Apply("KTF KEMA01 O2 30 2026-08-31..2027-01-17");
        Apply(Offering);
        Apply(Module);
        Assert.That(catalogue.OfferingMeant("KEMA01"), Is.EqualTo("Kursens kurstillfällen är O1, O2.¦The course's offerings are O1, O2."));
    }

    [Test]
    public void An_unknown_module_is_answered_with_the_courses_modules()
    {
        Apply("MOD KEMA01 M2 7,5");
        Apply(Module);
        Apply(Offering);
        Assert.That(catalogue.ModuleMeant("KEMA01"), Is.EqualTo("Kursens moduler är M1, M2.¦The course's modules are M1, M2."));
    }

    [TestCase(6, true)]
    [TestCase(7, false)]
    public void Six_are_named_and_more_than_six_are_not(int count, bool named)
    {
        for (var i = 1; i <= count; i++) Apply($"MOD KEMA01 M{i} 1");
        Assert.That(catalogue.ModuleMeant("KEMA01"), named ? Does.StartWith("Kursens moduler är M1, M2, M3, M4, M5, M6.") : Is.Empty);
    }

    [Test]
    public void An_unknown_course_is_answered_with_the_one_that_is_near()
    {
        Apply(Offering);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(catalogue.OfferingMeant("KEMA10"), Is.EqualTo("Är det kursen KEMA01 som menas?¦Is course KEMA01 meant?"));
            Assert.That(catalogue.OfferingMeant("FYSB22"), Is.Empty);
        }
    }

    [Test]
    public void What_was_meant_follows_the_catalogue_as_it_changes()
    {
        Apply(Offering);
        Assert.That(catalogue.OfferingMeant("KEMA01"), Does.StartWith("Kursens kurstillfällen är O1."));
        Apply("KTF KEMA01 O2 30 2026-08-31..2027-01-17");
        Assert.That(catalogue.OfferingMeant("KEMA01"), Does.StartWith("Kursens kurstillfällen är O1, O2."));
    }

    [TestCase(199, true)]
    [TestCase(200, false)]
    public void After_two_hundred_unknown_courses_no_more_are_searched_for(int before, bool searched)
    {
        Apply(Offering);
        for (var i = 0; i < before; i++) catalogue.OfferingMeant($"ZZZ{i:0000}");
        Assert.That(catalogue.OfferingMeant("KEMA10"), searched ? Does.Contain("KEMA01") : Is.Empty);
    }

    private FindingCode? Apply(string record) => catalogue.Apply(Window.CourseRecord(record));

    private Credits? Extent() => catalogue.Offering("KEMA01", "O1")?.Extent ?? catalogue.Module("KEMA01", "M1")?.Extent;
}
