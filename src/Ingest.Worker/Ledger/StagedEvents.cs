using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Dapper;
using Ingest.Formats;
using Microsoft.Data.Sqlite;

namespace Ingest.Worker.Ledger;

/// <summary>
/// Records about students on their way into the ledger, packed as they come and given back in the order of its tables: written in that
/// order, each page of the hot table is touched once a file. What is more than a chunk is put aside in temporary tables, from which the
/// whole file is given back in order.
/// </summary>
internal sealed class StagedEvents(SqliteConnection connection, int chunkRows)
{
    /// <summary>One record. <paramref name="At"/> and <paramref name="Length"/>: where it lies in the chunk's bytes.</summary>
    private readonly record struct Entry(long Student, long Line, RecordKind Kind, bool Removal, bool HasId, UInt128 Id, int At, int Length);

    private readonly PackedWriter bytes = new();
    private readonly List<Entry> entries = [];

    public int Count => entries.Count;

    public void Add(StudentRecord record, long line)
    {
        var at = bytes.Bytes.Length;
        EventColumns.Pack(bytes, record);
        entries.Add(new Entry(record.Student.Digits, line, record.Kind, record.Action == ReportAction.B, record.EventId is not null,
            record.EventId is { } id ? EventIds.Key(id) : 0, at, bytes.Bytes.Length - at));
    }

    /// <summary>True when the file is of more than a chunk.</summary>
    public bool IsAside { get; private set; }

    /// <summary>Puts the chunk aside.</summary>
    public void PutAside()
    {
        if (!IsAside)
            connection.Execute("CREATE TEMP TABLE IF NOT EXISTS staged_event (student INTEGER, line INTEGER, kind INTEGER, removal INTEGER, record BLOB, event_id BLOB); DELETE FROM temp.staged_event");
        IsAside = true;
        // Temporary tables are this connection's own: no other waits for it.
        using var transaction = connection.BeginTransaction(deferred: true);
        using (var insert = new RawStatement(connection, "INSERT INTO temp.staged_event (student, line, kind, removal, record, event_id) VALUES (?1, ?2, ?3, ?4, ?5, ?6)"))
            foreach (ref readonly var e in CollectionsMarshal.AsSpan(entries))
                Bind(insert, e).Run();
        transaction.Commit();
        Clear();
    }

    /// <summary>All that was put aside, by student and line, in chunks: this, filled anew each time.</summary>
    public IEnumerable<StagedEvents> InOrder()
    {
        // Sorted once, and then read in ranges: a reading that went on over the writing of a chunk would hold the ledger as it was before it.
        connection.Execute("DROP TABLE IF EXISTS temp.sorted_event; CREATE TEMP TABLE sorted_event AS SELECT student, line, kind, removal, record, event_id FROM temp.staged_event ORDER BY student, line");
        for (var first = 1L; Fill(first); first += chunkRows)
        {
            yield return this;
            Clear();
        }
        connection.Execute("DROP TABLE temp.sorted_event");
    }

    private bool Fill(long first)
    {
        using var rows = new RawStatement(connection, "SELECT student, line, kind, removal, record, event_id FROM temp.sorted_event WHERE rowid BETWEEN ?1 AND ?2 ORDER BY rowid");
        rows.Bind(1, first).Bind(2, first + chunkRows - 1);
        while (rows.Step())
        {
            var at = bytes.Bytes.Length;
            bytes.Append(rows.Bytes(4));
            entries.Add(new Entry(rows.Int64(0), rows.Int64(1), (RecordKind)rows.Int64(2), rows.Int64(3) == 1, !rows.IsNull(5),
                rows.IsNull(5) ? 0 : BinaryPrimitives.ReadUInt128BigEndian(rows.Bytes(5)), at, bytes.Bytes.Length - at));
        }
        return Count > 0;
    }

    /// <summary>The händelse-id of all records that were written, by id and line, in chunks. Can be gone through again.</summary>
    public IEnumerable<List<HeldId>> Ids()
    {
        if (!IsAside)
        {
            yield return idsHeld;
            yield break;
        }
        using var rows = new RawStatement(connection, "SELECT event_id, line, student FROM temp.staged_event WHERE event_id IS NOT NULL ORDER BY event_id, line");
        var ids = new List<HeldId>();
        for (var more = rows.Step(); more;)
        {
            for (; more && ids.Count < chunkRows; more = rows.Step()) ids.Add(new HeldId(BinaryPrimitives.ReadUInt128BigEndian(rows.Bytes(0)), rows.Int64(1), rows.Int64(2)));
            yield return ids;
            ids.Clear();
        }
    }

    // Of a file that is one chunk.
    private readonly List<HeldId> idsHeld = [];

    /// <summary>Writes the chunk by student and line, and of each student that the file is about him or her.</summary>
    public void Write(long school, FileRow file, FileSeal seal)
    {
        idsHeld.Clear();
        CollectionsMarshal.AsSpan(entries).Sort((a, b) => a.Student != b.Student ? a.Student.CompareTo(b.Student) : a.Line.CompareTo(b.Line));
        var row = new RowBytes();
        using var insert = new RawStatement(connection,
            $"INSERT INTO event (file, state, student, line, {EventColumns.Names}) VALUES (?7, 0, ?1, ?2, ?3, ?4, ?5, ?6)")
        { Record = row };
        using var inFile = new RawStatement(connection, "INSERT OR IGNORE INTO student_file (school, student, file) VALUES (?1, ?2, ?3)");
        insert.Bind(7, file.Id);
        inFile.Bind(1, school).Bind(3, file.Id);
        long last = -1;
        foreach (ref readonly var e in CollectionsMarshal.AsSpan(entries))
        {
            if (e.Student != last) inFile.Bind(2, last = e.Student).Run();
            row.Clear();
            Bind(insert, e).Run();
            seal.Add(SealedTable.Event, row.Hash());
            if (e.HasId && !IsAside) idsHeld.Add(new HeldId(e.Id, e.Line, e.Student));
        }
        idsHeld.Sort();
    }

    private RawStatement Bind(RawStatement statement, in Entry e)
    {
        statement.Bind(1, e.Student).Bind(2, e.Line).Bind(3, (long)e.Kind).Bind(4, e.Removal ? 1L : 0L).Bind(5, bytes.Bytes.Slice(e.At, e.Length));
        if (!e.HasId) return statement.Bind(6, (string?)null);
        Span<byte> key = stackalloc byte[16];
        BinaryPrimitives.WriteUInt128BigEndian(key, e.Id);
        return statement.Bind(6, key);
    }

    public void Clear()
    {
        entries.Clear();
        bytes.Clear();
    }
}
