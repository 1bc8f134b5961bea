using Dapper;
using Ingest.Formats;
using Ingest.Rules;
using Ingest.Worker.Ledger;
using Microsoft.Data.Sqlite;

namespace Ingest.Worker.Cutoff;

/// <summary>What a close would make of a record, if nothing more came.</summary>
internal enum Prospect
{
    Refused,
    /// <summary>It holds, but something about it should be seen to (K45).</summary>
    Warned,
    /// <summary>It is netted, or delivered with a remark.</summary>
    Remarked,
}

/// <summary>A record about which a close would have something to say.</summary>
internal sealed record ForeseenRecord(long File, long Line, RecordKind Kind, string? EventId, Prospect Prospect, IReadOnlyList<Finding> Findings);

/// <summary>
/// What a window would come to for one school if it closed now: how many, and each record with a finding in file and line order. The
/// judgement goes student by student, so its findings are sorted in a scratch database of their own, never in memory: a million may wait.
/// </summary>
internal sealed class Foreseen : IDisposable
{
    private readonly SqliteConnection scratch = new(new SqliteConnectionStringBuilder { DataSource = "", Pooling = false }.ToString());

    public Foreseen(IEnumerable<Verdict> verdicts, CancellationToken stop = default)
    {
        scratch.Open();
        scratch.Execute(
            "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;" +
            "CREATE TABLE found (file INTEGER, line INTEGER, seq INTEGER, kind INTEGER, event_id TEXT, prospect INTEGER, code TEXT, field TEXT, value TEXT, args TEXT); BEGIN;");
        using var insert = scratch.Prepare("INSERT INTO found VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)");
        foreach (var verdict in verdicts)
        {
            stop.ThrowIfCancellationRequested();
            Count(verdict);
            var (e, seq) = (verdict.Event, 0L);
            foreach (var f in verdict.Findings)
                insert.Bind(1, e.FileId).Bind(2, e.Line).Bind(3, seq++).Bind(4, (long)e.Record.Kind).Bind(5, e.Record.EventId?.ToString()).Bind(6, (long)ProspectOf(verdict))
                    .Bind(7, f.Code.ToString()).Bind(8, f.Field).Bind(9, f.Value).Bind(10, string.Join(Finding.ArgSeparator, f.Args)).Run();
        }
        scratch.Execute("COMMIT");
    }

    public long Delivered { get; private set; }

    public long Netted { get; private set; }

    public long Refused { get; private set; }

    public long Warned { get; private set; }

    /// <summary>How many records have each code, the gravest first.</summary>
    /// <param name="toSeeTo">Only among the records of <see cref="ToSeeTo"/>.</param>
    public List<(FindingCode Code, long Count)> Codes(bool toSeeTo) =>
        [.. scratch.Query<(string Code, long Count)>("SELECT code, count(*) FROM found WHERE prospect < @end GROUP BY code", new { end = toSeeTo ? (int)Prospect.Remarked : int.MaxValue })
            .Select(c => (Code: Enum.Parse<FindingCode>(c.Code), c.Count)).OrderBy(c => FindingCatalogue.Get(c.Code).Severity).ThenBy(c => c.Code)];

    /// <summary>The first records of a code, in order.</summary>
    public List<(long File, long Line)> First(FindingCode code, int most) =>
        [.. scratch.Query<(long, long)>("SELECT file, line FROM found WHERE code = @code ORDER BY file, line LIMIT @most", new { code = code.ToString(), most })];

    /// <summary>The records that a school should see to before the close, in file and line order.</summary>
    public IEnumerable<ForeseenRecord> ToSeeTo()
    {
        using var rows = scratch.Prepare(
            "SELECT file, line, kind, event_id, prospect, code, field, value, args FROM found WHERE prospect < ?1 ORDER BY file, line, seq");
        rows.Bind(1, (long)Prospect.Remarked);
        ForeseenRecord? record = null;
        var findings = new List<Finding>();
        while (rows.Step())
        {
            if (record is null || (record.File, record.Line) != (rows.Int64(0), rows.Int64(1)))
            {
                if (record is not null) yield return record;
                record = new ForeseenRecord(rows.Int64(0), rows.Int64(1), (RecordKind)rows.Int64(2), rows.Text(3), (Prospect)rows.Int64(4), findings = []);
            }
            var args = rows.Text(8)!;
            findings.Add(new Finding(Enum.Parse<FindingCode>(rows.Text(5)!), record.Line, Field: rows.Text(6), Value: rows.Text(7), Args: args.Length == 0 ? [] : args.Split(Finding.ArgSeparator)));
        }
        if (record is not null) yield return record;
    }

    private void Count(Verdict verdict)
    {
        switch (verdict.Outcome)
        {
            case Outcome.Delivered: Delivered++; break;
            case Outcome.Netted or Outcome.Duplicate: Netted++; break;
            default: Refused++; break;
        }
        if (ProspectOf(verdict) == Prospect.Warned) Warned++;
    }

    private static Prospect ProspectOf(Verdict verdict) =>
        verdict.Outcome is Outcome.Refused or Outcome.Rejected ? Prospect.Refused
        : verdict.Findings.Any(f => f.Code == FindingCode.K45) ? Prospect.Warned
        : Prospect.Remarked;

    public void Dispose() => scratch.Dispose();
}
