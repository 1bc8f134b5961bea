using Ingest.Worker.Service;
using Ingest.Worker.Settings;
using Ingest.Worker.Tests.Pipeline;
using Ingest.Worker.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;

namespace Ingest.Worker.Tests.Surroundings;

/// <summary>Drop folders that go and come or cannot be written, files that cannot be moved or are still being written.</summary>
[Parallelizable(ParallelScope.All)]
public class DropFolderFaultsTests
{
    private static readonly DateTimeOffset Three = TestRoot.Winter("2026-01-19T15:00:00");

    [Test]
    public async Task A_read_only_drop_folder_has_nothing_taken_is_told_once_and_all_is_taken_when_it_can_be_written()
    {
        using var root = await TestRoot.StartOnAsync([("", 65536), ("in/UMU", 4096)]);
        // More than one poll takes.
        for (var i = 0; i < 250; i++) root.Drop("UMU", $"{i:D3}.csv", Rvf.Csv(Rvf.Row(Rvf.Student(i))));
        root.On("in/UMU").ReadOnly(true);
        root.Drop("LU", "b.csv", Rvf.Csv(Rvf.Row()));

        await root.StepAsync();
        await root.AdvanceAsync(60);

        Assert.That(root.Alarms.Select(a => (a.Kind, a.Subject)), Is.EqualTo(new[] { ("folderBlocked", "in/UMU") }));
        Assert.That(root.Alarms[0].Message, Does.Contain("disken är skrivskyddad"));
        Assert.That(root.Names("in", "UMU"), Has.Count.EqualTo(250));
        Assert.That(root.Receipt("b.csv", "LU").Text("status"), Is.Not.Null, "the others go on");
        root.On("in/UMU").ReadOnly(false);
        await root.AdvanceAsync(15 * 60);

        Assert.That(root.Out().Count(n => n.EndsWith("kvittens.json", StringComparison.Ordinal)), Is.EqualTo(250));
        Assert.That(root.Receipt("000.csv").Text("status"), Is.EqualTo("accepted"));
        Assert.That(root.Alarms, Is.Empty);
    }

    [Test]
    public async Task What_lies_in_a_folder_that_cannot_be_written_at_15_00_is_waited_for_and_counts_in_its_window()
    {
        using var root = await TestRoot.StartOnAsync([("in/UMU", 256)]);
        root.Drop("UMU", "a.csv", Rvf.Csv(Rvf.Row()));
        root.On("in/UMU").ReadOnly(true);
        await root.StepAsync(Three.AddMinutes(-1));
        await root.StepAsync(Three.AddMinutes(3));
        Assert.That((root.Names("delivery").Count, string.Join(' ', root.Alarms.Select(a => a.Kind))), Is.EqualTo((0, "folderBlocked closeWaits")));

        root.On("in/UMU").ReadOnly(false);
        await root.StepAsync(Three.AddMinutes(15));

        Assert.That(WindowTests.Totals(root, "2026-01-19"), Does.StartWith("accepted 1 waiting 0 delivered 1"));
        Assert.That(root.Alarms, Is.Empty);
    }

    [TestCase("in/UMU", Description = "its mount point is left, empty")]
    [TestCase("in", Description = "with every folder in it")]
    public async Task A_drop_folder_that_goes_just_before_15_00_and_comes_back_loses_no_file_its_window(string volume)
    {
        using var root = await TestRoot.StartOnAsync([(volume, 512)], TestRoot.Quiet);
        await root.StepAsync(Three.AddSeconds(-20));
        root.Drop("UMU", "sedd.csv", Rvf.Csv(Rvf.Row()));
        await root.StepAsync(Three.AddSeconds(-5));
        using (var away = root.On(volume).Away())
        {
            await root.StepAsync(Three.AddSeconds(5));
            await root.StepAsync(Three.AddSeconds(130));
            Assert.That(root.Names("delivery"), Is.Empty, "the close waits for it");
            Assert.That(root.Alarms.Select(a => (a.Kind, a.Subject)), Does.Contain(("folderMissing", "in/UMU")));
            Assert.That(root.Alarms.Select(a => a.Kind), Does.Contain("closeWaits"));
            // The school dropped it on the share at 14:59:58; we could not see it.
            File.WriteAllText(Path.Combine(away.Path, volume == "in" ? "UMU" : "", "osedd.csv"), Rvf.Csv(Rvf.Row(Rvf.Bo)));
        }
        await root.StepAsync(Three.AddSeconds(140));
        await root.StepAsync(Three.AddSeconds(151));

        Assert.That(root.Receipt("sedd.csv").Text("receivedAt"), Is.EqualTo("2026-01-19T14:59:55+01:00"));
        Assert.That(root.Receipt("osedd.csv").Text("window", "date"), Is.EqualTo("2026-01-19"));
        Assert.That(WindowTests.Totals(root, "2026-01-19"), Does.StartWith("accepted 2 waiting 0 delivered 2"));
        Assert.That(root.Alarms, Is.Empty);
    }

    [Test]
    public async Task A_drop_folder_that_stays_away_holds_one_close_for_half_an_hour_and_no_later_one()
    {
        using var root = await TestRoot.StartAsync();
        await root.StepAsync(Three.AddMinutes(-1));
        Directory.Delete(root.At("in", "UMU"), recursive: true);
        await root.StepAsync(Three.AddMinutes(29));
        Assert.That(root.Names("delivery"), Is.Empty);
        await root.StepAsync(Three.AddMinutes(30));
        Assert.That(root.Names("delivery"), Is.EqualTo(Just.These("2026-01-19")));

        await root.CloseAsync("2026-01-20");

        Assert.That(root.Names("delivery"), Is.EqualTo(Just.These("2026-01-19", "2026-01-20")));
    }

