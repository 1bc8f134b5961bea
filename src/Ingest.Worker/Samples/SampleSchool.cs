using Ingest.Formats;
using Ingest.Worker.Commands;

namespace Ingest.Worker.Samples;

/// <summary>A school of the samples: its courses, its students, and the files that it is writing.</summary>
internal sealed class SampleSchool(string code, TermPlan plan, TestNumbers numbers, int coursesOfType)
{
    // Kept at the far end, so that what is odd in one shape only never moves the students of the rest.
    private const int Reserved = 1_000;

    private long students;
    private long apart, odd;

    public string Code { get; } = code;

    /// <summary>The files of each slot.</summary>
    public Dictionary<Slot, List<FileOutput>> Outputs { get; } = [];

    private readonly List<SampleCourse> courses =
        [.. Enum.GetValues<CourseType>().SelectMany(type => Enumerable.Range(0, coursesOfType).Select(i => SampleCourse.Make(type, i, plan.Base)))];

    public Story NewStory(SampleRandom random) => new(plan, random, courses, NextStudent);

    /// <summary>A story of somebody who is in no other.</summary>
    public Story NewStoryApart(SampleRandom random) => new(plan, random, courses, () => numbers.At(numbers.Count - 1 - apart++));

    /// <summary>The same, for the files that one shape has and the other not.</summary>
    public Story NewOddStory(SampleRandom random) => new(plan, random, courses, () => numbers.At(numbers.Count - Reserved + odd++));

    private Personnummer NextStudent() => students < numbers.Count - Reserved
        ? numbers.At(students++)
        : throw new UsageException("testnumren räcker inte till så många studenter per skola: ange fler med --schools");

    /// <summary>The course catalogue, and with faults what schools get wrong in it.</summary>
    public void WriteCatalogue(bool faults)
    {
        foreach (var course in courses)
        {
            var slot = course.Type == CourseType.Late ? Slot.LateOfferings : Slot.Offerings;
            for (var i = 0; i < course.Offerings.Count; i++) Write(slot, course.Offering(i, plan.Base), Expectation.Catalogue);
            if (course.Type == CourseType.Late)
            {
                Write(Slot.Offerings, course.Offering(SampleCourse.Corrected, plan.Base) with { Extent = new Credits(course.Hp.Hundredths - 150) }, Expectation.Catalogue);
                Write(Slot.Offerings, course.Offering(SampleCourse.PaceCorrected, plan.Base) with { Pace = 80 }, Expectation.Catalogue);
            }
            for (var i = 0; i < course.Modules.Count; i++) Write(Slot.Modules, course.Module(i), Expectation.Catalogue);
        }
        // A course that nobody takes: told again with another title, and then ended.
        var unused = SampleCourse.Make(CourseType.Short, 900, plan.Base);
        var (offering, module) = (unused.Offering(0, plan.Base), unused.Module(0));
        Write(Slot.Offerings, (offering, Expectation.Catalogue), (offering with { Title = "Ny benämning" }, Expectation.Catalogue));
        Write(Slot.Modules, (module, Expectation.Catalogue), (module, Expectation.Repeat));
        Write(Slot.LateOfferings, offering with { Action = ReportAction.B, Title = null, Extent = null, Pace = null, Start = null, End = null }, Expectation.Catalogue);
        if (!faults) return;
        var other = SampleCourse.Make(CourseType.Short, 901, plan.Base);
        Write(Slot.Offerings, other.Offering(0, plan.Base) with { Action = ReportAction.B }, Expectation.Rejected(FindingCode.R40));
        Outputs[Slot.Offerings][0].Add([new PlannedRecord(Slot.Offerings, other.Offering(0, plan.Base), Expectation.Rejected(FindingCode.P05)) { Instead = [(FieldRole.Pace, "0,5")] }]);
        Outputs[Slot.Modules][0].Add([new PlannedRecord(Slot.Modules, other.Module(0), Expectation.Rejected(FindingCode.P03)) { Instead = [(FieldRole.Title, "")] }]);
    }

    private void Write(Slot slot, ReportRecord record, Expectation expect) => Write(slot, (record, expect));

    private void Write(Slot slot, params (ReportRecord Record, Expectation Expect)[] records) =>
        Outputs[slot][0].Add([.. records.Select(r => new PlannedRecord(slot, r.Record, r.Expect))]);

    // At intake no file may come near the share of rejected records at which it is refused whole.
    private const double MostRejected = 0.4;

    /// <summary>False when the story would bring one of the files too near F15: then nothing is written.</summary>
    public bool TryWrite(Story story)
    {
        var files = story.Records.GroupBy(r => r.Slot).Select(g => (Output: story.Random.Of(Outputs[g.Key]), Records: g.ToList())).ToList();
        foreach (var (output, records) in files)
        {
            var rejected = records.Count(r => r.Expect.Status == RecordOutcome.Rejected);
            if (rejected > 0 && output.Taken.Rejected + rejected > MostRejected * (output.Taken.All + records.Count)) return false;
        }
        foreach (var (output, records) in files) output.Add(records);
        return true;
    }
}
