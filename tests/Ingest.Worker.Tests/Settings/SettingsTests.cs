using Ingest.Worker.Settings;
using Microsoft.Extensions.Configuration;

namespace Ingest.Worker.Tests.Pipeline;

public class SettingsTests
{
    [Test]
    public void Without_any_setting_the_published_defaults_hold()
    {
        var s = Load();

        Assert.That((s.Root, s.Environment), Is.EqualTo(("./data", "TEST")));
        Assert.That((s.Pickup.PollInterval, s.Pickup.QuietPeriod, s.Pickup.QuietPeriodCsv, s.Pickup.QuietPeriodUnterminated, s.Pickup.IncompleteAfter),
            Is.EqualTo((Seconds(1), Seconds(2), Seconds(10), Seconds(30), Seconds(600))));
        Assert.That((s.Limits.MaxBytes, s.Limits.MaxLines, s.Limits.MaxLineCharacters, s.Limits.MaxColumns, s.Limits.RecordBytes),
            Is.EqualTo((1L << 30, 20_000_000L, 10_000, 200, 64 << 10)));
        Assert.That(s.Rules.MaxRejectedShare, Is.EqualTo(0.5));
        Assert.That((s.Cutoff.MaxWait, s.Cutoff.ClosedOnBankHolidays, s.Cutoff.ClosedDates.Count), Is.EqualTo((Seconds(1800), false, 0)));
        Assert.That(s.Cutoff.AdvanceNotice, Is.EqualTo(Seconds(1800)));
        Assert.That((s.Alarms.Mail.Host, s.Alarms.Mail.Port, s.Alarms.Mail.Security, s.Alarms.Mail.Interval), Is.EqualTo(("", 587, "StartTls", Seconds(3600))));
        Assert.That(s.Cutoff.ToDays().Days, Is.EquivalentTo(Enum.GetValues<DayOfWeek>().Where(d => d != DayOfWeek.Saturday)));
    }

    [TestCase("Ledger:Partitions", "0", "-1")]
    [TestCase("Pickup:PollInterval", "00:00:00.05", "00:00:00.049")]
    [TestCase("Pickup:PollInterval", "00:10:00", "00:10:00.001")]
    [TestCase("Pickup:QuietPeriod", "00:00:00", "-00:00:00.001")]
    [TestCase("Pickup:QuietPeriod", "01:00:00", "01:00:00.001")]
    [TestCase("Pickup:QuietPeriodCsv", "00:00:00", "-00:00:01")]
    [TestCase("Pickup:QuietPeriodUnterminated", "00:00:00", "-00:00:01")]
    [TestCase("Pickup:IncompleteAfter", "00:00:00", "-00:00:01")]
    [TestCase("Cutoff:MaxWait", "00:00:00", "-00:00:01")]
    [TestCase("Cutoff:AdvanceNotice", "00:00:00", "-00:00:01")]
    [TestCase("Cutoff:AdvanceNotice", "12:00:00", "12:00:01")]
    [TestCase("Rules:MaxRejectedShare", "0", "-0.01")]
    [TestCase("Rules:MaxRejectedShare", "1", "1.01")]
    [TestCase("Rules:MaxRejectedShare", "0.25", "NaN")]
    [TestCase("Intake:ChunkRows", "1", "0")]
    [TestCase("Intake:ChunkRows", "250000", "250001")]
    [TestCase("Limits:MaxBytes", "1", "0")]
    [TestCase("Limits:MaxLines", "1", "0")]
    [TestCase("Limits:MaxLineCharacters", "10000", "-1")]
    [TestCase("Limits:MaxColumns", "200", "0")]
    [TestCase("Limits:RecordBytes", "65536", "0")]
    [TestCase("Alarms:MaxBytes", "1024", "1023")]
    [TestCase("Alarms:MaxFiles", "1", "0")]
    [TestCase("Alarms:Mail:Port", "65535", "65536")]
    [TestCase("Alarms:Mail:Security", "None", "tls")]
    [TestCase("Alarms:Mail:Interval", "00:01:00", "00:00:59")]
    [TestCase("Alarms:Mail:Timeout", "00:05:00", "00:05:01")]
    [TestCase("Alarms:Mail:From", "Drift <drift@example.org>", "drift@")]
    [TestCase("Silence:Share", "0", "-0.01")]
    [TestCase("Silence:Share", "1", "1.01")]
    [TestCase("Silence:Minutes", "0", "-1")]
    [TestCase("Silence:Minutes", "1440", "1441")]
    [TestCase("Stop:Grace", "00:00:00", "-00:00:01")]
    [TestCase("Stop:Grace", "12:00:00", "12:00:01")]
    [TestCase("Environment", "PROD", "prod")]
    [TestCase("Environment", "TEST", "STAGING")]
    public void A_value_at_the_bound_is_taken_and_one_past_it_is_refused_by_its_key(string key, string within, string past)
    {
        Assert.That(() => Load((key, within)), Throws.Nothing);
        Assert.That(() => Load((key, past)), Throws.TypeOf<StartException>().With.Message.Contains(key));
    }

