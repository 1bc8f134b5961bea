using Ingest.Formats;

namespace Ingest.Rules.RecordRules;

/// <summary>R12: a registration date cannot lie in the future. "In the future" is after the Swedish date of arrival. Source: the service's own rule; what has not happened cannot be reported.</summary>
internal static class R12RegistrationDateInTheFuture
{
    public static readonly RecordRule Rule = new(FindingCode.R12, (record, context) =>
        record is Registration { RegistrationDate: { } date } && date > context.Arrival
            ? new Breach(FieldRole.RegistrationDate, Phrase.Date(date), Phrase.Date(context.Arrival))
            : null);
}
