using System.Data.Common;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Npgsql;
using NpgsqlTypes;

namespace Ingest.Worker.Ledger;

/// <summary>
/// A statement on PostgreSQL. A connection gives one answer at a time, so that rows are taken off it before they are handed on: all at
/// once, or, of a query that may give very many, some hundred at a time from a cursor. The server keeps the statement prepared.
/// </summary>
/// <param name="streams">True: by a cursor, which lives on when its transaction has ended.</param>
internal sealed partial class PostgresStatement(NpgsqlConnection connection, string sql, bool streams = false) : SqlStatement
{
    private const int RowsAFetch = 500;

    private readonly string sql = Numbered().Replace(sql, "$$$1");
    private readonly List<NpgsqlParameter> parameters = [];
    private readonly List<object[]> rows = [];
    private string? cursor;
    private bool isOpen;
    private bool more;
    private int at = -1;
    private byte[]? utf8;

    public override bool Step()
    {
        utf8 = null;
        if (!isOpen) Open();
        else if (++at == rows.Count && more) Fetch();
        if (at < rows.Count) return true;
        Reset();
        return false;
    }

    public override void Run()
    {
        using var command = new NpgsqlCommand(sql, connection);
        Parameters(command.Parameters);
        command.ExecuteNonQuery();
    }

    private void Open()
    {
        isOpen = true;
        if (!streams)
        {
            using var command = new NpgsqlCommand(sql, connection);
            Parameters(command.Parameters);
            Read(command.ExecuteReader());
            return;
        }
        cursor = PostgresCursors.Take(connection, sql);
        using var batch = new NpgsqlBatch(connection);
        var declare = new NpgsqlBatchCommand($"DECLARE {cursor} NO SCROLL CURSOR WITH HOLD FOR {sql}");
        Parameters(declare.Parameters);
        batch.BatchCommands.Add(declare);
        batch.BatchCommands.Add(new NpgsqlBatchCommand(FetchText));
        Read(batch.ExecuteReader());
        more = rows.Count == RowsAFetch;
    }

    private string FetchText => string.Create(CultureInfo.InvariantCulture, $"FETCH {RowsAFetch} FROM {cursor}");

    private void Fetch()
    {
        using var command = new NpgsqlCommand(FetchText, connection);
        Read(command.ExecuteReader());
        more = rows.Count == RowsAFetch;
    }

    private void Read(NpgsqlDataReader reader)
    {
        using (reader)
        {
            rows.Clear();
            at = 0;
            while (reader.Read())
            {
                var row = new object[reader.FieldCount];
                reader.GetValues(row);
                rows.Add(row);
            }
        }
    }

    private void Parameters(NpgsqlParameterCollection into)
    {
        foreach (var parameter in parameters) into.Add(new NpgsqlParameter { NpgsqlDbType = parameter.NpgsqlDbType, Value = parameter.Value });
    }

    public override void Reset()
    {
        (isOpen, more, at) = (false, false, -1);
        rows.Clear();
        if (cursor is null) return;
        var name = cursor;
        cursor = null;
        PostgresCursors.GiveBack(connection, name);
        try
        {
            using var close = new NpgsqlCommand($"CLOSE {name}", connection);
            close.ExecuteNonQuery();
        }
        catch (DbException)
        {
            // It went with its transaction, or with the connection; what was the matter there is told there.
        }
    }

    public override long Int64(int column) => rows[at][column] switch
    {
        long value => value,
        // As SQLite has it.
        DBNull or byte[] => 0,
        var other => Convert.ToInt64(other, CultureInfo.InvariantCulture),
    };

    public override bool IsNull(int column) => rows[at][column] is DBNull;

    public override string? Text(int column) => rows[at][column] as string;

    public override ReadOnlySpan<byte> Bytes(int column) => rows[at][column] switch
    {
        byte[] bytes => bytes,
        string text => utf8 = Encoding.UTF8.GetBytes(text),
        _ => default,
    };

    public override void AppendTo(RowBytes bytes, int from, int count)
    {
        foreach (var value in rows[at].AsSpan(from, count))
        {
            switch (value)
            {
                case DBNull: bytes.AppendNull(); break;
                case string text: bytes.Append(text); break;
                case byte[] blob: bytes.Append(blob); break;
                default: bytes.Append(Convert.ToInt64(value, CultureInfo.InvariantCulture)); break;
            }
        }
    }

    public override void CopyTo(int column, RowWriter into, int at)
    {
        switch (rows[this.at][column])
        {
            case DBNull: into.Bind(at, (string?)null); break;
            case string text: into.Bind(at, text); break;
            case byte[] blob: into.Bind(at, blob); break;
            default: into.Bind(at, Int64(column)); break;
        }
    }

    protected override void Set(int at, long value) => Set(at, NpgsqlDbType.Bigint, value);

    protected override void Set(int at, string value) => Set(at, NpgsqlDbType.Text, Storable(value));

    protected override void Set(int at, ReadOnlySpan<byte> value) => Set(at, NpgsqlDbType.Bytea, value.ToArray());

    protected override void SetNull(int at, bool isText) => Set(at, isText ? NpgsqlDbType.Text : NpgsqlDbType.Bigint, DBNull.Value);

    private void Set(int at, NpgsqlDbType type, object value)
    {
        while (parameters.Count < at) parameters.Add(new NpgsqlParameter());
        (parameters[at - 1].NpgsqlDbType, parameters[at - 1].Value) = (type, value);
    }

    /// <summary>PostgreSQL's texts have no NUL, and no half of a surrogate pair: such a character becomes U+FFFD.</summary>
    public static string Storable(string text)
    {
        if (text.AsSpan().IndexOfAnyInRange('\ud800', '\udfff') >= 0) text = Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));
        return text.Replace('\0', '\ufffd');
    }

    public override void Dispose() => Reset();

    [GeneratedRegex(@"\?(\d+)")]
    private static partial Regex Numbered();
}
