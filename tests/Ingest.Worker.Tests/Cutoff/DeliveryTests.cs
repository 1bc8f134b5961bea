using System.Globalization;
using System.Security.Cryptography;
using Ingest.Worker.Tests.Support;

namespace Ingest.Worker.Tests.Pipeline;

/// <summary>What a closed window hands on: a CSV a school, and a manifest that names the one before it.</summary>
public class DeliveryTests
{
    private const string Header = "åtgärd;posttyp;personnummer;kurskod;kurstillfälleskod;registreringstyp;omfattning;studietakt;start;slut;registreringsdatum;"
        + "typ;avbrottsdatum;modulkod;hp;betyg;examinationsdatum;tillgodoräknande;händelse-id;tidigare;fil;rad";

    private static readonly string[] First =
    [
        Rvf.Res(Rvf.Anna, id: "res-1"), Rvf.Reg(Rvf.Anna, id: "reg-1"), Rvf.Avb(Rvf.Anna, "MAT100", "H1"), Rvf.Reg(Rvf.Anna, "MAT100", "H1", hp: "01500"),
        Rvf.Reg(Rvf.Bo), Rvf.Res(Rvf.Bo, offering: "", module: "M1", grade: "VG", transfer: "J"),
    ];

    [Test]
    public async Task A_delivery_has_the_published_columns_sorted_by_student_kind_and_key()
    {
        using var root = await TestRoot.StartAsync();
        await root.TakeAsync("UMU", "f.txt", Rvf.File(1, First));
        await root.CloseAsync("2026-01-19");

        var bytes = root.Bytes("delivery", "2026-01-19", FileOf(root, "2026-01-19"));
        Assert.That(bytes[0], Is.Not.EqualTo(0xEF), "UTF-8 without BOM");
        var lines = System.Text.Encoding.UTF8.GetString(bytes).Split('\n');
        Assert.That(lines[0], Is.EqualTo(Header));
        Assert.That(lines[^1], Is.Empty, "every line ends in LF alone");
        Assert.That(lines, Has.None.Contains("\r"));
        Assert.That(lines.Skip(1).SkipLast(1).Select(Normal), Is.EqualTo(Just.These(
            "N;REG;198802292394;TMA101;V26A1;FFG;7,5;100;2026-01-19;2026-02-22;2026-01-12;;;;;;;;;;20260119-000001;6",
            "N;RES;198802292394;TMA101;;;;;;;;;;M1;4,5;VG;2026-01-19;J;;;20260119-000001;7",
            "N;REG;199601012397;MAT100;H1;FFG;15;100;2026-01-19;2026-02-22;2026-01-12;;;;;;;;;;20260119-000001;5",
            "N;REG;199601012397;TMA101;V26A1;FFG;7,5;100;2026-01-19;2026-02-22;2026-01-12;;;;;;;;reg-1;;20260119-000001;3",
            "N;AVB;199601012397;MAT100;H1;;;;;;;A;2026-01-19;;;;;;;;20260119-000001;4",
            "N;RES;199601012397;TMA101;V26A1;;;;;;;;;;4,5;G;2026-01-19;N;res-1;;20260119-000001;2")));
    }

