using Ingest.Formats;

namespace Ingest.Worker.Ledger;

/// <summary>What has become of a record about a student, as a byte of <c>event.states</c>.</summary>
internal enum StoredState : byte
{
    /// <summary>In force, or pending while its window is open.</summary>
    Counts,
    /// <summary>Netted, removed, or itself a removal that took effect.</summary>
    Past,
    /// <summary>Refused at the close: as if it had never come.</summary>
    Refused,
    /// <summary>A repeat, of which only the händelse-id counts.</summary>
    Repeat,
}

/// <summary>One record as a block holds it.</summary>
/// <param name="Index">Its place among the block's states.</param>
/// <param name="Emptied">By what its händelse-id is compared, of one that a purge has emptied.</param>
internal readonly record struct StoredEvent(StudentRecord Record, long Line, int Index, StoredState State, UInt128? Emptied)
{
    /// <summary>Its händelse-id as compared.</summary>
    public UInt128? Id => Emptied ?? (Record.EventId is { } id ? EventIds.Key(id) : null);

    /// <summary>Only a purge leaves a record without a course.</summary>
    public bool IsEmptied => Record.CourseCode.Length == 0;
}

/// <summary>Where a student's records are in a block. <paramref name="Index"/>: of the first of them; <paramref name="At"/>, <paramref name="Length"/>: bytes.</summary>
internal readonly record struct BlockPart(long Student, int Index, int Count, int At, int Length);

/// <summary>
/// A row of <c>event</c>: the records of some students of a file, by student and line. A student's are never in two blocks, so a block
/// is as large as they make it.
/// </summary>
internal sealed class EventBlock
{
    // A block is to lie on its page with others, not run over on pages of its own.
    public const int MostBytes = 3_000;

    private readonly byte[] records;
    private readonly byte[] states;
    private readonly BlockPart[] students;

    public EventBlock(byte[] records, byte[] states)
        : this(records, states, Directory(records))
    {
    }

    private EventBlock(byte[] records, byte[] states, BlockPart[] students) => (this.records, this.states, this.students) = (records, states, students);

    public byte[] Records => records;

    public byte[] States => states;

    public IReadOnlyList<BlockPart> Students => students;

    /// <summary>The same records with other states.</summary>
    public EventBlock With(byte[] changed) => new(records, changed, students);

    private static BlockPart[] Directory(byte[] records)
    {
        var directory = new BlockDirectory(records);
        var parts = new BlockPart[directory.Count];
        for (var i = 0; directory.Next(); i++) parts[i] = directory.Part;
        return parts;
    }

    /// <summary>Null when the block has nothing about the student.</summary>
    public BlockPart? Find(long student)
    {
        var (low, high) = (0, students.Length - 1);
        while (low <= high)
        {
            var middle = (low + high) / 2;
            if (students[middle].Student == student) return students[middle];
            if (students[middle].Student < student) low = middle + 1;
            else high = middle - 1;
        }
        return null;
    }

    /// <summary>Appends a student's records in line order.</summary>
    /// <param name="wanted">Those that are unpacked; null: all.</param>
    public void Read(BlockPart part, EventBytes reader, List<StoredEvent> into, Func<StoredState, RecordKind, ReportAction, bool>? wanted = null)
    {
        var student = Personnummer.FromStorage(part.Student);
        var index = part.Index;
        for (var packed = Packed(part); packed.Next(); index++)
        {
            if (wanted is not null && EventBytes.HeadOf(packed.Bytes) is var (kind, action) && !wanted((StoredState)states[index], kind, action)) continue;
            var bytes = new PackedReader(packed.Bytes);
            var (record, emptied) = reader.Read(ref bytes, student);
            into.Add(new StoredEvent(record, packed.Line, index, (StoredState)states[index], emptied));
        }
    }

    /// <summary>A student's records in line order, as they are packed.</summary>
    public PackedEvents Packed(BlockPart part) => new(records.AsSpan(part.At, part.Length));

