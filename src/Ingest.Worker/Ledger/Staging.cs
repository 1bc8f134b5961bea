using System.Data.Common;
using Dapper;
using Ingest.Formats;
using Ingest.Rules;
using Ingest.Worker.Service;

namespace Ingest.Worker.Ledger;

/// <summary>
/// What one file is to be in the ledger: gathered as it is read, judged, and written in the order of the ledger's tables by
/// <see cref="CommitAsync"/>, all of it or nothing.
/// </summary>
internal sealed class Staging : IFileRecords
{
    // Findings of the judgement come after those of the reading on the same line.
    private const int JudgementSeq = 100;

    private readonly LedgerDatabase ledger;
    private readonly FileRow file;
    private readonly DbConnection connection;
    private readonly DbConnection history;
    private readonly Scratch scratch = new();
    private readonly StagedLines lines;
    private readonly StagedFindings findings;
    private readonly StagedEvents events;
    private readonly LineOutcomes outcomes = new();
    private readonly IdClaims ids;
    private readonly List<(ReportRecord Record, long Line)> catalogue = [];
    private readonly long commits;
    private DbTransaction? snapshot;
    private (bool KeepLines, bool KeepRuleFindings)? refusal;

    /// <param name="history">The ledger that has what was reported before; null: the same.</param>
    public Staging(LedgerDatabase ledger, FileRow file, int chunkRows, StageClock clock, LedgerDatabase? history)
    {
        Clock = clock;
        this.ledger = ledger;
        this.file = file;
        connection = ledger.Open();
        this.history = (history ?? ledger).Open();
        School = LedgerDatabase.SchoolId(connection, file.School);
        Links = IdentityLinks.Of(connection, School, UpTo);
        commits = Commits();
        lines = new StagedLines(scratch, chunkRows);
        findings = new StagedFindings(scratch, file.Id);
        events = new StagedEvents(scratch, chunkRows);
        ids = new IdClaims(file, Links);
    }

    public StageClock Clock { get; }

    /// <summary>The school's number in the hot tables.</summary>
    public long School { get; }

    public DbConnection? Connection => connection;

    /// <summary>Numbers that are one person's.</summary>
    public IdentityLinks Links { get; }

    public IReadOnlyDictionary<string, Personnummer> KnownInterim => Links.Interim;

    /// <summary>The last window that the file is judged by. A baseline stands before all windows and must agree with all.</summary>
    public DateOnly UpTo => file.Origin == Origin.Baseline ? DateOnly.MaxValue : file.Window;

    /// <summary>Lines whose händelse-id another student's record has, and whose it is.</summary>
    public IReadOnlyDictionary<long, (long File, long Line)> TakenIds => ids.Taken;

    public void Add(Row row, RecordStatus status, IReadOnlyList<Finding> found)
    {
        lines.Add(row.Source, row.Kind, row.Record?.EventId);
        outcomes.Set(row.Source.Line, status);
        findings.Add(found, 0);
        if (status != RecordStatus.Rejected && row.Record is StudentRecord record) events.Add(record, row.Source.Line);
    }

    public CourseCatalogue CatalogueBefore() => LedgerDatabase.Catalogue(connection, School, UpTo);

    public void AddToCatalogue(ReportRecord record, long line) => catalogue.Add((record, line));

    /// <summary>The course catalogue by which a window is judged, with what this file says of it.</summary>
    public CourseCatalogue Catalogue(DateOnly window)
    {
        var courses = LedgerDatabase.Catalogue(connection, School, window);
        if (window == file.Window)
            foreach (var (record, line) in catalogue) courses.Apply(record, file.Id, line);
        return courses;
    }

    public void Complete()
    {
        using var sorting = Clock.Enter(Stage.Ledger);
        lines.Complete();
        events.Complete();
        CrashPoint.Reached("intake.staged");
    }

    /// <summary>The students that the file is about, with those whose numbers are linked to any: whom there is to be a history of.</summary>
    public IEnumerable<long> StudentsAndLinked() =>
        events.Students().Concat(Links.PersonOf.Where(l => l.Key != l.Value).SelectMany(l => new[] { l.Key, l.Value })).Distinct();

    /// <summary>From now on what was reported before is read as it is now, whatever is committed meanwhile.</summary>
    /// <returns>The last window that had closed.</returns>
    public DateOnly BeginJudging()
    {
        snapshot = history.BeginSnapshot();
        return LedgerDatabase.LastClosed(history);
    }

    /// <summary>The students that the file is about, with all that counts for them, this file's records last.</summary>
    public StudentStream Students(DateOnly lastClosed) => Students(lastClosed, events.Students());

    private StudentStream Students(DateOnly lastClosed, IEnumerable<long> students) => new(history, School, students, UpTo, lastClosed, (file, events));

    /// <summary>Looks for the file's händelse-id in those of the school's earlier files.</summary>
    /// <param name="rows">Where those are.</param>
    /// <param name="closed">What was refused in later windows than this had not been yet.</param>
    public void LookUpIds(DbConnection rows, DateOnly closed) => ids.LookUp(events.Ids(),
        connection.Query<(long, long, long)>("SELECT id, cutoff, read - rejected FROM file WHERE school = @School AND id <> @Id AND state <> 'claimed' ORDER BY id", new { file.School, file.Id }).ToList(),
        rows, School, closed);

