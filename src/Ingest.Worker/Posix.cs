using System.IO.Abstractions;
using System.Runtime.InteropServices;

namespace Ingest.Worker;

/// <summary>What kind of thing a name in a folder is.</summary>
internal enum EntryKind
{
    RegularFile,
    Folder,
    Link,
    /// <summary>A pipe, socket or device.</summary>
    Special,
    Missing,
}

/// <summary>
/// What .NET cannot say about a file: its kind without following a link or opening it, which volume it is on, and flushing a folder.
/// The one place with calls to the operating system. On Windows it degrades: no pipes to meet there, and folders are not flushed.
/// </summary>
internal static partial class Posix
{
    private const int AtCurrentFolder = -100;
    private const int DoNotFollow = 0x100;
    private const uint Basics = 0x7FF;

    /// <summary>The beginning of Linux's struct statx, the same on every processor.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 256)]
    private struct Statx
    {
        [FieldOffset(16)] public uint Names;
        [FieldOffset(28)] public ushort Mode;
        [FieldOffset(136)] public uint VolumeMajor;
        [FieldOffset(140)] public uint VolumeMinor;
    }

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    private static partial int StatxCall(int folder, string path, int flags, uint mask, out Statx result);

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int Fsync(int descriptor);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int descriptor);

    /// <summary>The kind of thing at <paramref name="path"/>.</summary>
    public static EntryKind KindOf(IFileSystem files, string path)
    {
        if (!OperatingSystem.IsLinux() || files is not FileSystem)
            return files.File.Exists(path) ? EntryKind.RegularFile : files.Directory.Exists(path) ? EntryKind.Folder : EntryKind.Missing;
        if (StatxCall(AtCurrentFolder, path, DoNotFollow, Basics, out var stat) != 0) return EntryKind.Missing;
        return (stat.Mode & 0xF000) switch
        {
            0x8000 => EntryKind.RegularFile,
            0x4000 => EntryKind.Folder,
            0xA000 => EntryKind.Link,
            _ => EntryKind.Special,
        };
    }

    /// <summary>True when a rename between the two folders cannot be atomic.</summary>
    public static bool OnOtherVolumes(IFileSystem files, string a, string b) =>
        OperatingSystem.IsLinux() && files is FileSystem
        && StatxCall(AtCurrentFolder, a, 0, Basics, out var x) == 0 && StatxCall(AtCurrentFolder, b, 0, Basics, out var y) == 0
        && (x.VolumeMajor, x.VolumeMinor) != (y.VolumeMajor, y.VolumeMinor);

    /// <summary>True for a file that has hard links besides this one.</summary>
    public static bool HasOtherNames(IFileSystem files, string path) =>
        OperatingSystem.IsLinux() && files is FileSystem && StatxCall(AtCurrentFolder, path, DoNotFollow, Basics, out var stat) == 0 && stat.Names > 1;

    /// <summary>Makes what somebody else wrote to the file survive a power cut.</summary>
    public static void FlushFile(IFileSystem files, string path) => FlushFolder(files, path);

    /// <summary>Makes a rename in the folder survive a power cut.</summary>
    public static void FlushFolder(IFileSystem files, string folder)
    {
        if (!OperatingSystem.IsLinux() || files is not FileSystem) return;
        var descriptor = Open(folder, 0);
        if (descriptor < 0) return;
        _ = Fsync(descriptor);
        _ = Close(descriptor);
    }
}