    [Test]
    public async Task The_manifest_counts_sums_and_hashes_what_is_delivered()
    {
        using var root = await TestRoot.StartAsync();
        await root.TakeAsync("UMU", "f.txt", Rvf.File(1, First));
        await root.TakeAsync("KTH", "k.txt", Rvf.WithHeader(Rvf.Huv(1, "KTH"), Rvf.Ktf(), Rvf.Reg(), Rvf.Reg(offering: "X")));
        await root.CloseAsync("2026-01-19");

        var manifest = root.Json("delivery", "2026-01-19", "manifest.TEST.json");
        Assert.That((manifest.Text("environment"), manifest.Text("window", "date"), manifest.Text("window", "closesAt"), manifest.Text("window", "closedAt"), manifest.Text("previous")),
            Is.EqualTo(("TEST", "2026-01-19", "2026-01-19T15:00:00+01:00", "2026-01-19T15:00:03+01:00", default(string))));
        var schools = manifest.GetProperty("schools").EnumerateArray().ToDictionary(s => s.Text("code")!);
        Assert.That(schools.Keys, Is.EqualTo(Just.These("KTH", "UMU")));
        var umu = schools["UMU"];
        Assert.That((umu.Text("events"), umu.Text("byKind", "REG"), umu.Text("byKind", "AVB"), umu.Text("byKind", "RES")), Is.EqualTo(("6", "3", "1", "2")));
        Assert.That(umu.GetProperty("hp").GetDecimal(), Is.EqualTo(7.5m + 15m + 7.5m + 4.5m + 4.5m));
        Assert.That(umu.Text("sha256"), Is.EqualTo(Sha256(root.Bytes("delivery", "2026-01-19", umu.Text("file")!))));
        Assert.That((schools["KTH"].Text("events"), schools["KTH"].GetProperty("hp").GetDecimal()), Is.EqualTo(("1", 7.5m)));
        Assert.That(WindowTests.Totals(root, "2026-01-19"), Is.EqualTo("accepted 8 waiting 1 delivered 7 netted 0 refused 1 catalogue 1"));
    }

    [Test]
    public async Task Each_manifest_names_the_one_before_it_and_an_empty_window_has_one_too()
    {
        using var root = await TestRoot.StartAsync();
        await root.TakeAsync("UMU", "f.txt", Rvf.File(1, First));
        string[] dates = ["2026-01-19", "2026-01-20", "2026-01-21"];
        foreach (var date in dates) await root.CloseAsync(date);

        string? previous = null;
        foreach (var date in dates)
        {
            Assert.That(root.Json("delivery", date, "manifest.TEST.json").Text("previous"), Is.EqualTo(previous), date);
            previous = Sha256(root.Bytes("delivery", date, "manifest.TEST.json"));
        }
        Assert.That(root.Names("delivery", "2026-01-20"), Is.EqualTo(Just.These("manifest.TEST.json")));
        Assert.That(root.Json("delivery", "2026-01-20", "manifest.TEST.json").GetProperty("schools").GetArrayLength(), Is.Zero);
        Assert.That(WindowTests.Totals(root, "2026-01-20"), Is.EqualTo("accepted 0 waiting 0 delivered 0 netted 0 refused 0 catalogue 0"));
    }

    [Test]
    public async Task A_delivered_result_that_is_replaced_is_one_row_Ä_with_its_old_values_and_a_lifted_avbrott_is_a_row_B()
    {
        using var root = await TestRoot.StartAsync();
        await root.TakeAsync("UMU", "f.txt", Rvf.File(1, First));
        await root.CloseAsync("2026-01-19");
        await root.TakeAsync("UMU", "g.txt", Rvf.File(2,
            Rvf.Res(Rvf.Anna, action: "B", id: "res-1"), Rvf.Res(Rvf.Anna, hp: "00600", grade: "VG", id: "res-2"), Rvf.Avb(Rvf.Anna, "MAT100", "H1", action: "B")));
        await root.CloseAsync("2026-01-20");

        var rows = Rows(root, "2026-01-20");
        Assert.That(rows.Select(r => $"{r["åtgärd"]} {r["posttyp"]} {r["kurskod"]}"), Is.EqualTo(Just.These("B AVB MAT100", "Ä RES TMA101")));
        var change = rows[1];
        Assert.That((Hp(change["hp"]), change["betyg"], change["händelse-id"], change["fil"], change["rad"]), Is.EqualTo((6m, "VG", "res-2", "20260119-000002", "3")));
        var old = change["tidigare"].Split('|').ToDictionary(p => p.Split('=')[0], p => p.Split('=')[1]);
        Assert.That((Hp(old["hp"]), old["betyg"]), Is.EqualTo((4.5m, "G")));

        var umu = root.Json("delivery", "2026-01-20", "manifest.TEST.json").GetProperty("schools")[0];
        Assert.That(umu.Text("events"), Is.EqualTo("2"));
        Assert.That(WindowTests.Totals(root, "2026-01-20"), Is.EqualTo("accepted 3 waiting 0 delivered 3 netted 0 refused 0 catalogue 0"), "Ä is one row and two records delivered");
    }

