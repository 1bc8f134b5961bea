using Ingest.Worker.Service;
using Ingest.Worker.Settings;

namespace Ingest.Worker.Pickup;

/// <summary>What is known of the drop folders themselves: when each was last gone through, which are away, in which nothing can be taken.</summary>
/// <param name="lately">How long a folder that went away is thought to come back: <c>Cutoff:MaxWait</c>.</param>
internal sealed class FolderAccess(RootFolder root, TimeProvider time, TimeSpan lately)
{
    private readonly Dictionary<string, DateTimeOffset> looked = new(StringComparer.Ordinal);
    private readonly HashSet<string> away = new(StringComparer.Ordinal);
    private readonly HashSet<string> mounted = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (int Times, DateTimeOffset Next)> blocked = new(StringComparer.Ordinal);

    public void BeginPoll() => away.Clear();

    /// <summary>
    /// True when the folder was on a volume of its own and is no longer: what stands there now is its mount point, empty, and no folder
    /// out of which every file was taken.
    /// </summary>
    public bool HasLostItsVolume(string folder, string path)
    {
        if (!Posix.OnOtherVolumes(root.Files, path, root.Root)) return mounted.Contains(folder);
        mounted.Add(folder);
        return false;
    }

    /// <summary>When the folder was last gone through by this process; null when it never was.</summary>
    public DateTimeOffset? LookedAt(string folder) => looked.TryGetValue(folder, out var at) ? at : null;

    public void Looked(string folder, DateTimeOffset now) => looked[folder] = now;

    /// <summary>The folder cannot be gone through at this poll.</summary>
    /// <returns>True as long as it may come back in time, so that what was seen in it is not gone.</returns>
    public bool WentAway(string folder, DateTimeOffset now)
    {
        away.Add(folder);
        return looked.TryGetValue(folder, out var at) && now - at <= lately;
    }

    /// <summary>Folders that are away and were last gone through before the moment, though lately: what came in time may lie in them, unseen.</summary>
    public List<string> AwayOver(DateTimeOffset moment) => [.. away.Where(f => looked.TryGetValue(f, out var at) && at < moment && moment - at <= lately)];

    /// <summary>False when nothing in the folder can be taken now.</summary>
    public bool IsOpen(string folder) => !away.Contains(folder) && !(blocked.TryGetValue(folder, out var b) && !Backoff.IsOver(b.Next, time.GetUtcNow()));

    /// <summary>Nothing in it could be moved; it is left alone for a while.</summary>
    public void Block(string folder)
    {
        var times = blocked.GetValueOrDefault(folder).Times + 1;
        blocked[folder] = (times, time.GetUtcNow() + Backoff.After(times));
    }

    /// <returns>True when it was blocked.</returns>
    public bool Unblock(string folder) => blocked.Remove(folder);

    /// <summary>What was looked at by a wrong clock, in what is now the future, was looked at now.</summary>
    public void ClockIsSetBack(DateTimeOffset now)
    {
        foreach (var folder in looked.Where(l => l.Value > now).Select(l => l.Key).ToList()) looked[folder] = now;
    }
}
