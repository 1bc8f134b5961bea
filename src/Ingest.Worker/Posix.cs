using System.IO.Abstractions;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

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

/// <summary>What a folder's entry says of it: another when something in it is made, renamed or removed, or when another folder takes its place.</summary>
internal readonly record struct FolderStamp(ulong Inode, (uint Major, uint Minor) Volume, UnixTime Changed, UnixTime Written);

/// <summary>A moment, as exactly as the file system keeps it.</summary>
internal readonly record struct UnixTime(long Seconds, uint Nanoseconds);

/// <summary>
/// What .NET cannot say about a file: its kind without following a link or opening it, which volume it is on, whether somebody is still
/// writing it; and locking and flushing a folder.
/// The one place with calls to the operating system. On Windows it degrades: no pipes to meet there, and folders are not flushed.
/// </summary>
internal static partial class Posix
{
    private const int AtCurrentFolder = -100;
    private const int DoNotFollow = 0x100;
    private const int AskTheServer = 0x2000;
    private const uint Basics = 0x7FF;

    /// <summary>The beginning of Linux's struct statx, the same on every processor.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 256)]
    private struct Statx
    {
        [FieldOffset(16)] public uint Names;
        [FieldOffset(28)] public ushort Mode;
        [FieldOffset(32)] public ulong Inode;
        [FieldOffset(96)] public long ChangedSeconds;
        [FieldOffset(104)] public uint ChangedNanoseconds;
        [FieldOffset(112)] public long WrittenSeconds;
        [FieldOffset(120)] public uint WrittenNanoseconds;
        [FieldOffset(136)] public uint VolumeMajor;
        [FieldOffset(140)] public uint VolumeMinor;
    }

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    private static partial int StatxCall(int folder, string path, int flags, uint mask, out Statx result);

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int Fsync(int descriptor);

    [LibraryImport("libc", EntryPoint = "flock", SetLastError = true)]
    private static partial int Flock(int descriptor, int operation);

    [LibraryImport("libc", EntryPoint = "fcntl", SetLastError = true)]
    private static partial int Fcntl(int descriptor, int command, int argument);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int descriptor);

    /// <summary>The kind of thing at <paramref name="path"/>.</summary>
    public static EntryKind KindOf(IFileSystem files, string path) => Look(files, path).Kind;

    /// <summary>The kind of thing at <paramref name="path"/>, and which thing it is: another that takes over the name has another number.</summary>
    public static (EntryKind Kind, ulong Inode) Look(IFileSystem files, string path)
    {
        if (!OperatingSystem.IsLinux() || files is not FileSystem)
            return (files.File.Exists(path) ? EntryKind.RegularFile : files.Directory.Exists(path) ? EntryKind.Folder : EntryKind.Missing, 0);
        if (StatxCall(AtCurrentFolder, path, DoNotFollow, Basics, out var stat) != 0) return (EntryKind.Missing, 0);
        return ((stat.Mode & 0xF000) switch
        {
            0x8000 => EntryKind.RegularFile,
            0x4000 => EntryKind.Folder,
            0xA000 => EntryKind.Link,
            _ => EntryKind.Special,
        }, stat.Inode);
    }

    /// <summary>The stamp of a folder, asked of the server where it is on a share; null when it is no folder (a link is none), or where that cannot be told.</summary>
    public static FolderStamp? StampOf(IFileSystem files, string folder) =>
        OperatingSystem.IsLinux() && files is FileSystem && StatxCall(AtCurrentFolder, folder, DoNotFollow | AskTheServer, Basics, out var stat) == 0 && (stat.Mode & 0xF000) == 0x4000
            ? new FolderStamp(stat.Inode, (stat.VolumeMajor, stat.VolumeMinor), new UnixTime(stat.ChangedSeconds, stat.ChangedNanoseconds), new UnixTime(stat.WrittenSeconds, stat.WrittenNanoseconds))
            : null;

    /// <summary>Which file a path leads to, whatever its name; null when it leads to none, or where that cannot be told.</summary>
    public static string? IdentityOf(string path) =>
        OperatingSystem.IsLinux() && StatxCall(AtCurrentFolder, path, 0, Basics, out var stat) == 0 ? $"{stat.VolumeMajor}:{stat.VolumeMinor}:{stat.Inode}" : null;

    /// <summary>
    /// When the file came to its place or was last changed, by the machine and not by its sender: a last write can be set to anything,
    /// this cannot. Null where it cannot be told.
    /// </summary>
    public static DateTimeOffset? ChangedAt(IFileSystem files, string path) =>
        OperatingSystem.IsLinux() && files is FileSystem && StatxCall(AtCurrentFolder, path, DoNotFollow, Basics, out var stat) == 0
            ? DateTimeOffset.FromUnixTimeSeconds(stat.ChangedSeconds) : null;

    /// <summary>
    /// True when some process has the file open to write. Asked by a lease, which the system grants on a file that nobody writes; it is
    /// given back at once. False where it cannot be told: a file of another user without CAP_LEASE, a share, another system.
    /// </summary>
    public static bool IsOpenForWriting(IFileSystem files, string path)
    {
        const int NoFollowNoBlockCloseOnExec = 0x20000 | 0x800 | 0x80000, SetSignal = 10, SetLease = 1024, ReadLease = 0, NoLease = 2, TryAgain = 11, IgnoredSignal = 23;
        if (!OperatingSystem.IsLinux() || files is not FileSystem) return false;
        var descriptor = Open(path, NoFollowNoBlockCloseOnExec);
        if (descriptor < 0) return false;
        try
        {
            // Who opens the file in the moment that we hold the lease has us told by a signal: by one that nobody minds (SIGURG), for the usual one would end the process.
            if (Fcntl(descriptor, SetSignal, IgnoredSignal) != 0) return false;
            if (Fcntl(descriptor, SetLease, ReadLease) != 0) return Marshal.GetLastPInvokeError() == TryAgain;
            _ = Fcntl(descriptor, SetLease, NoLease);
            return false;
        }
        finally
        {
            _ = Close(descriptor);
        }
    }

    /// <summary>
    /// Locks a folder against other processes until the handle is disposed, or only against those that do not share it; null when another
    /// has it. Where folders cannot be locked (Windows, some shares) the handle holds nothing.
    /// </summary>
    public static SafeFileHandle? LockFolder(IFileSystem files, string folder, bool isShared)
    {
        const int CloseOnExec = 0x80000, Shared = 1, Exclusive = 2, NoWait = 4, WouldBlock = 11;
        if (!OperatingSystem.IsLinux() || files is not FileSystem) return new SafeFileHandle();
        var handle = new SafeFileHandle(Open(folder, CloseOnExec), ownsHandle: true);
        if (handle.IsInvalid || Flock((int)handle.DangerousGetHandle(), (isShared ? Shared : Exclusive) | NoWait) == 0 || Marshal.GetLastPInvokeError() != WouldBlock) return handle;
        handle.Dispose();
        return null;
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
