using System.Text.Json;
using Ingest.Worker.Tests.Support;

namespace Ingest.Worker.Tests.Pipeline;

/// <summary>What refuses a whole file, or warns of it.</summary>
public class FileRulesTests
{
    private const string WrongCheckDigit = "199601012398";

    [Test]
    public async Task A_fixed_width_file_of_another_school_is_F08()
    {
        using var root = await TestRoot.StartAsync();

        var receipt = await root.TakeAsync("UMU", "f.txt", Rvf.WithHeader(Rvf.Huv(school: "LU"), Rvf.Reg(), Rvf.Reg(Rvf.Bo)));

        IsRefused(receipt, "F08", 2);
        var finding = receipt.Finding("F08");
        Assert.That((finding.Text("line"), finding.Text("column"), finding.Text("message")!.Contains("LU", StringComparison.Ordinal)), Is.EqualTo(("1", "8", true)));
    }

    [Test]
    public async Task A_csv_that_states_another_school_in_one_row_is_F08()
    {
        using var root = await TestRoot.StartAsync();

        var receipt = await root.TakeAsync("UMU", "f.csv", Rvf.Lines(Rvf.RegHeader + ";skolkod", Rvf.Row() + ";UMU", Rvf.Row(Rvf.Bo) + ";LU"));

        IsRefused(receipt, "F08", 2);
    }

    [Test]
    public async Task The_schools_own_code_is_accepted_in_any_case()
    {
        using var root = await TestRoot.StartAsync();

        Assert.That((await root.TakeAsync("UMU", "f.txt", Rvf.WithHeader(Rvf.Huv(school: "umu"), Rvf.Reg()))).Text("status"), Is.EqualTo("accepted"));
        Assert.That((await root.TakeAsync("UMU", "f.csv", Rvf.Lines(Rvf.RegHeader + ";skolkod", Rvf.Row(Rvf.Bo) + ";Umu"))).Text("status"), Is.EqualTo("accepted"));
    }

    [Test]
    public async Task A_school_that_does_not_report_by_file_is_F09_with_nothing_read()
    {
        using var root = await TestRoot.StartAsync();

        var receipt = await root.TakeAsync("PAPPER", "f.csv", Rvf.Csv(Rvf.Row()));

        IsRefused(receipt, "F09", 0);
        Assert.That(root.Names("archive", "PAPPER", "2026-01-19"), Has.Count.EqualTo(1));
    }

    [Test]
    public async Task A_kind_of_record_that_the_school_has_no_permission_for_is_F10()
    {
        using var root = await TestRoot.StartAsync();

        IsRefused(await root.TakeAsync("UMU", "k.txt", Rvf.File(1, Rvf.Reg(), Rvf.Ktf())), "F10", 2);
        IsRefused(await root.TakeAsync("KAT", "r.txt", Rvf.WithHeader(Rvf.Huv(school: "KAT"), Rvf.Ktf(), Rvf.Avb())), "F10", 2);
        Assert.That((await root.TakeAsync("KAT", "k.txt", Rvf.WithHeader(Rvf.Huv(school: "KAT"), Rvf.Ktf()))).Text("status"), Is.EqualTo("accepted"));
    }

    [Test]
    public async Task A_production_file_in_a_test_root_is_F16()
    {
        using var root = await TestRoot.StartAsync();

        IsRefused(await root.TakeAsync("UMU", "p.txt", Rvf.WithHeader(Rvf.Huv(environment: "PROD"), Rvf.Reg())), "F16", 1);
        IsRefused(await root.TakeAsync("UMU", "p.csv", Rvf.Lines(Rvf.RegHeader + ";miljö", Rvf.Row() + ";PROD")), "F16", 1);
        Assert.That((await root.TakeAsync("UMU", "t.csv", Rvf.Lines(Rvf.RegHeader + ";miljö", Rvf.Row() + ";test"))).Text("status"), Is.EqualTo("accepted"));
    }

