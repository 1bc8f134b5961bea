using System.Diagnostics;
using Ingest.Worker.Tests.Support;

namespace Ingest.Worker.Tests.Pipeline;

public class PickupTests
{
    [TestCase("ln -s \"$1/../../schools.json\" \"$1/länk.csv\"", "länk.csv")]
    [TestCase("ln -s /finns/inte \"$1/bruten.csv\"", "bruten.csv")]
    [TestCase("ln -s \"$1\" \"$1/slinga.csv\"", "slinga.csv")]
    [TestCase("mkdir \"$1/mapp.csv\"", "mapp.csv")]
    [TestCase("mkfifo \"$1/rör.csv\"", "rör.csv")]
    public async Task What_is_no_regular_file_is_left_and_alarmed_once_and_stops_nothing(string make, string name)
    {
        using var root = await TestRoot.StartAsync();
        await Shell.RunAsync(make, root.At("in", "UMU"));
        root.Drop("UMU", "reg.csv", Rvf.Csv(Rvf.Row()));

        await root.StepAsync();
        await root.AdvanceAsync(60);

        Assert.That(root.Names("in", "UMU"), Is.EqualTo(Just.These(name)));
        Assert.That(root.Alarms.Select(a => a.Subject), Is.EqualTo(Just.These("in/UMU")));
        Assert.That(root.Text("logs", "alarms.jsonl").Split('\n', StringSplitOptions.RemoveEmptyEntries), Has.Length.EqualTo(1));
        Assert.That(root.Receipt("reg.csv").Text("status"), Is.EqualTo("accepted"));
    }

    // /dev/zero has no end: whoever opened it would read for ever.
    [Test]
    public async Task A_device_is_left_too()
    {
        using (var probe = Process.Start("/bin/sh", ["-c", "d=$(mktemp -d); mknod \"$d/e\" c 1 5 2>/dev/null; made=$?; rm -r \"$d\"; exit $made"]))
        {
            await probe.WaitForExitAsync();
            if (probe.ExitCode != 0) Assert.Ignore("Only root may make a device.");
        }
        await What_is_no_regular_file_is_left_and_alarmed_once_and_stops_nothing("mknod \"$1/enhet.csv\" c 1 5", "enhet.csv");
    }

    [Test]
    public async Task A_file_inside_a_folder_of_the_school_is_not_looked_for()
    {
        using var root = await TestRoot.StartAsync();
        root.Drop(Path.Combine("UMU", "2026"), "reg.csv", Rvf.Csv(Rvf.Row()));

        await root.StepAsync();

        Assert.That(root.Out(), Is.Empty);
        Assert.That(root.Names("in", "UMU", "2026"), Is.EqualTo(Just.These("reg.csv")));
    }

    [TestCase("", "in")]
    [TestCase("XYZ", "in/XYZ")]
    [TestCase("umu", "in/umu", Description = "folder names equal skolkod")]
    public async Task A_file_that_no_school_can_be_told_from_goes_to_quarantine_with_an_alarm(string folder, string subject)
    {
        using var root = await TestRoot.StartAsync();
        root.Drop(folder, "vilse.csv", Rvf.Csv(Rvf.Row()));
        root.Drop("UMU", "reg.csv", Rvf.Csv(Rvf.Row()));

        await root.StepAsync();

        var quarantined = root.Names("quarantine");
        Assert.That(quarantined, Has.Count.EqualTo(1).And.All.Match("^20260119-00000[12]_vilse\\.csv$"));
        Assert.That(root.Text("quarantine", quarantined[0]), Is.EqualTo(Rvf.Csv(Rvf.Row())), "the bytes as they came");
        Assert.That(root.Alarms, Has.Count.EqualTo(1));
        Assert.That(root.Alarms[0].Subject, Does.StartWith(subject));
        Assert.That(root.Names("in", folder), Has.None.EqualTo("vilse.csv"));
        Assert.That(root.Receipt("reg.csv").Text("status"), Is.EqualTo("accepted"));
    }

