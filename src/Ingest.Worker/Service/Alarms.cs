using System.Collections.Concurrent;
using System.Data.Common;
using System.Text;
using System.Text.Json;
using Dapper;
using Ingest.Rules;
using Ingest.Worker.Ledger;
using Ingest.Worker.Receipts;
using Ingest.Worker.Settings;
using Microsoft.Extensions.Logging;

namespace Ingest.Worker.Service;

/// <summary>An alarm that nobody has cleared.</summary>
public sealed record OpenAlarm(long Id, DateTimeOffset Raised, string Kind, string Subject, string Message);

/// <summary>One that is over.</summary>
public sealed record ClearedAlarm(long Id, DateTimeOffset Raised, DateTimeOffset Cleared, string Kind, string Subject);

/// <summary>
/// What an operator must look at: a row in the ledger, an Error in the log, a line in <c>logs/alarms.jsonl</c>, and a mail where that
/// is set; once as long as it is open, however often it is met. Neither subject nor message ever holds personal data.
/// </summary>
/// <param name="mail">Null: no mail.</param>
public sealed class Alarms(LedgerDatabase ledger, RootFolder root, AlarmSettings settings, TimeProvider time, ILogger<Alarms> log, AlarmMail? mail = null)
{
    private readonly Lock file = new();

    // What this process knows to be open or not, so that a condition met at every poll is written once. One that an operator has
    // cleared is not raised again until it was over.
    private readonly ConcurrentDictionary<(string Kind, string Subject), bool> known = new();

    // Told in log and file, and not known to be in the ledger: a commit that fails at every poll is told once.
    private readonly ConcurrentDictionary<(string Kind, string Subject), bool> told = new();

    /// <param name="once">Not again about this subject, even though it was cleared.</param>
    public async Task RaiseAsync(string kind, string subject, string message, CancellationToken stop, bool once = false)
    {
        if (known.TryGetValue((kind, subject), out var open) && (open || once)) return;
        var now = time.GetUtcNow();
        long? id = null;
        string? school = null;
        await ledger.WriteAsync((connection, transaction) =>
        {
            id = connection.ExecuteScalar<long?>(
                """
                INSERT INTO alarm (raised, kind, subject, message)
                SELECT @now, @kind, @subject, @message WHERE NOT @once OR NOT EXISTS (SELECT 1 FROM alarm WHERE kind = @kind AND subject = @subject)
                ON CONFLICT DO NOTHING RETURNING id
                """,
                new { now = LedgerDatabase.Instant(now), kind, subject, message, once }, transaction);
            if (id is null) return;
            school = SchoolOf(subject, connection);
            // Told before the row is committed: when the process dies in between it is told twice; the other way round, never.
            if (told.TryAdd((kind, subject), true)) Tell(new OpenAlarm(id.Value, now, kind, subject, message), school);
            CrashPoint.Reached("alarm.told");
        }, stop);
        known[(kind, subject)] = true;
        told.TryRemove((kind, subject), out _);
        if (id is not null) mail?.Offer(new OpenAlarm(id.Value, now, kind, subject, message), school);
    }

    /// <summary>The school whose folder, code or file a subject begins with; null where it begins with none.</summary>
    private static string? SchoolOf(string subject, DbConnection connection)
    {
        var first = subject.Split(' ')[0];
        if (first.StartsWith("in/", StringComparison.Ordinal) || first.StartsWith("ut/", StringComparison.Ordinal)) return first[3..];
        return FileId.Parse(first) is { } id
            ? connection.ExecuteScalar<string?>("SELECT school FROM file WHERE id = @id", new { id })
            : connection.ExecuteScalar<string?>("SELECT code FROM school WHERE code = @first", new { first });
    }