    [Test]
    public async Task A_file_that_cannot_be_moved_is_tried_once_told_once_and_stops_no_other()
    {
        using var root = await TestRoot.StartOnAsync([("in/UMU", 256)]);
        var path = root.Drop("UMU", "a.csv", Rvf.Csv(Rvf.Row()));
        // A file that is a mount point cannot be renamed by anyone.
        Assert.That(Volume.Run("mount", "--bind", path, path), Is.Empty);
        try
        {
            root.Drop("UMU", "b.csv", Rvf.Csv(Rvf.Row(Rvf.Bo)));
            await root.StepAsync();
            await root.AdvanceAsync(3600);
        }
        finally
        {
            Volume.Run("umount", path);
        }
        Assert.That(root.Alarms.Select(a => (a.Kind, a.Subject)), Is.EqualTo(new[] { ("cannotTake", "in/UMU") }));
        Assert.That(root.Receipt("b.csv").Text("fileId"), Is.EqualTo("20260119-000002"), "an id is used up by the one try");
        File.SetLastWriteTimeUtc(path, new DateTime(2026, 1, 19, 11, 0, 0, DateTimeKind.Utc));

        await root.AdvanceAsync(1);

        Assert.That(root.Receipt("a.csv").Text("status"), Is.EqualTo("accepted"));
        Assert.That(root.Alarms, Is.Empty);
    }

    [TestCase("a.csv", Description = "written under its own name, with a stall between two rows")]
    [TestCase("a.csv.tmp", Description = "renamed while it is still being written")]
    public async Task A_csv_that_stalls_between_two_rows_is_not_taken_while_somebody_has_it_open_to_write(string name)
    {
        using var root = await TestRoot.StartAsync(TestRoot.Quiet);
        var path = root.At("in", "UMU", name);
        await using (var writer = new StreamWriter(path) { AutoFlush = true })
        {
            await writer.WriteAsync(Rvf.Csv(Rvf.Row()));
            if (name.EndsWith(".tmp", StringComparison.Ordinal)) File.Move(path, root.At("in", "UMU", "a.csv"));
            await root.StepAsync();
            await root.AdvanceAsync(60);
            Assert.That(root.Out(), Is.Empty);
            root.Drop("UMU", "b.csv", Rvf.Csv(Rvf.Row(Rvf.Cia)));
            await root.AdvanceAsync(1);
            await root.AdvanceAsync(11);
            Assert.That(root.Receipt("b.csv").Text("status"), Is.EqualTo("accepted"), "later files do not wait for it");
            await writer.WriteAsync(Rvf.Row(Rvf.Bo) + "\r\n");
            await root.AdvanceAsync(1);
        }
        await root.AdvanceAsync(10);

        Assert.That(root.Receipt("a.csv").Counts(), Is.EqualTo("read 2 accepted 2 waiting 0 duplicate 0 rejected 0"));
    }

    [Test]
    public async Task A_csv_that_nobody_ever_closes_is_taken_when_it_has_been_still_as_long_as_an_unfinished_file()
    {
        using var root = await TestRoot.StartAsync(TestRoot.Quiet);
        await using var writer = new StreamWriter(root.At("in", "UMU", "a.csv")) { AutoFlush = true };
        await writer.WriteAsync(Rvf.Csv(Rvf.Row()));
        await root.StepAsync();
        await root.AdvanceAsync(599);
        Assert.That(root.Out(), Is.Empty);
        await root.AdvanceAsync(1);

        Assert.That(root.Receipt("a.csv").Text("status"), Is.EqualTo("accepted"));
    }

    [Test]
    public async Task What_is_written_to_a_file_after_it_was_read_is_told_at_the_close()
    {
        using var root = await TestRoot.StartAsync(TestRoot.Quiet);
        var path = root.Drop("UMU", "a.txt", Rvf.File(1, Rvf.Reg()));
        await using var writer = new StreamWriter(path, append: true) { AutoFlush = true };
        await root.StepAsync();
        await root.AdvanceAsync(2);
        Assert.That(root.Receipt("a.txt").Counts(), Is.EqualTo("read 1 accepted 1 waiting 0 duplicate 0 rejected 0"), "SLU says that it is whole");

        await writer.WriteAsync(Rvf.Reg(Rvf.Bo) + "\r\n");
        await root.CloseAsync("2026-01-19");

        Assert.That(root.Alarms.Select(a => (a.Kind, a.Subject)), Is.EqualTo(new[] { ("grown", "20260119-000001") }));
    }

    [Test]
    public async Task A_second_service_is_refused_also_when_somebody_has_removed_the_lock_file()
    {
        using var root = await TestRoot.StartAsync();
        File.Delete(root.At("ingest.lock"));

        var refused = Assert.Throws<StartException>(() => IngestApp.Open(root.Settings, TestRoot.Files, root.Clock, NullLoggerFactory.Instance).Dispose());

        Assert.That(refused!.Message, Does.Contain("En annan tjänst arbetar redan"));
        Assert.That((await root.TakeAsync("UMU", "a.csv", Rvf.Csv(Rvf.Row()))).Text("status"), Is.EqualTo("accepted"), "the first goes on");
    }
}
