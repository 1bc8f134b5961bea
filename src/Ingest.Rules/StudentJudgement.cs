using Ingest.Formats;

namespace Ingest.Rules;

/// <summary>
/// The 15:00 judgement of one student at one school: a pure function of the catalogue, of what stands, and of the window's events.
/// Called at intake on the window's set so far (what it refuses then waits) and at the close on the whole set (final). Within a
/// window the outcome depends on the set of records, not on the order in which files came; only events of one key keep theirs.
/// </summary>
public sealed class StudentJudgement
{
    private readonly CourseCatalogue? catalogue;
    private readonly RuleTerms terms;
    private readonly DateOnly window;
    private readonly List<Story> stories = [];
    private readonly Dictionary<EventKey, Story> storyOf = [];
    private readonly List<Verdict> verdicts = [];
    private readonly Dictionary<string, List<StudentEvent>> countedById = new(StringComparer.OrdinalIgnoreCase);
    private StudentContext context = null!;

    private StudentJudgement(CourseCatalogue? catalogue, RuleTerms terms, DateOnly window) =>
        (this.catalogue, this.terms, this.window) = (catalogue, terms, window);

    /// <summary>
    /// Judges every open window among the events up to <paramref name="lastWindow"/>, oldest first, each on what the one before it
    /// leaves, and moves the events to the states that follow.
    /// </summary>
    /// <param name="events">
    /// All that counts for one student at one school, in order of arrival. States are changed to what they are after the judgement.
    /// </param>
    /// <param name="courses">The catalogue as at the close of a window; null: the school's courses are not known.</param>
    /// <returns>The verdicts of the last window judged.</returns>
    public static List<Verdict> Judge(Func<DateOnly, CourseCatalogue?> courses, RuleTerms terms, IReadOnlyList<StudentEvent> events, DateOnly lastWindow)
    {
        List<Verdict> last = [];
        // What an earlier window refuses or rejects is, for the next one, as if it had never come: its händelse-id is free again.
        // And what an earlier window left comes first, though it was taken in later: a late file, or what stands from before (baseline).
        var counting = events.OrderBy(e => e.Window).ToList();
        var dropped = new HashSet<StudentEvent>();
        foreach (var open in events.Where(e => e.State == EventState.Pending && e.Window <= lastWindow).Select(e => e.Window).Distinct().Order().ToList())
        {
            counting.RemoveAll(dropped.Contains);
            last = new StudentJudgement(courses(open), terms, open).JudgeWindow(counting);
            foreach (var verdict in last)
            {
                if (verdict.Outcome is Outcome.Refused or Outcome.Rejected || (verdict.Outcome == Outcome.Duplicate && !verdict.TakesId)) dropped.Add(verdict.Event);
                if (verdict.Ends is { } ended) ended.State = EventState.Past;
                verdict.Event.State = verdict.TakesId ? EventState.Repeat
                    : verdict.Outcome == Outcome.Delivered && verdict.IsNew ? EventState.Standing : EventState.Past;
            }
            foreach (var freed in last.SelectMany(v => v.Frees))
            {
                freed.State = EventState.Past;
                dropped.Add(freed);
            }
        }
        return last;
    }

    /// <summary>
    /// What is said to stand by one who reported it elsewhere, against what stands here: what is here already is a repeat (R06) or a
    /// contradiction (R07). No other rule holds; it was judged where it was reported. What waits for its close is held against it there.
    /// </summary>
    /// <param name="fileId">The file that says so; its events stand in <paramref name="events"/> like all others.</param>
    /// <returns>The verdicts of its events.</returns>
    public static List<Verdict> JudgeBaseline(IReadOnlyList<StudentEvent> events, long fileId)
    {
        var judgement = new StudentJudgement(null, RuleTerms.Default, DateOnly.MinValue);
        foreach (var known in events.Where(e => e.FileId != fileId && e.State == EventState.Standing)) judgement.Count(known, new Verdict(known));
        var own = events.Where(e => e.FileId == fileId).Select(e => new Verdict(e)).ToList();
        foreach (var verdict in own) judgement.Count(verdict.Event, verdict);
        return own;
    }

