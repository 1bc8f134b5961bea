using System.Globalization;
using System.Net;
using Ingest.Formats;
using Ingest.Rules;
using Microsoft.Extensions.Configuration;
using MimeKit;

namespace Ingest.Worker.Settings;

/// <summary>A start that cannot go on; the message is for the operator, in one piece.</summary>
public sealed class StartException(string message) : Exception(message);

/// <summary>Binds and validates the settings: every fault in one message that names the key. An unknown key is a fault too.</summary>
internal static class SettingsLoader
{
    private static readonly string[] Environments = ["PROD", "TEST"];
    private static readonly string[] MailSecurity = ["StartTls", "Tls", "None"];

    /// <param name="arguments">The command line's <c>--Section:Key=value</c>.</param>
    public static IngestSettings Load(IEnumerable<string> arguments)
    {
        var configuration = new ConfigurationBuilder()
            .SetBasePath(AppContext.BaseDirectory)
            .AddJsonFile("appsettings.json", optional: true)
            .AddEnvironmentVariables("Ingest__")
            .AddCommandLine([.. arguments])
            .Build();
        return Load(configuration);
    }

    /// <exception cref="StartException">Any value is missing, malformed, out of range or of an unknown key.</exception>
    public static IngestSettings Load(IConfiguration configuration)
    {
        var faults = new List<string>();
        var settings = new IngestSettings();
        Bind(configuration, settings, "", faults);
        Validate(settings, faults);
        if (faults.Count > 0)
            throw new StartException("Inställningarna är fel:" + string.Concat(faults.Select(f => System.Environment.NewLine + "  " + f)));
        return settings;
    }

    /// <summary>Binds by the shape of the class, so that a misspelt key is told and not passed over.</summary>
    private static void Bind(IConfiguration section, object target, string prefix, List<string> faults)
    {
        var properties = target.GetType().GetProperties().ToDictionary(p => p.Name, StringComparer.OrdinalIgnoreCase);
        foreach (var child in section.GetChildren())
        {
            var key = prefix + child.Key;
            if (!properties.TryGetValue(child.Key, out var property))
            {
                faults.Add($"{key}: okänd inställning. Kända: {string.Join(", ", properties.Values.Select(p => prefix + p.Name))}.");
                continue;
            }
            try
            {
                if (property.PropertyType.Namespace == typeof(IngestSettings).Namespace) Bind(child, property.GetValue(target)!, key + ":", faults);
                else property.SetValue(target, Convert(child, property.PropertyType));
            }
            catch (Exception e) when (e is FormatException or ArgumentException or OverflowException)
            {
                faults.Add($"{key}: ”{child.Value}” går inte att läsa som {Form(property.PropertyType)}.");
            }
        }
    }

