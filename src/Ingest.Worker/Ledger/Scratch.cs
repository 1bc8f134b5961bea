using Dapper;
using Microsoft.Data.Sqlite;

namespace Ingest.Worker.Ledger;

/// <summary>
/// A database of one file's own, made when more is to be put aside than memory should hold, and gone with the connection. SQLite keeps
/// what does not fit its cache in a temporary file without a name.
/// </summary>
internal sealed class Scratch : IDisposable
{
    private SqliteConnection? connection;

    public SqliteConnection Connection => connection ??= Open();

    private static SqliteConnection Open()
    {
        var made = new SqliteConnection("Data Source=;Pooling=False");
        made.Open();
        // Nothing of it outlives the process, so nothing is to be flushed or undone.
        made.Execute("PRAGMA page_size = 16384; PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA temp_store = FILE; PRAGMA cache_size = -8192;");
        return made;
    }

    public void Dispose() => connection?.Dispose();
}
