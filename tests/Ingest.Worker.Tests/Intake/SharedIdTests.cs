using System.Globalization;
using Ingest.Worker.Tests.Support;

namespace Ingest.Worker.Tests.Intake;

/// <summary>A händelse-id that two students' records have, in one file or in two: details.md 27, ids of rejected records are free again.</summary>
public sealed class SharedIdTests
{
    // A removal of nothing: R40.
    private static readonly string AnnaOfNothing = Rvf.Reg(Rvf.Anna, offering: "V26A9", action: "B", id: "x1");

    [Test]
    public Task The_first_record_that_counts_has_the_id_and_the_others_are_told_whose_it_is() => Gives(
        [Rvf.Reg(Rvf.Bo, id: "x1"), Rvf.Reg(Rvf.Anna, id: "X1"), Rvf.Reg(Rvf.Cia, id: "x1")],
        "read 3 accepted 1 waiting 0 duplicate 0 rejected 2");

    [Test]
    public Task The_id_of_a_record_that_the_same_file_gets_rejected_is_free() => Gives(
        [AnnaOfNothing, Rvf.Reg(Rvf.Bo, id: "x1"), Rvf.Reg(Rvf.Cia, id: "x1")],
        "read 3 accepted 1 waiting 0 duplicate 0 rejected 2");

    [Test]
    public Task Whether_a_record_counts_may_hang_on_another_contested_id() => Gives(
        // Bo has y; so Anna's with y does not count, so her removal under x is of nothing, so Cia has x.
        [Rvf.Reg(Rvf.Bo, id: "y"), Rvf.Reg(Rvf.Anna, id: "y"), Rvf.Reg(Rvf.Anna, action: "B", id: "x"), Rvf.Reg(Rvf.Cia, id: "x")],
        "read 4 accepted 2 waiting 0 duplicate 0 rejected 2");

    [Test]
    public Task A_students_next_record_has_the_id_of_her_rejected_one() => Gives(
        [AnnaOfNothing, Rvf.Reg(Rvf.Anna, id: "x1"), Rvf.Reg(Rvf.Bo, id: "x1")],
        "read 3 accepted 1 waiting 0 duplicate 0 rejected 2");

    [Test]
    public async Task She_has_it_in_later_files_too()
    {
        using var root = await TestRoot.StartAsync();
        await root.TakeAsync("UMU", "1.txt", Rvf.File(1, AnnaOfNothing, Rvf.Reg(Rvf.Anna, id: "x1")));
        var later = await root.TakeAsync("UMU", "2.txt", Rvf.File(2, Rvf.Reg(Rvf.Bo, id: "x1")));
        Assert.That(later.Counts(), Is.EqualTo("read 1 accepted 0 waiting 0 duplicate 0 rejected 1"));
    }

    [Test]
    public async Task The_id_of_a_repeat_is_remembered_until_what_it_repeats_is_refused_at_the_close()
    {
        using var root = await TestRoot.StartAsync();
        await root.TakeAsync("UMU", "1.txt", Rvf.File(1, Rvf.Reg(Rvf.Anna, id: "a"), Rvf.Reg(Rvf.Cia, type: "FO", id: "c")));
        await root.TakeAsync("UMU", "2.txt", Rvf.File(2, Rvf.Reg(Rvf.Anna, id: "b"), Rvf.Reg(Rvf.Cia, type: "FO", id: "d")));
        await root.TakeAsync("UMU", "3.txt", Rvf.File(3, Rvf.Reg(Rvf.Anna, action: "B", id: "r")));
        var again = await root.TakeAsync("UMU", "4.txt", Rvf.File(4, Rvf.Reg(Rvf.Anna, id: "b"), Rvf.Reg(Rvf.Bo, id: "d")));
        Assert.That(again.Counts(), Is.EqualTo("read 2 accepted 0 waiting 0 duplicate 1 rejected 1"));

        await root.CloseAsync("2026-01-19");

        Assert.That(root.Text("delivery", "2026-01-19", "UMU.csv").Split('\n', StringSplitOptions.RemoveEmptyEntries), Has.Length.EqualTo(1), "nothing but the header: one netted, one refused");
        var next = await root.TakeAsync("UMU", "5.txt", Rvf.File(5, Rvf.Reg(Rvf.Anna, id: "b"), Rvf.Reg(Rvf.Bo, id: "d")));
        Assert.That(next.Counts(), Is.EqualTo("read 2 accepted 1 waiting 0 duplicate 1 rejected 0"));
    }

