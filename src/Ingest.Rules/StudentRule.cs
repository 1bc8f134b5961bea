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
internal sealed class StudentContext(CourseCatalogue? catalogue, RuleTerms terms)
{
    /// <summary>Null for a school whose courses we do not know: the catalogue rules are then skipped.</summary>
    public CourseCatalogue? Catalogue { get; } = catalogue;

    private readonly Dictionary<string, List<StudentEvent>>[] byCourse =
        [new(StringComparer.Ordinal), new(StringComparer.Ordinal), new(StringComparer.Ordinal)];

    // How the sum of the registrations' paces changes, and on which days.
    private readonly SortedDictionary<DateOnly, int> paceChanges = [];

    /// <summary>It stands, or passed: what is judged after it reads it.</summary>
    public void Add(StudentEvent e)
    {
        if (e.Record is Registration r) ChangePace(r, +1);
        var table = byCourse[(int)e.Key.Kind];
        if (!table.TryGetValue(e.Record.CourseCode, out var all)) table.Add(e.Record.CourseCode, all = []);
        all.Add(e);
    }

    public void Remove(StudentEvent e)
    {
        if (e.Record is Registration r) ChangePace(r, -1);
        byCourse[(int)e.Key.Kind][e.Record.CourseCode].Remove(e);
    }

    public IReadOnlyList<StudentEvent> RegistrationEventsOn(string course) => On(RecordKind.Registration, course);

    public IEnumerable<Registration> RegistrationsOn(string course) => On(RecordKind.Registration, course).Select(e => (Registration)e.Record);

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

        void Change(DateOnly day, int by) => paceChanges[day] = paceChanges.GetValueOrDefault(day) + by;
    }

    public IEnumerable<Interruption> InterruptionsOn(string course) => On(RecordKind.Interruption, course).Select(e => (Interruption)e.Record);

    public bool IsPass(Result result) => terms.Grades.IsPass(result.Grade, result.ExaminationDate!.Value);

    /// <summary>The passed modules of a course, each with its best pass in hundredths of hp.</summary>
    public Dictionary<string, long> PassedModules(string course) => Passes(course)
        .Where(r => r.ModuleCode is not null)
        .GroupBy(r => r.ModuleCode!)
        .ToDictionary(g => g.Key, g => g.Max(r => r.Credits!.Value.Hundredths));

    /// <summary>hp passed on a course: its modules, or a result on the whole of it, which is the same credits again and never counts twice.</summary>
    public Credits PassedCredits(string course) => new(Math.Max(
        PassedModules(course).Values.Sum(),
        Passes(course).Where(r => r.ModuleCode is null).Select(r => r.Credits!.Value.Hundredths).DefaultIfEmpty().Max()));

    private IEnumerable<Result> Passes(string course) => On(RecordKind.Result, course).Select(e => (Result)e.Record).Where(IsPass);

    private List<StudentEvent> On(RecordKind kind, string course) => byCourse[(int)kind].TryGetValue(course, out var all) ? all : [];
}
