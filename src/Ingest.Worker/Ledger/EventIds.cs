using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Ingest.Rules;

namespace Ingest.Worker.Ledger;

/// <summary>The table that says whose a händelse-id is.</summary>
internal static class EventIds
{
    /// <summary>An id's key: the UUID itself, else the beginning of a SHA-256 of the upper-cased text.</summary>
    public static UInt128 Key(string id)
    {
        Span<byte> bytes = stackalloc byte[32];
        if (Guid.TryParseExact(id, "D", out var guid)) guid.TryWriteBytes(bytes, bigEndian: true, out _);
        else SHA256.HashData(Encoding.UTF8.GetBytes(id.ToUpperInvariant()), bytes);
        return BinaryPrimitives.ReadUInt128BigEndian(bytes);
    }

    /// <summary>The key as it is stored.</summary>
    public static byte[] StoredKey(string id)
    {
        var key = new byte[16];
        BinaryPrimitives.WriteUInt128BigEndian(key, Key(id));
        return key;
    }

    public const string ReleaseSql = "DELETE FROM event_id WHERE school = ?1 AND id = ?2 AND file = ?3 AND line = ?4";

    public const string HandOverSql = "UPDATE event_id SET file = ?5, line = ?6 WHERE school = ?1 AND id = ?2 AND file = ?3 AND line = ?4";

    /// <summary>The same student's next record with the id has it now, for it counts and the first does not.</summary>
    public static void HandOver(RawStatement handOver, long school, StudentEvent e, StudentEvent heir) =>
        Bound(handOver, school, e).Bind(5, heir.FileId).Bind(6, heir.Line).Run();

    /// <summary>Frees the händelse-id of an event that does not count after all.</summary>
    public static void Release(RawStatement release, long school, StudentEvent e)
    {
        if (e.Record.EventId is not null) Bound(release, school, e).Run();
    }

    /// <summary>What of the same student still counts with the id, if anything, has it from now on.</summary>
    public const string InheritSql =
        "INSERT OR IGNORE INTO event_id (school, id, student, file, line) SELECT school, ?2, student, file, line FROM event " +
        $"WHERE school = ?1 AND student = ?3 AND event_id = ?4 COLLATE NOCASE AND state <> 2 AND file NOT IN ({LedgerDatabase.Uncommitted}) ORDER BY file, line LIMIT 1";

    /// <summary>Frees the händelse-id of an event that a close refuses, unless something else counts with it: what an operator said to stand, say.</summary>
    public static void PassOn(RawStatement release, RawStatement inherit, long school, StudentEvent e)
    {
        if (e.Record.EventId is not { } id) return;
        Release(release, school, e);
        inherit.Bind(1, school).Bind(2, StoredKey(id)).Bind(3, e.Record.Student.Digits).Bind(4, id).Run();
    }

    private static RawStatement Bound(RawStatement statement, long school, StudentEvent e) =>
        statement.Bind(1, school).Bind(2, StoredKey(e.Record.EventId!)).Bind(3, e.FileId).Bind(4, e.Line);
}
