using System.Globalization;
using Dapper;
using Ingest.Worker.Ledger;

namespace Ingest.Worker.Pickup;

/// <summary>What of the watching outlives a stop: what lay in the folders and was not taken, and when somebody last looked.</summary>
internal sealed class WatchMemory(LedgerDatabase ledger)
{
    private const string PolledKey = "polled";

    /// <summary>The heartbeat while <see cref="PolledKey"/> stands still: it says only that somebody looks.</summary>
    private const string LookedKey = "looked";

    private static readonly TimeSpan HeartbeatEvery = TimeSpan.FromSeconds(1);

    private readonly Dictionary<string, (long Bytes, DateTime Written, DateTimeOffset Changed)> seen = new(StringComparer.Ordinal);
    private DateTimeOffset lastHeartbeat;

    /// <summary>Takes in what the last run saw.</summary>
    /// <returns>When it last looked; null when none ever has.</returns>
    public async Task<DateTimeOffset?> ReadAsync()
    {
        using var connection = ledger.Open();
        foreach (var (path, bytes, written, changed) in await connection.QueryAsync<(string, long, string, string)>("SELECT path, bytes, written, changed FROM seen"))
            seen[path] = (bytes, DateTime.Parse(written, CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind), LedgerDatabase.Instant(changed));
        return ledger.Setting(PolledKey) is { } text ? LedgerDatabase.Instant(text) : null;
    }

    /// <summary>When the last run saw a file change that lies there as it lay then, once; null for any other.</summary>
    public DateTimeOffset? Changed(SeenFile file, DateTimeOffset now) =>
        seen.Remove(file.Path, out var old) && old.Bytes == file.Bytes && old.Written == file.Written && old.Changed <= now ? old.Changed : null;

    /// <summary>Writes down what was seen and not taken, so that a quiet period goes on over a restart.</summary>
    public Task SaveAsync(IReadOnlyCollection<SeenFile> files, CancellationToken stop) => ledger.WriteAsync((connection, transaction) =>
    {
        connection.Execute("DELETE FROM seen", null, transaction);
        foreach (var f in files)
            connection.Execute("INSERT INTO seen (path, bytes, written, changed) VALUES (@Path, @Bytes, @written, @changed)",
                new { f.Path, f.Bytes, written = f.Written.ToString("O", CultureInfo.InvariantCulture), changed = LedgerDatabase.Instant(f.Changed) }, transaction);
    }, stop);

    /// <summary>Writes down that somebody has looked, at most once a second.</summary>
    /// <param name="untaken">A file that lay there at a stop is still to be taken: should we stop again, it lay there all the same, so that stop's time stands.</param>
    public async Task BeatAsync(DateTimeOffset now, bool untaken, CancellationToken stop)
    {
        if (now - lastHeartbeat < HeartbeatEvery) return;
        lastHeartbeat = now;
        await ledger.SetAsync(untaken ? LookedKey : PolledKey, LedgerDatabase.Instant(now), stop);
    }

    /// <summary>The next look is told, though it is before the last.</summary>
    public void ClockIsSetBack(DateTimeOffset now)
    {
        if (lastHeartbeat > now) lastHeartbeat = default;
    }

    /// <summary>When a service last looked at all folders; null when none ever has.</summary>
    public static DateTimeOffset? LastLook(LedgerDatabase ledger) =>
        new[] { ledger.Setting(PolledKey), ledger.Setting(LookedKey) }.Max(t => t is null ? (DateTimeOffset?)null : LedgerDatabase.Instant(t));
}
