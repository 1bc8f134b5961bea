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

    // Told in log and file alone, since the ledger could not be written.
    private readonly ConcurrentDictionary<(string Kind, string Subject), bool> told = new();

    public async Task RaiseAsync(string kind, string subject, string message, CancellationToken stop)
    {
        if (known.TryGetValue((kind, subject), out var open) && open) return;
        var now = time.GetUtcNow();
        var raised = false;
        await ledger.WriteAsync((connection, transaction) => raised = connection.Execute(
            "INSERT OR IGNORE INTO alarm (raised, kind, subject, message) VALUES (@now, @kind, @subject, @message)",
            new { now = LedgerDatabase.Instant(now), kind, subject, message }, transaction) > 0, stop);
        known[(kind, subject)] = true;
        if (raised && !told.TryRemove((kind, subject), out _)) Tell(now, kind, subject, message);
    }

    private void Tell(DateTimeOffset now, string kind, string subject, string message)
    {
        log.LogError("Alarm {Kind} {Subject}: {Message}", kind, subject, message);
        var line = Encoding.UTF8.GetBytes(JsonSerializer.Serialize(new { raised = Words.Iso(now), kind, subject, message }, Readable) + "\n");
        try
        {
            root.Files.Directory.CreateDirectory(root.Logs);
            using var stream = root.Files.FileStream.New(root.Alarms, FileMode.Append, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);
            var end = stream.Length;
            try
            {
                stream.Write(line);
            }
            catch (IOException)
            {
                // Half a line would spoil the next one too.
                stream.SetLength(end);
                throw;
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            log.LogError("Alarm {Kind} {Subject} could not be written to logs/alarms.jsonl: {Fault}", kind, subject, Fault.Say(e));
        }
    }

    /// <summary>The same where something has already failed: when the ledger cannot be written either, log and file have it, once.</summary>
    public async Task TryRaiseAsync(string kind, string subject, string message)
    {
        try
        {
            await RaiseAsync(kind, subject, message, CancellationToken.None);
        }
        catch (Exception e) when (e is SqliteException or IOException or UnauthorizedAccessException)
        {
            ledger.Note(e);
            if (told.TryAdd((kind, subject), true)) Tell(time.GetUtcNow(), kind, subject, message);
        }
    }

    /// <summary>Says that the condition is over. Without one open, does nothing.</summary>
    public async Task ClearAsync(string kind, string subject, CancellationToken stop)
    {
        told.TryRemove((kind, subject), out _);
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
