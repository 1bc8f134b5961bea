using System.Text;
using Ingest.Worker.Tests.Pipeline;
using Ingest.Worker.Tests.Support;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;

namespace Ingest.Worker.Tests.Surroundings;

/// <summary>Disks that are full or cannot be written, folder by folder and page by page: an alarm that says so, and all of it made good when there is room again.</summary>
[Parallelizable(ParallelScope.All)]
public class DiskFaultsTests
{
    private const string Accepted = "read 2 accepted 1 waiting 0 duplicate 0 rejected 1";

    [TestCase("work", false, "fileStuck")]
    [TestCase("work", true, "fileStuck")]
    [TestCase("ut", false, "fileStuck")]
    [TestCase("ut", true, "fileStuck")]
    [TestCase("archive", false, "fileStuck")]
    [TestCase("archive", true, "fileStuck")]
    [TestCase("delivery", false, "handOn")]
    [TestCase("delivery", true, "handOn")]
    public async Task A_folder_on_a_disk_that_is_full_or_read_only_is_alarmed_in_words_and_made_good(string folder, bool readOnly, string alarm)
    {
        using var root = await TestRoot.StartOnAsync([(folder, 1024)]);
        if (readOnly) root.On(folder).ReadOnly(true);
        else root.On(folder).Fill();
        root.Drop("UMU", "a.csv", TwoRows());

        await root.StepAsync();
        await root.CloseAsync("2026-01-19");
        // An hour of it: longer than an intake that is a file's own fault is tried.
        for (var i = 0; i < 12; i++) await root.AdvanceAsync(5 * 60);
        Assert.That(root.Alarms.Select(a => a.Kind), Does.Contain(alarm));
        Assert.That(root.Alarms.Single(a => a.Kind == alarm).Message, Does.Contain(readOnly ? "disken är skrivskyddad" : "disken är full"));

        if (readOnly) root.On(folder).ReadOnly(false);
        else root.On(folder).Empty();
        await root.AdvanceAsync(15 * 60);
        await root.AdvanceAsync(1);

        Assert.That(root.Alarms.Where(a => a.Kind != "movedOn"), Is.Empty);
        AssertWhole(root);
    }

    [Test]
    public async Task Quarantine_on_a_full_disk_is_alarmed_and_made_good()
    {
        using var root = await TestRoot.StartOnAsync([("quarantine", 256)]);
        root.On("quarantine").Fill();
        root.Drop("XYZ", "vilse.csv", TwoRows());
        await root.StepAsync();
        Assert.That(root.Names("quarantine"), Is.EqualTo(Just.These(".fyllnad")));

        root.On("quarantine").Empty();
        await root.AdvanceAsync(60);

        Assert.That(root.Bytes("quarantine", "20260119-000001_vilse.csv"), Is.EqualTo(TwoRows()));
    }

    [Test]
    public async Task A_full_disk_under_logs_stops_nothing_and_half_a_line_is_left_nowhere()
    {
        using var root = await TestRoot.StartOnAsync([("logs", 64)]);
        Directory.CreateDirectory(root.At("in", "LU", "mapp"));
        await root.StepAsync();
        var before = root.Text("logs", "alarms.jsonl");
        // Up to the end of its last page, so that the next line does not fit.
        File.AppendAllText(root.At("logs", "alarms.jsonl"), new string(' ', 4096 - before.Length - 21) + "\n");
        root.On("logs").Fill();
        Directory.CreateDirectory(root.At("in", "UMU", "mapp"));
        root.Drop("UMU", "a.csv", TwoRows());
        await root.StepAsync();

        Assert.That(root.Receipt("a.csv").Counts(), Is.EqualTo(Accepted));
        Assert.That(root.Alarms.Select(a => (a.Kind, a.Subject)), Is.EqualTo(new[] { ("notAFile", "in/LU"), ("notAFile", "in/UMU") }), "the ledger has them");
        Assert.That(root.Text("logs", "alarms.jsonl").TrimEnd(), Is.EqualTo(before.TrimEnd()));
    }

