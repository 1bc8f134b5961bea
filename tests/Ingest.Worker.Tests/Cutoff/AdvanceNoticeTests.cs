using System.Text.Json;
using Ingest.Worker.Tests.Support;

namespace Ingest.Worker.Tests.Pipeline;

/// <summary>At 14:30 a school learns what will be refused at 15:00, and for want of what.</summary>
public class AdvanceNoticeTests
{
    private static readonly DateTimeOffset HalfPastTwo = TestRoot.Winter("2026-01-19T14:30:00");

    [Test]
    public async Task It_comes_half_an_hour_before_the_close_and_not_a_moment_earlier()
    {
        using var root = await WaitingAsync();

        await root.StepAsync(HalfPastTwo.AddMilliseconds(-1));
        Assert.That(Notices(root, "KTH"), Is.Empty);
        await root.StepAsync(HalfPastTwo);

        Assert.That(Notices(root, "KTH"), Is.EqualTo(Just.These("2026-01-19.TEST.forhand.csv", "2026-01-19.TEST.forhand.html", "2026-01-19.TEST.forhand.json")));
    }

    [Test]
    public async Task It_names_each_record_that_would_be_refused_why_and_what_to_do_before_15_00()
    {
        using var root = await TestRoot.StartAsync();
        await root.TakeAsync("KTH", "f.txt", Rvf.WithHeader(Rvf.Huv(1, "KTH"), Rvf.Ktf(), Rvf.Reg(id: "a-1"), Rvf.Reg(Rvf.Bo, offering: "X", id: "a-2"), Rvf.Avb(Rvf.Cia)));
        await root.StepAsync(HalfPastTwo);

        var notice = root.Json("ut", "KTH", "2026-01-19.TEST.forhand.json");
        Assert.That((notice.Text("schema"), notice.Text("school"), notice.Text("environment"), notice.Text("window", "date"), notice.Text("window", "closesAt"), notice.Text("asOf")),
            Is.EqualTo(("minatjanster-ingest/advance/1", "KTH", "TEST", "2026-01-19", "2026-01-19T15:00:00+01:00", "2026-01-19T14:30:00+01:00")));
        Assert.That((notice.Text("counts", "refused"), notice.Text("counts", "warned")), Is.EqualTo(("2", "0")));
        Assert.That(Said(notice), Is.EqualTo(Just.These("20260119-000001 4 REG a-2 refused R01", "20260119-000001 5 AVB - refused R20")), "what will be delivered is not told");
        Assert.That(notice.GetProperty("records")[0].Text("fix"), Does.Contain("före klockan 15.00"));
        var csv = root.Text("ut", "KTH", "2026-01-19.TEST.forhand.csv").Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        Assert.That(csv[0], Is.EqualTo("fil;rad;händelse-id;posttyp;utfall;kod;meddelande;åtgärd;kontakt;filnamn"));
        Assert.That(csv.Skip(1).Select(l => string.Join(';', l.Split(';')[..6])), Is.EqualTo(Just.These("20260119-000001;4;a-2;REG;refused;R01", "20260119-000001;5;;AVB;refused;R20")));
        var page = root.Text("ut", "KTH", "2026-01-19.TEST.forhand.html");
        Assert.That(page, Does.Contain("2 poster avvisas måndag 19 januari 2026 klockan 15.00 om inget görs").And.Contain("f.txt (20260119-000001)").And.Contain("R20"));
    }

