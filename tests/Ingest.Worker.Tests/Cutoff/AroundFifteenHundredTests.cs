using System.Globalization;
using System.Text.Json;
using Ingest.Worker.Tests.Support;

namespace Ingest.Worker.Tests.Pipeline;

/// <summary>What hangs on the minute and on the calendar, through the whole service under a clock that is moved by hand.</summary>
public class AroundFifteenHundredTests
{
    [Test]
    public async Task Removed_at_14_59_and_replaced_at_15_01_both_are_refused_and_the_preview_warned_of_it()
    {
        using var root = await TestRoot.StartAsync();
        await root.TakeAsync("UMU", "igår.csv", Rvf.Csv(Rvf.Row()));
        await root.CloseAsync("2026-01-19");
        await root.StepAsync(TestRoot.Winter("2026-01-20T14:59:00"));
        var removal = await root.TakeAsync("UMU", "borttag.csv", Rvf.Csv(Rvf.Row(action: "B")));
        Assert.That((removal.Text("counts", "waiting"), removal.Codes()), Is.EqualTo(("1", new List<string> { "K41" })));

        var preview = await Cli.RunAsync("cutoff", "--preview", "--root", root.Folder);
        Assert.That(preview.Out, Does.Contain("UMU: 0 levereras, 0 kvittas, 1 avvisas").And.Contain("avvisas K41").And.Contain("borttag.csv (20260120-000001) rad 2"));
        Assert.That(preview.Out, Does.Contain("Kommer ingen FFG på kursen med samma omfattning och period före stängningen"));

        root.App.Bell.Ring();
        await root.StepAsync(TestRoot.Winter("2026-01-20T15:01:00"));
        await root.TakeAsync("UMU", "ersättning.csv", Rvf.Csv(Rvf.Row(offering: "V26B1")));
        Assert.That(Finals(root, "2026-01-20"), Is.EqualTo(Just.These("B refused K41")));
        Assert.That(root.Receipt("ersättning.csv").Text("window", "date"), Is.EqualTo("2026-01-21"));

        await root.CloseAsync("2026-01-21");
        Assert.That(Finals(root, "2026-01-21"), Is.EqualTo(Just.These("N refused R08 R14")), "what was delivered stands");
        Assert.That(WindowTests.Totals(root, "2026-01-21"), Is.EqualTo("accepted 0 waiting 1 delivered 0 netted 0 refused 1 catalogue 0"));
    }

    [Test]
    public async Task Removed_and_replaced_before_15_00_only_the_new_one_is_sent_and_the_preview_says_so()
    {
        using var root = await TestRoot.StartAsync();
        await root.TakeAsync("UMU", "igår.csv", Rvf.Csv(Rvf.Row()));
        await root.CloseAsync("2026-01-19");
        await root.StepAsync(TestRoot.Winter("2026-01-20T14:58:00"));
        await root.TakeAsync("UMU", "borttag.csv", Rvf.Csv(Rvf.Row(action: "B")));
        await root.StepAsync(TestRoot.Winter("2026-01-20T14:59:59"));
        await root.TakeAsync("UMU", "ersättning.csv", Rvf.Csv(Rvf.Row(offering: "V26B1")));

        Assert.That((await Cli.RunAsync("cutoff", "--preview", "--root", root.Folder)).Out, Does.Contain("UMU: 1 levereras, 1 kvittas, 0 avvisas").And.Contain("kvittas K43"));
        await root.CloseAsync("2026-01-20");

        Assert.That(Finals(root, "2026-01-20"), Is.EqualTo(Just.These("B netted K43", "N delivered ")));
        Assert.That(root.Text("delivery", "2026-01-20", "UMU.csv").Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(1).Select(l => string.Join(';', l.Split(';')[..5])),
            Is.EqualTo(Just.These("N;REG;199601012397;TMA101;V26B1")));
    }

