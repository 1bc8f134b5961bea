using System.Buffers.Binary;
using System.Security.Cryptography;
using Dapper;
using Microsoft.Data.Sqlite;

namespace Ingest.Worker.Ledger;

/// <summary>The tables whose rows belong to a file, in the order of its seal.</summary>
internal enum SealedTable
{
    File,
    Line,
    Finding,
    Event,
    Catalogue,
    Verdict,
}

/// <summary>
/// A file's seal: for each table the sum of a hash of every row about it. A sum, so that the rows may be read in any order (events lie
/// in student order, among those of other files) and what a close adds to a file is added to its seal. It shows what was changed past
/// the service; it holds off nobody who can write the ledger and reckon the seal anew.
/// </summary>
internal sealed class FileSeal
{
    private static readonly int Tables = Enum.GetValues<SealedTable>().Length;

    private readonly UInt128[] sums = new UInt128[Tables];

    public void Add(SealedTable table, UInt128 hash) => sums[(int)table] = unchecked(sums[(int)table] + hash);

    public void Subtract(SealedTable table, UInt128 hash) => sums[(int)table] = unchecked(sums[(int)table] - hash);

    public void Add(FileSeal other)
    {
        for (var i = 0; i < Tables; i++) Add((SealedTable)i, other.sums[i]);
    }

    /// <summary>The tables in which the two are not the same.</summary>
    public IEnumerable<SealedTable> Differences(FileSeal other) => Enum.GetValues<SealedTable>().Where(t => sums[(int)t] != other.sums[(int)t]);

    public byte[] ToBytes()
    {
        var bytes = new byte[16 * Tables];
        for (var i = 0; i < Tables; i++) BinaryPrimitives.WriteUInt128BigEndian(bytes.AsSpan(16 * i), sums[i]);
        return bytes;
    }

    /// <summary>A seal of a wrong length is like no other.</summary>
    public static FileSeal FromBytes(byte[] bytes)
    {
        var seal = new FileSeal();
        if (bytes.Length != 16 * Tables) Array.Fill(seal.sums, UInt128.MaxValue);
        else for (var i = 0; i < Tables; i++) seal.sums[i] = BinaryPrimitives.ReadUInt128BigEndian(bytes.AsSpan(16 * i));
        return seal;
    }
}

/// <summary>Makes seals out of rows.</summary>
internal sealed class FileSeals
{
    // All of a file's row but how far it has come, which goes on changing.
    public const string FileColumns =
        "id, school, name, name_masked, arrived, claimed, window, window_note, origin, bytes, sha256, text_form, shape, delimiter, separator_line, status, system, environment, sequence, " +
        "next_sequence, declared, declared_sum, computed_sum, read, accepted, warned, waiting, duplicate, rejected, duplicate_of, rules_version, text_version, language, profile";

    public const string LineColumns = "file, line, kind, status, offset, length, event_id";

    // The state, which a close changes, is a mark of its own.
    public const string EventColumnsSealed = "file, line, school, student, window, " + EventColumns.Names;

    public const string CatalogueColumns = "file, line, school, window, kind, removal, course, code, title, hp, pace, start, end";

    public const string VerdictColumns = "file, line, outcome, delivered_as, other_file, other_line";

    private byte[] buffer = new byte[512];

    /// <summary>What is sealed of a table.</summary>
    public static string Columns(SealedTable table) => table switch
    {
        SealedTable.File => FileColumns,
        SealedTable.Line => LineColumns,
        SealedTable.Finding => FindingRows.Columns,
        SealedTable.Event => EventColumnsSealed,
        SealedTable.Catalogue => CatalogueColumns,
        _ => VerdictColumns,
    };

    public static int Count(SealedTable table) => Columns(table).Count(c => c == ',') + 1;

    /// <summary>The hash of a row of <see cref="Columns"/>, which begin at column 0.</summary>
    public UInt128 Hash(RawStatement row, int columns)
    {
        Span<byte> hash = stackalloc byte[32];
        SHA256.HashData(row.Encode(columns, ref buffer), hash);
        return BinaryPrimitives.ReadUInt128BigEndian(hash);
    }

