using System.Data.Common;
using Dapper;
using Ingest.Formats;

namespace Ingest.Worker.Ledger;

/// <summary>Lines on their way into the ledger, packed as they come.</summary>
internal sealed class StagedLines(Scratch scratch, int chunkRows)
{
    private readonly PackedWriter packed = new();
    private readonly List<(long First, int Count, byte[] Records)> blocks = [];
    private RowSource before;
    private long first;
    private int count;
    private int held;
    private bool isAside;

    public void Add(RowSource source, RecordKind? kind, RecordId? eventId)
    {
        if (count == 0) first = source.Line;
        LineBlock.Pack(packed, source, kind, eventId, before);
        before = source;
        count++;
        if (count == LineBlock.MostLines || packed.Bytes.Length >= LineBlock.MostBytes) EndBlock();
        if (held >= chunkRows) PutAside();
    }

    private void EndBlock()
    {
        if (count == 0) return;
        blocks.Add((first, count, packed.Bytes.ToArray()));
        held += count;
        packed.Clear();
        (count, before) = (0, default);
    }

    private void PutAside()
    {
        if (!isAside) scratch.Connection.Execute("CREATE TABLE line (first INTEGER PRIMARY KEY, count INTEGER, records BLOB)");
        isAside = true;
        using var transaction = scratch.Connection.BeginTransaction();
        using (var insert = scratch.Connection.Prepare("INSERT INTO line (first, count, records) VALUES (?1, ?2, ?3)"))
            foreach (var block in blocks) insert.Bind(1, block.First).Bind(2, block.Count).Bind(3, block.Records).Run();
        transaction.Commit();
        blocks.Clear();
        held = 0;
    }

    /// <summary>The file is at its end.</summary>
    public void Complete()
    {
        EndBlock();
        if (isAside) PutAside();
    }

    /// <summary>Where a record stands in the source.</summary>
    public RowSource Find(long line)
    {
        byte[] records;
        int lines;
        if (isAside)
        {
            using var row = scratch.Connection.Prepare("SELECT count, records FROM line WHERE first <= ?1 ORDER BY first DESC LIMIT 1");
            row.Bind(1, line).Step();
            (lines, records) = ((int)row.Int64(0), row.Bytes(1).ToArray());
        }
        else
        {
            var at = blocks.BinarySearch((line, int.MaxValue, []), Comparer<(long First, int, byte[])>.Create((a, b) => a.First.CompareTo(b.First)));
            (_, lines, records) = blocks[at < 0 ? ~at - 1 : at];
        }
        return LineBlock.Find(line, records, new byte[lines])!.Value.Source;
    }

    /// <summary>Writes them.</summary>
    /// <param name="outcomes">What they came to; null: all are rejected.</param>
    public void Write(DbConnection connection, long file, LineOutcomes? outcomes, FileSeal seal)
    {
        var row = new RowBytes();
        using var insert = connection.BulkInsert("line", "file, first, statuses, records", row);
        insert.Bind(1, file);
        foreach (var block in Blocks())
        {
            row.Clear();
            insert.Bind(2, block.First).Bind(3, Statuses(block.Records, block.Count, outcomes)).Bind(4, block.Records).Run();
            seal.Add(SealedTable.Line, row.Hash());
        }
        insert.Complete();
    }

    /// <summary>All of them, in order.</summary>
    /// <inheritdoc cref="Write"/>
    public IEnumerable<Line> All(LineOutcomes? outcomes)
    {
        var lines = new List<Line>();
        foreach (var (_, count, records) in Blocks())
        {
            LineBlock.Read(records, Statuses(records, count, outcomes), lines);
            foreach (var line in lines) yield return line;
        }
    }

    private static byte[] Statuses(byte[] records, int count, LineOutcomes? outcomes)
    {
        var statuses = new byte[count];
        var lines = new LineBlockReader(records);
        for (var at = 0; at < count; at++) statuses[at] = (byte)(outcomes?.StatusOf(lines.Next().Source.Line) ?? RecordStatus.Rejected);
        return statuses;
    }

    private IEnumerable<(long First, int Count, byte[] Records)> Blocks()
    {
        if (!isAside)
        {
            foreach (var block in blocks) yield return block;
            yield break;
        }
        using var rows = scratch.Connection.Prepare("SELECT first, count, records FROM line ORDER BY first");
        while (rows.Step()) yield return (rows.Int64(0), (int)rows.Int64(1), rows.Bytes(2).ToArray());
    }
}
