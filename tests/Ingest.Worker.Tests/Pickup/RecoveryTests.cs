using Ingest.Rules;
using Ingest.Worker.Ledger;
using Ingest.Worker.Operators;
using Ingest.Worker.Tests.Support;

namespace Ingest.Worker.Tests.Pipeline;

/// <summary>What a crash leaves behind at each step of a file's way, made by hand, and what the next start makes of it.</summary>
public class RecoveryTests
{
    private const string Name = "reg.csv", Id = "20260119-000001", Archived = Id + "_" + Name;
    private static readonly string Csv = Rvf.Csv(Rvf.Row(), Rvf.Row(Rvf.Bo), Rvf.Row("199601012398"));
    private static readonly DateOnly Today = new(2026, 1, 19);

    [Test]
    public async Task A_claim_whose_rename_never_happened_is_taken_back()
    {
        using var root = await TestRoot.StartAsync();
        await ClaimAsync(root);
        root.Drop("UMU", Name, Csv);

        await RestartAsync(root);

        Assert.That(root.Out().Count(n => n.EndsWith("kvittens.json", StringComparison.Ordinal)), Is.EqualTo(1));
        Assert.That(root.Receipt(Name).Counts(), Is.EqualTo("read 3 accepted 2 waiting 0 duplicate 0 rejected 1"));
        Assert.That(root.App.Ledger.Unfinished(), Is.Empty);
    }

    [Test]
    public async Task A_file_that_was_renamed_and_not_yet_brought_into_work_goes_on()
    {
        using var root = await TestRoot.StartAsync();
        await ClaimAsync(root);
        TestRoot.Files.File.WriteAllText(root.At("in", "UMU", ".ingest", Id), Csv);

        await RestartAsync(root);

        IsDone(root);
    }

    [Test]
    public async Task A_file_in_work_goes_on()
    {
        using var root = await TestRoot.StartAsync();
        await ClaimAsync(root);
        InWork(root);

        await RestartAsync(root);

        IsDone(root);
    }

    [Test]
    public async Task A_copy_into_work_that_was_broken_off_is_made_again_from_the_claim()
    {
        using var root = await TestRoot.StartAsync();
        await ClaimAsync(root);
        TestRoot.Files.File.WriteAllText(root.At("in", "UMU", ".ingest", Id), Csv);
        InWork(root, Csv[..40]);

        await RestartAsync(root);

        IsDone(root);
    }

    [Test]
    public async Task Rows_of_an_intake_that_never_committed_do_not_count()
    {
        using var root = await TestRoot.StartAsync();
        await root.TakeAsync("UMU", Name, Csv);
        // Back to the moment before its commit, with all its rows staged.
        BackTo(root, "claimed");

        await RestartAsync(root);

        IsDone(root);
    }

    [TestCase("committed")]
    [TestCase("receipted")]
    public async Task Receipts_and_archive_that_were_not_finished_are_done_again_the_same(string state)
    {
        using var root = await TestRoot.StartAsync();
        await root.TakeAsync("UMU", Name, Csv);
        var receipts = root.Hashes("ut");
        BackTo(root, state);
        if (state == "committed") foreach (var name in root.Out().Skip(1)) TestRoot.Files.File.Delete(root.At("ut", "UMU", name));

        await RestartAsync(root);

        Assert.That(root.Hashes("ut"), Is.EqualTo(receipts));
        IsDone(root);
    }

    [Test]
    public async Task A_file_whose_window_closed_while_we_were_down_counts_in_it_still()
    {
        using var root = await TestRoot.StartAsync();
        await ClaimAsync(root);
        InWork(root);

        await root.RestartAsync(TestRoot.Winter("2026-01-20T09:00:00"));
        await root.StepAsync();

        Assert.That(root.Receipt(Name).Text("window", "date"), Is.EqualTo("2026-01-19"), "a claim's row holds the arrival and its window");
        Assert.That(root.Json("delivery", "2026-01-19", "manifest.TEST.json").Text("totals", "delivered"), Is.EqualTo("2"));
    }

    // It lay there when we had stopped at 14:59, and at 15:00:05 it had not yet lain still.
    [Test]
    public async Task A_file_that_came_in_time_counts_in_its_window_though_we_stop_once_more_before_it_is_taken()
    {
        using var root = await TestRoot.StartAsync(TestRoot.Quiet, TestRoot.Winter("2026-01-19T14:59:00"));
        await root.StepAsync();
        root.Drop("UMU", Name, Csv);
        await root.RestartAsync(TestRoot.Winter("2026-01-19T15:00:05"));
        await root.StepAsync();

        await root.RestartAsync(TestRoot.Winter("2026-01-19T15:00:09"));
        await root.StepAsync();
        await root.AdvanceAsync(11);

        Assert.That(root.Receipt(Name).Text("window", "date"), Is.EqualTo("2026-01-19"));
    }

