using Ingest.Formats;
using Ingest.Rules;
using Ingest.Worker.Ledger;
using Ingest.Worker.Tests.Support;

namespace Ingest.Worker.Tests.Operators;

/// <summary><c>baseline</c>: a school that switches in March has its autumn elsewhere. It stands as delivered, and is never delivered.</summary>
public sealed class BaselineTests
{
    [Test]
    public async Task What_builds_on_a_baseline_holds()
    {
        using var root = await TestRoot.StartAsync();

        await Desk.BaselineAsync(root, Rvf.WithHeader(Rvf.Huv(7), Rvf.Reg(start: "20250901", end: "20260118", hp: "03000", date: "20250825")));
        var avbrott = await root.TakeAsync("UMU", "a.txt", Rvf.File(1, Rvf.Avb(date: "20260110")));
        var again = await root.TakeAsync("UMU", "b.txt", Rvf.File(2, Rvf.Reg(type: "FO", hp: "00750", date: "20260112")));
        await root.CloseAsync("2026-01-19");

        using (Assert.EnterMultipleScope())
        {
            Assert.That((avbrott.Text("status"), again.GetProperty("counts").Int("waiting")), Is.EqualTo(("accepted", 0)));
            Assert.That(Desk.Delivered(root, "2026-01-19"), Is.EqualTo([$"N;REG;{Rvf.Anna};TMA101;V26A1;FO", $"N;AVB;{Rvf.Anna};TMA101;V26A1;"]), "the baseline itself is not handed on");
        }
    }

    [Test]
    public async Task What_stands_by_a_baseline_is_a_repeat_when_the_school_sends_it_and_a_contradiction_when_it_differs()
    {
        using var root = await TestRoot.StartAsync();
        await Desk.BaselineAsync(root, Rvf.WithHeader(Rvf.Huv(7), Rvf.Reg(), Rvf.Reg(Rvf.Bo)));

        var receipt = await root.TakeAsync("UMU", "a.txt", Rvf.File(1, Rvf.Reg(), Rvf.Reg(Rvf.Bo, hp: "00700")));

        Assert.That(receipt.GetProperty("findings").EnumerateArray().Select(f => $"{f.Text("code")} {f.Int("line")}"), Is.EqualTo(["R06 2", "R07 3"]));
    }

    // K41: it stands as delivered, so it cannot simply be taken back.
    [Test]
    public async Task A_removal_of_what_stands_by_a_baseline_is_one_of_what_was_delivered()
    {
        using var root = await TestRoot.StartAsync();
        await Desk.BaselineAsync(root, Rvf.WithHeader(Rvf.Huv(7), Rvf.Reg()));

        var receipt = await root.TakeAsync("UMU", "a.txt", Rvf.File(1, Rvf.Reg(action: "B")));

        Assert.That(receipt.Codes(), Is.EqualTo(["K41"]));
    }

    [Test]
    public async Task Given_twice_it_changes_nothing()
    {
        using var root = await TestRoot.StartAsync();
        var file = Rvf.WithHeader(Rvf.Huv(7), Rvf.Reg(id: "a-1"), Rvf.Reg(Rvf.Bo));
        await Desk.BaselineAsync(root, file);

        var again = await Desk.BaselineAsync(root, file);

        Assert.That((again.File.Counts.Duplicate, again.File.Counts.Accepted, again.File.Status), Is.EqualTo((2, 0, FileStatus.Duplicate)));
    }

    [Test]
    public async Task It_agrees_with_what_stands_here_already_or_is_rejected()
    {
        using var root = await TestRoot.StartAsync();
        await root.TakeAsync("UMU", "a.txt", Rvf.File(1, Rvf.Reg(), Rvf.Reg(Rvf.Bo)));
        await root.CloseAsync("2026-01-19");

        var act = await Desk.BaselineAsync(root, Rvf.WithHeader(Rvf.Huv(7), Rvf.Reg(hp: "00700"), Rvf.Reg(Rvf.Bo), Rvf.Reg(Rvf.Cia)));

        Assert.That(act.Records.SelectMany(r => r.Findings).Select(f => $"{f.Code} {f.Line}"), Is.EqualTo(["R07 2", "R06 3"]));
        Assert.That((act.File.Counts.Accepted, act.File.Counts.Duplicate, act.File.Counts.Rejected), Is.EqualTo((1, 1, 1)));
    }

