using Ingest.Formats;
using Microsoft.Data.Sqlite;

namespace Ingest.Worker.Ledger;

/// <summary>Writes findings; read back by <see cref="LedgerDatabase.FindingStream"/>.</summary>
internal static class FindingRows
{
    public const string Columns = "file, close, record, seq, line, code, col, length, field, value, args";

    /// <param name="findings">Those of one record together.</param>
    /// <param name="firstSeq">Number of a record's first finding.</param>
    public static void Write(SqliteConnection connection, long fileId, int close, IReadOnlyList<Finding> findings, int firstSeq, string table = "finding")
    {
        if (findings.Count == 0) return;
        using var insert = new RawStatement(connection,
            $"INSERT INTO {table} ({Columns}) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)");
        var (last, seq) = (-1L, 0);
        foreach (var f in findings)
        {
            var record = f.IsAboutFile ? 0 : f.Line;
            seq = record == last ? seq + 1 : firstSeq;
            last = record;
            insert.Bind(1, fileId).Bind(2, (long)close).Bind(3, record).Bind(4, (long)seq).Bind(5, f.Line).Bind(6, f.Code.ToString()).Bind(7, (long?)f.Column)
                .Bind(8, (long?)f.Length).Bind(9, f.Field).Bind(10, f.Value).Bind(11, f.Args.Length == 0 ? null : string.Join(Finding.ArgSeparator, f.Args)).Run();
        }
    }
}
