using System.Globalization;
using System.Text.Json;
using Ingest.Worker.Tests.Support;

namespace Ingest.Worker.Tests.Pipeline;

/// <summary>
/// A course offering that is corrected after registrations on it were delivered: nothing is judged again, but the 15:00 receipt and
/// status say what no longer fits. The offering is TMA101 V26A1, 7,5 hp, 2026-01-19 to 2026-02-22, and so are the registrations.
/// </summary>
public class MisfitTests
{
    private int sequence;

    [SetUp]
    public void Begin() => sequence = 0;

    [Test]
    public async Task What_fits_is_told_of_nowhere()
    {
        using var root = await DeliveredAsync();

        Assert.That(Told(root, 19), Is.Empty);
        Assert.That(root.Text("ut", "KTH", "2026-01-19.TEST.kl15.html"), Does.Not.Contain("med kurskatalogen"));
    }

    [Test]
    public async Task A_registration_longer_and_larger_than_its_corrected_offering_is_told_of_and_stands_as_it_was()
    {
        using var root = await DeliveredAsync();
        var before = root.Hashes("delivery");
        var receipt = root.Text("ut", "KTH", "2026-01-19.TEST.kl15.json");

        await TakeAsync(root, Rvf.Ktf(hp: "00600", end: "20260215"));
        await root.CloseAsync("2026-01-20");

        Assert.That(Told(root, 20), Is.EqualTo(Just.These("20260119-000001 3 a-1 R02 R03 2026-01-20", "20260119-000001 4 - R02 R03 2026-01-20")));
        Assert.That(root.Text("ut", "KTH", "2026-01-20.TEST.kl15.html"), Does.Contain("Gäller, men stämmer inte med kurskatalogen").And.Contain("R02 R03"));
        Assert.That(WindowTests.Totals(root, "2026-01-20"), Is.EqualTo("accepted 1 waiting 0 delivered 0 netted 0 refused 0 catalogue 1"), "nothing is judged again");
        Assert.That(root.Hashes("delivery").Where(h => h.Key.Contains("01-19", StringComparison.Ordinal)), Is.EqualTo(before));
        Assert.That(Again(root, 19), Is.EqualTo(receipt), "the day before did not know of it");
        Assert.That(await StandsAsync(root, Rvf.Anna), Is.True);
    }

    [TestCase("the period alone", "R02", "00750", "20260215")]
    [TestCase("the extent alone", "R03", "00600", "20260222")]
    public async Task It_says_which_rule_it_would_break(string what, string code, string hp, string end)
    {
        using var root = await DeliveredAsync();
        await TakeAsync(root, Rvf.Ktf(hp: hp, end: end));
        await root.CloseAsync("2026-01-20");

        Assert.That(Told(root, 20), Is.EqualTo(Just.These($"20260119-000001 3 a-1 {code} 2026-01-20", $"20260119-000001 4 - {code} 2026-01-20")), what);
    }

    [Test]
    public async Task An_offering_that_was_ended_leaves_its_registrations_without_one()
    {
        using var root = await DeliveredAsync();
        await TakeAsync(root, Rvf.Ktf(action: "B"));
        await root.CloseAsync("2026-01-20");

        Assert.That(Told(root, 20), Is.EqualTo(Just.These("20260119-000001 3 a-1 R01 2026-01-20", "20260119-000001 4 - R01 2026-01-20")));
    }

    [TestCase("another title and pace", "Analys", "050", "00750", "20260119", "20260222")]
    [TestCase("a longer period and more hp", "Analys", "100", "01000", "20260112", "20260301")]
    public async Task A_correction_that_they_still_fit_is_told_of_nowhere(string what, string title, string pace, string hp, string start, string end)
    {
        using var root = await DeliveredAsync();
        await TakeAsync(root, Rvf.Ktf(title: title, pace: pace, hp: hp, start: start, end: end));
        await root.CloseAsync("2026-01-20");

        Assert.That(Told(root, 20), Is.Empty, what);
    }

