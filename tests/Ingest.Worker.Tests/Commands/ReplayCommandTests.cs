using System.Globalization;
using System.IO.Abstractions;
using Dapper;
using Ingest.Formats;
using Ingest.Rules;
using Ingest.Tests;
using Ingest.Worker.Commands;
using Ingest.Worker.Ledger;
using Ingest.Worker.Samples;
using Ingest.Worker.Settings;
using Ingest.Worker.Tests.Operators;
using Ingest.Worker.Tests.Support;

namespace Ingest.Worker.Tests.Pipeline;

/// <summary>An archived file judged anew: the same under the same rules, whatever has happened since; and what differs when something has changed.</summary>
public class ReplayCommandTests
{
    [Test]
    public async Task Every_file_of_a_long_story_comes_to_what_it_came_to_then()
    {
        using var root = await TestRoot.StartAsync();
        await StoryAsync(root);
        AssertStory(root);

        await AssertNoDifferenceAsync(root.Folder, root.Settings, atLeast: 12);
    }

    // A term is played on SQLite.
    [TestCase(FileShape.FixedWidth, 1UL)]
    [TestCase(FileShape.Csv, 2UL)]
    [Category("SqliteOnly")]
    public async Task Every_file_of_a_term_with_faults_comes_to_what_it_came_to_then(FileShape shape, ulong seed)
    {
        using var folder = new TempFolder();
        new SampleFiles(TestRoot.Files, new SampleOptions(600, seed, 0.25, shape, folder.At("samples"), new DateOnly(2026, 1, 19), ["KTH", "LU"])).Write();
        await TermReplay.RunAsync(folder.At("samples"), folder.At("root"));

        await AssertNoDifferenceAsync(folder.At("root"), DemoCommand.Settings(folder.At("root")), atLeast: 10);
    }

    [Test]
    public async Task A_file_that_was_worked_while_the_window_before_its_own_was_still_open_comes_to_the_same()
    {
        // A done-file lets a file be taken within the two seconds in which the window still waits for others.
        using var root = await TestRoot.StartAsync(TestRoot.Quiet);
        root.Drop("KTH", "ett.txt.klar", "");
        await root.TakeAsync("KTH", "ett.txt", Rvf.WithHeader(Rvf.Huv(1, "KTH"), Rvf.Ktf(), Rvf.Reg(), Rvf.Reg(Rvf.Bo, offering: "SEN26")));
        await root.StepAsync(TestRoot.Winter("2026-01-19T14:59:59"));
        root.Clock.Set(TestRoot.Winter("2026-01-19T15:00:01"));
        root.Drop("KTH", "två.txt.klar", "");
        await root.TakeAsync("KTH", "två.txt", Rvf.WithHeader(Rvf.Huv(2, "KTH"), Rvf.Ktf(offering: "SEN26"), Rvf.Reg(Rvf.Bo, offering: "SEN26"), Rvf.Res()));
        Assert.That((root.Receipt("två.txt", "KTH").Text("window", "date"), root.App.Ledger.LastClosed()), Is.EqualTo(("2026-01-20", DateOnly.MinValue)), "its own is the next, and none has closed");
        await root.CloseAsync("2026-01-19");
        await root.CloseAsync("2026-01-20");

        await AssertNoDifferenceAsync(root.Folder, root.Settings, atLeast: 2);
    }

    [Test]
    public async Task A_baseline_comes_to_the_same_whatever_stood_waited_and_was_past_when_it_came()
    {
        using var root = await TestRoot.StartAsync();
        await root.TakeAsync("UMU", "ett.txt", Rvf.File(1, Rvf.Reg(), Rvf.Reg(Rvf.Bo), Rvf.Reg(Rvf.Cia), Rvf.Reg(Rvf.Cia, action: "B")));
        await root.CloseAsync("2026-01-19");
        await root.TakeAsync("UMU", "två.txt", Rvf.File(2, Rvf.Reg(Rvf.Student(7))));
        var act = await Desk.BaselineAsync(root, Rvf.WithHeader(Rvf.Huv(0), Rvf.Reg(), Rvf.Reg(Rvf.Bo, hp: "00700"), Rvf.Reg(Rvf.Cia), Rvf.Reg(Rvf.Student(7))));
        Assert.That(act.File.Counts, Is.EqualTo(new Counts(Read: 4, Accepted: 2, Warned: 0, Waiting: 0, Duplicate: 1, Rejected: 1)));
        await root.CloseAsync("2026-01-20");

        await AssertNoDifferenceAsync(root.Folder, root.Settings, atLeast: 3);
    }

