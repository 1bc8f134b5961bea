using Ingest.Formats;

namespace Ingest.Rules.StudentRules;

/// <summary>R35: a result dated after the student left is worth a second look: either may be wrong. Source: the service's own rule.</summary>
internal static class R35ResultAfterInterruption
{
    public static readonly StudentRule<Result> Rule = new(FindingCode.R35, (record, context) =>
    {
        var left = context.FirstInterruptionOn(record.CourseCode, record.OfferingCode);
        return left < record.ExaminationDate ? new Breach(FieldRole.ExaminationDate, Phrase.Date(record.ExaminationDate.Value), Phrase.Date(left.Value)) : null;
    });
}
