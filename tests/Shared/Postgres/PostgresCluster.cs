using System.Diagnostics;
using System.Globalization;
using System.IO.Abstractions;
using Npgsql;

namespace Ingest.Tests;

/// <summary>
/// A PostgreSQL cluster of its own, in a temporary folder, that only this machine can reach. A keeper outside the process tree has it:
/// when the pipe to it closes, because this is disposed of or because the process was killed, it stops the cluster and deletes the folder.
/// </summary>
internal sealed class PostgresCluster : IAsyncDisposable
{
    private const string Installed = "/usr/lib/postgresql";
    private const string User = "postgres";

    // Below those that the system hands out by itself, so that none is taken while the cluster is down.
    private const int FirstPort = 20_000, EndOfPorts = 32_768;
    private const int MostTries = 5;

    private static readonly FileSystem Files = new();

    // PostgreSQL refuses root. A namespace that made an ordinary user root knows no other user: there it is made somebody else again.
    private const string NotAsRoot = """
        [ "$(id -u)" -ne 0 ] && exec "$@"
        runuser -u postgres -- true 2>/dev/null && exec runuser -u postgres -- "$@"
        exec unshare --user --map-user=65534 --map-group=65534 -- "$@"
        """;

    // Only the end of its input ends it. Each line of input is answered by an exit code.
    private const string Keeper = """
        trap '' PIPE HUP INT TERM
        cd /
        bin=$1 options=$2
        folder=$(mktemp -d "${TMPDIR:-/tmp}/ingest-postgres-XXXXXX") || exit
        echo "$folder"
        "$bin/initdb" --pgdata="$folder/data" --username=postgres --auth=trust --encoding=UTF8 --locale=C --no-sync --no-instructions >"$folder/log" 2>&1
        echo $?
        while read -r verb port; do
            case $verb in
            start) "$bin/pg_ctl" start -w -D "$folder/data" -l "$folder/log" -o "-h 127.0.0.1 -k . -p $port $options" ;;
            kill) "$bin/pg_ctl" stop -m immediate -D "$folder/data" ;;
            esac >/dev/null 2>&1
            echo $?
        done
        "$bin/pg_ctl" stop -m immediate -D "$folder/data" >/dev/null 2>&1
        rm -rf "$folder"
        """;

    private readonly Process keeper;
    private int port;

    private PostgresCluster(Process keeper, string folder) => (this.keeper, Folder) = (keeper, folder);

    public static bool IsInstalled => Newest() is not null;

    /// <summary>Data, socket and log; its owner's alone.</summary>
    public string Folder { get; }

    /// <param name="durable">False: commits are lost when the machine dies, and cost little.</param>
    /// <exception cref="InvalidOperationException">PostgreSQL is not installed, or does not start.</exception>
    public static async Task<PostgresCluster> StartAsync(bool durable)
    {
        var binaries = Newest() ?? throw new InvalidOperationException($"PostgreSQL is not installed (there is no {Installed}/*/bin/initdb): apt-get install postgresql");
        var options = durable ? "" : "-c fsync=off -c synchronous_commit=off -c full_page_writes=off -c max_connections=300";
        var keeper = Process.Start(new ProcessStartInfo("setsid", ["--fork", "sh", "-c", NotAsRoot, "sh", "sh", "-c", Keeper, "sh", binaries, options])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;
        var folder = await keeper.StandardOutput.ReadLineAsync() ?? throw new InvalidOperationException("No folder could be made for a PostgreSQL cluster; what was the matter stands in the error output.");
        var cluster = new PostgresCluster(keeper, folder);
        try
        {
            cluster.Demand(await keeper.StandardOutput.ReadLineAsync() == "0", "initdb");
            for (var tries = 1; ; tries++)
            {
                cluster.port = Random.Shared.Next(FirstPort, EndOfPorts);
                if (await cluster.StartServerAsync()) return cluster;
                // Somebody else may have that port.
                cluster.Demand(tries < MostTries, "pg_ctl start");
            }
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    /// <summary>A program that comes with PostgreSQL, such as <c>psql</c>.</summary>
    public static string Program(string name) => Files.Path.Combine(Newest()!, name);

    // On a machine that is so busy that it is long in answering, it is waited for.
    public string ConnectionString(string database) =>
        new NpgsqlConnectionStringBuilder { Host = "127.0.0.1", Port = port, Username = User, Database = database, Timeout = 120 }.ConnectionString;

    /// <returns>Its connection string.</returns>
    public async Task<string> CreateDatabaseAsync()
    {
        var name = "ingest_" + Guid.NewGuid().ToString("N");
        await AdministerAsync($"CREATE DATABASE {name}");
        return ConnectionString(name);
    }

    /// <summary>Whoever is still connected is put out.</summary>
    public Task DropDatabaseAsync(string connectionString) => AdministerAsync($"DROP DATABASE {new NpgsqlConnectionStringBuilder(connectionString).Database} WITH (FORCE)");

    private async Task AdministerAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(ConnectionString(User)) { Pooling = false }.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>All its processes end at once, as in a crash: what was committed is in the log alone.</summary>
    public void Kill()
    {
        keeper.StandardInput.WriteLine("kill");
        Demand(keeper.StandardOutput.ReadLine() == "0", "pg_ctl stop");
    }

    /// <summary>Starts it again after <see cref="Kill"/>, on the same port.</summary>
    public async Task RestartAsync() => Demand(await StartServerAsync(), "pg_ctl start");

    public async ValueTask DisposeAsync()
    {
        keeper.StandardInput.Close();
        await keeper.StandardOutput.ReadToEndAsync();
        keeper.Dispose();
    }

    private async Task<bool> StartServerAsync()
    {
        await keeper.StandardInput.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"start {port}"));
        return await keeper.StandardOutput.ReadLineAsync() == "0";
    }

    private void Demand(bool succeeded, string what)
    {
        if (succeeded) return;
        var log = Files.Path.Combine(Folder, "log");
        throw new InvalidOperationException($"{what} failed. {(Files.File.Exists(log) ? Files.File.ReadAllText(log) : "")}");
    }

    private static string? Newest() => !Files.Directory.Exists(Installed) ? null
        : Files.Directory.EnumerateDirectories(Installed).Select(d => Files.Path.Combine(d, "bin")).Where(d => Files.File.Exists(Files.Path.Combine(d, "initdb")))
            .MaxBy(d => int.TryParse(Files.Path.GetFileName(Files.Path.GetDirectoryName(d)), CultureInfo.InvariantCulture, out var version) ? version : 0);
}
