using System.IO.Abstractions;
using Ingest.Worker.Service;
using Ingest.Worker.Settings;
using Microsoft.Extensions.Logging;

namespace Ingest.Worker.Pickup;

/// <summary>
/// Rings the bell when a name comes to a drop folder, so that it need not wait for the next poll. The polls are the truth: where no
/// events come (a share, a volume that is mounted later, no watches left), files are only seen that much later.
/// </summary>
internal sealed class DropWatch : IDisposable
{
    // A done-file has its name before it has its content, and files come in crowds: one poll for all that comes in this time.
    private static readonly TimeSpan Gather = TimeSpan.FromMilliseconds(100);

    private readonly IFileSystemWatcher watcher;
    private readonly ITimer timer;
    private int gathering;

    private DropWatch(RootFolder root, PollBell bell, TimeProvider time)
    {
        timer = time.CreateTimer(_ =>
        {
            gathering = 0;
            bell.Ring();
        }, null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        watcher = root.Files.FileSystemWatcher.New(root.In);
        watcher.IncludeSubdirectories = true;
        watcher.NotifyFilter = NotifyFilters.FileName;
        watcher.Created += (_, e) => Came(e.Name);
        watcher.Renamed += (_, e) => Came(e.Name);
        watcher.EnableRaisingEvents = true;
    }

    /// <summary>Begins to watch; null where that cannot be done.</summary>
    public static DropWatch? Start(RootFolder root, PollBell bell, TimeProvider time, ILogger log)
    {
        // One that is not the machine's own has no events.
        if (root.Files is not FileSystem) return null;
        try
        {
            return new DropWatch(root, bell, time);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            log.LogInformation("The drop folders give no events ({Fault}); new files are seen at the next poll", Fault.Say(e));
            return null;
        }
    }

    /// <param name="name">From <c>in/</c> on. What lies deeper than a school's folder is our own, or nobody's.</param>
    private void Came(string? name)
    {
        if (name?.Split(Path.DirectorySeparatorChar) is not { Length: <= 2 } parts || DropFolders.IsNotYetFile(parts[^1])) return;
        if (Interlocked.Exchange(ref gathering, 1) == 0) timer.Change(Gather, Timeout.InfiniteTimeSpan);
    }

    public void Dispose()
    {
        watcher.Dispose();
        timer.Dispose();
    }
}