    [Test]
    public async Task A_done_file_that_was_not_yet_moved_with_its_file_is_checked_all_the_same()
    {
        using var root = await TestRoot.StartAsync();
        await ClaimAsync(root);
        TestRoot.Files.File.WriteAllText(root.At("in", "UMU", ".ingest", Id), Csv);
        root.Drop("UMU", Name + ".klar", "antal=9");

        await RestartAsync(root);

        Assert.That(root.Receipt(Name).Codes(), Does.Contain("F06"));
        Assert.That(root.Names("in", "UMU"), Is.Empty);
    }

    [Test]
    public async Task A_done_file_that_came_before_its_file_is_not_taken_by_an_earlier_one_of_that_name()
    {
        using var root = await TestRoot.StartAsync();
        await root.TakeAsync("UMU", Name, Csv);
        BackTo(root, "receipted");
        root.Drop("UMU", Name + ".klar", "antal=9");

        await RestartAsync(root);
        Assert.That(root.Names("in", "UMU"), Is.EqualTo([Name + ".klar"]));
        await root.TakeAsync("UMU", Name, Csv);

        Assert.That(root.Receipt(Name).Codes(), Does.Contain("F06"));
    }

    // What it has in hand is claimed and half staged, like what a crash leaves.
    [Test]
    public async Task What_an_operators_command_has_in_hand_is_left_alone_by_a_service_that_starts()
    {
        using var root = await TestRoot.StartAsync();
        var row = await root.App.Ledger.ClaimAsync("UMU", "rattelse.txt", false, TestRoot.Morning, Today, null, CancellationToken.None, Origin.Correction);
        InWork(root, Rvf.File(1, Rvf.Reg()));
        var half = root.At("work", Id, ".0123456789abcdef01234567.tmp");
        TestRoot.Files.File.WriteAllText(half, "halv");

        using (ActLock.TryTake(root.App.Root))
        {
            await RestartAsync(root);
            Assert.That((root.App.Ledger.File(row.Id)!.State, root.Out().Count, TestRoot.Files.File.Exists(half)), Is.EqualTo((FileState.Claimed, 0, true)));
        }
        await RestartAsync(root);

        Assert.That(root.App.Ledger.File(row.Id)!.State, Is.EqualTo(FileState.Archived), "it died: the next start goes on with it");
    }

    [Test]
    public async Task Half_written_receipts_are_swept_away()
    {
        using var root = await TestRoot.StartAsync();
        TestRoot.Files.File.WriteAllText(root.At("ut", "UMU", ".0123456789abcdef01234567.tmp"), "halv");

        await RestartAsync(root);

        Assert.That(root.Out(), Is.Empty);
    }

    private static Task<FileRow> ClaimAsync(TestRoot root) => root.App.Ledger.ClaimAsync("UMU", Name, false, TestRoot.Morning, Today, null, CancellationToken.None);

    private static void InWork(TestRoot root, string? text = null)
    {
        TestRoot.Files.Directory.CreateDirectory(root.At("work", Id));
        TestRoot.Files.File.WriteAllText(root.At("work", Id, "file"), text ?? Csv);
    }

    private static void BackTo(TestRoot root, string state)
    {
        root.Sql(state == "claimed" ? Stored.Uncommit : $"UPDATE file SET state = '{state}'");
        InWork(root);
        TestRoot.Files.File.Delete(root.At("archive", "UMU", "2026-01-19", Archived));
    }

    private static async Task RestartAsync(TestRoot root)
    {
        await root.RestartAsync(TestRoot.Morning.AddMinutes(1));
        await root.StepAsync();
    }

    private static void IsDone(TestRoot root)
    {
        var receipt = root.Receipt(Name);
        Assert.That((receipt.Text("fileId"), receipt.Counts()), Is.EqualTo((Id, "read 3 accepted 2 waiting 0 duplicate 0 rejected 1")));
        Assert.That(root.Out(), Has.Count.EqualTo(5));
        Assert.That(root.Text("archive", "UMU", "2026-01-19", Archived), Is.EqualTo(Csv));
        Assert.That(root.Names("work"), Is.Empty);
        Assert.That(TestRoot.Files.Directory.EnumerateFileSystemEntries(root.At("in", "UMU", ".ingest")), Is.Empty);
        Assert.That(root.App.Ledger.File(FileId.Of(Today, 1))!.State, Is.EqualTo(FileState.Archived));
    }
}
