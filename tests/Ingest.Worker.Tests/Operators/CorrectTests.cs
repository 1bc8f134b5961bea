using Ingest.Formats;
using Ingest.Rules;
using Ingest.Worker.Ledger;
using Ingest.Worker.Operators;
using Ingest.Worker.Service;
using Ingest.Worker.Tests.Support;

namespace Ingest.Worker.Tests.Operators;

/// <summary><c>correct</c>: what was delivered stands until an operator corrects it.</summary>
public sealed class CorrectTests
{
    [Test]
    public async Task A_removal_that_K41_refused_is_carried_out_and_handed_on_as_a_removal()
    {
        using var root = await RefusedAsync();

        var act = await CarryOutAsync(root, 2);
        await root.CloseAsync("2026-01-21");

        Assert.That(act.Taken, Is.True);
        Assert.That(Desk.Delivered(root, "2026-01-21"), Is.EqualTo([$"B;REG;{Rvf.Anna};TMA101;V26A1;FFG"]));
    }

    [Test]
    public async Task A_removal_and_its_replacement_are_both_carried_out()
    {
        using var root = await RefusedAsync();

        await CarryOutAsync(root, 2, 3);
        await root.CloseAsync("2026-01-21");

        Assert.That(Desk.Delivered(root, "2026-01-21"), Is.EqualTo([$"B;REG;{Rvf.Anna};TMA101;V26A1;FFG", $"N;REG;{Rvf.Anna};TMA101;V26A2;FFG"]));
    }

    [Test]
    public async Task The_school_gets_receipts_of_it_that_say_whose_it_is()
    {
        using var root = await RefusedAsync();

        await CarryOutAsync(root, 2);
        await root.CloseAsync("2026-01-21");

        using (Assert.EnterMultipleScope())
        {
            Assert.That(root.Receipt("rattelse.txt").Text("windowNote"), Does.StartWith("Det här är en rättelse som CSN har gjort åt er."));
            Assert.That(root.Json("ut", "UMU", "2026-01-21.TEST.kl15.json").GetProperty("counts").Int("delivered"), Is.EqualTo(1));
            Assert.That(root.Names("archive", "UMU", "2026-01-20"), Has.Some.EndsWith("_rattelse.txt"));
        }
    }

    [Test]
    public async Task It_is_audited_with_who_why_and_case_number()
    {
        using var root = await RefusedAsync();

        await CarryOutAsync(root, 2);

        Assert.That(Desk.Audit(root), Is.EqualTo([("correct", "UMU", "anna", "2026/17", "skolan har mejlat")]));
    }

    // The school asks again in the open window, and waits; then the operator orders it.
    [Test]
    public async Task What_the_school_asks_again_meanwhile_is_the_same_removal()
    {
        using var root = await RefusedAsync();
        await root.TakeAsync("UMU", "igen.txt", Rvf.File(3, Rvf.Reg(action: "B")));

        await CarryOutAsync(root, 2);
        await root.CloseAsync("2026-01-21");

        using (Assert.EnterMultipleScope())
        {
            Assert.That(Desk.Delivered(root, "2026-01-21"), Is.EqualTo([$"B;REG;{Rvf.Anna};TMA101;V26A1;FFG"]));
            var again = root.Json("ut", "UMU", "2026-01-21.TEST.kl15.json").GetProperty("records").EnumerateArray().Single(r => r.Text("outcome") == "netted");
            Assert.That(again.GetProperty("codes").EnumerateArray().Select(c => c.GetString()), Is.EqualTo(["R06"]));
        }
    }

    [Test]
    public async Task The_school_that_asks_again_afterwards_is_told_that_it_is_done()
    {
        using var root = await RefusedAsync();
        await CarryOutAsync(root, 2);

        var again = await root.TakeAsync("UMU", "igen.txt", Rvf.File(3, Rvf.Reg(action: "B")));

        Assert.That(again.Codes(), Is.EqualTo(["R06"]));
    }

