using Ingest.Formats;

namespace Ingest.Rules.StudentRules;

/// <summary>R21: who stops before the period has not begun: that is E, ej påbörjat. Source: CSN, rapportering av studieavbrott.</summary>
internal static class R21InterruptionBeforeThePeriod
{
    public static readonly StudentRule<Interruption> Rule = new(FindingCode.R21, (record, context) =>
    {
        if (record.Type != InterruptionType.A) return null;
        var (start, _) = context.PeriodOn(record.CourseCode, record.OfferingCode);
        return record.Date < start ? new Breach(FieldRole.InterruptionDate, Phrase.Date(record.Date!.Value), Phrase.Date(start!.Value)) : null;
    });
}
