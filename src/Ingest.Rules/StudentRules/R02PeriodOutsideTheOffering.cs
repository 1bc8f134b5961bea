using Ingest.Formats;

namespace Ingest.Rules.StudentRules;

/// <summary>R02: one is registered for the weeks of the offering, not for others. Source: CSN, Studietider och utbildningar.</summary>
internal static class R02PeriodOutsideTheOffering
{
    public static readonly StudentRule<Registration> Rule = new(FindingCode.R02, (record, context) =>
        context.Catalogue?.Offering(record.CourseCode, record.OfferingCode) is { Start: { } from, End: { } to }
        && (record.Start < from || record.End > to)
            ? new Breach(record.Start < from ? FieldRole.Start : FieldRole.End,
                Phrase.Date(record.Start!.Value), Phrase.Date(record.End!.Value), Phrase.Date(from), Phrase.Date(to))
            : null);
}