    // A period that has passed: the school's removal would be netted (K44), an operator's is handed on.
    [Test]
    public async Task A_removal_of_a_period_that_has_passed_is_handed_on_when_an_operator_orders_it()
    {
        using var root = await TestRoot.StartAsync();
        await root.TakeAsync("UMU", "a.txt", Rvf.File(1, Rvf.Reg(start: "20250901", end: "20251005", date: "20250825")));
        await root.CloseAsync("2026-01-19");

        var act = await Desk.ReportAsync(root, Origin.Correction, Rvf.WithHeader(Rvf.Huv(0), Rvf.Reg(action: "B")));
        await root.CloseAsync("2026-01-20");

        Assert.That(act.Taken, Is.True);
        Assert.That(Desk.Delivered(root, "2026-01-20"), Is.EqualTo([$"B;REG;{Rvf.Anna};TMA101;V26A1;FFG"]));
    }

    [Test]
    public async Task What_would_not_hold_is_not_done_at_all()
    {
        using var root = await RefusedAsync();
        var before = root.Hashes("ut");

        // FO without FFG: it would only wait. And a removal of nothing.
        var act = await Desk.ReportAsync(root, Origin.Correction,
            Rvf.WithHeader(Rvf.Huv(0), Rvf.Reg(Rvf.Bo, type: "FO"), Rvf.Reg(Rvf.Cia, action: "B"), Rvf.Reg(Rvf.Student(1))));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(act.Taken, Is.False);
            Assert.That(act.Records.SelectMany(r => r.Findings).Select(f => f.Code), Is.EquivalentTo([FindingCode.R09, FindingCode.R40]));
            Assert.That(root.Hashes("ut"), Is.EqualTo(before));
            Assert.That(Desk.Audit(root), Is.Empty);
            Assert.That(root.App.Ledger.Unfinished(), Is.Empty);
        }
    }

    [Test]
    public async Task Only_what_a_close_refused_can_be_named_by_its_line()
    {
        using var root = await RefusedAsync();

        Assert.That(root.App.Ledger.Refused(File(root, "b.txt")).Select(e => e.Line), Is.EqualTo([2, 3]));
        Assert.That(root.App.Ledger.Refused(File(root, "a.txt")), Is.Empty);
    }

    [Test]
    public async Task A_file_of_the_school_that_is_committed_meanwhile_has_the_correction_judged_again()
    {
        using var root = await TestRoot.StartAsync();
        await root.TakeAsync("UMU", "a.txt", Rvf.File(1, Rvf.Reg()));
        var row = await root.App.Ledger.ClaimAsync("UMU", "x.txt", false, root.Clock.GetUtcNow(), new DateOnly(2026, 1, 19), null, CancellationToken.None);
        using var staging = new Staging(root.App.Ledger, row, 10, new StageClock(Stage.Read), null);

        await root.TakeAsync("UMU", "b.txt", Rvf.File(2, Rvf.Reg(Rvf.Bo)));

        Assert.That(await staging.CommitAsync([], CancellationToken.None), Is.False);
    }

    /// <summary>UMU has delivered Anna's registration on V26A1; on the 20th a removal and one on V26A2 with other extent are refused (K41).</summary>
    private static async Task<TestRoot> RefusedAsync()
    {
        var root = await TestRoot.StartAsync();
        await root.TakeAsync("UMU", "a.txt", Rvf.File(1, Rvf.Reg()));
        await root.CloseAsync("2026-01-19");
        await root.TakeAsync("UMU", "b.txt", Rvf.File(2, Rvf.Reg(action: "B"), Rvf.Reg(offering: "V26A2", hp: "00500", pace: "067")));
        await root.CloseAsync("2026-01-20");
        Assert.That(root.Json("ut", "UMU", "2026-01-20.TEST.kl15.json").GetProperty("counts").Int("refused"), Is.EqualTo(2));
        return root;
    }

    private static Task<Act> CarryOutAsync(TestRoot root, params long[] lines) => new OperatorDesk(root.App).ReportAsync(
        root.App.Schools.Current.Find("UMU")!, Origin.Correction, "rattelse.txt",
        [.. root.App.Ledger.Refused(File(root, "b.txt")).Where(e => lines.Contains(e.Line)).Select(e => e.Record)], Desk.Entry(root, "correct"), CancellationToken.None);

    private static FileRow File(TestRoot root, string name) =>
        new[] { new DateOnly(2026, 1, 19), new DateOnly(2026, 1, 20) }.SelectMany(w => root.App.Ledger.FilesOf("UMU", w)).Single(f => f.Name == name);
}
