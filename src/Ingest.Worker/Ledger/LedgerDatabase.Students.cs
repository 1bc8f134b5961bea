using Dapper;
using Ingest.Formats;
using Ingest.Rules;
using Ingest.Worker.Cutoff;
using Microsoft.Data.Sqlite;

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
    internal static long? KnownSchoolId(SqliteConnection connection, string code) =>
        connection.ExecuteScalar<long?>("SELECT id FROM school WHERE code = @code", new { code });

    /// <summary>
    /// Everything about a student that counts, counted, or was refused at a close, in order of arrival, under whichever of the
    /// person's numbers. What was rejected or a duplicate at intake is not there: such a record is kept by its line in the file
    /// alone, without saying about whom.
    /// </summary>
    internal static List<StudentFact> Facts(SqliteConnection connection, long school, IReadOnlyCollection<long> numbers)
    {
        const int Refused = 2, Past = 1;
        var lastClosed = LastClosed(connection);
        var (files, names, facts, columns) = (new Dictionary<long, FileRow>(), new FileNames(connection), new List<StudentFact>(), new EventColumns());
        using var verdicts = new KeptVerdicts(connection);
        using var lines = new LineQuery(connection);
        using var rows = new RawStatement(connection,
            $"SELECT e.file, e.line, e.state, e.student, {EventColumns.Names} FROM student_file s CROSS JOIN event e " +
            $"WHERE s.school = ?1 AND s.student IN ({string.Join(", ", numbers)}) AND s.file NOT IN ({Uncommitted}) AND e.file = s.file AND e.student = s.student ORDER BY e.file, e.line");
        rows.Bind(1, school);
        while (rows.Step())
        {
            var (id, line) = (rows.Int64(0), rows.Int64(1));
            if (!files.TryGetValue(id, out var file)) files.Add(id, file = Files(connection, "WHERE id = @id", new { id }).Single());
            var (window, record) = (file.Window, columns.Read(rows, 4, Personnummer.FromStorage(rows.Int64(3))));
            var state = rows.Int64(2) switch
            {
                Refused => FactState.Refused,
                Past => FactState.Past,
                _ when window > lastClosed => FactState.Pending,
                _ => record.Action == ReportAction.N ? FactState.Standing : FactState.Past,
            };
            facts.Add(new StudentFact(record, file, line, window, state, lines.Find(id, line)!.Value.Status, Findings(connection, names, id, 0, line),
                state == FactState.Pending ? null : verdicts.Of(id, line), Findings(connection, names, id, 1, line)));
        }
        return facts;
    }

    /// <summary>Whether anything stands at a school: delivered and not removed.</summary>
    internal static bool AnyStanding(SqliteConnection connection, long school)
    {
        using var rows = new RawStatement(connection,
            "SELECT 1 FROM school s CROSS JOIN file f CROSS JOIN event e WHERE s.id = ?1 AND f.school = s.code AND f.window <= ?2 AND f.state <> 'claimed' AND e.file = f.id AND e.state = 0 AND e.removal = 0 LIMIT 1");
        return rows.Bind(1, school).Bind(2, Number(LastClosed(connection))).Step();
    }

    /// <summary>All that stands for a school, by student and then key, a student at a time: there may be millions.</summary>
    internal static IEnumerable<StudentEvent> AllStanding(SqliteConnection connection, long school)
    {
        var events = new List<StudentEvent>();
        using var students = new StudentStream(connection, school, "SELECT DISTINCT student FROM student_file WHERE school = ?1 ORDER BY student", DateOnly.MaxValue, LastClosed(connection));
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
            new { at = Instant(time.GetUtcNow()), access.Who, access.Command, access.School, student = access.Student?.Digits, access.CaseNumber, access.Found }, transaction);
        Chain(connection, transaction, "access", AccessColumns, id);
    }, stop);
}
