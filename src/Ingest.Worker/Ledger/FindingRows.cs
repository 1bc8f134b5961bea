using System.Data.Common;
using Ingest.Formats;

namespace Ingest.Worker.Ledger;

/// <summary>Writes findings; read back by <see cref="LedgerDatabase.FindingStream"/>.</summary>
/// <param name="close">0 at intake, 1 at the close.</param>
internal sealed class FindingRows(DbConnection connection, int close) : IDisposable
{
    public const string Columns = "file, close, record, seq, line, code, col, length, field, value, args";

    private readonly RowWriter insert = connection.BulkInsert("finding", Columns);

    /// <param name="findings">Those of one record together.</param>
    public void Write(long file, IReadOnlyList<Finding> findings)
    {
        var (last, seq) = (-1L, 0);
        foreach (var f in findings)
        {
            var record = RecordOf(f);
            seq = record == last ? seq + 1 : 0;
            last = record;
            Write(file, f, seq);
        }
    }

    /// <param name="seq">Its number among those of the record.</param>
    public void Write(long file, Finding f, long seq) =>
        insert.Bind(1, file).Bind(2, (long)close).Bind(3, RecordOf(f)).Bind(4, seq).Bind(5, f.Line).Bind(6, f.Code.ToString()).Bind(7, (long?)f.Column)
            .Bind(8, (long?)f.Length).Bind(9, f.Field).Bind(10, f.Value).Bind(11, f.Args.Length == 0 ? null : string.Join(Finding.ArgSeparator, f.Args)).Run();

    public void Complete() => insert.Complete();

    private static long RecordOf(Finding f) => f.IsAboutFile ? 0 : f.Line;

    public void Dispose() => insert.Dispose();
}
