using Ingest.Formats;
using Microsoft.Data.Sqlite;

namespace Ingest.Worker.Ledger;

/// <summary>Writes findings; read back by <see cref="LedgerDatabase.FindingStream"/>.</summary>
/// <param name="close">0 at intake, 1 at the close.</param>
/// <param name="table">The table, or a temporary one of the same columns.</param>
internal sealed class FindingRows(SqliteConnection connection, int close, string table = "finding") : IDisposable
{
    public const string Columns = "file, close, record, seq, line, code, col, length, field, value, args";

    private readonly RawStatement insert = new(connection, $"INSERT INTO {table} ({Columns}) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)");

    /// <param name="findings">Those of one record together.</param>
    /// <param name="firstSeq">Number of a record's first finding.</param>
    public void Write(long file, IReadOnlyList<Finding> findings, int firstSeq = 0)
    {
        var (last, seq) = (-1L, 0);
        foreach (var f in findings)
        {
            var record = f.IsAboutFile ? 0 : f.Line;
            seq = record == last ? seq + 1 : firstSeq;
            last = record;
            insert.Bind(1, file).Bind(2, (long)close).Bind(3, record).Bind(4, (long)seq).Bind(5, f.Line).Bind(6, f.Code.ToString()).Bind(7, (long?)f.Column)
                .Bind(8, (long?)f.Length).Bind(9, f.Field).Bind(10, f.Value).Bind(11, f.Args.Length == 0 ? null : string.Join(Finding.ArgSeparator, f.Args)).Run();
        }
    }

    public void Dispose() => insert.Dispose();
}
