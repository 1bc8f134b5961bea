using System.Text;
using System.Text.Json;
using Ingest.Worker.Receipts;
using Ingest.Worker.Tests.Support;

namespace Ingest.Worker.Tests.Pipeline;

/// <summary>What a school gets back at 15:00.</summary>
public class CutoffReceiptTests
{
    [Test]
    public async Task The_json_is_what_a_json_writer_makes_of_it_whatever_stands_in_a_handelse_id()
    {
        string[] ids = ["a-1", "\"a\"\"b\"", "a\\b", "åäö", "", "a/b<c>&'d+", "0f8fad5b-d9cb-469f-a165-70867728950e"];
        using var root = await TestRoot.StartAsync();
        await root.TakeAsync("UMU", "f.csv", Rvf.Csv([.. ids.Select((id, i) => Rvf.Row(offering: $"V26A{i}", id: id))]));
        await root.CloseAsync("2026-01-19");

        var bytes = root.Bytes("ut", "UMU", "2026-01-19.TEST.kl15.json");
        using var json = JsonDocument.Parse(bytes);
        using var again = new MemoryStream();
        using (var writer = new Utf8JsonWriter(again, ReceiptJson.Readable)) json.WriteTo(writer);
        Assert.That(Encoding.UTF8.GetString(bytes), Is.EqualTo(Encoding.UTF8.GetString(again.ToArray()) + "\n"));
        Assert.That(json.RootElement.GetProperty("records").EnumerateArray().Select(r => r.GetProperty("eventId").GetString()),
            Is.EqualTo(ids.Select(id => id.Length == 0 ? null : id.Replace("\"a\"\"b\"", "a\"b", StringComparison.Ordinal))));
        Assert.That(json.RootElement.GetProperty("records").EnumerateArray().Select(r => r.GetProperty("line").GetInt64()), Is.EqualTo(Enumerable.Range(2, ids.Length)));
    }

    [Test]
    public async Task Each_school_that_sent_anything_gets_its_receipts_and_no_other()
    {
        using var root = await TestRoot.StartAsync();
        await root.TakeAsync("UMU", "f.csv", Rvf.Csv(Rvf.Row()));
        await root.CloseAsync("2026-01-19");

        Assert.That(root.Out().Where(n => n.StartsWith("2026", StringComparison.Ordinal)),
            Is.EqualTo(Just.These("2026-01-19.TEST.kl15.csv", "2026-01-19.TEST.kl15.html", "2026-01-19.TEST.kl15.json")));
        Assert.That(root.Out("LU"), Is.Empty);
    }

    [Test]
    public async Task They_say_what_was_delivered_netted_refused_and_went_to_the_catalogue()
    {
        using var root = await TestRoot.StartAsync();
        await root.TakeAsync("KTH", "f.txt", Rvf.WithHeader(Rvf.Huv(1, "KTH"),
            Rvf.Ktf(), Rvf.Reg(id: "a-1"), Rvf.Reg(Rvf.Bo), Rvf.Reg(Rvf.Bo, action: "B"), Rvf.Reg(Rvf.Cia, offering: "X"), Rvf.Reg("199601012398"), Rvf.Reg(id: "a-1")));
        await root.CloseAsync("2026-01-19");

        var close = root.Json("ut", "KTH", "2026-01-19.TEST.kl15.json");
        Assert.That((close.Text("school"), close.Text("environment"), close.Text("window", "date")), Is.EqualTo(("KTH", "TEST", "2026-01-19")));
        Assert.That(Just.These("delivered", "netted", "refused", "catalogue").Select(n => close.Text("counts", n)), Is.EqualTo(Just.These("1", "2", "1", "1")));
        Assert.That(close.GetProperty("records").EnumerateArray().Select(Said), Is.EqualTo(Just.These(
            "2 KTF - catalogue  -",
            "3 REG a-1 delivered  -",
            "4 REG - netted K42 20260119-000001-5",
            "5 REG - netted K42 20260119-000001-4",
            "6 REG - refused R01 -")), "no rejected record and no duplicate");
        var csv = root.Text("ut", "KTH", "2026-01-19.TEST.kl15.csv").Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        Assert.That(csv[0], Is.EqualTo("fil;rad;händelse-id;posttyp;utfall;kod;meddelande;mot"));
        Assert.That(csv.Skip(1).Select(l => string.Join(';', l.Split(';')[..6])), Is.EqualTo(Just.These(
            "20260119-000001;2;;KTF;catalogue;", "20260119-000001;3;a-1;REG;delivered;", "20260119-000001;4;;REG;netted;K42", "20260119-000001;5;;REG;netted;K42",
            "20260119-000001;6;;REG;refused;R01")));
        Assert.That(csv[3], Does.EndWith(";20260119-000001-5"));
    }

