using System.IO.Abstractions;
using System.Runtime.CompilerServices;

namespace Ingest.Worker.Tests;

/// <summary>The files of the repository that tests hold against the code.</summary>
internal static class Repository
{
    private static readonly FileSystem Files = new();

    public static string Root { get; } = Find();

    public static string Path(params string[] parts) => Files.Path.Combine([Root, .. parts]);

    public static string Read(params string[] parts) => Files.File.ReadAllText(Path(parts));

    public static byte[] Bytes(params string[] parts) => Files.File.ReadAllBytes(Path(parts));

    private static string Find([CallerFilePath] string here = "")
    {
        var folder = Files.Path.GetDirectoryName(here)!;
        while (!Files.File.Exists(Files.Path.Combine(folder, "MinaTjanster.sln"))) folder = Files.Path.GetDirectoryName(folder)!;
        return folder;
    }
}
