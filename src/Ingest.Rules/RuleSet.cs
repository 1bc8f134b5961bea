using Ingest.Formats;
using Ingest.Rules.RecordRules;
using Ingest.Rules.StudentRules;

namespace Ingest.Rules;

/// <summary>Every rule, listed one by one: what is not here is not applied.</summary>
public static class RuleSet
{
    /// <summary>Changes whenever a rule does; stands on every receipt.</summary>
    public const string Version = "2026.2";

    /// <summary>Rules that read the record alone.</summary>
    public static IReadOnlyList<RecordRule> Record => OfRecords;

    private static readonly RecordRule[] OfRecords =
    [
        R04PeriodEndsBeforeItStarts.Rule,
        R05PaceFromCredits.Rule,
        R10RegisteredEarly.Rule,
        R11RegisteredAfterThePeriod.Rule,
        R12RegistrationDateInTheFuture.Rule,
        R24InterruptionDateInTheFuture.Rule,
        R25InterruptionReportedLate.Rule,
        R34ExaminationDateInTheFuture.Rule,
        R36FailGradeWithCredits.Rule,
    ];

    /// <summary>Rules that read catalogue and standing too, for a new registration.</summary>
    internal static StudentRule<Registration>[] Registrations { get; } =
    [
        R01OfferingNotInCatalogue.Rule,
        R02PeriodOutsideTheOffering.Rule,
        R03ExtentAboveTheOffering.Rule,
        R05PaceOfTheOffering.Rule,
        R08AlreadyRegisteredOnTheCourse.Rule,
        R09WithoutFirstRegistration.Rule,
        R13RegisteredAfterInterruption.Rule,
        R14MoreThanFullTime.Rule,
        R15PassedBefore.Rule,
    ];

    /// <summary>Those of them that hold a registration against its offering alone.</summary>
    private static StudentRule<Registration>[] Offerings { get; } =
        [R01OfferingNotInCatalogue.Rule, R02PeriodOutsideTheOffering.Rule, R03ExtentAboveTheOffering.Rule];

    /// <summary>Rules that read catalogue and standing too, for a new avbrott.</summary>
    internal static StudentRule<Interruption>[] Interruptions { get; } =
    [
        R20InterruptionWithoutRegistration.Rule,
        R21InterruptionBeforeThePeriod.Rule,
        R22InterruptionAfterThePeriod.Rule,
    ];

    /// <summary>The same for a result.</summary>
    internal static StudentRule<Result>[] Results { get; } =
    [
        R30ResultWithoutRegistration.Rule,
        R31CreditsAboveTheCourse.Rule,
        R32ModulesAboveTheCourse.Rule,
        R33ExaminedBeforeThePeriod.Rule,
        R35ResultAfterInterruption.Rule,
        R37PassWithoutCredits.Rule,
        R38ModuleNotInTheSyllabus.Rule,
        R39CourseResultWithOtherCredits.Rule,
    ];

    /// <summary>
    /// Judges a record by itself, on its sound fields. The findings name the field; where it stands in the line is filled in by
    /// whoever has the line.
    /// </summary>
    public static List<Finding>? JudgeAlone(ReportRecord record, long line, RecordContext context)
    {
        if (record.Action == ReportAction.B) return null;
        List<Finding>? findings = null;
        foreach (var rule in OfRecords)
            if (rule.Check(record, context) is { } breach)
                (findings ??= []).Add(breach.ToFinding(rule.Code, record, line));
        return findings;
    }

    /// <summary>
    /// How registrations that stand no longer fit the catalogue, which has been corrected since: R01, R02, R03. Nothing becomes of
    /// them but that the school is told.
    /// </summary>
    public static IEnumerable<Finding> JudgeStanding(IEnumerable<(Registration Record, long Line)> registrations, CourseCatalogue catalogue)
    {
        var context = new StudentContext(RuleTerms.Default).Begin(catalogue);
        foreach (var (record, line) in registrations)
            foreach (var rule in Offerings)
                if (rule.Check(record, context) is { } breach)
                    yield return breach.ToFinding(rule.Code, record, line);
    }

    /// <summary>The finding that a breach of a rule by a record is, with the field's value as it may be shown.</summary>
    internal static Finding ToFinding(this Breach breach, FindingCode code, ReportRecord record, long line)
    {
        var field = Layouts.Of(record.Kind)[breach.Field];
        var value = breach.Field == FieldRole.Action ? null : Masking.Value(FieldText.Of(record, field, fixedWidth: false));
        return new Finding(code, line, Field: field.Name, Value: value, Args: breach.Args);
    }
}