    [Test]
    public async Task A_delivered_registration_that_is_replaced_with_the_same_extent_and_period_hands_on_the_new_one_alone()
    {
        using var root = await TestRoot.StartAsync();
        await root.TakeAsync("UMU", "f.txt", Rvf.File(1, Rvf.Reg()));
        await root.CloseAsync("2026-01-19");
        var receipt = await root.TakeAsync("UMU", "g.txt", Rvf.File(2, Rvf.Reg(action: "B"), Rvf.Reg(offering: "V26B2")));
        Assert.That((receipt.Counts(), receipt.Codes().Count), Is.EqualTo(("read 2 accepted 2 waiting 0 duplicate 0 rejected 0", 0)), "intake receipts carry no K42-K45");
        await root.CloseAsync("2026-01-20");

        Assert.That(Rows(root, "2026-01-20").Select(r => $"{r["åtgärd"]} {r["posttyp"]} {r["kurstillfälleskod"]} {r["tidigare"]}"), Is.EqualTo(Just.These("N REG V26B2 ")));
        Assert.That(WindowTests.Totals(root, "2026-01-20"), Is.EqualTo("accepted 2 waiting 0 delivered 1 netted 1 refused 0 catalogue 0"));
    }

    [Test]
    public async Task The_delivery_does_not_depend_on_the_order_in_which_files_came()
    {
        var deliveries = new List<string>();
        foreach (var order in new[] { new[] { 0, 1, 2 }, [2, 1, 0], [1, 2, 0] })
        {
            using var root = await TestRoot.StartAsync();
            string[] files = [Rvf.Csv(Rvf.Row()), Rvf.File(1, Rvf.Res()), Rvf.File(2, Rvf.Avb(), Rvf.Reg(Rvf.Bo), Rvf.Avb(Rvf.Cia))];
            foreach (var i in order) await root.TakeAsync("UMU", $"f{i}." + (i == 0 ? "csv" : "txt"), files[i]);
            await root.CloseAsync("2026-01-19");
            deliveries.Add(string.Join('\n', Rows(root, "2026-01-19").Select(r => string.Join(';', r.Where(c => c.Key is not ("fil" or "rad")).Select(c => c.Value)))));
        }

        Assert.That(deliveries[0].Split('\n'), Has.Length.EqualTo(4));
        Assert.That(deliveries, Is.All.EqualTo(deliveries[0]));
    }

    [Test]
    public async Task In_production_the_names_say_nothing_of_test()
    {
        using var root = await TestRoot.StartAsync(s => s.Environment = "PROD");
        root.Drop("UMU", "f.csv", Rvf.Csv(Rvf.Row()));
        await root.StepAsync();
        await root.CloseAsync("2026-01-19");

        Assert.That(root.Names("delivery", "2026-01-19"), Is.EqualTo(Just.These("UMU.csv", "manifest.json")));
        Assert.That(root.Json("delivery", "2026-01-19", "manifest.json").Text("environment"), Is.EqualTo("PROD"));
        Assert.That(root.Out(), Does.Contain("2026-01-19.kl15.csv").And.Contain("2026-01-19.kl15.html").And.Contain("2026-01-19.kl15.json"));
    }

