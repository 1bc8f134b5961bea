using System.Globalization;
using System.IO.Abstractions;
using Ingest.Formats;
using Ingest.Rules;
using Ingest.Worker.Ledger;
using Ingest.Worker.Service;
using Ingest.Worker.Settings;

namespace Ingest.Worker.Pickup;

/// <summary>
/// Watches the drop folders by polling, which is the truth: it works on a share where no event ever comes. Keeps what it has seen, and
/// says what is ready, in order of arrival.
/// </summary>
internal sealed class DropFolders(
    RootFolder root, LedgerDatabase ledger, IngestSettings settings, TimeProvider time, Alarms alarms)
{
    // A service that looked this lately was not down: a slow poll is no outage.
    private static readonly TimeSpan Outage = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Jump = TimeSpan.FromMinutes(1);
    private static readonly string[] NotYetFiles = [".tmp", ".part", ".filepart", ".crdownload"];

    private readonly Dictionary<string, SeenFile> seen = new(StringComparer.Ordinal);
    private WatchMemory memory = new(ledger);
    private readonly StillFolders still = new(TimeProvider.System);
    private DateTimeOffset? lastPoll;
    private long lastPollAt;

    /// <summary>Which folders can be gone through, and taken from.</summary>
    public FolderAccess Access { get; private set; } = new(root, time, settings.Cutoff.MaxWait);

    /// <summary>When the last whole poll began.</summary>
    public DateTimeOffset? LastPollBegan { get; private set; }

    /// <summary>When this service began to look, or to look again after its clock was set: what lay there then is given its time, however late that is.</summary>
    public DateTimeOffset WatchingSince { get; private set; }

    /// <summary>What lies in the folders and was not taken yet.</summary>
    public IReadOnlyCollection<SeenFile> Seen => seen.Values;

    /// <summary>Begins to watch as if new: meanwhile another process may have.</summary>
    public void Restart()
    {
        seen.Clear();
        (memory, Access, lastPoll, LastPollBegan) = (new WatchMemory(ledger), new FolderAccess(root, time, settings.Cutoff.MaxWait), null, null);
    }

    /// <summary>One look at every folder.</summary>
    public async Task PollAsync(SchoolRegister register, CancellationToken stop)
    {
        var began = time.GetUtcNow();
        var polledBefore = lastPoll ?? await memory.ReadAsync();
        var stoppedAt = polledBefore is { } before && (lastPoll is null || began - before >= Outage) ? polledBefore : null;
        await MindTheClockAsync(began, stop);
        var found = new HashSet<string>(StringComparer.Ordinal);
        Access.BeginPoll();
        await LookAsync("", root.In, began, stoppedAt, found, stop);
        var there = new HashSet<string>(StringComparer.Ordinal);
        var folders = root.Files.Directory.Exists(root.In) ? root.Files.Directory.EnumerateDirectories(root.In) : [];
        foreach (var folder in folders.Order(StringComparer.Ordinal))
        {
            stop.ThrowIfCancellationRequested();
            var name = root.Files.Path.GetFileName(folder);
            if (!name.StartsWith('.') && await LookAsync(name, folder, began, stoppedAt, found, stop)) there.Add(name);
        }
        foreach (var school in register.All)
        {
            var (folder, path) = (school.Code, root.InOf(school.Code));
            var isThere = there.Contains(folder);
            var isLink = !isThere && Posix.KindOf(root.Files, path) == EntryKind.Link;
            if (isLink || !(isThere || root.Files.Directory.Exists(path)))
            {
                Away(folder, began, found);
                await alarms.RaiseAsync("folderMissing", $"in/{folder}", isLink
                    ? "En länk ligger i mappens ställe. Den följs inte, så skolan kan inte lämna filer. Gör en mapp där, eller montera volymen på den."
                    : "Mappen finns inte, så skolan kan inte lämna filer.", stop);
            }
            else if (!isThere && Access.HasLostItsVolume(folder, path))
                await alarms.RaiseAsync("folderMissing", $"in/{folder}", "Mappens volym är borta: där den var monterad är det tomt. Montera den igen; hör mappen inte längre till en egen volym, starta om tjänsten.", stop);
            else await alarms.ClearAsync("folderMissing", $"in/{folder}", stop);
        }
        foreach (var gone in seen.Keys.Where(path => !found.Contains(path)).ToList()) seen.Remove(gone);

        CrashPoint.Reached("poll.looked");
        (LastPollBegan, lastPoll, lastPollAt) = (began, began, time.GetTimestamp());
        await memory.BeatAsync(began, seen.Values.Any(f => f.StoppedAt is not null && IsToBeTaken(f, register)), stop);
    }

    /// <summary>
    /// A clock that is set while the service runs: what came by the wrong clock in the future came now. An operator is told, for windows
    /// may have closed too early or too late.
    /// </summary>
    private async Task MindTheClockAsync(DateTimeOffset now, CancellationToken stop)
    {
        if (lastPoll is not { } before)
        {
            WatchingSince = now;
            return;
        }
        var jump = now - before - time.GetElapsedTime(lastPollAt);
        if (jump < TimeSpan.Zero)
        {
            memory.ClockIsSetBack(now);
            Access.ClockIsSetBack(now);
            foreach (var file in seen.Values)
            {
                file.Changed = Earlier(file.Changed, now);
                if (file.DoneSeen is { } done) file.DoneSeen = Earlier(done, now);
            }
        }
        if (jump.Duration() < Jump) return;
        WatchingSince = now;
        await alarms.RaiseAsync("clock", LedgerDatabase.Instant(now), string.Create(CultureInfo.InvariantCulture,
                $"Klockan har ställts {(jump < TimeSpan.Zero ? "tillbaka" : "fram")} {jump.Duration().TotalMinutes:0} minuter, eller maskinen har vilat. Se efter om något fönster stängde i fel tid."), stop);
    }

    private static DateTimeOffset Earlier(DateTimeOffset a, DateTimeOffset b) => a < b ? a : b;

    /// <summary>The folder cannot be gone through just now: what was seen there is not gone, as long as it may come back in time.</summary>
    private void Away(string folder, DateTimeOffset now, HashSet<string> found)
    {
        if (Access.WentAway(folder, now))
            found.UnionWith(seen.Values.Where(f => f.Folder == folder).Select(f => f.Path));
    }

    /// <summary>How alarms name a folder.</summary>
    public string Subject(string folder) => folder.Length == 0 ? "in" : "in/" + Masking.Numbers(folder, ReportingCalendar.SwedishDate(time.GetUtcNow()), out _);

    /// <summary>
    /// The files that can be taken now, folder by folder, in order of arrival. One that came earlier and is only waiting out its quiet
    /// period holds later ones back; one that waits for its trailer or done-file does not.
    /// </summary>
    public List<List<SeenFile>> Ready(SchoolRegister register)
    {
        var folders = new List<List<SeenFile>>();
        foreach (var folder in InOrder().Where(f => !f.Stuck).GroupBy(f => f.Folder).Where(g => Access.IsOpen(g.Key)))
        {
            var ready = new List<SeenFile>();
            foreach (var file in folder)
            {
                var (isReady, holds) = Judge(file, register.Find(folder.Key));
                if (isReady) ready.Add(file);
                else if (holds) break;
            }
            if (ready.Count > 0) folders.Add(ready);
        }
        return folders;
    }

    /// <summary>Files that came in time for a window and are not taken yet, but for those whose school has not said that they are whole.</summary>
    public List<SeenFile> Before(DateTimeOffset closesAt, SchoolRegister register) =>
        [.. seen.Values.Where(f => (f.StoppedAt ?? f.Arrived) < closesAt && IsToBeTaken(f, register))];

    private static bool IsToBeTaken(SeenFile file, SchoolRegister register) => !file.Stuck && !(register.Find(file.Folder) is { DoneFile: true } && file.DoneSeen is null);

    /// <summary>Folders in which something may become ready by waiting a quiet period, and no longer, as alarms name them.</summary>
    public List<string> Holding(SchoolRegister register) =>
        [.. seen.Values.Where(f => !f.Stuck && Access.IsOpen(f.Folder) && Judge(f, register.Find(f.Folder)) is (true, _) or (_, true)).Select(f => Subject(f.Folder)).Distinct().Order(StringComparer.Ordinal)];

    /// <summary>How long it is until something that was seen has lain still for one of the quiet periods; null when all have, or nothing lies there.</summary>
    public TimeSpan? UntilStill()
    {
        var pickup = settings.Pickup;
        TimeSpan[] periods = [pickup.QuietPeriod, pickup.QuietPeriodCsv, pickup.QuietPeriodUnterminated, pickup.IncompleteAfter];
        return seen.Values.Where(f => !f.Stuck && f.DoneSeen is null && Access.IsOpen(f.Folder))
            .SelectMany(f => periods, (f, period) => period - time.GetElapsedTime(f.StillSince))
            .Where(left => left > TimeSpan.Zero).Select(left => (TimeSpan?)left).Min();
    }

    /// <summary>Taken, or left for good.</summary>
    public void Forget(SeenFile file) => seen.Remove(file.Path);

    /// <summary>A quiet period goes on over a restart.</summary>
    public Task SaveAsync(CancellationToken stop) => memory.SaveAsync(seen.Values, stop);

    private IEnumerable<SeenFile> InOrder() =>
        seen.Values.OrderBy(f => f.Arrived).ThenBy(f => f.Written).ThenBy(f => f.Name, StringComparer.Ordinal);

    /// <returns>False where there is a link, or a mount point without its volume.</returns>
    private async Task<bool> LookAsync(string folder, string path, DateTimeOffset now, DateTimeOffset? stoppedAt, HashSet<string> found, CancellationToken stop)
    {
        var stamp = Posix.StampOf(root.Files, path);
        if (still.Holds(folder, stamp))
        {
            Access.Looked(folder, now);
            return true;
        }
        // A link may lead anywhere, whatever school it is named for: it is reported, not followed.
        if (stamp is null && folder.Length > 0 && Posix.KindOf(root.Files, path) == EntryKind.Link) return false;
        if (Access.HasLostItsVolume(folder, path))
        {
            Away(folder, now, found);
            return false;
        }
        var subject = Subject(folder);
        List<IFileSystemInfo> entries;
        try
        {
            entries = [.. root.Files.DirectoryInfo.New(path).EnumerateFileSystemInfos()];
            await alarms.ClearAsync("folderUnreadable", subject, stop);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            await alarms.RaiseAsync("folderUnreadable", subject, "Mappen kan inte läsas: " + Fault.Say(e), stop);
            Away(folder, now, found);
            return true;
        }
        // As after a stop: what lies there now may have come at any time since.
        if (Access.LookedAt(folder) is { } before) stoppedAt = now - before >= Outage ? before : null;
        Access.Looked(folder, now);
        var things = entries.ToDictionary(e => e.FullName, e => Posix.Look(root.Files, e.FullName));
        var done = entries.Where(e => e.Name.EndsWith(DoneFile.Suffix, StringComparison.OrdinalIgnoreCase) && things[e.FullName].Kind == EntryKind.RegularFile)
            .Select(e => e.Name).ToHashSet(StringComparer.OrdinalIgnoreCase);
        var (files, others, unreadableName) = (false, false, false);
        foreach (var entry in entries)
        {
            if (IsNotYetFile(entry.Name) || done.Contains(entry.Name)) continue;
            var (kind, inode) = things[entry.FullName];
            // A name that is no UTF-8 cannot be asked for by name; any other that is missing was renamed away meanwhile.
            if (kind == EntryKind.Missing && entry.Name.Contains('\uFFFD'))
            {
                unreadableName = true;
                await alarms.RaiseAsync("unreadableName", subject, "En fil har ett namn som inte är UTF-8 och kan inte tas. Be skolan lämna den igen med ett annat namn.", stop);
            }
            files |= kind is EntryKind.RegularFile or EntryKind.Missing;
            if (kind == EntryKind.Missing || (kind == EntryKind.Folder && folder.Length == 0)) continue;
            if (kind != EntryKind.RegularFile)
            {
                others = true;
                await alarms.RaiseAsync("notAFile", subject, "Något annat än en vanlig fil ligger i mappen (mapp, länk, rör eller enhet). Det lämnas orört.", stop);
                continue;
            }
            found.Add(entry.FullName);
            Observe(folder, (IFileInfo)entry, inode, now, stoppedAt, done.Contains(entry.Name + DoneFile.Suffix));
        }
        if (!others) await alarms.ClearAsync("notAFile", subject, stop);
        if (!unreadableName) await alarms.ClearAsync("unreadableName", subject, stop);
        if (!seen.Values.Any(f => f.Stuck && f.Folder == folder)) await alarms.ClearAsync("cannotTake", subject, stop);
        still.Listed(folder, stamp, isEmpty: !files && !others);
        return true;
    }

    private void Observe(string folder, IFileInfo info, ulong inode, DateTimeOffset now, DateTimeOffset? stoppedAt, bool hasDoneFile)
    {
        long bytes;
        DateTime written;
        try
        {
            (bytes, written) = (info.Length, info.LastWriteTimeUtc);
        }
        catch (IOException)
        {
            // Renamed away between the listing and the look: the next poll tells.
            return;
        }
        var known = seen.TryGetValue(info.FullName, out var file);
        if (file is null)
        {
            file = new SeenFile(folder, info.Name, info.FullName) { Bytes = bytes, Written = written, Inode = inode, Changed = now, StillSince = time.GetTimestamp(), StoppedAt = stoppedAt };
            if (memory.Changed(file, now) is { } changed)
                (file.Changed, file.StillSince) = (changed, file.StillSince - (long)((now - changed).TotalSeconds * time.TimestampFrequency));
            seen.Add(info.FullName, file);
        }
        else if (file.Bytes != bytes || file.Written != written || file.Inode != inode)
        {
            (file.Bytes, file.Written, file.Inode, file.Changed, file.StillSince, file.Ends, file.Stuck, file.StoppedAt) =
                (bytes, written, inode, now, time.GetTimestamp(), null, false, null);
        }
        if (!hasDoneFile || file.DoneSeen is not null) return;
        file.DoneSeen = now;
        // The done-file is what makes the file arrive; if it came after the stop, so did the file.
        if (known) file.StoppedAt = null;
    }

    private (bool Ready, bool Holds) Judge(SeenFile file, School? school)
    {
        if (file.DoneSeen is not null) return (true, false);
        if (school is { DoneFile: true }) return (false, false);
        var still = time.GetElapsedTime(file.StillSince);
        if (still < settings.Pickup.QuietPeriod) return (false, true);
        if (CompletenessCheck.Of(root.Files, file, hasProfile: school?.Profile is not null) is not { } ends) return (false, true);
        return ends switch
        {
            Completeness.Complete => (true, false),
            Completeness.WithoutTrailer => (still >= settings.Pickup.IncompleteAfter, false),
            // Whoever has it open may be pausing between two rows. Not for ever: some never close.
            _ when still < settings.Pickup.IncompleteAfter && still >= QuietPeriodOf(ends) && Posix.IsOpenForWriting(root.Files, file.Path) => (false, false),
            _ => (still >= QuietPeriodOf(ends), true),
        };
    }

    private TimeSpan QuietPeriodOf(Completeness ends) => ends == Completeness.Terminated ? settings.Pickup.QuietPeriodCsv : settings.Pickup.QuietPeriodUnterminated;

    /// <summary>A name that says that the file is still being written, or is none of ours.</summary>
    public static bool IsNotYetFile(string name) =>
        name.StartsWith('.') || name.StartsWith('~') || NotYetFiles.Any(suffix => name.EndsWith(suffix, StringComparison.OrdinalIgnoreCase));
}
