using Ingest.Formats;

namespace Ingest.Rules;

/// <summary>
/// A rule that reads what is known about the student and the courses. Not met, the record waits for what is missing, and is
/// refused at the close if it never came; by one that only warns or informs (V, I) it is not held.
/// </summary>
/// <param name="Check">Answers how the rule is broken, or null.</param>
internal sealed record StudentRule<T>(FindingCode Code, Func<T, StudentContext, Breach?> Check)
    where T : StudentRecord
{
    public bool Refuses { get; } = FindingCatalogue.Get(Code).Severity == Severity.W;

    /// <summary>False for a rule that a paper certificate, of a part of the work, does not have to meet.</summary>
    public bool HoldsForCertificates { get; init; } = true;
}

/// <summary>
/// What a new record is judged against: the catalogue, and the student's records that stand (less those with a removal in the
/// window) or that passed before it in this pass.
/// </summary>
internal sealed class StudentContext(RuleTerms terms)
{
    /// <summary>Null for a school whose courses we do not know: the catalogue rules are then skipped.</summary>
    public CourseCatalogue? Catalogue { get; private set; }

    // Made when the first is added: what is held against the catalogue alone asks for none.
    private readonly Groups<string>?[] byCourse = new Groups<string>?[3];

    // How the sum of the registrations' paces changes, and on which days, in their order.
    private readonly List<(DateOnly Day, int Change)> paceChanges = [];

    /// <summary>A new student, of whom nothing is known yet.</summary>
    public StudentContext Begin(CourseCatalogue? catalogue)
    {
        Catalogue = catalogue;
        foreach (var groups in byCourse) groups?.Clear();
        paceChanges.Clear();
        return this;
    }

    /// <summary>It stands, or passed: what is judged after it reads it.</summary>
    public void Add(StudentEvent e)
    {
        if (e.Record is Registration r) ChangePace(r, +1);
        (byCourse[(int)e.Key.Kind] ??= new(StringComparer.Ordinal)).Add(e.Record.CourseCode, e);
    }

    public void Remove(StudentEvent e)
    {
        if (e.Record is Registration r) ChangePace(r, -1);
        byCourse[(int)e.Key.Kind]?.Remove(e.Record.CourseCode, e);
    }

    public IReadOnlyList<StudentEvent> RegistrationEventsOn(string course) => On(RecordKind.Registration, course);

    public IEnumerable<Registration> RegistrationsOn(string course) => RecordsOn<Registration>(RecordKind.Registration, course);

    // What nearly every record asks is answered without anything made for the asking.

    public bool IsRegisteredOn(string course) => On(RecordKind.Registration, course).Count > 0;

    public bool IsRegisteredOn(string course, string offering)
    {
        foreach (var e in On(RecordKind.Registration, course))
            if (e.Record.OfferingCode == offering) return true;
        return false;
    }

    /// <summary>The first registration of the first time on a course; null when there is none.</summary>
    public StudentEvent? FirstRegistrationOn(string course)
    {
        foreach (var e in On(RecordKind.Registration, course))
            if (e.Record is Registration { Type: RegistrationType.FFG }) return e;
        return null;
    }

    /// <summary>The earliest start and the latest end of what the student is registered on; nulls when it is nothing.</summary>
    /// <param name="offering">Null: any of the course.</param>
    public (DateOnly? Start, DateOnly? End) PeriodOn(string course, string? offering)
    {
        var (start, end) = ((DateOnly?)null, (DateOnly?)null);
        foreach (var e in On(RecordKind.Registration, course))
        {
            if (e.Record is not Registration r || (offering is not null && r.OfferingCode != offering)) continue;
            if (start is null || r.Start < start) start = r.Start;
            if (end is null || r.End > end) end = r.End;
        }
        return (start, end);
    }

    /// <summary>The date of the first avbrott; null when there is none.</summary>
    /// <param name="offering">Null: any of the course.</param>
    public DateOnly? FirstInterruptionOn(string course, string? offering)
    {
        DateOnly? first = null;
        foreach (var e in On(RecordKind.Interruption, course))
            if (e.Record is Interruption i && (offering is null || i.OfferingCode == offering) && (first is null || i.Date < first)) first = i.Date;
        return first;
    }

    /// <summary>The most, in per cent, that registrations on any course add up to on a day of the period; 0 when none overlaps it.</summary>
    public int MostPace(DateOnly from, DateOnly to)
    {
        var (sum, most) = (0, 0);
        foreach (var (day, change) in paceChanges)
        {
            if (day > from) most = Math.Max(most, sum);
            if (day > to) return most;
            sum += change;
        }
        return Math.Max(most, sum);
    }

    private void ChangePace(Registration r, int sign)
    {
        Change(r.Start!.Value, sign * r.Pace!.Value);
        Change(r.End!.Value.AddDays(1), -sign * r.Pace!.Value);

        void Change(DateOnly day, int by)
        {
            var at = paceChanges.Count - 1;
            while (at >= 0 && paceChanges[at].Day > day) at--;
            if (at >= 0 && paceChanges[at].Day == day) paceChanges[at] = (day, paceChanges[at].Change + by);
            else paceChanges.Insert(at + 1, (day, by));
        }
    }

    public bool IsPass(Result result) => terms.Grades.IsPass(result.Grade, result.ExaminationDate!.Value);

    /// <summary>The passed modules of a course, each with its best pass in hundredths of hp.</summary>
    public IReadOnlyDictionary<string, long> PassedModules(string course)
    {
        Dictionary<string, long>? best = null;
        foreach (var e in On(RecordKind.Result, course))
        {
            if (e.Record is not Result { ModuleCode: { } module, Credits: { Hundredths: var hundredths } } result || !IsPass(result)) continue;
            best ??= new Dictionary<string, long>(StringComparer.Ordinal);
            best[module] = Math.Max(hundredths, best.GetValueOrDefault(module));
        }
        return best ?? None;
    }

    private static readonly Dictionary<string, long> None = [];

    /// <summary>hp passed on a course: its modules, or a result on the whole of it, which is the same credits again and never counts twice.</summary>
    public Credits PassedCredits(string course) => new(Math.Max(
        PassedModules(course).Values.Sum(),
        Passes(course).Where(r => r.ModuleCode is null).Select(r => r.Credits!.Value.Hundredths).DefaultIfEmpty().Max()));

    private IEnumerable<Result> Passes(string course) => RecordsOn<Result>(RecordKind.Result, course).Where(IsPass);

    // Most often there are none, and what is asked of none costs nothing.
    private IEnumerable<T> RecordsOn<T>(RecordKind kind, string course)
        where T : StudentRecord => On(kind, course) is { Count: > 0 } all ? all.Select(e => (T)e.Record) : [];

    private List<StudentEvent> On(RecordKind kind, string course) => byCourse[(int)kind]?.Of(course) ?? Groups<string>.None;
}
