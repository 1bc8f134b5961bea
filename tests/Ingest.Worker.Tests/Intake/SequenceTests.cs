using System.Text.Json;
using Ingest.Worker.Tests.Support;

namespace Ingest.Worker.Tests.Pipeline;

/// <summary>löpnummer: per school, sending system and environment; only files that were not refused use one up.</summary>
public class SequenceTests
{
    [Test]
    public async Task The_first_file_sets_the_base_and_the_receipt_says_which_number_is_next()
    {
        using var root = await TestRoot.StartAsync();

        var receipt = await TakeAsync(root, 41);

        Assert.That((receipt.Text("status"), receipt.Text("nextSequence")), Is.EqualTo(("accepted", "42")));
    }

    [Test]
    public async Task A_csv_has_no_next_number()
    {
        using var root = await TestRoot.StartAsync();

        Assert.That((await root.TakeAsync("UMU", "f.csv", Rvf.Csv(Rvf.Row()))).Text("nextSequence"), Is.Null);
    }

    [Test]
    public async Task A_number_already_used_by_other_content_is_F12()
    {
        using var root = await TestRoot.StartAsync();
        await TakeAsync(root, 1);

        var receipt = await TakeAsync(root, 1, "igen.txt");

        Assert.That((receipt.Text("status"), string.Join(' ', receipt.Codes()), receipt.Counts()),
            Is.EqualTo(("rejected", "F12", "read 1 accepted 0 waiting 0 duplicate 0 rejected 1")));
        Assert.That(receipt.Finding("F12").Text("severity"), Is.EqualTo("F"));
    }

    [Test]
    public async Task The_same_bytes_again_are_a_duplicate_and_not_F12()
    {
        using var root = await TestRoot.StartAsync();
        var text = Rvf.File(1, Rvf.Reg());
        await root.TakeAsync("UMU", "f.txt", text);

        Assert.That((await root.TakeAsync("UMU", "f.txt", text)).Text("status"), Is.EqualTo("duplicate"));
    }

    [TestCase("Agresso", "UMU")]
    [TestCase("Ladok", "LU")]
    public async Task Another_system_and_another_school_have_numbers_of_their_own(string system, string school)
    {
        using var root = await TestRoot.StartAsync();
        await TakeAsync(root, 1);

        var receipt = await root.TakeAsync(school, "annan.txt", Rvf.WithHeader(Rvf.Huv(1, school, system), Rvf.Reg(Rvf.Student(77))));

        Assert.That(receipt.Codes(), Has.None.EqualTo("F12").And.None.EqualTo("F13"));
        Assert.That(receipt.Text("nextSequence"), Is.EqualTo("2"));
    }

    [TestCase(5, 7, "00000006", "00000006")]
    [TestCase(5, 9, "00000006", "00000008")]
    public async Task A_gap_is_a_warning_that_names_what_is_missing(int first, int second, string from, string to)
    {
        using var root = await TestRoot.StartAsync();
        await TakeAsync(root, first);

        var receipt = await TakeAsync(root, second);

        Assert.That((receipt.Text("status"), string.Join(' ', receipt.Codes())), Is.EqualTo(("acceptedWithWarnings", "F13")));
        Assert.That(receipt.Finding("F13").Text("severity"), Is.EqualTo("V"));
        Assert.That(receipt.Finding("F13").Text("message"), Does.Contain(from).And.Contain(to));
        Assert.That(receipt.Text("nextSequence"), Is.EqualTo((second + 1).ToString(System.Globalization.CultureInfo.InvariantCulture)));
    }

    [Test]
    public async Task Filling_a_gap_is_no_finding_and_neither_is_a_lower_number_that_was_never_used()
    {
        using var root = await TestRoot.StartAsync();
        foreach (var number in new[] { 5, 9 }) await TakeAsync(root, number);

        foreach (var number in new[] { 7, 6, 8, 3 }) Assert.That((await TakeAsync(root, number)).Codes(), Is.Empty, $"{number}");
        Assert.That((await TakeAsync(root, 10)).Codes(), Is.Empty);
        Assert.That((await TakeAsync(root, 7, "igen.txt")).Codes(), Is.EqualTo(Just.These("F12")));
    }

    [Test]
    public async Task A_refused_file_uses_no_number_up()
    {
        using var root = await TestRoot.StartAsync();
        await TakeAsync(root, 1);
        var refused = await root.TakeAsync("UMU", "trasig.txt", Rvf.Lines(Rvf.Huv(2), Rvf.Reg(), Rvf.Slu()));
        Assert.That(refused.Text("status"), Is.EqualTo("rejected"));

        Assert.That((await TakeAsync(root, 2, "lagad.txt")).Codes(), Is.Empty);
        Assert.That((await TakeAsync(root, 3)).Codes(), Is.Empty);
    }

    [Test]
    public async Task A_file_whose_records_are_all_rejected_uses_no_number_up()
    {
        using var root = await TestRoot.StartAsync();
        await TakeAsync(root, 1);
        Assert.That((await root.TakeAsync("UMU", "fel.txt", Rvf.File(2, Rvf.Reg("199601012398")))).Text("status"), Is.EqualTo("rejected"));

        Assert.That((await TakeAsync(root, 2, "rätt.txt")).Codes(), Is.Empty);
    }

    [Test]
    public async Task A_resend_stands_outside_the_sequence()
    {
        using var root = await TestRoot.StartAsync();
        await TakeAsync(root, 5);

        for (var i = 0; i < 2; i++) Assert.That((await TakeAsync(root, 0, $"om{i}.txt")).Codes(), Is.Empty, "neither a gap nor used twice");

        Assert.That((await TakeAsync(root, 6)).Codes(), Is.Empty);
    }

    [Test]
    public async Task A_resend_may_leave_its_trailer_blank_and_only_a_resend()
    {
        using var root = await TestRoot.StartAsync();

        Assert.That((await root.TakeAsync("UMU", "om.txt", Rvf.Lines(Rvf.Huv(0), Rvf.Reg(), "SLU"))).Text("status"), Is.EqualTo("accepted"));
        Assert.That((await root.TakeAsync("UMU", "f.txt", Rvf.Lines(Rvf.Huv(1), Rvf.Reg(Rvf.Bo), "SLU"))).Text("status"), Is.EqualTo("rejected"));
    }

    private static int next;

    // Each with a student of its own, so that no two are the same.
    private static Task<JsonElement> TakeAsync(TestRoot root, int sequence, string? name = null) =>
        root.TakeAsync("UMU", name ?? $"nr{sequence}.txt", Rvf.File(sequence, Rvf.Reg(Rvf.Student(Interlocked.Increment(ref next)))));
}
