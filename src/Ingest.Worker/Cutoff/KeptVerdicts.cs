using System.Collections;
using Ingest.Rules;
using Ingest.Worker.Ledger;
using Microsoft.Data.Sqlite;

namespace Ingest.Worker.Cutoff;

/// <summary>What a close made of a record, as the ledger keeps it. Records without a row were delivered as N (or went to the catalogue).</summary>
internal readonly record struct KeptVerdict(Outcome Outcome, DeliveredAs DeliveredAs, (long File, long Line)? Other);

/// <summary>Reads the verdicts of closed windows back, one at a time: a window may have a million.</summary>
internal sealed class KeptVerdicts : IDisposable
{
    // A bit for each place that a verdict may hash to: few records have one, and the others are not looked for. 128 KiB.
    private const int Places = 1 << 20;

    private readonly RawStatement row;
    private readonly BitArray? taken;

    public KeptVerdicts(SqliteConnection connection) =>
        row = new RawStatement(connection, "SELECT outcome, delivered_as, other_file, other_line FROM verdict WHERE file = ?1 AND line = ?2");

    /// <summary>For the records of one window, of which many will be asked about.</summary>
    public KeptVerdicts(SqliteConnection connection, DateOnly window)
        : this(connection)
    {
        taken = new BitArray(Places);
        using var all = new RawStatement(connection, "SELECT v.file, v.line FROM file f CROSS JOIN verdict v WHERE f.window = ?1 AND v.file = f.id");
        all.Bind(1, LedgerDatabase.Number(window));
        while (all.Step()) taken[Place(all.Int64(0), all.Int64(1))] = true;
    }

    /// <summary>Those of a file, in line order.</summary>
    public static IEnumerable<(long Line, KeptVerdict Verdict)> Of(SqliteConnection connection, long file)
    {
        using var rows = new RawStatement(connection, "SELECT outcome, delivered_as, other_file, other_line, line FROM verdict WHERE file = ?1 ORDER BY line");
        rows.Bind(1, file);
        while (rows.Step()) yield return (rows.Int64(4), Read(rows));
    }

    /// <summary>Null when the record was simply delivered.</summary>
    public KeptVerdict? Of(long file, long line)
    {
        if (taken is not null && !taken[Place(file, line)]) return null;
        if (!row.Bind(1, file).Bind(2, line).Step()) return null;
        var verdict = Read(row);
        row.Reset();
        return verdict;
    }

    private static KeptVerdict Read(RawStatement row) =>
        new((Outcome)row.Int64(0), (DeliveredAs)row.Int64(1), row.IsNull(2) ? null : (row.Int64(2), row.Int64(3)));

    private static int Place(long file, long line) => HashCode.Combine(file, line) & (Places - 1);

    public void Dispose() => row.Dispose();
}