    [Test]
    public async Task Closing_twice_does_nothing()
    {
        using var root = await TestRoot.StartAsync();
        await root.TakeAsync("UMU", "f.txt", Rvf.File(1, First));
        await root.CloseAsync("2026-01-19");
        var (delivery, receipts) = (root.Hashes("delivery"), root.Hashes("ut"));
        root.Clock.Advance(TimeSpan.FromMinutes(5));

        await root.App.Close.CloseAsync(new DateOnly(2026, 1, 19), CancellationToken.None);
        root.App.Bell.Ring();
        await root.StepAsync();

        Assert.That(root.Hashes("delivery"), Is.EqualTo(delivery));
        Assert.That(root.Hashes("ut"), Is.EqualTo(receipts));
        Assert.That(root.App.Ledger.Windows(), Has.Count.EqualTo(1));
    }

    [Test]
    public async Task A_delivery_that_a_crash_left_undone_is_made_good_at_the_next_start()
    {
        using var whole = await TestRoot.StartAsync();
        await whole.TakeAsync("UMU", "f.txt", Rvf.File(1, First));
        await whole.CloseAsync("2026-01-19");

        using var root = await TestRoot.StartAsync();
        await root.TakeAsync("UMU", "f.txt", Rvf.File(1, First));
        // A folder where the delivery should go: the close is committed, the hand-on fails.
        TestRoot.Files.Directory.CreateDirectory(root.At("delivery", "2026-01-19", "UMU.csv", "sten"));
        await root.CloseAsync("2026-01-19");
        Assert.That((root.App.Ledger.Windows()[0].Delivered, root.Alarms.Count), Is.EqualTo((default(DateTimeOffset?), 1)));
        TestRoot.Files.Directory.Delete(root.At("delivery", "2026-01-19", "UMU.csv"), recursive: true);
        await root.RestartAsync(TestRoot.Winter("2026-01-19T15:10:00"));

        await root.StepAsync();

        Assert.That(root.Hashes("delivery"), Is.EqualTo(whole.Hashes("delivery")));
        Assert.That(root.Hashes("ut"), Is.EqualTo(whole.Hashes("ut")));
        Assert.That(root.Alarms, Is.Empty);
    }

    [Test]
    public async Task A_delivery_whose_files_are_lost_can_be_made_again_from_the_ledger()
    {
        using var root = await TestRoot.StartAsync();
        await root.TakeAsync("UMU", "f.txt", Rvf.File(1, First));
        await root.CloseAsync("2026-01-19");
        var (delivery, receipts) = (root.Hashes("delivery"), root.Hashes("ut"));
        TestRoot.Files.Directory.Delete(root.At("delivery", "2026-01-19"), recursive: true);
        root.Sql("UPDATE closed_window SET delivered = NULL");
        await root.RestartAsync(TestRoot.Winter("2026-01-19T15:10:00"));

        await root.StepAsync();

        Assert.That(root.Hashes("delivery"), Is.EqualTo(delivery), "receipts and deliveries are views of the ledger and can be made again byte for byte");
        Assert.That(root.Hashes("ut"), Is.EqualTo(receipts));
    }

    private static List<Dictionary<string, string>> Rows(TestRoot root, string date)
    {
        var lines = root.Text("delivery", date, FileOf(root, date)).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        return [.. lines.Skip(1).Select(l => lines[0].Split(';').Zip(l.Split(';')).ToDictionary(c => c.First, c => c.Second))];
    }

    private static string FileOf(TestRoot root, string date) => root.Json("delivery", date, "manifest.TEST.json").GetProperty("schools")[0].Text("file")!;

    // hp without zeros at the end: 7,50 is 7,5.
    private static string Normal(string line) => string.Join(';', line.Split(';').Select((c, i) => i is 6 or 14 && c.Length > 0 ? Hp(c).ToString("0.##", CultureInfo.InvariantCulture).Replace('.', ',') : c));

    private static decimal Hp(string text) => decimal.Parse(text.Replace(',', '.'), CultureInfo.InvariantCulture);

    private static string Sha256(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));
}
