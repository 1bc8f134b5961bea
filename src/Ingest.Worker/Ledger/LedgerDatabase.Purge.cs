using System.Data.Common;
using System.Globalization;
using Dapper;
using Ingest.Rules;

namespace Ingest.Worker.Ledger;

/// <summary>What a purge removes.</summary>
internal enum PurgeKind
{
    Archive,
    Receipts,
    Quarantine,
    LedgerDetail,
    AccessLog,
}

/// <summary>Rows about purges: what may go, what has been decided to go, and what of it the ledger itself holds.</summary>
public sealed partial class LedgerDatabase
{
    /// <summary>The <c>action</c> of a purge's entry in <c>audit</c>. Its detail, the counts, is never purged.</summary>
    internal const string PurgeAction = "purge";

    // The audit entry of a purge that is not done yet.
    private const string PurgeKey = "purge";

    private const int Page = 1000;

    /// <summary>The journals, and which of their entries hold something to purge: that column becomes null.</summary>
    private static readonly (string Table, string Columns, string Set, string Holds)[] Journals =
    [
        ("audit", AuditColumns, "why = NULL, detail = NULL", $"action <> '{PurgeAction}' AND (why IS NOT NULL OR detail IS NOT NULL)"),
        ("access", AccessColumns, "student = NULL", "student IS NOT NULL"),
    ];

    /// <summary>The purge that is not done, and when it was begun; null when there is none.</summary>
    internal static (long Id, DateTimeOffset At)? UnfinishedPurge(DbConnection connection) =>
        connection.QuerySingleOrDefault<(long Id, string At)?>("SELECT a.id, a.at FROM setting s JOIN audit a ON a.id = CAST(s.value AS BIGINT) WHERE s.key = @PurgeKey", new { PurgeKey }) is { } purge
            ? (purge.Id, Instant(purge.At))
            : null;

    /// <summary>The last purge there was, so that one can tell whether another came between.</summary>
    internal static long LastPurge(DbConnection connection) => connection.ExecuteScalar<long>("SELECT coalesce(max(id), 0) FROM audit WHERE action = @PurgeAction", new { PurgeAction });

    /// <summary>The column of <c>file</c> that says which purge removed that of it.</summary>
    internal static string MarkOf(PurgeKind kind) => kind switch
    {
        PurgeKind.Receipts => "receipts_purged",
        PurgeKind.LedgerDetail => "detail_purged",
        _ => "original_purged",
    };

    /// <summary>Files of closed windows that are handed on, before a date, of which that is still there as far as the ledger knows; in order.</summary>
    internal static IEnumerable<FileRow> FilesToPurge(DbConnection connection, PurgeKind kind, DateOnly before)
    {
        var states = kind switch { PurgeKind.Archive => "'archived'", PurgeKind.Quarantine => "'quarantined'", _ => "'archived', 'quarantined'" };
        // A baseline stands before all windows; its age is that of its arrival.
        return Paged(connection,
            $"{MarkOf(kind)} IS NULL AND state IN ({states}) AND cutoff < @before AND arrived < @arrived "
            + $"AND (origin = '{nameof(Origin.Baseline)}' OR cutoff IN (SELECT date FROM closed_window WHERE delivered IS NOT NULL)){(kind == PurgeKind.Receipts ? " AND status IS NOT NULL" : "")}",
            new { before = Number(before), arrived = Instant(ReportingCalendar.StartOf(before)) });
    }

    /// <summary>Files that a purge has marked in a column, in order.</summary>
    internal static IEnumerable<FileRow> FilesOfPurge(DbConnection connection, string mark, long purge) => Paged(connection, $"{mark} = @purge", new { purge });

    private static IEnumerable<FileRow> Paged(DbConnection connection, string where, object with)
    {
        var parameters = new DynamicParameters(with);
        var last = 0L;
        while (true)
        {
            parameters.Add("last", last);
            var files = Files(connection, $"WHERE id > @last AND {where} ORDER BY id LIMIT {Page}", parameters);
            foreach (var file in files) yield return file;
            if (files.Count < Page) yield break;
            last = files[^1].Id;
        }
    }

    /// <summary>Windows that are handed on, before a date, whose receipts are still there as far as the ledger knows.</summary>
    internal static List<DateOnly> WindowsToPurge(DbConnection connection, DateOnly before) =>
        connection.Query<long>("SELECT date FROM closed_window WHERE delivered IS NOT NULL AND receipts_purged IS NULL AND date < @before ORDER BY date", new { before = Number(before) }).Select(Date).ToList();

    internal static List<DateOnly> WindowsOfPurge(DbConnection connection, long purge) =>
        connection.Query<long>("SELECT date FROM closed_window WHERE receipts_purged = @purge ORDER BY date", new { purge }).Select(Date).ToList();

