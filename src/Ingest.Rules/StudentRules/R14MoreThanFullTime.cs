using Ingest.Formats;

namespace Ingest.Rules.StudentRules;

/// <summary>R14: registrations that overlap may add up to more than full time; that is no error, only worth knowing. Source: csn.se, heltid och deltid.</summary>
internal static class R14MoreThanFullTime
{
    public static readonly StudentRule<Registration> Rule = new(FindingCode.R14, (record, context) =>
    {
        var others = context.MostPace(record.Start!.Value, record.End!.Value);
        return others > 0 && others + record.Pace is { } most and > FullTime ? new Breach(FieldRole.Pace, Phrase.Number(most)) : null;
    });

    private const int FullTime = 100;
}
