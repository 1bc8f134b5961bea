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
