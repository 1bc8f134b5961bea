using System.Text;
using Ingest.Worker.Tests.Support;

namespace Ingest.Worker.Tests.Surroundings;

/// <summary>Very many files at once, very many slow writers, and names that look alike. Counted, never timed.</summary>
[Parallelizable(ParallelScope.Self)]
public class FloodTests
{
    [Test]
    public Task Every_file_of_a_flood_over_five_folders_is_receipted_once_and_few_are_open_at_a_time() => FloodAsync(1_000);

    [Test]
    [Explicit("A minute or more.")]
    public Task Every_file_of_a_flood_of_10_000_is_receipted_once_and_few_are_open_at_a_time() => FloodAsync(10_000);

    private static async Task FloodAsync(int count)
    {
        string[] schools = ["UMU", "KTH", "LU", "KAT", "PAPPER"];
        using var root = await TestRoot.StartOnAsync([("", count * 80)]);
        for (var i = 0; i < count; i++) root.Drop(schools[i % 5], $"{i:D5}.csv", Rvf.Csv(Rvf.Row(Rvf.Student(i % 10_000))));
        var most = 0;
        using var done = new CancellationTokenSource();
        var watching = Task.Run(async () =>
        {
            while (!done.IsCancellationRequested)
            {
                // Of this root alone: other tests run beside.
                most = Math.Max(most, OpenUnder(root.Folder));
                await Task.Delay(TimeSpan.FromMilliseconds(20));
            }
        });

        await root.StepAsync();
        await done.CancelAsync();
        await watching;

        var receipts = schools.SelectMany(root.Out).Where(n => n.EndsWith("kvittens.json", StringComparison.Ordinal)).Select(n => n[..9]).ToList();
        Assert.That((receipts.Count, receipts.Distinct().Count()), Is.EqualTo((count, count)));
        Assert.That(Directory.EnumerateFiles(root.At("archive"), "*", SearchOption.AllDirectories).Count(), Is.EqualTo(count));
        Assert.That(schools.SelectMany(s => root.Names("in", s)).Concat(root.Names("work")), Is.Empty);
        Assert.That(root.Alarms, Is.Empty);
        // Each file in hand has its original, five receipts and the ledger's connections open; there are as many in hand as processors, and a little for the polls.
        Assert.That(most, Is.Positive.And.LessThan(24 * (Environment.ProcessorCount + 2)));
    }

    [Test]
    public async Task Ten_thousand_files_that_are_not_whole_keep_nobody_from_being_seen()
    {
        using var root = await TestRoot.StartOnAsync([("", 131_072)], TestRoot.Quiet);
        var half = Encoding.UTF8.GetBytes(Rvf.Lines(Rvf.Huv(), Rvf.Reg()));
        for (var i = 0; i < 10_000; i++) await File.WriteAllBytesAsync(root.At("in", "KTH", $"{i:D5}.txt"), half);
        root.Drop("UMU", "a.txt", Rvf.File(1, Rvf.Reg()));
        root.Drop("KTH", "hel.txt", Rvf.WithHeader(Rvf.Huv(1, "KTH"), Rvf.Ktf()));

        await root.StepAsync();
        await root.AdvanceAsync(2);

        Assert.That(root.Receipt("a.txt").Text("status"), Is.EqualTo("accepted"));
        Assert.That(root.Receipt("hel.txt", "KTH").Text("status"), Is.EqualTo("accepted"));
        Assert.That(root.Names("in", "KTH"), Has.Count.EqualTo(10_000));
    }

