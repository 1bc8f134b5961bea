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

    public List<StudentEvent> Registrations { get; } = [];

    public List<StudentEvent> Results { get; } = [];

    public IEnumerable<Registration> RegistrationsOn(string course) =>
        Registrations.Select(e => (Registration)e.Record).Where(r => r.CourseCode == course);

    public IEnumerable<Result> ResultsOn(string course) =>
        Results.Select(e => (Result)e.Record).Where(r => r.CourseCode == course);
}
