using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using Npgsql;

namespace Ingest.Worker.Ledger;

/// <summary>
/// Gathers rows and writes them by COPY, some thousand at a time: between two writings other statements may run on the connection. The rows
/// are gathered as COPY takes them: an object for each value would cost more than all else about a row.
/// </summary>
internal sealed class PostgresCopy : RowWriter
{
    private const int MostBytes = 1 << 20;

    private readonly NpgsqlConnection connection;
    private readonly string copy;
    private readonly Cell[] row;
    private readonly ArrayBufferWriter<byte> rows = new();

    /// <param name="width">How many columns those are.</param>
    public PostgresCopy(NpgsqlConnection connection, string table, string columns, int width)
    {
        (this.connection, copy) = (connection, $"COPY {table} ({columns}) FROM STDIN (FORMAT BINARY)");
        row = [.. Enumerable.Range(0, width).Select(_ => new Cell())];
        rows.Write(Head);
    }

    // Its mark, and no flags or extensions.
    private static ReadOnlySpan<byte> Head => [(byte)'P', (byte)'G', (byte)'C', (byte)'O', (byte)'P', (byte)'Y', (byte)'\n', 0xFF, (byte)'\r', (byte)'\n', 0, 0, 0, 0, 0, 0, 0, 0, 0];

    private static ReadOnlySpan<byte> End => [0xFF, 0xFF];

    public override void Run()
    {
        BinaryPrimitives.WriteInt16BigEndian(rows.GetSpan(sizeof(short)), (short)row.Length);
        rows.Advance(sizeof(short));
        foreach (var cell in row) rows.Write(cell.Bytes);
        if (rows.WrittenCount >= MostBytes) Write();
    }

    public override void Complete() => Write();

    private void Write()
    {
        if (rows.WrittenCount == Head.Length) return;
        rows.Write(End);
        using (var stream = connection.BeginRawBinaryCopy(copy)) stream.Write(rows.WrittenSpan);
        rows.ResetWrittenCount();
        rows.Write(Head);
    }

    protected override void Set(int at, long value) => BinaryPrimitives.WriteInt64BigEndian(row[at - 1].Take(sizeof(long)), value);

    protected override void Set(int at, string value)
    {
        var text = PostgresStatement.Storable(value);
        Encoding.UTF8.GetBytes(text, row[at - 1].Take(Encoding.UTF8.GetByteCount(text)));
    }

    protected override void Set(int at, ReadOnlySpan<byte> value) => value.CopyTo(row[at - 1].Take(value.Length));

    protected override void SetNull(int at, bool isText) => row[at - 1].SetNull();

    public override void Dispose()
    {
    }

    /// <summary>A value with its length before it, -1 for none.</summary>
    private sealed class Cell
    {
        private const int LengthBytes = sizeof(int);

        private byte[] bytes = new byte[LengthBytes + sizeof(long)];
        private int length;

        public Cell() => SetNull();

        public ReadOnlySpan<byte> Bytes => bytes.AsSpan(0, length);

        public Span<byte> Take(int valueLength)
        {
            length = LengthBytes + valueLength;
            if (bytes.Length < length) bytes = new byte[length];
            BinaryPrimitives.WriteInt32BigEndian(bytes, valueLength);
            return bytes.AsSpan(LengthBytes, valueLength);
        }

        public void SetNull()
        {
            length = LengthBytes;
            BinaryPrimitives.WriteInt32BigEndian(bytes, -1);
        }
    }
}
