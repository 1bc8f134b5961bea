using Ingest.Formats;

namespace Ingest.Rules.RecordRules;

/// <summary>R10: a registration made long before its period begins is probably misdated. The days are <see cref="RuleTerms.EarlyRegistrationDays"/>. Source: the service's own rule.</summary>
internal static class R10RegisteredEarly
{
    public static readonly RecordRule Rule = new(FindingCode.R10, (record, context) =>
        record is Registration { RegistrationDate: { } date, Start: { } start } registration && !(registration.End < start)
        && start.DayNumber - date.DayNumber > context.Terms.EarlyRegistrationDays
            ? new Breach(FieldRole.RegistrationDate, Phrase.Date(date), Phrase.Date(start), Phrase.Number(start.DayNumber - date.DayNumber), Phrase.Number(context.Terms.EarlyRegistrationDays))
            : null);
}
