using Dapper;
using Ingest.Formats;
using Ingest.Rules;
using Microsoft.Data.Sqlite;

namespace Ingest.Worker.Ledger;

/// <summary>
/// Students in key order, each with everything that counts for them at a school, under any of their numbers: one ordered query, never one a student. Used by
/// intake for the students that a file touches, and by the close for those of its window.
/// </summary>
internal sealed class StudentStream : IDisposable
{
    private readonly RawStatement statement;
    private readonly TextPool pool = new();
    private readonly DateOnly lastClosed;
    private readonly Dictionary<long, Origin> origins;
    private bool hasRow;

    /// <param name="driver">A query that gives the students, in order: <c>SELECT student FROM …</c>.</param>
    /// <param name="upTo">The last window that is looked at.</param>
    /// <param name="lastClosed">Events of this window and earlier are past judging.</param>
    /// <param name="own">The file in hand, whose rows are looked at though it is not committed; 0 for none.</param>
    public StudentStream(SqliteConnection connection, long school, string driver, DateOnly upTo, DateOnly lastClosed, long own = 0)
    {
        this.lastClosed = lastClosed;
        origins = connection.Query<(long Id, string Origin)>(
                "SELECT f.id, f.origin FROM school s JOIN file f ON f.school = s.code WHERE s.id = @school AND f.origin IS NOT NULL", new { school })
            .ToDictionary(f => f.Id, f => Enum.Parse<Origin>(f.Origin));
        // Persons with several numbers have to be sorted together, which costs; nearly no school has one.
        var links = IdentityLinks.Of(connection, school, upTo);
        var (source, person) = links.PersonOf.Count > 0 ? (links.Persons(driver), "d.person") : (driver, "d.student");
        // CROSS JOIN keeps SQLite from turning the loop inside out.
        statement = new RawStatement(connection,
            $"SELECT {person}, e.student, e.file, e.line, e.window, e.state, {EventColumns.Names} FROM ({source}) d CROSS JOIN event e " +
            $"WHERE e.school = ?1 AND e.student = d.student AND e.window <= ?2 AND (e.file = ?3 OR e.file NOT IN ({LedgerDatabase.Uncommitted})) ORDER BY {person}, e.file, e.line");
        statement.Bind(1, school).Bind(2, LedgerDatabase.Number(upTo)).Bind(3, own);
        hasRow = statement.Step();
    }

    /// <summary>The next student's events in order of arrival; refused ones are left out. False at the end.</summary>
    public bool Next(List<StudentEvent> events)
    {
        events.Clear();
        if (!hasRow) return false;
        var student = statement.Int64(0);
        do
        {
            if (Read() is { } e) events.Add(e);
            hasRow = statement.Step();
        }
        while (hasRow && statement.Int64(0) == student);
        return true;
    }

    private StudentEvent? Read()
    {
        const int Refused = 2, Repeat = 3;
        var state = statement.Int64(5);
        if (state == Refused) return null;
        var window = LedgerDatabase.Date(statement.Int64(4));
        var file = statement.Int64(2);
        var record = EventColumns.Read(statement, 6, Personnummer.FromStorage(statement.Int64(1)), pool);
        var reached = state == 1 ? EventState.Past
            : state == Repeat ? EventState.Repeat
            : window > lastClosed ? EventState.Pending
            : record.Action == ReportAction.N ? EventState.Standing : EventState.Past;
        return new StudentEvent(record, file, statement.Int64(3), window, reached)
        {
            Origin = origins.Count > 0 ? origins.GetValueOrDefault(file) : Origin.School,
            Person = Personnummer.FromStorage(statement.Int64(0)),
        };
    }

    public void Dispose() => statement.Dispose();
}
