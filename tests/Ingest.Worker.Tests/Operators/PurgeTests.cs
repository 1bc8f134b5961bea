using System.Globalization;
using System.Text;
using Dapper;
using Ingest.Formats;
using Ingest.Rules;
using Ingest.Worker.Commands;
using Ingest.Worker.Ledger;
using Ingest.Worker.Settings;
using Ingest.Worker.Tests.Support;
using static Ingest.Worker.Tests.Operators.PurgeStory;

namespace Ingest.Worker.Tests.Operators;

/// <summary>
/// <c>purge</c>: what is older than the settings keep goes, and nothing else; what is judged, delivered and verified is as if it had stayed.
/// </summary>
internal sealed class PurgeTests
{
    [Test]
    public async Task Nothing_goes_unless_a_setting_says_so()
    {
        using var root = await StoryAsync(_ => { });
        var before = root.Hashes("archive");
        var look = Look(root);
        Assert.That(look, Has.Exactly(5).Contains("behålls tills vidare").And.Some.EqualTo("Det finns ingenting att gallra."));
        Assert.That(await ApplyAsync(root), Has.Some.EqualTo("Det finns ingenting mer att gallra."));
        Assert.That(root.Hashes("archive"), Is.EqualTo(before));
        Assert.That(Desk.Audit(root).Select(a => a.Action), Has.None.EqualTo("purge"));
    }

    [Test]
    public async Task It_says_what_it_would_do_and_does_nothing_of_it()
    {
        using var root = await StoryAsync(All);
        var (files, rows) = (Everything(root), Rows(root));
        var quarantined = new FileInfo(root.At("quarantine", "20260119-000003_oläslig.txt")).Length;

        var told = Look(root);

        // ett.txt, hös.txt with its .klar, and två.txt.
        Assert.That(told[0], Does.StartWith("Original i archive/: 4 filer, ").And.EndsWith(" byte, äldst från 2026-01-19; allt från och med 2026-01-21 behålls (Retention:ArchiveDays är 1)."));
        Assert.That(told[2], Is.EqualTo($"Filer i quarantine/: 1 fil, {quarantined} byte, äldst från 2026-01-19; allt från och med 2026-01-21 behålls (Retention:QuarantineDays är 1)."));
        Assert.That(told[^1], Does.StartWith("Ingenting är borttaget."));
        Assert.That(Everything(root), Is.EqualTo(files));
        Assert.That(Rows(root), Is.EqualTo(rows));
    }

    [Test]
    public async Task What_is_old_goes_and_keys_counts_hashes_and_the_chain_stay()
    {
        using var root = await StoryAsync(All);
        var (deliveries, rows, counts) = (root.Hashes("delivery"), Rows(root), Counts(root));

        var told = await ApplyAsync(root);

        Assert.That(told[^1], Is.EqualTo("Det är borttaget. Nycklar, antal, kontrollsummor, leveranser och kedjan är kvar."));
        Assert.That(root.Hashes("archive").Keys, Is.EqualTo(Just.These("archive/UMU/2026-01-20/20260120-000001_tre.txt", "archive/UMU/2026-01-22/20260122-000001_fyra.txt")));
        Assert.That(root.Names("quarantine"), Is.Empty);
        Assert.That(root.Names("archive", "UMU"), Is.EqualTo(Just.These("2026-01-20", "2026-01-22")), "a day of which nothing is left goes too");
        Assert.That(root.Out().Select(n => n.Split('.')[0]).Distinct(), Is.EqualTo(Just.These("2026-01-21", "fyra", "tre")));
        Assert.That(root.Out("HÖS"), Is.Empty);
        Assert.That(root.Hashes("delivery"), Is.EqualTo(deliveries));
        Assert.That((Rows(root) with { Audit = rows.Audit }, Rows(root).Audit), Is.EqualTo((rows, rows.Audit + 1)));
        Assert.That(Counts(root), Is.EqualTo(counts));
        using var connection = root.App.Ledger.Open();
        Assert.That(Stored.Events(root.App.Ledger).Where(e => e is { State: StoredState.Refused, File: < 20260120000001 }).Select(e => e.IsEmptied), Is.EqualTo(new[] { true }));
        Assert.That(connection.Query<string>("SELECT why || coalesce(detail, '') FROM audit WHERE action <> 'purge'"), Is.All.Null);
        Assert.That(connection.Query<long?>("SELECT student FROM access"), Is.All.Null);
        Assert.That(Faults(root), Is.Empty);
    }

