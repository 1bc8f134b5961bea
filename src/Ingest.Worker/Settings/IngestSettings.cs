using Ingest.Formats;
using Ingest.Rules;

namespace Ingest.Worker.Settings;

/// <summary>
/// Every setting, with its default. Bound from <c>appsettings.json</c>, environment (<c>Ingest__Pickup__QuietPeriod</c>) and command
/// line (<c>--Pickup:QuietPeriod=00:00:05</c>), and validated whole at start by <see cref="SettingsLoader"/>.
/// </summary>
public sealed class IngestSettings
{
    /// <summary>The data root. Default <c>./data</c>.</summary>
    public string Root { get; set; } = "./data";

    /// <summary>PROD or TEST; a file of the other is refused (F16). Shipped as TEST.</summary>
    public string Environment { get; set; } = "TEST";

    public LedgerSettings Ledger { get; set; } = new();

    public WorkerSettings Worker { get; set; } = new();

    public PickupSettings Pickup { get; set; } = new();

    public LimitSettings Limits { get; set; } = new();

    public RuleSettings Rules { get; set; } = new();

    public CutoffSettings Cutoff { get; set; } = new();

    public IntakeSettings Intake { get; set; } = new();

    public LogSettings Logs { get; set; } = new();

    public AlarmSettings Alarms { get; set; } = new();

    public SilenceSettings Silence { get; set; } = new();

    public StopSettings Stop { get; set; } = new();

    public RetentionSettings Retention { get; set; } = new();
}

/// <summary>Where the ledger is.</summary>
public sealed class LedgerSettings
{
    /// <summary>A PostgreSQL database, as Npgsql has it: <c>Host=…;Database=…;Username=…;Password=…</c>. Default empty: <c>ledger.db</c> in the root.</summary>
    public string ConnectionString { get; set; } = "";

    /// <summary>Into how many parts that database's large tables are divided for each half-year, when they are made. Default 0, whole; up to 256.</summary>
    public int Partitions { get; set; }
}

/// <summary>This process among those that work on the root side by side, where the ledger is on a server.</summary>
public sealed class WorkerSettings
{
    internal const int MostCharacters = 40;

    /// <summary>By what it is known, each by its own: 1 to 40 letters, digits and hyphens. Default empty: the machine's name.</summary>
    public string Name { get; set; } = "";

    /// <summary>What stands in <c>status</c>, in alarms, and in the names of its log and its lock.</summary>
    internal string KnownAs => Name.Length > 0 ? Name : new([.. System.Environment.MachineName.Select(c => char.IsAsciiLetterOrDigit(c) ? c : '-').Take(MostCharacters)]);
}

