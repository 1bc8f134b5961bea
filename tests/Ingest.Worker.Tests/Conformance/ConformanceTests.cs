using System.Text.Json;
using Ingest.Formats;
using Ingest.Worker.Tests.Support;

namespace Ingest.Worker.Tests.Conformance;

/// <summary>
/// Every code of the catalogue, in each shape that can give it: one file that gets it and one near it that does not, through the real
/// service and the close at 15.00. All examples go through it together, each at two schools of its own.
/// </summary>
[FixtureLifeCycle(LifeCycle.SingleInstance)]
internal sealed class ConformanceTests
{
    private const string DayBefore = "2026-01-19", Day = "2026-01-20";

    // details.md, 8: what only one shape can have wrong. F12 and F13 are about löpnummer, which CSV has none of.
    private static readonly FindingCode[] OnlyFixed = [FindingCode.F04, FindingCode.F05, FindingCode.F12, FindingCode.F13, FindingCode.P01, FindingCode.P08];
    private static readonly FindingCode[] OnlyCsv = [FindingCode.F17, FindingCode.F18, FindingCode.F19, FindingCode.P02, FindingCode.P14];

    private static readonly Example[] List = [.. FileExamples.All, .. RecordExamples.All];

    private TestRoot root = null!;

    private static string Own(Example example, bool near) => $"{example.Code}{(example.Shape == FileShape.Csv ? "C" : "F")}{(near ? "N" : "T")}";

    private static string School(Example example, bool near) => near ? Own(example, near) : example.OtherSchool ?? Own(example, near);

    private static string Name(Example example, bool near) => (near ? example.Names.Near : example.Names.File) + (example.Shape == FileShape.Csv ? ".csv" : ".txt");

    private static IEnumerable<(Example Example, bool Near)> Deliveries => List.SelectMany(e => new[] { (e, false), (e, true) });

    [OneTimeSetUp]
    public async Task HandInEverything()
    {
        root = await TestRoot.StartAsync();
        var schools = Deliveries.Select(d => TestRoot.School(Own(d.Example, d.Near), "\"StudentReporting\"" + (d.Example.Catalogue ? ",\"CourseCatalogue\"" : "")));
        TestRoot.Files.File.WriteAllText(root.At("schools.json"), TestRoot.Register([.. schools]));
        await root.RestartAsync(TestRoot.Morning);
        foreach (var (example, near) in Deliveries)
            foreach (var (name, text) in example.FilesBefore(Own(example, near))) root.Drop(Own(example, near), name, text);
        await root.StepAsync();
        await root.CloseAsync(DayBefore);

        await root.StepAsync(TestRoot.Morning.AddDays(1));
        foreach (var (example, near) in Deliveries)
        {
            var (school, name) = (School(example, near), Name(example, near));
            if (example.Done is { } done) root.Drop(school, name + ".klar", near ? done.Near : done.File);
            root.Drop(school, name, (near ? example.Near : example.File)(school));
        }
        await root.StepAsync();
        await root.CloseAsync(Day);
    }

    [OneTimeTearDown]
    public void DeleteRoot() => root.Dispose();

    private JsonElement Receipt(Example example, bool near)
    {
        var school = School(example, near);
        var ending = (example.Shape == FileShape.Csv ? ".csv." : ".txt.") + "20260120-";
        return root.Json("ut", school, root.Out(school).Single(n => n.Contains(ending, StringComparison.Ordinal) && n.EndsWith("kvittens.json", StringComparison.Ordinal)));
    }

    /// <summary>All codes that the school was told about the file, at intake and at the close.</summary>
    private string Told(Example example, bool near)
    {
        var school = School(example, near);
        var receipt = Receipt(example, near);
        var codes = receipt.Codes();
        if (root.Out(school).SingleOrDefault(n => n == Day + ".TEST.kl15.json") is { } close)
            codes.AddRange(root.Json("ut", school, close).GetProperty("records").EnumerateArray().Where(r => r.Text("fileId") == receipt.Text("fileId"))
                .SelectMany(r => r.GetProperty("codes").EnumerateArray()).Select(c => c.GetString()!));
        return InOrder(codes);
    }

    private static string InOrder(IEnumerable<string> codes) => string.Join(' ', codes.Where(c => c.Length > 0).Distinct().Order(StringComparer.Ordinal));

    [TestCaseSource(nameof(List))]
    public void The_file_gets_the_code(Example example) => Assert.That(Told(example, near: false), Is.EqualTo(InOrder([example.Code.ToString(), .. example.Also.Split(' ')])));

    [TestCaseSource(nameof(List))]
    public void One_near_it_does_not(Example example) => Assert.That(Told(example, near: true), Is.EqualTo(example.NearGets));

    // V and I change nothing: they may stand beside any outcome.
    private static IEnumerable<Example> Stopping => List.Where(e => FindingCatalogue.Get(e.Code).Severity is Severity.F or Severity.E or Severity.W);

    [TestCaseSource(nameof(Stopping))]
    public void It_stops_the_file_or_the_record_as_its_severity_says(Example example)
    {
        var receipt = Receipt(example, near: false);
        int Count(string name) => receipt.GetProperty("counts").GetProperty(name).GetInt32();
        (string, int, int) expected = FindingCatalogue.Get(example.Code).Severity switch
        {
            Severity.F => ("rejected", Count("read"), 0),
            Severity.E => ("rejected", 1, 0),
            _ => ("accepted", 0, 1),
        };
        Assert.That((receipt.Text("status"), Count("rejected"), Count("waiting")), Is.EqualTo(expected));
    }

    [TestCaseSource(nameof(List))]
    public void What_was_delivered_the_day_before_was_in_order(Example example)
    {
        using (Assert.EnterMultipleScope())
        {
            foreach (var near in new[] { false, true })
                foreach (var (name, _) in example.FilesBefore(Own(example, near)))
                    Assert.That(root.Receipt(name, Own(example, near)).Text("status"), Is.EqualTo("accepted"), name);
        }
    }

    [Test]
    public void Every_code_has_an_example_in_each_shape_that_can_give_it()
    {
        var expected = Enum.GetValues<FindingCode>().SelectMany(code => Enum.GetValues<FileShape>().Select(shape => (code, shape)))
            .Where(e => !(e.shape == FileShape.Csv ? OnlyFixed : OnlyCsv).Contains(e.code));
        Assert.That(List.Select(e => (e.Code, e.Shape)), Is.EquivalentTo(expected));
    }
}