    [Test]
    public async Task A_removal_without_its_replacement_is_warned_of_while_there_is_time()
    {
        using var root = await TestRoot.StartAsync();
        await root.TakeAsync("UMU", "igår.csv", Rvf.Csv(Rvf.Row()));
        await root.CloseAsync("2026-01-19");
        await root.TakeAsync("UMU", "borttag.csv", Rvf.Csv(Rvf.Row(action: "B")));
        await root.StepAsync(TestRoot.Winter("2026-01-20T14:30:00"));

        var notice = root.Json("ut", "UMU", "2026-01-20.TEST.forhand.json");
        Assert.That(Said(notice), Is.EqualTo(Just.These("20260119-000002 2 REG - refused K41")));
        Assert.That(notice.GetProperty("records")[0].Text("fix"), Does.Contain("rapportera före klockan 15.00 en FFG").And.Contain("studierapporter@csn.se"));

        await root.TakeAsync("UMU", "ersättning.csv", Rvf.Csv(Rvf.Row(offering: "V26B1")));
        await root.CloseAsync("2026-01-20");
        Assert.That(WindowTests.Totals(root, "2026-01-20"), Is.EqualTo("accepted 1 waiting 1 delivered 1 netted 1 refused 0 catalogue 0"));
    }

    [Test]
    public async Task A_removal_that_holds_though_its_replacement_falls_is_warned_of()
    {
        using var root = await TestRoot.StartAsync();
        await root.TakeAsync("KTH", "f.txt", Rvf.WithHeader(Rvf.Huv(1, "KTH"), Rvf.Ktf(), Rvf.Reg(), Rvf.Reg(action: "B"), Rvf.Reg(offering: "X")));
        await root.StepAsync(HalfPastTwo);

        var notice = root.Json("ut", "KTH", "2026-01-19.TEST.forhand.json");
        Assert.That(Said(notice), Is.EqualTo(Just.These("20260119-000001 4 REG - warned K42 K45", "20260119-000001 5 REG - refused R01")));
        Assert.That((notice.Text("counts", "refused"), notice.Text("counts", "warned")), Is.EqualTo(("1", "1")));
    }

    [Test]
    public async Task A_school_for_which_all_is_well_gets_none()
    {
        using var root = await WaitingAsync();
        await root.TakeAsync("UMU", "g.csv", Rvf.Csv(Rvf.Row()));

        await root.StepAsync(HalfPastTwo);

        Assert.That(Notices(root, "UMU"), Is.Empty);
    }

    [Test]
    public async Task It_is_given_once_though_the_service_is_started_again()
    {
        using var root = await WaitingAsync();
        await root.StepAsync(HalfPastTwo);
        Delete(root);

        await root.StepAsync(HalfPastTwo.AddMinutes(1));
        await root.RestartAsync(HalfPastTwo.AddMinutes(2));
        await root.StepAsync();

        Assert.That(Notices(root, "KTH"), Is.Empty);
    }

    [Test]
    public async Task The_next_window_has_its_own()
    {
        using var root = await WaitingAsync();
        await root.StepAsync(HalfPastTwo);
        await root.CloseAsync("2026-01-19");
        await root.TakeAsync("KTH", "g.csv", Rvf.Csv(Rvf.Row(offering: "X")));

        await root.StepAsync(HalfPastTwo.AddDays(1));

        Assert.That(Notices(root, "KTH"), Does.Contain("2026-01-20.TEST.forhand.json"));
    }

    [Test]
    public async Task A_service_that_comes_up_between_it_and_the_close_gives_it_then()
    {
        using var root = await WaitingAsync();
        await root.RestartAsync(HalfPastTwo.AddMinutes(29));
        await root.App.Service.RunOnceAsync(null, CancellationToken.None);

        Assert.That(Notices(root, "KTH"), Has.Count.EqualTo(3));
    }

    [Test]
    public async Task After_the_close_it_is_too_late()
    {
        using var root = await WaitingAsync();
        await root.StepAsync(HalfPastTwo.AddMinutes(30));

        Assert.That(Notices(root, "KTH"), Is.Empty);
    }

    [Test]
    public async Task Its_time_is_a_setting_and_zero_turns_it_off([Values(0, 60)] int minutes)
    {
        using var root = await WaitingAsync(minutes);
        await root.StepAsync(HalfPastTwo.AddMinutes(-30));
        Assert.That(Notices(root, "KTH"), Has.Count.EqualTo(minutes == 0 ? 0 : 3));
        await root.CloseAsync("2026-01-19");
        Assert.That(Notices(root, "KTH"), Has.Count.EqualTo(minutes == 0 ? 0 : 3));
    }

