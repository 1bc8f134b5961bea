using Ingest.Formats;

namespace Ingest.Rules.Tests;

/// <summary>Rules that read the record alone. The file arrived on 2026-11-25.</summary>
public sealed class RecordRulesTests
{
    private static readonly DateOnly Arrival = new(2026, 11, 25);

    // --- R04: the period ends before it starts.

    [Test]
    public void R04_a_period_that_ends_before_it_starts() => Breaks("N FFG O1 from=2026-08-31 to=2026-08-30", FindingCode.R04, "slut");

    [Test]
    public void R04_holds_for_every_type_of_registration([Values("FFG", "FO", "OM")] string type) =>
        Breaks($"N {type} O1 from=2026-08-31 to=2026-08-30", FindingCode.R04, "slut");

    [Test]
    public void R04_is_met_by_a_period_of_one_day() => Passes("N FFG O1 from=2026-08-31 to=2026-08-31 hp=0,21");

    [Test]
    public void R04_does_not_judge_a_removal() => Passes("B FFG O1 from=2026-08-31 to=2026-08-30");

    [Test]
    public void R04_does_not_judge_a_period_of_which_one_end_is_missing([Values("from", "to")] string missing) =>
        Passes($"N FFG O1 {missing}=? " + (missing == "from" ? "to=2026-08-30 reg=2026-08-01" : "from=2026-09-20"));

    [Test]
    public void R04_judges_the_period_of_an_offering_too()
    {
        using (Assert.EnterMultipleScope())
        {
            Breaks(Window.CourseRecord("N KTF KEMA01 O1 30 2026-08-31..2026-08-30"), FindingCode.R04, "slut");
            Passes(Window.CourseRecord("N KTF KEMA01 O1 30 2026-08-31..2026-08-31"));
            Passes(Window.CourseRecord("B KTF KEMA01 O1 30 2026-08-31..2026-08-30"));
            Passes(Window.CourseRecord("B KTF KEMA01 O1"));
        }
    }

    // --- R12, R24, R34: after the Swedish date of arrival.

    private static readonly string[][] Dated =
    [
        ["R12", "FFG O1 reg", "registreringsdatum"],
        ["R12", "FO O1 reg", "registreringsdatum"],
        ["R24", "AVB O1 date", "avbrottsdatum"],
        ["R24", "AVB O1 type=E date", "avbrottsdatum"],
        ["R34", "RES M1 date", "examinationsdatum"],
        ["R34", "RES - transfer=J date", "examinationsdatum"],
    ];

    [TestCaseSource(nameof(Dated))]
    public void A_date_after_the_day_of_arrival_lies_in_the_future(string code, string record, string field) =>
        Breaks($"N {record}=2026-11-26", Enum.Parse<FindingCode>(code), field);

    [TestCaseSource(nameof(Dated))]
    public void The_day_of_arrival_itself_is_no_future(string code, string record, string field) =>
        Passes($"N {record}=2026-11-25", $"{code} {field}");

    [TestCaseSource(nameof(Dated))]
    public void A_date_long_past_is_valid_input(string code, string record, string field) =>
        Assert.That(Codes(Window.Record($"N {record}=1999-01-01")).Where(c => FindingCatalogue.Get(c).Severity == Severity.E), Is.Empty, $"{code} {field}");

    [TestCaseSource(nameof(Dated))]
    public void A_removal_that_states_a_date_in_the_future_is_not_judged(string code, string record, string field) =>
        Passes($"B {record}=2026-11-26", $"{code} {field}");

    [TestCaseSource(nameof(Dated))]
    public void A_missing_date_is_not_judged(string code, string record, string field) =>
        Passes($"N {record}=?", $"{code} {field}");

    [Test]
    public void A_period_in_the_future_is_no_fault() => Passes("N FFG O1 from=2026-12-25 to=2027-05-13 reg=2026-11-25");

    // --- R36: a fail grade with hp above 0.

    [Test]
    public void R36_a_fail_grade_with_hp([Values("U", "F", "FX")] string grade) => Breaks($"N RES M1 grade={grade} hp=7,5", FindingCode.R36, "hp");

    [Test]
    public void R36_already_the_least_hp_is_too_much() => Breaks("N RES M1 grade=U hp=0,01", FindingCode.R36, "hp");

    [Test]
    public void R36_is_met_by_a_fail_grade_with_0_hp([Values("U", "F", "FX")] string grade) => Passes($"N RES M1 grade={grade} hp=0");

    [Test]
    public void R36_is_met_by_every_pass_grade([Values("G", "VG", "P", "A", "B", "C", "D", "E", "3", "4", "5")] string grade) => Passes($"N RES M1 grade={grade} hp=7,5");

    [Test]
    public void R36_does_not_judge_a_removal() => Passes("B RES M1 grade=U hp=7,5");

    [Test]
    public void R36_does_not_judge_a_missing_grade() => Passes("N RES M1 grade=? hp=7,5 transfer=J");

    [Test]
    public void R36_does_not_judge_missing_hp() => Passes("N RES M1 grade=U hp=?");

    // --- All faults, not only the first.

    [Test]
    public void Every_fault_of_a_record_is_reported() =>
        Assert.That(Codes(Window.Record("N FFG O1 from=2026-08-31 to=2026-08-30 reg=2026-11-26")), Is.EquivalentTo([FindingCode.R04, FindingCode.R12]));

    [Test]
    public void Every_fault_of_a_result_is_reported() =>
        Assert.That(Codes(Window.Record("N RES M1 grade=U hp=7,5 date=2026-11-26")), Is.EquivalentTo([FindingCode.R34, FindingCode.R36]));

    [Test]
    public void Every_rule_about_the_record_alone_rejects_it_or_warns() =>
        Assert.That(RuleSet.Record.Select(r => FindingCatalogue.Get(r.Code).Severity), Is.All.EqualTo(Severity.E).Or.EqualTo(Severity.V));

    [Test]
    public void No_code_is_raised_by_two_rules() => Assert.That(RuleSet.Record.Select(r => r.Code), Is.Unique);

    private static void Breaks(string record, FindingCode code, string field) => Breaks(Window.Record(record), code, field);

    private static void Breaks(ReportRecord record, FindingCode code, string field)
    {
        var findings = RuleSet.JudgeAlone(record, 7, new RecordContext(Arrival, RuleTerms.Default));
        Assert.That(findings, Is.Not.Null.And.Count.EqualTo(1));
        using (Assert.EnterMultipleScope())
        {
            Assert.That(findings![0].Code, Is.EqualTo(code));
            Assert.That(findings[0].Field, Is.EqualTo(field));
            Assert.That(findings[0].Line, Is.EqualTo(7));
        }
    }

    private static void Passes(string record, string? what = null) => Passes(Window.Record(record), what);

    private static void Passes(ReportRecord record, string? what = null) => Assert.That(Codes(record), Is.Empty, what);

    private static IEnumerable<FindingCode> Codes(ReportRecord record) => (RuleSet.JudgeAlone(record, 7, new RecordContext(Arrival, RuleTerms.Default)) ?? []).Select(f => f.Code);
}
