using System.IO.Abstractions;

namespace Ingest.Worker.Tests;

/// <summary>A folder of its own that is gone afterwards.</summary>
internal sealed class TempFolder : IDisposable
{
    private readonly FileSystem files = new();

    public TempFolder() => Path = files.Directory.CreateTempSubdirectory("ingest-test-").FullName;

    public string Path { get; }

    /// <summary>A path in it.</summary>
    public string At(string name) => files.Path.Combine(Path, name);

    /// <summary>Writes a file in it; answers its path.</summary>
    public string Write(string name, string text)
    {
        files.File.WriteAllText(At(name), text);
        return At(name);
    }

    public void Dispose() => files.Directory.Delete(Path, recursive: true);
}
