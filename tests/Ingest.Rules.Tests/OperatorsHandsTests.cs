using Ingest.Formats;

namespace Ingest.Rules.Tests;

/// <summary>What operators put in: baseline, certificate, correction; and the order and the ids that the judgement keeps for all.</summary>
public sealed class OperatorsHandsTests
{
    private static readonly CourseCatalogue Courses = Window.Courses("KTF KEMA01 O1 30 2026-08-31..2027-01-17", "MOD KEMA01 M1 7,5");
    private static readonly long SchoolsFile = FileId.Of(Window.First, 1);
    private static readonly long OperatorsFile = FileId.Of(Window.First, 2);

    // --- baseline: what is here already is a repeat or a contradiction, and no other rule holds.

    [TestCase("N FFG O1", Outcome.Duplicate, FindingCode.R06)]
    [TestCase("N FFG O1 hp=15", Outcome.Rejected, FindingCode.R07)]
    public void A_baseline_record_is_held_against_what_stands(string record, Outcome outcome, FindingCode code)
    {
        var verdict = Baseline([Event("N FFG O1", SchoolsFile, EventState.Standing), Event(record, OperatorsFile)]).Single();
        using (Assert.EnterMultipleScope())
        {
            Assert.That(verdict.Outcome, Is.EqualTo(outcome));
            Assert.That(verdict.Findings.Select(f => f.Code), Is.EqualTo([code]));
        }
    }

    [TestCase(EventState.Past)]
    [TestCase(EventState.Pending)]
    public void A_baseline_record_is_not_held_against_what_is_past_or_waits(EventState state) =>
        Assert.That(Baseline([Event("N FFG O1 hp=15", SchoolsFile, state), Event("N FFG O1", OperatorsFile)]).Single().Outcome, Is.EqualTo(Outcome.Delivered));

    // It stands elsewhere already: handed on, it would be there twice.
    [TestCase("N FFG O1", Outcome.Duplicate, FindingCode.R06)]
    [TestCase("N FFG O1 hp=15", Outcome.Rejected, FindingCode.R07)]
    public void What_waited_when_the_baseline_came_is_held_against_it_at_the_close(string record, Outcome outcome, FindingCode code)
    {
        var baseline = Event("N FFG O1", OperatorsFile, EventState.Standing, Origin.Baseline, DateOnly.MinValue);
        var verdict = Judge(Event(record, SchoolsFile), baseline).Single();
        using (Assert.EnterMultipleScope())
        {
            Assert.That((verdict.Event.FileId, verdict.Outcome), Is.EqualTo((SchoolsFile, outcome)));
            Assert.That(verdict.Findings.Select(f => f.Code), Is.EqualTo([code]));
            Assert.That(baseline.State, Is.EqualTo(EventState.Standing));
        }
    }

    // A file of 15:00:01 is taken in while the window before it waits for one of 14:59:59: its id is the lower one.
    [Test]
    public void What_an_earlier_window_delivered_stands_though_it_was_taken_in_later()
    {
        var verdict = Judge(Event("N FFG O1", SchoolsFile), Event("N FFG O1", OperatorsFile, EventState.Standing, window: Window.First.AddDays(-1))).Single();
        Assert.That(verdict.Outcome, Is.EqualTo(Outcome.Duplicate));
    }

    [Test]
    public void Baseline_records_are_held_against_one_another() =>
        Assert.That(Baseline([Event("N RES M1", OperatorsFile), Event("N RES M1", OperatorsFile), Event("N RES M1 hp=5", OperatorsFile)]).Select(v => v.Outcome),
            Is.EqualTo([Outcome.Delivered, Outcome.Duplicate, Outcome.Rejected]));

    // --- certificate: of a part of the work, so the whole course's hp are not asked of it; everything else is.

    [TestCase(Origin.Certificate, "")]
    [TestCase(Origin.School, "R39")]
    public void A_certificate_of_a_part_is_not_held_to_the_courses_hp(Origin origin, string codes) => Assert.That(CodesOf("N RES - hp=20", origin), Is.EqualTo(codes));

    [Test]
    public void A_certificate_is_held_to_every_other_rule() => Assert.That(CodesOf("N RES M9", Origin.Certificate), Is.EqualTo("R38"));

    // --- correct: an operator may remove what K41 keeps a school from removing.

    [Test]
    public void A_corrections_removal_of_a_registration_is_delivered()
    {
        var standing = Event("N FFG O1", SchoolsFile, EventState.Standing);
        var verdict = Judge(standing, Event("B FFG O1", OperatorsFile, EventState.Pending, Origin.Correction)).Single();
        using (Assert.EnterMultipleScope())
        {
            Assert.That(verdict.DeliveredAs, Is.EqualTo(DeliveredAs.Removal));
            Assert.That(verdict.Counterpart, Is.SameAs(standing));
            Assert.That(standing.State, Is.EqualTo(EventState.Past));
        }
    }

    [Test]
    public void With_a_new_one_of_the_same_key_it_is_a_change()
    {
        var verdicts = Judge(Event("N FFG O1", SchoolsFile, EventState.Standing),
            Event("B FFG O1", OperatorsFile, EventState.Pending, Origin.Correction), Event("N FFG O1 hp=15", OperatorsFile, EventState.Pending, Origin.Correction));
        Assert.That(verdicts.Select(v => v.DeliveredAs), Is.EqualTo([DeliveredAs.Nothing, DeliveredAs.Change]));
    }

