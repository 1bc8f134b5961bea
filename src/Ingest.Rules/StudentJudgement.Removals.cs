using Ingest.Formats;

namespace Ingest.Rules;

public sealed partial class StudentJudgement
{
    // --- Step 3: removals.

    private void SettleRegistrations(List<Story> ofType)
    {
        foreach (var story in ofType)
            if (story.Removals.Count > 0) WarnOfRefusedReplacement(story.Removals, ofType);
        if (!ofType.Exists(static s => s.Removal is not null)) return;
        SettleRemovals(ofType);
    }

    private void SettleRemovals(List<Story> ofType)
    {
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
            if (story.Removals.Count > 0) WarnOfRefusedReplacement(story.Removals, ofKind);
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
    private static void WarnOfRefusedReplacement(IReadOnlyList<Verdict> removals, List<Story> ofKind)
    {
        var codes = ofKind
            .Where(s => s.New is { Outcome: Outcome.Refused } && s.Key.SharesPlaceWith(removals[0].Event.Key))
            .SelectMany(s => s.New!.Findings.Select(f => f.Code))
            .Where(c => c != FindingCode.K41 && FindingCatalogue.Get(c).Severity == Severity.W)
            .Distinct().Order().ToList();
        if (codes.Count == 0) return;
        foreach (var removal in removals) removal.Add(FindingCode.K45, FieldRole.Action, string.Join(' ', codes));
    }
}
