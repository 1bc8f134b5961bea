using Ingest.Formats;

namespace Ingest.Rules.StudentRules;

/// <summary>R09: FO and OM build on a first registration that does not start after them. Source: Ladok's registration types.</summary>
internal static class R09WithoutFirstRegistration
{
    public static readonly StudentRule<Registration> Rule = new(FindingCode.R09, (record, context) =>
        record.Type is RegistrationType.FO or RegistrationType.OM
        && !context.RegistrationsOn(record.CourseCode).Any(r => r.Type == RegistrationType.FFG && r.Start <= record.Start)
            ? new Breach(FieldRole.RegistrationType, record.Type.ToString()!, Phrase.Code(record.CourseCode))
            : null);
}