    [Test]
    public async Task Refused_records_come_back_in_a_resend_for_each_shape_and_encoding_which_can_be_dropped_as_it_is()
    {
        using var root = await TestRoot.StartAsync();
        var latin = CodePagesEncodingProvider.Instance.GetEncoding(1252)!;
        var fixedUtf8 = Rvf.WithHeader(Rvf.Huv(1, "KTH"), Rvf.Reg(Rvf.Student(1), "KÅM1"), Rvf.Ktf("KÅM1", "FINNS"), Rvf.Reg(Rvf.Student(9), "KÅM1", "FINNS"));
        root.Drop("KTH", "a.txt", fixedUtf8);
        root.Drop("KTH", "b.txt", latin.GetBytes(Rvf.WithHeader(Rvf.Huv(2, "KTH"), Rvf.Reg(Rvf.Student(2), "KÅM1"))));
        root.Drop("KTH", "c.csv", Rvf.Csv(Rvf.Row(Rvf.Student(3), "KÅM1")));
        root.Drop("KTH", "d.csv", latin.GetBytes(Rvf.Csv(Rvf.Row(Rvf.Student(4), "KÅM1"))));
        root.Drop("KTH", "e.txt", Rvf.WithHeader(Rvf.Huv(3, "KTH"), Rvf.Reg(Rvf.Student(5), "KÅM1")));
        await root.StepAsync();
        await root.CloseAsync("2026-01-19");

        var resends = root.Out("KTH").Where(n => n.StartsWith("2026-01-19.TEST.kl15.omsandning.", StringComparison.Ordinal)).ToList();
        Assert.That(resends.Select(n => n.Split('.')[^1]), Is.EquivalentTo(Just.These("txt", "txt", "csv", "csv")));
        Assert.That(resends.Select(n => n.Split('.')[^2]), Is.EqualTo(Just.These("1", "2", "3", "4")));
        var texts = resends.Select(n => Decoded(root.Bytes("ut", "KTH", n))).ToList();
        Assert.That(string.Concat(texts).Split("KÅM1"), Has.Length.EqualTo(6), "five refused records, each once, in its own encoding");
        Assert.That(texts, Has.None.Contains("FINNS"));
        Assert.That(texts.Where(t => t.StartsWith("HUV", StringComparison.Ordinal)), Has.All.StartsWith("HUVRVF1KTH     Ladok               00000000").And.Exactly(2).Items);

        // The catalogue comes the next day; the records are dropped as they are.
        await root.TakeAsync("KTH", "katalog.txt", Rvf.WithHeader(Rvf.Huv(4, "KTH"), Rvf.Ktf("KÅM1")));
        foreach (var name in resends) root.Drop("KTH", name, root.Bytes("ut", "KTH", name));
        await root.StepAsync();
        foreach (var name in resends) Assert.That((root.Receipt(name, "KTH").Text("status"), root.Receipt(name, "KTH").Codes().Count), Is.EqualTo(("accepted", 0)), name);
        await root.CloseAsync("2026-01-20");
        Assert.That(WindowTests.Totals(root, "2026-01-20"), Is.EqualTo("accepted 6 waiting 0 delivered 5 netted 0 refused 0 catalogue 1"));
    }