    [Test]
    public async Task A_log_that_does_not_fit_on_its_disk_makes_no_fault_of_a_run()
    {
        using var folder = new TempFolder();
        using var volume = new Volume(folder.At("rot/logs"), 64);
        volume.Fill();

        var run = await Cli.RunAsync("run", "--once", "--root", folder.At("rot"), "--Pickup:QuietPeriod=0");

        Assert.That((run.Exit, run.Error), Is.EqualTo((0, "")));
    }

    /// <summary>
    /// Everything on one small disk, with so many pages free: whichever write is the first that does not fit, the row of the claim, rows,
    /// judgement, commit, each receipt, archive, close, delivery. A server's ledger is on another disk.
    /// </summary>
    [Test]
    [Category("SqliteOnly")]
    public async Task A_disk_that_is_full_at_any_write_loses_nothing_and_doubles_nothing()
    {
        var met = new SortedDictionary<string, int>(StringComparer.Ordinal);
        var undisturbed = 0;
        for (var pages = 0; undisturbed < 2; pages++)
        {
            var logs = new RecordingLogs(NullLoggerFactory.Instance);
            using var root = await TestRoot.StartOnAsync([("", 2048)], logs: logs);
            root.Drop("UMU", "a.csv", TwoRows());
            root.On("").Fill(pages);
            var faults = 0;
            foreach (var at in Just.These("10:00:00", "10:00:01", "15:00:03", "15:00:04"))
            {
                try
                {
                    await root.StepAsync(TestRoot.Winter("2026-01-19T" + at));
                }
                catch (SqliteException e) when (e.SqliteErrorCode is SQLitePCL.raw.SQLITE_FULL or SQLitePCL.raw.SQLITE_IOERR)
                {
                    // The running service tells of it, looks at the windows all the same, and polls again.
                    Count("poll or claim");
                    await root.App.Due.CloseAsync(null, CancellationToken.None);
                }
            }
            foreach (var line in logs.Lines.Where(l => l.Contains("disken är full", StringComparison.Ordinal) && l.Contains(" at ", StringComparison.Ordinal))) Count(Place(line));
            if (faults == 0) undisturbed++;

            root.On("").Empty();
            foreach (var at in Just.These("15:16:05", "15:31:10", "15:46:10")) await root.StepAsync(TestRoot.Winter("2026-01-19T" + at));

            Assert.That(root.Alarms.Where(a => a.Kind != "movedOn"), Is.Empty, $"{pages} pages");
            AssertWhole(root, $"{pages} pages");

            void Count(string what)
            {
                faults++;
                met[what] = met.GetValueOrDefault(what) + 1;
            }
        }
        await TestContext.Out.WriteLineAsync(string.Join(", ", met.Select(m => $"{m.Key} {m.Value}")));
        Assert.That(met.Keys, Is.SupersetOf(Just.These("poll or claim", "rows", "receipts", "close", "delivery")));
    }

    [TestCase(false, "disken är full")]
    [TestCase(true, "disken är skrivskyddad")]
    public async Task A_root_on_a_disk_that_is_full_or_read_only_is_told_in_one_line_at_start(bool readOnly, string told)
    {
        using var folder = new TempFolder();
        using var volume = new Volume(folder.At("rot"), 512);
        if (readOnly) volume.ReadOnly(true);
        else volume.Fill();

        var run = await Cli.RunAsync("run", "--once", "--root", folder.At("rot"));

        Assert.That((run.Exit, run.ErrorLines.Length), Is.EqualTo((78, 1)), run.Error);
        Assert.That(run.Error, Does.Contain(told));
    }

