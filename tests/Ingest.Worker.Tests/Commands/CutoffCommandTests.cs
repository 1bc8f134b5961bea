using Ingest.Worker.Tests.Support;

namespace Ingest.Worker.Tests.Pipeline;

/// <summary>A close by command, and the look ahead at one.</summary>
public class CutoffCommandTests
{
    [Test]
    public async Task A_preview_of_the_cutoff_says_what_would_come_and_writes_nothing()
    {
        using var root = await TestRoot.StartAsync();
        await root.TakeAsync("KTH", "f.txt", Rvf.WithHeader(Rvf.Huv(1, "KTH"), Rvf.Ktf(), Rvf.Reg(), Rvf.Reg(Rvf.Bo, offering: "X"), Rvf.Reg(Rvf.Cia), Rvf.Reg(Rvf.Cia, action: "B")));
        root.App.Dispose();
        var before = root.Hashes();

        var result = await Cli.RunAsync("cutoff", "--preview", "--root", root.Folder);

        Assert.That((result.Exit, result.Error), Is.EqualTo((0, "")));
        Assert.That(result.Out, Does.Contain("2026-01-19").And.Contain("KTH").And.Contain("R01").And.Contain("K42").And.Not.Contain("199601012397"));
        Assert.That(root.Hashes(), Is.EqualTo(before));
    }

    [Test]
    public async Task The_cutoff_command_closes_what_is_overdue_up_to_the_date_given()
    {
        using var root = await TestRoot.StartAsync();
        await root.TakeAsync("UMU", "f.csv", Rvf.Csv(Rvf.Row()));
        root.App.Dispose();

        var result = await Cli.RunAsync("cutoff", "--date", "2026-01-20", "--root", root.Folder);

        Assert.That((result.Exit, result.Error), Is.EqualTo((0, "")));
        Assert.That(root.Names("delivery"), Is.EqualTo(Just.These("2026-01-19", "2026-01-20")));
        Assert.That(root.Out(), Does.Contain("2026-01-19.TEST.kl15.json"));
    }

    // R14 nets nothing: both registrations are delivered, 100 % and 100 % of full time at once.
    [Test]
    public async Task A_preview_calls_what_is_delivered_with_a_remark_no_netting()
    {
        using var root = await TestRoot.StartAsync();
        await root.TakeAsync("UMU", "f.txt", Rvf.File(1, Rvf.Reg(), Rvf.Reg(course: "FYSA01")));

        var result = await Cli.RunAsync("cutoff", "--preview", "--root", root.Folder);

        Assert.That(result.Out, Does.Contain("UMU: 2 levereras, 0 kvittas, 0 avvisas").And.Contain("upplysning R14").And.Not.Contain("kvittas R14"));
    }

    // 24 January 2026 is a Saturday.
    [Test]
    public async Task A_preview_of_a_day_without_a_close_says_which_closes_next()
    {
        using var root = await TestRoot.StartAsync();

        var result = await Cli.RunAsync("cutoff", "--preview", "--date", "2026-01-24", "--root", root.Folder);

        Assert.That(result.Out, Does.StartWith("2026-01-24 stänger inget fönster. Nästa därefter stänger söndag 25 januari 2026 klockan 15.00."));
    }
}