    /// <summary>How many rows about a file hold something that goes: findings with values, and what the close refused.</summary>
    internal static long DetailRows(DbConnection connection, long file) => connection.ExecuteScalar<long>(
        "SELECT (SELECT count(*) FROM finding WHERE file = @file AND (value IS NOT NULL OR args IS NOT NULL)) + (SELECT count(*) FROM verdict WHERE file = @file AND outcome = 2)", new { file });

    /// <summary>Entries of the journals before a date that hold something that goes, and when the oldest was written.</summary>
    internal static (long Rows, DateTimeOffset? Oldest) JournalRows(DbConnection connection, DateOnly before)
    {
        var (rows, oldest) = (0L, (string?)null);
        foreach (var (table, _, _, holds) in Journals)
        {
            var (count, first) = connection.QuerySingle<(long, string?)>($"SELECT count(*), min(at) FROM {table} WHERE purged IS NULL AND at < @before AND {holds}", new { before = Instant(ReportingCalendar.StartOf(before)) });
            rows += count;
            if (first is not null && (oldest is null || string.CompareOrdinal(first, oldest) < 0)) oldest = first;
        }
        return (rows, oldest is null ? null : Instant(oldest));
    }

    /// <summary>
    /// Writes that something goes: the entry in <c>audit</c>, the marks, and the journals emptied. From then on it counts as purged,
    /// whatever dies before it is removed.
    /// </summary>
    /// <param name="noted">What goes: files, and windows (of <see cref="PurgeKind.Receipts"/>) by their dates.</param>
    /// <param name="last">The last purge when it was noted.</param>
    /// <param name="journalsBefore">Null: the journals are left.</param>
    /// <returns>The entry's number; null, and nothing is written, when another purge came between.</returns>
    internal async Task<long?> DecideAsync(DbConnection connection, AuditEntry entry, IReadOnlyCollection<(PurgeKind Kind, long Id)> noted, long last, DateOnly? journalsBefore, CancellationToken stop)
    {
        backend.Overwrite(connection);
        return await WriteAsync<long?>(connection, transaction =>
        {
            if (LastPurge(connection) != last) return null;
            var purge = Write(connection, transaction, entry);
            foreach (var kinds in noted.GroupBy(n => MarkOf(n.Kind), n => n.Id)) Mark("file", kinds.Key, "id", kinds);
            Mark("closed_window", "receipts_purged", "date", noted.Where(n => n.Kind == PurgeKind.Receipts).Select(n => n.Id));
            if (journalsBefore is { } before)
                foreach (var journal in Journals) EmptyJournal(connection, transaction, journal, Instant(ReportingCalendar.StartOf(before)), purge);
            connection.Execute("INSERT INTO setting (key, value) VALUES (@PurgeKey, @value) ON CONFLICT (key) DO UPDATE SET value = excluded.value", new { PurgeKey, value = purge.ToString(CultureInfo.InvariantCulture) }, transaction);
            return purge;

            void Mark(string table, string column, string key, IEnumerable<long> ids)
            {
                foreach (var page in ids.Chunk(Page)) connection.Execute($"UPDATE {table} SET {column} = @purge WHERE {key} IN ({string.Join(", ", page)})", new { purge }, transaction);
            }
        }, stop);
    }

    private static void EmptyJournal(DbConnection connection, DbTransaction transaction, (string Table, string Columns, string Set, string Holds) journal, string before, long purge)
    {
        var (table, columns, set, holds) = journal;
        while (connection.Query<long>($"SELECT id FROM {table} WHERE purged IS NULL AND at < @before AND {holds} ORDER BY id LIMIT {Page}", new { before }, transaction).ToList() is { Count: > 0 } ids)
            foreach (var id in ids)
            {
                connection.Execute($"UPDATE {table} SET {set}, purged = @purge WHERE id = @id", new { purge, id }, transaction);
                using var row = connection.Prepare($"SELECT {columns}, purged, seal FROM {table} WHERE id = ?1");
                row.Bind(1, id).Step();
                var seal = PurgedSeal(row, columns.Split(',').Length, SealBefore(connection, transaction, table, id));
                row.Reset();
                connection.Execute($"UPDATE {table} SET purged_seal = @seal WHERE id = @id", new { seal, id }, transaction);
            }
    }

    /// <summary>The seal of what is left of a purged entry, over the one that it had and the one before it.</summary>
    /// <param name="row">The entry's columns, then <c>purged</c> and <c>seal</c>.</param>
    internal static byte[] PurgedSeal(SqlStatement row, int columns, byte[]? previous) => FileSeals.Chain(row, columns + 2, previous);

    /// <summary>Empties what the ledger says of the values in the files that a purge has marked, a page of rows in each transaction. What is emptied already is passed over.</summary>
    internal async Task EmptyDetailAsync(DbConnection connection, long purge, CancellationToken stop)
    {
        backend.Overwrite(connection);
        await EmptyFindingsAsync(connection, purge, stop);
        await EmptyEventsAsync(connection, purge, stop);
    }

