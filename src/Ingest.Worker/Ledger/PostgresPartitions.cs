using System.Data.Common;
using System.Globalization;
using System.Text.RegularExpressions;
using Dapper;
using Ingest.Rules;

namespace Ingest.Worker.Ledger;

/// <summary>
/// The large tables in parts (docs/adr/0019): a term's rows by the file's id, which begins with its day, and within the term by a hash, of
/// the file, or of the school where a school is asked about over all its files.
/// </summary>
internal static class PostgresPartitions
{
    private static readonly (string Table, string By)[] Tables =
        [("event", "file"), ("line", "file"), ("finding", "file"), ("event_id", "file"), ("verdict", "file"), ("student_file", "school")];

    /// <summary>The schema with those tables in parts, of which there are none yet.</summary>
    /// <param name="parts">Of each term. The ledger keeps the number, for a later term's rows are to be found in the same way.</param>
    public static string Divide(string schema, int parts)
    {
        foreach (var (table, _) in Tables)
            schema = Regex.Replace(schema, $@"(?<=CREATE TABLE {table} \([^;]*\))(?=;)", " PARTITION BY RANGE (file)");
        // A later script makes other tables, or none: the number is said once, by the one that makes these.
        if (!schema.Contains("CREATE TABLE setting (", StringComparison.Ordinal)) return schema;
        return schema + string.Create(CultureInfo.InvariantCulture, $"\nINSERT INTO setting (key, value) VALUES ('partitions', '{parts}');");
    }

    /// <summary>The parts for the term of a file, if they are missing. Made beside the tables and then attached, which stops neither readers nor writers.</summary>
    public static void Make(DbConnection connection, DbTransaction transaction, long file)
    {
        if (connection.ExecuteScalar<string?>("SELECT value FROM setting WHERE key = 'partitions'", transaction: transaction) is not { } parts) return;
        var day = FileId.Day(file);
        var begins = new DateOnly(day.Year, day.Month <= 6 ? 1 : 7, 1);
        var term = string.Create(CultureInfo.InvariantCulture, $"{day.Year}h{(day.Month <= 6 ? 1 : 2)}");
        if (connection.ExecuteScalar<bool>("SELECT to_regclass(@name) IS NOT NULL", new { name = $"{Tables[0].Table}_{term}" }, transaction)) return;
        foreach (var (table, by) in Tables)
        {
            var name = $"{table}_{term}";
            connection.Execute($"CREATE TABLE {name} (LIKE {table} INCLUDING ALL) PARTITION BY HASH ({by})", transaction: transaction);
            for (var part = 0; part < int.Parse(parts, CultureInfo.InvariantCulture); part++)
                connection.Execute(string.Create(CultureInfo.InvariantCulture,
                    $"CREATE TABLE {name}_{part} PARTITION OF {name} FOR VALUES WITH (MODULUS {parts}, REMAINDER {part}) WITH ({PostgresSchema.Whole})"), transaction: transaction);
            connection.Execute(string.Create(CultureInfo.InvariantCulture,
                $"ALTER TABLE {table} ATTACH PARTITION {name} FOR VALUES FROM ({FileId.Of(begins, 0)}) TO ({FileId.Of(begins.AddMonths(6), 0)})"), transaction: transaction);
        }
    }
}
