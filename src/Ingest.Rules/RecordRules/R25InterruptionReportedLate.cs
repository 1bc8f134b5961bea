using Ingest.Formats;

namespace Ingest.Rules.RecordRules;

/// <summary>R25: what is reported late may already have been paid for. The days are <see cref="RuleTerms.LateInterruptionDays"/>. Source: CSN, avbrott rapporteras så snart de har skett.</summary>
internal static class R25InterruptionReportedLate
{
    public static readonly RecordRule Rule = new(FindingCode.R25, (record, context) =>
        record is Interruption { Date: { } date } && context.Arrival.DayNumber - date.DayNumber > context.Terms.LateInterruptionDays
            ? new Breach(FieldRole.InterruptionDate, Phrase.Date(date), Phrase.Number(context.Arrival.DayNumber - date.DayNumber), Phrase.Number(context.Terms.LateInterruptionDays))
            : null);
}
