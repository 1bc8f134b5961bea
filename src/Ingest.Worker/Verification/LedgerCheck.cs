using System.Data.Common;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Dapper;
using Ingest.Formats;
using Ingest.Rules;
using Ingest.Worker.Ledger;

namespace Ingest.Worker.Verification;

/// <summary>
/// Goes through the ledger's rows, each table once in its own order, and holds what is there against the files' seals, the chains of
/// the journals and what must be true whatever happened. A few numbers a file in memory, however many rows.
/// </summary>
internal sealed class LedgerCheck(DbConnection connection)
{
    private sealed class Known
    {
        public required string School { get; init; }

        public required bool Committed { get; init; }

        public required bool Baseline { get; init; }

        public required long Window { get; init; }

        public required Counts Counts { get; init; }

        public required FileSeal? Kept { get; init; }

        public FileSeal Found { get; } = new();

        /// <summary>Students by its blocks, less those by <c>student_file</c>.</summary>
        public long Students { get; set; }

        /// <summary>Where those are said to be by the one, less by the other: 0 when both say the same.</summary>
        public UInt128 Places { get; set; }

        public long[] Lines { get; } = new long[Enum.GetValues<RecordStatus>().Length];
    }

    // More rows of one kind than this say nothing more.
    private const int MostTold = 20;

    private readonly Dictionary<long, Known> files = [];
    private readonly Dictionary<string, long> schools = [];
    private readonly Dictionary<string, int> told = [];
    private readonly RowBytes bytes = new();

    /// <summary>Rows gone through.</summary>
    public long Rows { get; private set; }

    /// <summary>Files that are in the ledger.</summary>
    public int Files => files.Count;

    /// <summary>Files that were taken in before there were seals: their rows are compared with nothing.</summary>
    public int Unsealed => files.Values.Count(f => f is { Committed: true, Kept: null });

    public IEnumerable<Break> Run()
    {
        ReadFiles();
        foreach (var found in (IEnumerable<IEnumerable<Break>>)[Events(), Others(), SealsAndCounts(), Sequences(), Profiles(), Links(),
                     Journal("audit", LedgerDatabase.AuditColumns), Journal("access", LedgerDatabase.AccessColumns), PurgeCheck.Run(connection)])
            foreach (var broken in found)
                if (Tell(broken.What.Split(':', 3)[1]) is var nth && nth <= MostTold) yield return broken;
                else if (nth == MostTold + 1) yield return Break.InLedger("fler fel av samma slag som det förra; de räknas inte upp.");
    }

    private int Tell(string kind) => told[kind] = told.GetValueOrDefault(kind) + 1;

    private void ReadFiles()
    {
        foreach (var (id, code) in connection.Query<(long, string)>("SELECT id, code FROM school")) schools.Add(code, id);
        var columns = FileSeals.Width(SealedTable.File);
        using var rows = connection.Stream($"SELECT {FileSeals.Columns(SealedTable.File)}, state, seal, read, accepted, warned, waiting, duplicate, rejected FROM file");
        while (rows.Step())
        {
            Rows++;
            var known = new Known
            {
                School = rows.Text(1)!,
                Committed = rows.Text(columns) != "claimed" && rows.Text(15) is not null,
                Window = rows.Int64(6),
                Baseline = rows.Text(8) == nameof(Origin.Baseline),
                Counts = new Counts(rows.Int64(columns + 2), rows.Int64(columns + 3), rows.Int64(columns + 4), rows.Int64(columns + 5), rows.Int64(columns + 6), rows.Int64(columns + 7)),
                Kept = rows.IsNull(columns + 1) ? null : FileSeal.FromBytes(rows.Bytes(columns + 1).ToArray()),
            };
            known.Found.Add(SealedTable.File, Hash(rows, columns));
            files.Add(rows.Int64(0), known);
        }
    }

