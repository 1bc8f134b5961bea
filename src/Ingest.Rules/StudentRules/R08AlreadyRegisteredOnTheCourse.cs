using Ingest.Formats;

namespace Ingest.Rules.StudentRules;

/// <summary>
/// R08: a first registration on a course is made once. Candidates come in order of registration date, then key, so of two in one
/// window the earlier dated stands, whichever file came first. Source: Ladok's registration types.
/// </summary>
internal static class R08AlreadyRegisteredOnTheCourse
{
    public static readonly StudentRule<Registration> Rule = new(FindingCode.R08, (record, context) =>
    {
        if (record.Type != RegistrationType.FFG) return null;
        var other = context.FirstRegistrationOn(record.CourseCode);
        return other is null
            ? null
            : new Breach(FieldRole.CourseCode, Phrase.Code(other.Record.OfferingCode!), FileId.Text(other.FileId), Phrase.Number(other.Line));
    });
}