    // The clocks go forward in the night to Sunday 29 March 2026 and back in the night to Sunday 25 October 2026.
    [TestCase("47 hours", "2026-03-27T14:59:59+01:00", "2026-03-27T15:00:00+01:00", "2026-03-29T14:59:59+02:00", "2026-03-29T15:00:00+02:00", "2026-03-27 2026-03-29 2026-03-29 2026-03-30")]
    [TestCase("49 hours", "2026-10-23T14:59:59+02:00", "2026-10-23T15:00:00+02:00", "2026-10-25T14:59:59+01:00", "2026-10-25T15:00:00+01:00", "2026-10-23 2026-10-25 2026-10-25 2026-10-26")]
    public async Task The_window_over_the_weekend_on_which_the_clock_is_changed(string length, string before, string opens, string last, string after, string windows)
    {
        using var root = await TestRoot.StartAsync(at: At(before).AddHours(-1));
        await root.StepAsync();
        var given = new List<string?>();
        foreach (var (name, arrival) in new[] { ("a.csv", before), ("b.csv", opens), ("c.csv", last), ("d.csv", after) })
        {
            await root.StepAsync(At(arrival));
            given.Add((await root.TakeAsync("UMU", name, Rvf.Csv(Rvf.Row(Rvf.Student(given.Count), date: "2026-01-12")))).Text("window", "date"));
        }
        await root.StepAsync(At(after).AddSeconds(3));

        Assert.That(string.Join(' ', given), Is.EqualTo(windows), length);
        Assert.That(root.Names("delivery"), Is.EqualTo(windows.Split(' ')[..2]), "closed when they should, and nothing on the Saturday");
        Assert.That(WindowTests.Totals(root, windows.Split(' ')[1]), Is.EqualTo("accepted 2 waiting 0 delivered 2 netted 0 refused 0 catalogue 0"));
        Assert.That(root.Json("ut", "UMU", windows.Split(' ')[1] + ".TEST.kl15.json").Text("window", "closesAt"), Is.EqualTo(after));
    }

    [TestCase("2026-03-29T14:29:59+02:00", "2026-03-29T14:30:00+02:00", "2026-03-29")]
    [TestCase("2026-10-25T14:29:59+01:00", "2026-10-25T14:30:00+01:00", "2026-10-25")]
    public async Task The_notice_comes_at_14_30_by_the_clock_of_that_day(string early, string due, string date)
    {
        using var root = await TestRoot.StartAsync(at: At(early).AddHours(-20));
        await root.TakeAsync("KTH", "a.csv", Rvf.Csv(Rvf.Row(offering: "X")));

        await root.StepAsync(At(early));
        Assert.That(root.Out("KTH"), Has.None.Contains("forhand"));
        await root.StepAsync(At(due));

        Assert.That(root.Out("KTH"), Does.Contain(date + ".TEST.forhand.json"));
    }

    [Test]
    public async Task No_window_closes_and_no_notice_is_given_on_a_closed_date()
    {
        using var root = await TestRoot.StartAsync(s => s.Cutoff.ClosedDates = [new DateOnly(2026, 1, 20)]);
        await root.CloseAsync("2026-01-19");
        await root.StepAsync(TestRoot.Winter("2026-01-20T10:00:00"));
        Assert.That((await root.TakeAsync("KTH", "a.csv", Rvf.Csv(Rvf.Row(offering: "X")))).Text("window", "date"), Is.EqualTo("2026-01-21"));

        await root.StepAsync(TestRoot.Winter("2026-01-20T14:45:00"));
        await root.CloseAsync("2026-01-20");
        Assert.That(root.Names("delivery"), Is.EqualTo(Just.These("2026-01-19")));
        Assert.That(root.Out("KTH"), Has.None.StartsWith("2026-"));

        await root.StepAsync(TestRoot.Winter("2026-01-21T14:30:00"));
        Assert.That(root.Out("KTH"), Does.Contain("2026-01-21.TEST.forhand.json"));
        await root.CloseAsync("2026-01-21");
        Assert.That(root.Names("delivery"), Is.EqualTo(Just.These("2026-01-19", "2026-01-21")));
    }

    private static DateTimeOffset At(string instant) => DateTimeOffset.Parse(instant, CultureInfo.InvariantCulture);

    /// <summary>What became of UMU's records in a window: N or B by what its archived file says.</summary>
    private static List<string> Finals(TestRoot root, string date) =>
        [.. root.Json("ut", "UMU", date + ".TEST.kl15.json").GetProperty("records").EnumerateArray().Select(r => string.Join(' ', Action(root, r), r.Text("outcome"), string.Join(' ', r.GetProperty("codes").EnumerateArray())))];

    private static string Action(TestRoot root, JsonElement record)
    {
        var original = TestRoot.Files.Directory.EnumerateFiles(root.At("archive"), record.Text("fileId") + "_*", SearchOption.AllDirectories).Single();
        return TestRoot.Files.File.ReadAllLines(original)[int.Parse(record.Text("line")!, CultureInfo.InvariantCulture) - 1].Split(';')[0];
    }
}
