using System.Text.Json;
using Ingest.Worker.Commands;
using Ingest.Worker.Service;
using Ingest.Worker.Tests.Support;

namespace Ingest.Worker.Tests.Pipeline;

/// <summary>
/// A school that has not sent what it usually has, and a refused file that nobody has mended. Windows close on Mondays here, and on four
/// of them, 19 and 26 January, 2 and 9 February, UMU has sent 8 records at 10:00; so of 16 February 2 are expected at 11:00.
/// </summary>
public class SilenceWatchTests
{
    private static readonly DateTimeOffset Eleven = TestRoot.Winter("2026-02-16T11:00:00");
    private static readonly DateTimeOffset HalfPastTwo = TestRoot.Winter("2026-01-19T14:30:00");

    [Test]
    public async Task A_school_that_has_not_sent_as_usual_is_an_alarm_an_hour_after_its_hour_and_not_before()
    {
        using var root = await FourMondaysAsync();

        await root.StepAsync(Eleven.AddMilliseconds(-1));
        Assert.That(root.Alarms, Is.Empty);
        await root.StepAsync(Eleven.AddMinutes(1));

        Assert.That(root.Alarms.Select(a => (a.Kind, a.Subject)), Is.EqualTo(new[] { ("silence", "in/UMU 2026-02-16") }), "and no other school's, which never sent");
        Assert.That(root.Alarms[0].Message, Is.EqualTo("UMU har lämnat inget till fönstret som stänger måndag 16 februari 2026 klockan 15.00. Samma veckodag brukar det vara omkring "
            + "8 poster, och minst 2 senast måndag 16 februari 2026 klockan 11.00. Hör med skolan."));
    }

    [Test]
    public async Task It_is_over_when_the_file_comes_and_status_says_so()
    {
        using var root = await FourMondaysAsync();
        await root.StepAsync(Eleven);
        Assert.That(root.Alarms, Has.Count.EqualTo(1));
        Assert.That(Expected(root), Is.EqualTo("8 2 2026-02-16T11:00:00+01:00 0"));

        await root.StepAsync(Eleven.AddMinutes(30));
        await root.TakeAsync("UMU", "sen.csv", Rows(8, "E"));
        await root.AdvanceAsync(60);

        Assert.That(root.Alarms, Is.Empty);
        Assert.That(Expected(root), Is.EqualTo("8 2 2026-02-16T11:00:00+01:00 8"));
        var cleared = Status(root).GetProperty("cleared");
        Assert.That(cleared.EnumerateArray().Select(c => $"{c.Text("kind")} {c.Text("subject")}"), Is.EqualTo(Just.These("silence in/UMU 2026-02-16")));
    }

    [Test]
    public async Task Far_less_than_usual_is_an_alarm_until_the_rest_comes()
    {
        using var root = await FourMondaysAsync();
        await root.TakeAsync("UMU", "liten.csv", Rows(1, "E"));
        await root.StepAsync(Eleven);
        Assert.That(root.Alarms.Single().Message, Does.StartWith("UMU har lämnat bara 1 post till"));

        // A file of which every record is rejected brings nothing.
        await root.TakeAsync("UMU", "fel.csv", Rvf.Csv(Rvf.Row(type: "XXX")));
        await root.AdvanceAsync(60);
        Assert.That(root.Alarms, Has.Count.EqualTo(1));

        await root.TakeAsync("UMU", "resten.csv", Rows(1, "F"));
        await root.AdvanceAsync(60);
        Assert.That(root.Alarms, Is.Empty);
    }

    [Test]
    public async Task A_school_that_has_sent_is_no_alarm()
    {
        using var root = await FourMondaysAsync();
        await root.TakeAsync("UMU", "två.csv", Rows(2, "E"));
        await root.StepAsync(Eleven);
        await root.CloseAsync("2026-02-16");
        Assert.That(root.Alarms, Is.Empty);
    }

    [Test]
    public async Task It_is_told_once_a_window_whatever_is_acknowledged_or_restarted()
    {
        using var root = await FourMondaysAsync();
        await root.StepAsync(Eleven);
        await root.App.Alarms.AcknowledgeAsync(null, CancellationToken.None);
        await root.AdvanceAsync(60);
        await root.RestartAsync(Eleven.AddMinutes(5));
        await root.StepAsync();
        await root.CloseAsync("2026-02-16");
        Assert.That(root.Alarms, Is.Empty);

        // A week later again: three of the four last Mondays it had sent.
        await root.StepAsync(Eleven.AddDays(7));
        Assert.That(root.Alarms.Select(a => a.Subject), Is.EqualTo(Just.These("in/UMU 2026-02-23")));
    }

