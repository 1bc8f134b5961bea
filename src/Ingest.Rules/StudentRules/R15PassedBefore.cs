using Ingest.Formats;

namespace Ingest.Rules.StudentRules;

/// <summary>R15: a re-registration gives support only for the part that is not passed. It reads delivered results: those of the same window are judged after the registrations. Source: csn.se, omregistrering.</summary>
internal static class R15PassedBefore
{
    public static readonly StudentRule<Registration> Rule = new(FindingCode.R15, (record, context) =>
    {
        if (record.Type != RegistrationType.OM) return null;
        var passed = context.PassedCredits(record.CourseCode);
        if (passed.Hundredths == 0) return null;
        var course = context.Catalogue?.CourseCredits(record.CourseCode, record.OfferingCode) ?? record.Extent!.Value;
        var rest = new Credits(Math.Max(0, course.Hundredths - passed.Hundredths));
        return new Breach(FieldRole.Extent, passed.ToString(), course.ToString(), rest.ToString());
    });
}
