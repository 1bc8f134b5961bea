using System.Buffers.Binary;
using Dapper;
using Ingest.Formats;
using Ingest.Rules;
using Microsoft.Data.Sqlite;

namespace Ingest.Worker.Ledger;

/// <summary>
/// Whose the händelse-id of the file in hand are. An id belongs to the first record that counts with it; which of several students'
/// records that is, no judgement of one student can see.
/// </summary>
internal sealed class IdClaims(SqliteConnection connection, FileRow file, long school, IdentityLinks links)
{
    // Ids that several students have in this file: which of them counts is not known before the file's last line.
    private readonly HashSet<UInt128> contested = [];
    private readonly Dictionary<UInt128, (long Student, long File, long Line)> settled = [];

    /// <summary>Lines whose händelse-id another student's record has, and whose it is.</summary>
    public Dictionary<long, (long File, long Line)> Taken { get; } = [];

    /// <summary>Takes the ids of a chunk's records, those that are free, in order of arrival.</summary>
    public void Claim(IEnumerable<(StudentRecord Record, long Line)> events)
    {
        var ids = new List<(UInt128 Id, long Line, long Student)>();
        foreach (var (record, line) in events)
            if (record.EventId is { } id) ids.Add((EventIds.Key(id), line, record.Student.Digits));
        if (ids.Count == 0) return;
        ids.Sort();
        using var insert = new RawStatement(connection, "INSERT OR IGNORE INTO event_id (school, id, student, file, line) VALUES (?1, ?2, ?3, ?4, ?5)");
        using var owner = new RawStatement(connection, $"SELECT student, file, line, file <> ?3 AND file IN ({LedgerDatabase.Uncommitted}) FROM event_id WHERE school = ?1 AND id = ?2");
        using var takeOver = new RawStatement(connection, TakeOverSql);
        Span<byte> key = stackalloc byte[16];
        foreach (var (id, line, student) in ids)
        {
            BinaryPrimitives.WriteUInt128BigEndian(key, id);
            if (insert.Bind(1, school).Bind(2, key).Bind(3, student).Bind(4, file.Id).Bind(5, line).Run() > 0) continue;
            if (!owner.Bind(1, school).Bind(2, key).Bind(3, file.Id).Step()) continue;
            var (owning, itsFile, itsLine, ghost) = (owner.Int64(0), owner.Int64(1), owner.Int64(2), owner.Int64(3) == 1);
            owner.Reset();
            // A file that never committed owns nothing.
            if (ghost) takeOver.Bind(1, school).Bind(2, key).Bind(3, student).Bind(4, file.Id).Bind(5, line).Run();
            else if (links.SamePerson(owning, student)) continue;
            else if (itsFile == file.Id) Contest(id, owning, student);
            else Taken[line] = (itsFile, itsLine);
        }
    }

    private const string TakeOverSql = "UPDATE event_id SET student = ?3, file = ?4, line = ?5 WHERE school = ?1 AND id = ?2";

    private void Contest(UInt128 id, long owning, long student)
    {
        if (contested.Count == 0) connection.Execute("CREATE TEMP TABLE IF NOT EXISTS contesting (student INTEGER PRIMARY KEY); DELETE FROM temp.contesting;");
        contested.Add(id);
        connection.Execute("INSERT OR IGNORE INTO temp.contesting (student) VALUES (@owning), (@student)", new { owning, student });
    }

    /// <summary>
    /// Gives each contested id to the first record that counts with it. Whether one does is said by what came before it in the file,
    /// so the lines are gone through in order. True when there was anything to settle.
    /// </summary>
    public bool Settle(Func<string, StudentStream> students, Func<DateOnly, CourseCatalogue?> courses, RuleTerms terms)
    {
        if (contested.Count == 0) return false;
        FindOwners();
        var lines = new List<(long Line, UInt128 Id, long Student)>();
        var events = new List<StudentEvent>();
        using (var contesting = students("SELECT student FROM temp.contesting"))
            while (contesting.Next(events))
                foreach (var e in events.Where(e => e.FileId == file.Id))
                    if (e.Record.EventId is { } text && EventIds.Key(text) is var id && contested.Contains(id)) lines.Add((e.Line, id, e.Record.Student.Digits));
        lines.Sort();
        foreach (var (line, id, student) in lines)
        {
            if (Taken.ContainsKey(line)) continue;
            if (!settled.TryGetValue(id, out var owner))
            {
                using var one = students($"SELECT {student} AS student");
                one.Next(events);
                events.RemoveAll(e => e.FileId == file.Id && (e.Line > line || Taken.ContainsKey(e.Line)));
                var verdicts = file.Origin == Origin.Baseline ? StudentJudgement.JudgeBaseline(events, file.Id) : StudentJudgement.Judge(courses, terms, events, file.Window);
                var verdict = verdicts.Find(v => v.Event.FileId == file.Id && v.Event.Line == line)!;
                if (verdict.TakesId || verdict.Outcome is not (Outcome.Rejected or Outcome.Duplicate)) settled.Add(id, (student, file.Id, line));
            }
            else if (!links.SamePerson(owner.Student, student))
            {
                Taken[line] = (owner.File, owner.Line);
            }
        }
        return true;
    }

    /// <summary>Contested ids whose owner was not known when the file was read: <c>check</c> looks them up in another ledger.</summary>
    private void FindOwners()
    {
        using var owner = new RawStatement(connection, "SELECT student, file, line FROM event_id WHERE school = ?1 AND id = ?2 AND file <> ?3");
        Span<byte> key = stackalloc byte[16];
        foreach (var id in contested)
        {
            BinaryPrimitives.WriteUInt128BigEndian(key, id);
            if (!owner.Bind(1, school).Bind(2, key).Bind(3, file.Id).Step()) continue;
            settled.Add(id, (owner.Int64(0), owner.Int64(1), owner.Int64(2)));
            owner.Reset();
        }
    }

    /// <summary>Writes down what was settled.</summary>
    public void Keep()
    {
        using var takeOver = new RawStatement(connection, TakeOverSql);
        using var free = new RawStatement(connection, "DELETE FROM event_id WHERE school = ?1 AND id = ?2");
        Span<byte> key = stackalloc byte[16];
        foreach (var id in contested)
        {
            BinaryPrimitives.WriteUInt128BigEndian(key, id);
            if (settled.TryGetValue(id, out var owner)) takeOver.Bind(1, school).Bind(2, key).Bind(3, owner.Student).Bind(4, owner.File).Bind(5, owner.Line).Run();
            else free.Bind(1, school).Bind(2, key).Run();
        }
    }
}
