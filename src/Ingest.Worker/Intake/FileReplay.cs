using System.Data.Common;
using System.IO.Abstractions;
using Dapper;
using Ingest.Formats;
using Ingest.Rules;
using Ingest.Worker.Ledger;
using Ingest.Worker.Service;
using Ingest.Worker.Settings;
using Microsoft.Extensions.Logging.Abstractions;

namespace Ingest.Worker.Intake;

/// <summary>
/// Judges a file that was taken before once more, under today's rules, settings and register, touching nothing: the same intake and
/// the same close, on a root of its own that is thrown away. Into it comes what was in the ledger when the file was judged: the files
/// before it, their löpnummer and courses, and their events about its students. The windows that had closed by then are closed anew,
/// each on the catalogue of its own day, so that history is judged by today's rules too. What was rejected or a duplicate when it came is
/// not among the events, and is not tried again.
/// </summary>
internal sealed class FileReplay : IDisposable
{
    private readonly IngestApp real;
    private readonly IngestSettings settings;
    private readonly string folder;
    private readonly IngestApp app;
    private List<DateOnly> closedThen = [];

    /// <param name="real">The root that the file is in.</param>
    /// <param name="settings">Today's, for this replay alone: their root is set to the one that is thrown away, their environment to the real one's.</param>
    public FileReplay(IngestApp real, IngestSettings settings)
    {
        (this.real, this.settings) = (real, settings);
        folder = Files.Directory.CreateTempSubdirectory("ingest-replay-").FullName;
        try
        {
            settings.Root = folder;
            settings.Ledger.ConnectionString = "";
            // The root's own, whatever this command was told: else every file of it would be one of the other (F16).
            settings.Environment = real.Ledger.Setting(IngestService.EnvironmentKey) ?? settings.Environment;
            Files.File.Copy(real.Root.Schools, Files.Path.Combine(folder, Files.Path.GetFileName(real.Root.Schools)));
            app = IngestApp.Open(settings, Files, real.Time, NullLoggerFactory.Instance, thrownAway: true);
            app.Schools.Refresh();
        }
        catch
        {
            Files.Directory.Delete(folder, recursive: true);
            throw;
        }
    }

    /// <summary>The ledger in which the new judgement stands.</summary>
    public LedgerDatabase Ledger => app.Ledger;

    private IFileSystem Files => real.Root.Files;

    /// <param name="then">As the file was judged.</param>
    /// <param name="school">As it is registered today.</param>
    /// <param name="doneFile">The text of its <c>.klar</c>, or null.</param>
    public async Task<FileRow> RunAsync(FileRow then, Stream source, School school, string? doneFile, CancellationToken stop)
    {
        Import(then);
        var file = Ledger.File(then.Id)!;
        var intake = new FileIntake(Ledger, settings) { BeforeJudging = staging => ImportStudentsAsync(staging, stop) };
        List<Finding> names = file.NameMasked ? [new Finding(FindingCode.F20, Value: file.Name)] : [];
        await intake.RunAsync(file, source, school, doneFile, names, () => true, stop);
        return file;
    }

