using Ingest.Formats;

namespace Ingest.Worker.Samples;

/// <summary>Removals that go wrong, or nearly: what the close at 15:00 makes of them.</summary>
internal static class CutoffFaults
{
    public static readonly IReadOnlyList<Action<Story>> All =
    [
        RemovedAfterDelivery, ReplacedByAnotherExtent, RemovedAfterDeliveryWithOtherValues,
        RegistrationWithoutItsReplacement, ResultWithoutItsReplacement, InterruptionWithoutItsReplacement,
        OtherValuesThanTheResult, OtherValuesInTheSameWindow, StaysRegisteredAndLeaves,
        ReplacementWithAFaultOfItsOwn, RepeatedRegistrationRemoved, OverAndItsReplacementRefused,
        ReplacedWithOtherValues, ResultOnAnotherDayRefused, LeftWhatWasRemoved, PassedWhatWasRemoved,
    ];

    private static readonly Expectation WarnedOfReplacement = Expectation.Delivered with { FinalCodes = [FindingCode.K45] };

    private static Registration Delivered(Story s, CourseType type)
    {
        var registration = s.First(s.Course(type));
        s.Add(Slot.Registrations1, registration);
        return registration;
    }

    private static void RemovedAfterDelivery(Story s) =>
        s.AddFaulty(Slot.Registrations3, s.Removed(Delivered(s, CourseType.Term)), Expectation.Refused(FindingCode.K41));

    private static void ReplacedByAnotherExtent(Story s)
    {
        var registration = Delivered(s, CourseType.Term);
        s.AddFaulty(Slot.Registrations3, s.Removed(registration), Expectation.Refused(FindingCode.K41));
        s.AddFaulty(Slot.Registrations3, s.OfLess(registration), Expectation.Refused(FindingCode.K41));
    }

    private static void RemovedAfterDeliveryWithOtherValues(Story s)
    {
        var registration = Delivered(s, CourseType.Term);
        s.AddFaulty(Slot.Registrations3, registration with { Action = ReportAction.B, Extent = new Credits(1500), EventId = null },
            Expectation.Refused(FindingCode.R41, FindingCode.K41));
    }

    // The replacement keeps its own code; what it would have replaced stays.
    private static void ReplacementWithAFaultOfItsOwn(Story s)
    {
        var course = s.Course(CourseType.Term);
        var registration = s.First(course);
        s.Add(Slot.Registrations1, registration);
        s.AddFaulty(Slot.Registrations3, s.Removed(registration), Expectation.Refused(FindingCode.K41));
        s.AddFaulty(Slot.Registrations3, s.First(course, 1) with { Extent = new Credits(course.Hp.Hundredths + 50) }, Expectation.Refused(FindingCode.R03));
    }

    private static void RepeatedRegistrationRemoved(Story s)
    {
        var course = s.Course(CourseType.Past);
        var again = s.Again(course) with { Type = RegistrationType.OM };
        s.Add(Slot.Registrations1, s.First(course));
        s.Add(Slot.Registrations1, again);
        s.AddFaulty(Slot.Registrations3, s.Removed(again), Expectation.Refused(FindingCode.K41));
    }

    private static void OverAndItsReplacementRefused(Story s)
    {
        var course = s.Course(CourseType.Past);
        var registration = s.First(course);
        s.Add(Slot.Registrations1, registration);
        s.Add(Slot.Registrations3, s.Removed(registration), Expectation.Netted(FindingCode.K44, FindingCode.K45));
        s.AddFaulty(Slot.Registrations3, s.Again(course) with { Extent = new Credits(course.Hp.Hundredths + 50) }, Expectation.Refused(FindingCode.R03));
    }

    // An avbrott holds on the registration that a refused removal leaves standing.
    private static void StaysRegisteredAndLeaves(Story s)
    {
        var registration = Delivered(s, CourseType.Term);
        s.AddFaulty(Slot.Registrations3, s.Removed(registration), Expectation.Refused(FindingCode.K41));
        s.Add(Slot.Interruptions2, s.Left(registration, s.Random.Between(1, 10)));
    }

    private static void RegistrationWithoutItsReplacement(Story s)
    {
        var course = s.Course(CourseType.Half);
        var registration = s.First(course);
        s.Add(Slot.Registrations1, registration, Expectation.Netted(FindingCode.K42));
        s.Add(Slot.Registrations2, s.Removed(registration), Expectation.Netted(FindingCode.K42, FindingCode.K45));
        s.AddFaulty(Slot.Registrations2, s.First(course, 1) with { Extent = new Credits(course.Hp.Hundredths + 50) }, Expectation.Refused(FindingCode.R03));
    }