    [Test]
    public async Task A_file_that_came_just_before_is_waited_for_but_not_for_long()
    {
        using var root = await TestRoot.StartAsync(s =>
        {
            TestRoot.Quiet(s);
            s.Pickup.QuietPeriodCsv = TimeSpan.FromMinutes(20);
        });
        root.Drop("KTH", "a.csv", Rvf.Csv(Rvf.Row(offering: "X")));
        await root.StepAsync();
        await root.AdvanceAsync(20 * 60);
        await root.StepAsync(HalfPastTwo.AddSeconds(-1));
        root.Drop("KTH", "b.csv", Rvf.Csv(Rvf.Row(Rvf.Bo, offering: "X")));

        await root.StepAsync(HalfPastTwo);
        Assert.That(Notices(root, "KTH"), Is.Empty);
        await root.StepAsync(HalfPastTwo.AddMinutes(5));

        Assert.That(root.Json("ut", "KTH", "2026-01-19.TEST.forhand.json").Text("counts", "refused"), Is.EqualTo("1"));
    }

    [Test]
    public async Task A_service_that_comes_up_late_first_works_what_lies_there()
    {
        using var root = await TestRoot.StartAsync(TestRoot.Quiet);
        await root.RestartAsync(HalfPastTwo.AddMinutes(20));
        root.Drop("KTH", "a.csv", Rvf.Csv(Rvf.Row(offering: "X")));

        await root.StepAsync();
        await root.AdvanceAsync(11);

        Assert.That(root.Json("ut", "KTH", "2026-01-19.TEST.forhand.json").Text("counts", "refused"), Is.EqualTo("1"));
    }

    [Test]
    public async Task A_folder_that_cannot_be_written_is_alarmed_and_tried_again_and_costs_the_others_nothing()
    {
        using var root = await WaitingAsync();
        await root.TakeAsync("LU", "g.csv", Rvf.Csv(Rvf.Row(offering: "X")));
        TestRoot.Files.Directory.Delete(root.At("ut", "KTH"), recursive: true);
        TestRoot.Files.File.WriteAllText(root.At("ut", "KTH"), "");

        await root.StepAsync(HalfPastTwo);
        Assert.That(root.Alarms.Select(a => (a.Kind, a.Subject)), Is.EqualTo(new[] { ("forhand", "ut/KTH") }));
        Assert.That(Notices(root, "LU"), Has.Count.EqualTo(3));

        Delete(root, "LU");
        TestRoot.Files.File.Delete(root.At("ut", "KTH"));
        TestRoot.Files.Directory.CreateDirectory(root.At("ut", "KTH"));
        await root.RestartAsync(HalfPastTwo.AddMinutes(1));
        await root.StepAsync();
        Assert.That(Notices(root, "KTH"), Has.Count.EqualTo(3));
        Assert.That(Notices(root, "LU"), Is.Empty, "it has had its own");
        Assert.That(root.Alarms, Is.Empty);
    }

    [Test]
    public async Task A_folder_that_cannot_be_written_never_keeps_the_window_open_and_the_alarm_ends_with_it()
    {
        using var root = await WaitingAsync();
        TestRoot.Files.Directory.Delete(root.At("ut", "KTH"), recursive: true);
        TestRoot.Files.File.WriteAllText(root.At("ut", "KTH"), "");
        await root.StepAsync(HalfPastTwo);

        await root.CloseAsync("2026-01-19");

        Assert.That(root.Names("delivery"), Is.EqualTo(Just.These("2026-01-19")));
        Assert.That(root.Alarms.Select(a => a.Kind), Is.EqualTo(Just.These("kl15")));
    }

