using Dapper;
using Ingest.Formats;
using Ingest.Rules;
using Ingest.Worker.Service;
using Microsoft.Data.Sqlite;

namespace Ingest.Worker.Ledger;

/// <summary>A record of the file in hand, on its way into the ledger.</summary>
internal readonly record struct StagedLine(RowSource Source, RecordKind? Kind, RecordStatus Status, string? EventId);

/// <summary>
/// Writes one file's rows into the ledger in chunks, each sorted as its table is. Nothing of it counts before
/// <see cref="CommitAsync"/>: until then the file's row says 'claimed', and recovery throws the rest away.
/// </summary>
internal sealed class Staging : IDisposable
{
    private readonly LedgerDatabase ledger;
    private readonly FileRow file;
    private readonly int chunkRows;
    private readonly SqliteConnection connection;
    private readonly List<StagedLine> lines = [];
    private readonly List<Finding> findings = [];
    private readonly List<(StudentRecord Record, long Line)> events = [];
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
        connection.Execute("CREATE TEMP TABLE IF NOT EXISTS touched (student INTEGER PRIMARY KEY); DELETE FROM temp.touched;");
        School = LedgerDatabase.SchoolId(connection, file.School);
        Links = IdentityLinks.Of(connection, School, UpTo);
        commits = Commits();
        Judged = new JudgedRows(ledger, file, School, chunkRows, clock);
        Ids = new IdClaims(connection, file, School, Links);
    }

    public StageClock Clock { get; }

    /// <summary>What the judgement makes of the rows that are staged.</summary>
    public JudgedRows Judged { get; }

    /// <summary>The school's number in the hot tables.</summary>
    public long School { get; }

    public SqliteConnection Connection => connection;

    /// <summary>Numbers that are one person's.</summary>
    public IdentityLinks Links { get; }

    /// <summary>The last window that the file is judged by. A baseline stands before all windows and must agree with all.</summary>
    public DateOnly UpTo => file.Origin == Origin.Baseline ? DateOnly.MaxValue : file.Window;

    /// <summary>Whose the file's händelse-id are.</summary>
    public IdClaims Ids { get; }

    public async Task AddAsync(Row row, RecordStatus status, IReadOnlyList<Finding> rowFindings, CancellationToken stop)
    {
        lines.Add(new StagedLine(row.Source, row.Kind, status, row.Record?.EventId));
        findings.AddRange(rowFindings);
        if (status != RecordStatus.Rejected && row.Record is StudentRecord record) events.Add((record, row.Source.Line));
        if (lines.Count >= chunkRows) await FlushAsync(stop);
    }

    /// <summary>A catalogue record that took effect.</summary>
    public void AddToCatalogue(ReportRecord record, long line) => catalogue.Add((record, line));

    public async Task FlushAsync(CancellationToken stop)
    {
        using var writing = Clock.Enter(Stage.Ledger);
        events.Sort((a, b) => a.Record.Student.Digits != b.Record.Student.Digits
            ? a.Record.Student.Digits.CompareTo(b.Record.Student.Digits)
            : a.Line.CompareTo(b.Line));
        // A transaction that is tried again begins its seal again.
        seal.Add(await ledger.WriteAsync(connection, transaction =>
        {
            var written = new FileSeal();
            WriteLines(written);
            using (var rows = new FindingRows(connection, close: 0)) rows.Write(file.Id, findings);
            WriteEvents(written);
            Ids.Claim(events);
            CrashPoint.Reached("intake.staging");
            WriteCatalogue(transaction);
            return written;
        }, stop));
        CrashPoint.Reached("intake.batch");
        lines.Clear();
        findings.Clear();
        events.Clear();
        catalogue.Clear();
    }

    /// <summary>The students that the file touches, with all that counts for them, this file's records last.</summary>
    public StudentStream Students(DateOnly lastClosed) => Students(lastClosed, "SELECT student FROM temp.touched");

    /// <summary>Where the history is brought in from elsewhere: linked numbers' is needed too.</summary>
    public void TouchLinked()
    {
        foreach (var number in Links.PersonOf.Where(l => l.Key != l.Value).SelectMany(l => new[] { l.Key, l.Value }).Distinct())
            connection.Execute("INSERT OR IGNORE INTO temp.touched (student) VALUES (@number)", new { number });
    }

    /// <summary>Settles the händelse-id that several students have in this file, before any of them is judged.</summary>
    public async Task SettleIdsAsync(Func<DateOnly, CourseCatalogue?> courses, RuleTerms terms, DateOnly lastClosed, CancellationToken stop)
    {
        if (Ids.Settle(students => Students(lastClosed, students), courses, terms)) await ledger.WriteAsync(connection, _ => Ids.Keep(), stop);
    }

    private StudentStream Students(DateOnly lastClosed, string students) => new(connection, School, students, UpTo, lastClosed, file.Id);

    /// <summary>Takes every record of the file back out, when the file as a whole is refused.</summary>
    /// <param name="keepLines">True: the records count as rejected. False: nothing was read.</param>
    /// <param name="keepRuleFindings">True when what the rules found is told all the same (F15).</param>
    public async Task RefuseAsync(bool keepLines, bool keepRuleFindings, CancellationToken stop)
    {
        await ledger.WriteAsync(connection, transaction => Refuse(transaction, keepLines, keepRuleFindings), stop);
        seal.Reset(SealedTable.Event);
        Judged.Seal.Reset(SealedTable.Event);
        if (!keepLines) seal.Reset(SealedTable.Line);
    }

    private void Refuse(SqliteTransaction transaction, bool keepLines, bool keepRuleFindings)
    {
        var p = new { id = file.Id, School, rejected = (int)RecordStatus.Rejected };
        ReleaseIds();
        connection.Execute("DELETE FROM event WHERE school = @School AND student IN (SELECT student FROM temp.touched) AND file = @id", p, transaction);
        connection.Execute("DELETE FROM catalogue WHERE school = @School AND file = @id", p, transaction);
        if (keepLines)
        {
            connection.Execute("UPDATE line SET status = @rejected WHERE file = @id", p, transaction);
            if (!keepRuleFindings) connection.Execute("DELETE FROM finding WHERE file = @id AND record > 0 AND code GLOB 'R*'", p, transaction);
        }
        else
        {
            connection.Execute("DELETE FROM line WHERE file = @id", p, transaction);
            connection.Execute("DELETE FROM finding WHERE file = @id", p, transaction);
        }
    }

    /// <summary>The one commit that makes the file visible. Answers false, and does nothing, when its window has closed meanwhile.</summary>
    public Task<bool> CommitAsync(IReadOnlyList<Finding> fileFindings, CancellationToken stop) => ledger.WriteAsync(connection, transaction =>
    {
        var baseline = file.Origin == Origin.Baseline;
        if (!baseline && LedgerDatabase.LastClosed(connection) >= file.Window) return false;
        if (Commits() != commits) return false;
        connection.Execute("UPDATE school SET commits = commits + 1 WHERE id = @School", new { School }, transaction);
        using (var rows = new FindingRows(connection, close: 0)) rows.Write(file.Id, fileFindings);
        if (file.Status != FileStatus.Rejected)
        {
            if (!baseline) connection.Execute(
                "INSERT OR IGNORE INTO window_student (school, window, student) SELECT @School, @window, student FROM temp.touched",
                new { School, window = LedgerDatabase.Number(file.Window) }, transaction);
            if (file is { Origin: Origin.School, Sequence: > 0, System: { } system, Environment: { } environment })
                connection.Execute(
                    "INSERT OR IGNORE INTO sequence (school, system, environment, number, file) VALUES (@School, @system, @environment, @Sequence, @Id)",
                    new { file.School, system, environment, file.Sequence, file.Id }, transaction);
        }
        LedgerDatabase.SaveCommitted(connection, transaction, file);
        if (file.Origin != Origin.School) LedgerDatabase.Audit(connection, transaction, file.Id);
        var staged = new FileSeal();
        staged.Add(seal);
        staged.Add(Judged.Seal);
        FileSeals.Commit(connection, transaction, School, file.Id, staged);
        return true;
    }, stop);

    // A file of the school that is committed while this one is judged may change what it should have come to.
    private long Commits() => connection.ExecuteScalar<long>("SELECT commits FROM school WHERE id = @School", new { School });

    private void WriteLines(FileSeal written)
    {
        var row = new RowBytes();
        using var insert = new RawStatement(connection, "INSERT INTO line (file, line, kind, status, offset, length, event_id) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)") { Record = row };
        insert.Bind(1, file.Id);
        foreach (var line in lines)
        {
            insert.Bind(4, (long)line.Status);
            row.Clear();
            insert.Bind(2, line.Source.Line).Bind(3, (long?)line.Kind).Bind(5, line.Source.Offset).Bind(6, (long)line.Source.Length).Bind(7, line.EventId).Run();
            written.Add(SealedTable.Line, row.Hash());
        }
    }

    private void WriteEvents(FileSeal written)
    {
        var row = new RowBytes();
        using var insert = new RawStatement(connection,
            $"INSERT INTO event (school, student, file, line, window, state, {EventColumns.Names}) VALUES (?1, ?2, ?3, ?4, ?5, ?6, {EventColumns.Parameters})")
        { Record = row };
        using var touch = new RawStatement(connection, "INSERT OR IGNORE INTO temp.touched (student) VALUES (?1)");
        insert.Bind(1, School).Bind(3, file.Id).Bind(5, LedgerDatabase.Number(file.Window)).Bind(6, 0L);
        long last = -1;
        foreach (var (record, line) in events)
        {
            if (record.Student.Digits != last) touch.Bind(1, last = record.Student.Digits).Run();
            row.Clear();
            insert.Bind(2, last).Bind(4, line);
            EventColumns.Bind(insert, record);
            insert.Run();
            written.Add(SealedTable.Event, row.Hash());
        }
    }

    private void ReleaseIds()
    {
        using var release = new RawStatement(connection, EventIds.ReleaseSql);
        using var students = Students(DateOnly.MinValue);
        var events = new List<StudentEvent>();
        while (students.Next(events))
            foreach (var e in events.Where(e => e.FileId == file.Id)) EventIds.Release(release, School, e);
    }

    private void WriteCatalogue(SqliteTransaction transaction)
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
                },
                transaction);
        }
    }

    public void Dispose()
    {
        connection.Dispose();
        Judged.Dispose();
    }
}
