using Microsoft.Data.Sqlite;

namespace Ingest.Worker.Ledger;

/// <summary>Changes what has become of records that are in the ledger: gathered, and then written a block at a time.</summary>
internal sealed class EventMoves(SqliteConnection connection) : IDisposable
{
    // Some megabytes.
    private const int MostHeld = 100_000;

    private readonly record struct Move(long School, long File, long Student, long Line, StoredState To);

    private readonly List<Move> moves = [];
    private readonly RawStatement place = new(connection, "SELECT block FROM student_file WHERE school = ?1 AND student = ?2 AND file = ?3");
    private readonly RawStatement block = new(connection, "SELECT records, states FROM event WHERE file = ?1 AND block = ?2");
    private readonly RawStatement update = new(connection, "UPDATE event SET states = ?3 WHERE file = ?1 AND block = ?2");

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
        (long File, long Number, EventBlock Block, byte[] States)? open = null;
        foreach (var move in moves.OrderBy(m => m.File).ThenBy(m => m.Student))
        {
            if (!place.Bind(1, move.School).Bind(2, move.Student).Bind(3, move.File).Step()) continue;
            var number = place.Int64(0);
            place.Reset();
            if ((open?.File, open?.Number) != (move.File, number))
            {
                Close(open);
                block.Bind(1, move.File).Bind(2, number).Step();
                var read = new EventBlock(block.Bytes(0).ToArray(), block.Bytes(1).ToArray());
                block.Reset();
                open = (move.File, number, read, (byte[])read.States.Clone());
            }
            if (open!.Value.Block.Find(move.Student) is not { } part) continue;
            var index = part.Index;
            for (var events = open.Value.Block.Packed(part); events.Next(); index++)
                if (events.Line == move.Line) open.Value.States[index] = (byte)move.To;
        }
        Close(open);
        moves.Clear();
    }

    private void Close((long File, long Number, EventBlock Block, byte[] States)? open)
    {
        if (open is not { } o || o.States.AsSpan().SequenceEqual(o.Block.States)) return;
        update.Bind(1, o.File).Bind(2, o.Number).Bind(3, o.States).Run();
        FileSeals.Replace(SealOf(o.File), o.Number, o.Block, new EventBlock(o.Block.Records, o.States));
    }

    public void Dispose()
    {
        place.Dispose();
        block.Dispose();
        update.Dispose();
    }
}
