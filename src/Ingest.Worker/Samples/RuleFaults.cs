using Ingest.Formats;

namespace Ingest.Worker.Samples;

/// <summary>Records that break a rule: rejected for what they say themselves, or waiting for something that never comes.</summary>
internal static class RuleFaults
{
    private static readonly Credits Half = new(50);

    public static readonly IReadOnlyList<Action<Story>> All =
    [
        // Judged by the record alone.
        s => Registration(s, r => r with { End = r.Start!.Value.AddDays(-10) }, Expectation.Rejected(FindingCode.R04)),
        s => Registration(s, r => r with { RegistrationDate = s.Day(3) }, Expectation.Rejected(FindingCode.R12)),
        s => Interruption(s, Slot.Interruptions2, s.Plan.Windows[1].DayNumber - s.Plan.Base.DayNumber + 3, Expectation.Rejected(FindingCode.R24)),
        s => Result(s, (course, r) => r with { ExaminationDate = s.Plan.Windows[2].AddDays(2) }, Expectation.Rejected(FindingCode.R34)),
        s => Result(s, (course, r) => r with { Grade = course.Fail }, Expectation.Rejected(FindingCode.R36)),
        RegistrationNeverReported, ResultNeverReported,
        // Judged by what was reported before.
        OtherContent, IdOfAnotherCourse, IdOfAnotherStudent,
        // Waiting for what never comes.
        s => Registration(s, r => r with { OfferingCode = "99999" }, Expectation.Refused(FindingCode.R01)),
        s => Registration(s, r => r with { Start = r.Start!.Value.AddDays(-3), RegistrationDate = r.Start.Value.AddDays(-4) }, Expectation.Refused(FindingCode.R02)),
        s => Registration(s, r => r with { Extent = new Credits(r.Extent!.Value.Hundredths + 50) }, Expectation.Refused(FindingCode.R03)),
        TwoFirst, TwoFirstTheLaterFirst, FirstAgainInALaterWindow,
        s => s.AddFaulty(Slot.Registrations3, s.Continued(s.Course(CourseType.Spanning)), Expectation.Refused(FindingCode.R09)),
        s => s.AddFaulty(Slot.Interruptions2, s.Left(s.First(s.Course(CourseType.Term)), 5), Expectation.Refused(FindingCode.R20)),
        s => Interruption(s, Slot.Interruptions1, -2, Expectation.Refused(FindingCode.R21)),
        s => s.AddFaulty(Slot.Results3, s.Passed(s.Course(CourseType.Short), 0, 30), Expectation.Refused(FindingCode.R30)),
        s => Result(s, (course, r) => r with { Credits = new Credits(r.Credits!.Value.Hundredths + Half.Hundredths) }, Expectation.Refused(FindingCode.R31)),
        TooManyModules, RemovedBeforeItWasThere, RefusedAndSentAgain, WaitingAndRepeated, WaitingAndRemoved,
        s => Result(s, (course, r) => r with { ExaminationDate = s.Day(-5) }, Expectation.Refused(FindingCode.R33)),
        LeftAndRegisteredAgain,
        s => Result(s, (course, r) => r with { Credits = new Credits(0) }, Expectation.Refused(FindingCode.R37)),
        s => Result(s, (course, r) => OnTheCourse(r) with { Credits = new Credits(0) }, Expectation.Refused(FindingCode.R37, FindingCode.R39)),
        s => Result(s, (course, r) => r with { ModuleCode = "9991" }, Expectation.Refused(FindingCode.R38)),
        s => Result(s, (course, r) => OnTheCourse(r) with { Credits = new Credits(course.Hp.Hundredths - Half.Hundredths) }, Expectation.Refused(FindingCode.R39)),
        s => Result(s, (course, r) => OnTheCourse(r) with { Credits = new Credits(course.Hp.Hundredths + Half.Hundredths) }, Expectation.Refused(FindingCode.R31, FindingCode.R39)),
    ];

    private static void Registration(Story s, Func<Registration, Registration> change, Expectation expect) =>
        s.AddFaulty(Slot.Registrations1, change(s.First(s.Course(CourseType.Short))), expect);

    private static void Interruption(Story s, Slot slot, int day, Expectation expect)
    {
        var registration = s.First(s.Course(CourseType.Term));
        s.Add(Slot.Registrations1, registration);
        s.AddFaulty(slot, s.Left(registration, day), expect);
    }

    private static void Result(Story s, Func<SampleCourse, Result, Result> change, Expectation expect)
    {
        var course = s.Course(CourseType.Short);
        s.Add(Slot.Registrations1, s.First(course));
        s.AddFaulty(Slot.Results3, change(course, s.Passed(course, 0, 30)), expect);
    }

    private static Result OnTheCourse(Result result) => result with { ModuleCode = null };

    private static void LeftAndRegisteredAgain(Story s)
    {
        var course = s.Course(CourseType.Half);
        var registration = s.First(course);
        s.Add(Slot.Registrations1, registration);
        s.Add(Slot.Interruptions1, s.Left(registration, 0));
        s.AddFaulty(Slot.Registrations3, s.OnceMore(course, 1), Expectation.Refused(FindingCode.R13));
    }

