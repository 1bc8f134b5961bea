using System.Data.Common;
using Dapper;
using Ingest.Formats;
using Ingest.Rules;

namespace Ingest.Worker.Ledger;

/// <summary>A window that has closed.</summary>
/// <param name="Delivered">Null until everything that it hands on is on disk.</param>
/// <param name="Manifest">SHA-256 of its manifest, lower-case hex; the next one names it.</param>
public sealed record WindowRow(DateOnly Date, DateTimeOffset Closed, DateTimeOffset? Delivered, string? Manifest);

/// <summary>Rows about windows, the course catalogue and schools.</summary>
public sealed partial class LedgerDatabase
{
    /// <summary>Schools that have said something about students in a <c>@window</c>.</summary>
    internal const string SchoolsWithEvents = "SELECT f.school FROM file f WHERE f.cutoff = @window AND f.state <> 'claimed' AND EXISTS (SELECT 1 FROM event e WHERE e.file = f.id)";

    /// <summary>The last window that has closed; <see cref="DateOnly.MinValue"/> when none has.</summary>
    internal static DateOnly LastClosed(DbConnection connection) =>
        connection.ExecuteScalar<long?>("SELECT max(date) FROM closed_window") is { } number ? Date(number) : DateOnly.MinValue;

    public DateOnly LastClosed()
    {
        using var connection = Open();
        return LastClosed(connection);
    }

    public List<WindowRow> Windows(string where = "")
    {
        using var connection = Open();
        return [.. connection.Query<(long Date, string Closed, string? Delivered, string? Manifest)>($"SELECT date, closed, delivered, manifest FROM closed_window {where} ORDER BY date")
            .Select(w => new WindowRow(Date(w.Date), Instant(w.Closed), w.Delivered is null ? null : Instant(w.Delivered), w.Manifest))];
    }

    /// <summary>A school's number in the hot tables, given at its first file.</summary>
    internal static long SchoolId(DbConnection connection, string code) =>
        connection.ExecuteScalar<long?>("SELECT id FROM school WHERE code = @code", new { code })
        ?? connection.ExecuteScalar<long?>("INSERT INTO school (code) VALUES (@code) ON CONFLICT DO NOTHING RETURNING id", new { code })
        // Another process was first.
        ?? connection.ExecuteScalar<long>("SELECT id FROM school WHERE code = @code", new { code });

    /// <summary>The course catalogue of a school as it stands at the close of a window.</summary>
    internal static CourseCatalogue Catalogue(DbConnection connection, long school, DateOnly upTo)
    {
        var catalogue = new CourseCatalogue();
        using var rows = connection.Prepare(
            "SELECT kind, removal, course, code, title, hp, pace, starts, ends, file, line FROM catalogue WHERE school = ?1 AND cutoff <= ?2 " +
            "ORDER BY file, line");
        rows.Bind(1, school).Bind(2, Number(upTo));
        while (rows.Step()) catalogue.Apply(CatalogueRecord(rows), rows.Int64(9), rows.Int64(10));
        return catalogue;
    }

    private static ReportRecord CatalogueRecord(SqlStatement r)
    {
        var action = r.Int64(1) == 1 ? ReportAction.B : ReportAction.N;
        Credits? hp = r.NullableInt64(5) is { } hundredths ? new Credits(hundredths) : null;
        return (RecordKind)r.Int64(0) == RecordKind.Module
            ? new Module { Action = action, CourseCode = r.Text(2)!, ModuleCode = r.Text(3), Title = r.Text(4), Extent = hp }
            : new CourseOffering
            {
                Action = action,
                CourseCode = r.Text(2)!,
                OfferingCode = r.Text(3),
                Title = r.Text(4),
                Extent = hp,
                Pace = (int?)r.NullableInt64(6),
                Start = r.NullableInt64(7) is { } s ? Date(s) : null,
                End = r.NullableInt64(8) is { } e ? Date(e) : null,
            };
    }
}