    // Where a server has its files is its keeper's.
    [Test]
    [Category("SqliteOnly")]
    public async Task Nothing_of_it_stands_in_what_the_ledger_or_its_write_ahead_log_has_left_free()
    {
        using var root = await StoryAsync(All);
        Assert.That(FilesWith(root, InFinding), Is.Not.Empty);

        await ApplyAsync(root);

        Assert.That(FilesWith(root, InFinding), Is.Empty);
        // Pages that SQLite has moved rows out of keep them until they are written anew: operations.md says what takes that away.
        root.Sql("VACUUM; PRAGMA wal_checkpoint(TRUNCATE);");
        Assert.That(FilesWith(root, InRefused), Is.Empty);
        Assert.That(Faults(root), Is.Empty);
    }

    [Test]
    public async Task It_is_itself_logged()
    {
        using var root = await StoryAsync(All);
        await ApplyAsync(root, by: "anna 199601012397");

        using var connection = root.App.Ledger.Open();
        var (who, detail) = connection.QuerySingle<(string, string)>("SELECT who, detail FROM audit WHERE action = 'purge'");
        Assert.That(who, Does.StartWith("anna ").And.Not.Contain(Rvf.Anna));
        // Three originals in archive/ and a .klar; one in quarantine/; an act and a look-up.
        Assert.That(detail, Does.Match("\"archive\":\\{\"before\":\"2026-01-21\",\"marked\":3,\"items\":4,\"bytes\":[0-9]+,\"oldest\":\"2026-01-19\"\\}")
            .And.Contain("\"quarantine\":{\"before\":\"2026-01-21\",\"marked\":1,\"items\":1,").And.Contain("\"accessLog\":{\"before\":\"2026-01-21\",\"marked\":2,\"items\":2,"));
        var log = string.Concat(root.Names("logs").Where(n => n.StartsWith("access-", StringComparison.Ordinal)).Select(n => root.Text("logs", n)));
        Assert.That(log, Does.Contain("purged {What}").And.Contain("accessLog").And.Not.Contain(Rvf.Anna));
    }

    [Test]
    public async Task Done_again_it_does_nothing_and_writes_nothing()
    {
        using var root = await StoryAsync(All);
        await ApplyAsync(root);
        var (files, rows) = (Everything(root), Rows(root));
        Assert.That(await ApplyAsync(root), Has.Some.EqualTo("Det finns ingenting mer att gallra."));
        Assert.That(Everything(root), Is.EqualTo(files));
        Assert.That(Rows(root), Is.EqualTo(rows));
    }

    [Test]
    public async Task What_comes_afterwards_is_judged_and_delivered_as_if_nothing_were_gone()
    {
        using var kept = await StoryAsync(All);
        using var purged = await StoryAsync(All);
        await ApplyAsync(purged);

        List<string> Then(TestRoot root) => [.. root.Out().Where(n => n.StartsWith("sedan", StringComparison.Ordinal) && (n.EndsWith("csv", StringComparison.Ordinal) || n.EndsWith("txt", StringComparison.Ordinal))).Select(n => n + "\n" + root.Text("ut", "UMU", n))];
        foreach (var root in new[] { kept, purged })
        {
            // A repeat, the same under another id, other content under a known id, a removal of what stands, one of what was refused,
            // what a refused record's id was, too much at once (R14), and a whole file again.
            await root.TakeAsync("UMU", "sedan.txt", Rvf.File(5, Rvf.Reg(id: "a1"), Rvf.Reg(id: "a9"), Rvf.Reg(Rvf.Bo, hp: "00600", id: "b1"), Rvf.Reg(Rvf.Bo, action: "B"), Rvf.Reg(Rvf.Cia, action: "B"),
                Rvf.Res(Rvf.Cia, course: "ANNAN1", id: "r1"), Rvf.Reg(course: "MAT200", offering: "M1"), Rvf.Reg(Rvf.Student(3), id: "c3")));
            await root.TakeAsync("UMU", "sedan-igen.txt", Ett());
            await root.CloseAsync("2026-01-22");
            await root.CloseAsync("2026-01-23");
        }
        Assert.That(Then(purged), Is.EqualTo(Then(kept)));
        Assert.That(Then(kept), Has.Some.Contains("R06").And.Some.Contains("R14"), "they were judged on what came before");
        Assert.That(purged.Text("delivery", "2026-01-22", "UMU.csv"), Is.EqualTo(kept.Text("delivery", "2026-01-22", "UMU.csv")));
        Assert.That(Faults(purged), Is.Empty);
    }

