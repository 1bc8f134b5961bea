using Dapper;
using Ingest.Formats;
using Ingest.Rules;
using Ingest.Worker.Service;
using Microsoft.Data.Sqlite;

namespace Ingest.Worker.Ledger;

/// <summary>
/// Writes one file's rows into the ledger in chunks, in the order of its tables. Nothing of it counts before
/// <see cref="CommitAsync"/>: until then the file's row says 'claimed', and recovery throws the rest away.
/// </summary>
internal sealed class Staging : IDisposable
{
    private readonly LedgerDatabase ledger;
    private readonly FileRow file;
    private readonly int chunkRows;
    private readonly SqliteConnection connection;
    private readonly LineBlocks lines = new();
    private readonly List<Finding> findings = [];
    private readonly StagedEvents events;
    private readonly List<(ReportRecord Record, long Line)> catalogue = [];
    private readonly long commits;
    private readonly FileSeal seal = new();

    public Staging(LedgerDatabase ledger, FileRow file, int chunkRows, StageClock clock)
    {
        Clock = clock;
        this.ledger = ledger;
        this.file = file;
        this.chunkRows = chunkRows;
        connection = ledger.Open();
        School = LedgerDatabase.SchoolId(connection, file.School);
        Links = IdentityLinks.Of(connection, School, UpTo);
        commits = Commits();
        Judged = new JudgedRows(ledger, file, chunkRows, clock);
        events = new StagedEvents(connection, chunkRows);
        Ids = new IdClaims(connection, file, Links);
    }

    public StageClock Clock { get; }

    /// <summary>What the judgement makes of the rows that are staged.</summary>
    public JudgedRows Judged { get; }

    /// <summary>The school's number in the hot tables.</summary>
    public long School { get; }

    /// <summary>The file in hand. Where it is only tried its id may be another school's in the real ledger.</summary>
    public long FileId => file.Id;

    public SqliteConnection Connection => connection;

    /// <summary>Numbers that are one person's.</summary>
    public IdentityLinks Links { get; }

    /// <summary>The last window that the file is judged by. A baseline stands before all windows and must agree with all.</summary>
    public DateOnly UpTo => file.Origin == Origin.Baseline ? DateOnly.MaxValue : file.Window;

    /// <summary>Whose the file's händelse-id are.</summary>
    public IdClaims Ids { get; }

    public async Task AddAsync(Row row, RecordStatus status, IReadOnlyList<Finding> rowFindings, CancellationToken stop)
    {
        if (lines.Count >= chunkRows) await PutAsideAsync(stop);
        lines.Add(new Line(row.Source, row.Kind, status, row.Record?.EventId));
        seal.Add(SealedTable.Line, RowBytes.Mark(file.Id, row.Source.Line, (long)status));
        findings.AddRange(rowFindings);
        if (status != RecordStatus.Rejected && row.Record is StudentRecord record) events.Add(record, row.Source.Line);
    }

    /// <summary>A catalogue record that took effect.</summary>
    public void AddToCatalogue(ReportRecord record, long line) => catalogue.Add((record, line));

    /// <summary>Writes what has been added; the file is at its end.</summary>
    public async Task FlushAsync(CancellationToken stop)
    {
        if (events.IsAside)
        {
            await PutAsideAsync(stop);
            foreach (var chunk in events.InOrder()) await WriteAsync(written => chunk.Write(School, file, written), stop);
        }
        else
        {
            await WriteAsync(written =>
            {
                WriteLines(written);
                events.Write(School, file, written);
            }, stop);
            Clear();
        }
        Touch();
    }

    private async Task PutAsideAsync(CancellationToken stop)
    {
        await WriteAsync(WriteLines, stop);
        events.PutAside();
        Clear();
    }

    private async Task WriteAsync(Action<FileSeal> write, CancellationToken stop)
    {
        using var writing = Clock.Enter(Stage.Ledger);
        // A transaction that is tried again begins its seal again.
        seal.Add(await ledger.WriteAsync(connection, _ =>
        {
            var written = new FileSeal();
            write(written);
            CrashPoint.Reached("intake.staging");
            return written;
        }, stop));
        CrashPoint.Reached("intake.batch");
    }

    private void WriteLines(FileSeal written)
    {
        lines.Write(connection, file.Id, written);
        using (var rows = new FindingRows(connection, close: 0)) rows.Write(file.Id, findings);
        WriteCatalogue();
    }

    private void Clear()
    {
        lines.Clear();
        findings.Clear();
        catalogue.Clear();
        events.Clear();
    }

    /// <summary>The students that the file touches, with all that counts for them, this file's records last.</summary>
    public StudentStream Students(DateOnly lastClosed) => Students(lastClosed, "SELECT student FROM temp.touched");

    /// <summary>Notes in <c>temp.touched</c> which students these are: a table, of whose order SQLite knows, so that nothing is sorted.</summary>
    private void Touch() => connection.Execute(
        "CREATE TEMP TABLE IF NOT EXISTS touched (student INTEGER PRIMARY KEY); DELETE FROM temp.touched; INSERT INTO temp.touched SELECT DISTINCT student FROM event WHERE file = @Id ORDER BY student",
        new { file.Id });

    /// <summary>Where the history is brought in from elsewhere: linked numbers' is needed too.</summary>
    public void TouchLinked()
    {
        foreach (var number in Links.PersonOf.Where(l => l.Key != l.Value).SelectMany(l => new[] { l.Key, l.Value }).Distinct())
            connection.Execute("INSERT OR IGNORE INTO temp.touched (student) VALUES (@number)", new { number });
    }

