namespace Ingest.Worker.Ledger;

/// <summary>Takes rows, value by value. Parameters are numbered from 1, and keep their value from row to row.</summary>
internal abstract class RowWriter : IDisposable
{
    /// <summary>Takes down what is bound, in its order, so that a row that is written need not be read again to be hashed. Null: nothing is.</summary>
    public RowBytes? Record { get; init; }

    public RowWriter Bind(int at, long value)
    {
        Record?.Append(value);
        Set(at, value);
        return this;
    }

    public RowWriter Bind(int at, long? value)
    {
        if (value is { } v) return Bind(at, v);
        Record?.AppendNull();
        SetNull(at, isText: false);
        return this;
    }

    public RowWriter Bind(int at, string? value)
    {
        if (value is null)
        {
            Record?.AppendNull();
            SetNull(at, isText: true);
        }
        else
        {
            Record?.Append(value);
            Set(at, value);
        }
        return this;
    }

    public RowWriter Bind(int at, ReadOnlySpan<byte> value)
    {
        Record?.Append(value);
        Set(at, value);
        return this;
    }

    /// <summary>Writes the row that is bound; runs a statement that gives no rows.</summary>
    public abstract void Run();

    /// <summary>All rows are bound: what was gathered is written too. Without it, some rows may not be.</summary>
    public virtual void Complete()
    {
    }

    public abstract void Dispose();

    protected abstract void Set(int at, long value);

    protected abstract void Set(int at, string value);

    protected abstract void Set(int at, ReadOnlySpan<byte> value);

    protected abstract void SetNull(int at, bool isText);
}

/// <summary>
/// A statement of either database, without ADO.NET's look-ups, for the paths that run often. Columns are numbered from 0. Its SQL has
/// parameters <c>?1</c>, <c>?2</c> …
/// </summary>
internal abstract class SqlStatement : RowWriter
{
    public new SqlStatement Bind(int at, long value) => (SqlStatement)base.Bind(at, value);

    public new SqlStatement Bind(int at, long? value) => (SqlStatement)base.Bind(at, value);

    public new SqlStatement Bind(int at, string? value) => (SqlStatement)base.Bind(at, value);

    public new SqlStatement Bind(int at, ReadOnlySpan<byte> value) => (SqlStatement)base.Bind(at, value);

    /// <summary>Steps to the next row. False at the end, and then the statement is ready to run again.</summary>
    public abstract bool Step();

    public override void Run() => Step();

    /// <summary>Leaves the rows that are left, so that it can run again.</summary>
    public abstract void Reset();

    public abstract long Int64(int column);

    public abstract bool IsNull(int column);

    /// <summary>The bytes of a blob, or of a text in UTF-8; valid until the next step. None for null.</summary>
    public abstract ReadOnlySpan<byte> Bytes(int column);

    public abstract string? Text(int column);

    public long? NullableInt64(int column) => IsNull(column) ? null : Int64(column);

    /// <summary>Appends columns of the row: the same bytes from either database.</summary>
    public abstract void AppendTo(RowBytes bytes, int from, int count);

    /// <summary>Binds a column of the row, whatever it is.</summary>
    public abstract void CopyTo(int column, RowWriter into, int at);
}
