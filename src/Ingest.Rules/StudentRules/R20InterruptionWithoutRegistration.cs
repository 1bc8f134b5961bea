using Ingest.Formats;

namespace Ingest.Rules.StudentRules;

/// <summary>R20: one can only break off what one is registered on. Source: CSN, rapportering av studieavbrott.</summary>
internal static class R20InterruptionWithoutRegistration
{
    public static readonly StudentRule<Interruption> Rule = new(FindingCode.R20, (record, context) =>
    {
        if (context.IsRegisteredOn(record.CourseCode, record.OfferingCode!)) return null;
        var offerings = context.RegistrationsOn(record.CourseCode).Select(r => r.OfferingCode!).Distinct().Order(StringComparer.Ordinal).ToList();
        var others = string.Join(", ", offerings.Select(Phrase.Code));
        return new Breach(FieldRole.OfferingCode, Phrase.Code(record.CourseCode), Phrase.Code(record.OfferingCode!), offerings.Count == 0 ? ""
            : Phrase.Of($"Studenten är registrerad på kurstillfälle {others}.", $"The student is registered on offering {others}."));
    });
}
