using Ingest.Formats;

namespace Ingest.Rules;

/// <summary>The amounts in rules that an installation sets: <c>Rules:*</c>. What the law sets stands in <c>Tables/</c>.</summary>
public sealed record RuleTerms
{
    public static RuleTerms Default { get; } = new();

    /// <summary>R10: days before the period's start from which a registration is early. Default 30: a term's registration opens about a month before.</summary>
    public int EarlyRegistrationDays { get; init; } = 30;

    /// <summary>R25: days after its date from which an avbrott is reported late. Default 14; CSN asks for it "as soon as it happens".</summary>
    public int LateInterruptionDays { get; init; } = 14;

    /// <summary>Which grades pass. Default the national scales.</summary>
    public Grades Grades { get; init; } = Grades.Swedish;
}
