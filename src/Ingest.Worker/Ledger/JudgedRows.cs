using Dapper;
using Ingest.Formats;
using Ingest.Rules;
using Ingest.Worker.Service;
using Microsoft.Data.Sqlite;

namespace Ingest.Worker.Ledger;

/// <summary>
/// What the provisional judgement says of a file's staged rows, where it is more than what reading them said. On a connection of its
/// own, so that the ordered reading of students goes on undisturbed.
/// </summary>
internal sealed class JudgedRows : IDisposable
{
    // What is judged carries texts, so fewer are held than of staged rows.
    private const int MostHeld = 10_000;

    // Line and status in one number: a file may be all repeats.
    private const long StatusFactor = 8;

    // Findings of the judgement come after those of the reading on the same line.
    private const int JudgementSeq = 100;

    private readonly LedgerDatabase ledger;
    private readonly FileRow file;
    private readonly long school;
    private readonly int chunkRows;
    private readonly StageClock clock;
    private readonly SqliteConnection connection;
    private readonly RawStatement lineQuery;
    private readonly List<long> judged = [];
    private readonly List<Finding> judgedFindings = [];
    private readonly List<(StudentEvent Event, StudentEvent? Heir)> without = [];
    private readonly List<StudentEvent> repeats = [];

    public JudgedRows(LedgerDatabase ledger, FileRow file, long school, int chunkRows, StageClock clock)
    {
        (this.ledger, this.file, this.school, this.chunkRows, this.clock) = (ledger, file, school, chunkRows, clock);
        connection = ledger.Open();
        connection.Execute($"CREATE TEMP TABLE IF NOT EXISTS judged_finding ({FindingRows.Columns}); DELETE FROM temp.judged_finding;");
        lineQuery = new RawStatement(connection, "SELECT status, offset, length FROM line WHERE file = ?1 AND line = ?2");
    }

    /// <summary>What the judgement changed of the file's seal.</summary>
    public FileSeal Seal { get; } = new();

    /// <summary>What the judgement made of one record, when it is more than what reading it said.</summary>
    /// <param name="counts">False for what has no effect: it is taken out of the events again.</param>
    /// <param name="heir">The record to which its händelse-id then falls, if any.</param>
    public void Add(StudentEvent judgedEvent, RecordStatus status, IEnumerable<Finding> judgementFindings, bool counts, StudentEvent? heir = null)
    {
        judged.Add(judgedEvent.Line * StatusFactor + (long)status);
        judgedFindings.AddRange(judgementFindings);
        if (!counts) without.Add((judgedEvent, heir));
    }

    /// <summary>It has no effect, but its händelse-id is taken.</summary>
    public void KeepId(StudentEvent repeat) => repeats.Add(repeat);

    /// <summary>
    /// Puts aside what was judged, when it is a chunk's worth; on a connection of its own, so that the ordered reading goes on
    /// undisturbed. Findings come in student order and are kept in a temporary table: written as they come, each chunk would touch
    /// every page of a table that is in line order.
    /// </summary>
    public async Task FlushAsync(CancellationToken stop)
    {
        if (judgedFindings.Count < Math.Min(chunkRows, MostHeld)) return;
        await PutAsideAsync(stop);
    }

    /// <summary>Writes all that was judged, in line order. The reading must be over.</summary>
    public async Task FinishAsync(CancellationToken stop)
    {
        await PutAsideAsync(stop);
        if (judged.Count == 0) return;
        judged.Sort();
        await ledger.WriteAsync(connection, transaction =>
        {
            using (var update = new RawStatement(connection, "UPDATE line SET status = ?3 WHERE file = ?1 AND line = ?2"))
                foreach (var packed in judged) update.Bind(1, file.Id).Bind(2, packed / StatusFactor).Bind(3, packed % StatusFactor).Run();
            connection.Execute($"INSERT INTO finding ({FindingRows.Columns}) SELECT {FindingRows.Columns} FROM temp.judged_finding ORDER BY record, seq", null, transaction);
        }, stop);
        connection.Execute("DELETE FROM temp.judged_finding");
        judged.Clear();
    }

    private async Task PutAsideAsync(CancellationToken stop)
    {
        if (judgedFindings.Count == 0 && without.Count == 0 && repeats.Count == 0) return;
        using var writing = clock.Enter(Stage.Ledger);
        Seal.Add(await ledger.WriteAsync(connection, _ =>
        {
            var (changed, bytes, width) = (new FileSeal(), new RowBytes(), FileSeals.Width(SealedTable.Event));
            using (var rows = new FindingRows(connection, close: 0, "temp.judged_finding")) rows.Write(file.Id, judgedFindings, JudgementSeq);
            using var delete = new RawStatement(connection, $"DELETE FROM event WHERE school = ?1 AND student = ?2 AND file = ?3 AND line = ?4 RETURNING {FileSeals.Columns(SealedTable.Event)}");
            using var release = new RawStatement(connection, EventIds.ReleaseSql);
            using var handOver = new RawStatement(connection, EventIds.HandOverSql);
            using var keep = new RawStatement(connection, "UPDATE event SET state = 3 WHERE school = ?1 AND student = ?2 AND file = ?3 AND line = ?4");
            foreach (var e in repeats)
            {
                keep.Bind(1, school).Bind(2, e.Record.Student.Digits).Bind(3, file.Id).Bind(4, e.Line).Run();
                changed.Add(SealedTable.Event, RowBytes.Mark(file.Id, e.Line, 3));
            }
            foreach (var (e, heir) in without)
            {
                if (delete.Bind(1, school).Bind(2, e.Record.Student.Digits).Bind(3, file.Id).Bind(4, e.Line).Step())
                {
                    bytes.Clear();
                    delete.AppendTo(bytes, 0, width);
                    changed.Subtract(SealedTable.Event, bytes.Hash());
                    delete.Step();
                }
                if (heir is null) EventIds.Release(release, school, e);
                else EventIds.HandOver(handOver, school, e, heir);
            }
            return changed;
        }, stop));
        judgedFindings.Clear();
        without.Clear();
        repeats.Clear();
    }

    /// <summary>Where a record stands in the source.</summary>
    public (long Offset, int Length) PlaceOf(long line)
    {
        if (!lineQuery.Bind(1, file.Id).Bind(2, line).Step()) throw new InvalidOperationException("A judged record has no line.");
        var place = (lineQuery.Int64(1), (int)lineQuery.Int64(2));
        lineQuery.Reset();
        return place;
    }

    /// <summary>True when reading the record gave a warning.</summary>
    public bool WasWarned(long line)
    {
        if (file.Counts.Warned == 0) return false;
        var warned = lineQuery.Bind(1, file.Id).Bind(2, line).Step() && lineQuery.Int64(0) == (long)RecordStatus.AcceptedWithWarning;
        lineQuery.Reset();
        return warned;
    }

    public void Dispose()
    {
        lineQuery.Dispose();
        connection.Dispose();
    }
}
