using System.Data.Common;
using Dapper;

namespace Ingest.Worker.Ledger;

/// <summary>Copies rows of a ledger, in whichever database it is, into one of SQLite's that is thrown away.</summary>
/// <param name="to">Within a transaction, or each row is one.</param>
internal sealed class RowCopy(DbConnection from, DbConnection to)
{
    /// <summary>Copies those rows of a table of which <paramref name="where"/> holds.</summary>
    /// <param name="where">With parameters <c>?1</c> … that are bound to <paramref name="values"/>, texts or numbers.</param>
    public void Copy(string table, string where = "true", params object[] values)
    {
        var columns = to.Query<string>("SELECT name FROM pragma_table_info(@table) ORDER BY cid", new { table }).ToList();
        var names = string.Join(", ", columns);
        using var insert = to.BulkInsert(table, names);
        using var rows = from.Stream($"SELECT {names} FROM {table} WHERE {where}");
        for (var i = 0; i < values.Length; i++)
            _ = values[i] is string text ? rows.Bind(i + 1, text) : rows.Bind(i + 1, (long)values[i]);
        while (rows.Step())
        {
            for (var i = 0; i < columns.Count; i++) rows.CopyTo(i, insert, i + 1);
            insert.Run();
        }
        insert.Complete();
    }
}