    /// <inheritdoc cref="LookUpIds(DbConnection, DateOnly)"/>
    public void LookUpIds() => LookUpIds(history, DateOnly.MaxValue);

    /// <summary>Settles the händelse-id that several students have in this file, before any of them is judged.</summary>
    public void SettleIds(Func<DateOnly, CourseCatalogue?> courses, RuleTerms terms, DateOnly lastClosed) => ids.Settle(students => Students(lastClosed, students), courses, terms);

    /// <summary>True when reading the record gave a warning.</summary>
    public bool WasWarned(long line) => outcomes.StatusOf(line) == RecordStatus.AcceptedWithWarning;

    /// <summary>Where a record stands in the source.</summary>
    public RowSource PlaceOf(long line) => lines.Find(line);

    /// <summary>What the judgement made of one record, when it is more than what reading it said.</summary>
    /// <param name="counts">False for what has no effect.</param>
    /// <param name="takesId">True for what has no effect but that its händelse-id is taken.</param>
    public void Judge(StudentEvent judged, RecordStatus status, IEnumerable<Finding> found, bool counts, bool takesId = false)
    {
        outcomes.Set(judged.Line, status, isGone: !counts, isRepeat: takesId);
        findings.Add(found, JudgementSeq);
    }

    public void Refuse(bool keepLines, bool keepRuleFindings) => refusal = (keepLines, keepRuleFindings);

    /// <summary>The one commit that makes the file visible. Answers false, and does nothing, when its window has closed meanwhile.</summary>
    public Task<bool> CommitAsync(IReadOnlyList<Finding> fileFindings, CancellationToken stop) => ledger.WriteAsync(connection, file.Origin == Origin.School ? School : null, transaction =>
    {
        ledger.RequireHold(connection, transaction, file);
        // A try before this, whose answer was lost, may have done it.
        if (connection.ExecuteScalar<string>("SELECT state FROM file WHERE id = @Id", new { file.Id }, transaction) is not "claimed") return true;
        var (baseline, seal) = (file.Origin == Origin.Baseline, new FileSeal());
        if (!baseline && LedgerDatabase.LastClosed(connection) >= file.Window) return false;
        if (Commits() != commits) return false;
        connection.Execute("UPDATE school SET commits = commits + 1 WHERE id = @School", new { School }, transaction);
        if (refusal is null or { KeepLines: true })
        {
            lines.Write(connection, file.Id, refusal is null ? outcomes : null, seal);
            findings.Write(connection, ofRules: refusal is null or { KeepRuleFindings: true });
        }
        if (refusal is null)
        {
            events.Write(connection, School, file.Id, outcomes, seal);
            IdClaims.Write(connection, file.Id, events.Ids(), outcomes, seal);
            WriteCatalogue();
        }
        CrashPoint.Reached("intake.written");
        using (var rows = new FindingRows(connection, close: 0))
        {
            rows.Write(file.Id, fileFindings);
            rows.Complete();
        }
        if (file is { Status: not FileStatus.Rejected, Origin: Origin.School, Sequence: > 0, System: { } system, Environment: { } environment })
            connection.Execute(
                "INSERT INTO sequence (school, system, environment, number, file) VALUES (@School, @system, @environment, @Sequence, @Id) ON CONFLICT DO NOTHING",
                new { file.School, system, environment, file.Sequence, file.Id }, transaction);
        LedgerDatabase.SaveCommitted(connection, transaction, file);
        if (file.Origin != Origin.School) LedgerDatabase.Audit(connection, transaction, file.Id);
        FileSeals.Commit(connection, transaction, School, file.Id, seal);
        return true;
    }, stop);

    // A file of the school that is committed while this one is judged may change what it should have come to.
    private long Commits() => connection.ExecuteScalar<long>("SELECT commits FROM school WHERE id = @School", new { School });

    private void WriteCatalogue()
    {
        using var insert = connection.BulkInsert("catalogue", "school, file, line, cutoff, kind, removal, course, code, title, hp, pace, starts, ends");
        insert.Bind(1, School).Bind(2, file.Id).Bind(4, LedgerDatabase.Number(file.Window));
        foreach (var (record, line) in catalogue)
        {
            var (code, title, hp, pace, starts, ends) = record switch
            {
                CourseOffering o => (o.OfferingCode, o.Title, o.Extent, o.Pace, o.Start, o.End),
                Module m => (m.ModuleCode, m.Title, m.Extent, null, null, null),
                _ => throw new ArgumentException("Not a catalogue record."),
            };
            insert.Bind(3, line).Bind(5, (long)record.Kind).Bind(6, record.Action == ReportAction.B ? 1 : 0).Bind(7, record.CourseCode).Bind(8, code).Bind(9, title)
                .Bind(10, hp?.Hundredths).Bind(11, (long?)pace).Bind(12, Date(starts)).Bind(13, Date(ends)).Run();
        }
        insert.Complete();

        static long? Date(DateOnly? date) => date is { } d ? LedgerDatabase.Number(d) : null;
    }

    public void Dispose()
    {
        snapshot?.Dispose();
        history.Dispose();
        connection.Dispose();
        events.Dispose();
        scratch.Dispose();
    }
}