    // Lists of ids of several rows of the ledger each, of very different lengths, held against each other; by 7 rows at a time, too.
    [TestCase(250_000)]
    [TestCase(7)]
    public async Task Among_hundreds_each_taken_id_is_found_and_no_other(int chunk)
    {
        const int Many = 500, Every = 7;
        string Id(int n) => string.Create(CultureInfo.InvariantCulture, $"{n * 2_654_435_761L % 4_294_967_291L:x8}-0000-4000-8000-{n:D12}");
        using var root = await TestRoot.StartAsync(s => s.Intake.ChunkRows = chunk);
        var first = await root.TakeAsync("UMU", "1.csv", Rvf.Csv([.. Enumerable.Range(1, Many).Select(n => Rvf.Row(Rvf.Student(n), id: Id(n)))]));
        Assert.That(first.Counts(), Is.EqualTo("read 500 accepted 500 waiting 0 duplicate 0 rejected 0"));

        foreach (var (name, from, rows) in new[] { ("2.csv", Many, 300), ("3.csv", 1000, 10), ("4.csv", 1010, 440) })
        {
            // Each seventh comes under the id of a record of the first file, of another student.
            var later = await root.TakeAsync("UMU", name, Rvf.Csv([.. Enumerable.Range(1, rows).Select(k => Rvf.Row(Rvf.Student(from + k), id: k % Every == 0 ? Id(k).ToUpperInvariant() : Id(from + k)))]));

            var taken = Enumerable.Range(1, rows).Where(k => k % Every == 0).ToList();
            Assert.That(later.Counts(), Is.EqualTo(string.Create(CultureInfo.InvariantCulture, $"read {rows} accepted {rows - taken.Count} waiting 0 duplicate 0 rejected {taken.Count}")));
            var told = later.GetProperty("findings").EnumerateArray().ToList();
            // Line 1 is the header, so record k of either file is on line k + 1.
            Assert.That(told.Select(f => (f.Text("code"), f.GetProperty("line").GetInt32())), Is.EqualTo(taken.Select(k => ("R07", k + 1))));
            Assert.That(told.Zip(taken).Where(t => !t.First.Text("message")!.Contains($"rad {t.Second + 1}", StringComparison.Ordinal) || !t.First.Text("message")!.Contains("20260119-000001", StringComparison.Ordinal)).Select(t => t.First.Text("message")), Is.Empty);
        }
    }

    // Of a list of more rows than there are ids only the rows are read that would have one: an id may be either end of a row of 120, or stand beside all.
    [TestCase(new[] { 1, 240, 1001 }, 1)]
    [TestCase(new[] { 2, 241, 242 }, 2)]
    [TestCase(new[] { 1000, 999, 3 }, 1)]
    public async Task A_few_ids_are_found_in_a_long_list_wherever_they_stand_in_it(int[] few, int taken)
    {
        const int Many = 500;
        string Id(int n) => string.Create(CultureInfo.InvariantCulture, $"00000000-0000-4000-8000-{n:x12}");
        using var root = await TestRoot.StartAsync();
        await root.TakeAsync("UMU", "1.csv", Rvf.Csv([.. Enumerable.Range(1, Many).Select(n => Rvf.Row(Rvf.Student(n), id: Id(2 * n)))]));

        var later = await root.TakeAsync("UMU", "2.csv", Rvf.Csv([.. few.Select((n, i) => Rvf.Row(Rvf.Student(Many + 1 + i), id: Id(n)))]));

        Assert.That(later.Counts(), Is.EqualTo(string.Create(CultureInfo.InvariantCulture, $"read 3 accepted {3 - taken} waiting 0 duplicate 0 rejected {taken}")));
        var told = later.GetProperty("findings").EnumerateArray();
        // Record k is on line k + 1, after the header; the even ones are those of the list.
        Assert.That(told.Select(f => f.GetProperty("line").GetInt32()), Is.EqualTo(few.Select((n, i) => (n, Line: i + 2)).Where(f => f.n % 2 == 0).Select(f => f.Line)));
    }

    /// <summary>In one file, and with every record in a file of its own.</summary>
    private static async Task Gives(string[] records, string counts)
    {
        using var root = await TestRoot.StartAsync(s => s.Rules.MaxRejectedShare = 1);
        var whole = await root.TakeAsync("KTH", "hel.txt", Rvf.WithHeader(Rvf.Huv(1, "KTH"), [.. Catalogue, .. records]));
        await root.TakeAsync("LU", "katalog.txt", Rvf.WithHeader(Rvf.Huv(1, "LU"), Catalogue));
        var sums = new int[5];
        for (var i = 0; i < records.Length; i++)
        {
            var one = (await root.TakeAsync("LU", $"{i}.txt", Rvf.WithHeader(Rvf.Huv(2 + i, "LU"), records[i]))).Counts().Split(' ');
            for (var n = 0; n < 5; n++) sums[n] += int.Parse(one[2 * n + 1], System.Globalization.CultureInfo.InvariantCulture);
        }
        Assert.That($"read {sums[0]} accepted {sums[1]} waiting {sums[2]} duplicate {sums[3]} rejected {sums[4]}", Is.EqualTo(counts), "a file each");
        var read = whole.GetProperty("counts");
        int Count(string name, int less = 0) => read.GetProperty(name).GetInt32() - less;
        Assert.That($"read {Count("read", 1)} accepted {Count("accepted", 1)} waiting {Count("waiting")} duplicate {Count("duplicate")} rejected {Count("rejected")}", Is.EqualTo(counts), "one file");
    }

    private static readonly string[] Catalogue = [Rvf.Ktf()];
}
