using System.Data;
using System.Data.Common;
using System.Globalization;
using Dapper;
using DbUp;
using DbUp.Engine;
using Ingest.Worker.Service;
using Ingest.Worker.Settings;
using Npgsql;

namespace Ingest.Worker.Ledger;

/// <summary>A database of a PostgreSQL server's. Writers take turns by a lock that the server holds, whichever process they are in.</summary>
internal sealed class PostgresBackend : LedgerBackend
{
    // "Ingest", for whoever looks at pg_locks: the ledger, and with a school's number that school.
    private const int Lock = 0x496E67;

    // No school's number.
    private const int StartLock = -1;

    // A close may go through millions of rows in one statement. The wait for the lock has no end but the stop: a close is as long as it is.
    private const int CommandSeconds = 600;

    // All of our joins are by a table's key. Of a table that has just begun to grow the server knows too little, and would read it whole, again
    // and again, to join it; and to compile a statement costs more than to run it.
    private const string Plans = "-c enable_hashjoin=off -c enable_mergejoin=off -c jit=off";

    private static readonly TimeSpan[] WaitsForAnswer = [.. new[] { 0.2, 0.5, 1, 2, 5, 10, 20, 30, 60 }.Select(TimeSpan.FromSeconds)];

    private readonly NpgsqlDataSource source;
    private readonly TimeProvider time;
    private readonly int partitions;
    private readonly string schemaConnection;

    /// <param name="partitions">See <see cref="LedgerSettings.Partitions"/>.</param>
    public PostgresBackend(string connectionString, TimeProvider time, bool readOnly, int partitions)
    {
        (this.time, this.partitions) = (time, partitions);
        var settings = Parse(connectionString);
        Name = string.Create(CultureInfo.InvariantCulture, $"PostgreSQL {settings.Host}:{settings.Port}/{settings.Database}");
        var given = connectionString.Replace(" ", "", StringComparison.Ordinal);
        if (!given.Contains("CommandTimeout", StringComparison.OrdinalIgnoreCase)) settings.CommandTimeout = CommandSeconds;
        settings.ApplicationName ??= "MinaTjanster Ingest";
        // The statements that run often are few, and are prepared from the second time on.
        settings.MaxAutoPrepare = 100;
        settings.AutoPrepareMinUsages = 2;
        // An error's detail may hold a row's values.
        settings.IncludeErrorDetail = false;
        settings.PersistSecurityInfo = false;
        // A server that is gone is noticed while we wait for its lock. A connection is reset when it is given back, which costs no round
        // trip: a cursor that a fault has left behind goes with that.
        settings.KeepAlive = 30;
        settings.Options = $"{settings.Options} {Plans}{(readOnly ? " -c default_transaction_read_only=on" : "")}".Trim();
        source = new NpgsqlDataSourceBuilder(settings.ConnectionString).Build();
        // What makes the schema keeps its connection otherwise until the process ends.
        settings.Pooling = false;
        schemaConnection = settings.ConnectionString;
    }

    private static NpgsqlConnectionStringBuilder Parse(string connectionString)
    {
        try
        {
            return new NpgsqlConnectionStringBuilder(connectionString);
        }
        catch (Exception e) when (e is ArgumentException or FormatException or KeyNotFoundException)
        {
            // Its message may show what stands there, and so a password.
            throw new StartException("Ledger:ConnectionString går inte att läsa. Väntat: Host=…;Database=…;Username=…;Password=…");
        }
    }

