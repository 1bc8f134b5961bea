using System.Data.Common;
using Dapper;
using Ingest.Rules;

namespace Ingest.Worker.Ledger;

/// <summary>A process that works on the root, with others.</summary>
/// <param name="Beat">The last time that it said that it lives, by its own clock.</param>
/// <param name="Holds">What only it works on now: schools, and <see cref="LedgerDatabase.Watch"/>.</param>
public sealed record WorkerRow(long Id, string Name, DateTimeOffset Started, DateTimeOffset Beat, IReadOnlyList<string> Holds);

/// <summary>
/// Somebody else has taken over what this process held, for it was not heard from. Whatever it has in hand is the other's now.
/// </summary>
internal sealed class HoldLostException(string what) : Exception($"{(what == LedgerDatabase.Watch ? "The watch" : "A school")} is another worker's now.");

/// <summary>Rows about the processes that work side by side, and what each of them holds.</summary>
public sealed partial class LedgerDatabase
{
    /// <summary>Held by the one who watches the folders and closes the windows. No folder can have that name.</summary>
    internal const string Watch = "/";

    /// <summary>As which of several this process writes; null when it is the only one, or an operator's.</summary>
    internal long? Worker { get; set; }

    /// <summary>Joins the others. One that had the name before is gone: its name is locked in the root.</summary>
    internal Task JoinAsync(long id, string name, DateTimeOffset now, CancellationToken stop) => WriteAsync((c, t) =>
    {
        c.Execute("DELETE FROM hold WHERE worker IN (SELECT id FROM worker WHERE name = @name); DELETE FROM worker WHERE name = @name", new { name }, t);
        c.Execute("INSERT INTO worker (id, name, started, beat) VALUES (@id, @name, @now, @now)", new { id, name, now = Instant(now) }, t);
    }, stop);

    /// <summary>Says that the worker lives. In no turn with other writers: a close may take minutes, and its worker lives meanwhile.</summary>
    /// <returns>False when it has been declared gone.</returns>
    internal bool Beat(long id, DateTimeOffset now)
    {
        using var connection = Open();
        return connection.Execute("UPDATE worker SET beat = @now WHERE id = @id", new { now = Instant(now), id }) == 1;
    }

    /// <summary>Takes a worker out, with all that it held.</summary>
    /// <param name="beat">Only if it has not been heard from since.</param>
    /// <returns>False when it has, or is out already.</returns>
    internal async Task<bool> RemoveWorkerAsync(long id, DateTimeOffset beat, CancellationToken stop)
    {
        var removed = false;
        await WriteAsync((c, t) =>
        {
            removed = c.Execute("DELETE FROM worker WHERE id = @id AND beat = @beat", new { id, beat = Instant(beat) }, t) == 1;
            if (removed) c.Execute("DELETE FROM hold WHERE worker = @id", new { id }, t);
        }, stop);
        return removed;
    }

    internal List<WorkerRow> Workers()
    {
        using var connection = Open();
        var holds = connection.Query<(long Worker, string School)>("SELECT worker, school FROM hold ORDER BY school").ToLookup(h => h.Worker, h => h.School);
        return [.. connection.Query<(long Id, string Name, string Started, string Beat)>("SELECT id, name, started, beat FROM worker ORDER BY name")
            .Select(w => new WorkerRow(w.Id, w.Name, Instant(w.Started), Instant(w.Beat), [.. holds[w.Id]]))];
    }

    /// <summary>Which worker holds it; null when nobody does. Asked first of all at each poll, and so by a connection that a server's fall may have broken.</summary>
    internal async Task<long?> HolderAsync(string what, CancellationToken stop) => await retry.ExecuteAsync(_ =>
    {
        using var connection = Open();
        return ValueTask.FromResult(Holder(connection, what, null));
    }, stop);

    /// <summary>Takes what nobody holds.</summary>
    internal async Task<bool> TakeHoldAsync(string what, long worker, CancellationToken stop)
    {
        using var connection = Open();
        return await WriteAsync(connection, t =>
        {
            // One that was taken out meanwhile holds nothing, or nobody would ever take it from him.
            connection.Execute("INSERT INTO hold (school, worker) SELECT @what, id FROM worker WHERE id = @worker ON CONFLICT DO NOTHING", new { what, worker }, t);
            return Holder(connection, what, t) == worker;
        }, stop);
    }

    internal Task LeaveHoldAsync(string what, long worker, CancellationToken stop) =>
        WriteAsync((c, t) => c.Execute("DELETE FROM hold WHERE school = @what AND worker = @worker", new { what, worker }, t), stop);

    /// <summary>In the transaction that what follows depends on: a hold changes hands only when nobody else writes.</summary>
    /// <exception cref="HoldLostException">It is not this worker's.</exception>
    internal void RequireHold(DbConnection connection, DbTransaction transaction, string what)
    {
        if (Worker is { } me && Holder(connection, what, transaction) != me) throw new HoldLostException(what);
    }

    /// <summary>The same of the file's school. What an operator's command takes in is in nobody's queue.</summary>
    internal void RequireHold(DbConnection connection, DbTransaction transaction, FileRow file)
    {
        if (file.Origin == Origin.School) RequireHold(connection, transaction, file.School);
    }

    private static long? Holder(DbConnection connection, string what, DbTransaction? transaction) =>
        connection.ExecuteScalar<long?>("SELECT worker FROM hold WHERE school = @what", new { what }, transaction);
}
