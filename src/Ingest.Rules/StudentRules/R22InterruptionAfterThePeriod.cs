using Ingest.Formats;

namespace Ingest.Rules.StudentRules;

/// <summary>R22: after the period there is nothing left to break off. Source: CSN, rapportering av studieavbrott.</summary>
internal static class R22InterruptionAfterThePeriod
{
    public static readonly StudentRule<Interruption> Rule = new(FindingCode.R22, (record, context) =>
    {
        var (_, end) = context.PeriodOn(record.CourseCode, record.OfferingCode);
        return record.Date > end ? new Breach(FieldRole.InterruptionDate, Phrase.Date(record.Date.Value), Phrase.Date(end.Value)) : null;
    });
}