    /// <summary>The line is a copy of what the ledger has: when it cannot be written, the alarm is raised all the same.</summary>
    /// <param name="a">Number 0: the ledger could not be written.</param>
    private void Tell(OpenAlarm a, string? school)
    {
        log.LogError("Alarm {Kind} {Subject}: {Message}", a.Kind, a.Subject, a.Message);
        try
        {
            var line = JsonSerializer.Serialize(new { id = a.Id > 0 ? a.Id : (long?)null, raised = Words.Iso(a.Raised), kind = a.Kind, school, subject = a.Subject, message = a.Message }, Readable);
            lock (file)
            {
                root.Files.Directory.CreateDirectory(root.Logs);
                Roll(line);
                Append(line);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            log.LogError("Alarm {Kind} {Subject} could not be written to logs/alarms.jsonl: {Fault}", a.Kind, a.Subject, Fault.Say(e));
        }
    }

    /// <summary>On a line of its own, also after one that a power cut left half.</summary>
    private void Append(string line)
    {
        using var stream = root.Files.FileStream.New(root.Alarms, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite, bufferSize: 0);
        var end = stream.Length;
        stream.Seek(-Math.Min(1, end), SeekOrigin.End);
        var torn = end > 0 && stream.ReadByte() != '\n';
        try
        {
            stream.Write(Encoding.UTF8.GetBytes($"{(torn ? "\n" : "")}{line}\n"));
        }
        catch (IOException)
        {
            // Half a line would spoil the next one too.
            stream.SetLength(end);
            throw;
        }
    }

    /// <summary>A full file becomes <c>alarms.1.jsonl</c>, that one <c>alarms.2.jsonl</c>, and the oldest goes.</summary>
    private void Roll(string line)
    {
        var files = root.Files;
        if (!files.File.Exists(root.Alarms) || files.FileInfo.New(root.Alarms).Length + Encoding.UTF8.GetByteCount(line) <= settings.MaxBytes) return;
        for (var n = settings.MaxFiles - 1; n > 0; n--)
            if (files.File.Exists(root.OldAlarms(n - 1))) files.File.Move(root.OldAlarms(n - 1), root.OldAlarms(n), overwrite: true);
        // Only one is kept.
        files.File.Delete(root.Alarms);
    }

    /// <summary>The same where something has already failed: when the ledger cannot be written either, log and file have it, once.</summary>
    public async Task TryRaiseAsync(string kind, string subject, string message)
    {
        try
        {
            await RaiseAsync(kind, subject, message, CancellationToken.None);
        }
        catch (Exception e) when (e is DbException or IOException or UnauthorizedAccessException)
        {
            ledger.Note(e);
            if (!told.TryAdd((kind, subject), true)) return;
            var alarm = new OpenAlarm(0, time.GetUtcNow(), kind, subject, message);
            Tell(alarm, school: null);
            mail?.Offer(alarm, school: null);
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

    /// <summary>The same for what is seldom raised and about as many things as there are files: nothing is kept of it.</summary>
    public async Task ClearIfOpenAsync(string kind, string subject, CancellationToken stop)
    {
        if (!IsOpen(kind, subject)) return;
        await ClearAsync(kind, subject, stop);
        known.TryRemove((kind, subject), out _);
    }

    /// <summary>Another process has raised and cleared meanwhile.</summary>
    public void Forget() => known.Clear();

    private bool IsOpen(string kind, string subject)
    {
        using var connection = ledger.Open();
        return connection.ExecuteScalar<long?>("SELECT id FROM alarm WHERE kind = @kind AND subject = @subject AND cleared IS NULL", new { kind, subject }) is not null;
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
            .Select(a => new OpenAlarm(a.Id, LedgerDatabase.Instant(a.Raised), a.Kind, a.Subject, a.Message))];
    }

    /// <summary>What was cleared since, by itself or by an operator.</summary>
    public static List<ClearedAlarm> Cleared(LedgerDatabase ledger, DateTimeOffset since)
    {
        using var connection = ledger.Open();
        return [.. connection.Query<(long Id, string Raised, string Cleared, string Kind, string Subject)>(
                "SELECT id, raised, cleared, kind, subject FROM alarm WHERE cleared >= @since ORDER BY cleared, id", new { since = LedgerDatabase.Instant(since) })
            .Select(a => new ClearedAlarm(a.Id, LedgerDatabase.Instant(a.Raised), LedgerDatabase.Instant(a.Cleared), a.Kind, a.Subject))];
    }

    private static readonly JsonSerializerOptions Readable = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
}
