using System.Globalization;
using System.IO.Hashing;
using System.Runtime.CompilerServices;
using System.Text;
using Npgsql;

namespace Ingest.Worker.Ledger;

/// <summary>
/// Names for the cursors of a connection. Of one query they are few, so that its statements can stay prepared; of another they are others, for
/// a FETCH that is prepared has the columns that its cursor had then.
/// </summary>
internal static class PostgresCursors
{
    private static readonly ConditionalWeakTable<NpgsqlConnection, HashSet<string>> Open = [];

    public static string Take(NpgsqlConnection connection, string sql)
    {
        var (open, query) = (Open.GetOrCreateValue(connection), XxHash64.HashToUInt64(Encoding.UTF8.GetBytes(sql)));
        for (var number = 1; ; number++)
            if (string.Create(CultureInfo.InvariantCulture, $"rows_{query:x}_{number}") is var name && open.Add(name)) return name;
    }

    public static void GiveBack(NpgsqlConnection connection, string name) => Open.GetOrCreateValue(connection).Remove(name);
}
