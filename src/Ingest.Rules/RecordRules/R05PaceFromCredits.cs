using Ingest.Formats;
using Ingest.Rules.Tables;

namespace Ingest.Rules.RecordRules;

/// <summary>R05: the pace follows from hp and time, within the tolerance. The offering's own pace is <see cref="StudentRules.R05PaceOfTheOffering"/>. Source: csn.se, heltid och deltid; 3 kap. 14 § studiestödslagen (1999:1395).</summary>
internal static class R05PaceFromCredits
{
    public static readonly RecordRule Rule = new(FindingCode.R05, (record, _) =>
    {
        if (record is not Registration { Extent: { } extent, Pace: { } pace, Start: { } start, End: { } end } || end < start) return null;
        var computed = StudyPace.Of(extent, start, end, pace);
        if (computed.Agrees) return null;
        var days = end.DayNumber - start.DayNumber + 1;
        var (swedish, english) = computed.Class == 0 ? ("för låg takt för studiestöd", "too low for support") : ($"vilket räknas som {computed.Class} %", $"which counts as {computed.Class} %");
        return new Breach(FieldRole.Pace, Phrase.Number(pace),
            Phrase.Of($"{extent} hp på {days} dagar motsvarar {computed.Percent} %, {swedish}", $"{extent} hp in {days} days come to {computed.Percent} %, {english}"));
    });
}
