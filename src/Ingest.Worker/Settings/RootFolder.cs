using System.IO.Abstractions;

namespace Ingest.Worker.Settings;

/// <summary>Where everything stands under the root: the one place that knows the folder names.</summary>
public sealed class RootFolder(IFileSystem files, string root)
{
    /// <summary>Where a claimed file stands between its rename and <see cref="WorkOf"/>; on the same volume as the drop, so the rename is atomic.</summary>
    public const string ClaimFolder = ".ingest";

    public IFileSystem Files { get; } = files;

    public string Root { get; } = files.Path.GetFullPath(root);

    public string Schools => At("schools.json");

    public string Ledger => At("ledger.db");

    public string CorrelationKey => At("correlation.key");

    public string Lock => At("ingest.lock");

    /// <summary>Of one of several services.</summary>
    public string LockOf(string worker) => At($"ingest.{worker}.lock");

    public string ActLock => At("ingest.act.lock");

    public string In => At("in");

    public string Work => At("work");

    public string Quarantine => At("quarantine");

    public string Archive => At("archive");

    public string Delivery => At("delivery");

    public string Logs => At("logs");

    public string Alarms => Files.Path.Combine(Logs, "alarms.jsonl");

    /// <summary>The alarms before those of <see cref="Alarms"/>: 1 is the newest of the old files, 0 the one that is written.</summary>
    public string OldAlarms(int n) => n == 0 ? Alarms : Files.Path.Combine(Logs, string.Create(System.Globalization.CultureInfo.InvariantCulture, $"alarms.{n}.jsonl"));

    public string Profiles => At("profiles");

    public string ProfileOf(string name) => Files.Path.Combine(Profiles, name + ".json");

    public string InOf(string school) => Files.Path.Combine(In, school);

    public string ClaimOf(string school, string fileId) => Files.Path.Combine(In, school, ClaimFolder, fileId);

    public string OutOf(string school) => At("ut", school);

    public string WorkOf(string fileId) => Files.Path.Combine(Work, fileId, "file");

    public string DoneFileOf(string fileId) => Files.Path.Combine(Work, fileId, "klar");

    public string ArchiveOf(string school, DateOnly date) => At("archive", school, date.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture));

    public string DeliveryOf(DateOnly date) => At("delivery", date.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture));

    /// <summary>Makes what is missing; in/ and ut/ open for the transfer users, the rest private.</summary>
    public void Create(IEnumerable<string> schools)
    {
        foreach (var folder in new[] { Profiles, Work, Archive, Quarantine, Delivery, Logs })
        {
            Files.Directory.CreateDirectory(folder);
            if (!OperatingSystem.IsWindows() && Files is FileSystem)
                Files.File.SetUnixFileMode(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
        foreach (var school in schools)
        {
            Files.Directory.CreateDirectory(Files.Path.Combine(InOf(school), ClaimFolder));
            Files.Directory.CreateDirectory(OutOf(school));
        }
        Files.Directory.CreateDirectory(In);
        Files.Directory.CreateDirectory(At("ut"));
    }

    /// <summary>How a file is opened that is its owner's alone, from its first moment, and that no other has open.</summary>
    public static FileStreamOptions Private(FileMode mode, FileAccess access)
    {
        var options = new FileStreamOptions { Mode = mode, Access = access, Share = FileShare.None };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        return options;
    }

    private string At(params string[] parts) => Files.Path.Combine([Root, .. parts]);
}