    /// <summary>Waits until no other service on the database is being started, and lets none begin until it is disposed.</summary>
    public static IDisposable StartTurn(string connectionString)
    {
        var settings = Parse(connectionString);
        settings.Pooling = false;
        var connection = new NpgsqlConnection(settings.ConnectionString);
        try
        {
            connection.Open();
            connection.BeginTransaction();
            connection.Execute($"SELECT pg_advisory_xact_lock({Lock}, {StartLock})", commandTimeout: 0);
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    public override string Name { get; }

    public override DbConnection Open() => source.OpenConnection();

    public override void BeforeMigration()
    {
        using var connection = source.OpenConnection();
        if (connection.ExecuteScalar<string>("SHOW server_encoding") is var encoding and not "UTF8")
            throw new StartException($"Databasen ({Name}) har teckenkodningen {encoding}. Skapa en med UTF8: createdb --encoding=UTF8 --template=template0.");
    }

    public override UpgradeEngine Scripts() => DeployChanges.To
        .PostgresqlDatabase(schemaConnection)
        .WithScriptsEmbeddedInAssembly(typeof(LedgerDatabase).Assembly, name => name.EndsWith(".sql", StringComparison.Ordinal))
        .WithPreprocessor(new PostgresSchema(partitions))
        .WithTransactionPerScript()
        .WithVariablesDisabled()
        .LogToNowhere()
        .Build();

    public override Task<IDisposable?> TurnAsync(CancellationToken stop) => Task.FromResult<IDisposable?>(null);

    public override async Task<T> TryAsync<T>(DbConnection connection, long? school, Func<DbTransaction, T> work, CancellationToken stop)
    {
        if (connection.State != ConnectionState.Open)
        {
            // The try before broke it.
            await connection.CloseAsync();
            await connection.OpenAsync(stop);
        }
        await using var transaction = await connection.BeginTransactionAsync(stop);
        var number = await LockAsync((NpgsqlConnection)connection, school, stop);
        var result = work(transaction);
        try
        {
            await transaction.CommitAsync(CancellationToken.None);
        }
        catch (Exception e) when (IsTransient(e))
        {
            // Whether it was committed is not known until the server says so.
            if (!await IsCommittedAsync(number, stop)) throw;
        }
        return result;
    }

    /// <returns>The transaction's number, by which the server knows for ever what became of it.</returns>
    private static async Task<string> LockAsync(NpgsqlConnection connection, long? school, CancellationToken stop)
    {
        var locks = school is { } id
            ? string.Create(CultureInfo.InvariantCulture, $"pg_advisory_xact_lock_shared({Lock}), pg_advisory_xact_lock({Lock}, {id})")
            : string.Create(CultureInfo.InvariantCulture, $"pg_advisory_xact_lock({Lock})");
        await using var command = new NpgsqlCommand($"SELECT pg_current_xact_id()::text, {locks}", connection) { CommandTimeout = 0 };
        return (string)(await command.ExecuteScalarAsync(stop))!;
    }

    /// <summary>Asks until it is answered: to do it all again without knowing might do it twice.</summary>
    private async Task<bool> IsCommittedAsync(string transaction, CancellationToken stop)
    {
        foreach (var wait in WaitsForAnswer)
        {
            try
            {
                source.Clear();
                await using var connection = await source.OpenConnectionAsync(stop);
                while (await connection.ExecuteScalarAsync<string?>("SELECT pg_xact_status(CAST(@transaction AS xid8))", new { transaction }) is var status)
                {
                    if (status != "in progress") return status == "committed";
                    await Task.Delay(WaitsForAnswer[0], time, stop);
                }
            }
            catch (Exception e) when (IsTransient(e))
            {
                await Task.Delay(wait, time, stop);
            }
        }
        throw new UnansweredException();
    }

    /// <summary>Not tried again here: whoever meets the file or the window again sees by its row what became of it.</summary>
    private sealed class UnansweredException : NpgsqlException;

    public override void MakeRoom(DbConnection connection, DbTransaction transaction, long file) => PostgresPartitions.Make(connection, transaction, file);

    /// <summary>What broke one connection has perhaps broken all that wait in the pool.</summary>
    public override void Renew() => source.Clear();

    public override bool IsTransient(Exception e) => e switch
    {
        UnansweredException => false,
        PostgresException p => p.IsTransient || p.SqlState is PostgresErrorCodes.SerializationFailure or PostgresErrorCodes.DeadlockDetected
            or PostgresErrorCodes.AdminShutdown or PostgresErrorCodes.CrashShutdown or PostgresErrorCodes.CannotConnectNow || p.SqlState.StartsWith("08", StringComparison.Ordinal),
        NpgsqlException n => n.IsTransient || n.InnerException is IOException or System.Net.Sockets.SocketException or TimeoutException,
        _ => false,
    };

    /// <summary>The server writes where it will; VACUUM and its log are its keeper's (docs/operations.md).</summary>
    public override void Overwrite(DbConnection connection)
    {
    }

    public override void EmptyLog(DbConnection connection)
    {
    }

    public override void Dispose() => source.Dispose();
}
