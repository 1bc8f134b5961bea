using System.Text.Json;
using Ingest.Formats;

namespace Ingest.Worker.Tests;

/// <summary>What is published says what the code does. When one of these fails, write the document again with the command it names.</summary>
internal sealed class DocumentDriftTests
{
    [Test]
    public void The_published_layout_is_the_one_that_is_read() =>
        Assert.That(Repository.Read("docs", "formats.md"), Is.EqualTo(FormatsDocument.Markdown()), "ingest formats --format markdown > docs/formats.md");

    [Test]
    public void The_published_findings_are_the_ones_that_are_made() =>
        Assert.That(Repository.Read("docs", "findings.md"), Is.EqualTo(FindingsDocument.Markdown()), "ingest codes --format markdown > docs/findings.md");

    [Test]
    public void The_demo_drops_only_samples_that_are_there()
    {
        using (Assert.EnterMultipleScope())
        {
            foreach (var (school, sample) in Commands.DemoFiles.Some[0])
                Assert.That(SampleRun.Table.Select(s => (s.School, s.Name)), Does.Contain((school, sample)));
            Assert.That(Commands.DemoFiles.All, Is.EqualTo(SampleRun.Table.GroupBy(s => s.Day).Select(day => day.Select(s => (s.School, s.Name)))), "demo --all");
        }
    }

    [Test]
    public async Task The_samples_show_every_finding_that_is_about_one_record()
    {
        var codes = FindingCatalogue.All.Select(d => d.Code).Where(c => c >= FindingCode.P01).ToHashSet();
        using var run = await SampleRun.RunAsync();
        foreach (var sample in SampleRun.Table)
        {
            using var receipt = JsonDocument.Parse(run.ReceiptsOf(sample.Name)["kvittens.json"]);
            foreach (var finding in receipt.RootElement.GetProperty("findings").EnumerateArray())
                codes.Remove(Enum.Parse<FindingCode>(finding.GetProperty("code").GetString()!));
        }
        foreach (var day in SampleRun.Table.Select(s => s.Day).Distinct())
        {
            using var close = JsonDocument.Parse(run.Bytes("ut", "KTH", FormattableString.Invariant($"{day:yyyy-MM-dd}.TEST.kl15.json")));
            foreach (var code in close.RootElement.GetProperty("records").EnumerateArray().SelectMany(r => r.GetProperty("codes").EnumerateArray()))
                codes.Remove(Enum.Parse<FindingCode>(code.GetString()!));
        }
        Assert.That(codes, Is.Empty);
    }
}
