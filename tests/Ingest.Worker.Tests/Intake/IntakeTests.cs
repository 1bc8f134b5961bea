using Ingest.Rules;
using Ingest.Worker.Service;
using Ingest.Worker.Tests.Support;

namespace Ingest.Worker.Tests.Pipeline;

/// <summary>What holds of any file, and what one file makes of another.</summary>
public class IntakeTests
{
    private const string Id = "11111111-AAAA-4111-8111-000000000001";

    [Test]
    public async Task An_offering_later_in_the_same_file_satisfies_the_lines_before_it()
    {
        using var root = await TestRoot.StartAsync();

        var receipt = await root.TakeAsync("KTH", "f.txt", Rvf.WithHeader(Rvf.Huv(school: "KTH"), Rvf.Reg(), Rvf.Ktf()));

        Assert.That((receipt.Text("status"), receipt.Codes().Count, receipt.Counts()), Is.EqualTo(("accepted", 0, "read 2 accepted 2 waiting 0 duplicate 0 rejected 0")));
    }

    [Test]
    public async Task A_registration_later_in_the_same_file_satisfies_the_result_before_it()
    {
        using var root = await TestRoot.StartAsync();

        var receipt = await root.TakeAsync("UMU", "f.txt", Rvf.File(1, Rvf.Res(), Rvf.Avb(), Rvf.Reg()));

        Assert.That((receipt.Text("status"), receipt.Counts()), Is.EqualTo(("accepted", "read 3 accepted 3 waiting 0 duplicate 0 rejected 0")));
    }

    [Test]
    public async Task A_record_that_waits_is_delivered_when_a_later_file_brings_what_it_waited_for_and_its_receipt_stays()
    {
        using var root = await TestRoot.StartAsync();
        var waiting = await root.TakeAsync("KTH", "reg.csv", Rvf.Csv(Rvf.Row()));
        Assert.That((waiting.Text("status"), waiting.Finding("R01").Text("severity"), waiting.Counts()),
            Is.EqualTo(("accepted", "W", "read 1 accepted 0 waiting 1 duplicate 0 rejected 0")));
        var before = root.Hashes("ut");

        await root.TakeAsync("KTH", "katalog.txt", Rvf.WithHeader(Rvf.Huv(school: "KTH"), Rvf.Ktf()));
        await root.CloseAsync("2026-01-19");

        foreach (var (path, hash) in before) Assert.That(root.Hashes("ut")[path], Is.EqualTo(hash), "the outcome at intake never changes");
        var close = root.Json("ut", "KTH", "2026-01-19.TEST.kl15.json");
        Assert.That((close.Text("counts", "delivered"), close.Text("counts", "refused"), close.Text("counts", "catalogue")), Is.EqualTo(("1", "0", "1")));
    }

    [Test]
    public async Task A_handelse_id_that_another_student_has_is_R07()
    {
        using var root = await TestRoot.StartAsync();
        await root.TakeAsync("UMU", "a.csv", Rvf.Csv(Rvf.Row(id: Id)));

        var receipt = await root.TakeAsync("UMU", "b.csv", Rvf.Csv(Rvf.Row(Rvf.Bo, id: Id.ToLowerInvariant())));

        Assert.That((receipt.Text("status"), string.Join(' ', receipt.Codes()), receipt.Counts()),
            Is.EqualTo(("rejected", "R07", "read 1 accepted 0 waiting 0 duplicate 0 rejected 1")));
        Assert.That(receipt.Finding("R07").Text("severity"), Is.EqualTo("E"));
    }

    [Test]
    public async Task A_handelse_id_that_two_students_have_in_one_file_is_the_first_ones()
    {
        using var root = await TestRoot.StartAsync();

        // The student that sorts last comes first.
        var receipt = await root.TakeAsync("UMU", "a.csv", Rvf.Csv(Rvf.Row(Rvf.Cia, id: Id), Rvf.Row(Rvf.Anna, id: Id)));

        Assert.That((receipt.Counts(), receipt.Finding("R07").Text("line")), Is.EqualTo(("read 2 accepted 1 waiting 0 duplicate 0 rejected 1", "3")));
    }

