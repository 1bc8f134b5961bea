using Ingest.Formats;

namespace Ingest.Rules;

/// <summary>
/// A rule that reads the record alone (and the date on which it arrived). It holds for an N only: a removal states what was, and
/// is judged by nothing but its form.
/// </summary>
/// <param name="Code">What it raises. One rule, one code.</param>
/// <param name="Check">
/// Answers the field that breaks the rule and the arguments of the message, or null when the rule is met or a field that it needs
/// is missing or unsound.
/// </param>
public sealed record RecordRule(FindingCode Code, Func<ReportRecord, RecordContext, Breach?> Check);

/// <summary>What a record is judged against when it is judged alone.</summary>
/// <param name="Arrival">The Swedish date of arrival; "in the future" is after it.</param>
public readonly record struct RecordContext(DateOnly Arrival, RuleTerms Terms);

/// <summary>How a rule was broken: the field to point at, and the message's arguments.</summary>
public sealed record Breach(FieldRole Field, params string[] Args);
