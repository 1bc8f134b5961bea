using Ingest.Formats;
using static Ingest.Formats.FindingCode;
using static Ingest.Worker.Tests.Support.Rvf;

namespace Ingest.Worker.Tests.Conformance;

/// <summary>The codes that a record gets: P, R and K. A record is the same in both shapes; a few faults exist in one alone.</summary>
internal static class RecordExamples
{
    /// <summary>TMA101: 7,5 hp at half time from 19 January to 29 March 2026, in two offerings. TMA100: 7,5 hp at full time, over on 11 January, and given again.</summary>
    public static readonly string[] Catalogue =
    [
        Ktf(pace: "050", end: "20260329"), Ktf(offering: "V26A2", pace: "050", end: "20260329"),
        Ktf("TMA100", "H25A1", "Inledande kurs", start: "20251208", end: "20260111"), Ktf("TMA100", "V26A1", "Inledande kurs"),
        Mod(), Mod(module: "LAB1", title: "Laborationer", hp: "00300"), Mod(module: "PRO1", title: "Projekt", hp: "00300"), Mod("TMA100"),
    ];

    private static string Reg(string student = Anna, string course = "TMA101", string offering = "V26A1", string type = "FFG", string action = "N",
        string hp = "00750", string pace = "050", string start = "20260119", string end = "20260329", string date = "20260112", string id = "") =>
        Support.Rvf.Reg(student, course, offering, type, action, hp, pace, start, end, date, id);

    /// <summary>On the offering of TMA100 that is over.</summary>
    private static string Past(string student = Anna, string date = "20251201") =>
        Reg(student, "TMA100", "H25A1", pace: "100", start: "20251208", end: "20260111", date: date);

    private static string Again(string student) => Reg(student, "TMA100", "V26A1", "OM", pace: "100", end: "20260222", date: "20260119");

    private static string Res(string student = Anna, string module = "TEN1", string hp = "00450", string grade = "G", string date = "20260119", string action = "N",
        string course = "TMA101", string offering = "") => Support.Rvf.Res(student, course, offering, module, action, hp, grade, date);

    /// <summary>A test number that falls on the leap day.</summary>
    private static readonly string LeapDay = Student(59);

