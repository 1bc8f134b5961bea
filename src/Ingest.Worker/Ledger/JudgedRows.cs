using System.Runtime.InteropServices;
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
    private readonly int chunkRows;
    private readonly StageClock clock;
    private readonly SqliteConnection connection;
    private readonly LineQuery lines;
    private readonly List<long> judged = [];
    private readonly List<Finding> judgedFindings = [];
    private readonly List<StudentEvent> without = [];
    private readonly List<bool> gone = [];
    private readonly List<StudentEvent> repeats = [];

    public JudgedRows(LedgerDatabase ledger, FileRow file, int chunkRows, StageClock clock)
    {
        (this.ledger, this.file, this.chunkRows, this.clock) = (ledger, file, chunkRows, clock);
        connection = ledger.Open();
        connection.Execute($"CREATE TEMP TABLE IF NOT EXISTS judged_finding ({FindingRows.Columns}); DELETE FROM temp.judged_finding;");
        lines = new LineQuery(connection);
    }

    /// <summary>What the judgement changed of the file's seal.</summary>
    public FileSeal Seal { get; } = new();

    /// <summary>What the judgement made of one record, when it is more than what reading it said.</summary>
    /// <param name="counts">False for what has no effect: it is taken out of the events again.</param>
    public void Add(StudentEvent judgedEvent, RecordStatus status, IEnumerable<Finding> judgementFindings, bool counts)
    {
        judged.Add(judgedEvent.Line * StatusFactor + (long)status);
        judgedFindings.AddRange(judgementFindings);
        if (counts) return;
        without.Add(judgedEvent);
        var line = checked((int)judgedEvent.Line);
        if (gone.Count <= line) CollectionsMarshal.SetCount(gone, line + 1);
        gone[line] = true;
    }

    /// <summary>True for a line whose record was taken out again.</summary>
    public bool IsGone(long line) => line < gone.Count && gone[(int)line];

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
        Seal.Add(await ledger.WriteAsync(connection, transaction =>
        {
            var (change, at) = (new FileSeal(), 0);
            LineStatuses.Change(connection, file.Id, line =>
            {
                var status = line.Status;
                // The last word holds, should one be judged twice.
                for (; at < judged.Count && judged[at] / StatusFactor == line.Number; at++) status = (RecordStatus)(judged[at] % StatusFactor);
                return status;
            }, change);
            connection.Execute($"INSERT INTO finding ({FindingRows.Columns}) SELECT {FindingRows.Columns} FROM temp.judged_finding ORDER BY record, seq", null, transaction);
            return change;
        }, stop));
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
            using var delete = new RawStatement(connection, $"DELETE FROM event WHERE file = ?1 AND student = ?2 AND line = ?3 RETURNING {FileSeals.Columns(SealedTable.Event)}");
            using var keep = new RawStatement(connection, "UPDATE event SET state = 3 WHERE file = ?1 AND student = ?2 AND line = ?3");
            foreach (var e in repeats)
            {
                keep.Bind(1, file.Id).Bind(2, e.Record.Student.Digits).Bind(3, e.Line).Run();
                changed.Add(SealedTable.Event, RowBytes.Mark(file.Id, e.Line, 3));
            }
            foreach (var e in without)
            {
                if (delete.Bind(1, file.Id).Bind(2, e.Record.Student.Digits).Bind(3, e.Line).Step())
                {
                    bytes.Clear();
                    delete.AppendTo(bytes, 0, width);
                    changed.Subtract(SealedTable.Event, bytes.Hash());
                    delete.Step();
                }
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
        var source = lines.Find(file.Id, line)?.Source ?? throw new InvalidOperationException("A judged record has no line.");
        return (source.Offset, source.Length);
    }

    /// <summary>True when reading the record gave a warning.</summary>
    public bool WasWarned(long line) => file.Counts.Warned > 0 && lines.Find(file.Id, line)?.Status == RecordStatus.AcceptedWithWarning;

    public void Dispose()
    {
        lines.Dispose();
        connection.Dispose();
    }
}
