using Ingest.Formats;

namespace Ingest.Rules;

/// <summary>
/// The 15:00 judgement of one student at one school: a pure function of the catalogue, of what stands, and of the window's events.
/// Called at intake on the window's set so far (what it refuses then waits) and at the close on the whole set (final). Within a
/// window the outcome depends on the set of records, not on the order in which files came; only events of one key keep theirs.
/// One is made for all students of a pass, and reuses for each what it made for the one before: nothing of a student is in it after.
/// </summary>
/// <param name="courses">The catalogue as at the close of a window; null: the school's courses are not known.</param>
public sealed partial class StudentJudgement(Func<DateOnly, CourseCatalogue?> courses, RuleTerms terms)
{
    private const int MostKept = 256;

    // Most students have few stories: the one meant is found sooner by going through them than by a hash of its key.
    private const int MostUnindexed = 8;

    private static readonly RegistrationType[] RegistrationTypes = Enum.GetValues<RegistrationType>();

    private readonly List<StudentEvent> counting = [];
    private readonly HashSet<StudentEvent> dropped = [];
    private readonly List<Story> stories = [];
    private readonly List<Story> spare = [];
    private readonly List<Story>[] registrations = [.. RegistrationTypes.Select(_ => new List<Story>())];
    private readonly List<Story> interruptions = [];
    private readonly List<Story> results = [];
    private Dictionary<EventKey, Story> storyOf = [];
    private readonly List<Verdict> verdicts = [];
    private readonly Groups<RecordId> countedById = new();
    private readonly StudentContext context = new(terms);
    private readonly List<Story> candidates = [];
    private DateOnly window;

    /// <summary>One student, judged once.</summary>
    /// <inheritdoc cref="Judge(IReadOnlyList{StudentEvent}, DateOnly)"/>
    public static List<Verdict> Judge(Func<DateOnly, CourseCatalogue?> courses, RuleTerms terms, IReadOnlyList<StudentEvent> events, DateOnly lastWindow) =>
        new StudentJudgement(courses, terms).Judge(events, lastWindow);

    /// <summary>
    /// Judges every open window among the events up to <paramref name="lastWindow"/>, oldest first, each on what the one before it
    /// leaves, and moves the events to the states that follow.
    /// </summary>
    /// <param name="events">
    /// All that counts for one student at one school, in order of arrival. States are changed to what they are after the judgement.
    /// </param>
    /// <returns>The verdicts of the last window judged, until the next student is.</returns>
    public List<Verdict> Judge(IReadOnlyList<StudentEvent> events, DateOnly lastWindow)
    {
        verdicts.Clear();
        dropped.Clear();
        counting.Clear();
        counting.AddRange(events);
        // What an earlier window refuses or rejects is, for the next one, as if it had never come: its händelse-id is free again.
        // And what an earlier window left comes first, though it was taken in later: a late file, or what stands from before (baseline).
        if (!InOrder(events))
        {
            counting.Clear();
            counting.AddRange(events.OrderBy(e => e.Window));
        }
        for (var open = NextOpen(events, DateOnly.MinValue, lastWindow); open is { } next; open = NextOpen(events, next.AddDays(1), lastWindow))
        {
            if (dropped.Count > 0) counting.RemoveAll(dropped.Contains);
            window = next;
            JudgeWindow(courses(next));
            foreach (var verdict in verdicts)
            {
                if (verdict.Outcome is Outcome.Refused or Outcome.Rejected || (verdict.Outcome == Outcome.Duplicate && !verdict.TakesId)) dropped.Add(verdict.Event);
                if (verdict.Ends is { } ended) ended.State = EventState.Past;
                verdict.Event.State = verdict.TakesId ? EventState.Repeat
                    : verdict.Outcome == Outcome.Delivered && verdict.IsNew ? EventState.Standing : EventState.Past;
            }
            foreach (var verdict in verdicts)
                foreach (var freed in verdict.Frees)
                {
                    freed.State = EventState.Past;
                    dropped.Add(freed);
                }
        }
        return verdicts;
    }

    private static bool InOrder(IReadOnlyList<StudentEvent> events)
    {
        for (var i = 1; i < events.Count; i++)
            if (events[i].Window < events[i - 1].Window) return false;
        return true;
    }

    /// <summary>The first window of the range of which something is pending.</summary>
    private static DateOnly? NextOpen(IReadOnlyList<StudentEvent> events, DateOnly from, DateOnly to)
    {
        DateOnly? first = null;
        for (var i = 0; i < events.Count; i++)
            if (events[i] is { State: EventState.Pending } e && e.Window >= from && e.Window <= to && !(first <= e.Window)) first = e.Window;
        return first;
    }

    /// <summary>
    /// What is said to stand by one who reported it elsewhere, against what stands here: what is here already is a repeat (R06) or a
    /// contradiction (R07). No other rule holds; it was judged where it was reported. What waits for its close is held against it there.
    /// </summary>
    /// <param name="fileId">The file that says so; its events stand in <paramref name="events"/> like all others.</param>
    /// <returns>The verdicts of its events.</returns>
    public static List<Verdict> JudgeBaseline(IReadOnlyList<StudentEvent> events, long fileId)
    {
        var judgement = new StudentJudgement(_ => null, RuleTerms.Default);
        foreach (var known in events.Where(e => e.FileId != fileId && e.State == EventState.Standing)) judgement.Count(known, new Verdict(known), judgement.StoryOf(known.Key));
        var own = events.Where(e => e.FileId == fileId).Select(e => new Verdict(e)).ToList();
        foreach (var verdict in own) judgement.Count(verdict.Event, verdict, judgement.StoryOf(verdict.Event.Key));
        return own;
    }

