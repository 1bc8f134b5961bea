using Ingest.Formats;

namespace Ingest.Rules.RecordRules;

/// <summary>R11: a registration made after its period has ended can no longer be studied on. Source: the service's own rule; support is given for the weeks one is registered (csn.se).</summary>
internal static class R11RegisteredAfterThePeriod
{
    public static readonly RecordRule Rule = new(FindingCode.R11, (record, _) =>
        record is Registration { RegistrationDate: { } date, End: { } end } registration && !(end < registration.Start) && date > end
            ? new Breach(FieldRole.RegistrationDate, Phrase.Date(date), Phrase.Date(end))
            : null);
}