    [Test]
    public async Task A_file_that_missed_its_window_comes_to_the_same()
    {
        using var root = await TestRoot.StartAsync();
        await root.TakeAsync("UMU", "ett.txt", Rvf.File(1, Rvf.Res()));
        await root.TakeAsync("UMU", "två.txt", Rvf.File(2, Rvf.Reg()));
        // As if the first had been stuck until its window was closed, and then been judged with the registration that had come in time.
        root.Sql("UPDATE file SET cutoff = 20260120, window_note = 'MovedOn', accepted = 1, waiting = 0 WHERE id = 20260119000001; "
            + "UPDATE line SET statuses = zeroblob(length(statuses)) WHERE file = 20260119000001; DELETE FROM finding WHERE file = 20260119000001;");
        await root.CloseAsync("2026-01-19");

        await AssertNoDifferenceAsync(root.Folder, root.Settings, atLeast: 2);
    }

    [Test]
    public async Task A_school_without_course_catalogue_is_not_held_to_one()
    {
        using var root = await TestRoot.StartAsync();
        // 8 hp where the offering has 7,5: R03. An offering that nobody knows: R01.
        await root.TakeAsync("KTH", "f.txt", Rvf.WithHeader(Rvf.Huv(1, "KTH"), Rvf.Reg(hp: "00800"), Rvf.Reg(Rvf.Bo, offering: "X26"), Rvf.Reg(Rvf.Cia)));
        await root.TakeAsync("KTH", "kurser.txt", Rvf.WithHeader(Rvf.Huv(2, "KTH"), Rvf.Ktf()));
        await root.TakeAsync("KTH", "g.txt", Rvf.WithHeader(Rvf.Huv(3, "KTH"), Rvf.Reg(Rvf.Student(1), hp: "00800"), Rvf.Reg(Rvf.Student(2))));
        await root.CloseAsync("2026-01-19");
        TestRoot.Files.File.WriteAllText(root.At("schools.json"), TestRoot.Register().Replace(
            TestRoot.School("KTH", "\"StudentReporting\",\"CourseCatalogue\""), TestRoot.School("KTH", "\"StudentReporting\""), StringComparison.Ordinal));

        var (exit, text, _) = await RunAsync(root.Folder, root.Settings, 20260119000003);

        Assert.That(exit, Is.Zero);
        Assert.That(text, Does.Contain("\nrad 2: väntar (R03) -> accepterad\n")
            .And.Contain("Antal: lästa 2, accepterade 1 (med varning 0), väntar 1, redan rapporterade 0, avvisade 0 -> lästa 2, accepterade 2 (med varning 0), väntar 0, redan rapporterade 0, avvisade 0")
            .And.Not.Contain("rad 3").And.Not.Contain("Ingen skillnad"));
        // The catalogue itself is now refused: the school may not report it any more.
        var (_, courses, _) = await RunAsync(root.Folder, root.Settings, 20260119000002);
        Assert.That(courses, Does.Contain("Filen: accepterad -> avvisad").And.Contain("Fel och varningar om filen: inga -> F10").And.Contain("rad 2: accepterad -> avvisad"));
    }

    [Test]
    public async Task What_became_of_earlier_files_under_todays_rules_counts_too()
    {
        using var root = await TestRoot.StartAsync();
        // Refused for its unknown offering (R01), and so is not there when the result comes: R30.
        await root.TakeAsync("KTH", "f.txt", Rvf.WithHeader(Rvf.Huv(1, "KTH"), Rvf.Reg()));
        await root.CloseAsync("2026-01-19");
        await root.TakeAsync("KTH", "g.txt", Rvf.WithHeader(Rvf.Huv(2, "KTH"), Rvf.Res()));
        TestRoot.Files.File.WriteAllText(root.At("schools.json"), TestRoot.Register().Replace(
            TestRoot.School("KTH", "\"StudentReporting\",\"CourseCatalogue\""), TestRoot.School("KTH", "\"StudentReporting\""), StringComparison.Ordinal));

        var (_, text, _) = await RunAsync(root.Folder, root.Settings, 20260119000002);

        Assert.That(text, Does.Contain("rad 2: väntar (R30) -> accepterad"));
    }

