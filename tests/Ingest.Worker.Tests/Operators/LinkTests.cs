using Dapper;
using Ingest.Rules;
using Ingest.Worker.Operators;
using Ingest.Worker.Tests.Support;

namespace Ingest.Worker.Tests.Operators;

/// <summary><c>link</c>: history follows the person, and nothing is counted twice. Anna's number is corrected to Bo's.</summary>
public sealed class LinkTests
{
    [Test]
    public async Task What_was_reported_under_the_old_number_is_the_persons()
    {
        using var root = await DeliveredAsync();

        await LinkAsync(root, Rvf.Anna, Rvf.Bo);
        var receipt = await root.TakeAsync("UMU", "b.txt", Rvf.File(2, Rvf.Avb(Rvf.Bo), Rvf.Reg(Rvf.Bo)));

        Assert.That(receipt.GetProperty("findings").EnumerateArray().Select(f => $"{f.Text("code")} {f.Int("line")}"), Is.EqualTo(["R06 3"]));
        Assert.That(receipt.GetProperty("counts").Int("accepted"), Is.EqualTo(1));
    }

    [Test]
    public async Task What_still_comes_under_the_old_number_is_the_persons_too_and_is_handed_on_under_the_new()
    {
        using var root = await DeliveredAsync();

        await LinkAsync(root, Rvf.Anna, Rvf.Bo);
        await root.TakeAsync("UMU", "b.txt", Rvf.File(2, Rvf.Avb(Rvf.Anna)));
        await root.CloseAsync("2026-01-20");

        Assert.That(Desk.Delivered(root, "2026-01-20"), Is.EqualTo([$"Ä;PNR;{Rvf.Bo};;;", $"N;AVB;{Rvf.Bo};TMA101;V26A1;"]));
        Assert.That(root.Text("delivery", "2026-01-20", "UMU.csv"), Does.Contain($"personnummer={Rvf.Anna}"));
    }

    [Test]
    public async Task Records_of_one_window_under_both_numbers_are_judged_together()
    {
        using var root = await TestRoot.StartAsync();
        await LinkAsync(root, Rvf.Anna, Rvf.Bo);

        await root.TakeAsync("UMU", "a.txt", Rvf.File(1, Rvf.Avb(Rvf.Bo)));
        await root.TakeAsync("UMU", "b.txt", Rvf.File(2, Rvf.Reg(Rvf.Anna)));
        await root.CloseAsync("2026-01-19");

        Assert.That(Desk.Delivered(root, "2026-01-19"), Is.EqualTo([$"Ä;PNR;{Rvf.Bo};;;", $"N;REG;{Rvf.Bo};TMA101;V26A1;FFG", $"N;AVB;{Rvf.Bo};TMA101;V26A1;"]));
    }

    [Test]
    public async Task A_handelse_id_may_be_used_under_both_numbers_for_the_same_thing()
    {
        using var root = await TestRoot.StartAsync();
        await LinkAsync(root, Rvf.Anna, Rvf.Bo);
        await root.TakeAsync("UMU", "a.txt", Rvf.File(1, Rvf.Reg(Rvf.Anna, id: "x-1")));

        var receipt = await root.TakeAsync("UMU", "b.txt", Rvf.File(2, Rvf.Reg(Rvf.Bo, id: "x-1")));

        Assert.That(receipt.Codes(), Is.EqualTo(["R06"]));
    }

    [Test]
    public async Task An_earlier_delivery_made_again_is_the_same_bytes()
    {
        using var root = await DeliveredAsync();
        var before = root.Hashes("delivery", "2026-01-19");

        await LinkAsync(root, Rvf.Anna, Rvf.Bo);
        root.Sql("UPDATE closed_window SET delivered = NULL");
        await root.StepAsync();

        Assert.That(root.Hashes("delivery", "2026-01-19"), Is.EqualTo(before));
    }

    [Test]
    public async Task An_interim_number_is_read_as_the_person_from_then_on()
    {
        using var root = await TestRoot.StartAsync();
        const string Interim = "19960101T123";
        var before = await root.TakeAsync("UMU", "a.txt", Rvf.File(1, Rvf.Reg(Interim), Rvf.Reg(Rvf.Cia)));

        await LinkAsync(root, Interim, Rvf.Bo);
        var after = await root.TakeAsync("UMU", "b.txt", Rvf.File(2, Rvf.Reg(Interim)));
        await root.CloseAsync("2026-01-19");

        using (Assert.EnterMultipleScope())
        {
            Assert.That(before.Codes(), Is.EqualTo(["P12"]));
            Assert.That(after.Text("status"), Is.EqualTo("accepted"));
            Assert.That(Desk.Delivered(root, "2026-01-19"), Is.EqualTo([$"Ä;PNR;{Rvf.Bo};;;", $"N;REG;{Rvf.Bo};TMA101;V26A1;FFG", $"N;REG;{Rvf.Cia};TMA101;V26A1;FFG"]));
        }
    }

