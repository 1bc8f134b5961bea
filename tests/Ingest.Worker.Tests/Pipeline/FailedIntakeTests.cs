using Ingest.Worker.Tests.Support;

namespace Ingest.Worker.Tests.Pipeline;

/// <summary>A file whose intake fails after its rows are staged, as on a full disk: what never committed counts nowhere, and holds up nobody.</summary>
public class FailedIntakeTests
{
    private const string First = "2026-01-19", Second = "2026-01-20", Failing = "a.csv", FailingId = "20260119-000001";
    private const string ResultHeader = "personnummer;kurskod;hp;betyg;examinationsdatum";

    // Registered nowhere, so it waits, and is refused at its close (R30).
    private static readonly string Unregistered = Rvf.Lines(ResultHeader, Rvf.Anna + ";KURS9;7,5;G;2026-01-10");

    [TestCase(false)]
    [TestCase(true, Description = "what it left cannot be removed either")]
    public async Task The_next_file_with_the_same_records_is_accepted_and_its_event_ids_are_free(bool left)
    {
        using var root = await TestRoot.StartAsync();
        await FailAsync(root, left, "UMU", Rvf.Csv(Rvf.Row(id: "id-1"), Rvf.Row(Rvf.Bo, id: "id-2")));

        var receipt = await root.TakeAsync("UMU", "b.csv", Rvf.Csv(Rvf.Row(id: "id-3"), Rvf.Row(Rvf.Cia, id: "id-1"), Rvf.Row(Rvf.Student(5), id: "ID-2")));

        Assert.That((receipt.Counts(), receipt.Codes().Count), Is.EqualTo(("read 3 accepted 3 waiting 0 duplicate 0 rejected 0", 0)));
    }

    [TestCase(false)]
    [TestCase(true)]
    public async Task The_course_catalogue_is_not_changed(bool left)
    {
        using var root = await TestRoot.StartAsync();
        await FailAsync(root, left, "KTH", Rvf.WithHeader(Rvf.Huv(1, "KTH"), Rvf.Ktf(course: "NYA101")));

        var registration = await root.TakeAsync("KTH", "b.txt", Rvf.WithHeader(Rvf.Huv(1, "KTH"), Rvf.Reg(course: "NYA101")));
        Assert.That((registration.Counts(), string.Join(' ', registration.Codes())), Is.EqualTo(("read 1 accepted 0 waiting 1 duplicate 0 rejected 0", "R01")));

        var offering = await root.TakeAsync("KTH", "c.txt", Rvf.WithHeader(Rvf.Huv(2, "KTH"), Rvf.Ktf(course: "NYA101")));
        Assert.That((offering.Counts(), offering.Codes().Count), Is.EqualTo(("read 1 accepted 1 waiting 0 duplicate 0 rejected 0", 0)));
    }

    [TestCase(false)]
    [TestCase(true)]
    public async Task A_close_delivers_only_what_counts_and_the_file_counts_in_the_next(bool left)
    {
        using var root = await TestRoot.StartAsync(s => s.Cutoff.MaxWait = TimeSpan.FromMinutes(1));
        await FailAsync(root, left, "UMU", Unregistered);
        await root.TakeAsync("UMU", "b.csv", Rvf.Csv(Rvf.Row()));

        await root.CloseAsync(First);
        Assert.That(root.Names("delivery"), Is.Empty, "a file that came in time is waited for");
        await root.StepAsync(TestRoot.Winter(First + "T15:01:00"));

        Assert.That(WindowTests.Totals(root, First), Is.EqualTo("accepted 1 waiting 0 delivered 1 netted 0 refused 0 catalogue 0"));
        Assert.That(root.Json("ut", "UMU", First + ".TEST.kl15.json").GetProperty("records").EnumerateArray().Select(r => r.Text("fileId")), Is.EqualTo(Just.These("20260119-000002")));

        await HealAsync(root, left);
        var receipt = root.Receipt(Failing);
        Assert.That((receipt.Text("fileId"), receipt.Text("window", "date"), receipt.Counts(), string.Join(' ', receipt.Codes())),
            Is.EqualTo((FailingId, Second, "read 1 accepted 0 waiting 1 duplicate 0 rejected 0", "R30")));
        await root.CloseAsync(Second);
        Assert.That(WindowTests.Totals(root, Second), Is.EqualTo("accepted 0 waiting 1 delivered 0 netted 0 refused 1 catalogue 0"));
    }

