using System.Globalization;

namespace Ingest.Worker.Tests.Support;

/// <summary>Files of format version 1, put together from the widths and column names in formats.md and not from the product's own table.</summary>
internal static class Rvf
{
    /// <summary>Published test numbers (domain.md).</summary>
    public const string Anna = "199601012397", Bo = "198802292394", Cia = "200002292399";

    public const string RegHeader = "åtgärd;personnummer;kurskod;kurstillfälleskod;registreringstyp;omfattning;studietakt;start;slut;registreringsdatum;händelse-id";

    // Where hp stand in each record type: column and width 5 (formats.md).
    private static readonly Dictionary<string, int> HpAt = new() { ["REG"] = 40, ["RES"] = 47, ["KTF"] = 85, ["MOD"] = 85 };

    /// <summary>A test number of birth number 239, which Skatteverket publishes; the check digit worked out (domain.md).</summary>
    public static string Student(int n)
    {
        var nine = new DateOnly(1996, 1, 1).AddDays(n).ToString("yyMMdd", CultureInfo.InvariantCulture) + "239";
        var sum = nine.Select((c, i) => (c - '0') * (i % 2 == 0 ? 2 : 1)).Sum(d => d > 9 ? d - 9 : d);
        return "19" + nine + (10 - sum % 10) % 10;
    }

    public static string Huv(int sequence = 1, string school = "UMU", string system = "Ladok", string environment = "TEST") =>
        Line("HUV", ("RVF1", 4), (school, 8), (system, 20), (sequence.ToString("D8", CultureInfo.InvariantCulture), 8), ("20260119080000", 14), (environment, 4));

    public static string Reg(string student = Anna, string course = "TMA101", string offering = "V26A1", string type = "FFG", string action = "N",
        string hp = "00750", string pace = "100", string start = "20260119", string end = "20260222", string date = "20260112", string id = "") =>
        Line("REG", (action, 1), (student, 12), (course, 10), (offering, 10), (type, 3), (hp, 5), (pace, 3), (start, 8), (end, 8), (date, 8), (id, 36));

    public static string Avb(string student = Anna, string course = "TMA101", string offering = "V26A1", string type = "A", string action = "N",
        string date = "20260119", string id = "") =>
        Line("AVB", (action, 1), (student, 12), (course, 10), (offering, 10), (type, 1), (date, 8), (id, 36));

    public static string Res(string student = Anna, string course = "TMA101", string offering = "V26A1", string module = "", string action = "N",
        string hp = "00450", string grade = "G", string date = "20260119", string transfer = "N", string id = "") =>
        Line("RES", (action, 1), (student, 12), (course, 10), (offering, 10), (module, 10), (hp, 5), (grade, 3), (date, 8), (transfer, 1), (id, 36));

    public static string Ktf(string course = "TMA101", string offering = "V26A1", string title = "Envariabelanalys", string action = "N",
        string hp = "00750", string pace = "100", string start = "20260119", string end = "20260222") =>
        Line("KTF", (action, 1), (course, 10), (offering, 10), (title, 60), (hp, 5), (pace, 3), (start, 8), (end, 8));

    public static string Mod(string course = "TMA101", string module = "TEN1", string title = "Tentamen", string action = "N", string hp = "00450") =>
        Line("MOD", (action, 1), (course, 10), (module, 10), (title, 60), (hp, 5));

    /// <summary>A whole file with the trailer that its records ask for.</summary>
    public static string File(int sequence, params string[] records) => WithHeader(Huv(sequence), records);

    public static string WithHeader(string header, params string[] records) => Lines([header, .. records, Slu(records)]);

    public static string Slu(params string[] records)
    {
        var sum = records.Where(r => HpAt.ContainsKey(r[..3])).Sum(r => long.TryParse(r.AsSpan(HpAt[r[..3]] - 1, 5), NumberStyles.None, CultureInfo.InvariantCulture, out var hp) ? hp : 0);
        return Line("SLU", (records.Length.ToString("D8", CultureInfo.InvariantCulture), 8), (sum.ToString("D11", CultureInfo.InvariantCulture), 11));
    }

    /// <summary>A row under <see cref="RegHeader"/>.</summary>
    public static string Row(string student = Anna, string course = "TMA101", string offering = "V26A1", string type = "FFG", string action = "N",
        string hp = "7,5", string pace = "100", string start = "2026-01-19", string end = "2026-02-22", string date = "2026-01-12", string id = "") =>
        string.Join(';', action, student, course, offering, type, hp, pace, start, end, date, id);

    /// <summary>Registrations as CSV.</summary>
    public static string Csv(params string[] rows) => Lines([RegHeader, .. rows]);

    public static string Lines(params string[] lines) => string.Concat(lines.Select(l => l + "\r\n"));

    private static string Line(string tag, params (string Text, int Width)[] fields)
    {
        foreach (var (text, width) in fields)
            tag += text.Length > width ? throw new ArgumentException("Too long: " + text) : text.PadRight(width);
        return tag.PadRight(120);
    }
}
