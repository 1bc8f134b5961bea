using Ingest.Formats;
using Microsoft.Data.Sqlite;

namespace Ingest.Worker.Ledger;

/// <summary>Looks single records up.</summary>
internal sealed class EventQuery(SqliteConnection connection, long school) : IDisposable
{
    private readonly IdentityLinks links = IdentityLinks.Of(connection, school, DateOnly.MaxValue);
    private readonly EventColumns columns = new();
    private readonly RawStatement row = new(connection, $"SELECT {EventColumns.Names} FROM event WHERE file = ?1 AND student = ?2 AND line = ?3");

    /// <summary>A person's record at a line of a file, under whichever of the numbers; null when there is none.</summary>
    public StudentRecord? Find(long file, Personnummer person, long line)
    {
        foreach (var number in links.PersonOf.Count == 0 ? [person.Digits] : links.NumbersOf(person.Digits))
        {
            if (!row.Bind(1, file).Bind(2, number).Bind(3, line).Step()) continue;
            var record = columns.Read(row, 0, Personnummer.FromStorage(number));
            row.Reset();
            return record;
        }
        return null;
    }

    public void Dispose() => row.Dispose();
}
