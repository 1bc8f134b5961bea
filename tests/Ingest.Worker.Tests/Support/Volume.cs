using System.Diagnostics;

namespace Ingest.Worker.Tests.Support;

/// <summary>
/// A file system of its own on a folder, in memory and as small as a test wants it: it can be filled, made read-only, taken away.
/// Needs the right to mount: <c>test.sh</c> runs the tests in a mount namespace that has it, which also takes every mount away at the end.
/// Where there is none the test fails and says so, unless <c>INGEST_WITHOUT_VOLUMES=1</c> asks for it to be left out.
/// </summary>
internal sealed class Volume : IDisposable
{
    private const int Page = 4096;

    private readonly string folder;
    private readonly string filler;

    public Volume(string folder, int kilobytes)
    {
        if (Environment.GetEnvironmentVariable("INGEST_WITHOUT_VOLUMES") == "1") Assert.Ignore("Left out by INGEST_WITHOUT_VOLUMES: it needs the right to mount.");
        this.folder = folder;
        filler = Path.Combine(folder, ".fyllnad");
        Directory.CreateDirectory(folder);
        if (Run("mount", "-t", "tmpfs", "-o", $"size={kilobytes}k,mode=755", "ingest-test", folder) is { Length: > 0 } refused)
            Assert.Fail($"This test needs the right to mount: run ./test.sh, or as root, or under 'unshare -rm'; INGEST_WITHOUT_VOLUMES=1 leaves it out. {refused}");
    }

    /// <summary>Bytes that can still be written.</summary>
    public long Free => new DriveInfo(folder).AvailableFreeSpace;

    /// <summary>Takes up all space but this many pages of 4 KiB.</summary>
    public void Fill(int pages = 0)
    {
        using var stream = new FileStream(filler, FileMode.Append, FileAccess.Write, FileShare.None, Page);
        var page = new byte[Page];
        try
        {
            while (Free > (long)pages * Page) stream.Write(page);
            stream.Flush();
        }
        catch (IOException)
        {
            // Full, which is what was wanted.
        }
    }

    public void Empty() => File.Delete(filler);

    public void ReadOnly(bool yes) => Assert.That(Run("mount", "-o", yes ? "remount,bind,ro" : "remount,bind,rw", folder), Is.Empty);

    /// <summary>Takes the volume away from its folder, as a share that goes; disposed of, it comes back.</summary>
    public Elsewhere Away() => new(folder);

    public void Dispose()
    {
        if (Run("umount", folder).Length > 0) Run("umount", "-l", folder);
    }

    /// <summary>What the program says when it fails; empty when it does not.</summary>
    internal static string Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        var error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? "" : $"{program} {string.Join(' ', arguments)}: {error}";
    }

    /// <summary>Where a volume is that was taken away: others can still write to it.</summary>
    internal sealed class Elsewhere : IDisposable
    {
        private readonly string folder;

        public Elsewhere(string folder)
        {
            this.folder = folder;
            Path = Directory.CreateTempSubdirectory("ingest-test-").FullName;
            Assert.That(Run("mount", "-n", "--move", folder, Path), Is.Empty);
        }

        public string Path { get; }

        public void Dispose()
        {
            Assert.That(Run("mount", "-n", "--move", Path, folder), Is.Empty);
            Directory.Delete(Path);
        }
    }
}
