using Ingest.Formats;

namespace Ingest.Rules.RecordRules;

/// <summary>R24: an avbrott cannot be dated in the future. "In the future" is after the Swedish date of arrival. Source: the service's own rule; what has not happened cannot be reported.</summary>
internal static class R24InterruptionDateInTheFuture
{
    public static readonly RecordRule Rule = new(FindingCode.R24, (record, context) =>
        record is Interruption { Date: { } date } && date > context.Arrival
            ? new Breach(FieldRole.InterruptionDate, Phrase.Date(date), Phrase.Date(context.Arrival))
            : null);
}
