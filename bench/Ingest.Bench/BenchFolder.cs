using System.CommandLine;
using System.IO.Abstractions;

namespace Ingest.Bench;

/// <summary>A folder to work in that is gone afterwards.</summary>
internal sealed class BenchFolder : IDisposable
{
    private static readonly FileSystem Files = new();

    public BenchFolder(string parent)
    {
        Path = Files.Path.Combine(parent, "ingest-bench-" + Guid.NewGuid().ToString("N"));
        Files.Directory.CreateDirectory(Path);
    }

    public string Path { get; }

    public static Option<string> Option() => new("--folder")
    {
        Description = "An existing folder to work in (default: the machine's temporary one)",
        DefaultValueFactory = _ => Files.Path.GetTempPath(),
    };

    /// <summary>A folder in it that is made.</summary>
    public string Make(string name) => Files.Directory.CreateDirectory(Files.Path.Combine(Path, name)).FullName;

    public void Dispose() => Files.Directory.Delete(Path, recursive: true);
}
