using System.Text.Json;
using Ingest.Worker.Tests.Support;

namespace Ingest.Worker.Tests.Pipeline;

/// <summary>A file of which nothing counts uses no löpnummer, whether by an F or by all its records.</summary>
public class RejectedSequenceTests
{
    private const string BadStudent = "199601012398";

    [Test]
    public async Task Its_number_is_the_one_to_send_next()
    {
        using var root = await TestRoot.StartAsync();
        await TakeAsync(root, 4, Rvf.Reg());

        var rejected = await TakeAsync(root, 5, Rvf.Reg(BadStudent), Rvf.Reg(BadStudent));
        Assert.That((rejected.Text("status"), rejected.Counts(), rejected.Text("nextSequence")), Is.EqualTo(("rejected", "read 2 accepted 0 waiting 0 duplicate 0 rejected 2", "5")));

        var mended = await TakeAsync(root, 5, Rvf.Reg(Rvf.Bo), Rvf.Reg(Rvf.Cia));
        Assert.That((mended.Text("status"), mended.Codes().Count, mended.Text("nextSequence")), Is.EqualTo(("accepted", 0, "6")));
    }

    [Test]
    public async Task The_next_number_after_it_is_no_gap_when_it_is_sent_as_told()
    {
        using var root = await TestRoot.StartAsync();
        await TakeAsync(root, 4, Rvf.Reg());
        await TakeAsync(root, 5, Rvf.Reg(BadStudent));

        Assert.That((await TakeAsync(root, 6, Rvf.Reg(Rvf.Bo))).Codes(), Is.EqualTo(Just.These("F13")), "5 is missing for true");
        Assert.That((await TakeAsync(root, 5, Rvf.Reg(Rvf.Cia))).Codes(), Is.Empty);
        Assert.That((await TakeAsync(root, 7, Rvf.Reg(Rvf.Student(7)))).Codes(), Is.Empty);
    }

    [TestCase(6)]
    [TestCase(40)]
    public async Task It_has_no_gap_before_it(int number)
    {
        using var root = await TestRoot.StartAsync();
        await TakeAsync(root, 4, Rvf.Reg());

        var rejected = await TakeAsync(root, number, Rvf.Reg(BadStudent));

        Assert.That((rejected.Text("status"), rejected.Text("nextSequence")), Is.EqualTo(("rejected", "5")));
        Assert.That(rejected.Codes(), Has.None.EqualTo("F13"));
    }

    [Test]
    public async Task It_sets_no_base_when_it_is_the_first()
    {
        using var root = await TestRoot.StartAsync();
        await TakeAsync(root, 40, Rvf.Reg(BadStudent));

        var first = await TakeAsync(root, 1, Rvf.Reg());
        var second = await TakeAsync(root, 2, Rvf.Reg(Rvf.Bo));

        Assert.That((first.Codes().Count, second.Codes().Count, second.Text("nextSequence")), Is.EqualTo((0, 0, "3")));
    }

    private static async Task<JsonElement> TakeAsync(TestRoot root, int number, params string[] records)
    {
        await root.AdvanceAsync(1);
        return await root.TakeAsync("UMU", "f.txt", Rvf.File(number, records));
    }
}
