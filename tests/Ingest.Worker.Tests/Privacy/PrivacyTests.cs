namespace Ingest.Worker.Tests.Privacy;

/// <summary>
/// No personnummer, name or raw row in anything that we write but the school's own bytes (in/, work/, archive/, quarantine/,
/// omsandning), the delivery and the ledger: not in receipts, logs, exceptions, alarms or file names.
/// </summary>
[FixtureLifeCycle(LifeCycle.SingleInstance)]
internal sealed class PrivacyTests
{
    private CanaryRun run = null!;

    [OneTimeSetUp]
    public async Task GoThroughEveryFailure() => run = await CanaryRun.RunAsync();

    [OneTimeTearDown]
    public void DeleteRoot() => run.Dispose();

    [TestCaseSource(typeof(Canaries), nameof(Canaries.Places))]
    public void A_number_never_shows_that_was_in(string place)
    {
        var forms = Canaries.Forms(place).ToList();
        Assert.That(run.Written.Where(w => forms.Exists(f => w.Text.Contains(f, StringComparison.Ordinal))).Select(w => $"{w.Place}: {Around(w.Text, forms)}").Distinct(), Is.Empty);
    }

    [Test]
    public void A_name_in_what_is_not_ours_to_read_never_shows()
    {
        var parts = Canaries.Name.Split(' ');
        Assert.That(run.Written.Where(w => Array.Exists(parts, p => w.Text.Contains(p, StringComparison.OrdinalIgnoreCase))).Select(w => $"{w.Place}: {Around(w.Text, parts)}").Distinct(), Is.Empty);
    }

    [Test]
    public void No_raw_row_shows() =>
        Assert.That(run.Written.Where(w => w.Text.Contains(";FFG;15;", StringComparison.Ordinal) || w.Text.Contains("FFG01500", StringComparison.Ordinal)).Select(w => w.Place), Is.Empty);

    [Test]
    public void Each_kind_of_failure_was_met()
    {
        var all = string.Concat(run.Written.Where(w => w.Place.EndsWith(".json", StringComparison.Ordinal)).Select(w => w.Text));
        string[] codes =
        [
            "F01", "F02", "F03", "F04", "F05", "F06", "F07", "F08", "F09", "F10", "F12", "F13", "F14", "F15", "F16", "F17", "F18", "F19", "F20", "F21",
            "P01", "P02", "P04", "P05", "P06", "P07", "P08", "P10", "P14", "R01", "R30", "K41", "K42", "K45",
        ];
        Assert.That(codes.Where(code => !all.Contains($"\"{code}\"", StringComparison.Ordinal)), Is.Empty);
    }

    [Test]
    public void The_notices_before_15_00_were_written_and_searched() =>
        Assert.That(run.Written.Count(w => w.Place.EndsWith(".forhand.json", StringComparison.Ordinal) && w.Text.Contains("\"refused\"", StringComparison.Ordinal)), Is.AtLeast(1));

    [Test]
    public void The_mails_were_sent_and_searched() =>
        Assert.That(run.Written.Where(w => w.Place == "a mail").Select(w => w.Text), Has.Some.Contains("notAFile").And.Some.Contains("unknownSchool"));

    [Test]
    public void The_logs_were_written_and_searched()
    {
        using (Assert.EnterMultipleScope())
        {
            Assert.That(run.Written.Where(w => w.Place.StartsWith("logs", StringComparison.Ordinal) && w.Text.Contains("Claimed", StringComparison.Ordinal)), Is.Not.Empty);
            Assert.That(run.Written.Where(w => w.Place == "a log line" && w.Text.Contains("could not be worked", StringComparison.Ordinal)), Is.Not.Empty);
            Assert.That(run.Written.Where(w => w.Place.EndsWith("alarms.jsonl", StringComparison.Ordinal)), Is.Not.Empty);
        }
    }

    private static string Around(string text, IEnumerable<string> forms)
    {
        var at = forms.Select(f => text.IndexOf(f, StringComparison.OrdinalIgnoreCase)).Where(i => i >= 0).Min();
        return text[Math.Max(0, at - 60)..Math.Min(text.Length, at + 30)].ReplaceLineEndings(" ");
    }
}
