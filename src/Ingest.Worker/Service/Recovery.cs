using System.IO.Abstractions;
using Ingest.Rules;
using Ingest.Worker.Ledger;
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
internal sealed class Recovery(RootFolder root, LedgerDatabase ledger, Claims claims, ILogger<Recovery> log)
{
    /// <returns>The files to go on with, oldest first.</returns>
    public async Task<List<FileRow>> RunAsync(CancellationToken stop)
    {
        var goOn = new List<FileRow>();
        foreach (var file in ledger.Unfinished())
        {
            var id = FileId.Text(file.Id);
            var claim = root.ClaimOf(file.School, id);
            // A copy into work/ that was broken off still has its whole original at the claim.
            if (root.Files.File.Exists(claim) || root.Files.File.Exists(root.WorkOf(id))) claims.MoveToWork(file);
            if (file.State == FileState.Claimed && !root.Files.File.Exists(root.WorkOf(id)))
            {
                // Either the rename never happened, or the file had already come to quarantine/.
                if (root.Files.File.Exists(root.Files.Path.Combine(root.Quarantine, ReceiptName.Archived(file.Name, file.Id))))
                    await ledger.SetStateAsync(file, FileState.Quarantined, stop);
                else
                    await ledger.UnclaimAsync(file.Id, stop);
                continue;
            }
            if (file.State == FileState.Claimed) await ledger.ForgetAsync(file, stop);
            log.LogWarning("Going on with {FileId}, which was {State} when the service stopped", id, file.State);
            goOn.Add(file);
        }
        RemoveHalfWritten();
        return goOn;
    }

    /// <summary>Files of ours that were never renamed to their name: nobody can have read them.</summary>
    private void RemoveHalfWritten()
    {
        // The archive is too large to go through at every start; a copy that was broken off there is written over when it is made again.
        foreach (var top in new[] { root.OutOf(""), root.Files.Path.Combine(root.Root, "delivery"), root.Quarantine, root.Work })
        {
            if (!root.Files.Directory.Exists(top)) continue;
            foreach (var path in root.Files.Directory.EnumerateFiles(top, ".*.tmp", SearchOption.AllDirectories).ToList())
                root.Files.File.Delete(path);
        }
    }
}
