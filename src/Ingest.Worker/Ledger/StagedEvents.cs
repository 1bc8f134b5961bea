using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Dapper;
using Ingest.Formats;
using Microsoft.Data.Sqlite;

namespace Ingest.Worker.Ledger;

/// <summary>
/// Records about students on their way into the ledger: packed as they come, then sorted by student into the blocks in which they are
/// judged and at last written. What is more than a chunk is put aside meanwhile.
/// </summary>
internal sealed class StagedEvents(Scratch scratch, int chunkRows)
{
    // One array of megabytes, grown by doubling, would be held twice over.
    private const int SegmentBytes = 1 << 18;

    /// <summary>One record. <paramref name="Segment"/>, <paramref name="At"/> and <paramref name="Length"/>: where its bytes lie.</summary>
    private readonly record struct Entry(long Student, int Line, int Segment, int At, int Length);

    private readonly List<byte[]> segments = [];
    private readonly PackedWriter bytes = new();
    private readonly List<Entry> entries = [];
    private readonly List<HeldId> ids = [];
    // Of each block the first student; and the blocks themselves, unless they are put aside.
    private readonly List<long> firsts = [];
    private readonly List<byte[]> blocks = [];
    private bool isAside;
    private (int Number, EventBlock Block)? current;

    public void Add(StudentRecord record, long line)
    {
        if (entries.Count >= chunkRows) PutAside();
        if (bytes.Bytes.Length >= SegmentBytes) EndSegment();
        var at = bytes.Bytes.Length;
        EventBytes.Pack(bytes, record);
        entries.Add(new Entry(record.Student.Digits, checked((int)line), segments.Count, at, bytes.Bytes.Length - at));
    }

    private void EndSegment()
    {
        segments.Add(bytes.Bytes.ToArray());
        bytes.Clear();
    }

    private ReadOnlySpan<byte> Packed(in Entry e) => segments[e.Segment].AsSpan(e.At, e.Length);

    private void Clear()
    {
        entries.Clear();
        segments.Clear();
    }

    private void PutAside()
    {
        if (!isAside)
            scratch.Connection.Execute("CREATE TABLE staged_event (student INTEGER, line INTEGER, record BLOB, event_id BLOB); CREATE TABLE block (number INTEGER PRIMARY KEY, records BLOB)");
        isAside = true;
        EndSegment();
        using var transaction = scratch.Connection.BeginTransaction();
        using (var insert = new RawStatement(scratch.Connection, "INSERT INTO staged_event (student, line, record, event_id) VALUES (?1, ?2, ?3, ?4)"))
        {
            Span<byte> key = stackalloc byte[16];
            foreach (ref readonly var e in CollectionsMarshal.AsSpan(entries))
            {
                var packed = Packed(e);
                insert.Bind(1, e.Student).Bind(2, e.Line).Bind(3, packed);
                if (EventBytes.IdOf(packed) is { } id)
                {
                    BinaryPrimitives.WriteUInt128BigEndian(key, id);
                    insert.Bind(4, key);
                }
                else
                {
                    insert.Bind(4, (string?)null);
                }
                insert.Run();
            }
        }
        transaction.Commit();
        Clear();
    }

    /// <summary>The file is at its end: what was added is sorted into blocks.</summary>
    public void Complete()
    {
        if (isAside && entries.Count > 0) PutAside();
        var writer = new EventBlockWriter();
        if (!isAside)
        {
            EndSegment();
            ids.Capacity = entries.Count;
            var sorted = CollectionsMarshal.AsSpan(entries);
            sorted.Sort((a, b) => a.Student != b.Student ? a.Student.CompareTo(b.Student) : a.Line.CompareTo(b.Line));
            foreach (ref readonly var e in sorted)
            {
                var packed = Packed(e);
                Add(e.Student, e.Line, packed);
                if (EventBytes.IdOf(packed) is { } id) ids.Add(new HeldId(id, e.Line, e.Student));
            }
            ids.Sort();
        }
        else
        {
            using var transaction = scratch.Connection.BeginTransaction();
            using (var sorted = new RawStatement(scratch.Connection, "SELECT student, line, record FROM staged_event ORDER BY student, line"))
                while (sorted.Step()) Add(sorted.Int64(0), sorted.Int64(1), sorted.Bytes(2));
            EndBlock();
            transaction.Commit();
        }
        EndBlock();
        Clear();
        entries.TrimExcess();

        void Add(long student, long line, ReadOnlySpan<byte> packed)
        {
            if (student != writer.Student && writer.IsFull) EndBlock();
            if (writer.IsEmpty) firsts.Add(student);
            writer.Add(student, line, packed);
        }

        void EndBlock()
        {
            if (writer.IsEmpty) return;
            var records = writer.Take();
            if (!isAside)
            {
                blocks.Add(records);
                return;
            }
            using var insert = new RawStatement(scratch.Connection, "INSERT INTO block (number, records) VALUES (?1, ?2)");
            insert.Bind(1, firsts.Count - 1).Bind(2, records).Run();
        }
    }