    /// <summary>The hot table: besides its seals, that what is known of where a student is says the same.</summary>
    private IEnumerable<Break> Events()
    {
        var columns = FileSeals.Width(SealedTable.Event);
        using var rows = connection.Stream($"SELECT {FileSeals.Columns(SealedTable.Event)}, file FROM event");
        while (rows.Step())
        {
            Rows++;
            var (id, number) = (rows.Int64(columns), rows.Int64(0));
            if (!files.TryGetValue(id, out var file))
            {
                yield return Orphan("event", id, number);
                continue;
            }
            if (!file.Committed) continue;
            file.Found.Add(SealedTable.Event, Hash(rows, columns));
            if (TryRead(rows) is not { } block) continue;
            file.Students += block.Students.Count;
            foreach (var part in block.Students) file.Places = unchecked(file.Places - Place(schools.GetValueOrDefault(file.School), part.Student, number));
        }
        using var places = connection.Stream("SELECT file, school, student, block FROM student_file");
        while (places.Step())
        {
            if (!files.TryGetValue(places.Int64(0), out var file)) continue;
            file.Students--;
            file.Places = unchecked(file.Places + Place(places.Int64(1), places.Int64(2), places.Int64(3)));
        }
        foreach (var (id, file) in files.Where(f => f.Value.Committed && f.Value.Places != 0))
            yield return Break.InLedger(file.Students < 0
                ? $"student_file: {FileId.Text(id)} sägs handla om fler än den gör."
                : $"student_file: att {FileId.Text(id)} säger något saknas hos en som filen handlar om.");
    }

    /// <summary>A hash of where a student is: as with the seals, sums of them are held against each other.</summary>
    private UInt128 Place(long school, long student, long block)
    {
        bytes.Clear();
        bytes.Append(school);
        bytes.Append(student);
        bytes.Append(block);
        return bytes.Hash();
    }

    /// <summary>Null for bytes that are no block: the seal tells that they were changed.</summary>
    private static EventBlock? TryRead(SqlStatement row)
    {
        try
        {
            return new EventBlock(row.Bytes(2).ToArray(), row.Bytes(1).ToArray());
        }
        catch (Exception e) when (e is ArgumentException or IndexOutOfRangeException or OverflowException or OutOfMemoryException)
        {
            return null;
        }
    }

    private IEnumerable<Break> Others()
    {
        foreach (var table in new[] { SealedTable.Line, SealedTable.Finding, SealedTable.EventId, SealedTable.Catalogue, SealedTable.Verdict })
        {
            var (columns, name) = (FileSeals.Width(table), FileSeals.Name(table));
            using var rows = connection.Stream($"SELECT {FileSeals.Columns(table)}, file FROM {name}");
            while (rows.Step())
            {
                Rows++;
                var (id, line) = (rows.Int64(columns), rows.Int64(table == SealedTable.Finding ? 1 : 0));
                if (!files.TryGetValue(id, out var file))
                {
                    yield return Orphan(name, id, line);
                    continue;
                }
                file.Found.Add(table, Hash(rows, columns));
                if (table != SealedTable.Line) continue;
                foreach (var status in rows.Bytes(1))
                    if (status <= (byte)RecordStatus.Rejected) file.Lines[status]++;
            }
        }
    }

    private IEnumerable<Break> SealsAndCounts()
    {
        foreach (var (id, file) in files.Where(f => f.Value.Committed).OrderBy(f => f.Key))
        {
            foreach (var table in file.Kept is null ? [] : file.Kept.Differences(file.Found))
                yield return Break.InLedger($"{FileSeals.Name(table)}: {(table == SealedTable.File ? "raden" : "raderna")} om {FileId.Text(id)} är inte de som skrevs: ändrade, borttagna eller tillagda. "
                    + $"Vad filen säger visar replay {FileId.Text(id)}.");
            var (accepted, warned, waiting, duplicate, rejected) = (file.Lines[0] + file.Lines[1], file.Lines[1], file.Lines[2], file.Lines[3], file.Lines[4]);
            if (!file.Counts.Holds || file.Counts != new Counts(accepted + waiting + duplicate + rejected, accepted, warned, waiting, duplicate, rejected))
                yield return Break.InLedger($"antal: {FileId.Text(id)} har {file.Counts.Read} lästa poster enligt filens rad, men {file.Lines.Sum()} rader, eller utfallen stämmer inte med dem.");
        }
    }

