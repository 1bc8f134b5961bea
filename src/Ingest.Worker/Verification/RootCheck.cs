using System.IO.Abstractions;
using System.Security.Cryptography;
using System.Text.Json;
using Ingest.Rules;
using Ingest.Worker.Cutoff;
using Ingest.Worker.Ledger;
using Ingest.Worker.Receipts;
using Ingest.Worker.Service;
using Ingest.Worker.Settings;

namespace Ingest.Worker.Verification;

/// <summary>
/// Holds what is on disk against what the ledger says: every delivery derived anew, the chain of the manifests, every original; and the
/// ledger against itself (<see cref="LedgerCheck"/>). Writes nothing; a service may be running.
/// </summary>
internal sealed class RootCheck(IngestApp app)
{
    private readonly RootFolder root = app.Root;

    public int Windows { get; private set; }

    public int Originals { get; private set; }

    /// <summary>Originals that were purged: of them only the hash is left.</summary>
    public int Purged { get; private set; }

    /// <summary>A purge is at work, or was broken off.</summary>
    public bool PurgeGoesOn { get; private set; }

    public LedgerCheck? Ledger { get; private set; }

    /// <param name="tell">Called with what is broken, as it is found.</param>
    public void Run(Action<Break> tell)
    {
        using var connection = app.Ledger.Open();
        // One snapshot: a service that works meanwhile changes nothing of what is compared.
        using var snapshot = connection.BeginSnapshot();
        Ledger = new LedgerCheck(connection);
        Go("liggarens rader", Ledger.Run());
        PurgeGoesOn = LedgerDatabase.UnfinishedPurge(connection) is not null;
        Go("leveranserna", Deliveries());
        Go("originalen", Archived());

        void Go(string what, IEnumerable<Break> breaks)
        {
            try
            {
                foreach (var broken in breaks) tell(broken);
            }
            // A value that is not of its form may stop the reading anywhere; that is what is looked for, and the rest is gone through all the same.
            catch (Exception e)
            {
                tell(Break.InLedger($"{what} kan inte läsas till slutet ({e.GetType().Name}): något i liggaren eller på disken har inte den form som det skrevs i."));
            }
        }
    }

    private IEnumerable<Break> Deliveries()
    {
        // One that is being handed on at this moment is looked at the next time.
        var windows = app.Ledger.Windows("WHERE manifest IS NOT NULL");
        string? previous = null;
        foreach (var window in windows)
        {
            Windows++;
            var found = new List<Break>();
            previous = Delivered(window, previous, found);
            foreach (var broken in found) yield return broken;
        }
        var known = app.Ledger.Windows().ConvertAll(w => root.DeliveryOf(w.Date));
        foreach (var entry in Entries(root.Delivery).Where(e => !known.Contains(e)))
            yield return Break.InFolder($"{Relative(entry)}: hör inte till något fönster i liggaren.");
    }

    /// <returns>The hash that the next manifest should name.</returns>
    private string? Delivered(WindowRow window, string? previous, List<Break> found)
    {
        var folder = root.DeliveryOf(window.Date);
        var manifest = root.Files.Path.Combine(folder, app.Delivery.Manifest);
        List<(string Name, string Sha256)> derived;
        try
        {
            derived = app.Delivery.Derive(window.Date, previous);
        }
        catch (InvalidOperationException)
        {
            found.Add(Break.InLedger($"fönstret {Words.Iso(window.Date)}: accepterade och väntande poster går inte ihop med levererade, kvittade, avvisade och kurser, så leveransen kan inte härledas."));
            return window.Manifest;
        }
        var (told, onDisk) = (window.Manifest, Hash(manifest));
        var fromLedger = derived[^1].Sha256;
        if (onDisk is null) found.Add(Break.InFolder($"{Relative(manifest)}: saknas."));
        else if (onDisk != told && onDisk != fromLedger) found.Add(Break.InFolder($"{Relative(manifest)}: är ändrad."));
        if (told != fromLedger)
        {
            // Two of three say which one is wrong.
            found.Add(onDisk == fromLedger
                ? Break.InLedger($"fönstret {Words.Iso(window.Date)}: manifestets kontrollsumma är ändrad.")
                : Break.InLedger($"fönstret {Words.Iso(window.Date)}: leveransen som härleds ur liggaren är inte den som lämnades."));
        }
        var stated = onDisk is not null && onDisk == told ? Stated(manifest) : null;
        foreach (var (name, sha256) in derived.SkipLast(1))
        {
            var path = root.Files.Path.Combine(folder, name);
            var expected = stated is null ? sha256 : stated.GetValueOrDefault(name);
            if (expected is not null && Hash(path) is var there && there != expected) found.Add(Break.InFolder($"{Relative(path)}: {(there is null ? "saknas" : "är ändrad")}."));
        }
        var names = derived.ConvertAll(d => d.Name).Concat(stated?.Keys ?? Enumerable.Empty<string>()).ToHashSet(StringComparer.Ordinal);
        foreach (var path in Entries(folder).Where(p => !names.Contains(root.Files.Path.GetFileName(p)))) found.Add(Break.InFolder($"{Relative(path)}: hör inte till leveransen."));
        foreach (var gone in stated?.Keys.Where(n => derived.TrueForAll(d => d.Name != n)) ?? [])
            found.Add(Break.InLedger($"fönstret {Words.Iso(window.Date)}: {gone} står i manifestet men kan inte härledas ur liggaren."));
        return onDisk == fromLedger ? onDisk : told;
    }

    /// <summary>What a manifest that is whole says of its files.</summary>
    private Dictionary<string, string?> Stated(string manifest)
    {
        using var stream = root.Files.FileStream.New(manifest, FileMode.Open, FileAccess.Read, FileShare.Read);
        using var json = JsonDocument.Parse(stream);
        return json.RootElement.GetProperty("schools").EnumerateArray().ToDictionary(s => s.GetProperty("file").GetString()!, s => s.GetProperty("sha256").GetString());
    }

    private IEnumerable<Break> Archived()
    {
        foreach (var file in app.Ledger.Settled())
        {
            var expected = FileWorker.SettledPlace(root, file);
            if (file.OriginalPurged is { } purged)
            {
                Purged++;
                // One that is being removed at this moment, or that a purge which was broken off has left, is the next purge's.
                if (!PurgeGoesOn && root.Files.File.Exists(expected)) yield return Break.InFolder($"{Relative(expected)}: är gallrad {Words.Iso(ReportingCalendar.SwedishDate(purged))}, men finns.");
                continue;
            }
            Originals++;
            using var original = FileWorker.OpenOriginal(root, file);
            if (original is null) yield return Break.InFolder($"{Relative(expected)}: saknas.");
            else if (file.Sniffed is { } known && Convert.ToHexStringLower(SHA256.HashData(original)) != known.Sha256) yield return Break.InFolder($"{Relative(expected)}: är ändrad.");
        }
    }

    private IEnumerable<string> Entries(string folder) => root.Files.Directory.Exists(folder)
        ? root.Files.Directory.EnumerateFileSystemEntries(folder).Where(p => !(root.Files.Path.GetFileName(p) is ['.', ..] name && name.EndsWith(".tmp", StringComparison.Ordinal))).Order(StringComparer.Ordinal)
        : [];

    private string? Hash(string path)
    {
        if (!root.Files.File.Exists(path)) return null;
        using var stream = root.Files.FileStream.New(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        return Convert.ToHexStringLower(SHA256.HashData(stream));
    }

    private string Relative(string path) => LedgerCheck.Shown(root.Files.Path.GetRelativePath(root.Root, path));
}