    /// <summary>All students that the file is about, in order.</summary>
    public IEnumerable<long> Students() => Blocks().SelectMany(b => b.Students.Select(s => s.Student));

    /// <summary>All records by student and line, as they were sent.</summary>
    public IEnumerable<EventBlock> Blocks() => Enumerable.Range(0, firsts.Count).Select(Block);

    /// <summary>The block that has a student's records, if one has.</summary>
    public EventBlock? BlockOf(long student)
    {
        var at = firsts.BinarySearch(student);
        if (at < 0) at = ~at - 1;
        if (at < 0) return null;
        if (current?.Number != at) current = (at, Block(at));
        return current.Value.Block;
    }

    private EventBlock Block(int number)
    {
        if (!isAside) return EventBlock.Staged(blocks[number]);
        using var row = new RawStatement(scratch.Connection, "SELECT records FROM block WHERE number = ?1");
        row.Bind(1, number).Step();
        return EventBlock.Staged(row.Bytes(0).ToArray());
    }

    /// <summary>The händelse-id of all records, by id and line, in chunks. Can be gone through again.</summary>
    public IEnumerable<List<HeldId>> Ids()
    {
        if (!isAside)
        {
            yield return ids;
            yield break;
        }
        using var rows = new RawStatement(scratch.Connection, "SELECT event_id, line, student FROM staged_event WHERE event_id IS NOT NULL ORDER BY event_id, line");
        for (var more = rows.Step(); more;)
        {
            ids.Clear();
            for (; more && ids.Count < chunkRows; more = rows.Step()) ids.Add(new HeldId(BinaryPrimitives.ReadUInt128BigEndian(rows.Bytes(0)), rows.Int64(1), rows.Int64(2)));
            yield return ids;
        }
    }

    /// <summary>Writes what counts, and of each student in which block that is.</summary>
    public void Write(SqliteConnection connection, long school, long file, LineOutcomes outcomes, FileSeal seal)
    {
        var (row, writer, states) = (new RowBytes(), new EventBlockWriter(), new List<byte>());
        using var insert = new RawStatement(connection, "INSERT INTO event (file, block, states, records) VALUES (?1, ?2, ?3, ?4)") { Record = row };
        using var place = new RawStatement(connection, "INSERT INTO student_file (school, student, file, block) VALUES (?1, ?2, ?3, ?4)");
        insert.Bind(1, file);
        place.Bind(1, school).Bind(3, file);
        var number = 0L;
        foreach (var staged in Blocks())
        {
            states.Clear();
            foreach (var part in staged.Students)
            {
                var before = states.Count;
                for (var events = staged.Packed(part); events.Next();)
                {
                    if (outcomes.IsGone(events.Line)) continue;
                    writer.Add(part.Student, events.Line, events.Bytes);
                    states.Add((byte)(outcomes.IsRepeat(events.Line) ? StoredState.Repeat : StoredState.Counts));
                }
                if (states.Count > before) place.Bind(2, part.Student).Bind(4, number).Run();
            }
            if (states.Count == 0) continue;
            row.Clear();
            insert.Bind(2, number++).Bind(3, CollectionsMarshal.AsSpan(states)).Bind(4, writer.Take()).Run();
            seal.Add(SealedTable.Event, row.Hash());
        }
    }
}
