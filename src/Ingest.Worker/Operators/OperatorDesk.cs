using System.Globalization;
using System.Text;
using Ingest.Formats;
using Ingest.Rules;
using Ingest.Worker.Intake;
using Ingest.Worker.Ledger;
using Ingest.Worker.Receipts;
using Ingest.Worker.Service;
using Ingest.Worker.Settings;

namespace Ingest.Worker.Operators;

/// <summary>What an operator's act came to.</summary>
/// <param name="Taken">False when nothing was done, because a record would not have held.</param>
/// <param name="Records">Each record with its outcome and findings; line 0 is the file itself.</param>
/// <param name="Done">What was entered about students; nothing of a baseline, which may be a million records.</param>
internal sealed record Act(FileRow File, bool Taken, IReadOnlyList<RecordRow> Records, IReadOnlyList<StudentEvent> Done);

/// <summary>
/// Takes in what an operator reports by hand: it becomes a file like any other, with its origin and the audit entry, and goes the very
/// same way through intake, ledger, receipts and archive. A service may be running beside it.
/// </summary>
internal sealed class OperatorDesk(IngestApp app)
{
    private const string System = "ingest";

    /// <summary>A correction or a certificate: all of it counts in the open window, or nothing is done.</summary>
    public async Task<Act> ReportAsync(School school, Origin origin, string name, IReadOnlyList<StudentRecord> records, AuditEntry audit, CancellationToken stop)
    {
        var bytes = Encoding.UTF8.GetBytes(FileOf(school, records));
        return await ReportAsync(school, origin, name, bytes, audit, stop);
    }

    public async Task<Act> ReportAsync(School school, Origin origin, string name, byte[] bytes, AuditEntry audit, CancellationToken stop)
    {
        using var held = await ActLock.TakeAsync(app.Root, app.Time, stop);
        while (true)
        {
            var tried = await TryAsync(school, origin, name, bytes, stop);
            if (!tried.Taken) return tried;
            // Null: what the school has sent in between makes it another thing, and trying it again says which.
            if (await TakeAsync(school, origin, name, bytes, audit, stop) is { } act) return act;
        }
    }

    /// <summary>What stands from before; what is faulty in it is told, the rest stands. A file that is refused whole leaves nothing behind.</summary>
    public Task<Act> BaselineAsync(School school, string name, byte[] bytes, AuditEntry audit, CancellationToken stop) =>
        ReportAsync(school, Origin.Baseline, name, bytes, audit, stop);

    /// <summary>The window that is open now, in which an act counts.</summary>
    public DateOnly OpenWindow()
    {
        var (now, lastClosed) = (app.Calendar.Of(app.Time.GetUtcNow()).Date, app.Ledger.LastClosed());
        return now > lastClosed ? now : app.Calendar.After(lastClosed).Date;
    }

    private async Task<Act> TryAsync(School school, Origin origin, string name, byte[] bytes, CancellationToken stop)
    {
        var files = app.Root.Files;
        var folder = files.Directory.CreateTempSubdirectory("ingest-act-").FullName;
        try
        {
            var path = files.Path.Combine(folder, name);
            await files.File.WriteAllBytesAsync(path, bytes, stop);
            using var check = new Check(files, app.Settings, app.Time, app.Root);
            List<RecordRow> records = [];
            var row = await check.RunAsync(path, school, null, (_, told) => records.AddRange(told), stop, origin);
            return new Act(row, FileIntake.Holds(row), records, []);
        }
        finally
        {
            files.Directory.Delete(folder, recursive: true);
        }
    }

    private async Task<Act?> TakeAsync(School school, Origin origin, string name, byte[] bytes, AuditEntry audit, CancellationToken stop)
    {
        var now = app.Time.GetUtcNow();
        var shown = Masking.Numbers(name, ReportingCalendar.SwedishDate(now), out var masked);
        var row = await app.Ledger.ClaimAsync(school.Code, shown, masked, now, origin == Origin.Baseline ? DateOnly.MinValue : OpenWindow(), null, stop, origin, audit);
        CrashPoint.Reached("act.claimed");
        var path = app.Root.WorkOf(FileId.Text(row.Id));
        using (var output = new OutputFile(app.Root.Files, app.Root.Files.Path.GetDirectoryName(path)!, app.Root.Files.Path.GetFileName(path)))
        {
            await output.Stream.WriteAsync(bytes, stop);
            output.Commit();
        }
        CrashPoint.Reached("act.written");
        return await app.Worker.WorkAsync(row, school, stop) ? new Act(row, true, Records(app.Ledger, row), origin == Origin.Baseline ? [] : app.Ledger.Events(row)) : null;
    }

    private static List<RecordRow> Records(LedgerDatabase ledger, FileRow row)
    {
        using var connection = ledger.Open();
        return [.. LedgerDatabase.Records(connection, row)];
    }

    /// <summary>The records as a fixed-width file outside every sequence.</summary>
    private string FileOf(School school, IReadOnlyList<StudentRecord> records)
    {
        var created = ReportingCalendar.Swedish(app.Time.GetUtcNow()).DateTime;
        IEnumerable<string> lines =
        [
            FixedWidthWriter.Header(new FileHeader(school.Code, System, 0, created, app.Settings.Environment)),
            .. records.Select(FixedWidthWriter.Record),
            FixedWidthWriter.Trailer(records.Count, records.Sum(r => r.ControlCredits?.Hundredths ?? 0)),
        ];
        return string.Concat(lines.Select(l => string.Create(CultureInfo.InvariantCulture, $"{l}\r\n")));
    }
}