    [TestCase("Pickup:QuietPeriod", "två sekunder")]
    [TestCase("Intake:ChunkRows", "50 000")]
    [TestCase("Rules:MaxRejectedShare", "halva")]
    [TestCase("Cutoff:Days", "Måndag")]
    [TestCase("Cutoff:ClosedDates", "24/12 2026")]
    [TestCase("Cutoff:ClosedOnBankHolidays", "ja")]
    [TestCase("Limits:MaxBytes", "99999999999999999999")]
    [TestCase("Intake:ChunkRows", "")]
    [TestCase("Cutoff:Days", "8")]
    public void A_value_that_cannot_be_read_is_refused_by_its_key(string key, string value) =>
        Assert.That(() => Load((key, value)), Throws.TypeOf<StartException>().With.Message.Contains(key));

    [TestCase(256, null)]
    [TestCase(257, "Ledger:Partitions: ”257”")]
    public void A_database_is_divided_into_so_many_parts_at_most(int parts, string? fault) =>
        Assert.That(() => Load(("Ledger:ConnectionString", "Host=db1"), ("Ledger:Partitions", $"{parts}")), fault is null ? Throws.Nothing : Throws.TypeOf<StartException>().With.Message.Contains(fault));

    [Test]
    public void A_file_of_SQLite_is_not_divided() =>
        Assert.That(() => Load(("Ledger:Partitions", "4")), Throws.TypeOf<StartException>().With.Message.Contains("Ledger:Partitions: ”4” gäller inte; väntat 0, när Ledger:ConnectionString inte är satt"));

    [TestCase("Pickup:QuietPeriods")]
    [TestCase("Pickpu:QuietPeriod")]
    [TestCase("Environmnet")]
    public void An_unknown_key_is_refused_by_its_name(string key) =>
        Assert.That(() => Load((key, "1")), Throws.TypeOf<StartException>().With.Message.Contains(key.Split(':')[0]));

    [Test]
    public void Keys_match_without_regard_to_case() =>
        Assert.That(Load(("pickup:quietperiod", "00:00:05")).Pickup.QuietPeriod, Is.EqualTo(Seconds(5)));

    [Test]
    public void Lists_come_from_one_text_or_from_json()
    {
        Assert.That(Load(("Cutoff:Days", "Monday, Friday")).Cutoff.ToDays().Days, Is.EquivalentTo(Days(DayOfWeek.Monday, DayOfWeek.Friday)));
        Assert.That(Load(("Cutoff:Days:0", "Monday"), ("Cutoff:Days:1", "Friday")).Cutoff.ToDays().Days, Is.EquivalentTo(Days(DayOfWeek.Monday, DayOfWeek.Friday)));
        Assert.That(Load(("Cutoff:ClosedDates", "2026-12-24,2026-12-31")).Cutoff.ClosedDates, Has.Count.EqualTo(2));
    }

    [Test]
    public void A_week_without_a_single_cutoff_is_refused() =>
        Assert.That(() => Load(("Cutoff:Days", "")), Throws.TypeOf<StartException>().With.Message.Contains("Cutoff:Days"));