    [Test]
    public async Task What_is_asked_for_afterwards_is_said_to_be_purged_and_when()
    {
        using var root = await StoryAsync(All);
        await ApplyAsync(root);

        var replay = await Cli.RunAsync("replay", "20260119-000001", "--root", root.Folder);
        Assert.That((replay.Exit, replay.Error), Is.EqualTo((4, $"ingest: originalet till 20260119-000001 är gallrat 2026-01-22. SHA-256 var {Sha(Ett())}.\n")));
        var receipts = await Cli.RunAsync("receipts", "20260119-000001", "--root", root.Folder);
        Assert.That((receipts.Exit, receipts.Out), Is.EqualTo((4, "")));
        Assert.That(receipts.Error, Does.StartWith("ingest: detaljerna om 20260119-000001 är gallrade 2026-01-22, så kvittenserna kan inte göras igen."));
        var close = await Cli.RunAsync("receipts", "2026-01-19", "--school", "UMU", "--root", root.Folder);
        Assert.That((close.Exit, close.Out, close.Error), Is.EqualTo((4, "", "ingest: detaljer om UMU i fönstret 2026-01-19 är gallrade 2026-01-22, så kvittenserna kan inte göras igen.\n")));
        var show = await Cli.RunAsync("show", "--school", "UMU", "--personnummer", Rvf.Cia, "--root", root.Folder);
        Assert.That(show.Exit, Is.Zero, show.Error);
        Assert.That(show.Out, Does.Contain("RES ny: det som stod i posten är gallrat 2026-01-22").And.Contain("avvisad (R30)").And.Contain("Vad som stod i fälten är gallrat 2026-01-22; koderna är kvar."));
        var correct = await Cli.RunAsync("correct", "20260119-000001", "5", "--by", "anna", "--case", "1", "--why", "x", "--root", root.Folder);
        Assert.That(correct.Exit, Is.EqualTo(4));
        Assert.That(correct.Error, Does.Contain("är gallrat 2026-01-22. Skriv rättelsen som en fil"));
        var verify = await Cli.RunAsync("verify", "--root", root.Folder);
        Assert.That((verify.Exit, verify.Error), Is.EqualTo((0, "")), verify.Out);
        Assert.That(verify.Out, Does.Contain("4 original är gallrade; av dem finns kontrollsumman kvar."));
    }

    [Test]
    public async Task Receipts_of_a_file_whose_detail_is_kept_are_made_again_unless_they_need_the_original()
    {
        using var root = await StoryAsync(r => (r.ArchiveDays, r.ReceiptsDays) = (1, 1));
        await ApplyAsync(root);

        var partial = await Cli.RunAsync("receipts", "20260119-000001", "--root", root.Folder);
        Assert.That((partial.Exit, partial.Error), Is.EqualTo((4, $"ingest: originalet till 20260119-000001 är gallrat 2026-01-22, så omsändningen kan inte göras igen. SHA-256 var {Sha(Ett())}.\n")));
        var whole = await Cli.RunAsync("receipts", "20260119-000002", "--root", root.Folder);
        Assert.That(whole.Exit, Is.Zero, whole.Error);
        Assert.That(root.Out("HÖS"), Has.Some.EndsWith("kvittens.json"));
    }

