using System.Data;
using System.Data.Common;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace Ingest.Worker.Ledger;

/// <summary>What is done in another way on a connection of SQLite's than on one of PostgreSQL's.</summary>
internal static class LedgerConnection
{
    /// <summary>A statement that runs often, or gives few rows: PostgreSQL hands them over whole at the first step.</summary>
    public static SqlStatement Prepare(this DbConnection connection, string sql) =>
        connection is NpgsqlConnection postgres ? new PostgresStatement(postgres, sql) : new SqliteStatement((SqliteConnection)connection, sql);

    /// <summary>A query that may give very many rows, never all of them in memory. Others may run on the connection meanwhile.</summary>
    public static SqlStatement Stream(this DbConnection connection, string sql) =>
        connection is NpgsqlConnection postgres ? new PostgresStatement(postgres, sql, streams: true) : new SqliteStatement((SqliteConnection)connection, sql);

    /// <summary>Writes many rows into a table. <see cref="RowWriter.Complete"/> ends it.</summary>
    /// <param name="columns">Their names, with commas: those that are bound.</param>
    /// <param name="record">See <see cref="RowWriter.Record"/>.</param>
    public static RowWriter BulkInsert(this DbConnection connection, string table, string columns, RowBytes? record = null)
    {
        var width = columns.Count(c => c == ',') + 1;
        return connection is NpgsqlConnection postgres
            ? new PostgresCopy(postgres, table, columns, width) { Record = record }
            : new SqliteStatement((SqliteConnection)connection, $"INSERT INTO {table} ({columns}) VALUES ({string.Join(", ", Enumerable.Range(1, width).Select(n => $"?{n}"))})") { Record = record };
    }

    /// <summary>A transaction in which everything is read as it is at its beginning.</summary>
    public static DbTransaction BeginSnapshot(this DbConnection connection) =>
        connection is SqliteConnection sqlite ? sqlite.BeginTransaction(deferred: true) : connection.BeginTransaction(IsolationLevel.RepeatableRead);
}
