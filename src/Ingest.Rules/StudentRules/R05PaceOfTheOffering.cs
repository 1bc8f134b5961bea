using Ingest.Formats;

namespace Ingest.Rules.StudentRules;

/// <summary>R05, its other half: the pace is the offering's. What follows from hp and time is <see cref="RecordRules.R05PaceFromCredits"/>. Source: CSN, Studietider och utbildningar.</summary>
internal static class R05PaceOfTheOffering
{
    public static readonly StudentRule<Registration> Rule = new(FindingCode.R05, (record, context) =>
        record.Pace is { } pace && context.Catalogue?.Offering(record.CourseCode, record.OfferingCode)?.Pace is { } offered && pace != offered
            ? new Breach(FieldRole.Pace, Phrase.Number(pace), Phrase.Of($"kurstillfället har takten {offered} %", $"the offering has the pace {offered} %"))
            : null);
}
