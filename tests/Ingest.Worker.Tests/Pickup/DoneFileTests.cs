using System.Security.Cryptography;
using System.Text;
using Ingest.Worker.Tests.Support;

namespace Ingest.Worker.Tests.Pipeline;

public class DoneFileTests
{
    private static readonly string Csv = Rvf.Csv(Rvf.Row(), Rvf.Row(Rvf.Bo));

    [Test]
    public async Task A_file_with_its_done_file_is_taken_at_once_and_arrived_when_that_was_first_seen()
    {
        using var root = await TestRoot.StartAsync(TestRoot.Quiet);
        root.Drop("UMU", "reg.csv", Csv);
        await root.StepAsync();
        root.Drop("UMU", "reg.csv.klar", "");

        await root.AdvanceAsync(3);

        var receipt = root.Receipt("reg.csv");
        Assert.That((receipt.Text("status"), receipt.Text("receivedAt")), Is.EqualTo(("accepted", "2026-01-19T10:00:03+01:00")));
        Assert.That(root.Names("in", "UMU"), Is.Empty, "the done-file goes with its file");
    }

    [Test]
    public async Task A_done_file_that_is_there_first_is_no_file_of_its_own()
    {
        using var root = await TestRoot.StartAsync(TestRoot.Quiet);
        root.Drop("UMU", "reg.csv.klar", "antal=2");
        await root.StepAsync();
        await root.AdvanceAsync(60);
        Assert.That(root.Out(), Is.Empty);

        root.Drop("UMU", "reg.csv", Csv);
        await root.StepAsync();
        Assert.That(root.Receipt("reg.csv").Text("status"), Is.EqualTo("accepted"));
    }

    [Test]
    public async Task With_a_done_file_a_missing_trailer_is_refused_at_once()
    {
        using var root = await TestRoot.StartAsync(TestRoot.Quiet);
        root.Drop("UMU", "reg.txt", Rvf.Lines(Rvf.Huv(), Rvf.Reg()));
        root.Drop("UMU", "reg.txt.klar", "");

        await root.StepAsync();

        Assert.That(string.Join(' ', root.Receipt("reg.txt").Codes()), Is.EqualTo("F05"));
    }

    [TestCase("antal=2\nhp=15,00\n")]
    [TestCase("antal=2\r\nhp=15.0\r\n")]
    [TestCase("hp=15")]
    [TestCase("  antal = 2  \n\n# en kommentar\n")]
    [TestCase("\uFEFFantal=2\n")]
    public async Task Totals_that_agree_are_accepted(string done)
    {
        using var root = await TestRoot.StartAsync();

        var receipt = await TakeAsync(root, done);

        Assert.That((receipt.Text("status"), receipt.Codes().Count), Is.EqualTo(("accepted", 0)));
    }

    [Test]
    public async Task Stated_totals_stand_on_the_receipt()
    {
        using var root = await TestRoot.StartAsync();

        var receipt = await TakeAsync(root, "antal=2\nhp=15\n");

        Assert.That((receipt.Text("counts", "declared"), receipt.GetProperty("controlSum").GetProperty("declared").GetDecimal()), Is.EqualTo(("2", 15m)));
    }

    [TestCase(false)]
    [TestCase(true)]
    public async Task The_sha256_of_the_file_is_accepted_in_either_case(bool upper)
    {
        using var root = await TestRoot.StartAsync();
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(Csv));

        var receipt = await TakeAsync(root, "sha256=" + (upper ? Convert.ToHexString(hash) : Convert.ToHexStringLower(hash)));

        Assert.That(receipt.Text("status"), Is.EqualTo("accepted"));
    }

    [TestCase("antal=3", "F06")]
    [TestCase("antal=0", "F06")]
    [TestCase("antal=två", "F06")]
    [TestCase("hp=15,01", "F07")]
    [TestCase("hp=femton", "F07")]
    [TestCase("sha256=0000000000000000000000000000000000000000000000000000000000000000", "F07")]
    [TestCase("sha256=abc", "F07")]
    [TestCase("antal=3\nhp=1", "F06 F07")]
    public async Task Totals_that_differ_refuse_the_file(string done, string codes)
    {
        using var root = await TestRoot.StartAsync();

        var receipt = await TakeAsync(root, done);

        Assert.That((receipt.Text("status"), string.Join(' ', receipt.Codes()), receipt.Counts()),
            Is.EqualTo(("rejected", codes, "read 2 accepted 0 waiting 0 duplicate 0 rejected 2")));
    }

    [Test]
    public async Task A_done_file_and_a_trailer_must_both_agree()
    {
        using var root = await TestRoot.StartAsync();
        root.Drop("UMU", "reg.txt.klar", "antal=2");

        var receipt = await root.TakeAsync("UMU", "reg.txt", Rvf.File(1, Rvf.Reg()));

        Assert.That(string.Join(' ', receipt.Codes()), Is.EqualTo("F06"));
    }

    [Test]
    public async Task A_school_with_done_files_has_nothing_taken_without_one_however_long_it_lies()
    {
        using var root = await TestRoot.StartAsync(TestRoot.Quiet);
        root.Drop("HÖS", "reg.csv", Csv);
        root.Drop("HÖS", "reg.txt", Rvf.WithHeader(Rvf.Huv(school: "HÖS"), Rvf.Reg()));
        await root.StepAsync();
        for (var i = 0; i < 4; i++) await root.AdvanceAsync(900);
        Assert.That(root.Out("HÖS"), Is.Empty);

        root.Drop("HÖS", "reg.txt.klar", "");
        await root.StepAsync();

        Assert.That(root.Receipt("reg.txt", "HÖS").Text("status"), Is.EqualTo("accepted"));
        Assert.That(root.Names("in", "HÖS"), Is.EqualTo(Just.These("reg.csv")));
    }

    [TestCase("mkfifo \"$1/reg.csv.klar\"")]
    [TestCase("mkdir \"$1/reg.csv.klar\"")]
    [TestCase("ln -s /etc/hostname \"$1/reg.csv.klar\"")]
    public async Task A_done_file_that_is_no_regular_file_is_left_and_alarmed_and_stops_nothing(string make)
    {
        using var root = await TestRoot.StartAsync();
        await Shell.RunAsync(make, root.At("in", "UMU"));
        root.Drop("UMU", "reg.csv", Csv);
        root.Drop("LU", "annan.csv", Csv);

        var step = root.StepAsync();
        var first = await Task.WhenAny(step, Task.Delay(TimeSpan.FromSeconds(10)));
        // A reader that waits at a pipe is let go, so that nothing of this test is left.
        await Shell.RunAsync("find \"$1\" -type p -exec timeout 2 sh -c 'echo > \"$1\"' sh {} \\; ; true", root.Folder);
        await step;

        Assert.That(first, Is.SameAs(step), "the service hangs");
        Assert.That(root.Receipt("annan.csv", "LU").Text("fileId"), Is.Not.Null);
        Assert.That(root.Names("in", "UMU"), Does.Contain("reg.csv.klar"));
        Assert.That(root.Alarms, Has.Count.EqualTo(1));
    }

    private static async Task<System.Text.Json.JsonElement> TakeAsync(TestRoot root, string done)
    {
        root.Drop("UMU", "reg.csv.klar", done);
        return await root.TakeAsync("UMU", "reg.csv", Csv);
    }
}
