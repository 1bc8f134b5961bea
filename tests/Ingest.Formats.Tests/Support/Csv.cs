namespace Ingest.Formats.Tests;

/// <summary>CSV files with the published column names.</summary>
internal static class Csv
{
    public const string RegHeader =
        "åtgärd;personnummer;kurskod;kurstillfälleskod;registreringstyp;omfattning;studietakt;start;slut;registreringsdatum;händelse-id";

    public const string AvbHeader = "personnummer;kurskod;kurstillfälleskod;typ;avbrottsdatum";

    public const string ResHeader = "personnummer;kurskod;kurstillfälleskod;modulkod;hp;betyg;examinationsdatum;tillgodoräknande";

    public const string KtfHeader = "kurskod;kurstillfälleskod;benämning;omfattning;studietakt;start;slut";

    public const string ModHeader = "kurskod;modulkod;benämning;omfattning";

    public static string Reg(string action = "N", string student = Fixed.Student, string course = "TMA101", string offering = "V26A1", string type = "FFG",
        string extent = "7,5", string pace = "100", string start = "2026-01-19", string end = "2026-02-22", string date = "2026-01-12", string id = "") =>
        string.Join(';', action, student, course, offering, type, extent, pace, start, end, date, id);

    public static string Avb(string student = Fixed.Student, string course = "TMA101", string offering = "V26A1", string type = "A", string date = "2026-02-02") =>
        string.Join(';', student, course, offering, type, date);

    public static string Res(string student = Fixed.Student, string course = "TMA101", string offering = "V26A1", string module = "M1",
        string hp = "4,5", string grade = "VG", string date = "2026-02-20", string transfer = "N") =>
        string.Join(';', student, course, offering, module, hp, grade, date, transfer);

    public static string Ktf(string course = "TMA101", string offering = "V26A1", string title = "Envariabelanalys", string extent = "7,5",
        string pace = "100", string start = "2026-01-19", string end = "2026-02-22") =>
        string.Join(';', course, offering, title, extent, pace, start, end);

    public static string Mod(string course = "TMA101", string module = "M1", string title = "Tentamen", string extent = "4,5") =>
        string.Join(';', course, module, title, extent);

    /// <summary>The row with another cell in a 0-based column.</summary>
    public static string Put(string row, int column, string cell, char delimiter = ';')
    {
        var cells = row.Split(delimiter);
        cells[column] = cell;
        return string.Join(delimiter, cells);
    }

    public static string Lines(params string[] lines) => string.Concat(lines.Select(l => l + "\r\n"));
}
