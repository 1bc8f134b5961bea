using System.IO.Abstractions;

namespace Ingest.Worker.Receipts;

/// <summary>
/// A file that others may read at any moment: written under a name that begins with a full stop, flushed to disk, then renamed. It is
/// there whole or not at all; one that was there before is replaced.
/// </summary>
internal sealed class OutputFile : IDisposable
{
    private readonly IFileSystem files;
    private readonly string path;
    private readonly string temporary;
    private FileSystemStream? stream;

    /// <param name="mode">Who may read and write it; null: as the umask has it.</param>
    public OutputFile(IFileSystem files, string folder, string name, UnixFileMode? mode = null)
    {
        this.files = files;
        path = files.Path.Combine(folder, name);
        // A dot before and ".tmp" behind would pass 255 bytes where the name itself does not.
        temporary = files.Path.Combine(folder, "." + Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(name))[..12]) + ".tmp");
        files.Directory.CreateDirectory(folder);
        stream = files.FileStream.New(temporary, FileMode.Create, FileAccess.Write, FileShare.None, 1 << 16);
        // Before the first byte, for one left by a crash may have had another.
        if (mode is { } wanted && !OperatingSystem.IsWindows()) files.File.SetUnixFileMode(temporary, wanted);
        CrashPoint.Reached("output.opened", name);
    }

    public Stream Stream => stream!;

    /// <summary>Makes it visible.</summary>
    public void Commit()
    {
        stream!.Flush(flushToDisk: true);
        stream.Dispose();
        stream = null;
        CrashPoint.Reached("output.written", path);
        files.File.Move(temporary, path, overwrite: true);
        CrashPoint.Reached("output.renamed", path);
        Posix.FlushFolder(files, files.Path.GetDirectoryName(path)!);
    }

    /// <summary>Throws away what was not committed.</summary>
    public void Dispose()
    {
        if (stream is null) return;
        try
        {
            stream.Dispose();
        }
        catch (IOException)
        {
            // What it still held does not fit on the disk either; it was to be thrown away.
        }
        stream = null;
        files.File.Delete(temporary);
    }
}
