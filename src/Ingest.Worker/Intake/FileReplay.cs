using System.IO.Abstractions;
using Dapper;
using Ingest.Formats;
using Ingest.Rules;
using Ingest.Worker.Ledger;
using Ingest.Worker.Service;
using Ingest.Worker.Settings;
using Microsoft.Data.Sqlite;
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
        using var connection = Ledger.Open();
        Attach(connection);
        // One that missed the close of its window was judged after it, and after files that were taken later and made it in time.
        var late = then.WindowNote == WindowNote.MovedOn;
        // What stood from before counts in no window, and was held against all that had closed.
        var window = then.Origin == Origin.Baseline ? real.Calendar.Of(then.Claimed).Date : then.Window;
        var p = new { then.Id, then.School, window = LedgerDatabase.Number(window), late, claimed = LedgerDatabase.Instant(then.Claimed) };
        connection.Execute(
            """
            INSERT INTO school SELECT * FROM real.school;
            INSERT INTO profile SELECT * FROM real.profile;
            INSERT INTO identity_link SELECT * FROM real.identity_link WHERE school = @School AND window <= @window;
            INSERT INTO file SELECT * FROM real.file WHERE school = @School AND state <> 'claimed' AND (id < @Id OR (@late AND id > @Id AND window < @window));
            INSERT INTO sequence SELECT * FROM real.sequence WHERE school = @School AND file IN (SELECT id FROM file);
            INSERT INTO catalogue SELECT c.* FROM real.catalogue c JOIN real.school s ON s.id = c.school WHERE s.code = @School AND c.file IN (SELECT id FROM file);
            """, p);
        closedThen = [.. connection.Query<long>("SELECT date FROM real.window WHERE date < @window AND (@late OR closed <= @claimed) ORDER BY date", p).Select(LedgerDatabase.Date)];
        connection.Execute(
            """
            INSERT INTO file (id, school, name, name_masked, state, arrived, claimed, window, window_note, origin)
            SELECT id, school, name, name_masked, 'claimed', arrived, claimed, window, window_note, origin FROM real.file WHERE id = @Id;
            DETACH real;
            """, new { then.Id });
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
    private static void Copy(SqliteConnection from, SqliteConnection to, Staging staging)
    {
        var files = to.Query<(long Id, bool Purged)>("SELECT id, detail_purged IS NOT NULL FROM file WHERE state <> 'claimed'").ToDictionary(f => f.Id, f => f.Purged);
        var (places, copied) = (new List<(long File, long Block)>(), new HashSet<(long, long)>());
        using var query = new EventQuery(from, staging.School);
        using var block = new RawStatement(from, "SELECT records, states FROM event WHERE file = ?1 AND block = ?2");
        using var place = new RawStatement(to, "INSERT INTO student_file (school, student, file, block) VALUES (?1, ?2, ?3, ?4)");
        using var insert = new RawStatement(to, "INSERT INTO event (file, block, states, records) VALUES (?1, ?2, ?3, ?4)");
        foreach (var student in staging.StudentsAndLinked())
        {
            query.Places(student, places);
            foreach (var at in places.Where(p => files.ContainsKey(p.File)))
            {
                place.Bind(1, staging.School).Bind(2, student).Bind(3, at.File).Bind(4, at.Block).Run();
                if (!copied.Add(at) || !block.Bind(1, at.File).Bind(2, at.Block).Step()) continue;
                var states = block.Bytes(1).ToArray();
                for (var i = 0; i < states.Length; i++) states[i] = (byte)Before((StoredState)states[i], files[at.File]);
                insert.Bind(1, at.File).Bind(2, at.Block).Bind(3, states).Bind(4, block.Bytes(0)).Run();
                block.Reset();
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

    private void Attach(SqliteConnection connection) => connection.Execute("ATTACH @Path AS real", new { real.Ledger.Path });

    public void Dispose()
    {
        app.Dispose();
        Files.Directory.Delete(folder, recursive: true);
    }
}
