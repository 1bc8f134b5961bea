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
            app = IngestApp.Open(settings, Files, real.Time, NullLoggerFactory.Instance);
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
        var intake = new FileIntake(Ledger, settings) { BeforeJudging = staging => ImportStudentsAsync(staging, then, stop) };
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
    private async Task ImportStudentsAsync(Staging staging, FileRow then, CancellationToken stop)
    {
        var connection = staging.Connection;
        staging.TouchLinked();
        Attach(connection);
        connection.Execute(
            $"""
            INSERT INTO student_file SELECT s.* FROM temp.touched t CROSS JOIN real.student_file s WHERE s.school = @School AND s.student = t.student AND s.file IN (SELECT id FROM main.file WHERE id <> @Id);
            INSERT INTO event (file, student, line, state, {EventColumns.Names})
            SELECT e.file, e.student, e.line, CASE WHEN state = 3 THEN 3 ELSE 0 END, {EventColumns.Names} FROM main.student_file s CROSS JOIN real.event e
            WHERE s.file <> @Id AND e.file = s.file AND e.student = s.student AND NOT (e.state = 2 AND e.file IN (SELECT id FROM main.file WHERE detail_purged IS NOT NULL));
            INSERT INTO window_student SELECT DISTINCT @School, f.window, e.student FROM main.event e JOIN main.file f ON f.id = e.file WHERE e.file <> @Id;
            """, new { staging.School, then.Id });
        // What a later close refused had its händelse-id then.
        staging.LookUpIds("real", closedThen.Count == 0 ? DateOnly.MinValue : closedThen[^1]);
        connection.Execute("DETACH real");
        foreach (var window in closedThen) await app.Close.CommitAsync(window, stop);
    }

    private void Attach(SqliteConnection connection) => connection.Execute("ATTACH @Path AS real", new { real.Ledger.Path });

    public void Dispose()
    {
        app.Dispose();
        Files.Directory.Delete(folder, recursive: true);
    }
}
