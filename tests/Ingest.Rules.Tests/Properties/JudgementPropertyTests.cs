using Ingest.Formats;
using Ingest.Tests;

namespace Ingest.Rules.Tests.Properties;

/// <summary>What holds of the judgement of one student whatever was sent, in this window and in the one before it.</summary>
public sealed class JudgementPropertyTests
{
    private const int Cases = 3000;

    private static readonly DateOnly First = new(2026, 11, 24), Second = new(2026, 11, 25);

    [Test]
    public void Any_order_that_keeps_the_promise_gives_the_same() => Holds(c =>
    {
        var asSent = Judged(c, c.Now);
        var otherwise = Judged(c, Case.Reordered(c.Now));
        foreach (var sent in c.Now) Same(asSent.Of(sent), otherwise.Of(sent), sent);
        Assert.That(otherwise.Stands, Is.EqualTo(asSent.Stands), "what stands afterwards");
    });

    [Test]
    public void What_intake_says_of_repeats_contradictions_and_removals_of_nothing_is_final() => Holds(c =>
    {
        var whole = Judged(c, c.Now);
        for (var count = 1; count <= c.Now.Count; count++)
        {
            var soFar = Judged(c, [.. c.Now.Take(count)]);
            foreach (var sent in c.Now.Take(count)) Same(AtIntake(whole.Verdicts[sent]), AtIntake(soFar.Verdicts[sent]), sent);
        }
    });

    [Test]
    public void What_intake_takes_out_changes_nothing_for_the_rest() => Holds(c =>
    {
        var all = Judged(c, c.Now);
        var counting = c.Now.Where(s => all.Verdicts[s] is var v && (v.TakesId || v.Outcome is not (Outcome.Duplicate or Outcome.Rejected))).ToList();
        var without = Judged(c, counting);
        foreach (var sent in counting) Same(all.Of(sent), without.Of(sent), sent);
        Assert.That(without.Stands, Is.EqualTo(all.Stands), "what stands afterwards");
    });

    [Test]
    public void Two_open_windows_are_judged_as_if_the_first_had_closed() => Holds(c =>
    {
        var closed = Judged(c, c.Now);
        var open = new Judgement(c.Courses, [], c.Before, Second, c.Now);
        foreach (var sent in c.Now) Same(closed.Of(sent), open.Of(sent), sent);
    });

    [Test]
    public void All_that_was_accepted_sent_twice_under_its_ids_is_repeats() => Holds(c => Twice(c, (s, i) => s with { Record = s.Record with { EventId = $"u{i}" } }, repeats: true));

    [Test]
    public void Without_ids_all_that_was_accepted_sent_twice_delivers_the_same() => Holds(c => Twice(c, (s, _) => s with { Record = s.Record with { EventId = null } }, repeats: false));

    [Test]
    public void One_record_of_a_key_and_one_first_registration_on_a_course_stand() => Holds(c =>
    {
        var stands = Judged(c, c.Now).Standing.ToList();
        Assert.That(stands.Select(Case.Key), Is.Unique);
        Assert.That(stands.OfType<Registration>().Where(r => r.Type == RegistrationType.FFG).Select(r => r.CourseCode), Is.Unique);
    });

    private static void Twice(Case original, Func<Sent, int, Sent> withId, bool repeats)
    {
        var c = original with { Before = [.. original.Before.Select((s, i) => withId(s, 100 + i))], Now = [.. original.Now.Select(withId)] };
        var first = Judged(c, c.Now);
        // What was rejected may be sent again and counts by what stands then: it is nothing that was reported.
        c = c with { Now = [.. c.Now.Where(s => first.Verdicts[s].Outcome != Outcome.Rejected)] };
        var again = c.Now.Select(s => s with { }).ToList();
        var both = new Judgement(c.Courses, StandingBefore(c), [], Second, [.. c.Now, .. again]);
        Assert.That(both.Rows, Is.EqualTo(first.Rows), "the rows delivered");
        if (!repeats) return;
        foreach (var sent in c.Now) Same(first.Of(sent), both.Of(sent), sent);
        foreach (var sent in again) Assert.That(both.Verdicts[sent].Outcome, Is.EqualTo(Outcome.Duplicate), sent.ToString());
    }

