using Ingest.Formats;

namespace Ingest.Worker.Samples;

/// <summary>Reports that are put right in time, so that every record still comes to something.</summary>
internal static class CorrectionStories
{
    public static readonly (int Weight, Action<Story> Tell)[] All =
    [
        (2, AddedAndRemoved), (2, AddedRemovedAndReplaced), (1, RemovedTwice), (2, MovedToTheOtherOffering), (2, MovedWhileTheRemovalWaited),
        (2, RemovedWhenOver), (1, RemovedWhenOverAndTakenAgain), (2, ResultRemovedAtOnce), (2, ResultLifted), (3, ResultChanged), (1, ResultOnAnotherDay),
        (1, SentTwiceInOneFile), (1, BetterGradeLater),
    ];

    private static void AddedAndRemoved(Story s)
    {
        var registration = s.First(s.Course(CourseType.Term));
        s.Add(Slot.Registrations1, registration, Expectation.Netted(FindingCode.K42));
        s.Add(Slot.Registrations2, s.Removed(registration), Expectation.Netted(FindingCode.K42));
    }

    private static void AddedRemovedAndReplaced(Story s)
    {
        var registration = s.First(s.Course(CourseType.Term));
        s.Add(Slot.Registrations1, registration, Expectation.Netted(FindingCode.K42));
        s.Add(Slot.Registrations2, s.Removed(registration), Expectation.Netted(FindingCode.K42));
        s.Add(Slot.Registrations2, s.OfLess(registration));
    }

    private static void MovedToTheOtherOffering(Story s)
    {
        var course = s.Course(CourseType.Term);
        var registration = s.First(course);
        s.Add(Slot.Registrations1, registration);
        s.Add(Slot.Registrations3, s.Removed(registration), Expectation.Netted(FindingCode.K43));
        s.Add(Slot.Registrations3, s.First(course, 1));
    }

    private static void MovedWhileTheRemovalWaited(Story s)
    {
        var course = s.Course(CourseType.Short);
        var registration = s.First(course);
        s.Add(Slot.Registrations1, registration);
        s.Add(Slot.Registrations3, s.Removed(registration), new Expectation(RecordOutcome.Waiting, [FindingCode.K41], FinalOutcome.Netted, [FindingCode.K43]));
        s.Add(Slot.Registrations4, s.First(course, 1));
    }

    private static void RemovedWhenOver(Story s)
    {
        var registration = s.First(s.Course(CourseType.Past));
        s.Add(Slot.Registrations1, registration);
        s.Add(Slot.Registrations3, s.Removed(registration), Expectation.Netted(FindingCode.K44));
    }

    private static void ResultRemovedAtOnce(Story s)
    {
        var course = s.Course(CourseType.Short);
        var result = s.Passed(course, 0, 30);
        s.Add(Slot.Registrations1, s.First(course));
        s.Add(Slot.Results3, result, Expectation.Netted(FindingCode.K42));
        s.Add(Slot.Results4, s.Removed(result), Expectation.Netted(FindingCode.K42));
    }

    private static void ResultLifted(Story s)
    {
        var course = s.Course(CourseType.Short);
        var result = s.Passed(course, 1, 33);
        s.Add(Slot.Registrations1, s.First(course));
        s.Add(Slot.Results3, result);
        s.Add(Slot.Results5, s.Removed(result));
    }

    private static void ResultChanged(Story s)
    {
        var course = s.Course(CourseType.Term);
        var result = s.Passed(course, 0, 34);
        s.Add(Slot.Registrations1, s.First(course));
        s.Add(Slot.Results3, result);
        s.Add(Slot.Results5, s.Removed(result));
        s.Add(Slot.Results5, result with { Grade = course.Fail, Credits = new Credits(0), EventId = s.NewId() });
    }

    // Whether it comes again in the same window or in a later one: it is the same removal.
    private static void RemovedTwice(Story s)
    {
        var registration = s.First(s.Course(CourseType.Half));
        s.Add(Slot.Registrations1, registration, Expectation.Netted(FindingCode.K42));
        s.Add(Slot.Registrations2, s.Removed(registration), Expectation.Netted(FindingCode.K42));
        s.Add(s.Random.Chance(50) ? Slot.Registrations2 : Slot.Registrations4, s.Removed(registration), Expectation.Repeat);
    }

    private static void RemovedWhenOverAndTakenAgain(Story s)
    {
        var course = s.Course(CourseType.Past);
        var registration = s.First(course);
        s.Add(Slot.Registrations1, registration);
        s.Add(Slot.Registrations3, s.Removed(registration), Expectation.Netted(FindingCode.K44));
        s.Add(Slot.Registrations3, s.Again(course));
    }

    // Another examination date is another key: no change (Ä), but one removed and one new.
    private static void ResultOnAnotherDay(Story s)
    {
        var course = s.Course(CourseType.Term);
        var result = s.Passed(course, 1, 30);
        s.Add(Slot.Registrations1, s.First(course));
        s.Add(Slot.Results3, result);
        s.Add(Slot.Results5, s.Removed(result));
        s.Add(Slot.Results5, result with { ExaminationDate = s.Day(31), EventId = s.NewId() });
    }

    private static void SentTwiceInOneFile(Story s)
    {
        var registration = s.First(s.Course(CourseType.Short));
        s.Add(Slot.Registrations1, registration);
        s.Add(Slot.Registrations1, registration, Expectation.Repeat);
    }

    // A module counts once, by its best pass: with the first one twice the course's hp are still not exceeded.
    private static void BetterGradeLater(Story s)
    {
        var course = s.Course(CourseType.Half);
        s.Add(Slot.Registrations1, s.First(course));
        s.Add(Slot.Results3, s.Passed(course, 0, 20));
        s.Add(Slot.Results3, s.Passed(course, 1, 25));
        s.Add(Slot.Results4, s.Passed(course, 0, 30));
    }
}
