using System.Buffers.Binary;
using System.Data.Common;
using System.Runtime.InteropServices;
using Ingest.Formats;
using Ingest.Rules;
using Npgsql;

namespace Ingest.Worker.Ledger;

/// <summary>One record's händelse-id. In the order of the lists.</summary>
internal readonly record struct HeldId(UInt128 Id, long Line, long Student) : IComparable<HeldId>
{
    public int CompareTo(HeldId other) => Id != other.Id ? Id.CompareTo(other.Id) : Line.CompareTo(other.Line);
}

/// <summary>
/// Whose the händelse-id of the file in hand are. An id belongs to the first record that counts with it; which of several students'
/// records that is, no judgement of one student can see.
/// </summary>
internal sealed class IdClaims(FileRow file, IdentityLinks links)
{
    private const int EntryBytes = 24;
    private const int EntriesPerBlock = 120;

    // Ids that several students have in this file: which of them counts is not known before the file's last line.
    private readonly HashSet<UInt128> contested = [];
    private readonly List<long> contesting = [];
    private readonly Dictionary<UInt128, (long Student, long Line)> settled = [];

    /// <summary>Lines whose händelse-id another student's record has, and whose it is.</summary>
    public Dictionary<long, (long File, long Line)> Taken { get; } = [];

    /// <summary>Looks for the file's ids in each other, and in the school's earlier files.</summary>
    /// <param name="ids">All of the file's, sorted, in chunks.</param>
    /// <param name="earlier">The school's other files that count, in order, with their windows and how many records each has at most.</param>
    /// <param name="history">Where their rows are.</param>
    /// <param name="closed">What was refused in later windows than this had not been yet.</param>
    public void LookUp(IEnumerable<List<HeldId>> ids, IReadOnlyList<(long Id, long Window, long Records)> earlier, DbConnection history, long school, DateOnly closed)
    {
        using var holders = new EventQuery(history, school);
        var windows = earlier.ToDictionary(e => e.Id, e => LedgerDatabase.Date(e.Window));
        HeldId last = default;
        foreach (var chunk in ids)
        {
            foreach (var held in chunk)
            {
                if (held.Id == last.Id && last.Line > 0 && !links.SamePerson(held.Student, last.Student)) Contest(held.Id, last.Student, held.Student);
                last = held;
            }
            // Of a list of more blocks than there are ids only the blocks are read that would have one. A server would be asked once for each.
            var isSought = earlier.ToLookup(e => history is not NpgsqlConnection && chunk.Count < e.Records / EntriesPerBlock, e => e.Id);
            foreach (var other in isSought[true]) Seek(chunk, other);
            // A server is asked about some hundred at a time. SQLite, which is asked at no cost, would sort what it finds of several.
            foreach (var page in isSought[false].Chunk(history is NpgsqlConnection ? 500 : 1))
            {
                using var rows = history.Stream($"SELECT file, ids FROM event_id WHERE file IN ({string.Join(", ", page)}) ORDER BY file, first");
                for (var (other, at) = (0L, 0); rows.Step();)
                {
                    if (rows.Int64(0) != other) (other, at) = (rows.Int64(0), 0);
                    at = Merge(rows.Bytes(1), chunk, at, other);
                }
            }
        }

        void Seek(List<HeldId> chunk, long other)
        {
            using var block = history.Prepare("SELECT ids FROM event_id WHERE file = ?1 AND first <= ?2 ORDER BY first DESC LIMIT 1");
            block.Bind(1, other);
            Span<byte> last = stackalloc byte[EntryBytes];
            for (var at = 0; at < chunk.Count;)
            {
                // As the last entry of that id would be.
                last.Fill(byte.MaxValue);
                BinaryPrimitives.WriteUInt128BigEndian(last, chunk[at].Id);
                var next = at + 1;
                if (block.Bind(2, last).Step())
                {
                    next = Math.Max(next, Merge(block.Bytes(0), chunk, at, other));
                    block.Reset();
                }
                at = next;
            }
        }

        // Both are sorted, so the place in the chunk only moves on.
        int Merge(ReadOnlySpan<byte> block, List<HeldId> chunk, int at, long other)
        {
            var isClosed = windows[other] <= closed;
            for (; block.Length >= EntryBytes && at < chunk.Count; block = block[EntryBytes..])
            {
                var id = BinaryPrimitives.ReadUInt128BigEndian(block);
                at = FirstFrom(chunk, at, id);
                for (var same = at; same < chunk.Count && chunk[same].Id == id; same++)
                {
                    var student = BinaryPrimitives.ReadInt64BigEndian(block[16..]);
                    if (links.SamePerson(student, chunk[same].Student) || Taken.ContainsKey(chunk[same].Line)) continue;
                    foreach (var holder in holders.Read(student, other))
                        if (holder.Id == id && !(holder.State == StoredState.Refused && isClosed)) Taken.TryAdd(chunk[same].Line, (other, holder.Line));
                }
            }
            return at;
        }
    }

