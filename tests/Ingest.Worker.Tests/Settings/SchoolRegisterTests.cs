using Ingest.Worker.Service;
using Ingest.Worker.Settings;
using Ingest.Worker.Tests.Support;

namespace Ingest.Worker.Tests.Pipeline;

public class SchoolRegisterTests
{
    private const string Students = "\"StudentReporting\"";

    [Test]
    public void A_register_is_read_as_it_stands()
    {
        var school = SchoolRegister.Parse(
            """{"schools":[{"code":"KTH","name":"Kungliga Tekniska högskolan","fileReporting":true,"services":["StudentReporting","CourseCatalogue"],"profile":null,"doneFile":true,"language":"en","contact":"K"}]}""")
            .Find("KTH")!;

        Assert.That((school.Name, school.FileReporting, school.DoneFile, school.Language, school.Contact), Is.EqualTo(("Kungliga Tekniska högskolan", true, true, Ingest.Formats.Language.En, "K")));
        Assert.That(school.Has(SchoolService.StudentReporting) && school.Has(SchoolService.CourseCatalogue), Is.True);
    }

    [TestCase("Å")]
    [TestCase("ÅÄÖ09")]
    [TestCase("ABCDEFGH")]
    public void Skolkod_is_one_to_eight_letters_and_digits(string code) =>
        Assert.That(SchoolRegister.Parse(TestRoot.Register(TestRoot.School(code, Students))).Find(code), Is.Not.Null);

    [TestCase("", "skolkod")]
    [TestCase("ABCDEFGHI", "ABCDEFGHI")]
    [TestCase("K-H", "K-H")]
    [TestCase("../X", "../X")]
    [TestCase("É", "É")]
    [TestCase("UMU", "UMU", Description = "twice")]
    public void A_code_that_is_no_skolkod_or_stands_twice_is_refused(string code, string named) =>
        Assert.That(() => SchoolRegister.Parse(TestRoot.Register(TestRoot.School(code, Students))), Throws.TypeOf<StartException>().With.Message.Contains(named));

    [TestCase("""{"schools":[{"code":"A","name":"A","profile":"ladok2"}]}""", "profile")]
    [TestCase("""{"schools":[{"code":"A","name":"A","language":"fi"}]}""", "fi")]
    [TestCase("""{"schools":[{"code":"A","name":"A","services":["Studies"]}]}""", "Studies")]
    [TestCase("""{"schools":[{"code":"A","name":"A","services":["1"]}]}""", "services")]
    [TestCase("""{"schools":[{"code":"A","name":" "}]}""", "name")]
    [TestCase("""{"schools":[{"code":"A","name":"A","doneFil":true}]}""", "doneFil")]
    [TestCase("""{"skolor":[]}""", "skolor")]
    [TestCase("""{}""", "schools")]
    [TestCase("""{"schools":[null]}""", "schools[0]")]
    [TestCase("""{"schools":[{"code":1,"name":"A"}]}""", "code")]
    [TestCase("""{"schools":[""", "schools.json")]
    [TestCase("", "schools.json")]
    [TestCase("null", "schools")]
    public void A_faulty_register_is_refused_with_a_message_that_names_the_fault(string text, string named) =>
        Assert.That(() => SchoolRegister.Parse(text), Throws.TypeOf<StartException>().With.Message.Contains(named));

    [Test]
    public void Every_fault_of_value_is_told_in_one_message() =>
        Assert.That(() => SchoolRegister.Parse("""{"schools":[{"code":"A B","name":"A"},{"code":"C","name":"C","language":"no"},{"code":"D","name":"D","profile":"p"},{"code":"D","name":"D"}]}"""),
            Throws.TypeOf<StartException>().With.Message.Contains("A B").And.Message.Contains("no").And.Message.Contains("profile").And.Message.Contains("”D”"));

