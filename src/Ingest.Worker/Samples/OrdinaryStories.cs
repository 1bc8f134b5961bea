using Ingest.Formats;

namespace Ingest.Worker.Samples;

/// <summary>What a term is full of when nobody makes mistakes that count: every record comes to something, or is a harmless repeat.</summary>
internal static class OrdinaryStories
{
    private static readonly (int Weight, Action<Story> Tell)[] All =
    [
        (30, ShortCourse), (20, TermCourse), (15, TwoHalfTimes), (6, OverTwoTerms), (2, ContinuedBeforeFirst), (4, LastTermReportedLate),
        (2, ResultBeforeRegistration), (7, LeftTheCourse), (2, LeftAndCameBack), (2, LeftOnAnotherDay), (2, NeverBegan), (2, NeverBeganBeforeRegistration),
        (3, Transferred), (2, Repeated), (2, OnALateOffering), (1, OnACorrectedOffering), (2, AgainAfterLastTerm), (1, CodesInLowerCase),
        (1, CloseToTheTolerances), (1, LeftJustInTime), (1, LeftOnTheLastDay), (1, PassedBeforeLeaving), (1, RegisteredAgainTheDayOneLeft), (1, CameBackAndRegisteredAgain),
        (2, TwoFullTimes), (1, TwoFullTimesTheLaterFirst), (1, FullTimeOnTop), (2, AgainWithSomePassed), (1, AgainWhileTheResultsCome),
        .. CorrectionStories.All,
    ];

    private static readonly int TotalWeight = All.Sum(s => s.Weight);

    public static int Count => All.Length;

    /// <summary>One that comes by chance.</summary>
    public static void Tell(Story story)
    {
        var at = story.Random.Below(TotalWeight);
        foreach (var (weight, tell) in All)
        {
            if (at < weight)
            {
                tell(story);
                return;
            }
            at -= weight;
        }
    }

    /// <summary>One by its number, so that each comes at least once.</summary>
    public static void Tell(Story story, int number) => All[number].Tell(story);

    private static void ShortCourse(Story s)
    {
        var course = s.Course(CourseType.Short);
        s.Add(s.Random.Chance(80) ? Slot.Registrations1 : Slot.Registrations2, s.First(course));
        s.Add(Slot.Results3, s.Passed(course, 0, s.Random.Between(20, 34)));
        if (s.Random.Chance(15))
        {
            s.Add(Slot.Results3, s.Passed(course, 1, s.Random.Between(25, 34)) with { Grade = course.Fail, Credits = new Credits(0) });
            return;
        }
        s.Add(Slot.Results3, s.Passed(course, 1, s.Random.Between(20, 34)));
        s.Add(Slot.Results4, s.Passed(course, 0, 34) with { ModuleCode = null, OfferingCode = course.Offerings[0], Credits = course.Hp });
    }

    private static void TermCourse(Story s)
    {
        var course = s.Course(CourseType.Term);
        s.Add(s.Random.Chance(80) ? Slot.Registrations1 : Slot.Registrations2, s.First(course));
        s.Add(Slot.Results3, s.Passed(course, 0, s.Random.Between(20, 34)));
    }

    private static void TwoHalfTimes(Story s)
    {
        var (one, other) = s.TwoCourses(CourseType.Half);
        s.Add(Slot.Registrations1, s.First(one));
        s.Add(Slot.Registrations1, s.First(other));
        s.Add(Slot.Results3, s.Passed(one, 0, s.Random.Between(25, 36)));
        s.Add(Slot.Results3, s.Passed(other, 2, s.Random.Between(25, 36)));
    }

    private static void OverTwoTerms(Story s)
    {
        var course = s.Course(CourseType.Spanning);
        s.Add(Slot.Registrations1, s.First(course));
        s.Add(Slot.Registrations1, s.Continued(course));
        s.Add(Slot.Results3, s.Passed(course, 0, s.Random.Between(-20, 30)));
    }

    private static void ContinuedBeforeFirst(Story s)
    {
        var course = s.Course(CourseType.Spanning);
        s.Add(Slot.Registrations1, s.Continued(course), Expectation.WaitsUntilMet(FindingCode.R09));
        s.Add(Slot.Registrations2, s.First(course));
    }