    /// <summary>The same without what the records say of which <paramref name="isEmptied"/> holds; null when all of those are empty already.</summary>
    public EventBlock? Emptied(EventBytes reader, Func<StoredEvent, bool> isEmptied)
    {
        var (writer, packed, events, any) = (new EventBlockWriter(), new PackedWriter(), new List<StoredEvent>(), false);
        foreach (var part in students)
        {
            events.Clear();
            Read(part, reader, events);
            foreach (var e in events)
            {
                packed.Clear();
                if (isEmptied(e)) EventBytes.PackEmptied(packed, e);
                else EventBytes.Pack(packed, e.Record);
                any |= isEmptied(e) && !e.IsEmptied;
                writer.Add(part.Student, e.Line, packed.Bytes);
            }
        }
        return any ? new EventBlock(writer.Take(), states) : null;
    }

    /// <summary>A block of records that are not in the ledger yet.</summary>
    public static EventBlock Staged(byte[] records)
    {
        var students = Directory(records);
        return new EventBlock(records, new byte[students.Length == 0 ? 0 : students[^1].Index + students[^1].Count], students);
    }
}

/// <summary>Goes through the students of a block, past their records.</summary>
internal ref struct BlockDirectory
{
    private PackedReader packed;
    private int left;

    public BlockDirectory(ReadOnlySpan<byte> records)
    {
        packed = new PackedReader(records);
        Count = left = (int)packed.Number();
    }

    /// <summary>How many they are.</summary>
    public int Count { get; }

    public BlockPart Part { get; private set; }

    public bool Next()
    {
        if (left-- == 0) return false;
        packed.Skip(Part.Length);
        var student = Part.Student + packed.Number();
        var (count, length) = ((int)packed.Number(), (int)packed.Number());
        Part = new BlockPart(student, Part.Index + Part.Count, count, packed.Position, length);
        return true;
    }
}

/// <summary>Goes through the records of a student in a block.</summary>
internal ref struct PackedEvents(ReadOnlySpan<byte> bytes)
{
    private readonly ReadOnlySpan<byte> bytes = bytes;
    private int at;

    public long Line { get; private set; }

    public ReadOnlySpan<byte> Bytes { get; private set; }

    public bool Next()
    {
        if (at == bytes.Length) return false;
        var packed = new PackedReader(bytes[at..]);
        Line += packed.Number();
        var length = (int)packed.Number();
        Bytes = bytes.Slice(at + packed.Position, length);
        at += packed.Position + length;
        return true;
    }
}

/// <summary>Makes a block of records that come by student and line.</summary>
internal sealed class EventBlockWriter
{
    private readonly PackedWriter head = new();
    private readonly PackedWriter block = new();
    private readonly PackedWriter part = new();
    private long student = -1;
    private long written;
    private long line;
    private int count;
    private int students;

    /// <summary>The student of the last record.</summary>
    public long Student => student;

    /// <summary>True when another student's records are to go into a new block.</summary>
    public bool IsFull => block.Bytes.Length + part.Bytes.Length >= EventBlock.MostBytes;

    public bool IsEmpty => count == 0 && block.Bytes.IsEmpty;

    /// <param name="packed">As <see cref="EventBytes"/> wrote it.</param>
    public void Add(long student, long line, ReadOnlySpan<byte> packed)
    {
        if (student != this.student) EndStudent();
        this.student = student;
        part.Number(line - this.line);
        part.Number((long)packed.Length);
        part.Append(packed);
        this.line = line;
        count++;
    }

    private void EndStudent()
    {
        if (count > 0)
        {
            block.Number(student - written);
            block.Number(count);
            block.Number(part.Bytes.Length);
            block.Append(part.Bytes);
            written = student;
            students++;
        }
        part.Clear();
        (count, line) = (0, 0);
    }

    /// <summary>What was added, as <c>event.records</c>; and begins anew.</summary>
    public byte[] Take()
    {
        EndStudent();
        head.Clear();
        head.Number((long)students);
        byte[] bytes = [.. head.Bytes, .. block.Bytes];
        block.Clear();
        (student, written, students) = (-1, 0, 0);
        return bytes;
    }
}
