using System.Data.Common;
using System.Globalization;
using System.Text.Json;
using Dapper;
using Ingest.Worker.Ledger;

namespace Ingest.Worker.Verification;

/// <summary>
/// Whether what is said to be purged was: each mark names a purge, and each purge has as many marks as its entry in <c>audit</c>, which the
/// journal's chain holds, says. Otherwise a mark would be a way to take something out unseen.
/// </summary>
internal static class PurgeCheck
{
    public static IEnumerable<Break> Run(DbConnection connection)
    {
        var said = new Dictionary<(long Purge, string Mark), long>();
        foreach (var (id, detail) in connection.Query<(long, string)>("SELECT id, detail FROM audit WHERE action = @PurgeAction", new { LedgerDatabase.PurgeAction }))
        {
            using var shares = JsonDocument.Parse(detail);
            foreach (var share in shares.RootElement.EnumerateObject())
            {
                var kind = Enum.Parse<PurgeKind>(share.Name, ignoreCase: true);
                var mark = (id, kind == PurgeKind.AccessLog ? "purged" : LedgerDatabase.MarkOf(kind));
                said[mark] = said.GetValueOrDefault(mark) + share.Value.GetProperty("marked").GetInt64();
            }
        }
        var found = connection.Query<(long Purge, string Mark, long Count)>(
            """
            SELECT original_purged, 'original_purged', count(*) FROM file WHERE original_purged IS NOT NULL GROUP BY 1
            UNION ALL SELECT detail_purged, 'detail_purged', count(*) FROM file WHERE detail_purged IS NOT NULL GROUP BY 1
            UNION ALL SELECT receipts_purged, 'receipts_purged', count(*) FROM (SELECT receipts_purged FROM file UNION ALL SELECT receipts_purged FROM closed_window) AS either WHERE receipts_purged IS NOT NULL GROUP BY 1
            UNION ALL SELECT purged, 'purged', count(*) FROM (SELECT purged FROM audit UNION ALL SELECT purged FROM access) AS either WHERE purged IS NOT NULL GROUP BY 1
            """).ToDictionary(f => (f.Purge, f.Mark), f => f.Count);
        foreach (var mark in said.Keys.Union(found.Keys).Order())
            if (said.GetValueOrDefault(mark) is var marked && found.GetValueOrDefault(mark) is var there && marked != there)
                yield return Break.InLedger(string.Create(CultureInfo.InvariantCulture, $"gallring: {there} rader säger att audit {mark.Purge} har gallrat dem ({mark.Mark}), men den gallrade {marked}."));
    }
}
