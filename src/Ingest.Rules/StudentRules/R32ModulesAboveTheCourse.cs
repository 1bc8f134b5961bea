using Ingest.Formats;

namespace Ingest.Rules.StudentRules;

/// <summary>
/// R32: a course's passed modules together give no more hp than the course. Each module counts once, by its best pass; a result on
/// the whole course is the same credits again and does not count. Candidates come in order of examination date, then key.
/// Source: the syllabus (kursplan), 6 kap. 15 § högskoleförordningen (1993:100).
/// </summary>
internal static class R32ModulesAboveTheCourse
{
    public static readonly StudentRule<Result> Rule = new(FindingCode.R32, (record, context) =>
    {
        if (record.ModuleCode is null || record.Credits is not { } credits || !context.IsPass(record)) return null;
        if (context.Catalogue?.CourseCredits(record.CourseCode, record.OfferingCode) is not { } course) return null;
        var others = context.PassedModules(record.CourseCode);
        var before = others.GetValueOrDefault(record.ModuleCode);
        var sum = new Credits(others.Values.Sum() - before + Math.Max(before, credits.Hundredths));
        return sum > course ? new Breach(FieldRole.Credits, sum.ToString(), course.ToString()) : null;
    });
}