    /// <summary>Looks for the file's händelse-id in what is known already.</summary>
    /// <inheritdoc cref="IdClaims.LookUp" path="/param"/>
    public void LookUpIds(string schema, DateOnly closed) => Ids.LookUp(events.Ids(), schema, closed);

    /// <summary>Settles the händelse-id that several students have in this file, before any of them is judged.</summary>
    public void SettleIds(Func<DateOnly, CourseCatalogue?> courses, RuleTerms terms, DateOnly lastClosed) => Ids.Settle(students => Students(lastClosed, students), courses, terms);

    private StudentStream Students(DateOnly lastClosed, string students) => new(connection, School, students, UpTo, lastClosed, file);

    /// <summary>Takes every record of the file back out, when the file as a whole is refused.</summary>
    /// <param name="keepLines">True: the records count as rejected. False: nothing was read.</param>
    /// <param name="keepRuleFindings">True when what the rules found is told all the same (F15).</param>
    public async Task RefuseAsync(bool keepLines, bool keepRuleFindings, CancellationToken stop)
    {
        seal.Add(await ledger.WriteAsync(connection, transaction => Refuse(transaction, keepLines, keepRuleFindings), stop));
        seal.Reset(SealedTable.Event);
        Judged.Seal.Reset(SealedTable.Event);
        if (keepLines) return;
        seal.Reset(SealedTable.Line);
        Judged.Seal.Reset(SealedTable.Line);
    }

    private FileSeal Refuse(SqliteTransaction transaction, bool keepLines, bool keepRuleFindings)
    {
        var (change, p) = (new FileSeal(), new { id = file.Id, School });
        connection.Execute("DELETE FROM student_file WHERE school = @School AND student IN (SELECT student FROM event WHERE file = @id) AND file = @id; DELETE FROM event WHERE file = @id", p, transaction);
        connection.Execute("DELETE FROM catalogue WHERE school = @School AND file = @id", p, transaction);
        if (keepLines)
        {
            LineStatuses.Change(connection, file.Id, _ => RecordStatus.Rejected, change);
            if (!keepRuleFindings) connection.Execute("DELETE FROM finding WHERE file = @id AND record > 0 AND code GLOB 'R*'", p, transaction);
        }
        else
        {
            connection.Execute("DELETE FROM line WHERE file = @id", p, transaction);
            connection.Execute("DELETE FROM finding WHERE file = @id", p, transaction);
        }
        return change;
    }

    /// <summary>The one commit that makes the file visible. Answers false, and does nothing, when its window has closed meanwhile.</summary>
    public Task<bool> CommitAsync(IReadOnlyList<Finding> fileFindings, CancellationToken stop) => ledger.WriteAsync(connection, transaction =>
    {
        var (baseline, staged) = (file.Origin == Origin.Baseline, new FileSeal());
        if (!baseline && LedgerDatabase.LastClosed(connection) >= file.Window) return false;
        if (Commits() != commits) return false;
        connection.Execute("UPDATE school SET commits = commits + 1 WHERE id = @School", new { School }, transaction);
        using (var rows = new FindingRows(connection, close: 0)) rows.Write(file.Id, fileFindings);
        if (file.Status != FileStatus.Rejected)
        {
            Ids.Write(events.Ids(), Judged.IsGone, staged);
            if (!baseline) connection.Execute(
                "INSERT OR IGNORE INTO window_student (school, window, student) SELECT DISTINCT @School, @window, student FROM event WHERE file = @Id",
                new { School, file.Id, window = LedgerDatabase.Number(file.Window) }, transaction);
            if (file is { Origin: Origin.School, Sequence: > 0, System: { } system, Environment: { } environment })
                connection.Execute(
                    "INSERT OR IGNORE INTO sequence (school, system, environment, number, file) VALUES (@School, @system, @environment, @Sequence, @Id)",
                    new { file.School, system, environment, file.Sequence, file.Id }, transaction);
        }
        LedgerDatabase.SaveCommitted(connection, transaction, file);
        if (file.Origin != Origin.School) LedgerDatabase.Audit(connection, transaction, file.Id);
        staged.Add(seal);
        staged.Add(Judged.Seal);
        FileSeals.Commit(connection, transaction, School, file.Id, staged);
        return true;
    }, stop);

    // A file of the school that is committed while this one is judged may change what it should have come to.
    private long Commits() => connection.ExecuteScalar<long>("SELECT commits FROM school WHERE id = @School", new { School });

    private void WriteCatalogue()
    {
        foreach (var (record, line) in catalogue)
        {
            var (code, title, hp, pace, start, end) = record switch
            {
                CourseOffering o => (o.OfferingCode, o.Title, o.Extent, o.Pace, o.Start, o.End),
                Module m => (m.ModuleCode, m.Title, m.Extent, null, null, null),
                _ => throw new ArgumentException("Not a catalogue record."),
            };
            connection.Execute(
                "INSERT INTO catalogue (school, file, line, window, kind, removal, course, code, title, hp, pace, start, end) " +
                "VALUES (@School, @Id, @line, @window, @kind, @removal, @CourseCode, @code, @title, @hp, @pace, @start, @end)",
                new
                {
                    School,
                    file.Id,
                    line,
                    window = LedgerDatabase.Number(file.Window),
                    kind = (int)record.Kind,
                    removal = record.Action == ReportAction.B,
                    record.CourseCode,
                    code,
                    title,
                    hp = hp?.Hundredths,
                    pace,
                    start = start is { } s ? LedgerDatabase.Number(s) : (long?)null,
                    end = end is { } e ? LedgerDatabase.Number(e) : (long?)null,
                });
        }
    }

    public void Dispose()
    {
        connection.Dispose();
        Judged.Dispose();
    }
}
