using System.Data.Common;

namespace Ingest.Worker.Ledger;

/// <summary>Goes through the rows of <c>event</c>, file by file.</summary>
internal static class EventRows
{
    /// <summary>A file's blocks in order.</summary>
    public static IEnumerable<EventBlock> Of(DbConnection connection, long file)
    {
        using var rows = connection.Stream("SELECT records, states FROM event WHERE file = ?1 ORDER BY block");
        rows.Bind(1, file);
        while (rows.Step()) yield return new EventBlock(rows.Bytes(0).ToArray(), rows.Bytes(1).ToArray());
    }

    /// <summary>A file's records, by student and line.</summary>
    public static IEnumerable<(long Student, StoredEvent Event)> EventsOf(DbConnection connection, long file)
    {
        var (reader, events) = (new EventBytes(), new List<StoredEvent>());
        foreach (var block in Of(connection, file))
            foreach (var part in block.Students)
            {
                events.Clear();
                block.Read(part, reader, events);
                foreach (var e in events) yield return (part.Student, e);
            }
    }

    /// <summary>The students of a school in the files of a window, in order.</summary>
    public static List<long> Students(DbConnection connection, long school, DateOnly window)
    {
        using var files = connection.Prepare("SELECT f.id FROM school s JOIN file f ON f.school = s.code WHERE s.id = ?1 AND f.cutoff = ?2 AND f.state <> 'claimed'");
        files.Bind(1, school).Bind(2, LedgerDatabase.Number(window));
        var students = new List<long>();
        while (files.Step())
            foreach (var block in Of(connection, files.Int64(0)))
                students.AddRange(block.Students.Select(s => s.Student));
        students.Sort();
        var distinct = 0;
        for (var i = 0; i < students.Count; i++)
            if (i == 0 || students[i] != students[i - 1]) students[distinct++] = students[i];
        students.RemoveRange(distinct, students.Count - distinct);
        return students;
    }
}
