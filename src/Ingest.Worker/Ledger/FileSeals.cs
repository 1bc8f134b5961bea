using System.Buffers.Binary;
using System.Data.Common;
using System.Security.Cryptography;
using Dapper;

namespace Ingest.Worker.Ledger;

/// <summary>The tables whose rows belong to a file, in the order of its seal.</summary>
internal enum SealedTable
{
    File,
    Line,
    Finding,
    Event,
    EventId,
    Catalogue,
    Verdict,
}

/// <summary>
/// A file's seal: for each table the sum of a hash of every row about it. A sum, so that the rows may be read in any order,
/// and what a close adds to a file, or changes of it, is added to its seal. It shows what was changed past
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

/// <summary>What is sealed, and how it is read for it.</summary>
internal static class FileSeals
{
    // All of a file's row but how far it has come, which goes on changing.
    private const string FileColumns =
        "id, school, name, name_masked, arrived, claimed, cutoff, window_note, origin, bytes, sha256, text_form, shape, delimiter, separator_line, status, system, environment, sequence, " +
        "next_sequence, declared, declared_sum, computed_sum, read, accepted, warned, waiting, duplicate, rejected, duplicate_of, rules_version, text_version, language, profile";

    /// <summary>
    /// The columns whose values are hashed, in the order in which intake binds them; without the file, whose seal it is.
    /// </summary>
    public static string Columns(SealedTable table) => table switch
    {
        SealedTable.File => FileColumns,
        SealedTable.Line => "first, statuses, records",
        SealedTable.Finding => "close, record, seq, line, code, col, length, field, value, args",
        SealedTable.Event => "block, states, records",
        SealedTable.EventId => "first, ids",
        SealedTable.Catalogue => "line, school, cutoff, kind, removal, course, code, title, hp, pace, starts, ends",
        _ => "line, outcome, delivered_as, other_file, other_line",
    };

    /// <summary>How many they are.</summary>
    public static int Width(SealedTable table) => Columns(table).Count(c => c == ',') + 1;

    public static string Name(SealedTable table) => table == SealedTable.EventId ? "event_id" : table.ToString().ToLowerInvariant();

    /// <summary>What the commit of a file writes, added to what was staged of it.</summary>
    public static void Commit(DbConnection connection, DbTransaction transaction, long school, long file, FileSeal staged)
    {
        var seal = new FileSeal();
        seal.Add(staged);
        AddOf(seal, connection, SealedTable.Catalogue, "WHERE file = ?1 AND school = ?2", file, school);
        AddOf(seal, connection, SealedTable.Finding, "WHERE file = ?1", file);
        AddOf(seal, connection, SealedTable.File, "WHERE id = ?1", file);
        connection.Execute("UPDATE file SET seal = @seal WHERE id = @file", new { seal = seal.ToBytes(), file }, transaction);
    }

    /// <summary>What a close wrote about a file of its window.</summary>
    public static void AddClose(DbConnection connection, long file, FileSeal seal)
    {
        AddOf(seal, connection, SealedTable.Verdict, "WHERE file = ?1", file);
        AddOf(seal, connection, SealedTable.Finding, "WHERE file = ?1 AND close = 1", file);
    }

    /// <summary>Adds to the seal that a file has; a file from before there were seals stays without.</summary>
    public static void Extend(DbConnection connection, DbTransaction transaction, long file, FileSeal more)
    {
        if (connection.ExecuteScalar<byte[]?>("SELECT seal FROM file WHERE id = @file", new { file }, transaction) is not { } bytes) return;
        more.Add(FileSeal.FromBytes(bytes));
        connection.Execute("UPDATE file SET seal = @seal WHERE id = @file", new { seal = more.ToBytes(), file }, transaction);
    }

    /// <summary>One block of events has taken another's place.</summary>
    /// <param name="bytes">To hash in; used again from block to block.</param>
    public static void Replace(FileSeal seal, long number, EventBlock old, EventBlock replaced, RowBytes bytes)
    {
        seal.Subtract(SealedTable.Event, Hash(old));
        seal.Add(SealedTable.Event, Hash(replaced));

        UInt128 Hash(EventBlock block)
        {
            bytes.Clear();
            bytes.Append(number);
            bytes.Append(block.States);
            bytes.Append(block.Records);
            return bytes.Hash();
        }
    }

    /// <summary>The seal of a journal's entry: over the entry before it and itself.</summary>
    /// <param name="columns">All but the seal, from column 0.</param>
    public static byte[] Chain(SqlStatement row, int columns, byte[]? previous)
    {
        var bytes = new RowBytes();
        if (previous is not null) bytes.Append(previous);
        row.AppendTo(bytes, 0, columns);
        return SHA256.HashData(bytes.Bytes);
    }

    private static void AddOf(FileSeal seal, DbConnection connection, SealedTable table, string where, long file, long? school = null)
    {
        var (bytes, width) = (new RowBytes(), Width(table));
        using var rows = connection.Stream($"SELECT {Columns(table)} FROM {Name(table)} {where}");
        rows.Bind(1, file);
        if (school is { } id) rows.Bind(2, id);
        while (rows.Step())
        {
            bytes.Clear();
            rows.AppendTo(bytes, 0, width);
            seal.Add(table, bytes.Hash());
        }
    }
}