    [Test]
    public async Task What_was_refused_is_the_schools_own_bytes()
    {
        using var root = await TestRoot.StartAsync();
        await root.TakeAsync("KTH", "a.txt", Rvf.WithHeader(Rvf.Huv(1, "KTH"), Rvf.Ktf(), Rvf.Reg(), Rvf.Reg(Rvf.Bo, offering: "X").TrimEnd()));
        await root.CloseAsync("2026-01-19");

        var lines = root.Text("ut", "KTH", "2026-01-19.TEST.kl15.omsandning.1.txt").Split("\r\n");
        Assert.That(lines, Has.Length.EqualTo(4));
        Assert.That(lines[1], Is.EqualTo(Rvf.Reg(Rvf.Bo, offering: "X").TrimEnd()));
        Assert.That(lines[2].TrimEnd(), Is.EqualTo("SLU"));
    }

    [Test]
    public async Task Receipts_are_in_the_language_of_the_school_and_hide_who_it_is_about()
    {
        using var root = await TestRoot.StartAsync();
        await root.TakeAsync("KTH", "a.csv", Rvf.Csv(Rvf.Row(offering: "X")));
        await root.CloseAsync("2026-01-19");

        foreach (var name in root.Out("KTH").Where(n => !n.Contains("omsandning", StringComparison.Ordinal)))
            Assert.That(root.Text("ut", "KTH", name), Does.Not.Contain("2397"), name);
        Assert.That(root.Text("ut", "KTH", "2026-01-19.TEST.kl15.html"), Does.Contain("lang=\"sv\""));
    }

    private static string Decoded(byte[] bytes)
    {
        try
        {
            return new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(bytes);
        }
        catch (DecoderFallbackException)
        {
            return CodePagesEncodingProvider.Instance.GetEncoding(1252)!.GetString(bytes);
        }
    }

    private static string Said(JsonElement record)
    {
        var other = record.GetProperty("counterpart");
        return string.Join(' ', record.Text("line"), record.Text("kind"), record.Text("eventId") ?? "-", record.Text("outcome"),
            string.Join(' ', record.GetProperty("codes").EnumerateArray()), other.ValueKind == JsonValueKind.Null ? "-" : $"{other.Text("fileId")}-{other.Text("line")}");
    }

    [Test]
    public async Task When_every_file_was_refused_that_is_what_the_receipt_begins_with()
    {
        using var root = await TestRoot.StartAsync();
        await root.TakeAsync("UMU", "fel.txt", Rvf.WithHeader(Rvf.Huv(1, "KTH"), Rvf.Reg()));

        await root.CloseAsync("2026-01-19");

        Assert.That(root.Text("ut", "UMU", "2026-01-19.TEST.kl15.html"), Does.Contain("Ingenting levererades: filen fel.txt (20260119-000001) avvisades i sin helhet.").And.Not.Contain("Inga poster avvisades"));
    }

    // It came in time and is worked after the close hour: "before 15:00" is past.
    [Test]
    public async Task A_file_that_is_taken_after_15_00_is_not_told_to_mend_before_15_00()
    {
        using var root = await TestRoot.StartAsync(TestRoot.Quiet);
        root.Drop("KTH", "a.csv", Rvf.Csv(Rvf.Row()));
        await root.StepAsync(TestRoot.Winter("2026-01-19T14:59:58"));
        await root.StepAsync(TestRoot.Winter("2026-01-19T15:00:09"));

        Assert.That(root.Receipt("a.csv", "KTH").Text("summary"), Does.Contain("1 post väntade ännu när fönstret stängde måndag 19 januari 2026 klockan 15.00."));
    }
}
