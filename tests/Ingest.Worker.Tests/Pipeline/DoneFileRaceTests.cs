using System.Text;
using Ingest.Worker.Tests.Support;

namespace Ingest.Worker.Tests.Pipeline;

/// <summary>A done-file vouches for the one file that it was written for; and what it states is read as it was written.</summary>
public class DoneFileRaceTests
{
    private static readonly string Csv = Rvf.Csv(Rvf.Row(), Rvf.Row(Rvf.Bo));

    [Test]
    public async Task A_second_file_of_the_name_is_not_taken_on_the_done_file_of_the_first()
    {
        using var root = await TestRoot.StartAsync();
        // The first is claimed, and cannot come further.
        TestRoot.Files.Directory.Delete(root.At("work"), recursive: true);
        TestRoot.Files.File.WriteAllText(root.At("work"), "");
        root.Drop("HÖS", "a.csv", Csv);
        root.Drop("HÖS", "a.csv.klar", "antal=2");
        await root.StepAsync();
        Assert.That(root.Names("in", "HÖS"), Is.Empty, "the done-file goes with its file");

        root.Drop("HÖS", "a.csv", Rvf.Csv(Rvf.Row(Rvf.Cia)));
        await root.AdvanceAsync(1);
        Assert.That(root.Names("in", "HÖS"), Is.EqualTo(Just.These("a.csv")), "its school has not said that it is whole");

        TestRoot.Files.File.Delete(root.At("work"));
        await root.AdvanceAsync(16 * 60);
        var receipt = root.Receipt("a.csv", "HÖS");
        Assert.That((receipt.Text("fileId"), receipt.Text("status"), receipt.Text("counts", "declared")), Is.EqualTo(("20260119-000001", "accepted", "2")));
        Assert.That(root.Names("in", "HÖS"), Is.EqualTo(Just.These("a.csv")));

        root.Drop("HÖS", "a.csv.klar", "antal=1");
        await root.AdvanceAsync(1);
        Assert.That(root.Receipt("a.csv", "HÖS").Text("counts", "declared"), Is.EqualTo("1"));
    }

    [Test]
    public async Task A_done_file_that_was_taken_with_its_file_is_read_after_a_restart()
    {
        using var root = await TestRoot.StartAsync();
        await root.App.Ledger.ClaimAsync("HÖS", "a.csv", false, TestRoot.Morning, new DateOnly(2026, 1, 19), null, CancellationToken.None);
        TestRoot.Files.File.WriteAllText(root.At("in", "HÖS", ".ingest", "20260119-000001"), Csv);
        TestRoot.Files.File.WriteAllText(root.At("in", "HÖS", ".ingest", "20260119-000001.klar"), "antal=9");

        await root.RestartAsync(TestRoot.Morning.AddMinutes(1));
        await root.StepAsync();

        Assert.That(string.Join(' ', root.Receipt("a.csv", "HÖS").Codes()), Is.EqualTo("F06"));
    }

    [TestCase("utf-16", "antal=2\r\nhp=15\r\n", "")]
    [TestCase("utf-16BE", "antal=2\r\nhp=15\r\n", "")]
    [TestCase("utf-16", "antal=3\r\n", "F06")]
    [TestCase("utf-16BE", "hp=14\r\n", "F07")]
    public async Task A_done_file_in_utf16_is_read(string encoding, string done, string codes)
    {
        using var root = await TestRoot.StartAsync();
        var utf16 = Encoding.GetEncoding(encoding);
        root.Drop("UMU", "a.csv.klar", [.. utf16.GetPreamble(), .. utf16.GetBytes(done)]);

        var receipt = await root.TakeAsync("UMU", "a.csv", Csv);

        Assert.That(string.Join(' ', receipt.Codes()), Is.EqualTo(codes));
        if (codes.Length == 0) Assert.That(receipt.Text("counts", "declared"), Is.EqualTo("2"));
    }

    [TestCase("7,505")]
    [TestCase("7.501")]
    [TestCase("7,509")]
    public async Task Credits_with_more_than_two_decimals_are_a_fault_and_not_rounded(string hp)
    {
        using var root = await TestRoot.StartAsync();
        root.Drop("UMU", "a.csv.klar", "hp=" + hp);

        var receipt = await root.TakeAsync("UMU", "a.csv", Rvf.Csv(Rvf.Row(hp: "7,5")));

        Assert.That((receipt.Text("status"), string.Join(' ', receipt.Codes())), Is.EqualTo(("rejected", "F07")));
    }
}
