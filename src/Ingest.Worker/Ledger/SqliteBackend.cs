using System.Data.Common;
using Dapper;
using DbUp;
using DbUp.Engine;
using Ingest.Worker.Service;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Ingest.Worker.Ledger;

/// <summary>SQLite in WAL mode, every commit flushed. Readers never wait; writers take turns.</summary>
internal sealed class SqliteBackend : LedgerBackend
{
    // A call to the system for each page read or written: with 4 KiB they were a fifth of a large intake.
    private const int PageBytes = 16_384;

    // SQLite counts its memory under one lock for the whole process, for nobody who asks. To be said before the first connection.
    static SqliteBackend()
    {
        Batteries_V2.Init();
        _ = raw.sqlite3_config(raw.SQLITE_CONFIG_MEMSTATUS, 0);
    }

    private readonly string path;
    private readonly string connectionString;
    private readonly bool readOnly;
    private readonly string synchronous;
    private readonly SemaphoreSlim writers = new(1, 1);

    // Which file it was when it was first opened.
    private string? opened;

    public SqliteBackend(string path, bool readOnly, bool thrownAway)
    {
        (this.path, this.readOnly, synchronous) = (path, readOnly, thrownAway ? "OFF" : "FULL");
        connectionString = new SqliteConnectionStringBuilder
        {
            DataSource = path,
            // A read-only connection would leave -wal and -shm behind it; one that may write, and is told not to, takes them away again.
            Mode = readOnly ? SqliteOpenMode.ReadWrite : SqliteOpenMode.ReadWriteCreate,
            ForeignKeys = true,
            Pooling = true,
            // With the tries of a write two minutes, after which an operator is told.
            DefaultTimeout = 20,
        }.ToString();
    }

    public override string Name => path;

    public override void BeforeMigration()
    {
        // Of a new database; one that has pages keeps theirs.
        using var connection = new SqliteConnection(connectionString);
        connection.Open();
        // Migrations get this connection from the pool, as it is set here.
        connection.Execute($"PRAGMA synchronous = {synchronous}; PRAGMA page_size = {PageBytes}; PRAGMA journal_mode = WAL");
    }

    public override UpgradeEngine Scripts() => DeployChanges.To
        .SqliteDatabase(connectionString)
        .WithScriptsEmbeddedInAssembly(typeof(LedgerDatabase).Assembly, name => name.EndsWith(".sql", StringComparison.Ordinal))
        .WithTransactionPerScript()
        .WithVariablesDisabled()
        .LogToNowhere()
        .Build();

    public override DbConnection Open()
    {
        RefuseAnother();
        var connection = new SqliteConnection(connectionString);
        connection.Open();
        opened ??= Posix.IdentityOf(path);
        if (readOnly)
        {
            connection.Execute("PRAGMA query_only = ON; PRAGMA temp_store = FILE;");
            return connection;
        }
        connection.Execute($"PRAGMA journal_mode = WAL; PRAGMA synchronous = {synchronous}; PRAGMA temp_store = FILE; PRAGMA cache_size = -2048;");
        return connection;
    }

    /// <summary>
    /// A ledger that is removed or replaced while we have it open would take every commit and keep none. Then nothing is read or
    /// written until the same file is back.
    /// </summary>
    private void RefuseAnother()
    {
        if (opened is not null && Posix.IdentityOf(path) != opened)
            throw new SqliteException("The ledger is gone, or another file has taken its place.", raw.SQLITE_CANTOPEN);
    }

    public override async Task<IDisposable?> TurnAsync(CancellationToken stop)
    {
        await writers.WaitAsync(stop);
        return new Turn(writers);
    }

    private sealed record Turn(SemaphoreSlim Writers) : IDisposable
    {
        public void Dispose() => Writers.Release();
    }

    public override Task<T> TryAsync<T>(DbConnection connection, long? school, Func<DbTransaction, T> work, CancellationToken stop)
    {
        RefuseAnother();
        using var transaction = ((SqliteConnection)connection).BeginTransaction(deferred: false);
        var result = work(transaction);
        transaction.Commit();
        return Task.FromResult(result);
    }

    public override void MakeRoom(DbConnection connection, DbTransaction transaction, long file)
    {
    }

    /// <summary>Only what another process holding the file can cause.</summary>
    public override bool IsTransient(Exception e) => e is SqliteException { SqliteErrorCode: raw.SQLITE_BUSY or raw.SQLITE_LOCKED };

    public override void Overwrite(DbConnection connection) => connection.Execute("PRAGMA secure_delete = ON");

    public override void EmptyLog(DbConnection connection) => connection.Execute("PRAGMA wal_checkpoint(TRUNCATE)");

    public override void Dispose()
    {
        writers.Dispose();
        // Only this ledger's: another may be open beside it.
        using var connection = new SqliteConnection(connectionString);
        SqliteConnection.ClearPool(connection);
    }
}