    private static object? Convert(IConfigurationSection section, Type type)
    {
        var text = section.Value ?? "";
        var culture = CultureInfo.InvariantCulture;
        if (type == typeof(string)) return text;
        if (type == typeof(bool)) return bool.Parse(text);
        if (type == typeof(int)) return int.Parse(text, culture);
        if (type == typeof(long)) return long.Parse(text, culture);
        if (type == typeof(double)) return double.Parse(text, culture);
        if (type == typeof(TimeSpan)) return TimeSpan.Parse(text, culture);
        // A list in JSON is children; from environment and command line it is one text with commas.
        var items = section.GetChildren().Select(c => c.Value ?? "").ToList();
        if (items.Count == 0) items = [.. text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)];
        if (type == typeof(List<string>)) return items;
        if (type == typeof(List<DateOnly>)) return items.Select(i => DateOnly.ParseExact(i, "yyyy-MM-dd", culture)).ToList();
        return items.Select(i => Enum.GetNames<DayOfWeek>().Contains(i) ? Enum.Parse<DayOfWeek>(i) : throw new FormatException()).ToList();
    }

    private static string Form(Type type) =>
        type == typeof(TimeSpan) ? "en tid (hh:mm:ss)"
        : type == typeof(bool) ? "true eller false"
        : type == typeof(List<DateOnly>) ? "datum (åååå-mm-dd)"
        : type == typeof(List<DayOfWeek>) ? "veckodagar (Monday, Tuesday …)"
        : "ett tal";

    private static void Validate(IngestSettings s, List<string> faults)
    {
        Check(s.Root.Trim().Length > 0, "Root", s.Root, "en mapp");
        Check(Environments.Contains(s.Environment), "Environment", s.Environment, "PROD eller TEST");
        Range("Ledger:Partitions", s.Ledger.Partitions, 0, 256);
        Check(s.Ledger.Partitions <= 0 || s.Ledger.ConnectionString.Length > 0, "Ledger:Partitions", s.Ledger.Partitions, "0, när Ledger:ConnectionString inte är satt");
        Check(s.Worker.Name.Length <= WorkerSettings.MostCharacters && s.Worker.Name.All(c => char.IsAsciiLetterOrDigit(c) || c == '-'), "Worker:Name", s.Worker.Name, "1 till 40 bokstäver (a till z), siffror och bindestreck");
        Range("Pickup:PollInterval", s.Pickup.PollInterval, TimeSpan.FromMilliseconds(50), TimeSpan.FromMinutes(10));
        Range("Pickup:QuietPeriod", s.Pickup.QuietPeriod, TimeSpan.Zero, TimeSpan.FromHours(1));
        Range("Pickup:QuietPeriodCsv", s.Pickup.QuietPeriodCsv, TimeSpan.Zero, TimeSpan.FromHours(1));
        Range("Pickup:QuietPeriodUnterminated", s.Pickup.QuietPeriodUnterminated, TimeSpan.Zero, TimeSpan.FromHours(1));
        Range("Pickup:IncompleteAfter", s.Pickup.IncompleteAfter, TimeSpan.Zero, TimeSpan.FromDays(1));
        Range("Limits:MaxBytes", s.Limits.MaxBytes, 1, 1L << 40);
        Range("Limits:MaxLines", s.Limits.MaxLines, 1, 1_000_000_000);
        Range("Limits:MaxLineCharacters", s.Limits.MaxLineCharacters, 120, 1_000_000);
        Range("Limits:MaxColumns", s.Limits.MaxColumns, 11, 1_000);
        Range("Limits:RecordBytes", s.Limits.RecordBytes, 120, 1 << 20);
        Range("Rules:MaxRejectedShare", s.Rules.MaxRejectedShare, 0, 1);
        Range("Rules:EarlyRegistrationDays", s.Rules.EarlyRegistrationDays, 0, 3650);
        Range("Rules:LateInterruptionDays", s.Rules.LateInterruptionDays, 0, 3650);
        foreach (var (key, grades) in new[] { ("Rules:LocalPassGrades", s.Rules.LocalPassGrades), ("Rules:LocalFailGrades", s.Rules.LocalFailGrades) })
            foreach (var grade in grades)
            {
                Check(IsGradeForm(grade), key, grade, "1 till 3 bokstäver, siffror, + eller -");
                Check(!Grades.Swedish.Contains(grade.ToUpperInvariant()), key, grade, "ett betyg som inte redan finns i de nationella skalorna");
            }
        foreach (var both in s.Rules.LocalPassGrades.Intersect(s.Rules.LocalFailGrades, StringComparer.OrdinalIgnoreCase))
            Check(false, "Rules:LocalPassGrades", both, "ett betyg som inte också står i Rules:LocalFailGrades");
        Range("Cutoff:MaxWait", s.Cutoff.MaxWait, TimeSpan.Zero, TimeSpan.FromHours(12));
        Range("Cutoff:AdvanceNotice", s.Cutoff.AdvanceNotice, TimeSpan.Zero, TimeSpan.FromHours(12));
        Range("Intake:ChunkRows", s.Intake.ChunkRows, 1, 250_000);
        Range("Logs:MaxBytes", s.Logs.MaxBytes, 1 << 10, 1L << 32);
        Range("Logs:MaxFiles", s.Logs.MaxFiles, 1, 10_000);
        Range("Alarms:MaxBytes", s.Alarms.MaxBytes, 1 << 10, 1L << 32);
        Range("Alarms:MaxFiles", s.Alarms.MaxFiles, 1, 1_000);
        Mail(s.Alarms.Mail);
        Range("Silence:Share", s.Silence.Share, 0, 1);
        Range("Silence:Minutes", s.Silence.Minutes, 0, 24 * 60);
        foreach (var (key, days) in new[]
                 {
                     ("ArchiveDays", s.Retention.ArchiveDays), ("ReceiptsDays", s.Retention.ReceiptsDays), ("QuarantineDays", s.Retention.QuarantineDays),
                     ("LedgerDetailDays", s.Retention.LedgerDetailDays), ("AccessLogDays", s.Retention.AccessLogDays),
                 })
            Range("Retention:" + key, days, 0, 36_500);
        Range("Stop:Grace", s.Stop.Grace, TimeSpan.Zero, TimeSpan.FromHours(12));
        try
        {
            _ = new ReportingCalendar(s.Cutoff.ToDays()).Of(DateTimeOffset.UnixEpoch);
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException)
        {
            faults.Add("Cutoff:Days: ingen dag lämnas kvar att stänga ett fönster på.");
        }

        void Mail(MailSettings m)
        {
            Range("Alarms:Mail:Port", m.Port, 1, 65_535);
            Range("Alarms:Mail:Interval", m.Interval, TimeSpan.FromMinutes(1), TimeSpan.FromDays(1));
            Range("Alarms:Mail:Timeout", m.Timeout, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(5));
            Check(MailSecurity.Contains(m.Security), "Alarms:Mail:Security", m.Security, string.Join(", ", MailSecurity));
            foreach (var to in m.To) Check(IsAddress(to), "Alarms:Mail:To", to, "adresser");
            if (m.From.Length > 0) Check(IsAddress(m.From), "Alarms:Mail:From", m.From, "en adress");
            if (m.Host.Length == 0)
            {
                // Somebody who names recipients believes that they are told.
                Check(m.To.Count == 0, "Alarms:Mail:Host", m.Host, "en server, när Alarms:Mail:To är satt");
                return;
            }
            Check(m.From.Length > 0, "Alarms:Mail:From", m.From, "en adress, när Alarms:Mail:Host är satt");
            Check(m.To.Count > 0, "Alarms:Mail:To", "", "minst en adress, när Alarms:Mail:Host är satt");
            Check(m.User.Length > 0 == m.Password.Length > 0, "Alarms:Mail:User", m.User, "att User och Password båda är satta, eller ingen av dem");
            Check(m.User.Length == 0 || m.Security != "None" || IsThisMachine(m.Host), "Alarms:Mail:Security", m.Security, "StartTls eller Tls, när ett lösenord ska skickas till en annan maskin");
        }

        static bool IsAddress(string text) => MailboxAddress.TryParse(text, out var address) && address.Address.Contains('@');

        static bool IsThisMachine(string host) => host.Equals("localhost", StringComparison.OrdinalIgnoreCase) || (IPAddress.TryParse(host, out var address) && IPAddress.IsLoopback(address));

        static bool IsGradeForm(string grade) => grade.Length is >= 1 and <= 3 && grade.All(c => char.IsLetterOrDigit(c) || c is '+' or '-');

        void Check(bool holds, string key, object value, string expected)
        {
            if (!holds) faults.Add($"{key}: ”{value}” gäller inte; väntat {expected}.");
        }

        void Range<T>(string key, T value, T min, T max)
            where T : IComparable<T> =>
            Check(value.CompareTo(min) >= 0 && value.CompareTo(max) <= 0, key,
                string.Create(CultureInfo.InvariantCulture, $"{value}"), string.Create(CultureInfo.InvariantCulture, $"{min} till {max}"));
    }
}
