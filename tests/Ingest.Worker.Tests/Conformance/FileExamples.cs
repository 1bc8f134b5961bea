using Ingest.Formats;
using Ingest.Worker.Tests.Support;
using static Ingest.Formats.FindingCode;

namespace Ingest.Worker.Tests.Conformance;

/// <summary>The codes that a file gets as a whole.</summary>
internal static class FileExamples
{
    private const FileShape Fixed = FileShape.FixedWidth, Csv = FileShape.Csv;

    // 7,5 hp in five weeks at full time.
    private static readonly string Reg = Rvf.Reg();

    private static readonly Func<string, string> FixedFile = Example.Fixed(Reg), CsvFile = Example.Csv(Reg);

    /// <summary>Six of ten with a fault are more than half, five are not.</summary>
    private static string[] Ten(int faulty) => [.. Enumerable.Range(0, 10).Select(n => Rvf.Reg(Rvf.Student(n), start: n < faulty ? "" : "20260119"))];

    private static Func<string, string> Changed(Func<string, string> file, string from, string to) => school => file(school).Replace(from, to, StringComparison.Ordinal);

    private static Func<string, string> WithHeader(Func<string, string> header) => school => Rvf.WithHeader(header(school), Reg);

    private static Func<string, string> WithSlu(string slu) => school => Rvf.Lines(Rvf.Huv(2, school), Reg, slu);

    /// <summary>With a column more.</summary>
    private static Func<string, string> With(string column, Func<string, string> value) =>
        school => Rvf.Lines(RvfCsv.Header("REG") + ";" + column, RvfCsv.Row(Reg) + ";" + value(school));

    private static Func<string, string> LineOf(int characters, bool csv) => school => csv
        ? Rvf.Lines(RvfCsv.Header("REG"), RvfCsv.Row(Reg).PadRight(characters))
        : Rvf.Lines(Rvf.Huv(2, school), Reg.PadRight(characters), Rvf.Slu(Reg));

    public static readonly Example[] All =
    [
        new(F01, Fixed, _ => "", school => Example.FixedFile(school, 2)),
        new(F01, Csv, _ => "", _ => Rvf.Lines(RvfCsv.Header("REG"))),
        new(F02, Fixed, Changed(FixedFile, "HUV", "HVU"), FixedFile),
        new(F02, Csv, Changed(CsvFile, ";", "|"), CsvFile),
        new(F03, Fixed, Changed(FixedFile, "SLU", "\0SLU"), FixedFile),
        new(F03, Csv, Changed(CsvFile, "TMA101", "TMA101\0"), CsvFile),
        new(F04, Fixed, Changed(FixedFile, "RVF1", "RVF2"), FixedFile),
        new(F05, Fixed, school => Rvf.Lines(Rvf.Huv(2, school), Reg), FixedFile),
        new(F06, Fixed, WithSlu("SLU0000000200000000750"), WithSlu("SLU0000000100000000750")),
        new(F06, Csv, CsvFile, CsvFile) { Done = ("antal=2", "antal=1") },
        new(F07, Fixed, WithSlu("SLU0000000100000000751"), WithSlu("SLU0000000100000000750")),
        new(F07, Csv, CsvFile, CsvFile) { Done = ("hp=7,51", "hp=7,5") },
        new(F08, Fixed, WithHeader(school => Rvf.Huv(2, "A" + school)), WithHeader(school => Rvf.Huv(2, school))),
        new(F08, Csv, With("skolkod", school => "A" + school), With("skolkod", school => school)),
        new(F09, Fixed, FixedFile, FixedFile) { OtherSchool = "PAPPER" },
        new(F09, Csv, CsvFile, CsvFile) { OtherSchool = "PAPPER" },
        new(F10, Fixed, FixedFile, FixedFile) { OtherSchool = "KAT" },
        new(F10, Csv, CsvFile, CsvFile) { OtherSchool = "KAT" },
        new(F12, Fixed, WithHeader(school => Rvf.Huv(1, school)), WithHeader(school => Rvf.Huv(2, school))) { Before = [Rvf.Reg(Rvf.Bo)] },
        new(F13, Fixed, WithHeader(school => Rvf.Huv(3, school)), WithHeader(school => Rvf.Huv(2, school))) { Before = [Rvf.Reg(Rvf.Bo)] },
        new(F14, Fixed, LineOf(10_001, csv: false), LineOf(10_000, csv: false)),
        new(F14, Csv, LineOf(10_001, csv: true), LineOf(10_000, csv: true)),
        .. Example.InBoth(F15, Ten(faulty: 6), Ten(faulty: 5), also: "P03", nearGets: "P03"),
        new(F16, Fixed, WithHeader(school => Rvf.Huv(2, school, environment: "PROD")), WithHeader(school => Rvf.Huv(2, school, environment: "TEST"))),
        new(F16, Csv, With("miljö", _ => "PROD"), With("miljö", _ => "TEST")),
        new(F17, Csv, Changed(CsvFile, "kurskod", "kurskodd"), CsvFile) { Also = "F19" },
        new(F18, Csv, With("kurs", _ => "TMA101"), CsvFile),
        new(F19, Csv, With("anteckning", _ => "klar"), CsvFile),
        new(F20, Fixed, FixedFile, FixedFile) { Names = ("reg-199601012397", "reg-199601012398") },
        new(F20, Csv, CsvFile, CsvFile) { Names = ("reg-199601012397", "reg-199601012398") },
        new(F21, Fixed, Example.Fixed(Rvf.Reg(hp: "007S0")), FixedFile) { Also = "P05" },
        new(F21, Csv, Example.Csv(Rvf.Reg(hp: "7,S")), CsvFile) { Also = "P05", Done = ("hp=7,5", "hp=7,5") },
    ];
}
