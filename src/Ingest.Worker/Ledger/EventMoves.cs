using System.Data.Common;
using Npgsql;

namespace Ingest.Worker.Ledger;

/// <summary>Changes what has become of records that are in the ledger: gathered, and then written a block at a time.</summary>
internal sealed class EventMoves(DbConnection connection) : IDisposable
{
    // Some megabytes.
    private const int MostHeld = 100_000;
    private const int MostAtOnce = 2_000;

    private readonly record struct Move(long School, long File, long Student, long Line, StoredState To);

    private readonly List<Move> moves = [];
    private readonly RowBytes bytes = new();
    private readonly List<(long File, long Number, byte[] States)> changed = [];
    private (long File, long Number, EventBlock Block, byte[] States)? open;
    private readonly SqlStatement place = connection.Prepare("SELECT block FROM student_file WHERE school = ?1 AND student = ?2 AND file = ?3");
    private readonly SqlStatement block = connection.Prepare("SELECT records, states FROM event WHERE file = ?1 AND block = ?2");
    private readonly SqlStatement update = connection.Prepare("UPDATE event SET states = ?3 WHERE file = ?1 AND block = ?2");

    /// <summary>What the changes add to the files' seals.</summary>
    public Dictionary<long, FileSeal> Seals { get; } = [];

    public FileSeal SealOf(long file)
    {
        if (!Seals.TryGetValue(file, out var seal)) Seals.Add(file, seal = new FileSeal());
        return seal;
    }

    public void Add(long school, long file, long student, long line, StoredState to)
    {
        moves.Add(new Move(school, file, student, line, to));
        if (moves.Count >= MostHeld) Write();
    }

    /// <summary>Writes what was gathered. Of several about one record the last holds.</summary>
    public void Write()
    {
        foreach (var page in moves.OrderBy(m => m.File).ThenBy(m => m.Student).Chunk(MostAtOnce)) Write(page);
        moves.Clear();
    }

    private void Write(Move[] page)
    {
        var (placesAhead, blocksAhead) = Fetch(page);
        foreach (var move in page)
        {
            if ((placesAhead is null ? Place(move) : placesAhead.TryGetValue((move.Student, move.File), out var known) ? known : null) is not { } number) continue;
            if ((open?.File, open?.Number) != (move.File, number))
            {
                Close();
                var read = blocksAhead is null ? Read(move.File, number) : blocksAhead[(move.File, number)];
                open = (move.File, number, read, (byte[])read.States.Clone());
            }
            if (open!.Value.Block.Find(move.Student) is not { } part) continue;
            var index = part.Index;
            for (var events = open.Value.Block.Packed(part); events.Next(); index++)
                if (events.Line == move.Line) open.Value.States[index] = (byte)move.To;
        }
        // The next page's blocks are read anew.
        Close();
        Flush();
    }

    /// <summary>Of a server, where all of a page are; of SQLite, which is asked one by one, nothing.</summary>
    private (Dictionary<(long Student, long File), long?>? Places, Dictionary<(long File, long Number), EventBlock>? Blocks) Fetch(Move[] page)
    {
        if (connection is not NpgsqlConnection server) return (null, null);
        var found = PostgresEvents.Places(server, [.. page.Select(m => m.School)], [.. page.Select(m => m.Student)], [.. page.Select(m => m.File)]);
        var wanted = found.Select(f => (f.File, f.Block)).Distinct().ToList();
        return (found.ToDictionary(f => (f.Student, f.File), f => (long?)f.Block), PostgresEvents.Blocks(server, [.. wanted.Select(w => w.File)], [.. wanted.Select(w => w.Block)]));
    }

    private long? Place(Move move)
    {
        if (!place.Bind(1, move.School).Bind(2, move.Student).Bind(3, move.File).Step()) return null;
        var number = place.Int64(0);
        place.Reset();
        return number;
    }

    private EventBlock Read(long file, long number)
    {
        block.Bind(1, file).Bind(2, number).Step();
        var read = new EventBlock(block.Bytes(0).ToArray(), block.Bytes(1).ToArray());
        block.Reset();
        return read;
    }

    private void Close()
    {
        var closed = open;
        open = null;
        if (closed is not { } o || o.States.AsSpan().SequenceEqual(o.Block.States)) return;
        changed.Add((o.File, o.Number, o.States));
        FileSeals.Replace(SealOf(o.File), o.Number, o.Block, o.Block.With(o.States), bytes);
    }

    private void Flush()
    {
        if (connection is NpgsqlConnection server && changed.Count > 0)
            PostgresEvents.SetStates(server, [.. changed.Select(c => c.File)], [.. changed.Select(c => c.Number)], [.. changed.Select(c => c.States)]);
        else
            foreach (var (file, number, states) in changed) update.Bind(1, file).Bind(2, number).Bind(3, states).Run();
        changed.Clear();
    }

    public void Dispose()
    {
        place.Dispose();
        block.Dispose();
        update.Dispose();
    }
}
