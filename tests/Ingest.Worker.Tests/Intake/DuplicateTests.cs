using Ingest.Worker.Tests.Support;

namespace Ingest.Worker.Tests.Pipeline;

public class DuplicateTests
{
    [Test]
    public async Task The_same_bytes_under_another_name_are_a_duplicate_that_names_the_first()
    {
        using var root = await TestRoot.StartAsync();
        var text = Rvf.Csv(Rvf.Row(), Rvf.Row(Rvf.Bo));
        await root.TakeAsync("UMU", "a.csv", text);

        var receipt = await root.TakeAsync("UMU", "b.csv", text);

        Assert.That((receipt.Text("status"), receipt.Text("duplicateOf"), receipt.Counts()),
            Is.EqualTo(("duplicate", "20260119-000001", "read 2 accepted 0 waiting 0 duplicate 2 rejected 0")));
    }

    [Test]
    public async Task The_same_bytes_are_a_duplicate_after_the_close_too()
    {
        using var root = await TestRoot.StartAsync();
        await root.TakeAsync("UMU", "a.csv", Rvf.Csv(Rvf.Row()));
        await root.CloseAsync("2026-01-19");

        var receipt = await root.TakeAsync("UMU", "b.csv", Rvf.Csv(Rvf.Row()));

        Assert.That((receipt.Text("status"), receipt.Text("duplicateOf")), Is.EqualTo(("duplicate", "20260119-000001")));
    }

    [Test]
    public async Task The_same_records_in_other_bytes_are_an_accepted_file_of_duplicates()
    {
        using var root = await TestRoot.StartAsync();
        await root.TakeAsync("UMU", "a.csv", Rvf.Csv(Rvf.Row()));

        var receipt = await root.TakeAsync("UMU", "a.txt", Rvf.File(1, Rvf.Reg()));

        Assert.That((receipt.Text("status"), receipt.Text("duplicateOf"), string.Join(' ', receipt.Codes()), receipt.Counts()),
            Is.EqualTo(("accepted", default(string), "R06", "read 1 accepted 0 waiting 0 duplicate 1 rejected 0")));
    }

    [Test]
    public async Task The_same_bytes_of_another_school_are_no_duplicate()
    {
        using var root = await TestRoot.StartAsync();
        await root.TakeAsync("UMU", "a.csv", Rvf.Csv(Rvf.Row()));

        Assert.That((await root.TakeAsync("LU", "a.csv", Rvf.Csv(Rvf.Row()))).Counts(), Does.Contain("duplicate 0"));
    }

    [Test]
    public async Task A_refused_file_may_be_sent_again_and_is_no_duplicate()
    {
        using var root = await TestRoot.StartAsync();
        var text = Rvf.Lines(Rvf.Huv(), Rvf.Reg(), Rvf.Slu());

        for (var i = 1; i <= 2; i++)
        {
            var receipt = await root.TakeAsync("UMU", $"försök{i}.txt", text);
            Assert.That((receipt.Text("status"), receipt.Text("duplicateOf")), Is.EqualTo(("rejected", default(string))));
        }
        Assert.That((await root.TakeAsync("UMU", "rätt.txt", Rvf.File(1, Rvf.Reg()))).Text("status"), Is.EqualTo("accepted"));
    }

    [Test]
    public async Task Bytes_of_which_one_record_was_refused_at_the_close_are_judged_one_by_one()
    {
        using var root = await TestRoot.StartAsync();
        await root.TakeAsync("KTH", "katalog.txt", Rvf.WithHeader(Rvf.Huv(1, "KTH"), Rvf.Ktf()));
        var text = Rvf.Csv(Rvf.Row(), Rvf.Row(Rvf.Bo, offering: "OKÄND"));
        Assert.That((await root.TakeAsync("KTH", "a.csv", text)).Counts(), Is.EqualTo("read 2 accepted 1 waiting 1 duplicate 0 rejected 0"));
        Assert.That((await root.TakeAsync("KTH", "b.csv", text)).Text("status"), Is.EqualTo("duplicate"), "a waiting record still waits");
        await root.CloseAsync("2026-01-19");

        var receipt = await root.TakeAsync("KTH", "c.csv", text);

        Assert.That((receipt.Text("status"), receipt.Text("duplicateOf"), receipt.Counts()),
            Is.EqualTo(("accepted", default(string), "read 2 accepted 0 waiting 1 duplicate 1 rejected 0")));
    }

    [Test]
    public async Task A_partially_accepted_file_again_has_its_rejected_records_rejected_again()
    {
        using var root = await TestRoot.StartAsync();
        var text = Rvf.Csv(Rvf.Row(), Rvf.Row("199601012398"));
        await root.TakeAsync("UMU", "a.csv", text);

        var receipt = await root.TakeAsync("UMU", "a.csv", text);

        Assert.That((receipt.Text("status"), receipt.Counts()), Is.EqualTo(("partiallyAccepted", "read 2 accepted 0 waiting 0 duplicate 1 rejected 1")));
    }
}