    [Test]
    public async Task Other_rules_are_named()
    {
        using var root = await TestRoot.StartAsync();
        await root.TakeAsync("UMU", "f.txt", Rvf.File(1, Rvf.Reg()));
        root.Sql("UPDATE file SET rules_version = '2019.9'");

        var (_, text, _) = await RunAsync(root.Folder, root.Settings, 20260119000001);

        Assert.That(text, Does.Contain($"Regler: 2019.9 -> {RuleSet.Version}").And.Contain("Ingen skillnad."));
    }

    [Test]
    public async Task A_PROD_root_stays_one_though_the_setting_is_not_given()
    {
        using var root = await TestRoot.StartAsync(s => s.Environment = "PROD");
        root.Drop("UMU", "f.txt", Rvf.WithHeader(Rvf.Huv(environment: "PROD"), Rvf.Reg()));
        await root.StepAsync();

        await AssertNoDifferenceAsync(root.Folder, root.Settings, atLeast: 1);
    }

    [Test]
    public async Task Nothing_in_the_root_is_touched()
    {
        using var root = await TestRoot.StartAsync();
        await StoryAsync(root);
        root.App.Dispose();
        var before = root.Hashes();

        var result = await Cli.RunAsync("replay", "20260119-000001", "--root", root.Folder);

        Assert.That((result.Exit, result.Error), Is.EqualTo((0, "")));
        Assert.That(result.Out, Does.Contain("Ingen skillnad."));
        Assert.That(root.Hashes(), Is.EqualTo(before));
    }

    [Test]
    public async Task An_unknown_file_and_an_original_that_is_gone_or_changed_are_exit_4()
    {
        using var root = await TestRoot.StartAsync();
        await root.TakeAsync("UMU", "f.txt", Rvf.File(1, Rvf.Reg()));
        var archived = root.At("archive", "UMU", "2026-01-19", "20260119-000001_f.txt");

        Assert.That((await RunAsync(root.Folder, root.Settings, 20260119000009)).Exit, Is.EqualTo(4));
        TestRoot.Files.File.AppendAllText(archived, "\r\n");
        var changed = await RunAsync(root.Folder, root.Settings, 20260119000001);
        TestRoot.Files.File.Delete(archived);
        var gone = await RunAsync(root.Folder, root.Settings, 20260119000001);

        Assert.That((changed.Exit, changed.Out), Is.EqualTo((4, "")));
        Assert.That((gone.Exit, gone.Out), Is.EqualTo((4, "")));
        Assert.That(gone.Error, Does.Contain("SHA-256 var"));
    }

    /// <summary>
    /// KTH with its catalogue. An offering that is announced a day after it was first reported on, so that what was refused comes again; a händelse-id that
    /// another student has until its record is refused; K41, K42, a change, repeats, a file twice, refused files, done-files, an omsändning, a gap.
    /// </summary>
    private static async Task StoryAsync(TestRoot root)
    {
        var sequence = 0;
        async Task Take(string name, params string[] records) => await root.TakeAsync("KTH", name, Rvf.WithHeader(Rvf.Huv(++sequence, "KTH"), records));
        string[] first = [Rvf.Ktf(), Rvf.Reg(id: "a-1"), Rvf.Reg(Rvf.Bo, offering: "SEN26", id: "x-1"), Rvf.Reg(Rvf.Cia), Rvf.Reg(Rvf.Cia, action: "B"), Rvf.Reg(Rvf.Student(9), date: "20260202")];
        await Take("01-ett.txt", first);
        await root.TakeAsync("KTH", "02-ett igen.txt", Rvf.WithHeader(Rvf.Huv(1, "KTH"), first));
        // x-1 is Bo's as long as his record waits.
        await Take("03-annans-id.txt", Rvf.Reg(Rvf.Student(1), id: "X-1"), Rvf.Res(hp: "00300", module: "0101"));
        await root.TakeAsync("KTH", "04-fel-summa.txt", Rvf.Lines(Rvf.Huv(9, "KTH"), Rvf.Reg(Rvf.Student(2)), "SLU0000000200000000750"));
        await root.CloseAsync("2026-01-19");

        await Take("05-sen.txt", Rvf.Ktf(offering: "SEN26"), Rvf.Reg(Rvf.Bo, offering: "SEN26", id: "b-2"), Rvf.Reg(Rvf.Student(1), id: "X-1"));
        await Take("06-K41.txt", Rvf.Reg(action: "B"), Rvf.Reg(offering: "SEN26", hp: "00500"), Rvf.Res(Rvf.Cia));
        await root.TakeAsync("KTH", "07-omsändning.txt", Rvf.WithHeader(Rvf.Huv(0, "KTH"), Rvf.Reg(Rvf.Student(9))));
        sequence++;
        await Take("08-lucka.txt", Rvf.Res(action: "B", module: "0101", hp: "00300"), Rvf.Res(hp: "00450", module: "0101"));
        await root.CloseAsync("2026-01-20");

        await Take("09-åter.txt", Rvf.Reg(id: "a-1"), Rvf.Reg(Rvf.Bo, offering: "SEN26", hp: "00600"), Rvf.Avb(Rvf.Student(5), action: "B"), Rvf.Avb(Rvf.Bo, offering: "SEN26", date: "20260120"));
        root.Drop("KTH", "10.csv.klar", "antal=2\nhp=15\n");
        await root.TakeAsync("KTH", "10.csv", Rvf.Csv(Rvf.Row(Rvf.Student(6)), Rvf.Row(Rvf.Student(7))));
        root.Drop("KTH", "11.csv.klar", "antal=3\n");
        await root.TakeAsync("KTH", "11.csv", Rvf.Csv(Rvf.Row(Rvf.Student(8))));
        await root.CloseAsync("2026-01-21");
        await root.TakeAsync("KTH", "12-tre igen.txt", Rvf.WithHeader(Rvf.Huv(1, "KTH"), first));
        await Take("13-Ctrl.txt", Rvf.Reg(Rvf.Student(1), action: "B"), Rvf.Reg(Rvf.Student(1)), Rvf.Reg(Rvf.Student(1), offering: "SEN26"));
        await root.CloseAsync("2026-01-22");
    }

