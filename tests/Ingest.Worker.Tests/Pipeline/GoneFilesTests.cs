using Ingest.Worker.Tests.Support;

namespace Ingest.Worker.Tests.Pipeline;

/// <summary>A claimed file whose bytes are not there at a start, as when the volume of work/ is not mounted.</summary>
public class GoneFilesTests
{
    private const string Id = "20260119-000001";

    [Test]
    public async Task Its_row_stands_with_an_alarm_and_its_id_is_given_to_no_other()
    {
        using var root = await GoneAsync();

        Assert.That(root.Alarms.Select(a => (a.Kind, a.Subject)), Does.Contain(("fileGone", Id)));
        Assert.That(root.App.Ledger.File(20260119000001)!.Name, Is.EqualTo("a.csv"));
        var next = await root.TakeAsync("UMU", "b.csv", Rvf.Csv(Rvf.Row(), Rvf.Row(Rvf.Bo)));
        Assert.That((next.Text("fileId"), next.Counts()), Is.EqualTo(("20260119-000002", "read 2 accepted 2 waiting 0 duplicate 0 rejected 0")), "rows of the first count nowhere");
    }

    [Test]
    public async Task It_holds_up_no_close()
    {
        using var root = await GoneAsync();
        await root.TakeAsync("UMU", "b.csv", Rvf.Csv(Rvf.Row(Rvf.Bo)));

        await root.CloseAsync("2026-01-19");

        Assert.That(WindowTests.Totals(root, "2026-01-19"), Is.EqualTo("accepted 1 waiting 0 delivered 1 netted 0 refused 0 catalogue 0"));
    }

    [Test]
    public async Task It_is_taken_up_at_a_later_start_when_its_bytes_are_back()
    {
        using var root = await GoneAsync();
        await BackAsync(root);

        var receipt = root.Receipt("a.csv");
        Assert.That((receipt.Text("fileId"), receipt.Counts()), Is.EqualTo((Id, "read 1 accepted 1 waiting 0 duplicate 0 rejected 0")));
        Assert.That(root.App.Ledger.Unfinished(), Is.Empty);
    }

    [Test]
    public async Task Its_alarm_is_over_when_it_is_taken_up()
    {
        using var root = await GoneAsync();
        await BackAsync(root);

        Assert.That(root.Alarms, Is.Empty);
    }

    [Test]
    public async Task The_id_of_a_claim_that_was_taken_back_is_not_given_again()
    {
        using var root = await TestRoot.StartAsync();
        await root.App.Ledger.ClaimAsync("UMU", "a.csv", false, TestRoot.Morning, new DateOnly(2026, 1, 19), null, CancellationToken.None);
        root.Drop("UMU", "a.csv", Rvf.Csv(Rvf.Row()));

        await root.RestartAsync(TestRoot.Morning.AddMinutes(1));
        await root.StepAsync();

        Assert.That(root.Receipt("a.csv").Text("fileId"), Is.EqualTo("20260119-000002"));
        Assert.That(root.Alarms, Is.Empty);
    }

    /// <summary>The intake has failed with its rows staged; the service is started again without what was in work/.</summary>
    private static async Task<TestRoot> GoneAsync()
    {
        var root = await TestRoot.StartAsync();
        root.Sql("CREATE TRIGGER failing BEFORE UPDATE OF status ON file BEGIN SELECT RAISE(ABORT, 'full'); END");
        root.Sql("CREATE TRIGGER leaving BEFORE DELETE ON line BEGIN SELECT RAISE(ABORT, 'full'); END");
        root.Drop("UMU", "a.csv", Rvf.Csv(Rvf.Row()));
        await root.StepAsync();
        root.Sql("DROP TRIGGER failing; DROP TRIGGER leaving");
        TestRoot.Files.Directory.Move(root.At("work"), root.At("elsewhere"));
        await root.RestartAsync(TestRoot.Morning.AddMinutes(1));
        await root.StepAsync();
        return root;
    }

    private static async Task BackAsync(TestRoot root)
    {
        TestRoot.Files.Directory.Delete(root.At("work"), recursive: true);
        TestRoot.Files.Directory.Move(root.At("elsewhere"), root.At("work"));
        await root.RestartAsync(TestRoot.Morning.AddMinutes(2));
        await root.StepAsync();
    }
}
