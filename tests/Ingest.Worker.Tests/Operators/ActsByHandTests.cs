using System.Text;
using Dapper;
using Ingest.Rules;
using Ingest.Worker.Ledger;
using Ingest.Worker.Settings;
using Ingest.Worker.Tests.Support;

namespace Ingest.Worker.Tests.Operators;

/// <summary>What an operator orders is carried out, and what an operator states is checked.</summary>
public sealed class ActsByHandTests
{
    [Test]
    public async Task A_certificate_for_a_school_that_does_not_report_by_file_is_taken()
    {
        using var root = await TestRoot.StartAsync();
        var act = await Desk.ReportAsync(root, Origin.Certificate, Rvf.WithHeader(Rvf.Huv(0, "PAPPER"), Rvf.Reg()), "PAPPER");
        Assert.That(act.Taken, Is.True);
    }

    [Test]
    public async Task An_operators_removal_is_carried_out_though_the_school_sent_B_and_N_first()
    {
        using var root = await TestRoot.StartAsync();
        await root.TakeAsync("UMU", "a.txt", Rvf.File(1, Rvf.Reg()));
        await root.CloseAsync("2026-01-19");
        await root.TakeAsync("UMU", "b.txt", Rvf.File(2, Rvf.Reg(action: "B"), Rvf.Reg(end: "20260301")));
        await Desk.ReportAsync(root, Origin.Correction, Rvf.WithHeader(Rvf.Huv(0), Rvf.Reg(action: "B")));
        await root.CloseAsync("2026-01-20");
        Assert.That(Desk.Delivered(root, "2026-01-20"), Has.Some.StartsWith("Ä;REG;"));
    }

    [TestCase("--type", "7")]
    [TestCase("--type", "1")]
    [TestCase("--pace", "50000")]
    [TestCase("--course", "TMA101ABCDEFGHIJ")]
    public async Task Certificate_arguments_that_are_wrong_are_told(string option, string value)
    {
        using var root = await TestRoot.StartAsync();
        string[] args = ["certificate", "add", "2441w", "--school", "UMU", "--personnummer", Rvf.Anna, "--name", "A", "--course", "TMA101", "--offering", "V26A1", "--type", "FFG", "--hp", "7,5",
            "--pace", "100", "--from", "2026-01-19", "--to", "2026-02-22", "--registered", "2026-01-12", "--root", root.Folder, "--by", "anna", "--case", "1"];
        args[Array.IndexOf(args, option) + 1] = value;
        var r = await Cli.RunAsync(args);
        Assert.That(r.Exit, Is.EqualTo(64));
        Assert.That(r.Error + r.Out, Does.Not.Contain("Exception").And.Not.Contain("   at "));
    }

    [Test]
    public async Task A_personnummer_in_why_is_masked_in_the_audit()
    {
        using var root = await TestRoot.StartAsync();
        await Cli.RunAsync(["link", "--school", "UMU", "--from", Rvf.Anna, "--to", Rvf.Bo, "--root", root.Folder, "--by", "anna", "--case", "1", "--why", $"{Rvf.Anna} har bytt"]);
        Assert.That(Desk.Audit(root).Single().Why, Does.Not.Contain(Rvf.Anna));
    }

    [Test]
    public async Task A_correction_given_twice_is_done_once()
    {
        using var root = await TestRoot.StartAsync();
        var file = Rvf.WithHeader(Rvf.Huv(0), Rvf.Reg());
        await Desk.ReportAsync(root, Origin.Correction, file);

        var again = await Desk.ReportAsync(root, Origin.Correction, file);

        Assert.That((again.Taken, Desk.Audit(root).Count), Is.EqualTo((false, 1)));
    }

    // Between the trial and the taking the school's own file may have come: then the act is no longer what was ordered.
    [TestCase(true)]
    [TestCase(false)]
    public async Task One_that_would_not_count_whole_any_more_is_taken_back_and_leaves_no_trace(bool afterACrash)
    {
        using var root = await TestRoot.StartAsync();
        await Desk.ReportAsync(root, Origin.Correction, Rvf.WithHeader(Rvf.Huv(0), Rvf.Reg()));
        var overtaken = Rvf.WithHeader(Rvf.Huv(0), Rvf.Reg(Rvf.Bo), Rvf.Reg(Rvf.Cia, action: "B"));
        var row = await root.App.Ledger.ClaimAsync("UMU", "rattelse.txt", false, root.Clock.GetUtcNow(), new DateOnly(2026, 1, 19), null, CancellationToken.None, Origin.Correction, Desk.Entry(root, "correct"));
        var work = root.App.Root.WorkOf(FileId.Text(row.Id));
        TestRoot.Files.Directory.CreateDirectory(Path.GetDirectoryName(work)!);
        TestRoot.Files.File.WriteAllBytes(work, Encoding.UTF8.GetBytes(overtaken));

        if (afterACrash) await root.RestartAsync(root.Clock.GetUtcNow());
        else Assert.That(await root.App.Worker.WorkAsync(row, root.App.Schools.Current.Find("UMU"), CancellationToken.None), Is.False);
        await root.StepAsync();
        await Desk.ReportAsync(root, Origin.Correction, Rvf.WithHeader(Rvf.Huv(0), Rvf.Reg(Rvf.Cia)));

        using var connection = root.App.Ledger.Open();
        using (Assert.EnterMultipleScope())
        {
            Assert.That(root.App.Ledger.File(row.Id), Is.Null);
            Assert.That(TestRoot.Files.Directory.Exists(Path.GetDirectoryName(work)!), Is.False);
            Assert.That(Desk.Audit(root), Has.Count.EqualTo(2), "what was done, before and after it");
            Assert.That(connection.ExecuteScalar<long>("SELECT count(*) FROM act"), Is.Zero);
            Assert.That(Stored.Events(root.App.Ledger), Has.Count.EqualTo(2));
            Assert.That(root.Alarms.Select(a => a.Kind), Is.EqualTo(afterACrash ? new[] { "actBrokenOff" } : []));
            Assert.That((await Cli.RunAsync("verify", "--root", root.Folder)).Exit, Is.Zero, "no entry is missing from the audit's chain");
        }
    }
}
