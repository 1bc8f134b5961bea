using System.IO.Abstractions;
using System.Text.Json;

namespace Ingest.Worker.Tests.Receipts;

/// <summary>
/// Every sample through the real pipeline, on a real folder: what the school gets back, byte for byte. Ids and times stand as they
/// are, for the clock does. The snapshots are read against the specification, never accepted unread.
/// </summary>
[FixtureLifeCycle(LifeCycle.SingleInstance)]
internal sealed class SampleReceiptTests
{
    private static readonly string[] Folders = ["fast-bredd", "csv"];
    private static readonly string[] Told = ["kvittens.json", "accepterade.csv", "avvisade.csv"];

    private SampleRun run = null!;

    [OneTimeSetUp]
    public async Task RunSamples() => run = await SampleRun.RunAsync();

    [OneTimeTearDown]
    public void DeleteRoot() => run.Dispose();

    private static IEnumerable<string> Samples => SampleRun.Table.Select(s => s.Name);

    [TestCaseSource(nameof(Samples))]
    public async Task Each_sample_gets_these_receipts(string sample)
    {
        var receipts = run.ReceiptsOf(sample);
        var names = Told.Concat(receipts.Keys.Where(name => name.StartsWith("omsandning.", StringComparison.Ordinal)));
        await Verifier.Verify(string.Concat(names.Select(name => Visible.File(name, receipts[name]))));
    }

    [TestCase("csv/alla-fel.csv")]
    [TestCase("fast-bredd/avvisad-slutpost.txt")]
    public async Task The_report_for_people_reads_like_this(string sample) =>
        await Verifier.Verify(Visible.File("rapport.html", run.ReceiptsOf(sample)["rapport.html"]));

    [TestCase("2026-01-19", "KTH")]
    [TestCase("2026-01-19", "LU")]
    [TestCase("2026-01-20", "KTH")]
    [TestCase("2026-01-20", "LU")]
    public async Task The_close_tells_each_school_this(string day, string school)
    {
        var names = run.Names("ut", school).Where(name => name.StartsWith(day + ".TEST.kl15.", StringComparison.Ordinal));
        await Verifier.Verify(string.Concat(names.OrderBy(name => name.EndsWith(".html", StringComparison.Ordinal)).Select(name => Visible.File(name, run.Bytes("ut", school, name)))));
    }

    [TestCase("2026-01-19")]
    [TestCase("2026-01-20")]
    public async Task The_close_hands_on_this(string day) =>
        await Verifier.Verify(string.Concat(run.Names("delivery", day).Select(name => Visible.File(name, run.Bytes("delivery", day, name)))));

    [TestCaseSource(nameof(Samples))]
    public void The_table_in_the_README_says_what_became_of_each_sample(string sample)
    {
        using var receipt = JsonDocument.Parse(run.ReceiptsOf(sample)["kvittens.json"]);
        Assert.That(receipt.RootElement.GetProperty("status").GetString(), Is.EqualTo(SampleRun.Table.Single(s => s.Name == sample).Status));
    }

    [Test]
    public void The_table_in_the_README_names_every_sample_file()
    {
        var files = Folders.SelectMany(folder =>
            new FileSystem().Directory.EnumerateFiles(Repository.Path("samples", folder)).Select(p => folder + "/" + p[(p.LastIndexOf('/') + 1)..]));
        Assert.That(Samples, Is.EquivalentTo(files));
    }

    [Test]
    public void No_file_is_left_in_a_drop_folder_or_in_work()
    {
        using (Assert.EnterMultipleScope())
        {
            foreach (var school in new[] { "KTH", "LU" }) Assert.That(run.Names("in", school), Is.Empty);
            Assert.That(run.Names("work"), Is.Empty);
        }
    }
}