    private List<Verdict> JudgeWindow(List<StudentEvent> events)
    {
        foreach (var e in events) Tell(e);
        context = new StudentContext(catalogue, terms);
        foreach (var story in stories)
            if (story.Current is { State: EventState.Standing } standing)
                context.Add(standing);
        // Continuing and repeated registrations build on the first one, so its removals are settled before they are judged.
        foreach (var type in Enum.GetValues<RegistrationType>())
        {
            var ofType = Of(RecordKind.Registration).Where(s => s.Key.Type == type).ToList();
            JudgeNew(ofType, RuleSet.Registrations, r => r.RegistrationDate);
            SettleRegistrations(ofType);
        }
        JudgeNew(Of(RecordKind.Interruption), RuleSet.Interruptions, i => i.Date);
        SettleOthers(Of(RecordKind.Interruption));
        JudgeNew(Of(RecordKind.Result), RuleSet.Results, r => r.ExaminationDate);
        SettleOthers(Of(RecordKind.Result));
        foreach (var story in stories)
            if (Array.Find([story.New, story.Removal], v => v is { Outcome: Outcome.Refused }) is { } refused) refused.Frees = story.Repeats.FindAll(r => r.Record.Action == refused.Event.Record.Action);
        return verdicts;
    }

    private List<Story> Of(RecordKind kind) => stories.FindAll(s => s.Key.Kind == kind);

    // --- Step 1: events of one key, in order of arrival.

    private void Tell(StudentEvent e)
    {
        if (e.State == EventState.Pending && e.Window != window) return;
        var story = StoryOf(e.Key);
        if (e.State == EventState.Pending)
        {
            var verdict = new Verdict(e);
            verdicts.Add(verdict);
            Count(e, verdict);
            return;
        }
        if (e.State != EventState.Repeat) story.Remember(e);
        else if (e.Window == window) story.Repeats.Add(e);
        CountId(e);
    }

    private void Count(StudentEvent e, Verdict verdict)
    {
        if (!ById(verdict))
        {
            var story = StoryOf(e.Key);
            story.Tell(verdict);
            verdict.TakesId = verdict.Outcome == Outcome.Duplicate && e.Record.EventId is not null;
            if (verdict.TakesId) story.Repeats.Add(e);
        }
        if (verdict.TakesId || verdict.Outcome is not (Outcome.Duplicate or Outcome.Rejected)) CountId(e);
    }

    private void CountId(StudentEvent e)
    {
        if (e.Record.EventId is not { } id) return;
        if (!countedById.TryGetValue(id, out var same)) countedById.Add(id, same = []);
        same.Add(e);
    }

    private Story StoryOf(EventKey key)
    {
        if (storyOf.TryGetValue(key, out var story)) return story;
        var made = new Story(key);
        stories.Add(made);
        storyOf.Add(key, made);
        return made;
    }

    /// <summary>A händelse-id belongs to one key; the same id again with the same content is a repeat. True when that settles the event.</summary>
    private bool ById(Verdict verdict)
    {
        if (verdict.Event.Record.EventId is not { } id || !countedById.TryGetValue(id, out var same)) return false;
        foreach (var earlier in same)
        {
            if (earlier.Key != verdict.Event.Key)
            {
                verdict.RejectId(earlier);
                return true;
            }
            if (earlier.Record.Action != verdict.Event.Record.Action) continue;
            if (verdict.IsNew && !Content.Same(earlier.Record, verdict.Event.Record)) verdict.RejectContent(earlier);
            else verdict.Repeat(earlier);
            return true;
        }
        return false;
    }

    // --- Step 2: new things, each against the catalogue, the standing, and what passed before it.

    private void JudgeNew<T>(List<Story> ofKind, IReadOnlyList<StudentRule<T>> rules, Func<T, DateOnly?> eventDate)
        where T : StudentRecord
    {
        foreach (var story in ofKind.Where(s => s.New is not null).OrderBy(s => eventDate((T)s.New!.Event.Record)).ThenBy(s => s.Key))
        {
            var verdict = story.New!;
            foreach (var rule in rules)
            {
                if (verdict.Event.Origin == Origin.Certificate && !rule.HoldsForCertificates) continue;
                var breach = rule.Check((T)verdict.Event.Record, context);
                if (breach is null) continue;
                if (rule.Refuses) verdict.Refuse(rule.Code, breach.Field, breach.Args);
                else verdict.Add(rule.Code, breach.Field, breach.Args);
            }
            if (verdict.Outcome != Outcome.Delivered) continue;
            verdict.DeliveredAs = DeliveredAs.New;
            context.Add(verdict.Event);
        }
    }

    // --- Step 3: removals.

