using Ingest.Formats;
using Microsoft.Extensions.Logging;

namespace Ingest.Worker.Settings;

/// <summary>
/// The register on disk, and the profiles that it names: edits of either are taken up without a restart; a faulty edit is refused whole, and
/// the old register kept.
/// </summary>
internal sealed class SchoolsFile(RootFolder root, IngestSettings settings, ILogger<SchoolsFile> log)
{
    // What was read, as it was then; null for a profile that was not there.
    private Dictionary<string, (DateTime Written, long Bytes)?> read = [];

    public SchoolRegister Current { get; private set; } = new([]);

    /// <summary>What is wrong with the files as they stand, when the register in force is an older one.</summary>
    public string? Fault { get; private set; }

    /// <exception cref="StartException">It cannot be read, or is faulty.</exception>
    public void Load()
    {
        read = [];
        Current = Parse(root, settings, path => read[path] = Look(path));
        Fault = null;
    }

    /// <summary>Takes up an edit, if there is one. True when the register changed.</summary>
    public bool Refresh()
    {
        if (read.Count > 0 && read.All(r => Look(r.Key) == r.Value)) return false;
        try
        {
            Load();
            log.LogInformation("School register taken up: {Count} schools", Current.All.Count);
            return true;
        }
        catch (Exception e) when (e is StartException or IOException or UnauthorizedAccessException)
        {
            if (Fault != e.Message) log.LogError("The edited school register is refused, the old one stays: {Fault}", e.Message);
            Fault = e.Message;
            return false;
        }
    }

    /// <summary>The register as it stands on disk.</summary>
    /// <param name="reads">Told the path of each file before it is read.</param>
    /// <exception cref="StartException">It cannot be read, or is faulty.</exception>
    public static SchoolRegister Parse(RootFolder root, IngestSettings settings, Action<string>? reads = null)
    {
        reads?.Invoke(root.Schools);
        if (!root.Files.File.Exists(root.Schools)) throw new StartException($"{root.Schools} finns inte.");
        return SchoolRegister.Parse(root.Files.File.ReadAllText(root.Schools), name =>
        {
            reads?.Invoke(root.ProfileOf(name));
            return root.Files.File.Exists(root.ProfileOf(name)) ? root.Files.File.ReadAllText(root.ProfileOf(name)) : null;
        }, new ReadTerms { Grades = settings.Rules.ToTerms().Grades });
    }

    private (DateTime, long)? Look(string path)
    {
        var info = root.Files.FileInfo.New(path);
        return info.Exists ? (info.LastWriteTimeUtc, info.Length) : null;
    }
}