    private async Task EmptyFindingsAsync(DbConnection connection, long purge, CancellationToken stop)
    {
        // The sealed columns as they are afterwards: with each row the file's seal follows, so that a row that was tampered with before is still seen.
        const string Emptied = "close, record, seq, line, code, col, length, field, NULL, NULL", Key = "file, close, record, seq";
        var (width, after) = (FileSeals.Width(SealedTable.Finding), new long[] { -1, -1, -1, -1 });
        while (true)
        {
            var emptied = await WriteAsync(connection, transaction =>
            {
                var (seals, keys, bytes) = (new Dictionary<long, FileSeal>(), new List<long[]>(), new RowBytes());
                using (var rows = connection.Prepare(
                           $"SELECT {FileSeals.Columns(SealedTable.Finding)}, {Emptied}, {Key} FROM finding WHERE ({Key}) > (?1, ?2, ?3, ?4) AND (value IS NOT NULL OR args IS NOT NULL) "
                           + $"AND EXISTS (SELECT 1 FROM file f WHERE f.id = finding.file AND f.detail_purged = ?5) ORDER BY {Key} LIMIT {Page}"))
                {
                    BindKey(rows, after).Bind(5, purge);
                    while (rows.Step())
                    {
                        keys.Add([.. Enumerable.Range(2 * width, after.Length).Select(rows.Int64)]);
                        if (!seals.TryGetValue(keys[^1][0], out var seal)) seals.Add(keys[^1][0], seal = new FileSeal());
                        seal.Subtract(SealedTable.Finding, Hash(rows, bytes, 0, width));
                        seal.Add(SealedTable.Finding, Hash(rows, bytes, width, width));
                    }
                }
                using (var update = connection.Prepare($"UPDATE finding SET value = NULL, args = NULL WHERE ({Key}) = (?1, ?2, ?3, ?4)"))
                    foreach (var key in keys) BindKey(update, key).Run();
                foreach (var (file, seal) in seals) FileSeals.Extend(connection, transaction, file, seal);
                return keys;
            }, stop);
            CrashPoint.Reached("purge.emptied", "finding");
            if (emptied.Count < Page) return;
            after = emptied[^1];
        }

        static SqlStatement BindKey(SqlStatement statement, long[] key)
        {
            for (var i = 0; i < key.Length; i++) statement.Bind(i + 1, key[i]);
            return statement;
        }

        static UInt128 Hash(SqlStatement row, RowBytes bytes, int from, int count)
        {
            bytes.Clear();
            row.AppendTo(bytes, from, count);
            return bytes.Hash();
        }
    }

    private async Task EmptyEventsAsync(DbConnection connection, long purge, CancellationToken stop)
    {
        var after = (File: -1L, Block: -1L);
        while (true)
        {
            var read = await WriteAsync(connection, transaction =>
            {
                var (seals, blocks, bytes) = (new Dictionary<long, FileSeal>(), new List<(long File, long Number, EventBlock Block)>(), new RowBytes());
                using (var rows = connection.Prepare(
                           "SELECT file, block, records, states FROM event WHERE (file, block) > (?1, ?2) "
                           + $"AND EXISTS (SELECT 1 FROM file f WHERE f.id = event.file AND f.detail_purged = ?3) ORDER BY file, block LIMIT {Page}"))
                {
                    rows.Bind(1, after.File).Bind(2, after.Block).Bind(3, purge);
                    while (rows.Step()) blocks.Add((rows.Int64(0), rows.Int64(1), new EventBlock(rows.Bytes(2).ToArray(), rows.Bytes(3).ToArray())));
                }
                using (var update = connection.Prepare("UPDATE event SET records = ?3 WHERE file = ?1 AND block = ?2"))
                    foreach (var (file, number, block) in blocks)
                    {
                        if (block.Emptied(new EventBytes(), e => e.State == StoredState.Refused) is not { } emptied) continue;
                        update.Bind(1, file).Bind(2, number).Bind(3, emptied.Records).Run();
                        if (!seals.TryGetValue(file, out var seal)) seals.Add(file, seal = new FileSeal());
                        FileSeals.Replace(seal, number, block, emptied, bytes);
                    }
                foreach (var (file, seal) in seals) FileSeals.Extend(connection, transaction, file, seal);
                return blocks;
            }, stop);
            CrashPoint.Reached("purge.emptied", "event");
            if (read.Count < Page) return;
            after = (read[^1].File, read[^1].Number);
        }
    }

    /// <summary>Writes that a purge is done, and takes what it overwrote out of the write-ahead log too.</summary>
    internal async Task FinishPurgeAsync(DbConnection connection, long purge, CancellationToken stop)
    {
        await WriteAsync(connection, transaction => connection.Execute(
            "DELETE FROM setting WHERE key = @PurgeKey AND value = @value", new { PurgeKey, value = purge.ToString(CultureInfo.InvariantCulture) }, transaction), stop);
        backend.EmptyLog(connection);
    }
}
