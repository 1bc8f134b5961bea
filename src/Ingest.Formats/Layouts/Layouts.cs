namespace Ingest.Formats;

/// <summary>
/// RVF1, this project's own layout (not CSN's: none is public). The one table from which parser, writer, <c>docs/formats.md</c>
/// and samples come.
/// </summary>
public static class Layouts
{
    /// <summary>The version that HUV states.</summary>
    public const string Version = "RVF1";

    private static readonly string[] Hp = ["hp", "poäng", "högskolepoäng"];

    public static Layout Header { get; } = new("HUV", null, "Huvudpost",
        new(FieldRole.Version, "version", FieldForm.List, 4, 4, Need.Key, Values: [Version]),
        School(8),
        new(FieldRole.System, "avsändande system", FieldForm.Text, 16, 20, Need.Key, 1, 20),
        new(FieldRole.SequenceNumber, "löpnummer", FieldForm.Number, 36, 8, Need.Key, 0, 99_999_999),
        new(FieldRole.Created, "skapad", FieldForm.Timestamp, 44, 14, Need.Key),
        Environment(58));

    public static Layout Trailer { get; } = new("SLU", null, "Slutpost",
        new(FieldRole.RecordCount, "antal poster", FieldForm.Number, 4, 8, Need.Key, 0, 99_999_999),
        new(FieldRole.ControlSum, "kontrollsumma", FieldForm.Number, 12, 11, Need.Key, 0, 0));

    public static Layout Registration { get; } = new("REG", RecordKind.Registration, "Registrering",
        Action, Student, Course(17), Offering(27, Need.Key),
        new(FieldRole.RegistrationType, "registreringstyp", FieldForm.List, 37, 3, Need.New, Values: ["FFG", "FO", "OM"]),
        new(FieldRole.Extent, "omfattning", FieldForm.Credits, 40, 5, Need.New, 1, 99_999, Aliases: Hp),
        new(FieldRole.Pace, "studietakt", FieldForm.Number, 45, 3, Need.New, 1, 200, Aliases: ["takt"]),
        new(FieldRole.Start, "start", FieldForm.Date, 48, 8, Need.New, Aliases: ["from"]),
        new(FieldRole.End, "slut", FieldForm.Date, 56, 8, Need.New, Aliases: ["tom"]),
        new(FieldRole.RegistrationDate, "registreringsdatum", FieldForm.Date, 64, 8, Need.New, Aliases: ["datum"]),
        EventId(72), CsvSchool, CsvEnvironment);

    public static Layout Interruption { get; } = new("AVB", RecordKind.Interruption, "Avbrott",
        Action, Student, Course(17), Offering(27, Need.Key),
        new(FieldRole.InterruptionType, "typ", FieldForm.List, 37, 1, Need.New, Values: ["A", "E"], ColumnOptional: true, AbsentInCsv: "A"),
        new(FieldRole.InterruptionDate, "avbrottsdatum", FieldForm.Date, 38, 8, Need.New, Aliases: ["datum"]),
        EventId(46), CsvSchool, CsvEnvironment);

    public static Layout Result { get; } = new("RES", RecordKind.Result, "Resultat",
        Action, Student, Course(17), Offering(27, Need.Optional),
        Module(37, Need.Optional),
        new(FieldRole.Credits, "hp", FieldForm.Credits, 47, 5, Need.New, 0, 99_999, Aliases: ["poäng", "högskolepoäng"]),
        // Blank only in a credit transfer: the parser knows.
        new(FieldRole.Grade, "betyg", FieldForm.List, 52, 3, Need.Optional, Values: [.. Grades.Swedish.Pass, .. Grades.Swedish.Fail]),
        new(FieldRole.ExaminationDate, "examinationsdatum", FieldForm.Date, 55, 8, Need.Key, Aliases: ["datum"]),
        new(FieldRole.CreditTransfer, "tillgodoräknande", FieldForm.List, 63, 1, Need.New, Values: ["J", "N"],
            ColumnOptional: true, AbsentInCsv: "N", BlankInCsv: "N"),
        EventId(64), CsvSchool, CsvEnvironment);

    public static Layout CourseOffering { get; } = new("KTF", RecordKind.CourseOffering, "Kurstillfälle",
        Action, Course(5), Offering(15, Need.Key), Title,
        new(FieldRole.Extent, "omfattning", FieldForm.Credits, 85, 5, Need.New, 1, 99_999, Aliases: Hp),
        new(FieldRole.Pace, "studietakt", FieldForm.Number, 90, 3, Need.New, 1, 200, Aliases: ["takt"]),
        new(FieldRole.Start, "start", FieldForm.Date, 93, 8, Need.New, Aliases: ["from"]),
        new(FieldRole.End, "slut", FieldForm.Date, 101, 8, Need.New, Aliases: ["tom"]),
        CsvSchool, CsvEnvironment);

    public static Layout ModuleLayout { get; } = new("MOD", RecordKind.Module, "Modul",
        Action, Course(5), Module(15, Need.Key), Title,
        new(FieldRole.Extent, "omfattning", FieldForm.Credits, 85, 5, Need.New, 1, 99_999, Aliases: Hp),
        CsvSchool, CsvEnvironment);

    /// <summary>The five kinds of record, in the order of <see cref="RecordKind"/>.</summary>
    public static IReadOnlyList<Layout> Records { get; } = [Registration, Interruption, Result, CourseOffering, ModuleLayout];

    public static IReadOnlyList<Layout> All => Every;

    private static readonly Layout[] Every = [Header, .. Records, Trailer];

    /// <summary>The same, for what goes through them once a line.</summary>
    internal static ReadOnlySpan<Layout> AsSpan() => Every;

    public static Layout Of(RecordKind kind) => Records[(int)kind];

    private static Field Action => new(FieldRole.Action, "åtgärd", FieldForm.List, 4, 1, Need.Key, Values: ["N", "B"],
        ColumnOptional: true, AbsentInCsv: "N");

    private static Field Student => new(FieldRole.Student, "personnummer", FieldForm.Personnummer, 5, 12, Need.Key, Aliases: ["personnr", "pnr"]);

    private static Field Title => new(FieldRole.Title, "benämning", FieldForm.Text, 25, 60, Need.New, 1, 60);

    private static Field CsvSchool => School(0) with { Need = Need.Optional, ColumnOptional = true };

    private static Field CsvEnvironment => Environment(0) with { Need = Need.Optional, ColumnOptional = true };

    private static Field Course(int start) => new(FieldRole.CourseCode, "kurskod", FieldForm.Code, start, 10, Need.Key, 4, 10, Aliases: ["kurs"]);

    private static Field Offering(int start, Need need) => new(FieldRole.OfferingCode, "kurstillfälleskod", FieldForm.Code, start, 10, need, 1, 10,
        Aliases: ["tillfälle"], ColumnOptional: need == Need.Optional);

    private static Field Module(int start, Need need) => new(FieldRole.ModuleCode, "modulkod", FieldForm.Code, start, 10, need, 1, 10,
        Aliases: ["modul"], ColumnOptional: need == Need.Optional);

    private static Field EventId(int start) => new(FieldRole.EventId, "händelse-id", FieldForm.Id, start, 36, Need.Optional, 1, 36, ColumnOptional: true);

    private static Field School(int start) => new(FieldRole.School, "skolkod", FieldForm.Code, start, 8, Need.Key, 1, 8);

    private static Field Environment(int start) => new(FieldRole.Environment, "miljö", FieldForm.List, start, 4, Need.Key, Values: ["PROD", "TEST"]);
}