    [Test]
    public async Task It_is_told_at_every_close_until_the_offering_is_corrected_back_and_what_was_said_before_can_be_said_again()
    {
        using var root = await DeliveredAsync();
        await TakeAsync(root, Rvf.Ktf(hp: "00600"));
        await root.CloseAsync("2026-01-20");
        var first = root.Text("ut", "KTH", "2026-01-20.TEST.kl15.json");
        await TakeAsync(root, Rvf.Reg(Rvf.Cia, hp: "00600"));
        await root.CloseAsync("2026-01-21");
        Assert.That(Told(root, 21), Is.EqualTo(Just.These("20260119-000001 3 a-1 R03 2026-01-20", "20260119-000001 4 - R03 2026-01-20")), "not the one that fits");

        await TakeAsync(root, Rvf.Ktf());
        await root.CloseAsync("2026-01-22");
        Assert.That(Told(root, 22), Is.Empty);
        Assert.That(Again(root, 20), Is.EqualTo(first));

        await TakeAsync(root, Rvf.Ktf(action: "B"));
        await root.CloseAsync("2026-01-23");
        Assert.That(Told(root, 23), Has.Count.EqualTo(3).And.All.EndsWith("R01 2026-01-23"));
        Assert.That(Again(root, 20), Is.EqualTo(first));
    }

    [Test]
    public async Task A_second_correction_is_told_with_its_own_values()
    {
        using var root = await DeliveredAsync();
        await TakeAsync(root, Rvf.Ktf(hp: "00600"));
        await root.CloseAsync("2026-01-20");
        await TakeAsync(root, Rvf.Ktf(hp: "00500"));
        await root.CloseAsync("2026-01-21");

        Assert.That(Misfits(root, 20)[0].Text("message"), Does.Contain("omfattar 6 hp"));
        Assert.That(Misfits(root, 21)[0].Text("message"), Does.Contain("omfattar 5 hp"));
        Assert.That(Again(root, 20), Does.Contain("omfattar 6 hp"));
    }

    [Test]
    public async Task A_registration_that_is_removed_or_replaced_is_told_of_no_more()
    {
        using var root = await TestRoot.StartAsync();
        // Two offerings whose period is over, so that a removal goes through (K44), and one that is replaced (K43).
        await TakeAsync(root, Rvf.Ktf(offering: "H1", start: "20251201", end: "20260111"), Rvf.Ktf(), Rvf.Ktf(offering: "V26A2"),
            Rvf.Reg(offering: "H1", start: "20251201", end: "20260111", date: "20251201"), Rvf.Reg(Rvf.Bo));
        await root.CloseAsync("2026-01-19");
        await TakeAsync(root, Rvf.Ktf(offering: "H1", action: "B"), Rvf.Ktf(action: "B"));
        await root.CloseAsync("2026-01-20");
        Assert.That(Told(root, 20), Has.Count.EqualTo(2));

        await TakeAsync(root, Rvf.Reg(offering: "H1", action: "B"), Rvf.Reg(Rvf.Bo, action: "B"), Rvf.Reg(Rvf.Bo, offering: "V26A2"));
        await root.CloseAsync("2026-01-21");

        Assert.That(WindowTests.Totals(root, "2026-01-21"), Is.EqualTo("accepted 3 waiting 0 delivered 1 netted 2 refused 0 catalogue 0"));
        Assert.That(Told(root, 21), Is.Empty);
        Assert.That(Told(root, 20), Has.Count.EqualTo(2));
    }

    [Test]
    public async Task A_removal_that_is_refused_changes_nothing()
    {
        using var root = await DeliveredAsync();
        await TakeAsync(root, Rvf.Ktf(hp: "00600"), Rvf.Reg(action: "B"));
        await root.CloseAsync("2026-01-20");

        Assert.That(Told(root, 20), Has.Count.EqualTo(2));
    }

    [Test]
    public async Task What_comes_in_the_same_window_and_does_not_fit_is_refused_and_no_misfit()
    {
        using var root = await DeliveredAsync();
        await TakeAsync(root, Rvf.Ktf(hp: "00600"), Rvf.Reg(Rvf.Cia));
        await root.CloseAsync("2026-01-20");

        Assert.That(WindowTests.Totals(root, "2026-01-20"), Is.EqualTo("accepted 1 waiting 1 delivered 0 netted 0 refused 1 catalogue 1"));
        Assert.That(Told(root, 20), Has.Count.EqualTo(2));
    }

