using System.Data.Common;
using Dapper;
using Ingest.Formats;
using Ingest.Rules;

namespace Ingest.Worker.Ledger;

/// <summary>A record as receipts show it. Line 0: the file itself.</summary>
internal sealed record RecordRow(long Line, RecordKind? Kind, RecordStatus Status, string? EventId, long Offset, int Length, IReadOnlyList<Finding> Findings);

/// <summary>What receipts are rendered from.</summary>
public sealed partial class LedgerDatabase
{
    /// <summary>The file itself, with its own findings, and then its records in order, each with what intake found.</summary>
    internal static IEnumerable<RecordRow> Records(DbConnection connection, FileRow row)
    {
        var (file, arrival) = (row.Id, ReportingCalendar.SwedishDate(row.Arrived));
        using var findings = new FindingStream(connection, file, close: 0);
        yield return OfFile(findings.Take(0));
        using var lines = new LineQuery(connection);
        foreach (var line in lines.Of(file))
            yield return Record(line, arrival, findings.Take(line.Number));
    }

    /// <summary>The file itself.</summary>
    internal static RecordRow OfFile(IReadOnlyList<Finding> found) => new(0, null, RecordStatus.Accepted, null, 0, 0, found);

    internal static RecordRow Record(FileRow file, Line line, IReadOnlyList<Finding> found) => Record(line, ReportingCalendar.SwedishDate(file.Arrived), found);

    private static RecordRow Record(Line line, DateOnly arrival, IReadOnlyList<Finding> found) =>
        new(line.Number, line.Kind, line.Status, Shown(line.EventId, arrival), line.Source.Offset, line.Source.Length, found);

    /// <summary>A händelse-id is the school's own name for the record, unless the school took the student's number for it.</summary>
    internal static string? Shown(RecordId? eventId, DateOnly arrival) => eventId is { } id ? Masking.Numbers(id.ToString(), arrival, out _) : null;

    /// <summary>What was found about the file itself.</summary>
    internal static IReadOnlyList<Finding> FileFindings(DbConnection connection, long file)
    {
        using var findings = new FindingStream(connection, file, close: 0);
        return findings.Take(0);
    }

    /// <summary>What was found about one record.</summary>
    /// <param name="close">0 at intake, 1 at the close.</param>
    private static List<Finding> Findings(DbConnection connection, FileNames names, long file, int close, long record)
    {
        var found = new List<Finding>();
        using var rows = connection.Prepare($"SELECT {FindingStream.Columns} FROM finding WHERE file = ?1 AND close = ?2 AND record = ?3 ORDER BY seq");
        rows.Bind(1, file).Bind(2, (long)close).Bind(3, record);
        while (rows.Step()) found.Add(names.In(FindingStream.Read(rows), file));
        return found;
    }

    /// <summary>How many findings of each code a file has.</summary>
    internal static List<(FindingCode Code, long Count)> FindingCounts(DbConnection connection, long file) =>
        [.. connection.Query<(string Code, long Count)>("SELECT code, count(*) FROM finding WHERE file = @file AND close = 0 GROUP BY code ORDER BY code", new { file })
            .Select(c => (Enum.Parse<FindingCode>(c.Code), c.Count))];

    /// <summary>Byte offset of the first record: what is before it is header.</summary>
    internal static long? FirstOffset(DbConnection connection, long file)
    {
        using var lines = new LineQuery(connection);
        return lines.Of(file).Select(l => (long?)l.Source.Offset).FirstOrDefault();
    }

    /// <summary>Findings in record order, taken a record at a time beside another reading in the same order.</summary>
    internal sealed class FindingStream : IDisposable
    {
        internal const string Columns = "record, line, code, col, length, field, value, args";

        private readonly SqlStatement rows;
        private readonly FileNames names;
        private readonly long file;
        private bool hasRow;

        public FindingStream(DbConnection connection, long file, int close)
        {
            this.file = file;
            names = new FileNames(connection);
            rows = connection.Stream(
                $"SELECT {Columns} FROM finding WHERE file = ?1 AND close = ?2 ORDER BY record, seq");
            hasRow = rows.Bind(1, file).Bind(2, (long)close).Step();
        }

        public IReadOnlyList<Finding> Take(long record)
        {
            List<Finding>? taken = null;
            for (; hasRow && rows.Int64(0) <= record; hasRow = rows.Step())
                if (rows.Int64(0) == record) (taken ??= []).Add(names.In(Read(rows), file));
            return taken ?? (IReadOnlyList<Finding>)[];
        }

        internal static Finding Read(SqlStatement rows) => new(
            Enum.Parse<FindingCode>(rows.Text(2)!), rows.Int64(1), (int?)rows.NullableInt64(3), (int?)rows.NullableInt64(4), rows.Text(5), rows.Text(6),
            rows.Text(7)?.Split(Finding.ArgSeparator) ?? []);

        public void Dispose() => rows.Dispose();
    }
}
