using Ingest.Formats;

namespace Ingest.Rules.RecordRules;

/// <summary>R36: U, F and Fx give 0 hp. Source: 6 kap. 18 § högskoleförordningen (1993:100); only passed parts count at CSN.</summary>
internal static class R36FailGradeWithCredits
{
    public static readonly RecordRule Rule = new(FindingCode.R36, (record, context) =>
        record is Result { Grade: { } grade, Credits: { Hundredths: > 0 } credits } result
        && !context.Terms.Grades.IsPass(grade, result.ExaminationDate ?? context.Arrival)
            ? new Breach(FieldRole.Credits, grade, credits.ToString())
            : null);
}
