using System.Data.Common;
using System.Globalization;
using Dapper;
using DbUp.Engine;
using Ingest.Worker.Service;
using Ingest.Worker.Settings;
using Microsoft.Extensions.Logging;
using Polly;
using Polly.Retry;

namespace Ingest.Worker.Ledger;

/// <summary>
/// The ledger's database: the truth of which folders are inbox and outbox. SQLite's file in the root, or a PostgreSQL database. Readers
/// never wait; writers take turns at <see cref="WriteAsync{T}"/>.
/// </summary>
public sealed partial class LedgerDatabase : IDisposable
{
    private readonly LedgerBackend backend;
    private readonly TimeProvider time;
    private readonly ResiliencePipeline retry;

    /// <param name="path">SQLite's file; made when missing.</param>
    /// <param name="readOnly">Opens without writing anything, not even a migration.</param>
    /// <param name="thrownAway">It is deleted by the process that makes it, so that nothing need be flushed.</param>
    /// <param name="connectionString">A PostgreSQL database; empty: SQLite.</param>
    /// <param name="partitions">Of what is made in that database: see <see cref="LedgerSettings.Partitions"/>.</param>
    public LedgerDatabase(string path, TimeProvider time, bool readOnly = false, ILogger? log = null, bool thrownAway = false, string connectionString = "", int partitions = 0)
    {
        this.time = time;
        backend = connectionString.Length > 0 ? new PostgresBackend(connectionString, time, readOnly, partitions) : new SqliteBackend(path, readOnly, thrownAway);
        retry = new ResiliencePipelineBuilder { TimeProvider = time }
            .AddRetry(new RetryStrategyOptions
            {
                ShouldHandle = new PredicateBuilder().Handle<DbException>(backend.IsTransient),
                MaxRetryAttempts = 5,
                Delay = TimeSpan.FromMilliseconds(200),
                MaxDelay = TimeSpan.FromSeconds(5),
                BackoffType = DelayBackoffType.Exponential,
                UseJitter = true,
                OnRetry = retried =>
                {
                    log?.LogWarning("The ledger was busy; try {Try} follows", retried.AttemptNumber + 2);
                    backend.Renew();
                    return ValueTask.CompletedTask;
                },
            })
            .Build();
    }

    /// <summary>The ledger of a root, by its settings.</summary>
    internal static LedgerDatabase Of(IngestSettings settings, RootFolder root, TimeProvider time, bool readOnly = false, ILogger? log = null, bool thrownAway = false) =>
        new(root.Ledger, time, readOnly, log, thrownAway, settings.Ledger.ConnectionString, settings.Ledger.Partitions);

    /// <summary>What an operator knows it by.</summary>
    internal string Name => backend.Name;

    /// <summary>True once its bytes were found to be damaged: the service then ends, for nothing more may be built on them.</summary>
    public bool IsDamaged { get; private set; }

    /// <summary>Told of whatever failed and may have been the ledger.</summary>
    internal void Note(Exception fault) => IsDamaged |= Fault.IsDamage(fault);

    /// <summary>Brings the schema up to date. Runs once at start.</summary>
    /// <exception cref="StartException">It is a newer program's, or cannot be brought up to date.</exception>
    public void Migrate()
    {
        backend.BeforeMigration();
        var scripts = backend.Scripts();
        RefuseNewer(scripts);
#if CRASH_POINTS
        scripts.ScriptExecuted += (_, _) => CrashPoint.Reached("start.script");
#endif
        var result = scripts.PerformUpgrade();
        if (result.Successful) return;
        throw new StartException($"Liggaren {Name} kan inte uppgraderas ({((DatabaseUpgradeResult)result).ErrorScript?.Name}): {Fault.Say(result.Error)}.");
    }

    /// <summary>For those who only look.</summary>
    /// <exception cref="StartException">It is a newer program's, or an older one's, which only the service brings up to date.</exception>
    public void RefuseOtherVersion()
    {
        var scripts = backend.Scripts();
        RefuseNewer(scripts);
        if (scripts.IsUpgradeRequired()) throw new StartException($"{Name} är från en äldre version. Starta tjänsten en gång (run), så uppgraderas den.");
    }

