using System.Text;
using System.Text.Json;
using Ingest.Worker.Settings;
using Ingest.Worker.Tests.Support;

namespace Ingest.Worker.Tests.Crash;

/// <summary>
/// What a power cut may leave of a file that was being written: nothing of it, a byte, half, all but the last byte; under its own name or
/// under the one that it has until it is whole. What the ledger has not said to be done is made again to the same bytes; of what is
/// nobody's to make again, the fault is told.
/// </summary>
public sealed class TornWriteTests
{
    private static readonly string[] OfFiles = ["accepterade.csv", "avvisade.csv", "omsandning.csv", "rapport.html", "kvittens.json"];
    private static readonly string[] OfCloses = ["UMU.csv", "manifest.TEST.json", "kl15.csv", "kl15.html", "kl15.json", "kl15.omsandning.1.csv"];
    private static readonly string[] OfNotices = ["forhand.csv", "forhand.html", "forhand.json"];

    [TestCaseSource(nameof(OfFiles))]
    public async Task A_torn_receipt_of_a_file_is_made_again(string kind)
    {
        using var root = await WorkedAsync();
        await IsMadeAgainAsync(root, kind, "UPDATE file SET state = 'committed'");
    }

    [TestCaseSource(nameof(OfCloses))]
    public async Task A_torn_delivery_manifest_or_receipt_of_a_close_is_made_again(string kind)
    {
        using var root = await WorkedAsync();
        await root.CloseAsync("2026-01-19");
        await IsMadeAgainAsync(root, kind, "UPDATE closed_window SET delivered = NULL, manifest = NULL");
    }

    [TestCaseSource(nameof(OfNotices))]
    public async Task A_torn_notice_is_made_again(string kind)
    {
        using var root = await WorkedAsync();
        await root.StepAsync(TestRoot.Winter("2026-01-19T14:31:00"));
        await IsMadeAgainAsync(root, kind, "UPDATE setting SET value = '2026-01-19 UMU' WHERE key = 'advanceNotice'");
    }

    [Test]
    public async Task A_torn_copy_in_the_archive_is_made_again_while_the_file_is_still_in_work()
    {
        using var root = await WorkedAsync();
        var archived = root.Names("archive", "UMU", "2026-01-19").Single();
        var bytes = root.Bytes("archive", "UMU", "2026-01-19", archived);
        foreach (var length in Lengths(bytes))
        {
            Write(root.At("work", archived[..15], "file"), bytes);
            Write(root.At("archive", "UMU", "2026-01-19", archived), bytes[..length]);
            root.Sql("UPDATE file SET state = 'receipted'");

            await RestartAsync(root);

            Assert.That(root.Bytes("archive", "UMU", "2026-01-19", archived), Is.EqualTo(bytes), $"cut at {length}");
            Assert.That(root.Names("work"), Is.Empty);
        }
    }

    [Test]
    public async Task A_torn_copy_in_work_is_made_again_while_the_claim_is_still_there()
    {
        using var root = await WorkedAsync();
        var archived = root.Names("archive", "UMU", "2026-01-19").Single();
        var bytes = root.Bytes("archive", "UMU", "2026-01-19", archived);
        var receipts = root.Hashes("ut");
        foreach (var length in Lengths(bytes))
        {
            Write(root.At("in", "UMU", ".ingest", archived[..15]), bytes);
            Write(root.At("work", archived[..15], "file"), bytes[..length]);
            root.Sql(Stored.Uncommit);

            await RestartAsync(root);

            Assert.That(root.Hashes("ut"), Is.EqualTo(receipts), $"cut at {length}");
            Assert.That(root.Names("work"), Is.Empty);
        }
    }