    /// <summary>What the intake of the file read of the ledger, but for its students.</summary>
    private void Import(FileRow then)
    {
        using var from = real.Ledger.Open();
        using var moment = from.BeginSnapshot();
        using var to = Ledger.Open();
        using var transaction = to.BeginTransaction();
        var copy = new RowCopy(from, to);
        // One that missed the close of its window was judged after it, and after files that were taken later and made it in time.
        var late = then.WindowNote == WindowNote.MovedOn;
        // What stood from before counts in no window, and was held against all that had closed.
        var window = LedgerDatabase.Number(then.Origin == Origin.Baseline ? real.Calendar.Of(then.Claimed).Date : then.Window);
        var before = $"school = ?1 AND state <> 'claimed' AND (id < ?2{(late ? " OR (id > ?2 AND cutoff < ?3)" : " AND ?3 > 0")})";
        copy.Copy("school");
        copy.Copy("profile");
        copy.Copy("identity_link", "school = ?1 AND cutoff <= ?2", then.School, window);
        copy.Copy("file", before, then.School, then.Id, window);
        copy.Copy("sequence", $"school = ?1 AND file IN (SELECT id FROM file WHERE {before})", then.School, then.Id, window);
        copy.Copy("catalogue", $"school = (SELECT id FROM school WHERE code = ?1) AND file IN (SELECT id FROM file WHERE {before})", then.School, then.Id, window);
        closedThen = [.. from.Query<long>($"SELECT date FROM closed_window WHERE date < @window{(late ? "" : " AND closed <= @claimed")} ORDER BY date",
            new { window, claimed = LedgerDatabase.Instant(then.Claimed) }).Select(LedgerDatabase.Date)];
        copy.Copy("file", "id = ?1", then.Id);
        to.Execute(
            """
            UPDATE file SET state = 'claimed', bytes = NULL, sha256 = NULL, text_form = NULL, shape = NULL, delimiter = NULL, separator_line = 0, status = NULL, system = NULL, environment = NULL,
                sequence = NULL, next_sequence = NULL, declared = NULL, declared_sum = NULL, computed_sum = NULL, read = 0, accepted = 0, warned = 0, waiting = 0, duplicate = 0, rejected = 0,
                duplicate_of = NULL, rules_version = NULL, text_version = NULL, language = NULL, profile = NULL, seal = NULL, original_purged = NULL, receipts_purged = NULL, detail_purged = NULL
            WHERE id = @Id
            """, new { then.Id }, transaction);
        transaction.Commit();
    }

    /// <summary>The history of the file's students, from its beginning, and the closes that it had come through.</summary>
    private async Task ImportStudentsAsync(Staging staging, CancellationToken stop)
    {
        using (var from = real.Ledger.Open())
        {
            await Ledger.WriteAsync((to, _) => Copy(from, to, staging), stop);
            // What a later close refused had its händelse-id then.
            staging.LookUpIds(from, closedThen.Count == 0 ? DateOnly.MinValue : closedThen[^1]);
        }
        foreach (var window in closedThen) await app.Close.CommitAsync(window, stop);
    }

    /// <summary>
    /// The students' records as they were before any close. Whole blocks: whoever else is in them is known by no
    /// <c>student_file</c>, and so is judged by nobody.
    /// </summary>
    private static void Copy(DbConnection from, DbConnection to, Staging staging)
    {
        var files = to.Query<(long Id, bool Purged)>("SELECT id, detail_purged IS NOT NULL FROM file WHERE state <> 'claimed'").ToDictionary(f => f.Id, f => f.Purged);
        var (places, copied) = (new List<(long File, long Block)>(), new HashSet<(long, long)>());
        using var query = new EventQuery(from, staging.School);
        using var place = to.BulkInsert("student_file", "school, student, file, block");
        using var insert = to.BulkInsert("event", "file, block, states, records");
        place.Bind(1, staging.School);
        foreach (var students in staging.StudentsAndLinked().Chunk(500))
        {
            query.FetchPlaces(students);
            query.FetchBlocks(files.ContainsKey);
            foreach (var student in students) CopyStudent(student);
        }
        place.Complete();
        insert.Complete();

        void CopyStudent(long student)
        {
            query.Places(student, places);
            foreach (var at in places.Where(p => files.ContainsKey(p.File)))
            {
                place.Bind(2, student).Bind(3, at.File).Bind(4, at.Block).Run();
                if (!copied.Add(at) || query.Block(at.File, at.Block) is not { } block) continue;
                var states = (byte[])block.States.Clone();
                for (var i = 0; i < states.Length; i++) states[i] = (byte)Before((StoredState)states[i], files[at.File]);
                insert.Bind(1, at.File).Bind(2, at.Block).Bind(3, states).Bind(4, block.Records).Run();
            }
        }

        // Of what was refused and then purged too little is left to judge.
        static StoredState Before(StoredState state, bool purged) => state switch
        {
            StoredState.Repeat => StoredState.Repeat,
            StoredState.Refused when purged => StoredState.Refused,
            _ => StoredState.Counts,
        };
    }

    public void Dispose()
    {
        app.Dispose();
        Files.Directory.Delete(folder, recursive: true);
    }
}
