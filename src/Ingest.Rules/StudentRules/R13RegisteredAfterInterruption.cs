using Ingest.Formats;

namespace Ingest.Rules.StudentRules;

/// <summary>R13: who has left an offering is not registered on it again. It reads delivered avbrott only: those of the same window are judged after the registrations. Source: CSN, rapportering av studieavbrott.</summary>
internal static class R13RegisteredAfterInterruption
{
    public static readonly StudentRule<Registration> Rule = new(FindingCode.R13, (record, context) =>
    {
        var left = context.FirstInterruptionOn(record.CourseCode, record.OfferingCode);
        return left < record.RegistrationDate ? new Breach(FieldRole.RegistrationDate, Phrase.Date(record.RegistrationDate.Value), Phrase.Date(left.Value)) : null;
    });
}