    private static void LastTermReportedLate(Story s)
    {
        var course = s.Course(CourseType.Past);
        s.Add(Slot.Registrations1, s.First(course));
        s.Add(Slot.Results1, s.Passed(course, 0, s.Random.Between(-60, -51)));
        s.Add(Slot.Results1, s.Passed(course, 1, s.Random.Between(-60, -51)));
    }

    private static void ResultBeforeRegistration(Story s)
    {
        var course = s.Course(CourseType.Past);
        s.Add(Slot.Results1, s.Passed(course, 0, -55), Expectation.WaitsUntilMet(FindingCode.R30));
        s.Add(Slot.Registrations2, s.First(course));
    }

    private static void LeftTheCourse(Story s)
    {
        var registration = s.First(s.Course(s.Random.Chance(50) ? CourseType.Term : CourseType.Short));
        s.Add(Slot.Registrations1, registration);
        s.Add(Slot.Interruptions2, s.Left(registration, s.Random.Between(1, 10)));
    }

    private static void LeftAndCameBack(Story s)
    {
        var registration = s.First(s.Course(CourseType.Term));
        var left = s.Left(registration, s.Random.Between(1, 10));
        s.Add(Slot.Registrations1, registration);
        s.Add(Slot.Interruptions2, left);
        s.Add(Slot.Interruptions3, s.Removed(left));
    }

    private static void LeftOnAnotherDay(Story s)
    {
        var registration = s.First(s.Course(CourseType.Half));
        var left = s.Left(registration, 0);
        s.Add(Slot.Registrations1, registration);
        s.Add(Slot.Interruptions1, left);
        s.Add(Slot.Interruptions2, s.Removed(left));
        s.Add(Slot.Interruptions2, left with { Date = s.Day(s.Random.Between(1, 10)), EventId = s.NewId() });
    }

    private static void NeverBegan(Story s)
    {
        var registration = s.First(s.Course(CourseType.Short));
        s.Add(Slot.Registrations1, registration);
        s.Add(Slot.Interruptions1, s.Left(registration, 0, InterruptionType.E));
    }

    private static void NeverBeganBeforeRegistration(Story s)
    {
        var registration = s.First(s.Course(CourseType.Half));
        s.Add(Slot.Interruptions1, s.Left(registration, 0, InterruptionType.E), Expectation.WaitsUntilMet(FindingCode.R20));
        s.Add(Slot.Registrations2, registration);
    }

    private static void Transferred(Story s)
    {
        var course = s.Course(CourseType.Half);
        s.Add(Slot.Results2, s.Passed(course, 0, -s.Random.Between(100, 900)) with
        {
            OfferingCode = null,
            CreditTransfer = true,
            Grade = s.Random.Chance(60) ? null : course.Pass[0],
        });
    }

    private static void Repeated(Story s)
    {
        var registration = s.First(s.Course(CourseType.Term));
        s.Add(Slot.Registrations1, registration);
        // With its id (whose case tools change), with another, or with none.
        s.Add(Slot.Registrations4, registration with { EventId = s.Random.Below(3) switch { 0 => registration.EventId?.ToString().ToUpperInvariant(), 1 => s.Random.Id(), _ => null } },
            Expectation.Repeat);
    }

    private static void OnALateOffering(Story s)
    {
        var course = s.Course(CourseType.Late);
        s.Add(Slot.Registrations1, s.First(course), Expectation.WaitsUntilMet(FindingCode.R01));
        s.Add(Slot.Results3, s.Passed(course, 0, s.Random.Between(20, 34)));
    }

    private static void OnACorrectedOffering(Story s) =>
        s.Add(Slot.Registrations1, s.First(s.Course(CourseType.Late), SampleCourse.Corrected), Expectation.WaitsUntilMet(FindingCode.R03));

    private static void AgainAfterLastTerm(Story s)
    {
        var course = s.Course(CourseType.Past);
        s.Add(Slot.Registrations1, s.First(course));
        s.Add(Slot.Registrations1, s.Again(course) with { Type = RegistrationType.OM });
    }

    // 25,80 hp in twenty weeks are 86 %, and thirty days are not more than thirty: nothing is said.
    private static void CloseToTheTolerances(Story s)
    {
        s.Add(Slot.Registrations1, s.First(s.Course(CourseType.Term)) with { Extent = new Credits(2580), RegistrationDate = s.Day(-30) });
    }