    [TestCase("\0\0\0\0", "F03")]
    [TestCase("Hej!\r\nHär kommer våra registreringar.\r\n", "F02")]
    public async Task A_file_that_cannot_be_read_gets_its_receipt_and_goes_to_quarantine(string text, string code)
    {
        using var root = await TestRoot.StartAsync();

        var receipt = await root.TakeAsync("UMU", "fel.csv", text);

        Assert.That(string.Join(' ', receipt.Codes()), Is.EqualTo(code));
        Assert.That(root.Names("quarantine"), Is.EqualTo(Just.These("20260119-000001_fel.csv")));
        Assert.That(root.Names("archive", "UMU"), Is.Empty);
    }

    [Test]
    public async Task A_refused_file_is_archived_byte_for_byte_after_its_receipt()
    {
        using var root = await TestRoot.StartAsync();
        var text = Rvf.WithHeader(Rvf.Huv(school: "LU"), Rvf.Reg());

        var receipt = await root.TakeAsync("UMU", "fel.txt", text);

        Assert.That(receipt.Text("status"), Is.EqualTo("rejected"));
        Assert.That(root.Text("archive", "UMU", "2026-01-19", "20260119-000001_fel.txt"), Is.EqualTo(text));
        Assert.That(root.Names("work"), Is.Empty);
    }

    [Test]
    public async Task The_archive_is_by_the_swedish_date_of_arrival()
    {
        using var root = await TestRoot.StartAsync(at: TestRoot.Winter("2026-01-20T00:30:00"));

        var receipt = await root.TakeAsync("UMU", "natt.csv", Rvf.Csv(Rvf.Row()));

        Assert.That(receipt.Text("fileId"), Is.EqualTo("20260120-000001"));
        Assert.That(root.Names("archive", "UMU"), Is.EqualTo(Just.These("2026-01-20")));
    }

    [Test]
    public async Task File_ids_rise_through_the_day_and_begin_again_the_next()
    {
        using var root = await TestRoot.StartAsync();
        Assert.That((await root.TakeAsync("UMU", "a.csv", Rvf.Csv(Rvf.Row()))).Text("fileId"), Is.EqualTo("20260119-000001"));
        Assert.That((await root.TakeAsync("LU", "b.csv", Rvf.Csv(Rvf.Row()))).Text("fileId"), Is.EqualTo("20260119-000002"));
        await root.StepAsync(TestRoot.Winter("2026-01-20T08:00:00"));
        Assert.That((await root.TakeAsync("UMU", "c.csv", Rvf.Csv(Rvf.Row()))).Text("fileId"), Is.EqualTo("20260120-000001"));
    }

    [Test]
    public async Task Files_first_seen_in_one_poll_are_worked_by_last_write_and_then_by_name()
    {
        using var root = await TestRoot.StartAsync();
        var written = new DateTime(2026, 1, 19, 8, 0, 0, DateTimeKind.Utc);
        foreach (var (name, student, after) in new[] { ("a.csv", 1, 2), ("c.csv", 2, 1), ("b.csv", 3, 1), ("d.csv", 4, 0) })
            TestRoot.Files.File.SetLastWriteTimeUtc(root.Drop("UMU", name, Rvf.Csv(Rvf.Row(Rvf.Student(student)))), written.AddSeconds(after));

        await root.StepAsync();

        Assert.That(Just.These("d.csv", "b.csv", "c.csv", "a.csv").Select(n => root.Receipt(n).Text("fileId")),
            Is.EqualTo(Just.These("20260119-000001", "20260119-000002", "20260119-000003", "20260119-000004")));
    }

    [Test]
    public async Task A_later_file_that_is_whole_waits_for_an_earlier_one_that_is_only_quiet()
    {
        using var root = await TestRoot.StartAsync(TestRoot.Quiet);
        root.Drop("UMU", "först.csv", Rvf.Csv(Rvf.Row()));
        await root.StepAsync();
        root.Drop("UMU", "sedan.txt", Rvf.File(1, Rvf.Reg()));
        root.Drop("LU", "annan.txt", Rvf.WithHeader(Rvf.Huv(school: "LU"), Rvf.Reg()));
        await root.AdvanceAsync(1);
        await root.AdvanceAsync(2);
        Assert.That(root.Out("UMU"), Is.Empty, "files of one school are worked in order of arrival");
        Assert.That(root.Receipt("annan.txt", "LU").Text("status"), Is.Not.Null, "schools side by side");

        await root.AdvanceAsync(7);

        Assert.That(root.Receipt("först.csv").Text("status"), Is.EqualTo("accepted"));
        Assert.That(root.Receipt("sedan.txt").Text("status"), Is.EqualTo("duplicate").Or.EqualTo("accepted"));
        Assert.That(string.CompareOrdinal(root.Receipt("först.csv").Text("fileId"), root.Receipt("sedan.txt").Text("fileId")), Is.Negative);
    }

