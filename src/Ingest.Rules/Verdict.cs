using Ingest.Formats;

namespace Ingest.Rules;

/// <summary>What a window's close makes of an event.</summary>
public enum Outcome
{
    /// <summary>Handed on, as what <see cref="Verdict.DeliveredAs"/> says.</summary>
    Delivered,
    /// <summary>Set off against something else: nothing is sent for it.</summary>
    Netted,
    /// <summary>A rule that reads more than the record is not met. Before the close: it waits.</summary>
    Refused,
    /// <summary>R06: reported before with the same content; no effect.</summary>
    Duplicate,
    /// <summary>R07, R40: wrong by what came before it, whatever comes after.</summary>
    Rejected,
}

/// <summary>The row of the delivery that an event becomes.</summary>
public enum DeliveredAs
{
    /// <summary>No row of its own: netted, refused, or the removal half of a change.</summary>
    Nothing,
    New,
    Removal,
    /// <summary><c>Ä</c>: a removal and the new record in its place, one row with old and new.</summary>
    Change,
}

/// <summary>The judgement of one event.</summary>
public sealed class Verdict(StudentEvent judged)
{
    public StudentEvent Event { get; } = judged;

    public Outcome Outcome { get; internal set; } = Outcome.Delivered;

    public DeliveredAs DeliveredAs { get; internal set; }

    /// <summary>Codes with their arguments, lines and fields; columns are not known here.</summary>
    public List<Finding> Findings { get; } = [];

    /// <summary>What it was netted against, replaced by, or a repeat of; null when nothing.</summary>
    public StudentEvent? Counterpart { get; internal set; }

    /// <summary>The delivered event that stands no longer because of this one.</summary>
    public StudentEvent? Ends { get; internal set; }

    internal bool IsNew => Event.Record.Action == ReportAction.N;

    internal void Add(FindingCode code, FieldRole field, params string[] args) =>
        Findings.Add(new Breach(field, args).ToFinding(code, Event.Record.Kind, Event.Line));

    internal void Refuse(FindingCode code, FieldRole field, params string[] args)
    {
        Outcome = Outcome.Refused;
        Add(code, field, args);
    }
}
