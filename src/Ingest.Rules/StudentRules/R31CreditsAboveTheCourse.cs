using Ingest.Formats;

namespace Ingest.Rules.StudentRules;

/// <summary>R31: no result gives more hp than its module, or its course, has. Source: the syllabus (kursplan), 6 kap. 15 § högskoleförordningen (1993:100).</summary>
internal static class R31CreditsAboveTheCourse
{
    public static readonly StudentRule<Result> Rule = new(FindingCode.R31, (record, context) =>
    {
        if (context.Catalogue is not { } catalogue || record.Credits is not { } credits) return null;
        if (record.ModuleCode is { } module && catalogue.Module(record.CourseCode, module)?.Extent is { } most && credits > most)
            return new Breach(FieldRole.Credits, credits.ToString(), most.ToString(), Phrase.Of("modulen", "the module"));
        return catalogue.CourseCredits(record.CourseCode, record.OfferingCode) is { } course && credits > course
            ? new Breach(FieldRole.Credits, credits.ToString(), course.ToString(), Phrase.Of("kursen", "the course"))
            : null;
    });
}
