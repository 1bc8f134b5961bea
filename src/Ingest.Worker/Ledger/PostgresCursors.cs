using System.Globalization;
using System.Runtime.CompilerServices;
using Npgsql;

namespace Ingest.Worker.Ledger;

/// <summary>Names for cursors, of each connection the lowest that is free: so the statements with them are few, and can stay prepared.</summary>
internal static class PostgresCursors
{
    private static readonly ConditionalWeakTable<NpgsqlConnection, HashSet<int>> Taken = [];

    public static string Take(NpgsqlConnection connection)
    {
        var taken = Taken.GetOrCreateValue(connection);
        var number = 1;
        while (!taken.Add(number)) number++;
        return Name(number);
    }

    public static void GiveBack(NpgsqlConnection connection, string name) => Taken.GetOrCreateValue(connection).Remove(int.Parse(name.AsSpan(Prefix.Length), CultureInfo.InvariantCulture));

    private const string Prefix = "rows_";

    private static string Name(int number) => Prefix + number.ToString(CultureInfo.InvariantCulture);
}