    [Test]
    public void Every_value_out_of_range_is_told_in_one_message() =>
        Assert.That(() => Load(("Environment", "X"), ("Pickup:QuietPeriod", "-1"), ("Intake:ChunkRows", "0")), Throws.TypeOf<StartException>()
            .With.Message.Contains("Environment").And.Message.Contains("Pickup:QuietPeriod").And.Message.Contains("Intake:ChunkRows"));

    [Test]
    public void Every_fault_of_any_sort_is_told_in_one_message() =>
        Assert.That(() => Load(("Finns:Inte", "1"), ("Pickup:QuietPeriod", "två"), ("Intake:ChunkRows", "0")), Throws.TypeOf<StartException>()
            .With.Message.Contains("Finns").And.Message.Contains("Pickup:QuietPeriod").And.Message.Contains("Intake:ChunkRows"));

    [Test]
    public void Mail_that_is_set_halfway_is_refused_with_each_key_that_is_missing()
    {
        Assert.That(() => Load(("Alarms:Mail:Host", "smtp.example.org")), Throws.TypeOf<StartException>().With.Message.Contains("Alarms:Mail:From").And.Message.Contains("Alarms:Mail:To"));
        Assert.That(() => Load(("Alarms:Mail:To", "drift@example.org")), Throws.TypeOf<StartException>().With.Message.Contains("Alarms:Mail:Host"), "recipients who would never be told");
        Assert.That(() => Load(Mail(("Alarms:Mail:To", "drift@example.org, drift"))), Throws.TypeOf<StartException>().With.Message.Contains("Alarms:Mail:To: ”drift”"));
        Assert.That(Load(Mail()).Alarms.Mail.To, Is.EqualTo(new[] { "drift@example.org", "jour@example.org" }));
    }

    [Test]
    public void A_password_goes_to_no_other_machine_in_the_clear_and_stands_in_no_fault()
    {
        (string, string)[] signIn = [("Alarms:Mail:User", "larm"), ("Alarms:Mail:Password", "hemligt-9981"), ("Alarms:Mail:Security", "None")];
        Assert.That(() => Load(Mail(signIn)), Throws.TypeOf<StartException>().With.Message.Contains("Alarms:Mail:Security").And.Message.Not.Contains("hemligt"));
        Assert.That(() => Load(Mail([.. signIn, ("Alarms:Mail:Host", "127.0.0.1")])), Throws.Nothing);
        Assert.That(() => Load(Mail([.. signIn, ("Alarms:Mail:Security", "Tls")])), Throws.Nothing);
        Assert.That(() => Load(Mail(("Alarms:Mail:Password", "hemligt-9981"))), Throws.TypeOf<StartException>().With.Message.Contains("Alarms:Mail:User").And.Message.Not.Contains("hemligt"));
    }

    /// <summary>Mail as it must be set at least; what is given again replaces it.</summary>
    private static (string Key, string Value)[] Mail(params (string Key, string Value)[] more)
    {
        var settings = new Dictionary<string, string>
        {
            ["Alarms:Mail:Host"] = "smtp.example.org",
            ["Alarms:Mail:From"] = "ingest@example.org",
            ["Alarms:Mail:To"] = "drift@example.org, jour@example.org",
        };
        foreach (var (key, value) in more) settings[key] = value;
        return [.. settings.Select(s => (s.Key, s.Value))];
    }

    [Test]
    public void The_command_line_sets_a_value() =>
        Assert.That(SettingsLoader.Load(["--Pickup:QuietPeriod=00:00:07"]).Pickup.QuietPeriod, Is.EqualTo(Seconds(7)));

    [Test]
    public void A_root_of_blanks_is_refused() => Assert.That(() => Load(("Root", " ")), Throws.TypeOf<StartException>().With.Message.Contains("Root"));

    private static IngestSettings Load(params (string Key, string Value)[] settings) =>
        SettingsLoader.Load(new ConfigurationBuilder().AddInMemoryCollection(settings.Select(s => KeyValuePair.Create(s.Key, (string?)s.Value))).Build());

    private static TimeSpan Seconds(double seconds) => TimeSpan.FromSeconds(seconds);

    private static DayOfWeek[] Days(params DayOfWeek[] days) => days;
}
