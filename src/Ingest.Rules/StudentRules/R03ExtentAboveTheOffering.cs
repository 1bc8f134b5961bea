using Ingest.Formats;

namespace Ingest.Rules.StudentRules;

/// <summary>R03: nobody is registered for more hp than the offering has. Source: CSN, Studietider och utbildningar.</summary>
internal static class R03ExtentAboveTheOffering
{
    public static readonly StudentRule<Registration> Rule = new(FindingCode.R03, (record, context) =>
        context.Catalogue?.Offering(record.CourseCode, record.OfferingCode) is { Extent: { } most } && record.Extent is { } extent && extent > most
            ? new Breach(FieldRole.Extent, extent.ToString(), most.ToString())
            : null);
}
