using System.Data.Common;
using Dapper;
using Ingest.Formats;
using Ingest.Rules;
using Ingest.Worker.Cutoff;

namespace Ingest.Worker.Ledger;

/// <summary>Where a student's record has come to, seen from now.</summary>
internal enum FactState
{
    /// <summary>Its window has not closed.</summary>
    Pending,
    /// <summary>Delivered, and not removed since.</summary>
    Standing,
    /// <summary>Netted, removed, or itself a removal that took effect.</summary>
    Past,
    /// <summary>Refused at the close: as if it had never come.</summary>
    Refused,
}

/// <summary>One record about a student, and all that became of it.</summary>
/// <param name="Status">Its outcome at intake, with <paramref name="Found"/>.</param>
/// <param name="Verdict">What the close made of it, with <paramref name="FoundAtClose"/>; null before it, and when it was simply delivered.</param>
internal sealed record StudentFact(StudentRecord Record, FileRow File, long Line, DateOnly Window, FactState State, RecordStatus Status,
    IReadOnlyList<Finding> Found, KeptVerdict? Verdict, IReadOnlyList<Finding> FoundAtClose);

/// <summary>Somebody looks at what is known about students.</summary>
/// <param name="Student">Null: everything that stands for the school.</param>
internal sealed record Access(string Who, string Command, string School, Personnummer? Student, string? CaseNumber, bool Found);

/// <summary>Rows about one student, and who has looked at them.</summary>
public sealed partial class LedgerDatabase
{
    /// <summary>A school's number in the hot tables; null when it has sent nothing.</summary>
    internal static long? KnownSchoolId(DbConnection connection, string code) =>
        connection.ExecuteScalar<long?>("SELECT id FROM school WHERE code = @code", new { code });

    /// <summary>
    /// Everything about a student that counts, counted, or was refused at a close, in order of arrival, under whichever of the
    /// person's numbers. What was rejected or a duplicate at intake is not there: such a record is kept by its line in the file
    /// alone, without saying about whom.
    /// </summary>
    internal static List<StudentFact> Facts(DbConnection connection, long school, IReadOnlyCollection<long> numbers)
    {
        var lastClosed = LastClosed(connection);
        var (files, names, facts, places) = (new Dictionary<long, FileRow>(), new FileNames(connection), new List<StudentFact>(), new List<(long File, long Block)>());
        using var verdicts = new KeptVerdicts(connection);
        using var lines = new LineQuery(connection);
        using var query = new EventQuery(connection, school);
        foreach (var number in numbers)
        {
            query.Places(number, places);
            foreach (var (id, block) in places)
            {
                if (!files.TryGetValue(id, out var file)) files.Add(id, file = Files(connection, "WHERE id = @id", new { id }).Single());
                foreach (var e in query.Read(number, id, block)) facts.Add(Fact(e, file));
            }
        }
        return [.. facts.OrderBy(f => f.File.Id).ThenBy(f => f.Line)];

        StudentFact Fact(StoredEvent e, FileRow file)
        {
            var state = e.State switch
            {
                StoredState.Refused => FactState.Refused,
                StoredState.Past => FactState.Past,
                _ when file.Window > lastClosed => FactState.Pending,
                _ => e.Record.Action == ReportAction.N ? FactState.Standing : FactState.Past,
            };
            return new StudentFact(e.Record, file, e.Line, file.Window, state, lines.Find(file.Id, e.Line)!.Value.Status, Findings(connection, names, file.Id, 0, e.Line),
                state == FactState.Pending ? null : verdicts.Of(file.Id, e.Line), Findings(connection, names, file.Id, 1, e.Line));
        }
    }

    /// <summary>Whether anything stands at a school: delivered and not removed.</summary>
    internal static bool AnyStanding(DbConnection connection, long school) => FilesUpTo(connection, school, LastClosed(connection)).Any(file => EventRows.EventsOf(connection, file, IsStanding).Any());

    /// <summary>The registrations that have been delivered for a school in windows up to one, and not removed since, file by file. There may be millions.</summary>
    internal static IEnumerable<(long File, IEnumerable<(Registration Record, long Line)> Registrations)> StandingRegistrations(DbConnection connection, long school, DateOnly upTo) =>
        FilesUpTo(connection, school, upTo).Select(file => (file, EventRows.EventsOf(connection, file, static (state, kind, action) => kind == RecordKind.Registration && IsStanding(state, kind, action))
            .Select(e => ((Registration)e.Event.Record, e.Event.Line))));

    private static bool IsStanding(StoredState state, RecordKind kind, ReportAction action) => state == StoredState.Counts && action == ReportAction.N;

    private static IEnumerable<long> FilesUpTo(DbConnection connection, long school, DateOnly window) => connection.Query<long>(
        "SELECT f.id FROM school s JOIN file f ON f.school = s.code WHERE s.id = @school AND f.cutoff <= @window AND f.state <> 'claimed' ORDER BY f.id", new { school, window = Number(window) });

    /// <summary>All that stands for a school, by student and then key, a student at a time: there may be millions.</summary>
    internal static IEnumerable<StudentEvent> AllStanding(DbConnection connection, long school)
    {
        var events = new List<StudentEvent>();
        var all = connection.Query<long>("SELECT DISTINCT student FROM student_file WHERE school = @school ORDER BY student", new { school });
        using var students = new StudentStream(connection, school, all, DateOnly.MaxValue, LastClosed(connection));
        while (students.Next(events))
        {
            events.Sort((a, b) => a.CompareKeyTo(b));
            foreach (var e in events.Where(e => e.State == EventState.Standing)) yield return e;
        }
    }

    /// <summary>Writes down that somebody looks.</summary>
    internal Task RecordAsync(Access access, CancellationToken stop) => WriteAsync((connection, transaction) =>
    {
        var id = connection.ExecuteScalar<long>(
            "INSERT INTO access (at, who, command, school, student, case_number, found) VALUES (@at, @Who, @Command, @School, @student, @CaseNumber, @Found) RETURNING id",
            new { at = Instant(time.GetUtcNow()), access.Who, access.Command, access.School, student = access.Student?.Digits, access.CaseNumber, Found = access.Found ? 1L : 0L }, transaction);
        Chain(connection, transaction, "access", AccessColumns, id);
    }, stop);
}
