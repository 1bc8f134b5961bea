using Npgsql;
using NpgsqlTypes;

namespace Ingest.Worker.Ledger;

/// <summary>Rows of <c>student_file</c> and <c>event</c> of many students at once: each of these is one round trip to the server.</summary>
internal static class PostgresEvents
{
    /// <summary>Where students are, each student's in file order.</summary>
    public static List<(long Student, long File, long Block)> Places(NpgsqlConnection connection, long school, long[] students) => Read(connection,
        "SELECT student, file, block FROM student_file WHERE school = $1 AND student = ANY($2) ORDER BY student, file", [Of(school), Of(students)]);

    /// <summary>Where students are in the file beside each.</summary>
    public static List<(long Student, long File, long Block)> Places(NpgsqlConnection connection, long[] schools, long[] students, long[] files) => Read(connection,
        "SELECT DISTINCT p.student, p.file, p.block FROM unnest($1, $2, $3) AS w (school, student, file) JOIN student_file p ON p.school = w.school AND p.student = w.student AND p.file = w.file",
        [Of(schools), Of(students), Of(files)]);

    /// <summary>The blocks of those numbers, each in the file beside it.</summary>
    public static Dictionary<(long File, long Number), EventBlock> Blocks(NpgsqlConnection connection, long[] files, long[] numbers)
    {
        var blocks = new Dictionary<(long, long), EventBlock>(files.Length);
        using var command = Command(connection,
            "SELECT e.file, e.block, e.records, e.states FROM unnest($1, $2) AS w (file, block) JOIN event e ON e.file = w.file AND e.block = w.block", [Of(files), Of(numbers)]);
        using var rows = command.ExecuteReader();
        while (rows.Read()) blocks.Add((rows.GetInt64(0), rows.GetInt64(1)), new EventBlock(rows.GetFieldValue<byte[]>(2), rows.GetFieldValue<byte[]>(3)));
        return blocks;
    }

    public static void SetStates(NpgsqlConnection connection, long[] files, long[] numbers, byte[][] states)
    {
        using var command = Command(connection,
            "UPDATE event e SET states = w.states FROM unnest($1, $2, $3) AS w (file, block, states) WHERE e.file = w.file AND e.block = w.block",
            [Of(files), Of(numbers), new NpgsqlParameter { Value = states, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bytea }]);
        command.ExecuteNonQuery();
    }

    private static List<(long, long, long)> Read(NpgsqlConnection connection, string sql, NpgsqlParameter[] parameters)
    {
        var found = new List<(long, long, long)>();
        using var command = Command(connection, sql, parameters);
        using var rows = command.ExecuteReader();
        while (rows.Read()) found.Add((rows.GetInt64(0), rows.GetInt64(1), rows.GetInt64(2)));
        return found;
    }

    private static NpgsqlCommand Command(NpgsqlConnection connection, string sql, NpgsqlParameter[] parameters)
    {
        var command = new NpgsqlCommand(sql, connection);
        foreach (var parameter in parameters) command.Parameters.Add(parameter);
        return command;
    }

    private static NpgsqlParameter Of(long value) => new() { Value = value, NpgsqlDbType = NpgsqlDbType.Bigint };

    private static NpgsqlParameter Of(long[] values) => new() { Value = values, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bigint };
}