/// <summary>When a dropped file is taken.</summary>
public sealed class PickupSettings
{
    /// <summary>Between two polls. Default 1 s; 50 ms to 10 min.</summary>
    public TimeSpan PollInterval { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>How long size and last write must hold still. Default 2 s; 0 to 1 h.</summary>
    public TimeSpan QuietPeriod { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>The same for CSV, which has no trailer. Default 10 s.</summary>
    public TimeSpan QuietPeriodCsv { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>The same for a CSV whose last line has no line end. Default 30 s.</summary>
    public TimeSpan QuietPeriodUnterminated { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a fixed-width file without SLU is left before it is refused (F05). Default 10 min.</summary>
    public TimeSpan IncompleteAfter { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>What no whole file need lie still longer than.</summary>
    internal TimeSpan LongestQuiet => new[] { QuietPeriod, QuietPeriodCsv, QuietPeriodUnterminated }.Max();
}

/// <summary>See <see cref="ReadLimits"/>.</summary>
public sealed class LimitSettings
{
    public long MaxBytes { get; set; } = new ReadLimits().MaxBytes;

    public long MaxLines { get; set; } = new ReadLimits().MaxLines;

    public int MaxLineCharacters { get; set; } = new ReadLimits().MaxLineCharacters;

    public int MaxColumns { get; set; } = new ReadLimits().MaxColumns;

    public int RecordBytes { get; set; } = new ReadLimits().RecordBytes;

    public ReadLimits ToLimits() => new()
    {
        MaxBytes = MaxBytes,
        MaxLines = MaxLines,
        MaxLineCharacters = MaxLineCharacters,
        MaxColumns = MaxColumns,
        RecordBytes = RecordBytes,
    };
}

/// <summary>Amounts that rules read.</summary>
public sealed class RuleSettings
{
    /// <summary>Share of records rejected at intake above which the whole file is refused (F15). Default 0.5; 0 to 1.</summary>
    public double MaxRejectedShare { get; set; } = 0.5;

    /// <summary>Days before the period from which a registration is early (R10). Default 30; 0 to 3650.</summary>
    public int EarlyRegistrationDays { get; set; } = RuleTerms.Default.EarlyRegistrationDays;

    /// <summary>Days after its date from which an avbrott is late (R25). Default 14; 0 to 3650.</summary>
    public int LateInterruptionDays { get; set; } = RuleTerms.Default.LateInterruptionDays;

    /// <summary>Grades that pass besides the national ones: 1 to 3 letters, digits, + or -. Default none.</summary>
    public List<string> LocalPassGrades { get; set; } = [];

    /// <summary>Grades that fail besides the national ones. Default none.</summary>
    public List<string> LocalFailGrades { get; set; } = [];

    public Grades ToGrades() => Grades.WithLocal(Upper(LocalPassGrades), Upper(LocalFailGrades));

    public RuleTerms ToTerms() => new() { EarlyRegistrationDays = EarlyRegistrationDays, LateInterruptionDays = LateInterruptionDays, Grades = ToGrades() };

    private static List<string> Upper(List<string> grades) => [.. grades.Select(g => g.ToUpperInvariant())];
}

/// <summary>When windows close.</summary>
public sealed class CutoffSettings
{
    /// <summary>Days of the week on which a window closes. Default all but Saturday.</summary>
    public List<DayOfWeek>? Days { get; set; }

    /// <summary>Dates (yyyy-MM-dd) on which none closes.</summary>
    public List<DateOnly> ClosedDates { get; set; } = [];

    /// <summary>None closes on a Swedish bank holiday. Default false.</summary>
    public bool ClosedOnBankHolidays { get; set; }

    /// <summary>How long a close waits for a file that arrived in its window. Default 30 min.</summary>
    public TimeSpan MaxWait { get; set; } = TimeSpan.FromMinutes(30);

    /// <summary>How long before a close the schools are told what it would refuse. Default 30 min; 0 (never) to 12 h.</summary>
    public TimeSpan AdvanceNotice { get; set; } = TimeSpan.FromMinutes(30);

    public CutoffDays ToDays()
    {
        var days = new CutoffDays { ClosedDates = ClosedDates.ToHashSet(), ClosedOnBankHolidays = ClosedOnBankHolidays };
        return Days is null ? days : days with { Days = Days.ToHashSet() };
    }
}

/// <summary>How a file is worked.</summary>
public sealed class IntakeSettings
{
    /// <summary>Records held in memory at a time. Default 100,000; 1 to 250,000. Never changes an outcome.</summary>
    public int ChunkRows { get; set; } = 100_000;
}

/// <summary>The Serilog files.</summary>
public sealed class LogSettings
{
    /// <summary>Bytes after which a new file is begun. Default 50 MiB.</summary>
    public long MaxBytes { get; set; } = 50 << 20;

    /// <summary>Files kept. Default 31.</summary>
    public int MaxFiles { get; set; } = 31;
}

/// <summary>How many days <c>purge</c> leaves what is kept. Default 0, which keeps it for ever; up to 36,500.</summary>
public sealed class RetentionSettings
{
    /// <summary>Originals in <c>archive/</c>, from the close of their window.</summary>
    public int ArchiveDays { get; set; }

    /// <summary>What stands in <c>ut/</c>, from the close of its window.</summary>
    public int ReceiptsDays { get; set; }

    /// <summary>What lies in <c>quarantine/</c>, from the close of the window in which it came.</summary>
    public int QuarantineDays { get; set; }

    /// <summary>What findings say of values, and the content of what a close refused, from the close of its window.</summary>
    public int LedgerDetailDays { get; set; }

    /// <summary>Whom a look-up was about, and why an operator's act was done.</summary>
    public int AccessLogDays { get; set; }
}