    [Test]
    public async Task Another_school_is_not_told_and_one_that_loses_its_catalogue_no_more()
    {
        using var root = await DeliveredAsync();
        await root.TakeAsync("UMU", "u.csv", Rvf.Csv(Rvf.Row()));
        await TakeAsync(root, Rvf.Ktf(action: "B"));
        await root.CloseAsync("2026-01-20");
        Assert.That(Misfits(root, 20, "UMU"), Is.Empty);
        Assert.That(Told(root, 20), Has.Count.EqualTo(2));

        TestRoot.Files.File.WriteAllText(root.At("schools.json"), TestRoot.Register().Replace(
            TestRoot.School("KTH", "\"StudentReporting\",\"CourseCatalogue\""), TestRoot.School("KTH", "\"StudentReporting\""), StringComparison.Ordinal));
        await root.StepAsync(TestRoot.Winter("2026-01-21T10:00:00"));
        await TakeAsync(root, Rvf.Reg(Rvf.Cia));
        await root.CloseAsync("2026-01-21");

        Assert.That(Told(root, 21), Is.Empty);
    }

    [Test]
    public async Task Status_says_how_many_a_school_has_and_which()
    {
        using var root = await DeliveredAsync();
        await TakeAsync(root, Rvf.Ktf(hp: "00600", end: "20260215"));
        await root.CloseAsync("2026-01-20");
        root.App.Dispose();

        var text = await Cli.RunAsync("status", "--root", root.Folder);
        Assert.That(text.Out, Does.Contain("KTH: 2 poster gäller men stämmer inte längre med kurskatalogen").And.Contain("20260119-000001 rad 3: R02 R03"));
        using var json = JsonDocument.Parse((await Cli.RunAsync("status", "--root", root.Folder, "--format", "json")).Out);
        var schools = json.RootElement.GetProperty("schools").EnumerateArray().ToDictionary(s => s.Text("code")!, s => s.GetProperty("misfits"));
        Assert.That(schools["KTH"].ToString(), Does.Match(@"^\[\s*\{\s*""fileId"": ""20260119-000001"",\s*""line"": 3,\s*""codes"": \[\s*""R02"",\s*""R03""\s*\]"));
        Assert.That(schools["UMU"].GetArrayLength(), Is.Zero);
    }

    /// <summary>A catalogue and two registrations, closed on the 19th.</summary>
    private async Task<TestRoot> DeliveredAsync()
    {
        var root = await TestRoot.StartAsync();
        await TakeAsync(root, Rvf.Ktf(), Rvf.Reg(id: "a-1"), Rvf.Reg(Rvf.Bo));
        await root.CloseAsync("2026-01-19");
        return root;
    }

    private Task<JsonElement> TakeAsync(TestRoot root, params string[] records)
    {
        sequence++;
        return root.TakeAsync("KTH", $"{sequence}.txt", Rvf.WithHeader(Rvf.Huv(sequence, "KTH"), records));
    }

    /// <summary>The same registration again is a repeat only of what stands.</summary>
    private async Task<bool> StandsAsync(TestRoot root, string student) => (await TakeAsync(root, Rvf.Reg(student))).Codes().Contains("R06");

    private static List<JsonElement> Misfits(TestRoot root, int day, string school = "KTH") =>
        [.. root.Json("ut", school, $"2026-01-{day.ToString(CultureInfo.InvariantCulture)}.TEST.kl15.json").GetProperty("misfits").EnumerateArray()];

    private static List<string> Told(TestRoot root, int day) => [.. Misfits(root, day).Select(m =>
        string.Join(' ', m.Text("fileId"), m.Text("line"), m.Text("eventId") ?? "-", string.Join(' ', m.GetProperty("codes").EnumerateArray()), m.Text("since")))];

    /// <summary>The receipt of a day, made again from the ledger.</summary>
    private static string Again(TestRoot root, int day)
    {
        root.App.CutoffReceipts.WriteSchool(new DateOnly(2026, 1, day), "KTH");
        return root.Text("ut", "KTH", $"2026-01-{day.ToString(CultureInfo.InvariantCulture)}.TEST.kl15.json");
    }
}