    private IEnumerable<Break> Sequences()
    {
        foreach (var (number, school, file) in connection.Query<(long, string, long)>(
                     """
                     SELECT s.number, s.school, s.file FROM sequence s LEFT JOIN file f ON f.id = s.file AND f.school = s.school AND f.system = s.system AND f.environment = s.environment
                         AND f.sequence = s.number AND f.status <> 'Rejected' AND f.state <> 'claimed' WHERE f.id IS NULL
                     """))
            yield return Break.InLedger($"sequence: löpnummer {Phrase.Number(number)} hos {Shown(school)} hör inte till {FileId.Text(file)}.");
        foreach (var (number, file) in connection.Query<(long, long)>(
                     """
                     SELECT f.sequence, f.id FROM file f WHERE f.state <> 'claimed' AND f.status <> 'Rejected' AND f.origin IS NULL AND f.sequence > 0 AND f.system IS NOT NULL AND f.environment IS NOT NULL
                         AND NOT EXISTS (SELECT 1 FROM sequence s WHERE s.school = f.school AND s.system = f.system AND s.environment = f.environment AND s.number = f.sequence)
                     """))
            yield return Break.InLedger($"sequence: löpnummer {Phrase.Number(number)}, som {FileId.Text(file)} har använt, saknas.");
    }

    private IEnumerable<Break> Profiles()
    {
        foreach (var (sha256, name, text) in connection.Query<(string, string, string)>("SELECT sha256, name, text FROM profile"))
            if (Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text))) != sha256)
                yield return Break.InLedger($"profile: texten för profilen {name} är ändrad.");
    }

    private IEnumerable<Break> Links()
    {
        using var rows = connection.Stream($"SELECT {LedgerDatabase.LinkColumns}, seal FROM identity_link");
        while (rows.Step())
        {
            Rows++;
            var columns = LedgerDatabase.LinkColumns.Split(',').Length;
            if (!rows.IsNull(columns) && !rows.Bytes(columns).SequenceEqual(FileSeals.Chain(rows, columns, previous: null)))
                yield return Break.InLedger(string.Create(CultureInfo.InvariantCulture, $"identity_link: länken med audit {rows.Int64(4)} hos {Shown(rows.Text(0)!)} är ändrad."));
        }
    }

    /// <summary>A journal: each entry's seal names the one before it.</summary>
    private IEnumerable<Break> Journal(string table, string names)
    {
        var columns = names.Split(',').Length;
        byte[]? previous = null;
        using var rows = connection.Stream($"SELECT {names}, purged, seal, purged_seal FROM {table} ORDER BY id");
        while (rows.Step())
        {
            Rows++;
            var seal = rows.IsNull(columns + 1) ? null : rows.Bytes(columns + 1).ToArray();
            // What is left of a purged entry has a seal of its own, over the one that it had, which the next entry's is over still, and the one before.
            var whole = rows.IsNull(columns)
                ? rows.IsNull(columns + 2) && (seal is null || seal.AsSpan().SequenceEqual(FileSeals.Chain(rows, columns, previous)))
                : rows.Bytes(columns + 2).SequenceEqual(LedgerDatabase.PurgedSeal(rows, columns, previous));
            // Entries from before there were seals are all before the first that has one.
            if (!whole || (seal is null && previous is not null))
                yield return Break.InLedger(string.Create(CultureInfo.InvariantCulture, $"{table}: rad {rows.Int64(0)} är ändrad, eller rader före den är borttagna."));
            previous = seal;
        }
    }

    private UInt128 Hash(SqlStatement row, int columns)
    {
        bytes.Clear();
        row.AppendTo(bytes, 0, columns);
        return bytes.Hash();
    }

    private static Break Orphan(string table, long file, long line) => Break.InLedger($"{table}: {Place(file, line)} hör till en fil som inte finns i liggaren.");

    private static string Place(long file, long line) => string.Create(CultureInfo.InvariantCulture, $"{FileId.Text(file)} rad {line}");

    /// <summary>A folder of no known school may have any name.</summary>
    internal static string Shown(string school) => Masking.Numbers(school, DateOnly.MaxValue, out _);
}
