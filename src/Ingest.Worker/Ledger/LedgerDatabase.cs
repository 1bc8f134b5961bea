using System.Globalization;
using Dapper;
using DbUp;
using DbUp.Engine;
using Ingest.Worker.Service;
using Ingest.Worker.Settings;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;
using Polly;
using Polly.Retry;
using SQLitePCL;

namespace Ingest.Worker.Ledger;

/// <summary>
/// The ledger's database: the truth of which folders are inbox and outbox. SQLite in WAL mode, every commit flushed. Readers never
/// wait; writers take turns at <see cref="WriteAsync{T}"/>.
/// </summary>
public sealed partial class LedgerDatabase : IDisposable
{
    // SQLite counts its memory under one lock for the whole process, for nobody who asks. To be said before the first connection.
    static LedgerDatabase()
    {
        Batteries_V2.Init();
        _ = raw.sqlite3_config(raw.SQLITE_CONFIG_MEMSTATUS, 0);
    }

    private readonly string connectionString;
    private readonly TimeProvider time;
    private readonly bool readOnly;
    private readonly string synchronous;
    private readonly SemaphoreSlim writers = new(1, 1);
    private readonly ResiliencePipeline retry;

    /// <param name="path">The file; made when missing.</param>
    /// <param name="readOnly">Opens without writing anything, not even a migration.</param>
    /// <param name="thrownAway">It is deleted by the process that makes it, so that nothing need be flushed.</param>
    public LedgerDatabase(string path, TimeProvider time, bool readOnly = false, ILogger? log = null, bool thrownAway = false)
    {
        this.time = time;
        synchronous = thrownAway ? "OFF" : "FULL";
        this.readOnly = readOnly;
        Path = path;
        connectionString = new SqliteConnectionStringBuilder
        {
            DataSource = path,
            // A read-only connection would leave -wal and -shm behind it; one that may write, and is told not to, takes them away again.
            Mode = readOnly ? SqliteOpenMode.ReadWrite : SqliteOpenMode.ReadWriteCreate,
            ForeignKeys = true,
            Pooling = true,
            // With the tries below two minutes, after which an operator is told.
            DefaultTimeout = 20,
        }.ToString();
        // Only what another process holding the file can cause; a fault of ours is not retried.
        retry = new ResiliencePipelineBuilder { TimeProvider = time }
            .AddRetry(new RetryStrategyOptions
            {
                ShouldHandle = new PredicateBuilder().Handle<SqliteException>(e => e.SqliteErrorCode is raw.SQLITE_BUSY or raw.SQLITE_LOCKED),
                MaxRetryAttempts = 5,
                Delay = TimeSpan.FromMilliseconds(200),
                MaxDelay = TimeSpan.FromSeconds(5),
                BackoffType = DelayBackoffType.Exponential,
                UseJitter = true,
                OnRetry = retried =>
                {
                    log?.LogWarning("The ledger was busy; try {Try} follows", retried.AttemptNumber + 2);
                    return ValueTask.CompletedTask;
                },
            })
            .Build();
    }

    /// <summary>The database file.</summary>
    public string Path { get; }

    /// <summary>True once its bytes were found to be damaged: the service then ends, for nothing more may be built on them.</summary>
    public bool IsDamaged { get; private set; }

    /// <summary>Told of whatever failed and may have been the ledger.</summary>
    internal void Note(Exception fault) => IsDamaged |= Fault.IsDamage(fault);

    /// <summary>Brings the schema up to date. Runs once at start.</summary>
    /// <exception cref="StartException">It is a newer program's, or cannot be brought up to date.</exception>
    public void Migrate()
    {
        // Of a new database; one that has pages keeps theirs.
        using (var connection = new SqliteConnection(connectionString))
        {
            connection.Open();
            // Migrations get this connection from the pool, as it is set here.
            connection.Execute($"PRAGMA synchronous = {synchronous}; PRAGMA page_size = {PageBytes}; PRAGMA journal_mode = WAL");
        }
        var scripts = Scripts();
        RefuseNewer(scripts);
#if CRASH_POINTS
        scripts.ScriptExecuted += (_, _) => CrashPoint.Reached("start.script");
#endif
        var result = scripts.PerformUpgrade();
        if (result.Successful) return;
        throw new StartException($"Liggaren {Path} kan inte uppgraderas ({((DatabaseUpgradeResult)result).ErrorScript?.Name}): {Fault.Say(result.Error)}.");
    }

    /// <summary>For those who only look.</summary>
    /// <exception cref="StartException">It is a newer program's, or an older one's, which only the service brings up to date.</exception>
    public void RefuseOtherVersion()
    {
        var scripts = Scripts();
        RefuseNewer(scripts);
        if (scripts.IsUpgradeRequired()) throw new StartException($"{Path} är från en äldre version. Starta tjänsten en gång (run), så uppgraderas den.");
    }

