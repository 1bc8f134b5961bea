using System.CommandLine;
using Ingest.Tests;

namespace Ingest.Bench;

/// <summary>An empty ledger for one run: SQLite's, in the run's root, or a database of a cluster's, which is gone afterwards.</summary>
internal sealed class BenchLedger : IAsyncDisposable
{
    public const string Postgres = "postgres";

    private readonly PostgresCluster? cluster;

    private BenchLedger(PostgresCluster? cluster, string connection) => (this.cluster, Connection) = (cluster, connection);

    /// <summary>The setting <c>Ledger:ConnectionString</c>.</summary>
    public string Connection { get; }

    public static Option<string> Option()
    {
        var option = new Option<string>("--ledger") { Description = "sqlite or postgres", DefaultValueFactory = _ => "sqlite" };
        option.AcceptOnlyFromAmong("sqlite", Postgres);
        return option;
    }

    /// <param name="cluster">Null: SQLite.</param>
    public static async Task<BenchLedger> NewAsync(PostgresCluster? cluster) => new(cluster, cluster is null ? "" : await cluster.CreateDatabaseAsync());

    public async ValueTask DisposeAsync()
    {
        if (cluster is not null) await cluster.DropDatabaseAsync(Connection);
    }
}
