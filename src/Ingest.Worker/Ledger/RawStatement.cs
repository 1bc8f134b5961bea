using System.Text;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Ingest.Worker.Ledger;

/// <summary>
/// A prepared statement without ADO.NET's boxing and look-ups, for the paths that run once a record: inserts twice, look-ups five
/// times as fast, measured. Parameters are numbered from 1, columns from 0.
/// </summary>
internal sealed class RawStatement : IDisposable
{
    private readonly sqlite3 database;
    private readonly sqlite3_stmt statement;

    public RawStatement(SqliteConnection connection, string sql)
    {
        database = connection.Handle!;
        Check(raw.sqlite3_prepare_v2(database, sql, out statement));
    }

    /// <summary>Takes down what is bound, in its order, so that a row that is written need not be read again to be hashed. Null: nothing is.</summary>
    public RowBytes? Record { get; init; }

    public RawStatement Bind(int at, long value)
    {
        Record?.Append(value);
        Check(raw.sqlite3_bind_int64(statement, at, value));
        return this;
    }

    public RawStatement Bind(int at, long? value)
    {
        if (value is { } v) return Bind(at, v);
        Record?.AppendNull();
        Check(raw.sqlite3_bind_null(statement, at));
        return this;
    }

    public RawStatement Bind(int at, string? value)
    {
        if (value is null)
        {
            Record?.AppendNull();
            Check(raw.sqlite3_bind_null(statement, at));
            return this;
        }
        Span<byte> utf8 = stackalloc byte[256];
        if (Encoding.UTF8.TryGetBytes(value, utf8, out var written))
        {
            Record?.Append(utf8[..written]);
            Check(raw.sqlite3_bind_text(statement, at, utf8[..written]));
        }
        else
        {
            Record?.Append(Encoding.UTF8.GetBytes(value));
            Check(raw.sqlite3_bind_text(statement, at, value));
        }
        return this;
    }

    public RawStatement Bind(int at, ReadOnlySpan<byte> value)
    {
        Check(raw.sqlite3_bind_blob(statement, at, value));
        return this;
    }

    /// <summary>Steps to the next row. False at the end, and then the statement is ready to run again.</summary>
    public bool Step()
    {
        var code = raw.sqlite3_step(statement);
        if (code == raw.SQLITE_ROW) return true;
        var reset = raw.sqlite3_reset(statement);
        if (code != raw.SQLITE_DONE) Check(reset == raw.SQLITE_OK ? code : reset);
        return false;
    }

    /// <summary>Runs a statement that gives no rows; answers how many rows it changed.</summary>
    public int Run()
    {
        Step();
        return raw.sqlite3_changes(database);
    }

    public void Reset() => Check(raw.sqlite3_reset(statement));

    public long Int64(int column) => raw.sqlite3_column_int64(statement, column);

    public long? NullableInt64(int column) => IsNull(column) ? null : raw.sqlite3_column_int64(statement, column);

    public bool IsNull(int column) => raw.sqlite3_column_type(statement, column) == raw.SQLITE_NULL;

    public string? Text(int column) => IsNull(column) ? null : raw.sqlite3_column_text(statement, column).utf8_to_string();

    /// <summary>UTF-8 bytes of a text column, valid until the next step.</summary>
    public ReadOnlySpan<byte> Utf8(int column) => raw.sqlite3_column_blob(statement, column);

    /// <summary>Appends columns of the row.</summary>
    public void AppendTo(RowBytes bytes, int from, int count)
    {
        for (var i = from; i < from + count; i++)
        {
            switch (raw.sqlite3_column_type(statement, i))
            {
                case raw.SQLITE_NULL: bytes.AppendNull(); break;
                case raw.SQLITE_INTEGER: bytes.Append(raw.sqlite3_column_int64(statement, i)); break;
                default: bytes.Append(raw.sqlite3_column_blob(statement, i)); break;
            }
        }
    }

    public void Dispose() => statement.Dispose();

    private void Check(int code)
    {
        if (code is not (raw.SQLITE_OK or raw.SQLITE_ROW or raw.SQLITE_DONE))
            throw new SqliteException("The ledger refused a statement: " + raw.sqlite3_errstr(code).utf8_to_string(), code, raw.sqlite3_extended_errcode(database));
    }
}