    // --- Judging.

    private static Judgement Judged(Case c, IReadOnlyList<Sent> now) => new(c.Courses, StandingBefore(c), [], Second, now);

    /// <summary>What the ledger keeps of the window before: what counted, with its state.</summary>
    private static List<StudentEvent> StandingBefore(Case c) => new Judgement(c.Courses, [], [], First, c.Before).Kept;

    private sealed class Judgement
    {
        private readonly List<StudentEvent> events;

        public Judgement(bool courses, List<StudentEvent> before, IReadOnlyList<Sent> open, DateOnly window, IReadOnlyList<Sent> now)
        {
            // Sent values may be equal, so they are told apart by reference.
            var sentOf = new Dictionary<StudentEvent, Sent>();
            var pending = new List<StudentEvent>();
            foreach (var (sent, date) in open.Select(s => (s, First)).Concat(now.Select(s => (s, window))))
            {
                var e = new StudentEvent((StudentRecord)sent.Record, FileId.Of(date, 1), pending.Count + 2, date, EventState.Pending);
                pending.Add(e);
                if (date == window) sentOf.Add(e, sent);
            }
            events = [.. before, .. pending];
            foreach (var verdict in StudentJudgement.Judge(_ => courses ? Courses : null, RuleTerms.Default, events, window))
                if (sentOf.TryGetValue(verdict.Event, out var sent)) Verdicts.Add(sent, verdict);
            // Every event of the window has one verdict, or the counts of the close would not add up.
            Assert.That(Verdicts, Has.Count.EqualTo(now.Count), "verdicts");
        }

        public Dictionary<Sent, Verdict> Verdicts { get; } = new(ReferenceEqualityComparer.Instance);

        public IEnumerable<ReportRecord> Standing => events.Where(e => e.State == EventState.Standing).Select(e => e.Record);

        public List<string> Stands => [.. Standing.Select(FixedWidthWriter.Record).Order(StringComparer.Ordinal)];

        public List<string> Rows => [.. Verdicts.Values.Where(v => v.DeliveredAs != DeliveredAs.Nothing)
            .Select(v => $"{v.DeliveredAs} {FixedWidthWriter.Record(v.Event.Record with { EventId = null })}").Order(StringComparer.Ordinal)];

        public List<StudentEvent> Kept => [.. Verdicts.Values
            .Where(v => v.Outcome is Outcome.Delivered or Outcome.Netted || v.Event.State == EventState.Repeat)
            .Select(v => v.Event)];

        public string Of(Sent sent) => Said(Verdicts[sent]);
    }

    private static readonly CourseCatalogue Courses = Window.Courses(
        "KTF KEMA01 H1 30 2026-08-31..2027-01-17", "KTF KEMA01 H2 15 2026-08-31..2027-01-17", "MOD KEMA01 M1 7,5", "MOD KEMA01 M2 15", "KTF FYSA01 H1 15 2026-08-31..2026-11-20");

    private static string Said(Verdict v) => $"{v.Outcome} {v.DeliveredAs} {string.Join(' ', v.Findings.Select(f => f.Code).Order())}";

    private static string AtIntake(Verdict v) => v.Outcome is Outcome.Duplicate or Outcome.Rejected ? Said(v) : "counts";

    private static void Same(string expected, string got, Sent sent)
    {
        if (expected != got) Assert.Fail($"'{expected}' and '{got}' of {sent}");
    }

    private static void Holds(Action<Case> holds) => Property.Holds(RandomRecords.OfOneStudent, Cases, holds, c =>
        $"courses: {c.Courses}\n-- the window before\n{Text(c.Before)}\n-- the window, as sent\n{Text(c.Now)}\n-- in the other order\n{Text(Case.Reordered(c.Now))}");

    /// <summary>As a file that can be dropped.</summary>
    private static string Text(IReadOnlyList<Sent> sent) => string.Join('\n',
        [FixedWidthWriter.Header(new FileHeader("KTH", "Ladok", 1, new DateTime(2026, 11, 25, 8, 0, 0), "TEST")), .. sent.Select(s => s.ToString()),
            FixedWidthWriter.Trailer(sent.Count, sent.Sum(s => s.Record.ControlCredits?.Hundredths ?? 0))]);
}