    /// <summary>What a newer program has written may mean something that this one does not know.</summary>
    private void RefuseNewer(UpgradeEngine scripts)
    {
        if (scripts.GetExecutedButNotDiscoveredScripts() is not [var newer, ..]) return;
        throw new StartException($"Liggaren {Name} är från en nyare version av programmet ({newer.Replace(ScriptPrefix, "", StringComparison.Ordinal)}). Kör den versionen, eller återställ säkerhetskopian från före uppgraderingen.");
    }

    private const string ScriptPrefix = "Ingest.Worker.Ledger.Migrations.";

    /// <summary>True of a database that no service has begun in.</summary>
    internal bool IsNew() => backend.Scripts().GetExecutedScripts().Count == 0;

    /// <summary>Opens a connection. Dispose it.</summary>
    public DbConnection Open() => backend.Open();

    /// <summary>One short transaction, all or nothing, when no other writes.</summary>
    public Task<T> WriteAsync<T>(DbConnection connection, Func<DbTransaction, T> work, CancellationToken stop) => WriteAsync(connection, school: null, work, stop);

    /// <inheritdoc cref="WriteAsync{T}(DbConnection, Func{DbTransaction, T}, CancellationToken)"/>
    /// <param name="school">Only rows of this school are written (<see cref="FilesOnly"/>: only rows of <c>file</c>): where the database can, other schools' go on beside it.</param>
    internal async Task<T> WriteAsync<T>(DbConnection connection, long? school, Func<DbTransaction, T> work, CancellationToken stop)
    {
        using var turn = await backend.TurnAsync(stop);
        return await retry.ExecuteAsync(async token =>
        {
            var result = await backend.TryAsync(connection, school, transaction =>
            {
                var written = work(transaction);
                CrashPoint.Reached("ledger.committing");
                return written;
            }, token);
            CrashPoint.Reached("ledger.committed");
            return result;
        }, stop);
    }

    /// <summary>No school's number.</summary>
    private const long FilesOnly = 0;

    public Task WriteAsync(DbConnection connection, Action<DbTransaction> work, CancellationToken stop) =>
        WriteAsync(connection, transaction =>
        {
            work(transaction);
            return true;
        }, stop);

    /// <summary>One short transaction on a connection of its own.</summary>
    public async Task WriteAsync(Action<DbConnection, DbTransaction> work, CancellationToken stop)
    {
        using var connection = Open();
        await WriteAsync(connection, transaction => work(connection, transaction), stop);
    }

    public string? Setting(string key)
    {
        using var connection = Open();
        return connection.QuerySingleOrDefault<string>("SELECT value FROM setting WHERE key = @key", new { key });
    }

    /// <summary>Sets what is set once: of two processes that begin, one does.</summary>
    public Task SetFirstAsync(string key, string value, CancellationToken stop) =>
        WriteAsync((c, t) => c.Execute("INSERT INTO setting (key, value) VALUES (@key, @value) ON CONFLICT DO NOTHING", new { key, value }, t), stop);

    public Task SetAsync(string key, string value, CancellationToken stop) =>
        WriteAsync((c, t) => c.Execute(
            "INSERT INTO setting (key, value) VALUES (@key, @value) ON CONFLICT (key) DO UPDATE SET value = excluded.value", new { key, value }, t), stop);

    public void Dispose() => backend.Dispose();

    internal static long Number(DateOnly date) => date.Year * 10_000 + date.Month * 100 + date.Day;

    internal static DateOnly Date(long number) => new((int)(number / 10_000), (int)(number / 100 % 100), (int)(number % 100));

    internal static string Instant(DateTimeOffset instant) => instant.UtcDateTime.ToString("O", CultureInfo.InvariantCulture);

    internal static DateTimeOffset Instant(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);
}
