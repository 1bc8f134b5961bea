using System.IO.Abstractions;
using Ingest.Formats;
using Ingest.Rules;
using Ingest.Worker.Ledger;
using Ingest.Worker.Receipts;
using Ingest.Worker.Service;
using Ingest.Worker.Settings;
using Microsoft.Extensions.Logging;
using Polly;
using Polly.Retry;

namespace Ingest.Worker.Pickup;

/// <summary>
/// Takes a file: a row in the ledger, one atomic rename on its own volume, and then the move into work/. Losing the race to somebody
/// else's rename is normal.
/// </summary>
internal sealed class Claims(RootFolder root, LedgerDatabase ledger, ReportingCalendar calendar, TimeProvider time, Alarms alarms, ILogger<Claims> log)
{
    private const string NoFile = "What was taken is no regular file.";

    // A scanner or a transfer that has the file for a moment; a file that is not ours to move is not tried for long.
    private readonly ResiliencePipeline retry = new ResiliencePipelineBuilder { TimeProvider = time }
        .AddRetry(new RetryStrategyOptions
        {
            ShouldHandle = new PredicateBuilder().Handle<IOException>(Fault.IsMomentary),
            MaxRetryAttempts = 3,
            Delay = TimeSpan.FromMilliseconds(100),
            MaxDelay = TimeSpan.FromSeconds(1),
            BackoffType = DelayBackoffType.Exponential,
            UseJitter = true,
            OnRetry = retried =>
            {
                log.LogWarning("A file could not be moved ({Fault}); try {Try} follows", Fault.Say(retried.Outcome.Exception!), retried.AttemptNumber + 2);
                return ValueTask.CompletedTask;
            },
        })
        .Build();