    /// <summary>The first place from <paramref name="at"/> on whose id is not smaller, by steps that double: the lists may be of very different lengths.</summary>
    private static int FirstFrom(List<HeldId> ids, int at, UInt128 id)
    {
        var step = 1;
        for (; at + step <= ids.Count && ids[at + step - 1].Id < id; step *= 2) at += step;
        for (step /= 2; step > 0; step /= 2)
            if (at + step <= ids.Count && ids[at + step - 1].Id < id) at += step;
        return at;
    }

    private void Contest(UInt128 id, long one, long other)
    {
        contested.Add(id);
        contesting.Add(one);
        contesting.Add(other);
    }

    /// <summary>
    /// Gives each contested id to the first record that counts with it. Whether one does is said by what came before it in the file,
    /// so the lines are gone through in order.
    /// </summary>
    public void Settle(Func<IEnumerable<long>, StudentStream> students, Func<DateOnly, CourseCatalogue?> courses, RuleTerms terms)
    {
        if (contested.Count == 0) return;
        var lines = new List<HeldId>();
        var events = new List<StudentEvent>();
        using (var among = students(contesting.Distinct().Order()))
            while (among.Next(events))
                foreach (var e in events.Where(e => e.FileId == file.Id))
                    if (e.Record.EventId is { } own && EventIds.Key(own) is var id && contested.Contains(id)) lines.Add(new HeldId(id, e.Line, e.Record.Student.Digits));
        foreach (var (id, line, student) in lines.OrderBy(l => l.Line))
        {
            if (Taken.ContainsKey(line)) continue;
            if (!settled.TryGetValue(id, out var owner))
            {
                using var one = students([student]);
                one.Next(events);
                events.RemoveAll(e => e.FileId == file.Id && (e.Line > line || Taken.ContainsKey(e.Line)));
                var verdicts = file.Origin == Origin.Baseline ? StudentJudgement.JudgeBaseline(events, file.Id) : StudentJudgement.Judge(courses, terms, events, file.Window);
                var verdict = verdicts.Find(v => v.Event.FileId == file.Id && v.Event.Line == line)!;
                if (verdict.TakesId || verdict.Outcome is not (Outcome.Rejected or Outcome.Duplicate)) settled.Add(id, (student, line));
            }
            else if (!links.SamePerson(owner.Student, student))
            {
                Taken[line] = (file.Id, owner.Line);
            }
        }
    }

    /// <summary>Writes down which ids the file's records have.</summary>
    /// <param name="ids">All of them, sorted, in chunks.</param>
    /// <param name="seal">The file's, to which the rows are added.</param>
    public static void Write(DbConnection connection, long file, IEnumerable<List<HeldId>> ids, LineOutcomes outcomes, FileSeal seal)
    {
        var row = new RowBytes();
        using var insert = connection.BulkInsert("event_id", "file, first, ids", row);
        insert.Bind(1, file);
        var block = new List<byte>();
        // Nearly always one.
        var (last, students) = ((UInt128)0, new List<long>());
        Span<byte> entry = stackalloc byte[EntryBytes];
        foreach (var chunk in ids)
            foreach (var held in chunk)
            {
                if (outcomes.IsGone(held.Line)) continue;
                if (held.Id != last || students.Count == 0)
                {
                    // Those of one id stand in one block.
                    if (block.Count >= EntryBytes * EntriesPerBlock) Flush();
                    students.Clear();
                    last = held.Id;
                }
                if (students.Contains(held.Student)) continue;
                students.Add(held.Student);
                BinaryPrimitives.WriteUInt128BigEndian(entry, held.Id);
                BinaryPrimitives.WriteInt64BigEndian(entry[16..], held.Student);
                block.AddRange(entry);
            }
        Flush();
        insert.Complete();

        void Flush()
        {
            if (block.Count == 0) return;
            var bytes = CollectionsMarshal.AsSpan(block);
            row.Clear();
            insert.Bind(2, bytes[..EntryBytes]).Bind(3, bytes).Run();
            seal.Add(SealedTable.EventId, row.Hash());
            block.Clear();
        }
    }
}
