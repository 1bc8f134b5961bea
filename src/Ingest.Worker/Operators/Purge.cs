using System.Data.Common;
using System.Text.Json;
using System.Text.Json.Serialization;
using Ingest.Rules;
using Ingest.Worker.Ledger;
using Ingest.Worker.Receipts;
using Ingest.Worker.Service;
using Ingest.Worker.Settings;

namespace Ingest.Worker.Operators;

/// <summary>What goes of one kind.</summary>
/// <param name="before">What is of that date or later stays.</param>
internal sealed class PurgeShare(DateOnly before)
{
    public DateOnly Before { get; } = before;

    /// <summary>Rows of the ledger that will say that it is purged: files, windows, entries of the journals.</summary>
    public long Marked { get; private set; }

    /// <summary>Files on disk that are removed, or rows of the ledger that are emptied.</summary>
    public long Items { get; private set; }

    public long Bytes { get; private set; }

    public DateOnly? Oldest { get; private set; }

    public void Add(long marked, long items, long bytes, DateOnly of)
    {
        (Marked, Items, Bytes) = (Marked + marked, Items + items, Bytes + bytes);
        if (items > 0 && !(Oldest <= of)) Oldest = of;
    }
}

/// <summary>What a purge is to remove, or has removed.</summary>
/// <param name="Shares">Only the kinds that are not kept for ever.</param>
internal sealed record PurgePlan(IReadOnlyDictionary<PurgeKind, PurgeShare> Shares)
{
    private static readonly JsonSerializerOptions Form = new(JsonSerializerDefaults.Web) { Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) } };

    public bool IsEmpty => Shares.Values.All(s => s.Marked == 0);

    /// <summary>As it stands in the entry of <c>audit</c> that the purge leaves.</summary>
    public string ToJson() => JsonSerializer.Serialize(Shares.ToDictionary(s => JsonNamingPolicy.CamelCase.ConvertName(s.Key.ToString()), s => s.Value), Form);
}

/// <summary>
/// Removes what is older than the settings <c>Retention:*</c> keep, of windows that are closed and handed on: originals, receipts, what the
/// ledger says of values. Rows, keys, counts, hashes, deliveries and the chain stay. What goes is first decided in the ledger, in one
/// transaction; then it is removed. Whatever dies in between, the next purge removes the rest. A service may be running.
/// </summary>
internal sealed class Purge(IngestApp app)
{
    private readonly PurgedFiles disk = new(app);

    /// <summary>What would go now. Changes nothing.</summary>
    public PurgePlan Look()
    {
        using var connection = app.Ledger.Open();
        return Plan(connection, (_, _) => { });
    }

    /// <summary>When a purge was begun that is not done; null when there is none.</summary>
    public DateTimeOffset? Unfinished()
    {
        using var connection = app.Ledger.Open();
        return LedgerDatabase.UnfinishedPurge(connection)?.At;
    }

    /// <summary>Finishes a purge that was broken off, then does what is to be done now.</summary>
    /// <param name="decided">Told what goes before anything is removed.</param>
    /// <returns>What it removed. Empty when there was nothing: then nothing is written either.</returns>
    /// <exception cref="StartException">Something could not be removed; the next purge tries again.</exception>
    public async Task<PurgePlan> ApplyAsync(string who, Action<PurgePlan> decided, CancellationToken stop)
    {
        using var connection = app.Ledger.Open();
        if (LedgerDatabase.UnfinishedPurge(connection) is { } unfinished) await RemoveAsync(connection, unfinished.Id, stop);
        var last = LedgerDatabase.LastPurge(connection);
        var noted = new List<(PurgeKind, long)>();
        var plan = Plan(connection, (kind, id) => noted.Add((kind, id)));
        decided(plan);
        if (plan.IsEmpty) return plan;
        var entry = new AuditEntry(app.Time.GetUtcNow(), who, LedgerDatabase.PurgeAction, "", "", null, plan.ToJson());
        var purge = await app.Ledger.DecideAsync(connection, entry, noted, last, plan.Shares.GetValueOrDefault(PurgeKind.AccessLog)?.Before, stop)
            ?? throw new StartException("En annan gallring gjordes samtidigt. Ingenting är borttaget av den här; kör purge igen.");
        CrashPoint.Reached("purge.decided");
        await RemoveAsync(connection, purge, stop);
        return plan;
    }

