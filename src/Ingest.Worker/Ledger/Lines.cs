using System.Data.Common;
using Ingest.Formats;
using Npgsql;

namespace Ingest.Worker.Ledger;

/// <summary>A record of a file as the ledger keeps it for receipts: where it stands in the source, and its outcome at intake.</summary>
internal readonly record struct Line(RowSource Source, RecordKind? Kind, RecordStatus Status, RecordId? EventId)
{
    public long Number => Source.Line;
}

/// <summary>
/// Lines are read and written by the hundred, in file order, so the table <c>line</c> has a row a block of them: where they stand and
/// their händelse-id packed, their outcomes a byte each.
/// </summary>
internal static class LineBlock
{
    // A block is to lie on its page with others, not run over on pages of its own.
    public const int MostLines = 128;
    public const int MostBytes = 3_000;

    /// <param name="before">Where the line before it in the block stands; none for the first.</param>
    public static void Pack(PackedWriter packed, RowSource source, RecordKind? kind, RecordId? eventId, RowSource before)
    {
        packed.Number(source.Line - before.Line);
        packed.Number((long?)kind);
        packed.Number(source.Offset - before.Offset - before.Length);
        packed.Number((long)source.Length);
        packed.EventId(eventId);
    }

    /// <summary>The lines of a block.</summary>
    /// <param name="lines">Filled anew.</param>
    /// <param name="withIds">False where nobody asks for the händelse-id.</param>
    public static void Read(ReadOnlySpan<byte> records, ReadOnlySpan<byte> statuses, List<Line> lines, bool withIds = true)
    {
        lines.Clear();
        var packed = new LineBlockReader(records);
        foreach (var status in statuses)
        {
            var (source, kind) = packed.Next();
            lines.Add(new Line(source, kind, (RecordStatus)status, withIds ? packed.EventId() : null));
        }
    }

    /// <summary>One line of a block; null when it is not there.</summary>
    public static Line? Find(long number, ReadOnlySpan<byte> records, ReadOnlySpan<byte> statuses)
    {
        var packed = new LineBlockReader(records);
        foreach (var status in statuses)
        {
            var (source, kind) = packed.Next();
            if (source.Line == number) return new Line(source, kind, (RecordStatus)status, packed.EventId());
        }
        return null;
    }
}

/// <summary>Goes through the lines of a block.</summary>
internal ref struct LineBlockReader(ReadOnlySpan<byte> records)
{
    private PackedReader packed = new(records);
    private RowSource before;
    private bool isAtId;

    public (RowSource Source, RecordKind? Kind) Next()
    {
        if (isAtId) packed.SkipEventId();
        isAtId = true;
        var line = before.Line + packed.Number();
        var kind = (RecordKind?)packed.NullableNumber();
        before = new RowSource(line, before.Offset + before.Length + packed.Number(), (int)packed.Number());
        return (before, kind);
    }

    /// <summary>The händelse-id of the line in hand; to be asked once.</summary>
    public RecordId? EventId()
    {
        isAtId = false;
        return packed.EventId();
    }
}

/// <summary>Reads lines of files.</summary>
internal sealed class LineQuery(DbConnection connection) : IDisposable
{
    // From a server some are fetched at a time.
    private readonly long blocksAhead = connection is NpgsqlConnection ? 32 : 2;

    private readonly SqlStatement all = connection.Stream("SELECT records, statuses FROM line WHERE file = ?1 ORDER BY first");
    private readonly SqlStatement some = connection.Prepare(
        "SELECT first, records, statuses FROM line WHERE file = ?1 AND first >= coalesce((SELECT max(first) FROM line WHERE file = ?1 AND first <= ?2), 0) ORDER BY first LIMIT ?3");
    private readonly List<(long First, long Last, byte[] Records, byte[] Statuses)> ahead = [];
    private long aheadOf;
    private bool isAtEnd;

    /// <summary>A file's lines in order. One reading at a time.</summary>
    /// <param name="withIds">False where nobody asks for the händelse-id.</param>
    public IEnumerable<Line> Of(long file, bool withIds = true)
    {
        all.Bind(1, file);
        var lines = new List<Line>();
        while (all.Step())
        {
            LineBlock.Read(all.Bytes(0), all.Bytes(1), lines, withIds);
            foreach (var line in lines) yield return line;
        }
    }

    /// <summary>One line; null when the file has none of that number. Asked in line order, it reads each block once.</summary>
    public Line? Find(long file, long number)
    {
        if (aheadOf != file || ahead.Count == 0 || number < ahead[0].First || (number > ahead[^1].Last && !isAtEnd)) Fetch(file, number);
        foreach (var (first, last, records, statuses) in ahead)
            if (number >= first && number <= last) return LineBlock.Find(number, records, statuses);
        return null;
    }

    private void Fetch(long file, long number)
    {
        ahead.Clear();
        aheadOf = file;
        some.Bind(1, file).Bind(2, number).Bind(3, blocksAhead);
        while (some.Step())
        {
            if (ahead.Count > 0) ahead[^1] = ahead[^1] with { Last = some.Int64(0) - 1 };
            ahead.Add((some.Int64(0), long.MaxValue, some.Bytes(1).ToArray(), some.Bytes(2).ToArray()));
        }
        isAtEnd = ahead.Count < blocksAhead;
        // Where the last of them ends is said by the next, unless there is none.
        if (!isAtEnd && ahead.Count > 1) ahead.RemoveAt(ahead.Count - 1);
    }

    public void Dispose()
    {
        all.Dispose();
        some.Dispose();
    }
}
