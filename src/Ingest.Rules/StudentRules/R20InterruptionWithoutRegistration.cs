using Ingest.Formats;

namespace Ingest.Rules.StudentRules;

/// <summary>R20: one can only break off what one is registered on. Source: CSN, rapportering av studieavbrott.</summary>
internal static class R20InterruptionWithoutRegistration
{
    public static readonly StudentRule<Interruption> Rule = new(FindingCode.R20, (record, context) =>
        context.RegistrationsOn(record.CourseCode).Any(r => r.OfferingCode == record.OfferingCode)
            ? null
            : new Breach(FieldRole.OfferingCode, Phrase.Code(record.CourseCode), Phrase.Code(record.OfferingCode!)));
}
