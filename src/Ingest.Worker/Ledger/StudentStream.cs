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
    private readonly EventColumns columns = new();
    private readonly DateOnly upTo;
    private readonly DateOnly lastClosed;
    private readonly RawStatement fileRow;
    private readonly Dictionary<long, (DateOnly Window, Origin Origin, bool Counts)> files = [];
    private bool hasRow;

    /// <param name="driver">A query that gives the students, in order: <c>SELECT student FROM …</c>.</param>
    /// <param name="upTo">The last window that is looked at.</param>
    /// <param name="lastClosed">Events of this window and earlier are past judging.</param>
    /// <param name="own">The file in hand, whose rows are looked at though it is not committed, in the window that it has come to; null for none.</param>
    /// <param name="only">Events of this window and no other; null for all.</param>
    public StudentStream(SqliteConnection connection, long school, string driver, DateOnly upTo, DateOnly lastClosed, FileRow? own = null, DateOnly? only = null)
    {
        (this.upTo, this.lastClosed) = (upTo, lastClosed);
        if (own is not null) files.Add(own.Id, (own.Window, own.Origin, true));
        // Persons with several numbers have to be sorted together, which costs; nearly no school has one.
        var links = IdentityLinks.Of(connection, school, upTo);
        var (source, person) = links.PersonOf.Count > 0 ? (links.Persons(driver), "d.person") : (driver, "d.student");
        fileRow = new RawStatement(connection, "SELECT window, origin, state = 'claimed' FROM file WHERE id = ?1");
        var ofWindow = only is { } w ? $"AND s.file IN (SELECT id FROM file WHERE window = {LedgerDatabase.Number(w)}) " : "";
        // CROSS JOIN keeps SQLite from turning the loop inside out.
        statement = new RawStatement(connection,
            $"SELECT {person}, e.student, e.file, e.line, e.state, {EventColumns.Names} FROM ({source}) d CROSS JOIN student_file s CROSS JOIN event e " +
            $"WHERE s.school = ?1 AND s.student = d.student AND e.file = s.file AND e.student = s.student {ofWindow}ORDER BY {person}, s.file, e.line");
        statement.Bind(1, school);
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

    /// <summary>Null for what does not count: of a later window, refused, or of a file that is not committed.</summary>
    private StudentEvent? Read()
    {
        const int Refused = 2, Repeat = 3;
        var (state, file) = (statement.Int64(4), statement.Int64(2));
        var (window, origin, counts) = FileOf(file);
        if (state == Refused || !counts || window > upTo) return null;
        var record = columns.Read(statement, 5, Personnummer.FromStorage(statement.Int64(1)));
        var reached = state == 1 ? EventState.Past
            : state == Repeat ? EventState.Repeat
            : window > lastClosed ? EventState.Pending
            : record.Action == ReportAction.N ? EventState.Standing : EventState.Past;
        return new StudentEvent(record, file, statement.Int64(3), window, reached) { Origin = origin, Person = Personnummer.FromStorage(statement.Int64(0)) };
    }

    private (DateOnly Window, Origin Origin, bool Counts) FileOf(long id)
    {
        if (files.TryGetValue(id, out var known)) return known;
        fileRow.Bind(1, id).Step();
        known = (LedgerDatabase.Date(fileRow.Int64(0)), fileRow.Text(1) is { } origin ? Enum.Parse<Origin>(origin) : Origin.School, fileRow.Int64(2) == 0);
        fileRow.Reset();
        files.Add(id, known);
        return known;
    }

    public void Dispose()
    {
        fileRow.Dispose();
        statement.Dispose();
    }
}
