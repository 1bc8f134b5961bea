using Microsoft.Extensions.Logging;

namespace Ingest.Worker.Settings;

/// <summary>The register on disk: edits are taken up without a restart; a faulty edit is refused whole, and the old one kept.</summary>
internal sealed class SchoolsFile(RootFolder root, ILogger<SchoolsFile> log)
{
    private DateTime written;
    private long bytes = -1;

    public SchoolRegister Current { get; private set; } = new([]);

    /// <summary>What is wrong with the file as it stands, when the register in force is an older one.</summary>
    public string? Fault { get; private set; }

    /// <exception cref="StartException">It cannot be read, or is faulty.</exception>
    public void Load()
    {
        var text = Text();
        Current = SchoolRegister.Parse(text);
        Fault = null;
    }

    /// <summary>Takes up an edit, if there is one. True when the register changed.</summary>
    public bool Refresh()
    {
        var info = root.Files.FileInfo.New(root.Schools);
        if (info.Exists && info.LastWriteTimeUtc == written && info.Length == bytes) return false;
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

    private string Text()
    {
        var info = root.Files.FileInfo.New(root.Schools);
        if (!info.Exists) throw new StartException($"{root.Schools} finns inte.");
        (written, bytes) = (info.LastWriteTimeUtc, info.Length);
        return root.Files.File.ReadAllText(root.Schools);
    }
}
