using Ingest.Worker.Tests.Support;

namespace Ingest.Worker.Tests.Pipeline;

/// <summary>In which window a file counts, and when a window closes.</summary>
public class WindowTests
{
    private static readonly DateTimeOffset Three = TestRoot.Winter("2026-01-19T15:00:00");

    [TestCase(-1, "2026-01-19")]
    [TestCase(0, "2026-01-20")]
    public async Task A_file_at_15_00_belongs_to_the_next_window_and_one_a_millisecond_before_to_this(int milliseconds, string window)
    {
        using var root = await TestRoot.StartAsync();
        await root.StepAsync(Three.AddSeconds(-1));
        root.Drop("UMU", "f.csv", Rvf.Csv(Rvf.Row()));

        await root.StepAsync(Three.AddMilliseconds(milliseconds));

        var receipt = root.Receipt("f.csv");
        Assert.That((receipt.Text("window", "date"), receipt.Text("window", "closesAt")), Is.EqualTo((window, window + "T15:00:00+01:00")));
    }

    [Test]
    public async Task The_window_is_that_of_the_arrival_though_the_file_is_taken_after_15_00()
    {
        using var root = await TestRoot.StartAsync(TestRoot.Quiet);
        await root.StepAsync(Three.AddSeconds(-2));
        root.Drop("UMU", "f.csv", Rvf.Csv(Rvf.Row()));
        await root.StepAsync(Three.AddSeconds(-1));
        root.App.Bell.Ring();
        await root.StepAsync(Three);
        await root.StepAsync(Three.AddSeconds(3));
        Assert.That(root.Names("delivery"), Is.Empty, "a file that came in time is waited for");

        await root.StepAsync(Three.AddSeconds(9));

        Assert.That(root.Receipt("f.csv").Text("window", "date"), Is.EqualTo("2026-01-19"));
        Assert.That(Totals(root, "2026-01-19"), Is.EqualTo("accepted 1 waiting 0 delivered 1 netted 0 refused 0 catalogue 0"));
    }

    [Test]
    public async Task A_file_that_changes_after_15_00_arrived_after_15_00()
    {
        using var root = await TestRoot.StartAsync(TestRoot.Quiet);
        await root.StepAsync(Three.AddSeconds(-2));
        var path = root.Drop("UMU", "f.csv", Rvf.Csv(Rvf.Row()));
        await root.StepAsync(Three.AddSeconds(-1));
        TestRoot.Files.File.AppendAllText(path, Rvf.Row(Rvf.Bo) + "\r\n");
        await root.StepAsync(Three);
        await root.StepAsync(Three.AddSeconds(10));

        Assert.That(root.Receipt("f.csv").Text("window", "date"), Is.EqualTo("2026-01-20"));
    }

    [Test]
    public async Task A_window_closes_only_after_a_poll_begun_past_15_00_and_the_quiet_period()
    {
        using var root = await TestRoot.StartAsync(TestRoot.Quiet);
        await root.StepAsync(Three.AddSeconds(-1));
        root.App.Bell.Ring();

        await root.StepAsync(Three);
        await root.StepAsync(Three.AddSeconds(1.999));
        Assert.That(root.Names("delivery"), Is.Empty);
        await root.StepAsync(Three.AddSeconds(2));

        Assert.That(root.Names("delivery"), Is.EqualTo(Just.These("2026-01-19")));
    }

    [Test]
    public async Task A_file_after_15_00_is_worked_at_once_and_judged_as_if_the_old_window_had_closed()
    {
        using var root = await TestRoot.StartAsync(TestRoot.Quiet);
        root.Drop("UMU", "igår.csv", Rvf.Csv(Rvf.Row()));
        await root.StepAsync();
        await root.AdvanceAsync(10);
        await root.StepAsync(Three.AddSeconds(-1));
        root.App.Bell.Ring();
        // The removal of something delivered, in the window after it: K41, and not netted against it (K42).
        root.Drop("UMU", "sen.csv", Rvf.Csv(Rvf.Row(action: "B")));
        root.Drop("UMU", "sen.csv.klar", "");

        await root.StepAsync(Three.AddSeconds(1));

        Assert.That(root.Names("delivery"), Is.Empty, "the old window has not closed yet");
        var receipt = root.Receipt("sen.csv");
        Assert.That((receipt.Text("window", "date"), receipt.Counts(), string.Join(' ', receipt.Codes())),
            Is.EqualTo(("2026-01-20", "read 1 accepted 0 waiting 1 duplicate 0 rejected 0", "K41")));

        await root.StepAsync(Three.AddSeconds(3));
        Assert.That(Totals(root, "2026-01-19"), Is.EqualTo("accepted 1 waiting 0 delivered 1 netted 0 refused 0 catalogue 0"));
        await root.CloseAsync("2026-01-20");
        Assert.That(Totals(root, "2026-01-20"), Is.EqualTo("accepted 0 waiting 1 delivered 0 netted 0 refused 1 catalogue 0"));
    }