    [TestCase(false)]
    [TestCase(true)]
    public async Task A_later_try_takes_the_file_as_if_it_had_never_failed(bool left)
    {
        using var root = await TestRoot.StartAsync();
        await FailAsync(root, left, "UMU", Rvf.Csv(Rvf.Row(id: "id-1"), Rvf.Row(Rvf.Bo, id: "id-2")));
        Assert.That(root.Alarms.Select(a => (a.Kind, a.Subject)), Is.EqualTo(new[] { ("fileStuck", FailingId) }));

        await HealAsync(root, left);

        var receipt = root.Receipt(Failing);
        Assert.That((receipt.Text("fileId"), receipt.Counts(), receipt.Codes().Count), Is.EqualTo((FailingId, "read 2 accepted 2 waiting 0 duplicate 0 rejected 0", 0)));
        Assert.That(root.Alarms, Is.Empty);
        await root.CloseAsync(First);
        Assert.That(WindowTests.Totals(root, First), Is.EqualTo("accepted 2 waiting 0 delivered 2 netted 0 refused 0 catalogue 0"));
    }

    [Test]
    public async Task A_file_that_fails_however_often_it_is_tried_holds_up_no_close()
    {
        using var root = await TestRoot.StartAsync();
        await FailAsync(root, false, "UMU", Rvf.Csv(Rvf.Row()));
        for (var i = 0; i < 8; i++) await root.AdvanceAsync(16 * 60);

        foreach (var date in Just.These(First, Second, "2026-01-21"))
        {
            await root.CloseAsync(date);
            Assert.That(root.Names("delivery"), Does.Contain(date), "at 15:00:03, without MaxWait");
        }
        Assert.That(root.Alarms.Select(a => a.Kind), Does.Contain("fileStuck"));

        root.Sql("DROP TRIGGER failing");
        await root.RestartAsync(TestRoot.Winter("2026-01-21T16:00:00"));
        await root.StepAsync();
        Assert.That((root.Receipt(Failing).Text("status"), root.Receipt(Failing).Text("window", "date")), Is.EqualTo(("accepted", "2026-01-22")));
    }

    [Test]
    public async Task A_restart_that_makes_it_good_clears_its_alarm()
    {
        using var root = await TestRoot.StartAsync();
        await FailAsync(root, false, "UMU", Rvf.Csv(Rvf.Row()));
        Assert.That(root.Alarms, Has.Count.EqualTo(1));
        root.Sql("DROP TRIGGER failing");

        await root.RestartAsync(TestRoot.Morning.AddMinutes(1));
        await root.StepAsync();

        Assert.That(root.Receipt(Failing).Text("status"), Is.EqualTo("accepted"));
        Assert.That(root.Alarms, Is.Empty);
    }

    /// <summary>The commit of the first file fails, once all its rows are staged.</summary>
    private static async Task FailAsync(TestRoot root, bool left, string school, string text)
    {
        root.Sql("CREATE TRIGGER failing BEFORE UPDATE OF status ON file WHEN NEW.id = 20260119000001 BEGIN SELECT RAISE(ABORT, 'full'); END");
        if (left) root.Sql("CREATE TRIGGER leaving BEFORE DELETE ON line WHEN OLD.file = 20260119000001 BEGIN SELECT RAISE(ABORT, 'full'); END");
        root.Drop(school, Failing, text);
        await root.StepAsync();
        Assert.That(root.Out(school), Is.Empty);
        Assert.That(root.App.Ledger.Unfinished(), Has.Count.EqualTo(1));
        await root.AdvanceAsync(1);
    }

    /// <summary>The disk has room again. What a try could not remove takes one more.</summary>
    private static async Task HealAsync(TestRoot root, bool left)
    {
        root.Sql("DROP TRIGGER failing");
        if (left) root.Sql("DROP TRIGGER leaving");
        for (var i = 0; i < 3; i++) await root.AdvanceAsync(16 * 60);
    }
}
