using System.Globalization;
using Ingest.Formats;

namespace Ingest.Rules.Tests;

/// <summary>
/// A file may give all its records to one student, by a fault of the sender's. A judgement that compares each with every other would not
/// end within the generous time that is given here.
/// </summary>
public sealed class ManyEventsOfOneStudentTests
{
    private const int Many = 100_000;

    [Test]
    [CancelAfter(60_000)]
    public async Task Registrations_on_as_many_courses_are_all_delivered(CancellationToken stop)
    {
        var verdicts = await JudgeAsync(i => Window.Record($"N FFG O1 course={Course(i)} id=x-{i}"), stop);

        Assert.That(verdicts.Count(v => v is { Outcome: Outcome.Delivered, DeliveredAs: DeliveredAs.New }), Is.EqualTo(Many));
        // All but the first are more than full time.
        Assert.That(verdicts.Count(v => v.Findings is [{ Code: FindingCode.R14 }]), Is.EqualTo(Many - 1));
    }

    [Test]
    [CancelAfter(60_000)]
    public async Task Of_as_many_offerings_of_one_course_the_earliest_is_delivered(CancellationToken stop)
    {
        var verdicts = await JudgeAsync(i => Window.Record($"N FFG {Course(i)} reg={(i == Many / 2 ? "2026-08-20" : "2026-08-24")}"), stop);

        Assert.That(verdicts.Single(v => v.Outcome == Outcome.Delivered).Event.Line, Is.EqualTo(Many / 2 + 1));
        Assert.That(verdicts.Count(v => v.Outcome == Outcome.Refused && v.Findings[0].Code == FindingCode.R08), Is.EqualTo(Many - 1));
    }

    [Test]
    [CancelAfter(60_000)]
    public async Task The_same_record_as_many_times_is_one_and_repeats(CancellationToken stop)
    {
        var verdicts = await JudgeAsync(_ => Window.Record("N FFG O1 id=x-1"), stop);

        Assert.That((verdicts.Count(v => v.Outcome == Outcome.Delivered), verdicts.Count(v => v.Outcome == Outcome.Duplicate)), Is.EqualTo((1, Many - 1)));
    }

    [Test]
    [CancelAfter(60_000)]
    public async Task Results_interruptions_and_registrations_together_all_stand(CancellationToken stop)
    {
        var verdicts = await JudgeAsync(i => Window.Record((i % 3) switch
        {
            0 => $"N RES M1 course={Course(i / 3)}",
            1 => $"N AVB O1 course={Course(i / 3)}",
            _ => $"N FFG O1 course={Course(i / 3)}",
        }), stop, count: Many / 3 * 3);

        Assert.That(verdicts.Where(v => v.Outcome != Outcome.Delivered || v.Findings.Any(f => f.Code is not (FindingCode.R14 or FindingCode.R35))), Is.Empty);
    }

    private static Task<List<Verdict>> JudgeAsync(Func<int, StudentRecord> record, CancellationToken stop, int count = Many) => Task.Run(() =>
    {
        List<StudentEvent> events = [.. Enumerable.Range(0, count).Select(i => new StudentEvent(record(i), FileId.Of(Window.First, 1), i + 1, Window.First, EventState.Pending))];
        return StudentJudgement.Judge(_ => null, RuleTerms.Default, events, Window.First);
    }, stop).WaitAsync(stop);

    private static string Course(int i) => "K" + i.ToString("D7", CultureInfo.InvariantCulture);
}