    // Else it would be there twice: once from elsewhere, once from here.
    [Test]
    public async Task What_waits_for_its_close_is_not_handed_on_when_it_is_in_it()
    {
        using var root = await TestRoot.StartAsync();
        await root.TakeAsync("UMU", "a.txt", Rvf.File(1, Rvf.Reg(id: "a-1"), Rvf.Reg(Rvf.Bo, id: "b-1"), Rvf.Reg(Rvf.Cia)));

        await Desk.BaselineAsync(root, Rvf.WithHeader(Rvf.Huv(7), Rvf.Reg(id: "a-1"), Rvf.Reg(Rvf.Bo, hp: "00700", id: "b-1")));
        await root.CloseAsync("2026-01-19");
        var other = await root.TakeAsync("UMU", "b.txt", Rvf.File(2, Rvf.Res(Rvf.Cia, id: "b-1")));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(Desk.Delivered(root, "2026-01-19"), Is.EqualTo([$"N;REG;{Rvf.Cia};TMA101;V26A1;FFG"]));
            Assert.That(other.Codes(), Does.Contain("R07"), "the id of a record that the close rejected is the baseline's that has it too");
        }
    }

    [Test]
    public async Task It_holds_what_stands_so_a_removal_is_no_part_of_it()
    {
        using var root = await TestRoot.StartAsync();

        var act = await Desk.BaselineAsync(root, Rvf.WithHeader(Rvf.Huv(7), Rvf.Reg(), Rvf.Reg(Rvf.Bo, action: "B")));

        Assert.That(act.Records.SelectMany(r => r.Findings).Select(f => $"{f.Code} {f.Line} {f.Field}"), Is.EqualTo(["P06 3 åtgärd"]));
    }

    [Test]
    public async Task It_uses_up_no_number_of_the_schools_own_sequence()
    {
        using var root = await TestRoot.StartAsync();
        await Desk.BaselineAsync(root, Rvf.WithHeader(Rvf.Huv(7), Rvf.Reg()));

        var receipt = await root.TakeAsync("UMU", "a.txt", Rvf.File(1, Rvf.Reg(Rvf.Bo)));

        Assert.That((receipt.Text("status"), receipt.Int("nextSequence")), Is.EqualTo(("accepted", 2)));
    }

    [Test]
    public async Task It_counts_in_no_window_and_its_receipt_says_so()
    {
        using var root = await TestRoot.StartAsync();
        await root.CloseAsync("2026-01-19");

        await Desk.BaselineAsync(root, Rvf.WithHeader(Rvf.Huv(7), Rvf.Reg()));
        await root.CloseAsync("2026-01-20");

        var receipt = root.Receipt("host.txt");
        using (Assert.EnterMultipleScope())
        {
            Assert.That(receipt.GetProperty("window").ValueKind, Is.EqualTo(System.Text.Json.JsonValueKind.Null));
            Assert.That(root.Names("delivery", "2026-01-20"), Is.EqualTo(["manifest.TEST.json"]));
            Assert.That(root.Out().Where(n => n.Contains("kl15", StringComparison.Ordinal)), Is.Empty);
            Assert.That(Service.ServiceStatus.Of(root.App).Windows.Select(w => w.Date), Has.No.Member(DateOnly.MinValue));
        }
    }

    [Test]
    public async Task Courses_of_a_baseline_are_known_from_then_on()
    {
        using var root = await TestRoot.StartAsync();

        await Desk.BaselineAsync(root, Rvf.WithHeader(Rvf.Huv(7, "KTH"), Rvf.Ktf()), "KTH");
        var receipt = await root.TakeAsync("KTH", "a.txt", Rvf.WithHeader(Rvf.Huv(1, "KTH"), Rvf.Reg()));

        Assert.That(receipt.Text("status"), Is.EqualTo("accepted"));
    }

    [Test]
    public async Task A_file_that_is_refused_stands_for_nothing()
    {
        using var root = await TestRoot.StartAsync();

        var act = await Desk.BaselineAsync(root, Rvf.WithHeader(Rvf.Huv(7, "LU"), Rvf.Reg()));

        Assert.That((act.Taken, act.File.Status), Is.EqualTo((false, FileStatus.Rejected)));
        Assert.That((await root.TakeAsync("UMU", "a.txt", Rvf.File(1, Rvf.Reg()))).Text("status"), Is.EqualTo("accepted"));
    }

    [Test]
    public async Task One_that_is_refused_whole_leaves_nothing_behind()
    {
        using var root = await TestRoot.StartAsync();

        var act = await Desk.BaselineAsync(root, Rvf.WithHeader(Rvf.Huv(7, "KTH"), Rvf.Reg()));

        Assert.That(act.Taken, Is.False);
        Assert.That(root.Out(), Is.Empty);
        Assert.That(Desk.Audit(root), Is.Empty);
        Assert.That(root.App.Ledger.FilesOf("UMU", DateOnly.MinValue), Is.Empty);
    }
}
