using System.Globalization;

namespace Ingest.Formats.Tests;

/// <summary>Fixed-width lines, put together from the widths in the specification and not from <see cref="Layouts"/>.</summary>
internal static class Fixed
{
    public const string Student = "199601012397";

    public static string Huv(string version = "RVF1", string school = "UMU", string system = "Ladok", string sequence = "00000001",
        string created = "20260302083000", string environment = "PROD") =>
        Line("HUV", (version, 4), (school, 8), (system, 20), (sequence, 8), (created, 14), (environment, 4));

    public static string Reg(string action = "N", string student = Student, string course = "TMA101", string offering = "V26A1", string type = "FFG",
        string extent = "00750", string pace = "100", string start = "20260119", string end = "20260222", string date = "20260112", string id = "") =>
        Line("REG", (action, 1), (student, 12), (course, 10), (offering, 10), (type, 3), (extent, 5), (pace, 3), (start, 8), (end, 8), (date, 8), (id, 36));

    public static string Avb(string action = "N", string student = Student, string course = "TMA101", string offering = "V26A1", string type = "A",
        string date = "20260202", string id = "") =>
        Line("AVB", (action, 1), (student, 12), (course, 10), (offering, 10), (type, 1), (date, 8), (id, 36));

    public static string Res(string action = "N", string student = Student, string course = "TMA101", string offering = "V26A1", string module = "M1",
        string hp = "00450", string grade = "VG", string date = "20260220", string transfer = "N", string id = "") =>
        Line("RES", (action, 1), (student, 12), (course, 10), (offering, 10), (module, 10), (hp, 5), (grade, 3), (date, 8), (transfer, 1), (id, 36));

    public static string Ktf(string action = "N", string course = "TMA101", string offering = "V26A1", string title = "Envariabelanalys",
        string extent = "00750", string pace = "100", string start = "20260119", string end = "20260222") =>
        Line("KTF", (action, 1), (course, 10), (offering, 10), (title, 60), (extent, 5), (pace, 3), (start, 8), (end, 8));

    public static string Mod(string action = "N", string course = "TMA101", string module = "M1", string title = "Tentamen", string extent = "00450") =>
        Line("MOD", (action, 1), (course, 10), (module, 10), (title, 60), (extent, 5));

    public static string Slu(long count, long sum) => Slu(count.ToString("D8", CultureInfo.InvariantCulture), sum.ToString("D11", CultureInfo.InvariantCulture));

    public static string Slu(string count, string sum) => Line("SLU", (count, 8), (sum, 11));

    /// <summary>The line with other text from a 1-based column on.</summary>
    public static string Put(string line, int column, int length, string text) =>
        text.Length > length ? throw new ArgumentException("Too long.", nameof(text)) : line[..(column - 1)] + text.PadRight(length) + line[(column - 1 + length)..];

    /// <summary>A file whose SLU states the right count; lines end in CRLF.</summary>
    /// <param name="sum">The control sum in hundredths of hp.</param>
    public static string File(long sum, params string[] records) => Lines([Huv(), .. records, Slu(records.Length, sum)]);

    public static string Lines(params string[] lines) => string.Concat(lines.Select(l => l + "\r\n"));

    private static string Line(string tag, params (string Text, int Width)[] fields)
    {
        var line = tag;
        foreach (var (text, width) in fields)
            line += text.Length > width ? throw new ArgumentException("Too long: " + text) : text.PadRight(width);
        return line.PadRight(120);
    }
}