    private static void ResultWithoutItsReplacement(Story s)
    {
        var course = s.Course(CourseType.Short);
        var result = s.Passed(course, 0, 30);
        s.Add(Slot.Registrations1, s.First(course));
        s.Add(Slot.Results3, result);
        s.Add(Slot.Results5, s.Removed(result), WarnedOfReplacement);
        s.AddFaulty(Slot.Results5, result with { Credits = new Credits(result.Credits!.Value.Hundredths + 50), EventId = s.NewId() }, Expectation.Refused(FindingCode.R31));
    }

    private static void InterruptionWithoutItsReplacement(Story s)
    {
        var left = s.Left(Delivered(s, CourseType.Half), 0);
        s.Add(Slot.Interruptions1, left);
        s.Add(Slot.Interruptions2, s.Removed(left), WarnedOfReplacement);
        s.AddFaulty(Slot.Interruptions2, left with { Date = s.Day(-1), EventId = s.NewId() }, Expectation.Refused(FindingCode.R21));
    }

    private static void OtherValuesThanTheResult(Story s)
    {
        var course = s.Course(CourseType.Short);
        var result = s.Passed(course, 0, 30);
        s.Add(Slot.Registrations1, s.First(course));
        s.Add(Slot.Results3, result);
        s.AddFaulty(Slot.Results5, result with { Action = ReportAction.B, Credits = new Credits(300), EventId = null },
            Expectation.Warned(FindingCode.R41) with { FinalCodes = [FindingCode.R41] });
    }

    private static void OtherValuesInTheSameWindow(Story s)
    {
        var registration = s.First(s.Course(CourseType.Term));
        s.Add(Slot.Registrations1, registration, Expectation.Netted(FindingCode.K42));
        s.AddFaulty(Slot.Registrations2, registration with { Action = ReportAction.B, Pace = 75, EventId = null },
            new Expectation(RecordOutcome.AcceptedWithWarning, [FindingCode.R41], FinalOutcome.Netted, [FindingCode.R41, FindingCode.K42]));
    }

    private static void ReplacedWithOtherValues(Story s)
    {
        var course = s.Course(CourseType.Term);
        var registration = s.First(course);
        s.Add(Slot.Registrations1, registration);
        s.AddFaulty(Slot.Registrations3, registration with { Action = ReportAction.B, Pace = 75, EventId = null },
            new Expectation(RecordOutcome.AcceptedWithWarning, [FindingCode.R41], FinalOutcome.Netted, [FindingCode.R41, FindingCode.K43]));
        s.Add(Slot.Registrations3, s.First(course, 1));
    }

    // The same module is the same place, whatever the date.
    private static void ResultOnAnotherDayRefused(Story s)
    {
        var course = s.Course(CourseType.Term);
        var result = s.Passed(course, 0, 30);
        s.Add(Slot.Registrations1, s.First(course));
        s.Add(Slot.Results3, result);
        s.Add(Slot.Results5, s.Removed(result), WarnedOfReplacement);
        s.AddFaulty(Slot.Results5, result with { ExaminationDate = s.Day(31), Credits = new Credits(800), EventId = s.NewId() }, Expectation.Refused(FindingCode.R31));
    }

    // All was well when it came; what it stood on was then taken away.
    private static void LeftWhatWasRemoved(Story s)
    {
        var registration = s.First(s.Course(CourseType.Short));
        s.Add(Slot.Registrations1, registration, Expectation.Netted(FindingCode.K42));
        s.AddFaulty(Slot.Interruptions1, s.Left(registration, 0, InterruptionType.E), new Expectation(RecordOutcome.Accepted, [], FinalOutcome.Refused, [FindingCode.R20]));
        s.Add(Slot.Registrations2, s.Removed(registration), Expectation.Netted(FindingCode.K42));
    }

    private static void PassedWhatWasRemoved(Story s)
    {
        var course = s.Course(CourseType.Past);
        var registration = s.First(course);
        s.Add(Slot.Registrations1, registration, Expectation.Netted(FindingCode.K42));
        s.AddFaulty(Slot.Results1, s.Passed(course, 0, -55), new Expectation(RecordOutcome.Accepted, [], FinalOutcome.Refused, [FindingCode.R30]));
        s.Add(Slot.Registrations2, s.Removed(registration), Expectation.Netted(FindingCode.K42));
    }
}
