using Ingest.Worker.Tests.Support;

namespace Ingest.Worker.Tests.Pipeline;

/// <summary>Where a text points at a file it says the name under which the school sent it, with the id that stands in that file's receipts.</summary>
public class FileNamesTests
{
    [Test]
    public async Task A_repeat_a_contradiction_and_a_used_number_name_the_file_that_came_first()
    {
        using var root = await TestRoot.StartAsync();
        await root.TakeAsync("UMU", "termin.txt", Rvf.File(1, Rvf.Reg(), Rvf.Reg(Rvf.Bo)));
        await root.CloseAsync("2026-01-19");

        var again = await root.TakeAsync("UMU", "igen.txt", Rvf.File(2, Rvf.Reg(), Rvf.Reg(Rvf.Bo, hp: "00600"), Rvf.Reg(offering: "V26A2"), Rvf.Reg(Rvf.Cia), Rvf.Reg(Rvf.Student(1))));
        var used = await root.TakeAsync("UMU", "nummer.txt", Rvf.File(1, Rvf.Reg(Rvf.Cia)));

        Assert.That(again.Finding("R06").Text("message"), Does.Contain("i filen termin.txt (20260119-000001) på rad 2"));
        Assert.That(again.Finding("R07").Text("message"), Does.Contain("i filen termin.txt (20260119-000001) på rad 3"));
        Assert.That(again.Finding("R08").Text("message"), Does.Contain("(filen termin.txt (20260119-000001), rad 2)"));
        Assert.That(used.Finding("F12").Text("message"), Does.Contain("av filen termin.txt (20260119-000001)"));
        Assert.That(root.Text("ut", "UMU", $"igen.txt.{again.Text("fileId")}.TEST.avvisade.csv"), Does.Contain("termin.txt (20260119-000001)"));
        Assert.That(root.Text("ut", "UMU", $"igen.txt.{again.Text("fileId")}.TEST.rapport.html"), Does.Contain("termin.txt (20260119-000001)"));
    }

    [Test]
    public async Task What_a_file_says_about_itself_needs_no_id()
    {
        using var root = await TestRoot.StartAsync();

        var receipt = await root.TakeAsync("UMU", "a¦b{0}.txt", Rvf.File(1, Rvf.Reg(), Rvf.Reg()));

        // A broken bar divides two languages where we write; in a name it is one character.
        Assert.That(receipt.Finding("R06").Text("message"), Does.Contain("i filen a|b{0}.txt på rad 2."));
    }

    [Test]
    public async Task A_file_that_comes_again_whole_is_told_the_name_of_the_first()
    {
        using var root = await TestRoot.StartAsync();
        await root.TakeAsync("UMU", "a.csv", Rvf.Csv(Rvf.Row()));

        var receipt = await root.TakeAsync("UMU", "b.csv", Rvf.Csv(Rvf.Row()));

        Assert.That(receipt.Text("summary"), Does.StartWith("Samma fil är redan inlämnad, som a.csv (20260119-000001)."));
    }

    [Test]
    public async Task The_close_names_the_files_that_were_netted_in_every_receipt()
    {
        using var root = await TestRoot.StartAsync();
        await root.TakeAsync("UMU", "forst.txt", Rvf.File(1, Rvf.Reg()));
        await root.TakeAsync("UMU", "sedan.txt", Rvf.File(2, Rvf.Reg(action: "B")));
        await root.CloseAsync("2026-01-19");

        var record = root.Json("ut", "UMU", "2026-01-19.TEST.kl15.json").GetProperty("records")[1];
        Assert.That((record.Text("fileName"), record.Text("counterpart", "fileId"), record.Text("counterpart", "fileName")), Is.EqualTo(("sedan.txt", "20260119-000001", "forst.txt")));
        Assert.That(record.Text("message"), Does.Contain("kvittad mot filen forst.txt (20260119-000001), rad 2"));
        var csv = root.Text("ut", "UMU", "2026-01-19.TEST.kl15.csv").Split("\r\n");
        Assert.That((csv[0], csv[2][..16], csv[2].Split(';')[^1]), Is.EqualTo(("fil;rad;händelse-id;posttyp;utfall;kod;meddelande;mot", "20260119-000002;", "20260119-000001-2")), "its columns are a contract, and hold ids");
        Assert.That(csv[2], Does.Contain("forst.txt (20260119-000001), rad 2"));
        Assert.That(root.Text("ut", "UMU", "2026-01-19.TEST.kl15.html"), Does.Contain("forst.txt (20260119-000001), rad 2"));
    }

    // R08 reads the first file's registration, which waits for nothing; the notice at 14:30 tells of the second.
    [Test]
    public async Task The_notice_at_half_past_two_names_the_file_of_the_record_and_the_one_that_it_points_at()
    {
        using var root = await TestRoot.StartAsync();
        await root.TakeAsync("UMU", "forst.txt", Rvf.File(1, Rvf.Reg()));
        await root.TakeAsync("UMU", "sedan.txt", Rvf.File(2, Rvf.Reg(offering: "V26A2", date: "20260113")));
        await root.StepAsync(TestRoot.Winter("2026-01-19T14:30:00"));

        var record = root.Json("ut", "UMU", "2026-01-19.TEST.forhand.json").GetProperty("records")[0];
        Assert.That((record.Text("fileId"), record.Text("fileName")), Is.EqualTo(("20260119-000002", "sedan.txt")));
        Assert.That(record.Text("message"), Does.Contain("(filen forst.txt (20260119-000001), rad 2)"));
        Assert.That(root.Text("ut", "UMU", "2026-01-19.TEST.forhand.csv").Split("\r\n")[1], Does.EndWith(";sedan.txt"));
    }

    // details.md 40: the last four digits of a number in a name become xxxx in every name that we write.
    [Test]
    public async Task A_number_in_a_name_stays_masked_where_another_file_points_at_it()
    {
        using var root = await TestRoot.StartAsync();
        root.Drop("UMU", Rvf.Anna + ".txt", Rvf.File(1, Rvf.Reg()));
        await root.StepAsync();

        var receipt = await root.TakeAsync("UMU", "b.txt", Rvf.File(2, Rvf.Reg(), Rvf.Reg(Rvf.Bo)));

        Assert.That(receipt.Finding("R06").Text("message"), Does.Contain("i filen 19960101xxxx.txt (20260119-000001)").And.Not.Contain(Rvf.Anna));
    }
}
