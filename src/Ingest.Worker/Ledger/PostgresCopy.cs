using Npgsql;
using NpgsqlTypes;

namespace Ingest.Worker.Ledger;

/// <summary>Gathers rows and writes them by COPY, some thousand at a time: between two writings other statements may run on the connection.</summary>
internal sealed class PostgresCopy(NpgsqlConnection connection, string table, string columns, int width) : RowWriter
{
    private const int MostRows = 5_000;
    private const int MostBytes = 4 << 20;

    private readonly object?[] row = new object?[width];
    private readonly List<object?[]> rows = [];
    private int bytes;

    public override void Run()
    {
        rows.Add([.. row]);
        if (rows.Count >= MostRows || bytes >= MostBytes) Write();
    }

    public override void Complete() => Write();

    private void Write()
    {
        if (rows.Count == 0) return;
        using (var copy = connection.BeginBinaryImport($"COPY {table} ({columns}) FROM STDIN (FORMAT BINARY)"))
        {
            foreach (var values in rows)
            {
                copy.StartRow();
                foreach (var value in values)
                {
                    switch (value)
                    {
                        case null: copy.WriteNull(); break;
                        case long number: copy.Write(number, NpgsqlDbType.Bigint); break;
                        case string text: copy.Write(text, NpgsqlDbType.Text); break;
                        case byte[] blob: copy.Write(blob, NpgsqlDbType.Bytea); break;
                    }
                }
            }
            copy.Complete();
        }
        rows.Clear();
        bytes = 0;
    }

    protected override void Set(int at, long value) => row[at - 1] = value;

    protected override void Set(int at, string value)
    {
        row[at - 1] = PostgresStatement.Storable(value);
        bytes += value.Length;
    }

    protected override void Set(int at, ReadOnlySpan<byte> value)
    {
        row[at - 1] = value.ToArray();
        bytes += value.Length;
    }

    protected override void SetNull(int at, bool isText) => row[at - 1] = null;

    public override void Dispose()
    {
    }
}