    private static void LeftJustInTime(Story s)
    {
        var registration = s.First(s.Course(CourseType.Term));
        s.Add(Slot.Registrations1, registration);
        s.Add(Slot.Interruptions3, s.Left(registration, 0) with { Date = s.Plan.Windows[2].AddDays(-14) });
    }

    private static void LeftOnTheLastDay(Story s)
    {
        var registration = s.First(s.Course(CourseType.Short));
        s.Add(Slot.Registrations1, registration);
        s.Add(Slot.Interruptions3, s.Left(registration, 0) with { Date = registration.End });
    }

    private static void PassedBeforeLeaving(Story s)
    {
        var course = s.Course(CourseType.Short);
        var registration = s.First(course);
        s.Add(Slot.Registrations1, registration);
        s.Add(Slot.Results3, s.Passed(course, 0, 30));
        s.Add(Slot.Interruptions3, s.Left(registration, 30));
    }

    private static void RegisteredAgainTheDayOneLeft(Story s)
    {
        var course = s.Course(CourseType.Half);
        var registration = s.First(course);
        s.Add(Slot.Registrations1, registration);
        s.Add(Slot.Interruptions1, s.Left(registration, 0));
        s.Add(Slot.Registrations3, s.OnceMore(course, 0));
    }

    // The avbrott is lifted in the same window, in a file that comes after.
    private static void CameBackAndRegisteredAgain(Story s)
    {
        var course = s.Course(CourseType.Half);
        var registration = s.First(course);
        var left = s.Left(registration, 0);
        s.Add(Slot.Registrations1, registration);
        s.Add(Slot.Interruptions1, left);
        s.Add(Slot.Registrations3, s.OnceMore(course, 1), Expectation.WaitsUntilMet(FindingCode.R13));
        s.Add(Slot.Interruptions2, s.Removed(left));
    }

    private static void TwoFullTimes(Story s)
    {
        var (one, other) = s.TwoCourses(CourseType.Term);
        s.Add(Slot.Registrations1, s.First(one) with { RegistrationDate = s.Day(-7) });
        s.Add(Slot.Registrations1, s.First(other) with { RegistrationDate = s.Day(-6) }, Expectation.Told(FindingCode.R14));
    }

    // It is told of the one that is dated last, whichever file came first.
    private static void TwoFullTimesTheLaterFirst(Story s)
    {
        var (one, other) = s.TwoCourses(CourseType.Term);
        s.Add(Slot.Registrations1, s.First(one) with { RegistrationDate = s.Day(-6) }, Expectation.Delivered with { FinalCodes = [FindingCode.R14] });
        s.Add(Slot.Registrations2, s.First(other) with { RegistrationDate = s.Day(-7) });
    }

    // What was delivered comes first, also when it is dated later.
    private static void FullTimeOnTop(Story s)
    {
        var (one, other) = s.TwoCourses(CourseType.Term);
        s.Add(Slot.Registrations1, s.First(one) with { RegistrationDate = s.Day(-6) });
        s.Add(Slot.Registrations3, s.First(other) with { RegistrationDate = s.Day(-7) }, Expectation.Told(FindingCode.R14));
    }

    private static void AgainWithSomePassed(Story s)
    {
        var course = s.Course(CourseType.Past);
        s.Add(Slot.Registrations1, s.First(course));
        s.Add(Slot.Results1, s.Passed(course, 0, -55));
        s.Add(Slot.Registrations3, s.Again(course) with { Type = RegistrationType.OM }, Expectation.Told(FindingCode.R15));
    }

    // Registrations are judged before the results of their own window.
    private static void AgainWhileTheResultsCome(Story s)
    {
        var course = s.Course(CourseType.Past);
        s.Add(Slot.Registrations1, s.First(course));
        s.Add(Slot.Results1, s.Passed(course, 0, -55));
        s.Add(Slot.Registrations2, s.Again(course) with { Type = RegistrationType.OM });
    }

    private static void CodesInLowerCase(Story s)
    {
        var registration = s.First(s.Course(CourseType.Spanning));
        s.Records.Add(new PlannedRecord(Slot.Registrations2, registration, Expectation.Delivered)
        {
            Instead = [(FieldRole.CourseCode, registration.CourseCode.ToLowerInvariant()), (FieldRole.RegistrationType, "ffg")],
        });
    }
}