    [Test]
    public async Task One_that_stays_silent_over_the_close_is_so_until_it_sends_again()
    {
        using var root = await FourMondaysAsync();
        await root.StepAsync(Eleven);
        await root.CloseAsync("2026-02-16");
        Assert.That(root.Alarms, Has.Count.EqualTo(1));

        await root.RestartAsync(Eleven.AddDays(1));
        await root.TakeAsync("UMU", "sen.csv", Rows(8, "E"));
        await root.AdvanceAsync(60);

        Assert.That(root.Alarms, Is.Empty);
    }

    [Test]
    public async Task A_school_that_sends_just_before_the_close_is_judged_at_the_close()
    {
        using var root = await FourMondaysAsync(at: "14:50");
        await root.StepAsync(TestRoot.Winter("2026-02-16T14:59:59"));
        Assert.That(root.Alarms, Is.Empty);
        await root.CloseAsync("2026-02-16");
        Assert.That(root.Alarms.Select(a => a.Subject), Is.EqualTo(Just.These("in/UMU 2026-02-16")));
    }

    [Test]
    public async Task A_window_that_was_closed_after_an_outage_says_nothing_about_a_school()
    {
        using var root = await FourMondaysAsync();
        await root.RestartAsync(TestRoot.Winter("2026-02-17T09:00:00"));
        await root.StepAsync();
        Assert.That(root.App.Ledger.LastClosed(), Is.EqualTo(new DateOnly(2026, 2, 16)));
        Assert.That(root.Alarms, Is.Empty);
    }

    [Test]
    public async Task A_file_that_has_come_and_is_not_taken_yet_is_no_silence()
    {
        using var root = await FourMondaysAsync();
        root.Settings.Pickup.QuietPeriodCsv = TimeSpan.FromMinutes(10);
        await root.StepAsync(Eleven.AddMinutes(-1));
        root.Drop("UMU", "snart.csv", Rows(8, "E"));
        await root.StepAsync(Eleven);
        Assert.That(root.Alarms, Is.Empty);
        await root.AdvanceAsync(600);
        Assert.That(root.Receipt("snart.csv").Text("status"), Is.EqualTo("accepted"));
        Assert.That(root.Alarms, Is.Empty);
    }

    [Test]
    public async Task What_an_operator_enters_is_not_the_school_s()
    {
        using var root = await FourMondaysAsync();
        root.Sql("UPDATE file SET origin = 'Correction' WHERE cutoff IN (20260126, 20260202)");
        await root.RestartAsync(Eleven.AddMinutes(-1));
        await root.StepAsync(Eleven);
        Assert.That(root.Alarms, Is.Empty, "of four windows the school sent in two");
    }

    [Test]
    public async Task With_a_share_of_0_nothing_is_told()
    {
        using var root = await FourMondaysAsync(share: 0);
        root.Drop("UMU", "fel.csv", "x\r\n");
        await root.StepAsync(TestRoot.Winter("2026-02-16T14:45:00"));
        await root.CloseAsync("2026-02-16");
        Assert.That(root.Alarms, Is.Empty);
        Assert.That(Expected(root), Is.Null);
    }

