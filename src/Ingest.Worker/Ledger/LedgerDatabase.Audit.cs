using Dapper;
using Ingest.Rules;
using Microsoft.Data.Sqlite;

namespace Ingest.Worker.Ledger;

/// <summary>What an operator did by hand.</summary>
/// <param name="Action"><c>correct</c>, <c>certificate</c>, <c>baseline</c>, <c>link</c>.</param>
/// <param name="Detail">What else was stated, as JSON, without names and personnummer.</param>
public sealed record AuditEntry(DateTimeOffset At, string Who, string Action, string School, string CaseNumber, string? Why, string? Detail = null, long? File = null);

/// <summary>What operators do by hand.</summary>
public sealed partial class LedgerDatabase
{
    /// <returns>The entry's number.</returns>
    private static long Write(SqliteConnection connection, SqliteTransaction transaction, AuditEntry a) => connection.ExecuteScalar<long>(
        """
        INSERT INTO audit (at, who, action, school, case_number, why, file, detail)
        VALUES (@at, @Who, @Action, @School, @CaseNumber, @Why, @File, @Detail) RETURNING id
        """,
        new { at = Instant(a.At), a.Who, a.Action, a.School, a.CaseNumber, a.Why, a.File, a.Detail }, transaction);

    /// <summary>Records of a file that a close refused, with their lines: what a school asked for in vain.</summary>
    internal List<StudentEvent> Refused(FileRow file)
    {
        using var connection = Open();
        using var rows = new RawStatement(connection, $"SELECT student, line, {EventColumns.Names} FROM event WHERE school = ?1 AND file = ?2 AND state = 2 ORDER BY line");
        rows.Bind(1, SchoolId(connection, file.School)).Bind(2, file.Id);
        var pool = new Formats.TextPool();
        var refused = new List<StudentEvent>();
        while (rows.Step())
            refused.Add(new StudentEvent(EventColumns.Read(rows, 2, Formats.Personnummer.FromStorage(rows.Int64(0)), pool), file.Id, rows.Int64(1), file.Window, EventState.Past));
        return refused;
    }

    /// <summary>Says that two numbers are one person's. Numbers that were linked to the first follow it.</summary>
    /// <returns>False, and nothing is done, when the window has closed meanwhile: what it came to is told already.</returns>
    internal async Task<bool> LinkAsync(string school, string number, long person, DateOnly window, AuditEntry audit, CancellationToken stop)
    {
        var linked = false;
        await WriteAsync((connection, transaction) => linked = LastClosed(connection) < window && Link(connection, transaction, school, number, person, window, audit), stop);
        return linked;
    }

    private static bool Link(SqliteConnection connection, SqliteTransaction transaction, string school, string number, long person, DateOnly window, AuditEntry audit)
    {
        var p = new { school, number, person, window = Number(window), audit = Write(connection, transaction, audit) };
        connection.Execute(
            """
            INSERT INTO identity_link (school, number, person, window, audit)
            SELECT @school, number, @person, @window, @audit FROM (SELECT DISTINCT number FROM identity_link WHERE school = @school AND CAST(person AS TEXT) = @number UNION SELECT @number)
            WHERE true ON CONFLICT (school, number, window) DO UPDATE SET person = excluded.person, audit = excluded.audit
            """, p, transaction);
        return true;
    }

    /// <summary>What stands for a person a second time, under another of the numbers.</summary>
    internal List<StudentEvent> StandingTwice(string school, long person)
    {
        using var connection = Open();
        using var stream = new StudentStream(connection, SchoolId(connection, school), $"SELECT {Formats.Phrase.Number(person)} AS student", DateOnly.MaxValue, LastClosed(connection));
        var events = new List<StudentEvent>();
        if (!stream.Next(events)) return [];
        var standing = events.FindAll(e => e.State == EventState.Standing);
        return [.. standing.Where((e, i) => standing.Take(i).Any(earlier => earlier.CompareKeyTo(e) == 0))];
    }

    /// <summary>The person whom a number is linked to at a school; null when it is linked to none.</summary>
    internal long? PersonOf(string school, string number)
    {
        using var connection = Open();
        return connection.ExecuteScalar<long?>("SELECT person FROM identity_link WHERE school = @school AND number = @number ORDER BY window DESC LIMIT 1", new { school, number });
    }
}
