using Ingest.Formats;

namespace Ingest.Worker.Samples;

/// <summary>
/// What is reported about one student over the term, record by record, each with its outcome. Students do not touch one another, so
/// what is known here holds whatever else is in the files.
/// </summary>
internal sealed class Story(TermPlan plan, SampleRandom random, IReadOnlyList<SampleCourse> courses, Func<Personnummer> nextStudent)
{
    public List<PlannedRecord> Records { get; } = [];

    public TermPlan Plan { get; } = plan;

    public SampleRandom Random { get; } = random;

    public Personnummer Student { get; } = nextStudent();

    /// <summary>For the few stories in which two students meet.</summary>
    public Personnummer AnotherStudent() => nextStudent();

    public DateOnly Day(int fromTermStart) => Plan.Base.AddDays(fromTermStart);

    public SampleCourse Course(CourseType type)
    {
        var count = courses.Count(c => c.Type == type);
        var at = Random.Below(count);
        return courses.Where(c => c.Type == type).ElementAt(at);
    }

    /// <summary>Two courses of one type.</summary>
    public (SampleCourse One, SampleCourse Other) TwoCourses(CourseType type)
    {
        var all = courses.Where(c => c.Type == type).ToList();
        var at = Random.Below(all.Count);
        return (all[at], all[(at + 1 + Random.Below(all.Count - 1)) % all.Count]);
    }

    // --- Records as they would be when nothing is wrong with them.

    /// <summary>A first registration, as the catalogue has the offering; on a course over two terms, for the first of them.</summary>
    public Registration First(SampleCourse course, int offering = 0)
    {
        var spanning = course.Type == CourseType.Spanning;
        return new Registration
        {
            Student = Student,
            CourseCode = course.Code,
            OfferingCode = course.Offerings[offering],
            EventId = NewId(),
            Type = RegistrationType.FFG,
            Extent = spanning ? new Credits(course.Hp.Hundredths / 2) : course.Hp,
            Pace = course.Pace,
            Start = course.Start,
            End = spanning ? Plan.Base.AddDays(-1) : course.End,
            RegistrationDate = course.Start.AddDays(-Random.Below(14)),
        };
    }

    /// <summary>The second term of a course over two.</summary>
    public Registration Continued(SampleCourse course) => First(course) with
    {
        EventId = NewId(),
        Type = RegistrationType.FO,
        Start = Plan.Base,
        End = course.End,
        RegistrationDate = Day(-Random.Below(14)),
    };

    /// <summary>The offering of last term's course that runs this term.</summary>
    public Registration Again(SampleCourse course) => First(course, SampleCourse.GivenAgain) with
    {
        Start = Plan.Base,
        End = Day(SampleCourse.ShortDays - 1),
        RegistrationDate = Day(-Random.Below(14)),
    };

    /// <summary>Registered again on the offering that one is registered on.</summary>
    /// <param name="day">Of the registration, from the term's start.</param>
    public Registration OnceMore(SampleCourse course, int day) => First(course) with { Type = RegistrationType.OM, RegistrationDate = Day(day) };

    /// <summary>The same registration on a tenth less: other content, at a pace that still follows from hp and weeks.</summary>
    public Registration OfLess(Registration registration) =>
        registration with { Extent = new Credits(registration.Extent!.Value.Hundredths * 9 / 10), EventId = NewId() };

    /// <summary>A pass on a module.</summary>
    /// <param name="day">Of the examination, from the term's start.</param>
    public Result Passed(SampleCourse course, int module, int day) => new()
    {
        Student = Student,
        CourseCode = course.Code,
        OfferingCode = Random.Chance(70) ? course.Offerings[0] : null,
        ModuleCode = course.Modules[module].Code,
        Credits = course.Modules[module].Hp,
        Grade = Random.Of(course.Pass),
        ExaminationDate = Day(day),
        EventId = NewId(),
    };

    public Interruption Left(Registration registration, int day, InterruptionType type = InterruptionType.A) => new()
    {
        Student = Student,
        CourseCode = registration.CourseCode,
        OfferingCode = registration.OfferingCode,
        Type = type,
        Date = Day(day),
        EventId = NewId(),
    };

    /// <summary>The removal of a record: stating all that it stated, or its key alone.</summary>
    public T Removed<T>(T record)
        where T : StudentRecord
    {
        var id = Random.Below(3) switch { 0 => record.EventId, 1 => NewId(), _ => null };
        var removal = Random.Chance(50) ? record : KeyAlone(record);
        return (T)(removal with { Action = ReportAction.B, EventId = id });
    }

    private static StudentRecord KeyAlone(StudentRecord record) => record switch
    {
        Registration { Type: RegistrationType.FFG } r => r with { Type = null, Extent = null, Pace = null, Start = null, End = null, RegistrationDate = null },
        Registration r => r with { Extent = null, Pace = null, End = null, RegistrationDate = null },
        Interruption i => i with { Type = null, Date = null },
        Result r => r with { OfferingCode = null, Credits = null, Grade = null, CreditTransfer = false },
        _ => record,
    };

    // Not every system has ids of its own.
    public string? NewId() => Random.Chance(70) ? Random.Id() : null;

    // --- Putting them in files.

    public void Add(Slot slot, ReportRecord record) => Add(slot, record, Expectation.Delivered);

    public void Add(Slot slot, ReportRecord record, Expectation expect) => Records.Add(new PlannedRecord(slot, record, expect));

    /// <summary>A record that counts in the share of faults.</summary>
    public void AddFaulty(Slot slot, ReportRecord record, Expectation expect, params (FieldRole Role, string Text)[] instead) =>
        Records.Add(new PlannedRecord(slot, record, expect) { Faulty = true, Instead = instead });

    public void AddBroken(Slot slot, ReportRecord record, Structure structure) =>
        Records.Add(new PlannedRecord(slot, record, Expectation.Rejected()) { Faulty = true, Structure = structure });
}