    public static readonly Example[] All =
    [
        // How a line is written.
        new(P01, FileShape.FixedWidth, Example.Fixed(Reg()[..107] + "X"), Example.Fixed(Reg()[..107])),
        new(P02, FileShape.Csv, s => Example.Csv(Reg())(s).Replace("2026-01-12;", "2026-01-12", StringComparison.Ordinal), Example.Csv(Reg())),
        .. Example.InBoth(P03, [Reg(start: "")], [Reg()]),
        .. Example.InBoth(P04, [Reg(date: "20260132")], [Reg(date: "20260112")]),
        .. Example.InBoth(P05, [Reg(pace: "5O")], [Reg(pace: "050")]),
        .. Example.InBoth(P06, [Reg(type: "FGF")], [Reg(type: "FFG")]),
        .. Example.InBoth(P07, [Reg(id: "a\u0007b")], [Reg(id: "ab")]),
        new(P08, FileShape.FixedWidth, Example.Fixed("RGE" + Reg()[3..]), Example.Fixed(Reg())),
        .. Example.InBoth(P10, [Reg("199601012398")], [Reg("199601012397")]),
        .. Example.InBoth(P11, [Reg("199602302380")], [Reg(LeapDay)]),
        .. Example.InBoth(P12, [Reg("19960101T239")], [Reg("199601012397")]),
        .. Example.InBoth(P13, [Reg("960101-2397")], [Reg("199601012397")]),
        new(P14, FileShape.Csv, s => Example.Csv(Reg())(s).Replace(";TMA101;", ";\"TMA101;", StringComparison.Ordinal), s => Example.Csv(Reg())(s).Replace(";TMA101;", ";\"TMA101\";", StringComparison.Ordinal)),
        .. Example.InBoth(P15, [Reg(type: "AVS")], [Reg(type: "FFG")]),

        // Registrations.
        .. Example.InBoth(R01, [Reg(offering: "V26A9")], [Reg(offering: "V26A1")], catalogue: true),
        .. Example.InBoth(R02, [Reg(start: "20260118")], [Reg(start: "20260119")], catalogue: true),
        .. Example.InBoth(R03, [Reg(hp: "00751")], [Reg(hp: "00750")], catalogue: true),
        .. Example.InBoth(R04, [Reg(end: "20260118")], [Reg(end: "20260329")]),
        .. Example.InBoth(R05, [Reg(hp: "00644")], [Reg(hp: "00645")]),
        .. Example.InBoth(R06, [Reg(Anna)], [Reg(Bo)], before: Reg(Anna)),
        .. Example.InBoth(R07, [Reg(date: "20260113")], [Reg(date: "20260112")], nearGets: "R06", before: Reg()),
        .. Example.InBoth(R08, [Reg(Anna, offering: "V26A2")], [Reg(Bo, offering: "V26A2")], before: Reg(Anna)),
        .. Example.InBoth(R09, [Reg(type: "FO")], [Reg(type: "FFG")]),
        .. Example.InBoth(R10, [Reg(date: "20251219")], [Reg(date: "20251220")]),
        .. Example.InBoth(R11, [Past(date: "20260112")], [Past(date: "20260111")]),
        .. Example.InBoth(R12, [Reg(date: "20260121")], [Reg(date: "20260120")]),
        .. Example.InBoth(R13, [Reg(type: "OM", date: "20260120")], [Reg(type: "OM", date: "20260119")], before: [Reg(), Avb(date: "20260119")]),
        .. Example.InBoth(R14, [Reg(course: "TMA102", pace: "051")], [Reg(course: "TMA102", pace: "050")], before: Reg()),
        .. Example.InBoth(R15, [Again(Anna)], [Again(Bo)], catalogue: true, before:
            [Past(Anna), Past(Bo), Res(Anna, course: "TMA100", date: "20260109"), Res(Bo, course: "TMA100", date: "20260109", hp: "00000", grade: "U")]),

        // Avbrott.
        .. Example.InBoth(R20, [Avb(offering: "V26A2")], [Avb(offering: "V26A1")], before: Reg()),
        .. Example.InBoth(R21, [Avb(date: "20260118")], [Avb(date: "20260119")], before: Reg()),
        .. Example.InBoth(R22, [Avb(course: "TMA100", offering: "H25A1", date: "20260112")], [Avb(course: "TMA100", offering: "H25A1", date: "20260111")], before: Past()),
        .. Example.InBoth(R24, [Avb(date: "20260121")], [Avb(date: "20260120")], before: Reg()),
        .. Example.InBoth(R25, [Avb(course: "TMA100", offering: "H25A1", date: "20260105")], [Avb(course: "TMA100", offering: "H25A1", date: "20260106")], before: Past()),

        // Results.
        .. Example.InBoth(R30, [Res(Bo)], [Res(Anna)], before: Reg(Anna)),
        .. Example.InBoth(R31, [Res(hp: "00451")], [Res(hp: "00450")], catalogue: true, before: Reg()),
        .. Example.InBoth(R32, [Res(module: "PRO1", hp: "00300", date: "20260120")], [Res(module: "LAB1", hp: "00300", date: "20260120")], catalogue: true,
            before: [Reg(), Res(), Res(module: "LAB1", hp: "00300")]),
        .. Example.InBoth(R33, [Res(date: "20260118")], [Res(date: "20260119")], before: Reg()),
        .. Example.InBoth(R34, [Res(date: "20260121")], [Res(date: "20260120")], before: Reg()),
        .. Example.InBoth(R35, [Res(date: "20260120")], [Res(date: "20260119")], before: [Reg(), Avb(date: "20260119")]),
        .. Example.InBoth(R36, [Res(grade: "U", hp: "00001")], [Res(grade: "U", hp: "00000")], before: Reg()),
        .. Example.InBoth(R37, [Res(hp: "00000")], [Res(hp: "00001")], catalogue: true, before: Reg()),
        .. Example.InBoth(R38, [Res(module: "TEN9")], [Res(module: "TEN1")], catalogue: true, before: Reg()),
        .. Example.InBoth(R39, [Res(module: "", hp: "00749")], [Res(module: "", hp: "00750")], catalogue: true, before: Reg()),

        // Removals, and what the close at 15.00 makes of them.
        .. Example.InBoth(R40, [Res(action: "B", date: "20260120")], [Res(action: "B", date: "20260119")], before: [Reg(), Res()]),
        .. Example.InBoth(R41, [Res(action: "B", hp: "00449")], [Res(action: "B", hp: "00450")], before: [Reg(), Res()]),
        .. Example.InBoth(K41, [Reg(action: "B")], [Reg(action: "B"), Reg(offering: "V26A2")], nearGets: "K43", before: Reg()),
        .. Example.InBoth(K42, [Reg(), Reg(action: "B")], [Reg()]),
        .. Example.InBoth(K43, [Reg(action: "B"), Reg(offering: "V26A2")], [Reg(action: "B"), Reg(offering: "V26A2", hp: "00749")], nearGets: "K41", before: Reg()),
        .. Example.InBoth(K44, [Until("20260119", "B")(Anna)], [Until("20260120", "B")(Bo)], nearGets: "K41", before: [Until("20260119")(Anna), Until("20260120")(Bo)]),
        .. Example.InBoth(K45, [Res(action: "B"), Res(hp: "00451")], [Res(action: "B"), Res(hp: "00449")], also: "R31", catalogue: true, before: [Reg(), Res()]),
    ];

    /// <summary>A registration whose period ends on that day.</summary>
    private static Func<string, string> Until(string end, string action = "N") =>
        student => Reg(student, action: action, start: "20251111", end: end, date: "20251105");
}