    [TestCase("2026-01-23T15:00:00", Description = "Friday after 15:00")]
    [TestCase("2026-01-24T12:00:00", Description = "Saturday")]
    [TestCase("2026-01-24T16:00:00", Description = "Saturday after 15:00")]
    [TestCase("2026-01-25T14:59:59", Description = "Sunday")]
    public async Task No_window_closes_on_a_Saturday(string arrival)
    {
        using var root = await TestRoot.StartAsync(at: TestRoot.Winter(arrival));

        Assert.That((await root.TakeAsync("UMU", "f.csv", Rvf.Csv(Rvf.Row()))).Text("window", "date"), Is.EqualTo("2026-01-25"));
        await root.CloseAsync("2026-01-25");
        Assert.That(root.Names("delivery"), Is.EqualTo(Just.These("2026-01-25")));
    }

    [Test]
    public async Task Closed_dates_and_other_days_are_settings()
    {
        using var root = await TestRoot.StartAsync(s =>
        {
            s.Cutoff.Days = [DayOfWeek.Monday, DayOfWeek.Wednesday];
            s.Cutoff.ClosedDates = [new DateOnly(2026, 1, 21)];
        }, Three);

        Assert.That((await root.TakeAsync("UMU", "f.csv", Rvf.Csv(Rvf.Row()))).Text("window", "date"), Is.EqualTo("2026-01-26"));
    }

    [Test]
    public async Task A_file_seen_at_the_first_poll_after_a_stop_over_a_cutoff_counts_in_the_window_that_was_open_then()
    {
        using var root = await TestRoot.StartAsync();
        await root.StepAsync();
        root.Drop("UMU", "under stoppet.csv", Rvf.Csv(Rvf.Row()));
        await root.RestartAsync(TestRoot.Winter("2026-01-20T09:00:00"));

        await root.StepAsync();

        var receipt = root.Receipt("under stoppet.csv");
        Assert.That((receipt.Text("window", "date"), receipt.Text("receivedAt"), receipt.Text("status")), Is.EqualTo(("2026-01-19", "2026-01-20T09:00:00+01:00", "accepted")));
        Assert.That(receipt.Text("windowNote"), Is.Not.Null.And.Not.Empty, "its receipt says so");
        Assert.That(root.Text("ut", "UMU", "under stoppet.csv.20260120-000001.TEST.rapport.html"), Does.Contain(receipt.Text("windowNote")!));
        Assert.That(Totals(root, "2026-01-19"), Is.EqualTo("accepted 1 waiting 0 delivered 1 netted 0 refused 0 catalogue 0"));

        Assert.That((await root.TakeAsync("UMU", "efter.csv", Rvf.Csv(Rvf.Row(Rvf.Bo)))).Text("window", "date"), Is.EqualTo("2026-01-20"), "a closed window is never opened again");
    }

    [Test]
    public async Task A_file_after_a_stop_that_was_over_no_cutoff_has_nothing_to_say()
    {
        using var root = await TestRoot.StartAsync();
        await root.StepAsync();
        root.Drop("UMU", "f.csv", Rvf.Csv(Rvf.Row()));
        await root.RestartAsync(TestRoot.Winter("2026-01-19T14:00:00"));
        await root.StepAsync();

        Assert.That((root.Receipt("f.csv").Text("window", "date"), root.Receipt("f.csv").Text("windowNote")), Is.EqualTo(("2026-01-19", default(string))));
    }

    [Test]
    public async Task A_file_with_its_done_file_after_such_a_stop_counts_in_that_window_too()
    {
        using var root = await TestRoot.StartAsync();
        await root.StepAsync();
        root.Drop("HÖS", "f.csv", Rvf.Csv(Rvf.Row()));
        root.Drop("HÖS", "f.csv.klar", "");
        await root.RestartAsync(TestRoot.Winter("2026-01-20T09:00:00"));

        await root.StepAsync();

        Assert.That(root.Receipt("f.csv", "HÖS").Text("window", "date"), Is.EqualTo("2026-01-19"));
    }

    [Test]
    public async Task After_a_stop_over_five_cutoffs_each_is_closed_oldest_first()
    {
        using var root = await TestRoot.StartAsync();
        await root.TakeAsync("UMU", "före.csv", Rvf.Csv(Rvf.Row()));
        root.Drop("UMU", "under stoppet.csv", Rvf.Csv(Rvf.Row(Rvf.Bo)));
        // Past 15:00 of Monday to Friday.
        await root.RestartAsync(TestRoot.Winter("2026-01-24T10:00:00"));

        await root.StepAsync();

        Assert.That(root.Names("delivery"), Is.EqualTo(Just.These("2026-01-19", "2026-01-20", "2026-01-21", "2026-01-22", "2026-01-23")));
        Assert.That(root.Receipt("under stoppet.csv").Text("window", "date"), Is.EqualTo("2026-01-19"));
        Assert.That(Totals(root, "2026-01-19"), Is.EqualTo("accepted 2 waiting 0 delivered 2 netted 0 refused 0 catalogue 0"));
        Assert.That(Totals(root, "2026-01-23"), Is.EqualTo("accepted 0 waiting 0 delivered 0 netted 0 refused 0 catalogue 0"));
        Assert.That((await root.TakeAsync("UMU", "sen.csv", Rvf.Csv(Rvf.Row(Rvf.Cia)))).Text("window", "date"), Is.EqualTo("2026-01-25"));
    }

