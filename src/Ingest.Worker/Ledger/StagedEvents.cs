using System.Data.Common;
using System.Runtime.InteropServices;
using Dapper;
using Ingest.Formats;

namespace Ingest.Worker.Ledger;

/// <summary>
/// Records about students on their way into the ledger: packed as they come, then sorted by student into the blocks in which they are
/// judged and at last written. What is more than a chunk is put aside meanwhile.
/// </summary>
internal sealed class StagedEvents(Scratch scratch, int chunkRows) : IDisposable
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
    private SortedRuns? runs;
    private SqlStatement? blockOf;
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
        runs ??= new SortedRuns(scratch.Connection);
        using var transaction = scratch.Connection.BeginTransaction();
        runs.Begin();
        var (writer, number) = (new EventBlockWriter(), 0);
        foreach (ref readonly var e in Sorted())
        {
            if (e.Student != writer.Student && writer.IsFull) runs.Add(number++, writer.Take());
            writer.Add(e.Student, e.Line, Packed(e));
        }
        if (!writer.IsEmpty) runs.Add(number, writer.Take());
        runs.Add(ids);
        transaction.Commit();
        Clear();
    }

    /// <summary>What is held, by student and line; and <see cref="ids"/> are its händelse-id.</summary>
    private ReadOnlySpan<Entry> Sorted()
    {
        EndSegment();
        var sorted = CollectionsMarshal.AsSpan(entries);
        sorted.Sort((a, b) => a.Student != b.Student ? a.Student.CompareTo(b.Student) : a.Line.CompareTo(b.Line));
        ids.Clear();
        ids.EnsureCapacity(sorted.Length);
        foreach (ref readonly var e in sorted)
            if (EventBytes.IdOf(Packed(e)) is { } id) ids.Add(new HeldId(id, e.Line, e.Student));
        ids.Sort();
        return sorted;
    }

    /// <summary>The file is at its end: what was added is sorted into blocks.</summary>
    public void Complete()
    {
        var (writer, insert) = (new EventBlockWriter(), (SqlStatement?)null);
        if (runs is null)
        {
            foreach (ref readonly var e in Sorted()) Add(e.Student, e.Line, Packed(e));
            EndBlock();
        }
        else
        {
            if (entries.Count > 0) PutAside();
            using var transaction = scratch.Connection.BeginTransaction();
            scratch.Connection.Execute("CREATE TABLE block (number INTEGER PRIMARY KEY, records BLOB)");
            using (insert = scratch.Connection.Prepare("INSERT INTO block (number, records) VALUES (?1, ?2)"))
            {
                foreach (var (block, part) in runs.Parts())
                    for (var events = block.Packed(part); events.Next();) Add(part.Student, events.Line, events.Bytes);
                EndBlock();
            }
            transaction.Commit();
            blockOf = scratch.Connection.Prepare("SELECT records FROM block WHERE number = ?1");
        }
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
            if (insert is null) blocks.Add(records);
            else insert.Bind(1, firsts.Count - 1L).Bind(2, records).Run();
        }
    }

    /// <summary>All students that the file is about, in order.</summary>
    public IEnumerable<long> Students()
    {
        for (var number = 0; number < firsts.Count; number++)
            foreach (var part in Current(number).Students)
                yield return part.Student;
    }

    /// <summary>All records by student and line, as they were sent.</summary>
    public IEnumerable<EventBlock> Blocks() => Enumerable.Range(0, firsts.Count).Select(Block);

    /// <summary>The block that has a student's records, if one has.</summary>
    public EventBlock? BlockOf(long student)
    {
        var at = firsts.BinarySearch(student);
        if (at < 0) at = ~at - 1;
        return at < 0 ? null : Current(at);
    }

    // Whoever goes through the students asks for the block of each.
    private EventBlock Current(int number)
    {
        if (current?.Number != number) current = (number, Block(number));
        return current.Value.Block;
    }

    private EventBlock Block(int number)
    {
        if (blockOf is null) return EventBlock.Staged(blocks[number]);
        blockOf.Bind(1, number).Step();
        var block = EventBlock.Staged(blockOf.Bytes(0).ToArray());
        blockOf.Reset();
        return block;
    }

    /// <summary>The händelse-id of all records, by id and line, in chunks, each valid until the next. Can be gone through again.</summary>
    public IEnumerable<List<HeldId>> Ids()
    {
        if (runs is null)
        {
            yield return ids;
            yield break;
        }
        // One chunk is held at a time, where one was held before it was put aside.
        ids.Clear();
        foreach (var id in runs.Ids())
        {
            ids.Add(id);
            if (ids.Count < chunkRows) continue;
            yield return ids;
            ids.Clear();
        }
        if (ids.Count > 0) yield return ids;
    }

    public void Dispose()
    {
        blockOf?.Dispose();
        runs?.Dispose();
    }

    /// <summary>Writes what counts, and of each student in which block that is.</summary>
    public void Write(DbConnection connection, long school, long file, LineOutcomes outcomes, FileSeal seal)
    {
        var (row, writer, states) = (new RowBytes(), new EventBlockWriter(), new List<byte>());
        using var insert = connection.BulkInsert("event", "file, block, states, records", row);
        using var place = connection.BulkInsert("student_file", "school, student, file, block");
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
                    if (!outcomes.IsGone(events.Line)) states.Add((byte)(outcomes.IsRepeat(events.Line) ? StoredState.Repeat : StoredState.Counts));
                if (states.Count > before) place.Bind(2, part.Student).Bind(4, number).Run();
            }
            if (states.Count == 0) continue;
            row.Clear();
            // Nearly all blocks count whole.
            var records = states.Count == staged.States.Length ? staged.Records : Counting(staged);
            insert.Bind(2, number++).Bind(3, CollectionsMarshal.AsSpan(states)).Bind(4, records).Run();
            seal.Add(SealedTable.Event, row.Hash());
        }
        insert.Complete();
        place.Complete();

        byte[] Counting(EventBlock staged)
        {
            foreach (var part in staged.Students)
                for (var events = staged.Packed(part); events.Next();)
                    if (!outcomes.IsGone(events.Line)) writer.Add(part.Student, events.Line, events.Bytes);
            return writer.Take();
        }
    }
}
