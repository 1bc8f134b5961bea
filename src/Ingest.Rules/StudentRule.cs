using Ingest.Formats;

namespace Ingest.Rules;

/// <summary>
/// A rule that reads what is known about the student and the courses. Not met, the record waits for what is missing, and is
/// refused at the close if it never came.
/// </summary>
/// <param name="Check">Answers how the rule is broken, or null.</param>
internal sealed record StudentRule<T>(FindingCode Code, Func<T, StudentContext, Breach?> Check)
    where T : StudentRecord;

/// <summary>
/// What a new record is judged against: the catalogue, and the student's registrations and results that stand (less those with a
/// removal in the window) or that passed before it in this pass.
/// </summary>
internal sealed class StudentContext(CourseCatalogue? catalogue)
{
    /// <summary>Null for a school whose courses we do not know: the catalogue rules are then skipped.</summary>
    public CourseCatalogue? Catalogue { get; } = catalogue;

    private readonly Dictionary<string, List<StudentEvent>> registrations = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<StudentEvent>> results = new(StringComparer.Ordinal);

    /// <summary>It stands, or passed: what is judged after it reads it.</summary>
    public void Add(StudentEvent e)
    {
        if (Table(e) is not { } table) return;
        if (!table.TryGetValue(e.Record.CourseCode, out var all)) table.Add(e.Record.CourseCode, all = []);
        all.Add(e);
    }

    public void Remove(StudentEvent e) => Table(e)?[e.Record.CourseCode].Remove(e);

    public IReadOnlyList<StudentEvent> RegistrationEventsOn(string course) => registrations.TryGetValue(course, out var all) ? all : [];

    public IEnumerable<Registration> RegistrationsOn(string course) => RegistrationEventsOn(course).Select(e => (Registration)e.Record);

    public IEnumerable<Result> ResultsOn(string course) => results.TryGetValue(course, out var all) ? all.Select(e => (Result)e.Record) : [];

    private Dictionary<string, List<StudentEvent>>? Table(StudentEvent e) => e.Key.Kind switch
    {
        RecordKind.Registration => registrations,
        RecordKind.Result => results,
        _ => null,
    };
}
