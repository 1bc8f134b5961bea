using Ingest.Formats;
using Ingest.Rules;
using Ingest.Worker.Ledger;
using Microsoft.Data.Sqlite;

namespace Ingest.Worker.Cutoff;

/// <summary>What a close made of a record, as the ledger keeps it. Records without a row were delivered as N (or went to the catalogue).</summary>
internal readonly record struct KeptVerdict(Outcome Outcome, DeliveredAs DeliveredAs, (long File, long Line)? Other);

/// <summary>Reads the verdicts of a window back.</summary>
internal static class KeptVerdicts
{
    /// <summary>The rows of one file, by line. They are the exceptions, so they fit in memory.</summary>
    public static Dictionary<long, KeptVerdict> Of(SqliteConnection connection, long file)
    {
        var verdicts = new Dictionary<long, KeptVerdict>();
        using var rows = new RawStatement(connection, "SELECT line, outcome, delivered_as, other_file, other_line FROM verdict WHERE file = ?1");
        rows.Bind(1, file);
        while (rows.Step())
            verdicts[rows.Int64(0)] = new KeptVerdict((Outcome)rows.Int64(1), (DeliveredAs)rows.Int64(2),
                rows.IsNull(3) ? null : (rows.Int64(3), rows.Int64(4)));
        return verdicts;
    }
}
