using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Dapper;
using Ingest.Worker.Ledger;
using Ingest.Worker.Receipts;
using Ingest.Worker.Settings;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;

namespace Ingest.Worker.Service;

/// <summary>An alarm that nobody has cleared.</summary>
public sealed record OpenAlarm(long Id, DateTimeOffset Raised, string Kind, string Subject, string Message);

/// <summary>
/// What an operator must look at: a row in the ledger, an Error in the log and a line in <c>logs/alarms.jsonl</c>; once as long as it
/// is open, however often it is met. Neither subject nor message ever holds personal data.
/// </summary>
public sealed class Alarms(LedgerDatabase ledger, RootFolder root, TimeProvider time, ILogger<Alarms> log)
{
    // What this process knows to be open or not, so that a condition met at every poll is written once. One that an operator has
    // cleared is not raised again until it was over.
    private readonly ConcurrentDictionary<(string Kind, string Subject), bool> known = new();

    public async Task RaiseAsync(string kind, string subject, string message, CancellationToken stop)
    {
        if (known.TryGetValue((kind, subject), out var open) && open) return;
        var now = time.GetUtcNow();
        await ledger.WriteAsync((connection, transaction) =>
        {
            var raised = connection.Execute(
                "INSERT OR IGNORE INTO alarm (raised, kind, subject, message) VALUES (@now, @kind, @subject, @message)",
                new { now = LedgerDatabase.Instant(now), kind, subject, message }, transaction) > 0;
            // Told before the row is committed: when the process dies in between it is told twice; the other way round, never.
            if (raised) Tell(now, kind, subject, message);
            CrashPoint.Reached("alarm.told");
        }, stop);
        known[(kind, subject)] = true;
    }

    private void Tell(DateTimeOffset now, string kind, string subject, string message)
    {
        log.LogError("Alarm {Kind} {Subject}: {Message}", kind, subject, message);
        try
        {
            AppendLine(JsonSerializer.Serialize(new { raised = Words.Iso(now), kind, subject, message }, Readable));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            log.LogError("The alarm could not be written to alarms.jsonl ({Fault}); it stands in the ledger", e.GetType().Name);
        }
    }

    /// <summary>On a line of its own, also after one that a power cut left half.</summary>
    private void AppendLine(string line)
    {
        root.Files.Directory.CreateDirectory(root.Logs);
        using var stream = root.Files.FileStream.New(root.Alarms, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite);
        stream.Seek(-Math.Min(1, stream.Length), SeekOrigin.End);
        var torn = stream.Length > 0 && stream.ReadByte() != '\n';
        stream.Write(Encoding.UTF8.GetBytes($"{(torn ? "\n" : "")}{line}\n"));
    }

    /// <summary>The same where something has already failed: when the alarm cannot be written either, the log has to do.</summary>
    public async Task TryRaiseAsync(string kind, string subject, string message)
    {
        try
        {
            await RaiseAsync(kind, subject, message, CancellationToken.None);
        }
        catch (Exception e) when (e is SqliteException or IOException or UnauthorizedAccessException)
        {
            log.LogError("Alarm {Kind} {Subject} could not be written ({Fault}): {Message}", kind, subject, e.GetType().Name, message);
        }
    }

    /// <summary>Says that the condition is over. Without one open, does nothing.</summary>
    public async Task ClearAsync(string kind, string subject, CancellationToken stop)
    {
        if (known.TryGetValue((kind, subject), out var open) && !open) return;
        await ledger.WriteAsync((connection, transaction) => connection.Execute(
            "UPDATE alarm SET cleared = @now WHERE kind = @kind AND subject = @subject AND cleared IS NULL",
            new { now = LedgerDatabase.Instant(time.GetUtcNow()), kind, subject }, transaction), stop);
        known[(kind, subject)] = false;
    }

    /// <summary>An operator has seen to it.</summary>
    /// <param name="id">Null for all.</param>
    /// <returns>How many were open.</returns>
    public async Task<int> AcknowledgeAsync(long? id, CancellationToken stop)
    {
        var cleared = 0;
        await ledger.WriteAsync((connection, transaction) => cleared = connection.Execute(
            "UPDATE alarm SET cleared = @now WHERE cleared IS NULL AND (@id IS NULL OR id = @id)",
            new { now = LedgerDatabase.Instant(time.GetUtcNow()), id }, transaction), stop);
        return cleared;
    }

    public static List<OpenAlarm> Open(LedgerDatabase ledger)
    {
        using var connection = ledger.Open();
        return [.. connection.Query<(long Id, string Raised, string Kind, string Subject, string Message)>(
                "SELECT id, raised, kind, subject, message FROM alarm WHERE cleared IS NULL ORDER BY id")
            .Select(a => new OpenAlarm(a.Id, DateTimeOffset.Parse(a.Raised, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal), a.Kind, a.Subject, a.Message))];
    }

    private static readonly JsonSerializerOptions Readable = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
}