    [Test]
    public async Task The_register_of_a_new_root_is_written_whole_or_not_at_all()
    {
        using var folder = new TempFolder();
        var seed = Encoding.UTF8.GetBytes(Service.IngestApp.SeedRegister());
        foreach (var length in Lengths(seed))
        {
            Write(folder.At(".a83ee4e1e1b7d0f3b5a5b6c1.tmp"), seed[..length]);
            var run = await Cli.RunAsync("run", "--once", "--root", folder.Path);
            Assert.That((run.Exit, TestRoot.Files.File.ReadAllBytes(folder.At("schools.json"))), Is.EqualTo((0, seed)), run.Error);
            TestRoot.Files.File.Delete(folder.At("schools.json"));
        }
    }

    // From then on it is the operator's, and nobody else has it.
    [Test]
    public async Task A_torn_register_is_told_and_nothing_is_started_with_it()
    {
        using var root = await TestRoot.StartAsync();
        var whole = root.Bytes("schools.json");
        foreach (var length in Lengths(whole))
        {
            Write(root.At("schools.json"), whole[..length]);
            Assert.That(async () => await root.RestartAsync(TestRoot.Morning), Throws.TypeOf<StartException>().With.Message.Contains("schools.json"), $"cut at {length}");
        }
        Write(root.At("schools.json"), whole);
        await root.RestartAsync(TestRoot.Morning);
    }

    [Test]
    public async Task An_alarm_after_a_torn_line_stands_on_a_line_of_its_own()
    {
        using var root = await TestRoot.StartAsync();
        await root.App.Alarms.RaiseAsync("prov", "ett", "Det första.", CancellationToken.None);
        var whole = root.Bytes("logs", "alarms.jsonl");
        foreach (var length in Lengths(whole))
        {
            Write(root.At("logs", "alarms.jsonl"), whole[..length]);

            await root.App.Alarms.RaiseAsync("prov", $"efter {length}", "Det andra.", CancellationToken.None);

            using var line = JsonDocument.Parse(root.Text("logs", "alarms.jsonl").Split('\n', StringSplitOptions.RemoveEmptyEntries)[^1]);
            Assert.That(line.RootElement.GetProperty("subject").GetString(), Is.EqualTo($"efter {length}"));
        }
        Assert.That(root.Alarms.Select(a => a.Subject), Does.Contain("ett"), "what the file has lost, the ledger has");
    }

    /// <param name="notDone">Takes back what the ledger says about it: it was not done when the power went.</param>
    private static async Task IsMadeAgainAsync(TestRoot root, string kind, string notDone)
    {
        var before = Written(root);
        var path = root.At(before.Single(f => f.Key.EndsWith(kind, StringComparison.Ordinal)).Key);
        var bytes = TestRoot.Files.File.ReadAllBytes(path);
        Assert.That(bytes, Has.Length.GreaterThan(3));
        foreach (var length in Lengths(bytes))
        {
            Write(path, bytes[..length]);
            Write(Path.Combine(Path.GetDirectoryName(path)!, ".0123456789abcdef01234567.tmp"), bytes[..length]);
            root.Sql(notDone);

            await RestartAsync(root);

            Assert.That(Written(root), Is.EqualTo(before), $"{kind} cut at {length}");
        }
    }

    private static List<KeyValuePair<string, string>> Written(TestRoot root) => [.. root.Hashes("ut"), .. root.Hashes("delivery")];

    /// <summary>A partially accepted CSV with a record that waits, worked.</summary>
    private static async Task<TestRoot> WorkedAsync()
    {
        var root = await TestRoot.StartAsync();
        await root.TakeAsync("UMU", "reg.csv", Rvf.Csv(Rvf.Row(), Rvf.Row(Rvf.Bo), Rvf.Row("199601012398")) + Rvf.Row(Rvf.Cia, type: "FO") + "\r\n");
        return root;
    }

    private static int[] Lengths(byte[] whole) => [0, 1, whole.Length / 2, whole.Length - 1];

    private static void Write(string path, byte[] bytes)
    {
        TestRoot.Files.Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        TestRoot.Files.File.WriteAllBytes(path, bytes);
    }

    private static async Task RestartAsync(TestRoot root)
    {
        await root.RestartAsync(root.Clock.GetUtcNow());
        await root.StepAsync();
    }
}