    [Test]
    public async Task A_file_that_is_not_whole_holds_the_window_for_half_an_hour_and_then_moves_on_with_an_alarm_and_a_word()
    {
        using var root = await TestRoot.StartAsync(s => s.Pickup.IncompleteAfter = TimeSpan.FromHours(2));
        await root.StepAsync(Three.AddSeconds(-20));
        root.Drop("UMU", "halv.txt", Rvf.Lines(Rvf.Huv(), Rvf.Reg()));
        root.Drop("LU", "hel.csv", Rvf.Csv(Rvf.Row()));
        await root.StepAsync(Three.AddSeconds(-1));
        root.App.Bell.Ring();
        await root.StepAsync(Three.AddSeconds(20));
        await root.StepAsync(Three.AddMinutes(30).AddSeconds(-1));
        Assert.That(root.Names("delivery"), Is.Empty, "held");

        await root.StepAsync(Three.AddMinutes(30));
        Assert.That(root.Names("delivery"), Is.EqualTo(Just.These("2026-01-19")), "one stuck file never holds up the others");
        var alarms = root.Alarms.Count;

        await root.StepAsync(Three.AddHours(2));
        var receipt = root.Receipt("halv.txt");
        Assert.That((receipt.Text("window", "date"), string.Join(' ', receipt.Codes())), Is.EqualTo(("2026-01-20", "F05")));
        Assert.That(receipt.Text("windowNote"), Is.Not.Null.And.Not.Empty, "and a word on its receipt");
        Assert.That(alarms, Is.EqualTo(1), "and an alarm");
    }

    [Test]
    public async Task A_file_that_cannot_be_worked_in_time_moves_on_with_an_alarm_and_a_word_and_stops_no_other()
    {
        using var root = await TestRoot.StartAsync(s => s.Cutoff.MaxWait = TimeSpan.FromMinutes(5));
        // A ledger that refuses this one file's rows stands for whatever can go wrong with one file.
        root.Sql("CREATE TRIGGER stone BEFORE INSERT ON line WHEN NEW.file = 20260119000001 BEGIN SELECT RAISE(ABORT, 'stone'); END");
        await root.StepAsync(Three.AddMinutes(-1));
        root.Drop("UMU", "sten.csv", Rvf.Csv(Rvf.Row()));
        await root.StepAsync();
        Assert.That(root.Alarms, Has.Count.EqualTo(1));
        Assert.That((await root.TakeAsync("UMU", "nästa.csv", Rvf.Csv(Rvf.Row(Rvf.Bo)))).Text("status"), Is.EqualTo("accepted"));

        root.App.Bell.Ring();
        await root.StepAsync(Three.AddSeconds(1));
        Assert.That(root.Names("delivery"), Is.Empty, "waited for");
        await root.StepAsync(Three.AddMinutes(5));
        Assert.That(Totals(root, "2026-01-19"), Is.EqualTo("accepted 1 waiting 0 delivered 1 netted 0 refused 0 catalogue 0"));
        Assert.That(root.Alarms, Has.Count.EqualTo(2), "that it cannot be worked, and that it moved on");

        root.Sql("DROP TRIGGER stone");
        for (var minute = 6; minute < 20; minute++) await root.StepAsync(Three.AddMinutes(minute));
        var receipt = root.Receipt("sten.csv");
        Assert.That((receipt.Text("window", "date"), receipt.Text("status")), Is.EqualTo(("2026-01-20", "accepted")));
        Assert.That(receipt.Text("windowNote"), Is.Not.Null.And.Not.Empty);
    }

    [Test]
    public async Task Files_without_their_done_file_hold_no_window()
    {
        using var root = await TestRoot.StartAsync();
        root.Drop("HÖS", "f.csv", Rvf.Csv(Rvf.Row()));
        await root.StepAsync();

        await root.CloseAsync("2026-01-19");
        Assert.That(root.Names("delivery"), Is.EqualTo(Just.These("2026-01-19")));
        root.Drop("HÖS", "f.csv.klar", "");
        await root.AdvanceAsync(1);
        Assert.That(root.Receipt("f.csv", "HÖS").Text("window", "date"), Is.EqualTo("2026-01-20"));
    }

    internal static string Totals(TestRoot root, string date)
    {
        var totals = root.Json("delivery", date, "manifest.TEST.json").GetProperty("totals");
        return string.Join(' ', Just.These("accepted", "waiting", "delivered", "netted", "refused", "catalogue").Select(n => $"{n} {totals.GetProperty(n)}"));
    }
}