    [Test]
    public async Task The_running_service_gives_it_too_and_lives_on_when_the_ledger_fails()
    {
        using var root = await WaitingAsync();
        root.Settings.Pickup.PollInterval = TimeSpan.FromMilliseconds(50);
        root.Sql("CREATE TRIGGER other BEFORE INSERT ON setting WHEN NEW.key = 'advanceNotice' BEGIN SELECT RAISE(ABORT, 'full'); END");
        root.Clock.Set(HalfPastTwo);
        using var stop = new CancellationTokenSource();
        var running = root.App.Service.RunAsync(stop.Token);
        await Task.WhenAny(running, Task.Delay(TimeSpan.FromMilliseconds(500)));
        Assert.That(running.IsCompleted, Is.False, running.Exception?.InnerException?.Message);
        root.Sql("DROP TRIGGER other");
        root.Clock.Set(HalfPastTwo.AddMinutes(2));

        var since = TimeProvider.System.GetTimestamp();
        while (!running.IsCompleted && TimeProvider.System.GetElapsedTime(since) < TimeSpan.FromSeconds(30) && Notices(root, "KTH").Count < 3) await Task.Delay(TimeSpan.FromMilliseconds(50));
        await stop.CancelAsync();
        await running;
        Assert.That(Notices(root, "KTH"), Has.Count.EqualTo(3));
    }

    [Test]
    public async Task It_hides_who_it_is_about_and_a_number_used_as_an_id()
    {
        using var root = await TestRoot.StartAsync();
        await root.TakeAsync("KTH", "a.csv", Rvf.Csv(Rvf.Row(offering: "X", id: Rvf.Anna)));
        await root.StepAsync(HalfPastTwo);

        foreach (var name in Notices(root, "KTH")) Assert.That(root.Text("ut", "KTH", name), Does.Not.Contain("2397"), name);
        Assert.That(root.Json("ut", "KTH", "2026-01-19.TEST.forhand.json").GetProperty("records")[0].Text("eventId"), Is.EqualTo("19960101xxxx"));
    }

    [Test]
    public async Task It_is_in_the_language_of_the_school_and_in_PROD_its_name_has_no_TEST()
    {
        using var root = await TestRoot.StartAsync(s => s.Environment = "PROD");
        TestRoot.Files.File.WriteAllText(root.At("schools.json"), TestRoot.Register().Replace("\"sv\"", "\"en\"", StringComparison.Ordinal));
        await root.StepAsync();
        root.Drop("KTH", "a.csv", Rvf.Csv(Rvf.Row(offering: "X")));
        await root.StepAsync(HalfPastTwo);

        Assert.That(root.Json("ut", "KTH", "2026-01-19.forhand.json").Text("environment"), Is.EqualTo("PROD"));
        Assert.That(root.Text("ut", "KTH", "2026-01-19.forhand.html"), Does.Contain("lang=\"en\"").And.Contain("1 record will be refused on Monday 19 January 2026 at 15:00 if nothing is done before").And.Not.Contain("TEST"));
    }

    /// <summary>KTH has one registration that waits for its offering.</summary>
    private static async Task<TestRoot> WaitingAsync(int minutes = 30)
    {
        var root = await TestRoot.StartAsync(s => s.Cutoff.AdvanceNotice = TimeSpan.FromMinutes(minutes));
        await root.TakeAsync("KTH", "a.csv", Rvf.Csv(Rvf.Row(offering: "X")));
        return root;
    }

    private static List<string> Notices(TestRoot root, string school) => [.. root.Out(school).Where(n => n.Contains(".forhand.", StringComparison.Ordinal))];

    private static void Delete(TestRoot root, string school = "KTH")
    {
        foreach (var name in Notices(root, school)) TestRoot.Files.File.Delete(root.At("ut", school, name));
    }

    private static List<string> Said(JsonElement notice) => [.. notice.GetProperty("records").EnumerateArray().Select(r => string.Join(' ',
        r.Text("fileId"), r.Text("line"), r.Text("kind"), r.Text("eventId") ?? "-", r.Text("outcome"), string.Join(' ', r.GetProperty("codes").EnumerateArray())))];
}
