using Ingest.Formats;
using Microsoft.Data.Sqlite;

namespace Ingest.Worker.Ledger;

/// <summary>A record of a file as the ledger keeps it for receipts: where it stands in the source, and its outcome at intake.</summary>
internal readonly record struct Line(RowSource Source, RecordKind? Kind, RecordStatus Status, string? EventId)
{
    public long Number => Source.Line;
}

/// <summary>
/// Lines are read and written by the hundred, in file order, so the table <c>line</c> has a row a block of them: what never changes
/// packed (line, kind, offset and length, händelse-id), their outcomes a byte each.
/// </summary>
internal sealed class LineBlocks
{
    // A block is to lie on its page with others, not run over on pages of its own.
    private const int MostLines = 128;
    private const int MostBytes = 3_000;

    private readonly PackedWriter packed = new();
    private readonly List<byte> statuses = [];
    private readonly List<(long First, byte[] Statuses, byte[] Records)> closed = [];
    private long first;
    private RowSource before;

    /// <summary>How many lines there are since <see cref="Clear"/>.</summary>
    public int Count { get; private set; }

    /// <summary>Adds the next line of the file.</summary>
    public void Add(Line line)
    {
        if (statuses.Count == 0) first = line.Number;
        packed.Number(line.Number - before.Line);
        packed.Number((long?)line.Kind);
        packed.Number(line.Source.Offset - before.Offset - before.Length);
        packed.Number((long)line.Source.Length);
        packed.EventId(line.EventId, withUuid: true);
        statuses.Add((byte)line.Status);
        before = line.Source;
        Count++;
        if (statuses.Count == MostLines || packed.Bytes.Length >= MostBytes) CloseBlock();
    }

    private void CloseBlock()
    {
        if (statuses.Count == 0) return;
        closed.Add((first, [.. statuses], packed.Bytes.ToArray()));
        statuses.Clear();
        packed.Clear();
        before = default;
    }

    /// <summary>Writes what was added.</summary>
    public void Write(SqliteConnection connection, long file, FileSeal seal)
    {
        CloseBlock();
        var row = new RowBytes();
        using var insert = new RawStatement(connection, "INSERT INTO line (file, first, statuses, records) VALUES (?1, ?2, ?3, ?4)") { Record = row };
        insert.Bind(1, file);
        foreach (var block in closed)
        {
            insert.Bind(3, block.Statuses);
            row.Clear();
            insert.Bind(2, block.First).Bind(4, block.Records).Run();
            seal.Add(SealedTable.Line, row.Hash());
        }
    }

    public void Clear()
    {
        closed.Clear();
        Count = 0;
    }

    /// <summary>The lines of a block.</summary>
    /// <param name="withIds">False where nobody asks for the händelse-id.</param>
    public static List<Line> Read(ReadOnlySpan<byte> records, ReadOnlySpan<byte> statuses, bool withIds = true)
    {
        var lines = new List<Line>(statuses.Length);
        var packed = new PackedReader(records);
        var before = default(RowSource);
        foreach (var status in statuses)
        {
            var (source, kind) = Next(ref packed, before);
            lines.Add(new Line(source, kind, (RecordStatus)status, withIds ? packed.EventId() : packed.SkipEventId()));
            before = source;
        }
        return lines;
    }

    /// <summary>One line of a block; null when it is not there.</summary>
    public static Line? Find(long number, ReadOnlySpan<byte> records, ReadOnlySpan<byte> statuses)
    {
        var packed = new PackedReader(records);
        var before = default(RowSource);
        foreach (var status in statuses)
        {
            var (source, kind) = Next(ref packed, before);
            if (source.Line == number) return new Line(source, kind, (RecordStatus)status, packed.EventId());
            packed.SkipEventId();
            before = source;
        }
        return null;
    }

    private static (RowSource Source, RecordKind? Kind) Next(ref PackedReader packed, RowSource before)
    {
        var line = before.Line + packed.Number();
        var kind = (RecordKind?)packed.NullableNumber();
        return (new RowSource(line, before.Offset + before.Length + packed.Number(), (int)packed.Number()), kind);
    }
}

/// <summary>Changes outcomes of lines that are written.</summary>
internal static class LineStatuses
{
    /// <param name="next">What each line of the file, in order, comes to.</param>
    /// <param name="seal">The file's, which follows.</param>
    public static void Change(SqliteConnection connection, long file, Func<Line, RecordStatus> next, FileSeal seal)
    {
        using var block = new RawStatement(connection, "SELECT first, records, statuses FROM line WHERE file = ?1 AND first > ?2 ORDER BY first LIMIT 1");
        using var update = new RawStatement(connection, "UPDATE line SET statuses = ?3 WHERE file = ?1 AND first = ?2");
        block.Bind(1, file);
        update.Bind(1, file);
        for (var first = -1L; block.Bind(2, first).Step();)
        {
            first = block.Int64(0);
            var lines = LineBlocks.Read(block.Bytes(1), block.Bytes(2), withIds: false);
            block.Reset();
            var statuses = new byte[lines.Count];
            var changed = false;
            for (var i = 0; i < statuses.Length; i++)
            {
                var (line, to) = (lines[i], next(lines[i]));
                statuses[i] = (byte)to;
                if (to == line.Status) continue;
                changed = true;
                seal.Subtract(SealedTable.Line, RowBytes.Mark(file, line.Number, (long)line.Status));
                seal.Add(SealedTable.Line, RowBytes.Mark(file, line.Number, (long)to));
            }
            if (changed) update.Bind(2, first).Bind(3, statuses).Run();
        }
    }
}

/// <summary>Reads lines of files.</summary>
internal sealed class LineQuery(SqliteConnection connection) : IDisposable
{
    private readonly RawStatement all = new(connection, "SELECT records, statuses FROM line WHERE file = ?1 ORDER BY first");
    private readonly RawStatement one = new(connection, "SELECT records, statuses FROM line WHERE file = ?1 AND first <= ?2 ORDER BY first DESC LIMIT 1");

    /// <summary>A file's lines in order. One reading at a time.</summary>
    /// <param name="withIds">False where nobody asks for the händelse-id.</param>
    public IEnumerable<Line> Of(long file, bool withIds = true)
    {
        all.Bind(1, file);
        while (all.Step())
            foreach (var line in LineBlocks.Read(all.Bytes(0), all.Bytes(1), withIds))
                yield return line;
    }

    /// <summary>One line; null when the file has none of that number.</summary>
    public Line? Find(long file, long number)
    {
        if (!one.Bind(1, file).Bind(2, number).Step()) return null;
        var line = LineBlocks.Find(number, one.Bytes(0), one.Bytes(1));
        one.Reset();
        return line;
    }

    public void Dispose()
    {
        all.Dispose();
        one.Dispose();
    }
}
