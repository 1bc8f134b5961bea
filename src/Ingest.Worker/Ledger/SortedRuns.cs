using System.Runtime.InteropServices;
using Dapper;
using Microsoft.Data.Sqlite;

namespace Ingest.Worker.Ledger;

/// <summary>
/// What of a file is put aside a chunk at a time: each chunk sorted (a run), and all of them given back as one sorted whole, with a block of
/// each run in memory. SQLite only keeps the blocks: it has nothing to sort.
/// </summary>
internal sealed class SortedRuns : IDisposable
{
    private const int IdsPerRow = 1_024;

    private readonly SqliteConnection connection;
    private readonly SqlStatement insertBlock;
    private readonly SqlStatement insertIds;
    private int runs;

    public SortedRuns(SqliteConnection connection)
    {
        this.connection = connection;
        connection.Execute(
            """
            CREATE TABLE run_block (run INTEGER, number INTEGER, records BLOB, PRIMARY KEY (run, number)) WITHOUT ROWID;
            CREATE TABLE run_id (run INTEGER, number INTEGER, ids BLOB, PRIMARY KEY (run, number)) WITHOUT ROWID
            """);
        insertBlock = connection.Prepare("INSERT INTO run_block (run, number, records) VALUES (?1, ?2, ?3)");
        insertIds = connection.Prepare("INSERT INTO run_id (run, number, ids) VALUES (?1, ?2, ?3)");
    }

    /// <summary>Begins the next run.</summary>
    public void Begin() => runs++;

    /// <summary>The next block of the run.</summary>
    public void Add(int number, byte[] records) => insertBlock.Bind(1, runs).Bind(2, number).Bind(3, records).Run();

    /// <summary>The run's händelse-id, sorted.</summary>
    public void Add(List<HeldId> ids)
    {
        for (var i = 0; i < ids.Count; i += IdsPerRow)
            insertIds.Bind(1, runs).Bind(2, i).Bind(3, MemoryMarshal.AsBytes(CollectionsMarshal.AsSpan(ids).Slice(i, Math.Min(IdsPerRow, ids.Count - i)))).Run();
    }

    /// <summary>Each student of each run, by student and then run, which is the order of the file.</summary>
    public IEnumerable<(EventBlock Block, BlockPart Part)> Parts() => Merge<(EventBlock Block, BlockPart Part), long>(
        "SELECT records FROM run_block WHERE run = ?1 ORDER BY number",
        bytes => EventBlock.Staged(bytes.ToArray()) is var block ? [.. block.Students.Select(part => (block, part))] : [],
        part => part.Part.Student);

    /// <summary>All händelse-id, sorted.</summary>
    public IEnumerable<HeldId> Ids() => Merge<HeldId, HeldId>("SELECT ids FROM run_id WHERE run = ?1 ORDER BY number", bytes => [.. MemoryMarshal.Cast<byte, HeldId>(bytes)], id => id);

    private delegate T[] Unpack<T>(ReadOnlySpan<byte> bytes);

    private IEnumerable<T> Merge<T, TKey>(string sql, Unpack<T> unpack, Func<T, TKey> key)
    {
        var cursors = Enumerable.Range(1, runs).Select(run => Run(sql, run, unpack).GetEnumerator()).ToList();
        try
        {
            var next = new PriorityQueue<int, (TKey, int)>();
            for (var run = 0; run < cursors.Count; run++) Move(run);
            while (next.TryDequeue(out var run, out _))
            {
                yield return cursors[run].Current;
                Move(run);
            }

            void Move(int run)
            {
                if (cursors[run].MoveNext()) next.Enqueue(run, (key(cursors[run].Current), run));
            }
        }
        finally
        {
            foreach (var cursor in cursors) cursor.Dispose();
        }
    }

    private IEnumerable<T> Run<T>(string sql, int run, Unpack<T> unpack)
    {
        using var rows = connection.Prepare(sql);
        rows.Bind(1, (long)run);
        while (rows.Step())
            foreach (var item in unpack(rows.Bytes(0)))
                yield return item;
    }

    public void Dispose()
    {
        insertBlock.Dispose();
        insertIds.Dispose();
    }
}
