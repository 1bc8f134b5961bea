using System.Data.Common;
using DbUp.Engine;

namespace Ingest.Worker.Ledger;

/// <summary>The database that a ledger is in. There are two: SQLite's file in the root, and a server's (PostgreSQL).</summary>
internal abstract class LedgerBackend : IDisposable
{
    /// <summary>What an operator knows it by; never a password.</summary>
    public abstract string Name { get; }

    public abstract DbConnection Open();

    /// <summary>Sees to it that the database can take the schema.</summary>
    public abstract void BeforeMigration();

    public abstract UpgradeEngine Scripts();

    /// <summary>Waits until no other of this process writes; null when the database sees to that.</summary>
    public abstract Task<IDisposable?> TurnAsync(CancellationToken stop);

    /// <summary>One try of a transaction in which no other writes, all or nothing.</summary>
    /// <param name="school">Only this school's rows are written, and all others' files may be committed meanwhile; null: nobody else writes.</param>
    public abstract Task<T> TryAsync<T>(DbConnection connection, long? school, Func<DbTransaction, T> work, CancellationToken stop);

    /// <summary>Sees to it that there is a place for the rows of a day's files.</summary>
    /// <param name="file">The day's first, within the transaction that claims it.</param>
    public abstract void MakeRoom(DbConnection connection, DbTransaction transaction, long file);

    /// <summary>A try has failed: no connection that was open before it is used again.</summary>
    public virtual void Renew()
    {
    }

    /// <summary>True for what another try may mend; a fault of ours is not retried.</summary>
    public abstract bool IsTransient(Exception e);

    /// <summary>What this connection overwrites from now on can be read from the disk no more.</summary>
    public abstract void Overwrite(DbConnection connection);

    /// <summary>What was overwritten leaves the log too, where that is ours to say.</summary>
    public abstract void EmptyLog(DbConnection connection);

    public abstract void Dispose();
}