    /// <summary>The story is what it says that it is.</summary>
    private static void AssertStory(TestRoot root)
    {
        string Came(string name) => $"{root.Receipt(name, "KTH").Text("status")} {string.Join(' ', root.Receipt(name, "KTH").Codes())}";
        Assert.Multiple(() =>
        {
            Assert.That(Came("01-ett.txt"), Is.EqualTo("partiallyAccepted R01 R12"));
            Assert.That(Came("03-annans-id.txt"), Does.StartWith("partiallyAccepted R07"));
            Assert.That(Came("04-fel-summa.txt"), Is.EqualTo("rejected F06"));
            Assert.That(Came("05-sen.txt"), Is.EqualTo("accepted "));
            Assert.That(Came("06-K41.txt"), Does.Contain("K41").And.Contain("R30"));
            Assert.That(Came("08-lucka.txt"), Does.Contain("F13"));
            Assert.That(Came("09-åter.txt"), Does.Contain("R06").And.Contain("R07").And.Contain("R40"));
            Assert.That(Came("11.csv"), Is.EqualTo("rejected F06"));
        });
    }

    private static async Task AssertNoDifferenceAsync(string folder, IngestSettings settings, int atLeast)
    {
        List<long> ids;
        using (var ledger = TestLedger.Open(folder))
        using (var connection = ledger.Open())
            ids = [.. connection.Query<long>("SELECT id FROM file WHERE status IS NOT NULL ORDER BY id")];
        Assert.That(ids, Has.Count.AtLeast(atLeast));
        var differing = new List<string>();
        foreach (var id in ids)
        {
            var (exit, text, error) = await RunAsync(folder, settings, id);
            if (exit != 0 || !text.EndsWith("Ingen skillnad.\n", StringComparison.Ordinal)) differing.Add(text + error);
        }
        Assert.That(differing, Is.Empty, string.Join('\n', differing.Take(10)));
    }

    private static async Task<(int Exit, string Out, string Error)> RunAsync(string folder, IngestSettings settings, long id)
    {
        var (output, error) = (new StringWriter(CultureInfo.InvariantCulture) { NewLine = "\n" }, new StringWriter(CultureInfo.InvariantCulture));
        var exit = await ReplayCommand.RunAsync(() => new IngestSettings { Root = folder, Ledger = new LedgerSettings { ConnectionString = settings.Ledger.ConnectionString }, Rules = settings.Rules, Limits = settings.Limits, Cutoff = settings.Cutoff }, new FileSystem(), id, output, error, CancellationToken.None);
        return (exit, output.ToString(), error.ToString());
    }
}
