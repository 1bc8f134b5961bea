using Ingest.Formats;

namespace Ingest.Rules.RecordRules;

/// <summary>R04: a period cannot end before it starts. Source: the service's own rule; a period is what support is paid for (csn.se).</summary>
internal static class R04PeriodEndsBeforeItStarts
{
    public static readonly RecordRule Rule = new(FindingCode.R04, (record, _) => record switch
    {
        Registration { Start: { } start, End: { } end } => Check(start, end),
        CourseOffering { Start: { } start, End: { } end } => Check(start, end),
        _ => null,
    });

    private static Breach? Check(DateOnly start, DateOnly end) =>
        end < start ? new Breach(FieldRole.End, Phrase.Date(start), Phrase.Date(end)) : null;
}