    [Test]
    public async Task Of_a_thousand_slow_writers_each_is_taken_whole_and_none_before_it_is_still()
    {
        const int Writers = 1_000, Rows = 4;
        using var root = await TestRoot.StartOnAsync([("", 131_072)], TestRoot.Quiet);
        string Path(int i) => root.At("in", i % 2 == 0 ? "UMU" : "HÖS", $"{i:D4}.csv");
        for (var row = 0; row < Rows; row++)
        {
            for (var i = 0; i < Writers; i++)
                await File.AppendAllTextAsync(Path(i), row == 0 ? Rvf.Csv(Rvf.Row(Rvf.Student(i))) : Rvf.Row(Rvf.Student(i), course: $"TMA11{row}") + "\r\n");
            // Just before the quiet period of a CSV is over.
            await root.StepAsync();
            await root.AdvanceAsync(9.9);
            Assert.That(root.Out(), Is.Empty, $"row {row}");
        }
        for (var i = 1; i < Writers; i += 2) await File.WriteAllTextAsync(Path(i) + ".klar", "antal=4");
        await root.AdvanceAsync(0.1);

        foreach (var school in Just.These("UMU", "HÖS"))
        {
            var receipts = root.Out(school).Where(n => n.EndsWith("kvittens.json", StringComparison.Ordinal)).ToList();
            Assert.That(receipts, Has.Count.EqualTo(Writers / 2), school);
            foreach (var name in receipts) Assert.That(root.Json("ut", school, name).Counts(), Is.EqualTo("read 4 accepted 4 waiting 0 duplicate 0 rejected 0"), name);
        }
    }

    [Test]
    public async Task Names_that_look_or_are_shortened_or_masked_alike_each_have_receipts_that_lead_to_their_own_file()
    {
        using var root = await TestRoot.StartAsync();
        var stem = new string('a', 245);
        // Composed and decomposed; alike until the last of 255 bytes; alike once the number is masked; what a shell or a reader of paths would make of it.
        string[] names =
        [
            "å.csv", "a\u030A.csv", stem + "123456.csv", stem + "123457.csv", "199601012397.csv", "19960101xxxx.csv", "a .csv", "a  .csv", " a.csv", "a.csv ", "a\n.csv", "a\r.csv", "a\t.csv",
            "-", "--root", "x..", "a\\b.csv", "a;rm -rf $HOME.csv", "`id`.csv", "$(id).csv", "a|b>c&d.csv", "*.csv", "?.csv", "'.csv", "\".csv", "a\u202Evsc.csv", "a\u200B.csv", "CON", "a.csv.20260119-000001.TEST.kvittens.json",
        ];
        for (var i = 0; i < names.Length; i++) root.Drop("UMU", names[i], Rvf.Csv(Rvf.Row(Rvf.Student(i))));

        await root.StepAsync();

        Assert.That(root.Alarms, Is.Empty);
        Assert.That(root.Names("in", "UMU"), Is.Empty);
        var receipts = root.Out().Where(n => n.EndsWith(".TEST.kvittens.json", StringComparison.Ordinal)).Select(n => root.Json("ut", "UMU", n)).ToList();
        Assert.That(receipts.Select(r => r.Text("fileId")).Distinct().Count(), Is.EqualTo(names.Length));
        Assert.That(receipts.Select(r => r.Text("file", "name")), Is.EquivalentTo(names.Select(n => n == "199601012397.csv" ? "19960101xxxx.csv" : n)));
        foreach (var receipt in receipts)
        {
            // The archive's file of that id is the very bytes that the receipt states.
            var archived = root.Names("archive", "UMU", "2026-01-19").Single(n => n.StartsWith(receipt.Text("fileId") + "_", StringComparison.Ordinal));
            Assert.That(Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(root.Bytes("archive", "UMU", "2026-01-19", archived))), Is.EqualTo(receipt.Text("file", "sha256")));
        }
        Assert.That(Directory.EnumerateFileSystemEntries(root.At("ut")).Select(Path.GetFileName), Is.EquivalentTo(Directory.EnumerateFileSystemEntries(root.At("in")).Select(Path.GetFileName)), "nothing is written beside the school's own folder");
    }

    private static int OpenUnder(string folder)
    {
        var open = 0;
        foreach (var descriptor in Directory.EnumerateFileSystemEntries("/proc/self/fd"))
        {
            try
            {
                if (new FileInfo(descriptor).LinkTarget?.StartsWith(folder, StringComparison.Ordinal) == true) open++;
            }
            catch (IOException)
            {
                // Closed meanwhile.
            }
        }
        return open;
    }
}