    private static void RegistrationNeverReported(Story s) =>
        s.AddFaulty(Slot.Registrations2, s.Removed(s.First(s.Course(CourseType.Term))), Expectation.Rejected(FindingCode.R40));

    private static void ResultNeverReported(Story s)
    {
        var course = s.Course(CourseType.Short);
        s.Add(Slot.Registrations1, s.First(course));
        s.AddFaulty(Slot.Results4, s.Removed(s.Passed(course, 0, 30)), Expectation.Rejected(FindingCode.R40));
    }

    private static void OtherContent(Story s)
    {
        var registration = s.First(s.Course(CourseType.Term));
        s.Add(Slot.Registrations1, registration);
        s.AddFaulty(Slot.Registrations3, s.OfLess(registration), Expectation.Rejected(FindingCode.R07));
    }

    private static void IdOfAnotherCourse(Story s)
    {
        var (one, other) = s.TwoCourses(CourseType.Half);
        var registration = s.First(one) with { EventId = s.Random.Id() };
        s.Add(Slot.Registrations1, registration);
        s.AddFaulty(Slot.Registrations2, s.First(other) with { EventId = registration.EventId }, Expectation.Rejected(FindingCode.R07));
    }

    private static void IdOfAnotherStudent(Story s)
    {
        var course = s.Course(CourseType.Half);
        var registration = s.First(course) with { EventId = s.Random.Id() };
        s.Add(Slot.Registrations1, registration);
        s.AddFaulty(Slot.Registrations2, s.First(course) with { Student = s.AnotherStudent(), EventId = registration.EventId!.Value.ToString().ToUpperInvariant() },
            Expectation.Rejected(FindingCode.R07));
    }

    private static void TwoFirst(Story s)
    {
        var course = s.Course(CourseType.Half);
        s.Add(Slot.Registrations1, s.First(course) with { RegistrationDate = s.Day(-7) });
        s.AddFaulty(Slot.Registrations2, s.First(course, 1) with { RegistrationDate = s.Day(-6) }, Expectation.Refused(FindingCode.R08));
    }

    // Nothing is wrong with the first file when it comes: the earlier date stands, not the earlier file.
    private static void TwoFirstTheLaterFirst(Story s)
    {
        var course = s.Course(CourseType.Half);
        s.AddFaulty(Slot.Registrations1, s.First(course, 1) with { RegistrationDate = s.Day(-6) },
            new Expectation(RecordOutcome.Accepted, [], FinalOutcome.Refused, [FindingCode.R08]));
        s.Add(Slot.Registrations2, s.First(course) with { RegistrationDate = s.Day(-7) });
    }

    // What was delivered stands, also against one that is dated earlier.
    private static void FirstAgainInALaterWindow(Story s)
    {
        var course = s.Course(CourseType.Half);
        s.Add(Slot.Registrations1, s.First(course) with { RegistrationDate = s.Day(-6) });
        s.AddFaulty(Slot.Registrations3, s.First(course, 1) with { RegistrationDate = s.Day(-7) }, Expectation.Refused(FindingCode.R08));
    }

    private static void TooManyModules(Story s)
    {
        var course = s.Course(CourseType.Half);
        s.Add(Slot.Registrations1, s.First(course));
        s.Add(Slot.Results3, s.Passed(course, 0, 20));
        s.Add(Slot.Results3, s.Passed(course, 1, 25));
        s.AddFaulty(Slot.Results4, s.Passed(course, 2, 30), Expectation.Refused(FindingCode.R32));
    }

    private static void RemovedBeforeItWasThere(Story s)
    {
        var registration = s.First(s.Course(CourseType.Half));
        s.AddFaulty(Slot.Registrations2, s.Removed(registration) with { EventId = null }, Expectation.Rejected(FindingCode.R40));
        s.Add(Slot.Registrations2, registration);
    }

    // What was refused is as if it had never come: the same record, under the same id, may come in a later window.
    private static void RefusedAndSentAgain(Story s)
    {
        var course = s.Course(CourseType.Spanning);
        var continued = s.Continued(course);
        s.AddFaulty(Slot.Registrations1, continued, Expectation.Refused(FindingCode.R09));
        s.Add(Slot.Registrations3, s.First(course));
        s.Add(Slot.Registrations3, continued);
    }

    // What waits counts as reported, even if it is refused later.
    private static void WaitingAndRepeated(Story s)
    {
        var registration = s.First(s.Course(CourseType.Short)) with { OfferingCode = "99999" };
        s.AddFaulty(Slot.Registrations1, registration, Expectation.Refused(FindingCode.R01));
        s.Add(Slot.Registrations2, registration, Expectation.Repeat);
    }

    private static void WaitingAndRemoved(Story s)
    {
        var registration = s.First(s.Course(CourseType.Short)) with { OfferingCode = "99999" };
        s.AddFaulty(Slot.Registrations1, registration, new Expectation(RecordOutcome.Waiting, [FindingCode.R01], FinalOutcome.Netted, [FindingCode.K42]));
        s.Add(Slot.Registrations2, s.Removed(registration), Expectation.Netted(FindingCode.K42));
    }
}
