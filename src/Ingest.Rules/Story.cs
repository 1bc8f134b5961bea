using Ingest.Formats;

namespace Ingest.Rules;

/// <summary>
/// One key's story: what stood, and what the window's events make of it, in order of arrival (step 1 of the judgement). Used again for
/// another student's, by <see cref="Begin"/>.
/// </summary>
internal sealed class Story
{
    private StudentEvent? lastRemoval;

    // What was delivered and not removed. More than one only where two numbers that both had it have become one person's.
    private readonly List<StudentEvent> standing = [];

    // Numbers under which it has been removed: a removal that comes again is about what is gone, not about another number's record.
    private HashSet<Personnummer>? removedUnder;

    // Lists of what few stories have are made when they are needed: there is a story for each thing of each student.
    private List<(Verdict Removal, StudentEvent Removed)>? underOtherNumbers;
    private List<StudentEvent>? repeats;
    private List<Verdict>? removals;

    public EventKey Key { get; private set; }

    /// <summary>As new.</summary>
    public Story Begin(EventKey key)
    {
        Key = key;
        standing.Clear();
        (lastRemoval, removedUnder, underOtherNumbers, repeats, removals) = (null, null, null, null, null);
        (Removal, Removed, New) = (null, null, null);
        return this;
    }

    /// <summary>What a removal would remove now: the delivered record, or the window's new one.</summary>
    public StudentEvent? Current => New?.Event ?? (standing.Count > 0 ? standing[^1] : null);

    /// <summary>The removal, in this window, of <see cref="Removed"/>, which was delivered before it.</summary>
    public Verdict? Removal { get; private set; }

    public StudentEvent? Removed { get; private set; }

    /// <summary>Further removals of the window, and what each removes: the same thing, delivered under other numbers of the person.</summary>
    public IReadOnlyList<(Verdict Removal, StudentEvent Removed)> UnderOtherNumbers => underOtherNumbers ?? (IReadOnlyList<(Verdict, StudentEvent)>)[];

    /// <summary>The window's repeats that came under ids of their own.</summary>
    public IReadOnlyList<StudentEvent> Repeats => repeats ?? (IReadOnlyList<StudentEvent>)[];

    /// <summary>Removals of what was itself new in the window.</summary>
    public IReadOnlyList<Verdict> Removals => removals ?? (IReadOnlyList<Verdict>)[];

    /// <summary>The new record that is left when the window's removals are counted.</summary>
    public Verdict? New { get; private set; }

    /// <summary>Something from before the window.</summary>
    public void Remember(StudentEvent e)
    {
        if (e.State == EventState.Standing) standing.Add(e);
        lastRemoval = e.Record.Action == ReportAction.B ? e : null;
        if (lastRemoval is not null) (removedUnder ??= []).Add(e.Record.Student);
    }

    /// <summary>A repeat of the window, under an id of its own.</summary>
    public void AddRepeat(StudentEvent e) => (repeats ??= []).Add(e);

    /// <summary>The next event of the window.</summary>
    public void Tell(Verdict verdict)
    {
        if (verdict.IsNew) TellNew(verdict);
        else TellRemoval(verdict);
    }

    private void TellNew(Verdict verdict)
    {
        if (Current is { } current)
        {
            if (Content.Same(current.Record, verdict.Event.Record)) verdict.Repeat(current);
            else verdict.RejectContent(current);
            return;
        }
        (New, lastRemoval) = (verdict, null);
    }

    private void TellRemoval(Verdict verdict)
    {
        if (Removal is { Event.Origin: Origin.School } asked && verdict.Event.Origin == Origin.Correction && StandingUnder(verdict.Event) is null)
        {
            // What the school asked for in vain, an operator orders: it is the operator's removal that counts.
            asked.Repeat(verdict.Event);
            (Removal, lastRemoval) = (verdict, verdict.Event);
            return;
        }
        if ((New?.Event ?? Meant(verdict.Event)) is not { } current)
        {
            if (lastRemoval is not null) verdict.Repeat(lastRemoval);
            else verdict.RejectRemovalOfNothing();
            return;
        }
        if (Content.Differences(current.Record, verdict.Event.Record, onlyStated: true) is { Count: > 0 } differences)
            verdict.Add(FindingCode.R41, FieldRole.Action, string.Join(", ", differences));
        if (New is { } added)
        {
            // (1) Added and removed in the window: both take themselves out.
            added.Net(FindingCode.K42, verdict.Event);
            verdict.Net(FindingCode.K42, added.Event);
            (removals ??= []).Add(verdict);
        }
        else
        {
            standing.Remove(current);
            if (Removal is not null) (underOtherNumbers ??= []).Add((Removal, Removed!));
            (Removal, Removed) = (verdict, current);
        }
        (New, lastRemoval) = (null, verdict.Event);
        (removedUnder ??= []).Add(verdict.Event.Record.Student);
    }

    private StudentEvent? StandingUnder(StudentEvent removal) => standing.FindLast(s => s.Record.Student == removal.Record.Student);

    /// <summary>Which of the person's numbers is meant: the one that the removal states, else the one whose record it states, else the last.</summary>
    private StudentEvent? Meant(StudentEvent removal) =>
        StandingUnder(removal) is { } own ? own
        : removedUnder?.Contains(removal.Record.Student) == true ? null
        : standing.FindLast(s => Content.Differences(s.Record, removal.Record, onlyStated: true).Count == 0)
        ?? standing.LastOrDefault();
}