    [Test]
    public async Task A_test_file_in_a_production_root_is_F16_and_names_there_say_nothing_of_test()
    {
        using var root = await TestRoot.StartAsync(s => s.Environment = "PROD");
        root.Drop("UMU", "t.txt", Rvf.File(1, Rvf.Reg()));
        await root.StepAsync();

        Assert.That(root.Out(), Does.Contain("t.txt.20260119-000001.kvittens.json"));
        IsRefused(root.Json("ut", "UMU", "t.txt.20260119-000001.kvittens.json"), "F16", 1);
    }

    [TestCase(20, 10, "partiallyAccepted")]
    [TestCase(20, 11, "rejected")]
    [TestCase(10, 5, "partiallyAccepted")]
    [TestCase(10, 6, "rejected")]
    [TestCase(9, 8, "partiallyAccepted", Description = "F15 is for 10 records or more")]
    public async Task More_than_half_rejected_of_ten_or_more_refuses_the_file(int records, int rejected, string status)
    {
        using var root = await TestRoot.StartAsync();

        var receipt = await root.TakeAsync("UMU", "f.txt", Rvf.File(1, Some(records, rejected)));

        Assert.That(receipt.Text("status"), Is.EqualTo(status));
        Assert.That(receipt.Codes().Count(c => c == "P10"), Is.EqualTo(rejected), "P findings stand in either case");
        if (status == "rejected") IsRefused(receipt, "F15", records, others: "P10");
        else Assert.That(receipt.Counts(), Is.EqualTo($"read {records} accepted {records - rejected} waiting 0 duplicate 0 rejected {rejected}"));
    }

    [Test]
    public async Task The_share_holds_for_csv_too_and_keeps_the_findings_of_rules()
    {
        using var root = await TestRoot.StartAsync();
        // R12: registered the day after arrival.
        var rows = Enumerable.Range(1, 10).Select(i => Rvf.Row(Rvf.Student(i), date: i <= 6 ? "2026-01-20" : "2026-01-19")).ToArray();

        var receipt = await root.TakeAsync("UMU", "f.csv", Rvf.Csv(rows));

        IsRefused(receipt, "F15", 10, others: "R12");
        Assert.That(receipt.Codes().Count(c => c == "R12"), Is.EqualTo(6));
    }

    [Test]
    public async Task The_share_is_a_setting()
    {
        using var root = await TestRoot.StartAsync(s => s.Rules.MaxRejectedShare = 0.1);

        Assert.That((await root.TakeAsync("UMU", "a.txt", Rvf.File(1, Some(10, 1)))).Text("status"), Is.EqualTo("partiallyAccepted"));
        Assert.That((await root.TakeAsync("UMU", "b.txt", Rvf.File(2, Some(10, 2)))).Text("status"), Is.EqualTo("rejected"));
    }

    [Test]
    public async Task A_resend_is_never_refused_for_its_share()
    {
        using var root = await TestRoot.StartAsync();

        var receipt = await root.TakeAsync("UMU", "om.txt", Rvf.WithHeader(Rvf.Huv(0), Some(10, 6)));

        Assert.That((receipt.Text("status"), receipt.Counts()), Is.EqualTo(("partiallyAccepted", "read 10 accepted 4 waiting 0 duplicate 0 rejected 6")));
    }

    [TestCase("", "F01", 0)]
    [TestCase("PK\u0003\u0004", "F03", 0)]
    [TestCase("HUVRVF2UMU\r\nSLU0000000000000000000\r\n", "F04", 0)]
    [TestCase("personnummer;kurskod\r\n199601012397;TMA101\r\n", "F17", 0)]
    public async Task Counts_are_zero_after_a_fault_that_stops_the_reading(string text, string code, int read)
    {
        using var root = await TestRoot.StartAsync();

        IsRefused(await root.TakeAsync("UMU", "f.csv", text), code, read);
    }

