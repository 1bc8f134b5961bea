using Ingest.Formats;

namespace Ingest.Rules.StudentRules;

/// <summary>R30: a result belongs to a registration; a credit transfer comes from elsewhere and needs none. Source: Ladok.</summary>
internal static class R30ResultWithoutRegistration
{
    public static readonly StudentRule<Result> Rule = new(FindingCode.R30, (record, context) =>
        record.CreditTransfer || context.IsRegisteredOn(record.CourseCode)
            ? null
            : new Breach(FieldRole.CourseCode, Phrase.Code(record.CourseCode)));
}