    private PurgePlan Plan(DbConnection connection, Action<PurgeKind, long> note)
    {
        var (today, shares) = (ReportingCalendar.SwedishDate(app.Time.GetUtcNow()), new Dictionary<PurgeKind, PurgeShare>());
        foreach (var kind in Enum.GetValues<PurgeKind>())
        {
            if (DaysOf(kind) is not (> 0 and var days)) continue;
            var share = new PurgeShare(today.AddDays(-days));
            shares.Add(kind, share);
            if (kind == PurgeKind.AccessLog)
            {
                if (LedgerDatabase.JournalRows(connection, share.Before) is { Oldest: { } oldest } journals) share.Add(journals.Rows, journals.Rows, 0, ReportingCalendar.SwedishDate(oldest));
                continue;
            }
            foreach (var file in LedgerDatabase.FilesToPurge(connection, kind, share.Before))
            {
                var (items, bytes) = kind switch
                {
                    PurgeKind.LedgerDetail => (LedgerDatabase.DetailRows(connection, file.Id), 0),
                    PurgeKind.Receipts => disk.Size(disk.Receipts(file)),
                    _ => disk.SizeOfOriginal(file),
                };
                // Receipts may be gone because the school has taken them.
                if (items == 0 && kind != PurgeKind.Receipts) continue;
                note(kind, file.Id);
                share.Add(1, items, bytes, file.Window == DateOnly.MinValue ? ReportingCalendar.SwedishDate(file.Arrived) : file.Window);
            }
            if (kind == PurgeKind.Receipts)
                foreach (var window in LedgerDatabase.WindowsToPurge(connection, share.Before))
                {
                    var (items, bytes) = disk.Size(disk.Receipts(window));
                    note(kind, LedgerDatabase.Number(window));
                    share.Add(1, items, bytes, window);
                }
        }
        return new PurgePlan(shares);
    }

    /// <summary>Removes what a purge has decided on. Done again it removes what is left of it.</summary>
    private async Task RemoveAsync(DbConnection connection, long purge, CancellationToken stop)
    {
        foreach (var file in LedgerDatabase.FilesOfPurge(connection, LedgerDatabase.MarkOf(PurgeKind.Archive), purge)) disk.Remove(disk.Original(file), stop);
        foreach (var file in LedgerDatabase.FilesOfPurge(connection, LedgerDatabase.MarkOf(PurgeKind.Receipts), purge)) disk.Remove(disk.Receipts(file), stop);
        foreach (var window in LedgerDatabase.WindowsOfPurge(connection, purge)) disk.Remove(disk.Receipts(window), stop);
        disk.Settle();
        await app.Ledger.EmptyDetailAsync(connection, purge, stop);
        if (disk.Kept > 0)
            throw new StartException($"Gallringen är inte klar: {Words.Count(disk.Kept, Formats.Language.Sv)} filer kunde inte tas bort, den första är {disk.FirstKept}. "
                + "Se till att mappen kan skrivas och inte ligger bakom en länk, och kör purge --apply igen.");
        await app.Ledger.FinishPurgeAsync(connection, purge, stop);
        CrashPoint.Reached("purge.done");
    }

    private int DaysOf(PurgeKind kind) => kind switch
    {
        PurgeKind.Archive => app.Settings.Retention.ArchiveDays,
        PurgeKind.Receipts => app.Settings.Retention.ReceiptsDays,
        PurgeKind.Quarantine => app.Settings.Retention.QuarantineDays,
        PurgeKind.LedgerDetail => app.Settings.Retention.LedgerDetailDays,
        _ => app.Settings.Retention.AccessLogDays,
    };
}