    private void SettleRegistrations(List<Story> ofType)
    {
        foreach (var story in ofType) WarnOfRefusedReplacement(story.Removals, ofType);
        foreach (var story in ofType.Where(s => s.Removal is not null).OrderBy(s => s.Key).ToList())
        {
            var (removal, old) = (story.Removal!, (Registration)story.Removed!.Record);
            var onCourse = ofType.FindAll(s => s.Key.Course == story.Key.Course);
            // (2) Removed once, and replaced by a first registration of the same extent and period: only the new one is sent.
            var replacement = old.Type == RegistrationType.FFG && onCourse.Where(s => s.Removal is not null).Sum(s => 1 + s.UnderOtherNumbers.Count) == 1
                ? onCourse.Find(s => s.New is { Outcome: Outcome.Delivered, Event.Record: Registration r }
                    && (r.Extent, r.Start, r.End) == (old.Extent, old.Start, old.End))?.New
                : null;
            if (replacement is not null)
            {
                removal.Net(FindingCode.K43, replacement.Event);
                removal.Ends = story.Removed;
                continue;
            }
            SettleRemoval(story, removal, story.Removed, onCourse, story.New);
            foreach (var (other, removed) in story.UnderOtherNumbers) SettleRemoval(story, other, removed, onCourse, replacement: null);
        }
    }

    private void SettleRemoval(Story story, Verdict removal, StudentEvent removed, List<Story> onCourse, Verdict? replacement)
    {
        if (removal.Event.Origin == Origin.Correction)
        {
            Deliver(removal, removed, replacement, onCourse);
        }
        else if (((Registration)removed.Record).End is { } end && end < window)
        {
            // (4) Its period had already passed: nothing is sent.
            removal.Net(FindingCode.K44, null, Phrase.Date(end));
            removal.Ends = removed;
            WarnOfRefusedReplacement([removal], onCourse);
        }
        else
        {
            // (5) Anything else could stop the student's payments by itself: it goes by mail.
            removal.Refuse(FindingCode.K41, FieldRole.Action);
            // Once, however many numbers it stands under.
            if (story.Current is not { State: EventState.Standing } && !context.RegistrationEventsOn(story.Key.Course).Any(e => e.State == EventState.Standing && e.Key == story.Key))
                context.Add(removed);
            foreach (var verdict in onCourse.Select(s => s.New).OfType<Verdict>().Where(v => v.Outcome == Outcome.Delivered))
            {
                verdict.DeliveredAs = DeliveredAs.Nothing;
                verdict.Refuse(FindingCode.K41, FieldRole.Action);
                context.Remove(verdict.Event);
            }
        }
    }

    /// <summary>A removal of a delivered avbrott or result is handed on; with a new record of the same key, as one change.</summary>
    private static void SettleOthers(List<Story> ofKind)
    {
        foreach (var story in ofKind)
        {
            WarnOfRefusedReplacement(story.Removals, ofKind);
            if (story.Removal is { } removal) Deliver(removal, story.Removed!, story.New, ofKind);
            foreach (var (other, removed) in story.UnderOtherNumbers) Deliver(other, removed, replacement: null, ofKind);
        }
    }

    /// <summary>Hands a removal on; with a new record of the same key, as one change.</summary>
    private static void Deliver(Verdict removal, StudentEvent removed, Verdict? replacement, List<Story> ofKind)
    {
        removal.Ends = removed;
        if (replacement is { Outcome: Outcome.Delivered })
        {
            replacement.DeliveredAs = DeliveredAs.Change;
            replacement.Counterpart = removed;
            removal.Counterpart = replacement.Event;
        }
        else
        {
            removal.DeliveredAs = DeliveredAs.Removal;
            removal.Counterpart = removed;
            WarnOfRefusedReplacement([removal], ofKind);
        }
    }

    /// <summary>K45: what was to take the removed one's place was refused by its own fault; the removal holds all the same.</summary>
    private static void WarnOfRefusedReplacement(List<Verdict> removals, List<Story> ofKind)
    {
        if (removals.Count == 0) return;
        var codes = ofKind
            .Where(s => s.New is { Outcome: Outcome.Refused } && s.Key.SharesPlaceWith(removals[0].Event.Key))
            .SelectMany(s => s.New!.Findings.Select(f => f.Code))
            .Where(c => c != FindingCode.K41 && FindingCatalogue.Get(c).Severity == Severity.W)
            .Distinct().Order().ToList();
        if (codes.Count == 0) return;
        foreach (var removal in removals) removal.Add(FindingCode.K45, FieldRole.Action, string.Join(' ', codes));
    }

    /// <summary>The finding for a händelse-id that another student's record already has, which no judgement of one student can see.</summary>
    public static Finding IdTakenByAnother(StudentEvent e, long otherFile, long otherLine) =>
        Verdict.IdTaken(otherFile, otherLine).ToFinding(FindingCode.R07, e.Record, e.Line);
}