    /// <summary>The claimed file's row, or null when it could not be taken.</summary>
    public async Task<FileRow?> TakeAsync(SeenFile file, CancellationToken stop)
    {
        var (window, note) = WindowOf(file);
        var name = Masking.Numbers(file.Name, ReportingCalendar.SwedishDate(file.Arrived), out var masked);
        var row = await ledger.ClaimAsync(file.Folder, name, masked, file.Arrived, window, note, stop);
        CrashPoint.Reached("claim.row");
        var claim = root.ClaimOf(file.Folder, FileId.Text(row.Id));
        try
        {
            var claims = root.Files.Path.GetDirectoryName(claim)!;
            root.Files.Directory.CreateDirectory(claims);
            // The school may write beside it: a link there would lead its files anywhere.
            if (Posix.KindOf(root.Files, claims) != EntryKind.Folder) throw new IOException("The folder of claims is no folder.");
            await retry.ExecuteAsync(_ =>
            {
                root.Files.File.Move(file.Path, claim);
                return ValueTask.CompletedTask;
            }, stop);
            // Put in the file's place since we looked: never followed or opened, and the next poll says what it is.
            if (Posix.KindOf(root.Files, claim) != EntryKind.RegularFile)
            {
                root.Files.File.Move(claim, file.Path);
                throw new IOException(NoFile);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            await ledger.UnclaimAsync(row.Id, stop);
            if (e is FileNotFoundException) return null;
            var subject = file.Folder.Length == 0 ? "in" : "in/" + Masking.Numbers(file.Folder, window, out _);
            file.Stuck = CanBeWritten(file.Folder);
            if (file.Stuck)
                await alarms.RaiseAsync("cannotTake", subject, $"En fil i mappen kan inte flyttas ({Fault.Say(e)}). Den lämnas tills den ändras; se över rättigheterna.", stop);
            else
                await alarms.RaiseAsync("folderBlocked", subject, $"Ingen fil i mappen kan tas, för den kan inte skrivas ({Fault.Say(e)}). Filerna ligger kvar; nya försök görs.", stop);
            return null;
        }
        CrashPoint.Reached("claim.renamed");
        if (file.DoneSeen is not null) MoveDoneFile(file.Path, claim);
        CrashPoint.Reached("claim.taken");
        // It is ours now. Whatever stops it on its way into work/ is the worker's to meet, with an alarm and another try.
        log.LogInformation("Claimed {FileId} in in/{School}: {Bytes} bytes, window {Window}", FileId.Text(row.Id), Masking.Numbers(row.School, window, out _), file.Bytes, Words.Iso(window));
        return row;
    }

    /// <summary>True when something can be made in a drop folder: then what could not be moved is the one file's fault.</summary>
    private bool CanBeWritten(string folder)
    {
        var probe = root.ClaimOf(folder, ".prov");
        try
        {
            root.Files.File.Create(probe).Dispose();
            root.Files.File.Delete(probe);
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    /// <summary>
    /// From the claim's place on the drop's volume into work/, with its done-file; where that is another volume, copied, flushed, and
    /// only then deleted. Does nothing about what is there already, so that a crash in the middle is made good by calling it again.
    /// </summary>
    public void MoveToWork(FileRow row)
    {
        var id = FileId.Text(row.Id);
        var claim = root.ClaimOf(row.School, id);
        root.Files.Directory.CreateDirectory(root.Files.Path.GetDirectoryName(root.WorkOf(id))!);
        CrashPoint.Reached("work.folder");
        if (root.Files.File.Exists(claim + DoneFile.Suffix)) Move(claim + DoneFile.Suffix, root.DoneFileOf(id));
        CrashPoint.Reached("work.doneFile");
        if (root.Files.File.Exists(claim)) Move(claim, root.WorkOf(id));
        CrashPoint.Reached("work.moved");
    }

    /// <summary>The done-file goes with its file at once: left behind, it would vouch for the next file of that name.</summary>
    private void MoveDoneFile(string path, string claim)
    {
        try
        {
            if (DoneFilesIn(root.Files.Path.GetDirectoryName(path)!).FirstOrDefault(d => d.Equals(path + DoneFile.Suffix, StringComparison.OrdinalIgnoreCase)) is { } done)
                root.Files.File.Move(done, claim + DoneFile.Suffix);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            log.LogWarning("A done-file could not be moved ({Fault}); its totals are not checked", Fault.Say(e));
        }
    }

    /// <summary>At start: the done-file of a file that was taken when the service died between the two renames. The ledger has the name masked.</summary>
    public void TakeLeftDoneFile(FileRow row)
    {
        var id = FileId.Text(row.Id);
        if (root.Files.File.Exists(root.DoneFileOf(id)) || !root.Files.Directory.Exists(root.InOf(row.School))) return;
        var left = DoneFilesIn(root.InOf(row.School)).FirstOrDefault(path =>
            Masking.Numbers(root.Files.Path.GetFileName(path), ReportingCalendar.SwedishDate(row.Arrived), out _).Equals(row.Name + DoneFile.Suffix, StringComparison.OrdinalIgnoreCase)
            && !root.Files.File.Exists(path[..^DoneFile.Suffix.Length]));
        if (left is not null) Move(left, root.DoneFileOf(id));
    }

    private IEnumerable<string> DoneFilesIn(string folder) => root.Files.Directory.EnumerateFiles(folder)
        .Where(path => path.EndsWith(DoneFile.Suffix, StringComparison.OrdinalIgnoreCase) && Posix.KindOf(root.Files, path) == EntryKind.RegularFile);

    internal void Move(string from, string to)
    {
        var files = root.Files;
        if (Posix.KindOf(files, from) != EntryKind.RegularFile) throw new IOException(NoFile);
        // A file with another name elsewhere could still be written under that one: ours is a copy.
        if (!Posix.OnOtherVolumes(files, from, files.Path.GetDirectoryName(to)!) && !Posix.HasOtherNames(files, from))
        {
            files.File.Move(from, to, overwrite: true);
            if (Posix.KindOf(files, to) == EntryKind.RegularFile) return;
            // The school may write where its files are taken from: what it put in a taken file's place is given back, not followed.
            files.File.Move(to, from, overwrite: true);
            throw new IOException(NoFile);
        }
        using (var output = new OutputFile(files, files.Path.GetDirectoryName(to)!, files.Path.GetFileName(to)))
        using (var input = files.FileStream.New(from, FileMode.Open, FileAccess.Read, FileShare.Read))
        {
            input.CopyTo(output.Stream);
            output.Commit();
        }
        CrashPoint.Reached("move.copied");
        files.File.Delete(from);
    }

    /// <summary>
    /// The window in which a file counts: that of its arrival; for one that lay there when we came back, the one that was open when we
    /// stopped; never one that has closed.
    /// </summary>
    private (DateOnly Window, WindowNote? Note) WindowOf(SeenFile file)
    {
        var ofArrival = calendar.Of(file.Arrived).Date;
        var window = ofArrival;
        // A close at the very moment of the last poll was not yet past.
        if (file.StoppedAt is { } stopped) window = Earlier(window, calendar.Of(stopped.AddTicks(-1)).Date);
        var lastClosed = ledger.LastClosed();
        if (window <= lastClosed) window = calendar.After(lastClosed).Date;
        return (window, window == ofArrival ? null : window < ofArrival ? WindowNote.SeenAfterStop : WindowNote.MovedOn);
    }

    private static DateOnly Earlier(DateOnly a, DateOnly b) => a < b ? a : b;
}
