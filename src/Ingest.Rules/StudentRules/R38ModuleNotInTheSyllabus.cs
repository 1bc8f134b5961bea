using Ingest.Formats;

namespace Ingest.Rules.StudentRules;

/// <summary>R38: only what carries credits in the syllabus counts. Source: CSN, bara kurser och moduler som ger hp enligt kursplanen räknas.</summary>
internal static class R38ModuleNotInTheSyllabus
{
    public static readonly StudentRule<Result> Rule = new(FindingCode.R38, (record, context) =>
        record.ModuleCode is { } module && context.Catalogue is { } catalogue && catalogue.Module(record.CourseCode, module) is null
            ? new Breach(FieldRole.ModuleCode, Phrase.Code(module), Phrase.Code(record.CourseCode), catalogue.ModuleMeant(record.CourseCode))
            : null);
}
