using System.Data.Common;
using Ingest.Rules;
using Ingest.Worker.Ledger;

namespace Ingest.Worker.Cutoff;

/// <summary>What a close made of a record, as the ledger keeps it. Records without a row were delivered as N (or went to the catalogue).</summary>
internal readonly record struct KeptVerdict(Outcome Outcome, DeliveredAs DeliveredAs, (long File, long Line)? Other);

/// <summary>Reads the verdicts of closed windows back, one at a time: a window may have a million.</summary>
internal sealed class KeptVerdicts(DbConnection connection) : IDisposable
{
    private readonly SqlStatement row = connection.Prepare("SELECT outcome, delivered_as, other_file, other_line FROM verdict WHERE file = ?1 AND line = ?2");

    /// <summary>Those of a file, in line order.</summary>
    public static IEnumerable<(long Line, KeptVerdict Verdict)> Of(DbConnection connection, long file)
    {
        using var rows = connection.Stream("SELECT outcome, delivered_as, other_file, other_line, line FROM verdict WHERE file = ?1 ORDER BY line");
        rows.Bind(1, file);
        while (rows.Step()) yield return (rows.Int64(4), Read(rows));
    }

    /// <summary>Null when the record was simply delivered.</summary>
    public KeptVerdict? Of(long file, long line)
    {
        if (!row.Bind(1, file).Bind(2, line).Step()) return null;
        var verdict = Read(row);
        row.Reset();
        return verdict;
    }

    private static KeptVerdict Read(SqlStatement row) =>
        new((Outcome)row.Int64(0), (DeliveredAs)row.Int64(1), row.IsNull(2) ? null : (row.Int64(2), row.Int64(3)));

    public void Dispose() => row.Dispose();
}

/// <summary>
/// What a close would deliver otherwise than as N, or not at all, of a school's files, in memory: 24 bytes each, for the records are asked about
/// by student and not by file, and a statement for each took a third of a delivery.
/// </summary>
internal sealed class TakenVerdicts
{
    private readonly Dictionary<long, (int[] Lines, Taken[] Verdicts)> files = [];
    private readonly HashSet<long> changed = [];

    /// <summary>The files of the records that were changed.</summary>
    public IReadOnlySet<long> ChangedFiles => changed;

    public TakenVerdicts(DbConnection connection, IEnumerable<FileRow> of)
    {
        foreach (var file in of)
        {
            var (lines, verdicts) = (new List<int>(), new List<Taken>());
            foreach (var (line, verdict) in KeptVerdicts.Of(connection, file.Id))
            {
                lines.Add((int)line);
                if (verdict is { DeliveredAs: DeliveredAs.Change, Other: var (other, _) }) changed.Add(other);
                verdicts.Add(new Taken(verdict.Other?.File ?? 0, (int)(verdict.Other?.Line ?? 0), verdict.DeliveredAs));
            }
            if (lines.Count > 0) files.Add(file.Id, ([.. lines], [.. verdicts]));
        }
    }

    /// <summary>As what a record is delivered, and the record that it was set against.</summary>
    public (DeliveredAs As, (long File, long Line)? Other) Of(long file, long line)
    {
        if (!files.TryGetValue(file, out var kept) || Array.BinarySearch(kept.Lines, (int)line) is not (>= 0 and var at)) return (DeliveredAs.New, null);
        var taken = kept.Verdicts[at];
        return (taken.As, taken.OtherFile == 0 ? null : (taken.OtherFile, taken.OtherLine));
    }

    private readonly record struct Taken(long OtherFile, int OtherLine, DeliveredAs As);
}
