using Ingest.Worker.Tests.Support;

namespace Ingest.Worker.Tests.Pipeline;

/// <summary>Receipts that are written again, of a file and of a close.</summary>
public class ReceiptsCommandTests
{
    [Test]
    public async Task Receipts_of_a_file_are_written_again_the_same()
    {
        using var root = await TestRoot.StartAsync();
        await root.TakeAsync("UMU", "f.csv", Rvf.Csv(Rvf.Row(), Rvf.Row("199601012398")));
        var before = root.Hashes("ut");
        foreach (var name in root.Out()) TestRoot.Files.File.Delete(root.At("ut", "UMU", name));

        var result = await Cli.RunAsync("receipts", "20260119-000001", "--root", root.Folder);

        Assert.That((result.Exit, result.Error), Is.EqualTo((0, "")));
        Assert.That(root.Hashes("ut"), Is.EqualTo(before));
    }

    [Test]
    public async Task Receipts_of_a_close_are_written_again_the_same_for_every_school_or_one()
    {
        using var root = await TestRoot.StartAsync();
        await root.TakeAsync("KTH", "f.txt", Rvf.WithHeader(Rvf.Huv(1, "KTH"), Rvf.Ktf(), Rvf.Reg(), Rvf.Reg(Rvf.Bo, offering: "X"), Rvf.Reg(Rvf.Cia), Rvf.Reg(Rvf.Cia, action: "B")));
        await root.TakeAsync("UMU", "g.csv", Rvf.Csv(Rvf.Row()));
        await root.CloseAsync("2026-01-19");
        // A day later the offering no longer fits what was delivered: that is the next close's to say, not this one's.
        await root.TakeAsync("KTH", "ktf.txt", Rvf.WithHeader(Rvf.Huv(2, "KTH"), Rvf.Ktf(start: "20260202")));
        await root.CloseAsync("2026-01-20");
        var before = root.Hashes("ut");
        foreach (var school in Just.These("KTH", "UMU"))
            foreach (var name in root.Out(school).Where(n => n.StartsWith("2026-01-19", StringComparison.Ordinal))) TestRoot.Files.File.Delete(root.At("ut", school, name));

        var one = await Cli.RunAsync("receipts", "2026-01-19", "--school", "kth", "--root", root.Folder);
        Assert.That(root.Out("UMU").Where(n => n.Contains("kl15", StringComparison.Ordinal)), Is.Empty);
        var all = await Cli.RunAsync("receipts", "2026-01-19", "--root", root.Folder);

        Assert.That((one.Exit, one.Error, all.Exit, all.Error), Is.EqualTo((0, "", 0, "")));
        Assert.That(one.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(Path.GetFileName), Is.EqualTo(Just.These(
            "2026-01-19.TEST.kl15.omsandning.1.txt", "2026-01-19.TEST.kl15.csv", "2026-01-19.TEST.kl15.html", "2026-01-19.TEST.kl15.json")));
        Assert.That(root.Hashes("ut").Where(h => !h.Key.Contains("forhand", StringComparison.Ordinal)), Is.EqualTo(before.Where(h => !h.Key.Contains("forhand", StringComparison.Ordinal))));
    }

    [Test]
    public async Task Receipts_of_a_close_whose_original_is_gone_are_written_without_it_and_exit_4()
    {
        using var root = await TestRoot.StartAsync();
        await root.TakeAsync("KTH", "f.txt", Rvf.WithHeader(Rvf.Huv(1, "KTH"), Rvf.Ktf(), Rvf.Reg(offering: "X")));
        await root.CloseAsync("2026-01-19");
        TestRoot.Files.Directory.Delete(root.At("archive", "KTH"), recursive: true);

        var result = await Cli.RunAsync("receipts", "2026-01-19", "--root", root.Folder, "--out", root.At("igen"));

        Assert.That((result.Exit, result.Error.Trim()), Is.EqualTo((4, "ingest: originalet till 20260119-000001 är borta, så dess avvisade poster står inte i någon omsändning.")));
        Assert.That(root.Names("igen"), Is.EqualTo(Just.These("2026-01-19.TEST.kl15.csv", "2026-01-19.TEST.kl15.html", "2026-01-19.TEST.kl15.json")));
    }

    [TestCase("2026-01-19", 4)]
    [TestCase("2026-01-18 --school UMU", 4)]
    [TestCase("20260119-000001 --school UMU", 64)]
    [TestCase("2026-1-19", 64)]
    public async Task Receipts_of_a_window_that_is_not_closed_or_no_window_are_refused_in_a_line(string arguments, int exit)
    {
        using var root = await TestRoot.StartAsync();
        await root.TakeAsync("UMU", "f.csv", Rvf.Csv(Rvf.Row()));

        var result = await Cli.RunAsync(["receipts", .. arguments.Split(' '), "--root", root.Folder]);

        Assert.That((result.Exit, result.ErrorLines.Length), Is.EqualTo((exit, 1)), result.Error);
    }

    [Test]
    public async Task Receipts_of_an_unknown_file_are_exit_4()
    {
        using var root = await TestRoot.StartAsync();

        var result = await Cli.RunAsync("receipts", "20260119-000077", "--root", root.Folder);

        Assert.That((result.Exit, result.ErrorLines.Length), Is.EqualTo((4, 1)));
    }
}
