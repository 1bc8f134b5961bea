using System.Data.Common;
using Dapper;
using Ingest.Formats;

namespace Ingest.Worker.Ledger;

/// <summary>Findings about records on their way into the ledger, which takes them in record order. They carry texts, so few are held in memory.</summary>
internal sealed class StagedFindings(Scratch scratch, long file)
{
    private const int MostHeld = 10_000;

    private readonly List<(Finding Finding, long Seq)> held = [];
    private bool isAside;

    /// <param name="found">What was found of one record.</param>
    /// <param name="firstSeq">Number of the first.</param>
    public void Add(IEnumerable<Finding> found, int firstSeq)
    {
        foreach (var finding in found) held.Add((finding, firstSeq++));
        if (held.Count >= MostHeld) PutAside();
    }

    private void PutAside()
    {
        if (!isAside) scratch.Connection.Execute($"CREATE TABLE finding ({FindingRows.Columns})");
        isAside = true;
        using var transaction = scratch.Connection.BeginTransaction();
        using (var rows = new FindingRows(scratch.Connection, close: 0))
        {
            foreach (var (finding, seq) in held) rows.Write(file, finding, seq);
            rows.Complete();
        }
        transaction.Commit();
        held.Clear();
    }

    /// <summary>Writes them.</summary>
    /// <param name="ofRules">False: what the rules found is left out.</param>
    public void Write(DbConnection connection, bool ofRules)
    {
        using var rows = new FindingRows(connection, close: 0);
        foreach (var (finding, seq) in InOrder(ofRules)) rows.Write(file, finding, seq);
        rows.Complete();
    }

    /// <summary>All of them, in record order, each with its number among those of its record.</summary>
    /// <inheritdoc cref="Write"/>
    public IEnumerable<(Finding Finding, long Seq)> InOrder(bool ofRules) => All().Where(f => ofRules || !f.Finding.Code.ToString().StartsWith('R'));

    private IEnumerable<(Finding Finding, long Seq)> All()
    {
        if (!isAside) return held.OrderBy(h => h.Finding.Line).ThenBy(h => h.Seq);
        if (held.Count > 0) PutAside();
        return Aside();
    }

    private IEnumerable<(Finding Finding, long Seq)> Aside()
    {
        using var sorted = scratch.Connection.Prepare($"SELECT {LedgerDatabase.FindingStream.Columns}, seq FROM finding ORDER BY record, seq");
        while (sorted.Step()) yield return (LedgerDatabase.FindingStream.Read(sorted), sorted.Int64(8));
    }
}