    /// <summary>What a newer program has written may mean something that this one does not know.</summary>
    private void RefuseNewer(UpgradeEngine scripts)
    {
        if (scripts.GetExecutedButNotDiscoveredScripts() is not [var newer, ..]) return;
        throw new StartException($"Liggaren {Path} är från en nyare version av programmet ({newer.Replace(ScriptPrefix, "", StringComparison.Ordinal)}). Kör den versionen, eller återställ säkerhetskopian från före uppgraderingen.");
    }

    // A call to the system for each page read or written: with 4 KiB they were a fifth of a large intake.
    private const int PageBytes = 16_384;

    private const string ScriptPrefix = "Ingest.Worker.Ledger.Migrations.";

    private UpgradeEngine Scripts() => DeployChanges.To
        .SqliteDatabase(connectionString)
        .WithScriptsEmbeddedInAssembly(typeof(LedgerDatabase).Assembly, name => name.EndsWith(".sql", StringComparison.Ordinal))
        .WithTransactionPerScript()
        .WithVariablesDisabled()
        .LogToNowhere()
        .Build();

    /// <summary>Opens a connection. Dispose it.</summary>
    public SqliteConnection Open()
    {
        RefuseAnother();
        var connection = new SqliteConnection(connectionString);
        connection.Open();
        opened ??= Posix.IdentityOf(Path);
        if (readOnly)
        {
            connection.Execute("PRAGMA query_only = ON; PRAGMA temp_store = FILE;");
            return connection;
        }
        connection.Execute($"PRAGMA journal_mode = WAL; PRAGMA synchronous = {synchronous}; PRAGMA temp_store = FILE; PRAGMA cache_size = -2048;");
        return connection;
    }

    // Which file it was when it was first opened.
    private string? opened;

    /// <summary>
    /// A ledger that is removed or replaced while we have it open would take every commit and keep none. Then nothing is read or
    /// written until the same file is back.
    /// </summary>
    private void RefuseAnother()
    {
        if (opened is not null && Posix.IdentityOf(Path) != opened)
            throw new SqliteException("The ledger is gone, or another file has taken its place.", raw.SQLITE_CANTOPEN);
    }

    /// <summary>One short transaction, all or nothing, when no other writes.</summary>
    public async Task<T> WriteAsync<T>(SqliteConnection connection, Func<SqliteTransaction, T> work, CancellationToken stop)
    {
        await writers.WaitAsync(stop);
        try
        {
            return await retry.ExecuteAsync(_ =>
            {
                RefuseAnother();
                using var transaction = connection.BeginTransaction(deferred: false);
                var result = work(transaction);
                CrashPoint.Reached("ledger.committing");
                transaction.Commit();
                CrashPoint.Reached("ledger.committed");
                return ValueTask.FromResult(result);
            }, stop);
        }
        finally
        {
            writers.Release();
        }
    }

    public Task WriteAsync(SqliteConnection connection, Action<SqliteTransaction> work, CancellationToken stop) =>
        WriteAsync(connection, transaction =>
        {
            work(transaction);
            return true;
        }, stop);

    /// <summary>One short transaction on a connection of its own.</summary>
    public async Task WriteAsync(Action<SqliteConnection, SqliteTransaction> work, CancellationToken stop)
    {
        using var connection = Open();
        await WriteAsync(connection, transaction => work(connection, transaction), stop);
    }

    public string? Setting(string key)
    {
        using var connection = Open();
        return connection.QuerySingleOrDefault<string>("SELECT value FROM setting WHERE key = @key", new { key });
    }

    public Task SetAsync(string key, string value, CancellationToken stop) =>
        WriteAsync((c, t) => c.Execute(
            "INSERT INTO setting (key, value) VALUES (@key, @value) ON CONFLICT (key) DO UPDATE SET value = excluded.value", new { key, value }, t), stop);

    public void Dispose()
    {
        writers.Dispose();
        // Only this ledger's: another may be open beside it.
        using var connection = new SqliteConnection(connectionString);
        SqliteConnection.ClearPool(connection);
    }

    internal static long Number(DateOnly date) => date.Year * 10_000 + date.Month * 100 + date.Day;

    internal static DateOnly Date(long number) => new((int)(number / 10_000), (int)(number / 100 % 100), (int)(number % 100));

    internal static string Instant(DateTimeOffset instant) => instant.UtcDateTime.ToString("O", CultureInfo.InvariantCulture);

    internal static DateTimeOffset Instant(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);
}