    [Test]
    public void An_unknown_key_is_told_in_the_same_message_as_other_faults() =>
        Assert.That(() => SchoolRegister.Parse("""{"schools":[{"code":"A B","name":"A","doneFil":true},{"code":"D","name":"D"},{"code":"D","name":"D"}]}"""),
            Throws.TypeOf<StartException>().With.Message.Contains("doneFil").And.Message.Contains("A B").And.Message.Contains("”D”"));

    [Test]
    public async Task A_new_school_is_taken_up_without_a_restart()
    {
        using var root = await TestRoot.StartAsync();
        Edit(root, TestRoot.Register(TestRoot.School("NY", Students)));
        await root.StepAsync();
        Assert.That((root.Names("in").Contains("NY"), root.Names("ut").Contains("NY")), Is.EqualTo((true, true)), "its folders are made");

        Assert.That((await root.TakeAsync("NY", "f.csv", Rvf.Csv(Rvf.Row()))).Text("status"), Is.EqualTo("accepted"));
    }

    [Test]
    public async Task A_school_that_is_taken_away_is_unknown_from_then_on()
    {
        using var root = await TestRoot.StartAsync();
        Edit(root, $$"""{"schools":[{{TestRoot.School("KTH", Students)}}]}""");
        root.Drop("UMU", "f.csv", Rvf.Csv(Rvf.Row()));

        await root.StepAsync();

        Assert.That(root.Names("quarantine"), Is.EqualTo(Just.These("20260119-000001_f.csv")));
    }

    [Test]
    public async Task A_faulty_edit_is_refused_whole_with_an_alarm_and_the_old_register_kept()
    {
        using var root = await TestRoot.StartAsync();
        Edit(root, TestRoot.Register(TestRoot.School("NY", Students), TestRoot.School("FEL KOD", Students)));
        root.Drop("NY", "n.csv", Rvf.Csv(Rvf.Row()));

        var receipt = await root.TakeAsync("UMU", "f.csv", Rvf.Csv(Rvf.Row()));

        Assert.That(receipt.Text("status"), Is.EqualTo("accepted"));
        Assert.That(root.Names("quarantine"), Has.Count.EqualTo(1), "no part of the edit is taken");
        Assert.That(root.Alarms.Where(a => a.Subject == "schools.json").Select(a => a.Message), Has.Exactly(1).Contains("FEL KOD"));

        Edit(root, TestRoot.Register(TestRoot.School("NY", Students)));
        Assert.That((await root.TakeAsync("NY", "f.csv", Rvf.Csv(Rvf.Row()))).Text("status"), Is.EqualTo("accepted"));
        Assert.That(root.Alarms.Where(a => a.Subject == "schools.json"), Is.Empty, "mended, and so cleared");
    }

    [Test]
    public async Task A_register_that_vanishes_is_a_faulty_edit()
    {
        using var root = await TestRoot.StartAsync();
        TestRoot.Files.File.Delete(root.At("schools.json"));

        var receipt = await root.TakeAsync("UMU", "f.csv", Rvf.Csv(Rvf.Row()));

        Assert.That(receipt.Text("status"), Is.EqualTo("accepted"));
        Assert.That(root.Alarms, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task A_faulty_register_is_refused_at_start()
    {
        using var root = await TestRoot.StartAsync();
        Edit(root, TestRoot.Register(TestRoot.School("UMU", Students)));

        Assert.That(() => root.RestartAsync(TestRoot.Morning), Throws.TypeOf<StartException>().With.Message.Contains("UMU"));
    }

    [Test]
    public async Task A_second_service_on_the_same_root_is_refused_at_start()
    {
        using var root = await TestRoot.StartAsync();

        Assert.That(() => IngestApp.Open(root.Settings, TestRoot.Files, root.Clock, Microsoft.Extensions.Logging.Abstractions.NullLoggerFactory.Instance), Throws.TypeOf<StartException>());
    }

    private static void Edit(TestRoot root, string text) => TestRoot.Files.File.WriteAllText(root.At("schools.json"), text);
}
