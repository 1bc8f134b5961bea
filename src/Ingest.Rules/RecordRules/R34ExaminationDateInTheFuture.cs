using Ingest.Formats;

namespace Ingest.Rules.RecordRules;

/// <summary>R34: an examination date cannot lie in the future. "In the future" is after the Swedish date of arrival. Source: the service's own rule; what has not happened cannot be reported.</summary>
internal static class R34ExaminationDateInTheFuture
{
    public static readonly RecordRule Rule = new(FindingCode.R34, (record, context) =>
        record is Result { ExaminationDate: { } date } && date > context.Arrival
            ? new Breach(FieldRole.ExaminationDate, Phrase.Date(date), Phrase.Date(context.Arrival))
            : null);
}
