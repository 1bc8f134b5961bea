using Ingest.Rules;
using Ingest.Worker.Ledger;
using Microsoft.Data.Sqlite;

namespace Ingest.Worker.Cutoff;

/// <summary>What a close made of a record, as the ledger keeps it. Records without a row were delivered as N (or went to the catalogue).</summary>
internal readonly record struct KeptVerdict(Outcome Outcome, DeliveredAs DeliveredAs, (long File, long Line)? Other);

/// <summary>Reads the verdicts of closed windows back, one at a time: a window may have a million.</summary>
internal sealed class KeptVerdicts(SqliteConnection connection) : IDisposable
{
    private readonly RawStatement row = new(connection, "SELECT outcome, delivered_as, other_file, other_line FROM verdict WHERE file = ?1 AND line = ?2");

    /// <summary>Null when the record was simply delivered.</summary>
    public KeptVerdict? Of(long file, long line)
    {
        if (!row.Bind(1, file).Bind(2, line).Step()) return null;
        var verdict = new KeptVerdict((Outcome)row.Int64(0), (DeliveredAs)row.Int64(1), row.IsNull(2) ? null : (row.Int64(2), row.Int64(3)));
        row.Reset();
        return verdict;
    }

    public void Dispose() => row.Dispose();
}
