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
    public IReadOnlyList<Finding> Findings => findings ?? (IReadOnlyList<Finding>)[];

    // Nearly no verdict has any.
    private List<Finding>? findings;

    /// <summary>What it was netted against, replaced by, or a repeat of; null when nothing.</summary>
    public StudentEvent? Counterpart { get; internal set; }

    /// <summary>The delivered event that stands no longer because of this one.</summary>
    public StudentEvent? Ends { get; internal set; }

    /// <summary>A repeat under a händelse-id that nothing else has: it has no effect, but the id is taken from now on.</summary>
    public bool TakesId { get; internal set; }

    /// <summary>Repeats under ids of their own of what is refused here: those ids are free again too.</summary>
    public IReadOnlyList<StudentEvent> Frees { get; internal set; } = [];

    internal bool IsNew => Event.Record.Action == ReportAction.N;

    internal void Add(FindingCode code, FieldRole field, params string[] args) =>
        (findings ??= []).Add(new Breach(field, args).ToFinding(code, Event.Record, Event.Line));

    internal void Refuse(FindingCode code, FieldRole field, params string[] args)
    {
        Outcome = Outcome.Refused;
        Add(code, field, args);
    }

    internal void Net(FindingCode code, StudentEvent? against, params string[] args)
    {
        Outcome = Outcome.Netted;
        DeliveredAs = DeliveredAs.Nothing;
        Counterpart = against;
        Add(code, FieldRole.Action, against is null ? args : [FileId.Text(against.FileId), Phrase.Number(against.Line)]);
    }

    /// <summary>R06: the same again.</summary>
    internal void Repeat(StudentEvent earlier)
    {
        Outcome = Outcome.Duplicate;
        Counterpart = earlier;
        Add(FindingCode.R06, FieldRole.Action, FileId.Text(earlier.FileId), Phrase.Number(earlier.Line));
    }

    /// <summary>R07: the same key with other content.</summary>
    internal void RejectContent(StudentEvent earlier)
    {
        var names = Content.Differences(earlier.Record, Event.Record, onlyStated: false);
        var first = Layouts.Of(Event.Record.Kind).Fields.First(f => f.Name == names[0]).Role;
        var fields = string.Join(", ", names);
        Reject(new Breach(first, Phrase.Of($"{fields} skiljer sig", $"{fields} differs"), FileId.Text(earlier.FileId), Phrase.Number(earlier.Line)));
    }

    /// <summary>R07: the händelse-id belongs to another key.</summary>
    internal void RejectId(StudentEvent earlier) => Reject(IdTaken(earlier.FileId, earlier.Line));

    /// <summary>R40.</summary>
    internal void RejectRemovalOfNothing()
    {
        Outcome = Outcome.Rejected;
        Add(FindingCode.R40, FieldRole.CourseCode);
    }

    internal static Breach IdTaken(long fileId, long line) => new(FieldRole.EventId,
        Phrase.Of("händelse-id är redan använt för en annan uppgift", "the händelse-id is already used for something else"), FileId.Text(fileId), Phrase.Number(line));

    private void Reject(Breach breach)
    {
        Outcome = Outcome.Rejected;
        Add(FindingCode.R07, breach.Field, breach.Args);
    }
}
