using Ingest.Formats;

namespace Ingest.Worker.Samples;

/// <summary>
/// Records that count, with a warning. What the record says by itself is told when it comes; what the judgement finds is told then and
/// again at the close, of what is true by then.
/// </summary>
internal static class WarningFaults
{
    public static readonly IReadOnlyList<Action<Story>> All =
    [
        // By the record alone: told once. 25,79 hp in twenty weeks are 85,97 %, and the tolerance ends at 86.
        s => Registration(s, CourseType.Term, r => r with { Extent = new Credits(2579) }, Expectation.Warned(FindingCode.R05)),
        s => Registration(s, CourseType.Short, r => r with { RegistrationDate = r.Start!.Value.AddDays(-31) }, Expectation.Warned(FindingCode.R10)),
        s => Registration(s, CourseType.Past, r => r with { RegistrationDate = r.End!.Value.AddDays(1) }, Expectation.Warned(FindingCode.R11)),
        s => Registration(s, CourseType.Short, r => r with { Extent = new Credits(600), RegistrationDate = r.Start!.Value.AddDays(-40) },
            Expectation.Warned(FindingCode.R05, FindingCode.R10)),
        s => Registration(s, CourseType.Short, r => r with { OfferingCode = "99999", Extent = new Credits(600) },
            new Expectation(RecordOutcome.Waiting, [FindingCode.R01, FindingCode.R05], FinalOutcome.Refused, [FindingCode.R01])),
        s => Interruption(s, CourseType.Term, Slot.Interruptions3, _ => s.Plan.Windows[2].AddDays(-15), Expectation.Warned(FindingCode.R25)),
        // Beside the offering's own pace: 50 for 55 is within the tolerance, but the offering has 50.
        s => Registration(s, CourseType.Half, r => r with { Pace = 55 }, Expectation.WarnedTwice(FindingCode.R05)),
        s => Registration(s, CourseType.Term, r => r with { Pace = 75 }, Expectation.WarnedTwice(FindingCode.R05)),
        s => s.AddFaulty(Slot.Registrations1, s.First(s.Course(CourseType.Late), SampleCourse.PaceCorrected), Expectation.Warned(FindingCode.R05)),
        s => Interruption(s, CourseType.Short, Slot.Interruptions3, r => r.End!.Value.AddDays(1), Expectation.WarnedTwice(FindingCode.R22)),
        s => Interruption(s, CourseType.Past, Slot.Interruptions1, r => r.End!.Value.AddDays(1),
            Expectation.Warned(FindingCode.R22, FindingCode.R25) with { FinalCodes = [FindingCode.R22] }),
        PassedAfterLeaving, PassedAndThenLeftBefore,
    ];

    private static void Registration(Story s, CourseType type, Func<Registration, Registration> change, Expectation expect) =>
        s.AddFaulty(Slot.Registrations1, change(s.First(s.Course(type))), expect);

    private static void Interruption(Story s, CourseType type, Slot slot, Func<Registration, DateOnly> date, Expectation expect)
    {
        var registration = s.First(s.Course(type));
        s.Add(Slot.Registrations1, registration);
        s.AddFaulty(slot, s.Left(registration, 0) with { Date = date(registration) }, expect);
    }

    private static void PassedAfterLeaving(Story s)
    {
        var course = s.Course(CourseType.Short);
        var registration = s.First(course);
        s.Add(Slot.Registrations1, registration);
        s.Add(Slot.Interruptions2, s.Left(registration, 5));
        s.AddFaulty(Slot.Results3, s.Passed(course, 0, s.Random.Between(6, 34)), Expectation.WarnedTwice(FindingCode.R35));
    }

    // When the result came nobody had left.
    private static void PassedAndThenLeftBefore(Story s)
    {
        var course = s.Course(CourseType.Short);
        var registration = s.First(course);
        s.Add(Slot.Registrations1, registration);
        s.AddFaulty(Slot.Results3, s.Passed(course, 0, 30), Expectation.Delivered with { FinalCodes = [FindingCode.R35] });
        s.Add(Slot.Interruptions3, s.Left(registration, 29));
    }
}