    [Test]
    public async Task The_same_handelse_id_of_another_school_is_another()
    {
        using var root = await TestRoot.StartAsync();
        await root.TakeAsync("UMU", "a.csv", Rvf.Csv(Rvf.Row(id: Id)));

        Assert.That((await root.TakeAsync("LU", "b.csv", Rvf.Csv(Rvf.Row(Rvf.Bo, id: Id)))).Counts(), Does.Contain("rejected 0"));
    }

    [TestCase("199601012398", "7,5", Description = "rejected for its format")]
    [TestCase("199601012397", "2000", Description = "rejected for its hp")]
    public async Task A_handelse_id_of_a_rejected_record_is_free_again(string student, string hp)
    {
        using var root = await TestRoot.StartAsync();
        await root.TakeAsync("UMU", "a.csv", Rvf.Csv(Rvf.Row(student, hp: hp, id: Id)));

        Assert.That((await root.TakeAsync("UMU", "b.csv", Rvf.Csv(Rvf.Row(Rvf.Bo, id: Id)))).Text("status"), Is.EqualTo("accepted"));
    }

    [Test]
    public async Task A_handelse_id_of_a_refused_file_is_free_again()
    {
        using var root = await TestRoot.StartAsync();
        await root.TakeAsync("UMU", "a.txt", Rvf.Lines(Rvf.Huv(), Rvf.Reg(id: Id), Rvf.Slu()));

        Assert.That((await root.TakeAsync("UMU", "b.csv", Rvf.Csv(Rvf.Row(Rvf.Bo, id: Id)))).Text("status"), Is.EqualTo("accepted"));
    }

    [Test]
    public async Task A_handelse_id_is_taken_while_its_record_waits_and_free_once_it_is_refused_at_the_close()
    {
        using var root = await TestRoot.StartAsync();
        await root.TakeAsync("KTH", "a.csv", Rvf.Csv(Rvf.Row(id: Id)));
        Assert.That((await root.TakeAsync("KTH", "b.csv", Rvf.Csv(Rvf.Row(Rvf.Bo, id: Id)))).Codes(), Does.Contain("R07"));
        await root.CloseAsync("2026-01-19");

        Assert.That((await root.TakeAsync("KTH", "c.csv", Rvf.Csv(Rvf.Row(Rvf.Bo, id: Id)))).Codes(), Is.EqualTo(Just.These("R01")));
    }

    [Test]
    public async Task Rejected_records_never_count_as_earlier_events_of_a_key()
    {
        using var root = await TestRoot.StartAsync();
        await root.TakeAsync("UMU", "a.csv", Rvf.Csv(Rvf.Row(hp: "15", end: "2026-01-01")));

        Assert.That((await root.TakeAsync("UMU", "b.csv", Rvf.Csv(Rvf.Row()))).Counts(), Is.EqualTo("read 1 accepted 1 waiting 0 duplicate 0 rejected 0"));
    }

    [Test]
    public async Task The_tables_for_people_hold_what_the_specification_says()
    {
        using var root = await TestRoot.StartAsync();
        await root.TakeAsync("UMU", "f.csv", Rvf.Csv(Rvf.Row(id: Id), Rvf.Row("199601012398", id: "=1+1")));
        const string Name = "f.csv.20260119-000001.TEST.";

        var accepted = root.Bytes("ut", "UMU", Name + "accepterade.csv");
        Assert.That(accepted[..3], Is.EqualTo(new byte[] { 0xEF, 0xBB, 0xBF }));
        Assert.That(System.Text.Encoding.UTF8.GetString(accepted[3..]), Is.EqualTo(
            "rad;posttyp;händelse-id;status;kod;fönster;kvittens-id\r\n2;REG;11111111-AAAA-4111-8111-000000000001;accepted;;2026-01-19;20260119-000001-2\r\n"));
        var rejected = root.Text("ut", "UMU", Name + "avvisade.csv").Split("\r\n");
        Assert.That(rejected[0], Is.EqualTo("rad;position;posttyp;händelse-id;fält;värde;kod;allvar;meddelande;åtgärd;kontakt"));
        Assert.That(rejected[1], Does.StartWith("3;3;REG;").And.Contain(";personnummer;19960101-****;P10;E;"));
        Assert.That(rejected[1], Does.Not.Contain(";=1+1"), "what a spreadsheet would run is inert");
    }

