using Ingest.Formats;

namespace Ingest.Rules.StudentRules;

/// <summary>R39: a pass on the whole course gives the course's hp. A certificate is of a part of them. Source: the syllabus (kursplan), 6 kap. 15 § högskoleförordningen (1993:100).</summary>
internal static class R39CourseResultWithOtherCredits
{
    public static readonly StudentRule<Result> Rule = new(FindingCode.R39, (record, context) =>
        record.ModuleCode is null && context.IsPass(record) && record.Credits is { } credits
        && context.Catalogue?.CourseCredits(record.CourseCode, record.OfferingCode) is { } course && credits != course
            ? new Breach(FieldRole.Credits, credits.ToString(), course.ToString())
            : null)
    { HoldsForCertificates = false };
}