    /// <summary>The mark of an event that is no longer, or was never, simply in force; 0 for one that is.</summary>
    public static UInt128 Mark(long file, long line, long state)
    {
        if (state == 0) return 0;
        Span<byte> bytes = stackalloc byte[24];
        BinaryPrimitives.WriteInt64BigEndian(bytes, file);
        BinaryPrimitives.WriteInt64BigEndian(bytes[8..], line);
        BinaryPrimitives.WriteInt64BigEndian(bytes[16..], state);
        Span<byte> hash = stackalloc byte[32];
        SHA256.HashData(bytes, hash);
        return BinaryPrimitives.ReadUInt128BigEndian(hash);
    }

    /// <summary>The records that are staged of a file, before its commit. The students are those of <c>temp.touched</c>.</summary>
    public FileSeal OfStaged(SqliteConnection connection, long school, long file)
    {
        var seal = new FileSeal();
        AddOf(seal, connection, SealedTable.Line, "WHERE file = ?1", file);
        AddOf(seal, connection, SealedTable.Catalogue, "WHERE school = ?2 AND file = ?1", file, school);
        var columns = Count(SealedTable.Event);
        using var rows = new RawStatement(connection,
            $"SELECT {string.Join(", ", EventColumnsSealed.Split(", ").Select(c => "e." + c))}, e.state FROM temp.touched t CROSS JOIN event e WHERE e.school = ?2 AND e.student = t.student AND e.file = ?1");
        rows.Bind(1, file).Bind(2, school);
        while (rows.Step())
        {
            seal.Add(SealedTable.Event, Hash(rows, columns));
            seal.Add(SealedTable.Event, Mark(file, rows.Int64(1), rows.Int64(columns)));
        }
        return seal;
    }

    /// <summary>What the commit itself writes, added to what was staged.</summary>
    public void Commit(SqliteConnection connection, SqliteTransaction transaction, long file, FileSeal staged)
    {
        var seal = new FileSeal();
        seal.Add(staged);
        AddOf(seal, connection, SealedTable.Finding, "WHERE file = ?1", file);
        AddOf(seal, connection, SealedTable.File, "WHERE id = ?1", file);
        connection.Execute("UPDATE file SET seal = @seal WHERE id = @file", new { seal = seal.ToBytes(), file }, transaction);
    }

    /// <summary>What a close wrote about a file of its window.</summary>
    public void AddClose(SqliteConnection connection, long file, FileSeal seal)
    {
        AddOf(seal, connection, SealedTable.Verdict, "WHERE file = ?1", file);
        AddOf(seal, connection, SealedTable.Finding, "WHERE file = ?1 AND close = 1", file);
    }

    /// <summary>Adds to the seal that a file has; a file from before there were seals stays without.</summary>
    public static void Extend(SqliteConnection connection, SqliteTransaction transaction, long file, FileSeal more)
    {
        if (connection.ExecuteScalar<byte[]?>("SELECT seal FROM file WHERE id = @file", new { file }, transaction) is not { } bytes) return;
        more.Add(FileSeal.FromBytes(bytes));
        connection.Execute("UPDATE file SET seal = @seal WHERE id = @file", new { seal = more.ToBytes(), file }, transaction);
    }

    private void AddOf(FileSeal seal, SqliteConnection connection, SealedTable table, string where, long file, long? school = null)
    {
        using var rows = new RawStatement(connection, $"SELECT {Columns(table)} FROM {Name(table)} {where}");
        rows.Bind(1, file);
        if (school is { } id) rows.Bind(2, id);
        var columns = Count(table);
        while (rows.Step()) seal.Add(table, Hash(rows, columns));
    }

    public static string Name(SealedTable table) => table.ToString().ToLowerInvariant();

    /// <summary>The seal of a journal's entry: over the entry before it and itself.</summary>
    /// <param name="columns">All but the seal, from column 0.</param>
    public byte[] Chain(RawStatement row, int columns, byte[]? previous) => SHA256.HashData([.. previous ?? [], .. row.Encode(columns, ref buffer)]);
}