    [Test]
    public async Task Only_windows_that_are_closed_and_handed_on_are_purged()
    {
        using var root = await StoryAsync(r => r.ArchiveDays = 1);
        root.Sql("UPDATE closed_window SET delivered = NULL WHERE date = 20260119");
        await ApplyAsync(root);
        Assert.That(root.Hashes("archive").Keys, Has.Some.Contains("ett.txt").And.Some.Contains("hös.txt").And.None.Contains("två.txt"));
    }

    [Test]
    public async Task A_baseline_is_as_old_as_its_arrival()
    {
        using var root = await StoryAsync(r => r.ArchiveDays = 1);
        await Desk.BaselineAsync(root, Rvf.File(0, Rvf.Reg(Rvf.Student(7), "MAT100", "H1")));
        await ApplyAsync(root);
        Assert.That(root.Hashes("archive").Keys, Has.Some.Contains("host.txt"));
        root.Clock.Set(Thursday.AddDays(2));
        await ApplyAsync(root);
        Assert.That(root.Hashes("archive").Keys, Has.None.Contains("host.txt"));
        Assert.That(Faults(root), Is.Empty);
    }

    [Test]
    public async Task What_stands_behind_a_link_is_left_and_told_and_goes_when_that_is_mended()
    {
        using var root = await StoryAsync(All);
        using var elsewhere = new TempFolder();
        Directory.Move(root.At("archive", "UMU"), elsewhere.At("UMU"));
        File.CreateSymbolicLink(root.At("archive", "UMU"), elsewhere.At("UMU"));

        var fault = (await Assert.ThrowsAsync<StartException>(() => ApplyAsync(root)))!;

        Assert.That(fault.Message, Does.StartWith("Gallringen är inte klar: 2 filer kunde inte tas bort, den första är archive/UMU/2026-01-19/20260119-000001_ett.txt."));
        Assert.That(Directory.EnumerateFiles(elsewhere.At("UMU"), "*", SearchOption.AllDirectories).Count(), Is.EqualTo(4));
        Assert.That(root.Names("quarantine"), Is.Empty, "the rest went");
        Assert.That(Verify(root), Has.Some.EqualTo("En gallring pågår eller blev inte klar. purge --apply gör klart den.").And.Some.EqualTo("Allt stämmer."));
        Assert.That(Look(root)[0], Is.EqualTo("En gallring som började torsdag 22 januari 2026 klockan 10.00 blev inte klar. purge --apply gör klart den först."));

        File.Delete(root.At("archive", "UMU"));
        Directory.Move(elsewhere.At("UMU"), root.At("archive", "UMU"));
        Assert.That(await ApplyAsync(root), Has.Some.EqualTo("Det finns ingenting mer att gallra."));
        Assert.That(root.Hashes("archive").Keys, Has.None.Contains("ett.txt").And.None.Contains("två.txt").And.Some.Contains("tre.txt"));
        Assert.That(Desk.Audit(root).Count(a => a.Action == "purge"), Is.EqualTo(1));
        Assert.That(Verify(root), Has.None.Contains("gallring pågår"));
    }

    [Test]
    public async Task A_link_that_has_taken_an_originals_name_is_not_followed()
    {
        using var root = await StoryAsync(All);
        using var elsewhere = new TempFolder();
        File.WriteAllText(elsewhere.At("viktig"), "x");
        File.Delete(root.At("archive", "UMU", "2026-01-19", "20260119-000001_ett.txt"));
        File.CreateSymbolicLink(root.At("archive", "UMU", "2026-01-19", "20260119-000001_ett.txt"), elsewhere.At("viktig"));
        await Assert.ThrowsAsync<StartException>(() => ApplyAsync(root));
        Assert.That(File.ReadAllText(elsewhere.At("viktig")), Is.EqualTo("x"));
    }

