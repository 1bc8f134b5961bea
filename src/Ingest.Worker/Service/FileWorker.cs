using System.IO.Abstractions;
using Ingest.Formats;
using Ingest.Rules;
using Ingest.Worker.Intake;
using Ingest.Worker.Ledger;
using Ingest.Worker.Pickup;
using Ingest.Worker.Receipts;
using Ingest.Worker.Settings;
using Microsoft.Extensions.Logging;

namespace Ingest.Worker.Service;

/// <summary>
/// Takes a claimed file the rest of its way: intake, receipts, archive. Each step begins from what the ledger says, so that whatever
/// died in the middle is simply done again.
/// </summary>
internal sealed class FileWorker(
    RootFolder root, LedgerDatabase ledger, IngestSettings settings, ReportingCalendar calendar, TimeProvider time, Claims claims, Alarms alarms, ILogger<FileWorker> log)
{
    private readonly FileReceipts receipts = new(ledger, root, settings.Environment);

    /// <returns>False for what an operator reported and what would not have counted whole: it is taken back, and nothing was done.</returns>
    public async Task<bool> WorkAsync(FileRow file, School? school, CancellationToken stop)
    {
        var id = FileId.Text(file.Id);
        if (file.State == FileState.Claimed) claims.MoveToWork(file);
        if (school is null && file.State == FileState.Claimed)
        {
            await QuarantineAsync(file, stop);
            return true;
        }
        if (file.State == FileState.Claimed)
        {
            if (!await TakeInAsync(file, school!, stop)) return false;
            CrashPoint.Reached("file.takenIn");
            log.LogInformation("{FileId} {School}: {Status}, read {Read}, accepted {Accepted}, waiting {Waiting}, duplicate {Duplicate}, rejected {Rejected}",
                id, file.School, file.Status, file.Counts.Read, file.Counts.Accepted, file.Counts.Waiting, file.Counts.Duplicate, file.Counts.Rejected);
        }
        if (file.State == FileState.Committed)
        {
            using (new StageClock(Stage.Receipts))
            using (var source = OpenOriginal(root, file)) receipts.Write(file, source, root.OutOf(file.School));
            CrashPoint.Reached("file.receipts");
            await ledger.SetStateAsync(file, FileState.Receipted, stop);
        }
        if (file.State == FileState.Receipted) await ArchiveAsync(file, stop);
        return true;
    }

    private async Task<bool> TakeInAsync(FileRow file, School school, CancellationToken stop)
    {
        var path = root.WorkOf(FileId.Text(file.Id));
        using (new StageClock(Stage.Read)) FlushTaken(file, path);
        List<Finding> names = file.NameMasked ? [new Finding(FindingCode.F20, Value: file.Name)] : [];
        for (var attempt = 1; ; attempt++)
        {
            if (attempt > 1) MoveOnIfClosed(file);
            var (before, holds) = (Look(path), true);
            using (var source = Open(path))
            {
                var intake = new FileIntake(ledger, settings);
                var result = await intake.RunAsync(file, source, school, DoneFile.Read(root.Files, root.DoneFileOf(FileId.Text(file.Id))), names, () => Look(path) == before && (holds = FileIntake.Holds(file)), stop);
                if (result == IntakeResult.Committed) break;
                if (!holds)
                {
                    await TakeBackAsync(file, stop);
                    return false;
                }
            }
            log.LogWarning("{FileId}: the file changed while it was read, or its window closed; read again", FileId.Text(file.Id));
            await WaitUntilStillAsync(path, stop);
        }
        foreach (var finding in FileFindings(file).Where(f => f.Code == FindingCode.F08))
            log.LogWarning("Security: {FileId} in {School} states another school, {Stated}", FileId.Text(file.Id), file.School, finding.Value);
        return true;
    }

    /// <summary>As if it had never been reported. The bytes last: without its row, nobody looks for them.</summary>
    private async Task TakeBackAsync(FileRow file, CancellationToken stop)
    {
        await ledger.UnclaimAsync(file.Id, stop);
        root.Files.Directory.Delete(root.Files.Path.GetDirectoryName(root.WorkOf(FileId.Text(file.Id)))!, recursive: true);
    }

    /// <summary>
    /// Before the ledger says that it has been read, a power cut must neither take it nor bring it back: the school's bytes, which nobody
    /// has flushed, where they now stand, and where they no longer do.
    /// </summary>
    private void FlushTaken(FileRow file, string path)
    {
        Posix.FlushFile(root.Files, path);
        var claims = root.Files.Path.GetDirectoryName(root.ClaimOf(file.School, FileId.Text(file.Id)))!;
        foreach (var folder in new[] { root.Files.Path.GetDirectoryName(path)!, root.Work, claims, root.InOf(file.School) }) Posix.FlushFolder(root.Files, folder);
    }

    /// <summary>A window that closed while the file was on its way takes nothing more; the file counts in the next, and says so.</summary>
    private void MoveOnIfClosed(FileRow file)
    {
        var lastClosed = ledger.LastClosed();
        if (file.Window > lastClosed || file.Origin == Origin.Baseline) return;
        file.Window = calendar.After(lastClosed).Date;
        file.WindowNote = WindowNote.MovedOn;
    }

    private async Task WaitUntilStillAsync(string path, CancellationToken stop)
    {
        var last = Look(path);
        while (true)
        {
            await Task.Delay(settings.Pickup.QuietPeriod, time, stop);
            var now = Look(path);
            if (now == last) return;
            last = now;
        }
    }

    private IReadOnlyList<Finding> FileFindings(FileRow file)
    {
        using var connection = ledger.Open();
        return LedgerDatabase.FileFindings(connection, file.Id);
    }

    private async Task ArchiveAsync(FileRow file, CancellationToken stop)
    {
        using var clock = new StageClock(Stage.Archive);
        var id = FileId.Text(file.Id);
        var unreadable = FileFindings(file).Any(f => f.Code is FindingCode.F02 or FindingCode.F03);
        var folder = unreadable ? root.Quarantine : root.ArchiveOf(file.School, ReportingCalendar.SwedishDate(file.Arrived));
        Put(file, id, folder);
        CrashPoint.Reached("archive.done");
        await ledger.SetStateAsync(file, unreadable ? FileState.Quarantined : FileState.Archived, stop);
    }

    private async Task QuarantineAsync(FileRow file, CancellationToken stop)
    {
        // The alarm first: whatever dies next, somebody knows.
        var subject = file.School.Length == 0 ? "in" : "in/" + Masking.Numbers(file.School, ReportingCalendar.SwedishDate(file.Arrived), out _);
        await alarms.RaiseAsync("unknownSchool", $"{subject} {FileId.Text(file.Id)}",
            "F09: en fil låg i en mapp som inte hör till någon skola i registret. Den har flyttats till quarantine/.", stop);
        Put(file, FileId.Text(file.Id), root.Quarantine);
        CrashPoint.Reached("quarantine.done");
        await ledger.SetStateAsync(file, FileState.Quarantined, stop);
    }

    private void Put(FileRow file, string id, string folder)
    {
        root.Files.Directory.CreateDirectory(folder);
        var target = root.Files.Path.Combine(folder, ReceiptName.Archived(file.Name, file.Id));
        if (root.Files.File.Exists(root.DoneFileOf(id))) claims.Move(root.DoneFileOf(id), target + DoneFile.Suffix);
        CrashPoint.Reached("archive.doneFile");
        if (root.Files.File.Exists(root.WorkOf(id))) claims.Move(root.WorkOf(id), target);
        CrashPoint.Reached("archive.moved");
        Posix.FlushFolder(root.Files, folder);
        var work = root.Files.Path.GetDirectoryName(root.WorkOf(id))!;
        if (root.Files.Directory.Exists(work)) root.Files.Directory.Delete(work, recursive: true);
    }

    /// <summary>The original bytes of a file, wherever it has come to; null when they are gone.</summary>
    public static FileSystemStream? OpenOriginal(RootFolder root, FileRow file) =>
        FindOriginal(root, file) is { } path ? root.Files.FileStream.New(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0) : null;

    /// <summary>Where they lie once all is done with the file.</summary>
    public static string SettledPlace(RootFolder root, FileRow file) => root.Files.Path.Combine(
        file.State == FileState.Quarantined ? root.Quarantine : root.ArchiveOf(file.School, ReportingCalendar.SwedishDate(file.Arrived)), ReceiptName.Archived(file.Name, file.Id));

    /// <summary>Where they are.</summary>
    public static string? FindOriginal(RootFolder root, FileRow file)
    {
        var archived = ReceiptName.Archived(file.Name, file.Id);
        string[] places =
        [
            root.WorkOf(FileId.Text(file.Id)),
            root.Files.Path.Combine(root.ArchiveOf(file.School, ReportingCalendar.SwedishDate(file.Arrived)), archived),
            root.Files.Path.Combine(root.Quarantine, archived),
        ];
        return places.FirstOrDefault(root.Files.File.Exists);
    }

    private FileSystemStream Open(string path) => root.Files.FileStream.New(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);

    private (long, DateTime) Look(string path)
    {
        var info = root.Files.FileInfo.New(path);
        return (info.Length, info.LastWriteTimeUtc);
    }
}
