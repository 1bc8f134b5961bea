namespace Ingest.Worker.Pickup;

/// <summary>
/// Folders in which nothing lay when they were last listed, and that have not changed since: most of them, most of the time. They need
/// not be listed at each poll.
/// </summary>
/// <param name="machine">The clock by which a file system's times go on, whatever time the service has been told.</param>
internal sealed class StillFolders(TimeProvider machine)
{
    /// <summary>
    /// A change within the same tick as the one before it leaves no trace, and a tick may be 2 s (FAT). Only a stamp that has stood for
    /// longer than that when the folder is listed can be no other's. The stamp is only held against itself: a share's clock may be wrong.
    /// </summary>
    private static readonly TimeSpan LongerThanATick = TimeSpan.FromSeconds(3);

    /// <summary>Listed all the same, to find out a file system whose folders do not say that they have changed: it is not believed again.</summary>
    public static readonly TimeSpan ListAnyway = TimeSpan.FromSeconds(30);

    private readonly HashSet<(uint, uint)> notBelieved = [];
    private readonly Dictionary<string, (FolderStamp Stamp, long Since, long? Listed)> known = new(StringComparer.Ordinal);

    /// <summary>True when there is still nothing in the folder.</summary>
    /// <param name="stamp">As it is now; null where none can be told.</param>
    public bool Holds(string folder, FolderStamp? stamp) =>
        stamp is { } now && !notBelieved.Contains(now.Volume) && known.TryGetValue(folder, out var k) && k.Stamp == now && k.Listed is { } listed && machine.GetElapsedTime(listed) < ListAnyway;

    /// <summary>The folder was listed.</summary>
    /// <param name="stamp">As it was just before.</param>
    /// <param name="isEmpty">Nothing lay there that a poll minds.</param>
    public void Listed(string folder, FolderStamp? stamp, bool isEmpty)
    {
        if (stamp is not { } before)
        {
            known.Remove(folder);
            return;
        }
        var now = machine.GetTimestamp();
        var since = known.TryGetValue(folder, out var k) && k.Stamp == before ? k.Since : now;
        if (k.Listed is not null && k.Stamp == before && !isEmpty) notBelieved.Add(before.Volume);
        known[folder] = (before, since, isEmpty && machine.GetElapsedTime(since, now) >= LongerThanATick ? now : null);
    }
}