    [Test]
    public async Task A_file_that_waits_for_its_trailer_holds_no_later_file_up()
    {
        using var root = await TestRoot.StartAsync(TestRoot.Quiet);
        root.Drop("UMU", "halv.txt", Rvf.Lines(Rvf.Huv(), Rvf.Reg()));
        await root.StepAsync();
        root.Drop("UMU", "hel.txt", Rvf.File(1, Rvf.Reg()));
        await root.AdvanceAsync(1);
        await root.AdvanceAsync(2);

        Assert.That(root.Receipt("hel.txt").Text("status"), Is.EqualTo("accepted"));
    }

    [Test]
    public async Task The_same_name_may_come_again_and_again_with_a_receipt_each_time()
    {
        using var root = await TestRoot.StartAsync();

        var outcomes = new List<string?>();
        foreach (var student in new[] { 1, 2, 1 })
            outcomes.Add((await root.TakeAsync("UMU", "reg.csv", Rvf.Csv(Rvf.Row(Rvf.Student(student))))).Text("status"));

        Assert.That(outcomes, Is.EqualTo(Just.These("accepted", "accepted", "duplicate")));
        Assert.That(root.Out().Where(n => n.EndsWith("kvittens.json", StringComparison.Ordinal)), Is.EqualTo(Just.These(
            "reg.csv.20260119-000001.TEST.kvittens.json", "reg.csv.20260119-000002.TEST.kvittens.json", "reg.csv.20260119-000003.TEST.kvittens.json")));
        Assert.That(root.Names("archive", "UMU", "2026-01-19"), Is.EqualTo(Just.These("20260119-000001_reg.csv", "20260119-000002_reg.csv", "20260119-000003_reg.csv")));
    }

    [Test]
    public async Task A_file_whose_receipts_cannot_be_written_stops_no_other_and_is_made_good()
    {
        using var root = await TestRoot.StartAsync();
        var stone = root.At("ut", "UMU", "a.csv.20260119-000001.TEST.kvittens.json");
        TestRoot.Files.Directory.CreateDirectory(Path.Combine(stone, "sten"));
        root.Drop("UMU", "a.csv", Rvf.Csv(Rvf.Row()));
        await root.StepAsync();
        Assert.That(root.Alarms, Has.Count.EqualTo(1));

        var next = await root.TakeAsync("UMU", "b.csv", Rvf.Csv(Rvf.Row(Rvf.Bo)));
        Assert.That(next.Text("status"), Is.EqualTo("accepted"));

        TestRoot.Files.Directory.Delete(stone, recursive: true);
        for (var minute = 0; minute < 60; minute++) await root.AdvanceAsync(60);
        Assert.That(root.Receipt("a.csv").Text("status"), Is.EqualTo("accepted"));
        Assert.That(root.Names("archive", "UMU", "2026-01-19"), Has.Count.EqualTo(2));
        Assert.That(root.Alarms, Is.Empty);
    }

    [Test]
    public async Task A_file_that_cannot_be_brought_into_work_stops_no_other()
    {
        using var root = await TestRoot.StartAsync();
        // As when the volume of work/ is full or gone.
        TestRoot.Files.File.WriteAllText(root.At("work", "20260119-000001"), "i vägen");
        root.Drop("KTH", "a.csv", Rvf.Csv(Rvf.Row()));
        root.Drop("UMU", "b.csv", Rvf.Csv(Rvf.Row()));

        Assert.That(root.StepAsync, Throws.Nothing);
        await root.StepAsync();

        Assert.That(root.Receipt("b.csv").Text("status"), Is.EqualTo("accepted"));
        Assert.That(root.Alarms, Is.Not.Empty);
    }
}
