using System.Text.Json;
using Json.Schema;

namespace Ingest.Worker.Tests.Receipts;

/// <summary>What <c>docs/receipt.schema.json</c> promises to machines.</summary>
[FixtureLifeCycle(LifeCycle.SingleInstance)]
internal sealed class ReceiptSchemaTests
{
    private static readonly JsonSchema Schema = JsonSchema.FromText(Repository.Read("docs", "receipt.schema.json"));

    private SampleRun run = null!;

    [OneTimeSetUp]
    public async Task RunSamples() => run = await SampleRun.RunAsync();

    [OneTimeTearDown]
    public void DeleteRoot() => run.Dispose();

    private static IEnumerable<string> Samples => SampleRun.Table.Select(s => s.Name);

    [TestCaseSource(nameof(Samples))]
    public void Each_receipt_keeps_to_the_published_schema(string sample)
    {
        using var receipt = JsonDocument.Parse(run.ReceiptsOf(sample)["kvittens.json"]);
        var result = Schema.Evaluate(receipt.RootElement, new EvaluationOptions { OutputFormat = OutputFormat.List });
        var faults = (result.Details ?? []).Where(d => d.Errors is { Count: > 0 }).Select(d => $"{d.InstanceLocation}: {string.Join(", ", d.Errors!.Values)}");
        Assert.That(result.IsValid, Is.True, string.Join('\n', faults));
    }

    [TestCaseSource(nameof(Samples))]
    public void Every_record_that_was_read_came_to_one_outcome(string sample)
    {
        using var receipt = JsonDocument.Parse(run.ReceiptsOf(sample)["kvittens.json"]);
        var counts = receipt.RootElement.GetProperty("counts");
        long Of(string name) => counts.GetProperty(name).GetInt64();
        using (Assert.EnterMultipleScope())
        {
            Assert.That(Of("accepted") + Of("waiting") + Of("duplicate") + Of("rejected"), Is.EqualTo(Of("read")));
            Assert.That(Of("warned"), Is.LessThanOrEqualTo(Of("accepted")));
        }
    }

    [TestCase("\"status\": \"accepted\"", "\"status\": \"godkänd\"")]
    [TestCase("\"bytes\": ", "\"bytes\": -")]
    [TestCase("\"receivedAt\": \"2026-01-19T", "\"receivedAt\": \"2026-01-19 ")]
    [TestCase("\"findings\": [", "\"fynd\": [")]
    public void The_schema_refuses_a_receipt_that_says_it_otherwise(string right, string wrong)
    {
        var text = System.Text.Encoding.UTF8.GetString(run.ReceiptsOf("fast-bredd/kurskatalog.txt")["kvittens.json"]);
        Assert.That(text, Does.Contain(right));
        using var receipt = JsonDocument.Parse(text.Replace(right, wrong));
        Assert.That(Schema.Evaluate(receipt.RootElement).IsValid, Is.False);
    }

    [Test]
    public void Properties_that_are_added_later_break_no_reader()
    {
        var text = System.Text.Encoding.UTF8.GetString(run.ReceiptsOf("fast-bredd/kurskatalog.txt")["kvittens.json"]);
        using var receipt = JsonDocument.Parse(text.Replace("\"status\":", "\"signature\": \"later\", \"status\":"));
        Assert.That(Schema.Evaluate(receipt.RootElement).IsValid, Is.True);
    }

    [Test]
    public void Only_a_partially_accepted_file_gets_an_omsandning_beside_the_four_receipts()
    {
        using (Assert.EnterMultipleScope())
        {
            foreach (var sample in SampleRun.Table)
            {
                string[] expected = sample.Status == "partiallyAccepted"
                    ? ["accepterade.csv", "avvisade.csv", "kvittens.json", $"omsandning{sample.Name[sample.Name.LastIndexOf('.')..]}", "rapport.html"]
                    : ["accepterade.csv", "avvisade.csv", "kvittens.json", "rapport.html"];
                Assert.That(run.ReceiptsOf(sample.Name).Keys, Is.EquivalentTo(expected), sample.Name);
            }
        }
    }
}