    [Test]
    public async Task A_start_whose_work_is_full_goes_on_with_everything_else()
    {
        using var root = await TestRoot.StartOnAsync([("work", 256)]);
        root.On("work").Fill();
        root.Drop("UMU", "a.csv", TwoRows());
        await root.StepAsync();

        await root.RestartAsync(TestRoot.Morning.AddMinutes(1));
        root.Drop("KTH", "b.csv", TwoRows());
        await root.StepAsync();
        Assert.That(root.Alarms.Select(a => a.Kind), Has.All.EqualTo("fileStuck"));
        root.On("work").Empty();
        await root.AdvanceAsync(15 * 60);

        Assert.That(root.Receipt("a.csv").Counts(), Is.EqualTo(Accepted));
        Assert.That(root.Receipt("b.csv", "KTH").Text("fileId"), Is.EqualTo("20260119-000002"));
        Assert.That(root.Alarms, Is.Empty);
    }

    [Test]
    public async Task Folders_on_volumes_of_their_own_are_copied_between_whole_and_leave_nothing()
    {
        using var root = await TestRoot.StartOnAsync([("in", 512), ("work", 512), ("ut", 512), ("archive", 512)]);
        root.Drop("UMU", "a.csv", TwoRows());
        root.Drop("UMU", "a.csv.klar", "antal=2");

        await root.StepAsync();

        Assert.That(root.Receipt("a.csv").Counts(), Is.EqualTo(Accepted));
        Assert.That(root.Names("archive", "UMU", "2026-01-19"), Is.EqualTo(Just.These("20260119-000001_a.csv", "20260119-000001_a.csv.klar")));
        Assert.That(root.Bytes("archive", "UMU", "2026-01-19", "20260119-000001_a.csv"), Is.EqualTo(TwoRows()));
        Assert.That(root.Names("in", "UMU").Concat(root.Names("in", "UMU", ".ingest")).Concat(root.Names("work")), Is.Empty);
    }

    private static byte[] TwoRows() => Encoding.UTF8.GetBytes(Rvf.Csv(Rvf.Row(), Rvf.Row(student: "199601012398")));

    private static string Place(string line) =>
        line.Contains("MoveToWork", StringComparison.Ordinal) ? "work"
        : line.Contains("FileReceipts", StringComparison.Ordinal) ? "receipts"
        : line.Contains("Delivery.Write", StringComparison.Ordinal) ? "delivery"
        : line.Contains("CutoffReceipts", StringComparison.Ordinal) ? "kl15"
        : line.Contains("could not be closed", StringComparison.Ordinal) ? "close"
        : line.Contains("WindowClose.", StringComparison.Ordinal) ? "delivered"
        : line.Contains("FileIntake", StringComparison.Ordinal) ? "rows"
        : line.Contains("SetStateAsync", StringComparison.Ordinal) ? "state" : "other";

    /// <summary>One file, one receipt of each sort, one original, one delivery with one record in it, and nothing half done.</summary>
    private static void AssertWhole(TestRoot root, string because = "")
    {
        var moved = root.Receipt("a.csv").Text("window", "date") != "2026-01-19";
        Assert.That(root.Receipt("a.csv").Counts(), Is.EqualTo(Accepted), because);
        Assert.That(root.Out().Where(n => n.StartsWith("a.csv", StringComparison.Ordinal)), Has.Exactly(5).Items, because);
        Assert.That(root.Bytes("archive", "UMU", "2026-01-19", root.Receipt("a.csv").Text("fileId") + "_a.csv"), Is.EqualTo(TwoRows()), because);
        Assert.That(WindowTests.Totals(root, "2026-01-19"), Does.StartWith(moved ? "accepted 0" : "accepted 1 waiting 0 delivered 1"), because);
        Assert.That(moved || root.Out().Count(n => n.Contains(".kl15.", StringComparison.Ordinal)) == 3, Is.True, because + ": kl15 receipts");
        Assert.That(root.Names("in", "UMU").Concat(root.Names("in", "UMU", ".ingest")).Concat(root.Names("work").Where(n => n != ".fyllnad")), Is.Empty, because);
        Assert.That(root.App.Ledger.Unfinished(), Is.Empty, because);
        Assert.That(Directory.EnumerateFiles(root.Folder, ".*.tmp", SearchOption.AllDirectories), Is.Empty, because);
    }
}
