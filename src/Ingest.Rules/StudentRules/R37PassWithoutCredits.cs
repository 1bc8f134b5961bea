using Ingest.Formats;

namespace Ingest.Rules.StudentRules;

/// <summary>R37: a pass gives the hp that the syllabus gives; without them it counts for nothing. Source: the syllabus (kursplan), 6 kap. 15 § högskoleförordningen (1993:100).</summary>
internal static class R37PassWithoutCredits
{
    public static readonly StudentRule<Result> Rule = new(FindingCode.R37, (record, context) =>
    {
        if (record.Credits is not { Hundredths: 0 } || !context.IsPass(record) || context.Catalogue is not { } catalogue) return null;
        var given = record.ModuleCode is { } module ? catalogue.Module(record.CourseCode, module)?.Extent : catalogue.CourseCredits(record.CourseCode, record.OfferingCode);
        if (given is not { Hundredths: > 0 } hp) return null;
        // Only a credit transfer lacks a grade.
        var passed = record.Grade is { } grade ? Phrase.Of($"betyg {grade}", $"grade {grade}") : Phrase.Of("tillgodoräknande utan betyg", "credit transfer without a grade");
        return new Breach(FieldRole.Credits, passed, hp.ToString());
    });
}