    [Test]
    public async Task A_ledger_that_cannot_be_asked_ends_no_service_and_is_asked_again()
    {
        using var root = await FourMondaysAsync();
        root.Sql("CREATE TRIGGER alarms BEFORE INSERT ON alarm BEGIN SELECT RAISE(ABORT, 'full'); END");
        await root.StepAsync(Eleven);
        root.Sql("DROP TRIGGER alarms");
        await root.AdvanceAsync(60);
        Assert.That(root.Alarms, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task A_refused_file_that_is_not_mended_by_14_30_is_an_alarm()
    {
        using var root = await TestRoot.StartAsync();
        await root.TakeAsync("UMU", "fel.csv", Rvf.Lines("personnummer;kurskod", "x;y"));
        await root.TakeAsync("LU", "bra.csv", Rvf.Csv(Rvf.Row()));

        await root.StepAsync(HalfPastTwo.AddMilliseconds(-1));
        Assert.That(root.Alarms, Is.Empty);
        await root.StepAsync(HalfPastTwo.AddMinutes(1));

        Assert.That(root.Alarms.Select(a => (a.Kind, a.Subject, a.Message)), Is.EqualTo(new[]
        {
            ("refusedFile", "in/UMU 2026-01-19", "UMU har inte ersatt en avvisad fil i fönstret som stänger måndag 19 januari 2026 klockan 15.00: 20260119-000001. Inget i den räknas. Hör med skolan."),
        }));
    }

    [TestCase("fel.csv", true, TestName = "mended under the same name")]
    [TestCase("FEL.csv", true, TestName = "mended under the same name in other letters")]
    [TestCase("annan.csv", false, TestName = "another file is no mending")]
    public async Task A_refused_file_is_mended_by_one_of_its_name(string name, bool mended)
    {
        using var root = await TestRoot.StartAsync();
        await root.TakeAsync("UMU", "fel.csv", Rvf.Lines("personnummer;kurskod", "x;y"));
        await root.StepAsync(HalfPastTwo);
        Assert.That(root.Alarms, Has.Count.EqualTo(1));

        await root.TakeAsync("UMU", name, Rvf.Csv(Rvf.Row()));
        await root.AdvanceAsync(60);

        Assert.That(root.Alarms, Has.Count.EqualTo(mended ? 0 : 1));
    }

    [Test]
    public async Task A_refused_file_is_mended_by_one_of_its_löpnummer_and_not_by_one_that_is_refused_too()
    {
        using var root = await TestRoot.StartAsync();
        var wrong = Rvf.Lines(Rvf.Huv(7), Rvf.Reg(), Rvf.Slu(Rvf.Reg(), Rvf.Reg()));
        await root.TakeAsync("UMU", "a.txt", wrong);
        await root.TakeAsync("UMU", "a.txt", wrong);
        await root.StepAsync(HalfPastTwo);
        Assert.That(root.Alarms.Single().Message, Does.StartWith("UMU har inte ersatt 2 avvisade filer").And.Contain("20260119-000001, 20260119-000002."));

        await root.TakeAsync("UMU", "rättad.txt", Rvf.File(7, Rvf.Reg()));
        await root.AdvanceAsync(60);

        Assert.That(root.Alarms, Is.Empty);
    }

    [Test]
    public async Task One_that_was_mended_in_time_and_one_that_is_refused_after_14_30()
    {
        using var root = await TestRoot.StartAsync();
        await root.TakeAsync("UMU", "fel.csv", Rvf.Lines("personnummer;kurskod", "x;y"));
        await root.TakeAsync("UMU", "fel.csv", Rvf.Csv(Rvf.Row()));
        await root.StepAsync(HalfPastTwo);
        Assert.That(root.Alarms, Is.Empty);

        await root.StepAsync(HalfPastTwo.AddMinutes(29));
        await root.TakeAsync("UMU", "sen.csv", Rvf.Lines("personnummer;kurskod", "x;y"));
        await root.CloseAsync("2026-01-19");
        Assert.That(root.Alarms.Single().Message, Does.Contain("20260119-000003"));
    }

    /// <summary>The root on Monday 16 February at 10:00, with four Mondays behind it.</summary>
    private static async Task<TestRoot> FourMondaysAsync(string at = "10:00", double share = 0.25)
    {
        var root = await TestRoot.StartAsync(s =>
        {
            s.Cutoff.Days = [DayOfWeek.Monday];
            s.Silence.Share = share;
        });
        foreach (var (date, offering) in new[] { ("2026-01-19", "A"), ("2026-01-26", "B"), ("2026-02-02", "C"), ("2026-02-09", "D") })
        {
            await root.StepAsync(TestRoot.Winter($"{date}T{at}:00"));
            await root.TakeAsync("UMU", offering + ".csv", Rows(8, offering));
            await root.CloseAsync(date);
        }
        await root.StepAsync(TestRoot.Winter("2026-02-16T10:00:00"));
        Assert.That(root.Alarms, Is.Empty);
        return root;
    }

    private static string Rows(int count, string offering) => Rvf.Csv([.. Enumerable.Range(0, count).Select(i => Rvf.Row(Rvf.Student(i), "TMA" + offering, offering))]);

    private static string? Expected(TestRoot root)
    {
        var umu = Status(root).GetProperty("schools").EnumerateArray().Single(s => s.Text("code") == "UMU").GetProperty("expected");
        return umu.ValueKind == JsonValueKind.Null ? null : $"{umu.Text("usual")} {umu.Text("atLeast")} {umu.Text("by")} {umu.Text("sent")}";
    }

    /// <summary>As the command prints it, but under the root's clock.</summary>
    private static JsonElement Status(TestRoot root)
    {
        using var document = JsonDocument.Parse(StatusCommand.Json(ServiceStatus.Of(root.App)));
        return document.RootElement.Clone();
    }
}