    private void JudgeWindow(CourseCatalogue? catalogue)
    {
        verdicts.Clear();
        // One student with very many must not be kept for all later ones.
        if (stories.Count + spare.Count <= MostKept) spare.AddRange(stories);
        stories.Clear();
        foreach (var ofType in registrations) ofType.Clear();
        interruptions.Clear();
        results.Clear();
        if (storyOf.Count > MostKept) storyOf = [];
        else storyOf.Clear();
        countedById.Clear();
        foreach (var e in counting) Tell(e);
        context.Begin(catalogue);
        foreach (var story in stories)
            if (story.Current is { State: EventState.Standing } standing)
                context.Add(standing);
        // Continuing and repeated registrations build on the first one, so its removals are settled before they are judged.
        foreach (var type in RegistrationTypes)
        {
            var ofType = registrations[(int)type];
            if (ofType.Count == 0) continue;
            JudgeNew(ofType, RuleSet.Registrations, static r => r.RegistrationDate);
            SettleRegistrations(ofType);
        }
        if (interruptions.Count > 0)
        {
            JudgeNew(interruptions, RuleSet.Interruptions, static i => i.Date);
            SettleOthers(interruptions);
        }
        if (results.Count > 0)
        {
            JudgeNew(results, RuleSet.Results, static r => r.ExaminationDate);
            SettleOthers(results);
        }
        foreach (var story in stories)
            if (story.Repeats.Count > 0) FreeRepeats(story);
    }

    private static void FreeRepeats(Story story)
    {
        var refused = story.New is { Outcome: Outcome.Refused } ? story.New : story.Removal is { Outcome: Outcome.Refused } ? story.Removal : null;
        if (refused is not null) refused.Frees = [.. story.Repeats.Where(r => r.Record.Action == refused.Event.Record.Action)];
    }

    // --- Step 1: events of one key, in order of arrival.

    private void Tell(StudentEvent e)
    {
        if (e.State == EventState.Pending && e.Window != window) return;
        var story = StoryOf(e.Key);
        if (e.State == EventState.Pending)
        {
            var verdict = new Verdict(e);
            verdicts.Add(verdict);
            Count(e, verdict, story);
            return;
        }
        if (e.State != EventState.Repeat) story.Remember(e);
        else if (e.Window == window) story.AddRepeat(e);
        CountId(e);
    }

    private void Count(StudentEvent e, Verdict verdict, Story story)
    {
        if (!ById(verdict))
        {
            story.Tell(verdict);
            verdict.TakesId = verdict.Outcome == Outcome.Duplicate && e.Record.EventId is not null;
            if (verdict.TakesId) story.AddRepeat(e);
        }
        if (verdict.TakesId || verdict.Outcome is not (Outcome.Duplicate or Outcome.Rejected)) CountId(e);
    }

    private void CountId(StudentEvent e)
    {
        if (e.Record.EventId is { } id) countedById.Add(id, e);
    }

    private Story StoryOf(EventKey key)
    {
        if (Find(key) is { } known) return known;
        var made = spare.Count > 0 ? spare[^1] : new Story();
        if (spare.Count > 0) spare.RemoveAt(spare.Count - 1);
        made.Begin(key);
        stories.Add(made);
        (key.Kind switch
        {
            RecordKind.Registration => registrations[(int)key.Type],
            RecordKind.Interruption => interruptions,
            _ => results,
        }).Add(made);
        if (stories.Count == MostUnindexed + 1) stories.ForEach(s => storyOf.Add(s.Key, s));
        else if (stories.Count > MostUnindexed) storyOf.Add(key, made);
        return made;
    }

    private Story? Find(EventKey key)
    {
        if (stories.Count > MostUnindexed) return storyOf.GetValueOrDefault(key);
        foreach (var story in stories)
            if (story.Key == key) return story;
        return null;
    }

    /// <summary>A händelse-id belongs to one key; the same id again with the same content is a repeat. True when that settles the event.</summary>
    private bool ById(Verdict verdict)
    {
        if (verdict.Event.Record.EventId is not { } id) return false;
        foreach (var earlier in countedById.Of(id))
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

    private void JudgeNew<T>(List<Story> ofKind, StudentRule<T>[] rules, Func<T, DateOnly?> eventDate)
        where T : StudentRecord
    {
        candidates.Clear();
        foreach (var story in ofKind)
            if (story.New is not null) candidates.Add(story);
        if (candidates.Count > 1) SortByDate(eventDate);
        foreach (var story in candidates)
        {
            var verdict = story.New!;
            var record = (T)verdict.Event.Record;
            foreach (var rule in rules)
            {
                if (verdict.Event.Origin == Origin.Certificate && !rule.HoldsForCertificates) continue;
                var breach = rule.Check(record, context);
                if (breach is null) continue;
                if (rule.Refuses) verdict.Refuse(rule.Code, breach.Field, breach.Args);
                else verdict.Add(rule.Code, breach.Field, breach.Args);
            }
            if (verdict.Outcome != Outcome.Delivered) continue;
            verdict.DeliveredAs = DeliveredAs.New;
            context.Add(verdict.Event);
        }
    }

    private void SortByDate<T>(Func<T, DateOnly?> eventDate)
        where T : StudentRecord => candidates.Sort((a, b) =>
        {
            var order = Nullable.Compare(eventDate((T)a.New!.Event.Record), eventDate((T)b.New!.Event.Record));
            return order != 0 ? order : a.Key.CompareTo(b.Key);
        });

    /// <summary>The finding for a händelse-id that another student's record already has, which no judgement of one student can see.</summary>
    public static Finding IdTakenByAnother(StudentEvent e, long otherFile, long otherLine) =>
        Verdict.IdTaken(otherFile, otherLine).ToFinding(FindingCode.R07, e.Record, e.Line);
}
