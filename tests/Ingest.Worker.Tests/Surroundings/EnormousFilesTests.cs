using System.Text;
using Ingest.Worker.Tests.Support;

namespace Ingest.Worker.Tests.Surroundings;

/// <summary>Files that are far too large or hold far too little, worked by the real process in as little memory as it is given: were it to keep what it reads, it would end.</summary>
[Parallelizable(ParallelScope.Self)]
public class EnormousFilesTests
{
    // 96 MiB, as the runtime reads it. Two gigabytes, or a million rows, have no room in it.
    private const string SmallHeap = "DOTNET_GCHeapHardLimit=6000000";

    private const int EmptyLines = 10_000_000;

    private static readonly string[] Quick = ["--Pickup:QuietPeriod=00:00:00", "--Pickup:QuietPeriodCsv=00:00:00", "--Pickup:QuietPeriodUnterminated=00:00:00", "--Pickup:PollInterval=00:00:00.05"];

    [Test]
    public async Task Two_gigabytes_without_a_line_end_and_ten_million_empty_lines_are_told_in_little_memory()
    {
        using var root = await TestRoot.StartAsync(at: TimeProvider.System.GetUtcNow());
        // A hole: nothing is written.
        await using (var hole = File.Create(root.At("in", "UMU", "a.txt"))) hole.SetLength(2L << 30);
        var empty = Encoding.UTF8.GetBytes(new string('\n', EmptyLines));
        root.Drop("UMU", "b.txt", empty);
        root.Drop("UMU", "c.txt", [.. Encoding.UTF8.GetBytes(Rvf.Huv() + "\n"), .. empty, .. Encoding.UTF8.GetBytes(Rvf.Reg(hp: "x") + "\n" + Rvf.Slu(Rvf.Reg(hp: "x")))]);
        root.Drop("UMU", "d.csv", [.. Encoding.UTF8.GetBytes(Rvf.RegHeader + "\n"), .. empty, .. Encoding.UTF8.GetBytes(Rvf.Row(hp: "x"))]);

        await RunAsync(root);

        Assert.That(root.Receipt("a.txt").Codes(), Is.EqualTo(Just.These("F14")));
        Assert.That(root.Receipt("a.txt").GetProperty("file").GetProperty("bytes").GetInt64(), Is.EqualTo(2L << 30));
        Assert.That(root.Receipt("b.txt").Codes(), Is.EqualTo(Just.These("F01")));
        foreach (var name in Just.These("c.txt", "d.csv"))
        {
            var finding = root.Receipt(name).Finding("P05");
            Assert.That((finding.Text("line"), finding.Text("value")), Is.EqualTo(("10000002", "x")), name);
        }
    }

    [Test]
    public Task Twenty_thousand_rows_behind_a_quote_that_never_closes_are_read() => RowsBehindAQuoteAsync(20_000);

    [Test]
    [Explicit("Minutes.")]
    public Task A_million_rows_behind_a_quote_that_never_closes_are_read() => RowsBehindAQuoteAsync(1_000_000);

    private static async Task RowsBehindAQuoteAsync(int rows)
    {
        using var root = await TestRoot.StartAsync(at: TimeProvider.System.GetUtcNow());
        var path = root.At("in", "UMU", ".drop");
        await using (var writer = new StreamWriter(path))
        {
            await writer.WriteLineAsync(Rvf.RegHeader);
            await writer.WriteLineAsync("\"" + Rvf.Row(Rvf.Bo));
            for (var i = 0; i < rows; i++) await writer.WriteLineAsync(Rvf.Row(Student(i % 10_000), $"TMA{i / 10_000 + 100}"));
        }
        File.Move(path, root.At("in", "UMU", "a.csv"));

        await RunAsync(root);

        var receipt = root.Receipt("a.csv");
        Assert.That(receipt.Counts(), Is.EqualTo($"read {rows + 1} accepted {rows} waiting 0 duplicate 0 rejected 1"));
        Assert.That(receipt.Finding("P14").Text("line"), Is.EqualTo("2"));
    }

    /// <summary>But for the 29 February that 1900, to which it would belong, did not have.</summary>
    private static string Student(int n) => Rvf.Student(n < 1_520 ? n : n + 1);

    private static async Task RunAsync(TestRoot root)
    {
        root.App.Dispose();
        var result = await Cli.RunAsync(SmallHeap, ["run", "--once", "--root", root.Folder, .. Quick]);
        Assert.That((result.Exit, result.Error), Is.EqualTo((0, "")), result.Out);
        Assert.That(root.Alarms.Select(a => a.Kind), Has.None.EqualTo("fileStuck"));
    }
}
