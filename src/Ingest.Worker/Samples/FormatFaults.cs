using Ingest.Formats;

namespace Ingest.Worker.Samples;

/// <summary>Records that are written wrongly: rejected as they stand; some are mended and sent again in the same window.</summary>
internal static class FormatFaults
{
    public static readonly IReadOnlyList<Action<Story>> All =
    [
        s => Broken(s, Structure.WrongLength),
        s => Broken(s, Structure.Garbled),
        s => Registration(s, [FindingCode.P03], (FieldRole.Start, "")),
        s => Registration(s, [FindingCode.P04], (FieldRole.End, "20260230")),
        s => Registration(s, [FindingCode.P05], (FieldRole.Extent, "7A5")),
        s => Registration(s, [FindingCode.P05], (FieldRole.Student, "1,99601E+11")),
        s => Registration(s, [FindingCode.P05], (FieldRole.CourseCode, "K-1")),
        s => Registration(s, [FindingCode.P06], (FieldRole.RegistrationType, "XYZ")),
        s => Result(s, [FindingCode.P06], (FieldRole.Grade, "TH")),
        s => Result(s, [FindingCode.P03], (FieldRole.Grade, "")),
        s => Result(s, [FindingCode.P04], (FieldRole.ExaminationDate, "i fjol")),
        s => Registration(s, [FindingCode.P07], (FieldRole.OfferingCode, "10\u000701")),
        s => Result(s, [FindingCode.P07], (FieldRole.ModuleCode, "00\u06611")),
        s => Registration(s, [FindingCode.P10], (FieldRole.Student, WrongCheckDigit(s.Student))),
        s => Registration(s, [FindingCode.P11], (FieldRole.Student, string.Concat(s.Student.ToUnmaskedString().AsSpan(0, 4), "0230", s.Student.ToUnmaskedString().AsSpan(8)))),
        s => Registration(s, [FindingCode.P12], (FieldRole.Student, string.Concat(s.Student.ToUnmaskedString().AsSpan(0, 8), "T123"))),
        s => Registration(s, [FindingCode.P15], (FieldRole.RegistrationType, "AVS")),
        s => Registration(s, [FindingCode.P04, FindingCode.P10], (FieldRole.RegistrationDate, "20261301"), (FieldRole.Student, WrongCheckDigit(s.Student))),
        TenDigits,
        WrongDigitAndPeriod,
    ];

    private static string WrongCheckDigit(Personnummer number)
    {
        var digits = number.ToUnmaskedString();
        return digits[..11] + (char)('0' + (digits[11] - '0' + 1) % 10);
    }

    private static void Broken(Story s, Structure structure)
    {
        var registration = s.First(s.Course(CourseType.Term));
        s.AddBroken(Slot.Registrations1, registration, structure);
        Mend(s, registration);
    }

    private static void Registration(Story s, FindingCode[] codes, params (FieldRole, string)[] instead)
    {
        var registration = s.First(s.Course(CourseType.Half));
        s.AddFaulty(Slot.Registrations1, registration, Expectation.Rejected(codes), instead);
        Mend(s, registration);
    }

    // The id of what was rejected is free, so the mended record keeps it.
    private static void Mend(Story s, Registration registration)
    {
        if (s.Random.Chance(50)) s.Add(Slot.Registrations2, registration);
    }

    private static void Result(Story s, FindingCode[] codes, params (FieldRole, string)[] instead)
    {
        var course = s.Course(CourseType.Short);
        var result = s.Passed(course, 0, 30);
        s.Add(Slot.Registrations1, s.First(course));
        s.AddFaulty(Slot.Results3, result, Expectation.Rejected(codes), instead);
        if (s.Random.Chance(50)) s.Add(Slot.Results4, result);
    }

    private static void TenDigits(Story s) => s.AddFaulty(Slot.Registrations1, s.First(s.Course(CourseType.Term)), Expectation.Warned(FindingCode.P13),
        (FieldRole.Student, TestNumbers.TenDigits(s.Student, s.Plan.DateOf(Slot.Registrations1))));

    // Every fault of a record is told: the field's own, and what the sound fields say.
    private static void WrongDigitAndPeriod(Story s)
    {
        var registration = s.First(s.Course(CourseType.Short));
        s.AddFaulty(Slot.Registrations2, registration with { End = registration.Start!.Value.AddDays(-1) }, Expectation.Rejected(FindingCode.P10, FindingCode.R04),
            (FieldRole.Student, WrongCheckDigit(s.Student)));
    }
}
