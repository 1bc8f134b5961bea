using Ingest.Formats;

namespace Ingest.Rules.StudentRules;

/// <summary>R01: student reports are checked against the school's own course catalogue. Source: CSN, Studietider och utbildningar.</summary>
internal static class R01OfferingNotInCatalogue
{
    public static readonly StudentRule<Registration> Rule = new(FindingCode.R01, (record, context) =>
        context.Catalogue is { } catalogue && catalogue.Offering(record.CourseCode, record.OfferingCode) is null
            ? new Breach(FieldRole.OfferingCode, Phrase.Code(record.CourseCode), Phrase.Code(record.OfferingCode!), catalogue.OfferingMeant(record.CourseCode))
            : null);
}