    [Test]
    public async Task A_number_that_is_corrected_twice_leads_to_the_last_one()
    {
        using var root = await DeliveredAsync();
        await LinkAsync(root, Rvf.Anna, Rvf.Bo);
        await root.CloseAsync("2026-01-20");

        await LinkAsync(root, Rvf.Bo, Rvf.Cia);
        var receipt = await root.TakeAsync("UMU", "b.txt", Rvf.File(2, Rvf.Avb(Rvf.Cia)));

        Assert.That(receipt.Text("status"), Is.EqualTo("accepted"));
    }

    [Test]
    public async Task What_stands_under_both_numbers_is_told()
    {
        using var root = await TestRoot.StartAsync();
        await root.TakeAsync("UMU", "a.txt", Rvf.File(1, Rvf.Reg(Rvf.Anna), Rvf.Reg(Rvf.Bo), Rvf.Reg(Rvf.Bo, course: "FYSA01")));
        await root.CloseAsync("2026-01-19");

        await LinkAsync(root, Rvf.Anna, Rvf.Bo);

        Assert.That(root.App.Ledger.StandingTwice("UMU", long.Parse(Rvf.Bo, System.Globalization.CultureInfo.InvariantCulture)).Select(e => $"{e.Record.CourseCode} {e.Line}"), Is.EqualTo(["TMA101 3"]));
    }

    [TestCase(Rvf.Anna)]
    [TestCase(Rvf.Bo)]
    [TestCase("19960101T123")]
    public async Task Show_leads_from_each_of_the_numbers_to_the_records_of_all(string asked)
    {
        using var root = await DeliveredAsync();
        await LinkAsync(root, Rvf.Anna, Rvf.Bo);
        await LinkAsync(root, "19960101T123", Rvf.Bo);
        await root.TakeAsync("UMU", "b.txt", Rvf.File(2, Rvf.Avb("19960101T123"), Rvf.Reg(Rvf.Cia)));

        var shown = await Cli.RunAsync("show", "--school", "UMU", "--personnummer", asked, "--root", root.Folder, "--format", "json");

        using var json = System.Text.Json.JsonDocument.Parse(shown.Out);
        Assert.That(json.RootElement.GetProperty("records").EnumerateArray().Select(r => $"{r.Text("kind")} {r.GetProperty("underOtherNumber").GetBoolean()}"),
            Is.EqualTo([$"REG {asked != Rvf.Anna}", $"AVB {asked == Rvf.Anna}"]));
    }

    [Test]
    public async Task Another_schools_students_are_not_touched()
    {
        using var root = await TestRoot.StartAsync();
        await root.TakeAsync("LU", "a.txt", Rvf.WithHeader(Rvf.Huv(1, "LU"), Rvf.Ktf(), Rvf.Reg(Rvf.Anna)));
        await LinkAsync(root, Rvf.Anna, Rvf.Bo);

        var receipt = await root.TakeAsync("LU", "b.txt", Rvf.WithHeader(Rvf.Huv(2, "LU"), Rvf.Avb(Rvf.Bo)));

        Assert.That(receipt.Codes(), Is.EqualTo(["R20"]));
    }

    [Test]
    public async Task A_removal_under_one_number_removes_what_stands_under_that_number()
    {
        using var root = await TestRoot.StartAsync();
        await root.TakeAsync("UMU", "a.txt", Rvf.File(1, Rvf.Reg(Rvf.Anna, hp: "00750"), Rvf.Reg(Rvf.Bo, hp: "00300", pace: "040")));
        await root.CloseAsync("2026-01-19");
        await LinkAsync(root, Rvf.Anna, Rvf.Bo);
        var act = await Desk.ReportAsync(root, Origin.Correction, Rvf.WithHeader(Rvf.Huv(0), Rvf.Reg(Rvf.Anna, action: "B", hp: "00750")));
        await root.CloseAsync("2026-01-20");
        Assert.That(Stored.Standing(root.App.Ledger), Is.EqualTo(new[] { N(Rvf.Bo) }));
    }

    // The removal is sent again by a system that knows no händelse-id: what it was about is gone, and it is not about the other.
    [Test]
    public async Task The_same_removal_sent_again_leaves_what_stands_under_the_other_number()
    {
        using var root = await BothAsync();
        await Desk.ReportAsync(root, Origin.Correction, Rvf.WithHeader(Rvf.Huv(0), Rvf.Reg(Rvf.Anna, action: "B")));
        await root.CloseAsync("2026-01-20");

        var again = await Desk.ReportAsync(root, Origin.Correction, Rvf.WithHeader(Rvf.Huv(0), Rvf.Reg(Rvf.Anna, action: "B")));
        await root.CloseAsync("2026-01-21");

        Assert.That((again.Taken, Standing(root)), Is.EqualTo((false, Rvf.Bo)));
    }

    [Test]
    public async Task What_stands_under_both_numbers_can_be_removed_in_one_window()
    {
        using var root = await BothAsync();

        await Desk.ReportAsync(root, Origin.Correction, Rvf.WithHeader(Rvf.Huv(0), Rvf.Reg(Rvf.Anna, action: "B"), Rvf.Reg(Rvf.Bo, action: "B")));
        await root.CloseAsync("2026-01-20");

        Assert.That(Standing(root), Is.Empty);
        Assert.That(Desk.Delivered(root, "2026-01-20").Count(l => l == $"B;REG;{Rvf.Bo};TMA101;V26A1;FFG"), Is.EqualTo(2), "each was delivered, so each is taken back");
    }