    [TestCase(1)]
    [TestCase(2)]
    public async Task The_size_of_a_chunk_changes_no_receipt_and_no_delivery(int rows)
    {
        var small = await EverythingAsync(rows);
        var large = await EverythingAsync(250_000);

        Assert.That(small.Keys, Is.EqualTo(large.Keys));
        Assert.That(large, Has.Count.GreaterThan(25));
        foreach (var (path, hash) in large) Assert.That(small[path], Is.EqualTo(hash), path);
    }

    [Test]
    public async Task Receipts_rendered_again_are_the_same_to_the_byte()
    {
        using var root = await TestRoot.StartAsync();
        await DropAllAsync(root);
        await root.CloseAsync("2026-01-19");
        var again = root.At("igen");

        var count = 0;
        for (var n = 1; root.App.Ledger.File(FileId.Of(new DateOnly(2026, 1, 19), n)) is { } file; n++)
        {
            using var source = FileWorker.OpenOriginal(root.App.Root, file);
            foreach (var name in root.App.Receipts.Write(file, source, again))
            {
                count++;
                Assert.That(root.Bytes("igen", name), Is.EqualTo(root.Bytes("ut", file.School, name)), name);
            }
        }
        Assert.That(count, Is.GreaterThan(25));
        Assert.That(root.Names("igen"), Has.Count.EqualTo(count), "no half-written file is left");
    }

    private static async Task<SortedDictionary<string, string>> EverythingAsync(int chunk)
    {
        using var root = await TestRoot.StartAsync(s => s.Intake.ChunkRows = chunk);
        await DropAllAsync(root);
        await root.CloseAsync("2026-01-19");
        var all = root.Hashes("ut");
        foreach (var (path, hash) in root.Hashes("delivery")) all.Add(path, hash);
        return all;
    }

    // Students out of order and several times, all five outcomes, removals, shared ids, a refused and a duplicate file, both shapes.
    private static async Task DropAllAsync(TestRoot root)
    {
        string S(int n) => Rvf.Student(n);
        var mixed = Rvf.WithHeader(Rvf.Huv(1, "KTH"),
            Rvf.Res(S(3)), Rvf.Reg(S(3), id: Id), Rvf.Reg(S(1)), Rvf.Reg(S(2), "OKÄND1"), Rvf.Reg("199601012398"), Rvf.Reg(S(1)), Rvf.Reg(S(4), id: Id),
            Rvf.Reg(S(5)), Rvf.Avb(S(5)), Rvf.Reg(S(6)), Rvf.Reg(S(6), action: "B"), Rvf.Ktf(), Rvf.Reg(S(7), offering: "X"), Rvf.Avb(S(8)), Rvf.Reg(S(3), hp: "00600"),
            Rvf.Ktf("MAT200", "H1"), Rvf.Reg(S(1), "MAT200", "H1"), Rvf.Reg(S(9), action: "B"));
        await root.TakeAsync("KTH", "blandat.txt", mixed);
        await root.TakeAsync("KTH", "reg.csv", Rvf.Csv(Rvf.Row(S(8)), Rvf.Row(S(1)), Rvf.Row(S(7), type: "??"), Rvf.Row(S(2), "OKÄND1", "V26A1")));
        await root.TakeAsync("KTH", "reg2.csv", Rvf.Csv(Rvf.Row(S(8)), Rvf.Row(S(1))));
        await root.TakeAsync("KTH", "reg2 igen.csv", Rvf.Csv(Rvf.Row(S(8)), Rvf.Row(S(1))));
        await root.TakeAsync("KTH", "trasig.txt", Rvf.Lines(Rvf.Huv(2, "KTH"), Rvf.Reg(S(1)), Rvf.Slu()));
        await root.TakeAsync("UMU", "umu.txt", Rvf.File(1, Rvf.Reg(S(2)), Rvf.Res(S(2)), Rvf.Avb(S(1))));
    }
}
