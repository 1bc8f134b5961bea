using Ingest.Formats;
using Ingest.Rules;
using Ingest.Worker.Ledger;
using Ingest.Worker.Pickup;
using Ingest.Worker.Receipts;
using Ingest.Worker.Service;
using Ingest.Worker.Settings;
using Ingest.Worker.Verification;

namespace Ingest.Worker.Operators;

/// <summary>
/// The files on disk that a purge removes. Their names come from the ledger, never from what lies in a folder, so that nothing that is not
/// ours can be among them; and nothing is removed that stands behind a link, wherever that leads.
/// </summary>
internal sealed class PurgedFiles(IngestApp app)
{
    private static readonly string[] OfWindow = ["kl15.csv", "kl15.html", "kl15.json", "forhand.csv", "forhand.html", "forhand.json"];

    private readonly RootFolder root = app.Root;
    private readonly HashSet<string> touched = new(StringComparer.Ordinal);

    /// <summary>How many could not be removed.</summary>
    public long Kept { get; private set; }

    /// <summary>The first of them, under the root.</summary>
    public string? FirstKept { get; private set; }

    /// <summary>The original, and the <c>.klar</c> that came with it.</summary>
    public IEnumerable<string> Original(FileRow file)
    {
        var path = FileWorker.SettledPlace(root, file);
        return [path, path + DoneFile.Suffix];
    }

    /// <summary>A file's own receipts.</summary>
    public IEnumerable<string> Receipts(FileRow file)
    {
        List<string> of = ["accepterade.csv", "avvisade.csv", "rapport.html", "kvittens.json"];
        if (file.Sniffed?.Shape is { } shape) of.Add("omsandning." + ReceiptName.Extension(file.Name, shape));
        return of.Select(what => root.Files.Path.Combine(root.OutOf(file.School), ReceiptName.Of(file.Name, file.Id, app.Settings.Environment, what)));
    }

    /// <summary>What each school got about a window, at 14:30 and at 15:00.</summary>
    public IEnumerable<string> Receipts(DateOnly window)
    {
        foreach (var school in app.CutoffReceipts.Schools(window))
        {
            var files = app.Ledger.FilesOf(school, window);
            // At most one omsändning a file, with the extension of the first that stands in it.
            var resends = from extension in files.Where(f => f.Sniffed?.Shape is not null).Select(f => ReceiptName.Extension(f.Name, f.Sniffed!.Shape!.Value)).Distinct()
                          from n in Enumerable.Range(1, files.Count)
                          select $"kl15.omsandning.{Phrase.Number(n)}.{extension}";
            foreach (var what in OfWindow.Concat(resends))
                yield return root.Files.Path.Combine(root.OutOf(school), $"{Words.Iso(window)}.{ReceiptName.Test(app.Settings.Environment)}{what}");
        }
    }

    /// <summary>How many of them there are, and their bytes.</summary>
    public (long Items, long Bytes) Size(IEnumerable<string> paths)
    {
        var (items, bytes) = (0L, 0L);
        foreach (var path in paths)
        {
            var kind = Posix.KindOf(root.Files, path);
            if (kind == EntryKind.Missing) continue;
            items++;
            if (kind == EntryKind.RegularFile) bytes += root.Files.FileInfo.New(path).Length;
        }
        return (items, bytes);
    }

    /// <summary>The same of an original with its <c>.klar</c>; nothing when the original is gone, which is for <c>verify</c> to tell and stays so.</summary>
    public (long Items, long Bytes) SizeOfOriginal(FileRow file) =>
        Posix.KindOf(root.Files, FileWorker.SettledPlace(root, file)) == EntryKind.Missing ? (0, 0) : Size(Original(file));

    /// <summary>Removes what is there of them; what cannot be removed is counted, and the rest goes all the same.</summary>
    public void Remove(IEnumerable<string> paths, CancellationToken stop)
    {
        foreach (var path in paths)
        {
            stop.ThrowIfCancellationRequested();
            var (kind, folder) = (Posix.KindOf(root.Files, path), root.Files.Path.GetDirectoryName(path)!);
            if (kind == EntryKind.Missing)
            {
                // Removed by a purge that died before it was settled, perhaps.
                if (root.Files.Directory.Exists(folder) && !IsBehindLink(path)) touched.Add(folder);
                continue;
            }
            try
            {
                if (kind != EntryKind.RegularFile || IsBehindLink(path)) throw new IOException("Not a file of ours.");
                root.Files.File.Delete(path);
                touched.Add(folder);
                CrashPoint.Reached("purge.removed", path);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                Kept++;
                FirstKept ??= LedgerCheck.Shown(root.Files.Path.GetRelativePath(root.Root, path));
            }
        }
    }

    /// <summary>Makes it survive a power cut, and takes away the days in the archive of which nothing is left.</summary>
    public void Settle()
    {
        foreach (var folder in touched)
        {
            Posix.FlushFolder(root.Files, folder);
            if (!folder.StartsWith(root.Archive + root.Files.Path.DirectorySeparatorChar, StringComparison.Ordinal) || root.Files.Directory.EnumerateFileSystemEntries(folder).Any()) continue;
            try
            {
                // Not with what is in it: a file that comes at this moment stays.
                root.Files.Directory.Delete(folder);
            }
            catch (IOException)
            {
            }
        }
        touched.Clear();
    }

    private bool IsBehindLink(string path)
    {
        for (var folder = root.Files.Path.GetDirectoryName(path); folder is not null && folder.Length > root.Root.Length; folder = root.Files.Path.GetDirectoryName(folder))
            if (Posix.KindOf(root.Files, folder) != EntryKind.Folder) return true;
        return !path.StartsWith(root.Root.TrimEnd(root.Files.Path.DirectorySeparatorChar) + root.Files.Path.DirectorySeparatorChar, StringComparison.Ordinal);
    }
}