    [Test]
    public void The_operators_removal_counts_in_place_of_the_schools()
    {
        var verdicts = Judge(Event("N FFG O1", SchoolsFile, EventState.Standing),
            Event("B FFG O1", SchoolsFile), Event("B FFG O1", OperatorsFile, EventState.Pending, Origin.Correction));
        Assert.That(verdicts.Select(v => v.Outcome), Is.EqualTo([Outcome.Duplicate, Outcome.Delivered]));
    }

    // --- A repeat that came before, under an id of its own, of what is refused now: its id is free again.

    [Test]
    public void The_id_of_an_earlier_repeat_in_the_window_is_freed_with_what_it_repeats()
    {
        var (inWindow, before) = (Event("N FO O1 id=b", SchoolsFile, EventState.Repeat), Event("N FO O1 id=c", SchoolsFile, EventState.Repeat, window: Window.First.AddDays(-1)));
        var verdict = Judge(before, Event("N FO O1 id=a", SchoolsFile), inWindow).Single();
        using (Assert.EnterMultipleScope())
        {
            Assert.That(verdict.Findings.Select(f => f.Code), Is.EqualTo([FindingCode.R09]));
            Assert.That(verdict.Frees, Is.EqualTo([inWindow]));
            Assert.That(inWindow.State, Is.EqualTo(EventState.Past));
            Assert.That(before.State, Is.EqualTo(EventState.Repeat));
        }
    }

    // --- What stands is held against the catalogue as it is corrected: R01, R02, R03, and nothing else.

    [TestCase("N FFG O1", "")]
    [TestCase("N FFG O1 pace=50", "")]
    [TestCase("N FFG O9", "R01")]
    [TestCase("N FFG O1 to=2027-01-18", "R02")]
    [TestCase("N FFG O1 hp=31", "R03")]
    public void A_standing_registration_that_no_longer_fits_is_told(string record, string codes) =>
        Assert.That(string.Join(' ', RuleSet.JudgeStanding([((Registration)Window.Record(record), 1)], Courses).Select(f => f.Code)), Is.EqualTo(codes));

    // --- The order of a delivery: kind, course, part, type, date.

    [TestCase("N AVB O1 course=OOO101", "N RES M1 course=AAA101")]
    [TestCase("N RES M1 course=AAA101", "N RES M1 course=BBB101")]
    [TestCase("N RES -", "N RES A1")]
    [TestCase("N FO O1 from=2026-08-31", "N FO O1 from=2026-09-01")]
    [TestCase("N FFG O1", "N FO O1")]
    [TestCase("N OM O1", "N FFG O2")]
    public void The_lower_key_comes_first(string lower, string higher)
    {
        var (first, second) = (Event(lower, SchoolsFile), Event(higher, SchoolsFile));
        using (Assert.EnterMultipleScope())
        {
            Assert.That(first.CompareKeyTo(second), Is.Negative);
            Assert.That(second.CompareKeyTo(first), Is.Positive);
        }
    }

    // --- R14: the paces of a day.

    [TestCase("2027-01-17", "delivered N R14")]
    [TestCase("2027-01-18", "delivered N")]
    public void A_registration_that_begins_on_the_last_day_overlaps(string begins, string verdict) => Window.Tells($"""
        standing FFG O1 course=FYSA01 from={begins} to=2027-06-06
        N FFG O1                                                     => {verdict}
        """);

    [Test]
    public void A_registration_that_K41_refuses_no_longer_counts_among_the_paces() => Window.Tells("""
        standing FFG O1 pace=25    => standing
        B FFG O1                   => refused K41
        N FFG O2 pace=75 hp=15     => refused K41
        N OM O1 pace=50            => delivered N
        """);

    // 60 + 50 per cent that day; counted under both numbers it would be 170.
    [Test]
    public void What_stands_under_two_numbers_counts_once_among_the_paces_when_K41_refuses_both_removals()
    {
        var other = Personnummer.FromStorage(199601012405);
        StudentEvent Under(Personnummer student, string record, EventState state) => new(Window.Record(record) with { Student = student }, SchoolsFile, 1, Window.First, state);
        var own = Window.Record("N FFG O1").Student;

        var verdicts = StudentJudgement.Judge(_ => null, RuleTerms.Default,
            [Under(own, "N FFG O1 pace=60", EventState.Standing), Under(other, "N FFG O1 pace=60", EventState.Standing),
             Under(own, "B FFG O1", EventState.Pending), Under(other, "B FFG O1", EventState.Pending), Under(own, "N FO O2 course=FYSA01 pace=50", EventState.Pending)], Window.First);

        Assert.That(verdicts.SelectMany(v => v.Findings).Where(f => f.Code == FindingCode.R14).Select(f => FindingCatalogue.Message(f, Language.Sv)), Has.One.Contains("110"));
    }

    private static string CodesOf(string record, Origin origin) =>
        string.Join(' ', Judge(Event("N FFG O1", SchoolsFile, EventState.Standing), Event(record, OperatorsFile, EventState.Pending, origin)).Single().Findings.Select(f => f.Code));

    private static List<Verdict> Judge(params StudentEvent[] events) => StudentJudgement.Judge(_ => Courses, RuleTerms.Default, events, Window.First);

    private static List<Verdict> Baseline(StudentEvent[] events) => StudentJudgement.JudgeBaseline(events, OperatorsFile);

    private static StudentEvent Event(string record, long file, EventState state = EventState.Pending, Origin origin = Origin.School, DateOnly? window = null) =>
        new(Window.Record(record), file, 1, window ?? Window.First, state) { Origin = origin };
}