    [Test]
    public async Task What_somebody_else_removed_before_or_after_or_put_back_is_told()
    {
        using var root = await StoryAsync(All);
        var bytes = root.Bytes("archive", "UMU", "2026-01-19", "20260119-000004_två.txt");
        File.Delete(root.At("archive", "UMU", "2026-01-19", "20260119-000001_ett.txt"));
        await ApplyAsync(root);
        Assert.That(Faults(root), Is.EqualTo(Just.These("archive/UMU/2026-01-19/20260119-000001_ett.txt: saknas.")));

        File.Delete(root.At("archive", "UMU", "2026-01-22", "20260122-000001_fyra.txt"));
        Directory.CreateDirectory(root.At("archive", "UMU", "2026-01-19"));
        File.WriteAllBytes(root.At("archive", "UMU", "2026-01-19", "20260119-000004_två.txt"), bytes);
        Assert.That(Faults(root), Is.EqualTo(Just.These("archive/UMU/2026-01-19/20260119-000001_ett.txt: saknas.",
            "archive/UMU/2026-01-19/20260119-000004_två.txt: är gallrad 2026-01-22, men finns.", "archive/UMU/2026-01-22/20260122-000001_fyra.txt: saknas.")));
    }

    [TestCase("UPDATE file SET original_purged = (SELECT id FROM audit WHERE action = 'purge') WHERE original_purged IS NULL", "gallring")]
    [TestCase("UPDATE file SET receipts_purged = 1 WHERE receipts_purged IS NULL", "gallring")]
    [TestCase("UPDATE closed_window SET receipts_purged = 77 WHERE receipts_purged IS NULL", "gallring")]
    [TestCase("UPDATE file SET detail_purged = NULL", "gallring")]
    [TestCase("UPDATE finding SET field = 'x' WHERE file = 20260119000001", "finding")]
    [TestCase("UPDATE event SET records = CAST(records || x'00' AS BLOB) WHERE hex(states) LIKE '%02%'", "event")]
    [TestCase("UPDATE audit SET who = 'x' WHERE action = 'baseline'", "audit")]
    [TestCase("UPDATE audit SET detail = replace(detail, '2026-01-21', '2026-01-22') WHERE action = 'purge'", "audit")]
    [TestCase("UPDATE access SET found = 0", "access")]
    [TestCase("DELETE FROM access", "gallring")]
    public async Task What_is_changed_after_a_purge_is_found(string change, string where)
    {
        using var root = await StoryAsync(All);
        await ApplyAsync(root);
        root.Sql(change);
        Assert.That(Faults(root), Has.Some.StartsWith($"Liggaren: {where}: "));
    }

    [Test]
    public async Task What_was_changed_before_a_purge_is_found_after_it()
    {
        using var root = await StoryAsync(All);
        root.Sql("UPDATE finding SET value = 'ABC' WHERE file = 20260119000001 AND value IS NOT NULL");
        await ApplyAsync(root);
        Assert.That(Faults(root), Has.Some.StartsWith("Liggaren: finding: raderna om 20260119-000001 är inte de som skrevs"));
    }

    [Test]
    public async Task A_purge_that_came_between_is_told_and_nothing_is_done()
    {
        using var root = await StoryAsync(All);
        using var connection = root.App.Ledger.Open();
        var last = LedgerDatabase.LastPurge(connection);
        await ApplyAsync(root);
        var rows = Rows(root);
        Assert.That(await root.App.Ledger.DecideAsync(connection, Desk.Entry(root, "purge"), [(PurgeKind.Archive, 20260119000001)], last, null, CancellationToken.None), Is.Null);
        Assert.That(Rows(root), Is.EqualTo(rows));
    }

    [TestCase("Retention:ArchiveDays", "-1")]
    [TestCase("Retention:AccessLogDays", "36501")]
    public async Task Days_that_cannot_be_are_refused_at_start(string key, string days)
    {
        using var folder = new TempFolder();
        var run = await Cli.RunAsync("purge", "--root", folder.At("root"), $"--{key}={days}");
        Assert.That((run.Exit, run.Error), Is.EqualTo((78, $"ingest: Inställningarna är fel:\n  {key}: ”{days}” gäller inte; väntat 0 till 36500.\n")));
    }

    [Test]
    public async Task The_program_says_what_it_would_do_on_a_root_of_its_own()
    {
        using var root = await StoryAsync(_ => { });
        var run = await Cli.RunAsync("purge", "--root", root.Folder, "--Retention:ReceiptsDays=36500");
        Assert.That((run.Exit, run.Error), Is.EqualTo((0, "")));
        Assert.That(run.Out, Does.Contain("Kvittenser i ut/: inget att ta bort").And.Contain("Det finns ingenting att gallra."));
    }
}
