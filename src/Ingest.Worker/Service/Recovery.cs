using System.IO.Abstractions;
using Ingest.Formats;
using Ingest.Rules;
using Ingest.Worker.Ledger;
using Ingest.Worker.Operators;
using Ingest.Worker.Pickup;
using Ingest.Worker.Receipts;
using Ingest.Worker.Settings;
using Microsoft.Extensions.Logging;

namespace Ingest.Worker.Service;

/// <summary>
/// What is done at start about whatever a crash left. The ledger says how far each file had come: a claim whose rename never happened is
/// taken back; rows of an intake that never committed are thrown away, and the file is worked from the beginning; receipts and
/// archiving that were not finished are done again.
/// </summary>
internal sealed class Recovery(RootFolder root, LedgerDatabase ledger, Workers workers, Claims claims, Alarms alarms, ILogger<Recovery> log)
{
    /// <returns>The files that are on their way, oldest first, and whether they are there to go on with.</returns>
    public async Task<List<(FileRow File, bool IsThere)>> RunAsync(CancellationToken stop)
    {
        // What was taken whole is in the hands of others, or will be: their queues go on with it from where it stands.
        var hasOthers = workers.HasOthers();
        var othersUpTo = hasOthers ? ledger.TakenUpTo() : 0;
        var found = new List<(FileRow, bool)>();
        // What a living command has in hand is not to be made good; the next start sees to it, should it die.
        using var noActs = ActLock.TryTake(root);
        if (noActs is not null && !hasOthers) RemoveHalfWritten();
        foreach (var file in ledger.Unfinished().Where(f => f.Origin == Origin.School ? f.Id > othersUpTo : noActs is not null))
        {
            var id = FileId.Text(file.Id);
            try
            {
                claims.MoveToWork(file);
                // One that lies there later is for the next file of that name.
                if (file.State == FileState.Claimed) claims.TakeLeftDoneFile(file);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // The worker tries again, with an alarm; a disk that is full keeps no other file from going on.
                log.LogWarning("{FileId} could not be brought into work/ at start: {Fault}", id, Fault.Say(e));
            }
            if (file.State == FileState.Claimed && !root.Files.File.Exists(root.WorkOf(id)) && !root.Files.File.Exists(root.ClaimOf(file.School, id)))
            {
                // Nobody would come back for the folder once the row is settled.
                RemoveEmpty(root.Files.Path.GetDirectoryName(root.WorkOf(id))!);
                await SettleMissingAsync(file, stop);
                CrashPoint.Reached("recovery.settled");
                found.Add((file, false));
                continue;
            }
            CrashPoint.Reached("recovery.file");
            await alarms.ClearAsync("fileGone", id, stop);
            log.LogWarning("Going on with {FileId}, which was {State} when the service stopped", id, file.State);
            found.Add((file, true));
        }
        return found;
    }

    private void RemoveEmpty(string folder)
    {
        if (root.Files.Directory.Exists(folder) && !root.Files.Directory.EnumerateFileSystemEntries(folder).Any()) root.Files.Directory.Delete(folder);
    }

    /// <summary>Files of ours that were never renamed to their name: nobody can have read them. (The archive is too large to go through.)</summary>
    private void RemoveHalfWritten()
    {
        foreach (var top in new[] { root.OutOf(""), root.Delivery, root.Quarantine, root.Work })
        {
            if (!root.Files.Directory.Exists(top)) continue;
            try
            {
                foreach (var path in root.Files.Directory.EnumerateFiles(top, ".*.tmp", SearchOption.AllDirectories).ToList())
                    root.Files.File.Delete(path);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                log.LogWarning("What was half written could not be removed: {Fault}", Fault.Say(e));
            }
        }
    }

    /// <summary>A claim without its file: never renamed, already in quarantine/, or gone.</summary>
    private async Task SettleMissingAsync(FileRow file, CancellationToken stop)
    {
        var id = FileId.Text(file.Id);
        if (root.Files.File.Exists(root.Files.Path.Combine(root.Quarantine, ReceiptName.Archived(file.Name, file.Id))))
        {
            // One who has the school in hand does it himself.
            if (!await workers.TakeAsync(file.School, stop)) return;
            await ledger.SetStateAsync(file, FileState.Quarantined, stop);
            await workers.LeaveAsync(file.School);
        }
        else if (file.Origin != Origin.School)
        {
            // The operator's command died before its records were anywhere. Nothing was done, so nothing is audited; it can be done again.
            await alarms.RaiseAsync("actBrokenOff", id, ActBrokenOff(file.School), stop);
            await ledger.UnclaimAsync(file.Id, stop);
        }
        else if (StillDropped(file))
            await ledger.UnclaimAsync(file.Id, stop);
        else
            await alarms.RaiseAsync("fileGone", id, "En fil som var tagen finns inte längre i work/. Är volymen monterad? Raden i liggaren står kvar, och filen tas upp vid nästa start när den finns.", stop);
    }

    public static string ActBrokenOff(string school) => $"Det som en handläggare skulle föra in hos {school} avbröts innan det räknades. Det gäller inte: gör om det.";

    private bool StillDropped(FileRow file) =>
        root.Files.Directory.Exists(root.InOf(file.School))
        && root.Files.Directory.EnumerateFiles(root.InOf(file.School)).Any(path =>
            Masking.Numbers(root.Files.Path.GetFileName(path), ReportingCalendar.SwedishDate(file.Arrived), out _) == file.Name);
}
