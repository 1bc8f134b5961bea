using Ingest.Formats;

namespace Ingest.Rules.StudentRules;

/// <summary>R33: nobody is examined before the studies began. Source: Ladok refuses an examination date before the study start.</summary>
internal static class R33ExaminedBeforeThePeriod
{
    public static readonly StudentRule<Result> Rule = new(FindingCode.R33, (record, context) =>
    {
        if (record.CreditTransfer) return null;
        var (start, _) = context.PeriodOn(record.CourseCode, offering: null);
        return record.ExaminationDate < start ? new Breach(FieldRole.ExaminationDate, Phrase.Date(record.ExaminationDate!.Value), Phrase.Date(start!.Value)) : null;
    });
}