    [Test]
    public async Task Counts_are_zero_after_F05_F14_and_F18()
    {
        using var root = await TestRoot.StartAsync(s => s.Limits.MaxLines = 3);

        IsRefused(await root.TakeAsync("UMU", "f05.txt", Rvf.Lines(Rvf.Huv(), Rvf.Reg())), "F05", 0);
        IsRefused(await root.TakeAsync("UMU", "f14.txt", Rvf.File(1, Rvf.Reg(), Rvf.Reg(Rvf.Bo))), "F14", 0);
        IsRefused(await root.TakeAsync("UMU", "f18.csv", Rvf.Lines(Rvf.RegHeader + ";pnr", Rvf.Row() + ";" + Rvf.Anna)), "F18", 0);
    }

    [Test]
    public async Task Every_record_is_rejected_with_its_format_findings_after_another_fault_of_the_file()
    {
        using var root = await TestRoot.StartAsync();
        string[] records = [Rvf.Reg(), Rvf.Reg(WrongCheckDigit), Rvf.Reg(Rvf.Bo)];
        var text = Rvf.Lines([Rvf.Huv(), .. records, Rvf.Slu([.. records, Rvf.Reg(hp: "00000")])]);

        IsRefused(await root.TakeAsync("UMU", "f06.txt", text), "F06", 3, others: "P10");
        Assert.That(root.Text("ut", "UMU", "f06.txt.20260119-000001.TEST.accepterade.csv"), Is.EqualTo("rad;posttyp;händelse-id;status;kod;fönster;kvittens-id\r\n"),
            "the header alone");
        Assert.That(root.Out(), Has.None.Contains("omsandning"), "after a refusal the whole mended file is sent");
        IsRefused(await root.TakeAsync("UMU", "f07.txt", Rvf.Lines([Rvf.Huv(), .. records, Rvf.Slu(Rvf.Reg(), Rvf.Reg(), Rvf.Reg(hp: "00751"))])), "F07", 3, others: "P10");
    }

    [Test]
    public async Task A_file_whose_records_are_all_rejected_is_rejected()
    {
        using var root = await TestRoot.StartAsync();

        var receipt = await root.TakeAsync("UMU", "f.txt", Rvf.File(1, Rvf.Reg(WrongCheckDigit)));

        Assert.That((receipt.Text("status"), string.Join(' ', receipt.Codes()), receipt.Counts()),
            Is.EqualTo(("rejected", "P10", "read 1 accepted 0 waiting 0 duplicate 0 rejected 1")));
    }

    [Test]
    public async Task A_file_without_records_is_accepted_with_nothing_read()
    {
        using var root = await TestRoot.StartAsync();

        foreach (var (name, text) in new[] { ("tom.csv", Rvf.Csv()), ("tom.txt", Rvf.File(1)) })
        {
            var receipt = await root.TakeAsync("UMU", name, text);
            Assert.That((receipt.Text("status"), receipt.Counts()), Is.EqualTo(("accepted", "read 0 accepted 0 waiting 0 duplicate 0 rejected 0")));
        }
    }

    internal static string[] Some(int records, int rejected) =>
        [.. Enumerable.Range(1, records).Select(i => Rvf.Reg(i <= rejected ? WrongCheckDigit : Rvf.Student(i)))];

    private static void IsRefused(JsonElement receipt, string code, int read, string? others = null)
    {
        Assert.That(receipt.Text("status"), Is.EqualTo("rejected"));
        Assert.That(receipt.Counts(), Is.EqualTo($"read {read} accepted 0 waiting 0 duplicate 0 rejected {read}"));
        Assert.That(receipt.Finding(code).Text("severity"), Is.EqualTo("F"));
        Assert.That(receipt.Codes().Distinct(), Is.EquivalentTo(others is null ? Just.These(code) : Just.These(code, others)));
    }
}
