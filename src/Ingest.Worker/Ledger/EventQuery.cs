using System.Data.Common;
using Ingest.Formats;
using Npgsql;

namespace Ingest.Worker.Ledger;

/// <summary>
/// Finds what a school has said about students. Asked in student order, it reads each block once. Whoever will ask about many says so
/// beforehand, for a server is asked about all of them at once.
/// </summary>
internal sealed class EventQuery(DbConnection connection, long school) : IDisposable
{
    // Of each file the last block is kept: the next student asked about is likely to be in it too.
    private const int MostKept = 1_024;

    // What is not reached by so many steps is sought anew.
    private const int MostSteps = 8;

    private readonly EventBytes reader = new();
    private readonly Dictionary<long, (long Number, EventBlock Block)> kept = [];
    private readonly List<StoredEvent> found = [];
    // What was fetched beforehand; of students that are not among them nothing is known.
    private Dictionary<long, List<(long File, long Block)>> placesAhead = [];
    private Dictionary<(long File, long Number), EventBlock> blocksAhead = [];
    // SQLite's, left open behind the last student: the next one's rows are nearly always the next, and a step costs a twentieth of a look-up.
    private readonly SqlStatement places = connection.Prepare("SELECT student, file, block FROM student_file WHERE school = ?1 AND student >= ?2 ORDER BY student, file");
    private bool isAtPlace;
    private long sought = long.MaxValue;
    private readonly SqlStatement place = connection.Prepare("SELECT block FROM student_file WHERE school = ?1 AND student = ?2 AND file = ?3");
    private readonly SqlStatement block = connection.Prepare("SELECT records, states FROM event WHERE file = ?1 AND block = ?2");

    /// <summary>Where the students are who will be asked about next.</summary>
    /// <returns>The files in which they are. None where a look-up of one student costs no more: SQLite's does not.</returns>
    public IReadOnlyCollection<long> FetchPlaces(IReadOnlyCollection<long> students)
    {
        (placesAhead, blocksAhead) = ([], []);
        if (connection is not NpgsqlConnection server) return [];
        placesAhead = students.Distinct().ToDictionary(s => s, _ => new List<(long, long)>());
        var files = new HashSet<long>();
        foreach (var (student, file, number) in PostgresEvents.Places(server, school, [.. placesAhead.Keys]))
        {
            placesAhead[student].Add((file, number));
            files.Add(file);
        }
        return files;
    }

    /// <summary>Their records in those of the files that will be asked about.</summary>
    public void FetchBlocks(Func<long, bool> isWanted)
    {
        if (connection is not NpgsqlConnection server) return;
        var wanted = placesAhead.Values.SelectMany(p => p).Where(p => isWanted(p.File)).Distinct().ToList();
        if (wanted.Count > 0) blocksAhead = PostgresEvents.Blocks(server, [.. wanted.Select(w => w.File)], [.. wanted.Select(w => w.Block)]);
    }

    /// <summary>In which files, and blocks of theirs, a student is; in file order. Filled anew each time.</summary>
    public void Places(long student, List<(long File, long Block)> into)
    {
        into.Clear();
        if (placesAhead.TryGetValue(student, out var ahead))
        {
            into.AddRange(ahead);
            return;
        }
        if (connection is NpgsqlConnection server)
        {
            foreach (var (_, file, number) in PostgresEvents.Places(server, school, [student])) into.Add((file, number));
            return;
        }
        Seek(student);
        for (; isAtPlace && places.Int64(0) == student; isAtPlace = places.Step()) into.Add((places.Int64(1), places.Int64(2)));
    }

    /// <summary>To the first place of a student, or of the next who has one.</summary>
    private void Seek(long student)
    {
        var isAhead = student > sought;
        sought = student;
        for (var steps = 0; isAhead && isAtPlace && places.Int64(0) < student; isAtPlace = places.Step()) isAhead = ++steps < MostSteps;
        if (isAhead) return;
        if (isAtPlace) places.Reset();
        isAtPlace = places.Bind(1, school).Bind(2, student).Step();
    }

    /// <summary>A student's records in a block, in line order. Valid until the next call.</summary>
    public List<StoredEvent> Read(long student, long file, long number) => Read(student, Block(file, number));

    /// <inheritdoc cref="Read(long, long, long)"/>
    public List<StoredEvent> Read(long student, EventBlock? of)
    {
        found.Clear();
        if (of?.Find(student) is { } part) of.Read(part, reader, found);
        return found;
    }

    /// <summary>A student's records in a file, in line order. Valid until the next call.</summary>
    public List<StoredEvent> Read(long student, long file)
    {
        if (placesAhead.TryGetValue(student, out var ahead)) return ahead.Find(p => p.File == file) is { File: > 0 } known ? Read(student, file, known.Block) : Read(student, null);
        if (!place.Bind(1, school).Bind(2, student).Bind(3, file).Step()) return Read(student, null);
        var number = place.Int64(0);
        place.Reset();
        return Read(student, file, number);
    }

    /// <summary>The record at a line of a file, under whichever of a person's numbers; null when there is none.</summary>
    public StudentRecord? Find(IEnumerable<long> numbers, long file, long line)
    {
        foreach (var number in numbers)
            foreach (var e in Read(number, file))
                if (e.Line == line) return e.Record;
        return null;
    }

    /// <summary>A block; null when there is none.</summary>
    public EventBlock? Block(long file, long number)
    {
        if (blocksAhead.TryGetValue((file, number), out var ahead)) return ahead;
        if (kept.TryGetValue(file, out var last) && last.Number == number) return last.Block;
        if (!block.Bind(1, file).Bind(2, number).Step()) return null;
        var read = new EventBlock(block.Bytes(0).ToArray(), block.Bytes(1).ToArray());
        block.Reset();
        if (kept.Count >= MostKept) kept.Clear();
        kept[file] = (number, read);
        return read;
    }

    public void Dispose()
    {
        places.Dispose();
        place.Dispose();
        block.Dispose();
    }
}
