using System.Data.Common;
using Ingest.Formats;

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
    /// <param name="wanted">Those that are unpacked; null: all.</param>
    public static IEnumerable<(long Student, StoredEvent Event)> EventsOf(DbConnection connection, long file, Func<StoredState, RecordKind, ReportAction, bool>? wanted = null)
    {
        var (reader, events) = (new EventBytes(), new List<StoredEvent>());
        foreach (var block in Of(connection, file))
            foreach (var part in block.Students)
            {
                events.Clear();
                block.Read(part, reader, events, wanted);
                foreach (var e in events) yield return (part.Student, e);
            }
    }

    /// <summary>The students of a school in the files of a window, in order.</summary>
    public static List<long> Students(DbConnection connection, long school, DateOnly window)
    {
        using var files = connection.Prepare("SELECT f.id FROM school s JOIN file f ON f.school = s.code WHERE s.id = ?1 AND f.cutoff = ?2 AND f.state <> 'claimed'");
        files.Bind(1, school).Bind(2, LedgerDatabase.Number(window));
        using var blocks = connection.Stream("SELECT records FROM event WHERE file = ?1 ORDER BY block");
        var students = new List<long>();
        while (files.Step())
        {
            blocks.Bind(1, files.Int64(0));
            while (blocks.Step())
                for (var directory = new BlockDirectory(blocks.Bytes(0)); directory.Next();) students.Add(directory.Part.Student);
        }
        students.Sort();
        var distinct = 0;
        for (var i = 0; i < students.Count; i++)
            if (i == 0 || students[i] != students[i - 1]) students[distinct++] = students[i];
        students.RemoveRange(distinct, students.Count - distinct);
        return students;
    }
}