    // The school asks for Bo's, in vain (K41); the operator orders Anna's.
    [Test]
    public async Task An_operators_removal_under_one_number_is_not_the_schools_under_the_other()
    {
        using var root = await BothAsync();
        await root.TakeAsync("UMU", "b.txt", Rvf.File(2, Rvf.Reg(Rvf.Bo, action: "B")));

        await Desk.ReportAsync(root, Origin.Correction, Rvf.WithHeader(Rvf.Huv(0), Rvf.Reg(Rvf.Anna, action: "B")));
        await root.CloseAsync("2026-01-20");

        Assert.That(Standing(root), Is.EqualTo(Rvf.Bo));
    }

    [Test]
    public async Task What_is_left_under_the_other_number_still_carries_an_avbrott_in_the_same_window()
    {
        using var root = await TestRoot.StartAsync();
        await root.TakeAsync("UMU", "a.txt", Rvf.File(1, Rvf.Reg(Rvf.Anna), Rvf.Reg(Rvf.Bo)));
        await root.CloseAsync("2026-01-19");
        await LinkAsync(root, Rvf.Anna, Rvf.Bo);
        await Desk.ReportAsync(root, Origin.Correction, Rvf.WithHeader(Rvf.Huv(0), Rvf.Reg(Rvf.Anna, action: "B")));
        await root.TakeAsync("UMU", "b.txt", Rvf.File(2, Rvf.Avb(Rvf.Bo)));
        await root.CloseAsync("2026-01-20");
        Assert.That(root.Json("ut", "UMU", "2026-01-20.TEST.kl15.json").GetProperty("counts").GetProperty("refused").GetInt32(), Is.Zero);
    }

    [Test]
    public async Task Replay_over_a_link_shows_no_difference()
    {
        using var root = await TestRoot.StartAsync();
        await root.TakeAsync("UMU", "a.txt", Rvf.File(1, Rvf.Reg(Rvf.Anna)));
        await root.CloseAsync("2026-01-19");
        await LinkAsync(root, Rvf.Anna, Rvf.Bo);
        var receipt = await root.TakeAsync("UMU", "b.txt", Rvf.File(2, Rvf.Avb(Rvf.Bo)));
        var r = await Cli.RunAsync(["replay", receipt.GetProperty("fileId").GetString()!, "--root", root.Folder]);
        Assert.That(r.Out, Does.Contain("Ingen skillnad"));
    }

    [Test]
    public async Task Standing_shows_the_number_that_holds()
    {
        using var root = await TestRoot.StartAsync();
        await root.TakeAsync("UMU", "a.txt", Rvf.File(1, Rvf.Reg(Rvf.Anna)));
        await root.CloseAsync("2026-01-19");
        await LinkAsync(root, Rvf.Anna, Rvf.Bo);
        await root.CloseAsync("2026-01-20");
        var r = await Cli.RunAsync(["standing", "--school", "UMU", "--root", root.Folder]);
        Assert.That(r.Out, Does.Contain(Rvf.Bo));
    }

    [Test]
    public async Task A_link_is_never_dated_in_a_window_that_has_closed_meanwhile()
    {
        using var root = await DeliveredAsync();

        var linked = await root.App.Ledger.LinkAsync("UMU", Rvf.Anna, N(Rvf.Bo), new DateOnly(2026, 1, 19), Desk.Entry(root, "link"), CancellationToken.None);

        Assert.That((linked, Desk.Audit(root).Count), Is.EqualTo((false, 0)));
    }

    /// <summary>The same registration stands under both numbers, which are then linked.</summary>
    private static async Task<TestRoot> BothAsync()
    {
        var root = await TestRoot.StartAsync();
        await root.TakeAsync("UMU", "a.txt", Rvf.File(1, Rvf.Reg(Rvf.Anna), Rvf.Reg(Rvf.Bo)));
        await root.CloseAsync("2026-01-19");
        await LinkAsync(root, Rvf.Anna, Rvf.Bo);
        return root;
    }

    private static string Standing(TestRoot root) => string.Join(' ', Stored.Standing(root.App.Ledger));

    private static long N(string number) => long.Parse(number, System.Globalization.CultureInfo.InvariantCulture);

    private static async Task<TestRoot> DeliveredAsync()
    {
        var root = await TestRoot.StartAsync();
        await root.TakeAsync("UMU", "a.txt", Rvf.File(1, Rvf.Reg(Rvf.Anna)));
        await root.CloseAsync("2026-01-19");
        return root;
    }

    private static Task<bool> LinkAsync(TestRoot root, string from, string to) => root.App.Ledger.LinkAsync(
        "UMU", from, long.Parse(to, System.Globalization.CultureInfo.InvariantCulture), new OperatorDesk(root.App).OpenWindow(), Desk.Entry(root, "link"), CancellationToken.None);
}
