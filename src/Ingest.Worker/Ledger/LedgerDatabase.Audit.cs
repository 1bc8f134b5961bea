using System.Data.Common;
using Dapper;
using Ingest.Rules;

namespace Ingest.Worker.Ledger;

/// <summary>What an operator did by hand.</summary>
/// <param name="Action"><c>correct</c>, <c>certificate</c>, <c>baseline</c>, <c>link</c>.</param>
/// <param name="Detail">What else was stated, as JSON, without the student's name and personnummer.</param>
public sealed record AuditEntry(DateTimeOffset At, string Who, string Action, string School, string CaseNumber, string? Why, string? Detail = null, long? File = null);

/// <summary>What operators do by hand.</summary>
public sealed partial class LedgerDatabase
{
    internal const string AuditColumns = "id, at, who, action, school, case_number, why, file, detail";

    internal const string AccessColumns = "id, at, who, command, school, student, case_number, found";

    internal const string LinkColumns = "school, number, person, cutoff, audit";

    /// <returns>The entry's number.</returns>
    private static long Write(DbConnection connection, DbTransaction transaction, AuditEntry a)
    {
        var id = connection.ExecuteScalar<long>(
            """
            INSERT INTO audit (at, who, action, school, case_number, why, file, detail)
            VALUES (@at, @Who, @Action, @School, @CaseNumber, @Why, @File, @Detail) RETURNING id
            """,
            new { at = Instant(a.At), a.Who, a.Action, a.School, a.CaseNumber, a.Why, a.File, a.Detail }, transaction);
        Chain(connection, transaction, "audit", AuditColumns, id);
        return id;
    }

    /// <summary>Keeps the entry of an act in hand until its file counts.</summary>
    private static void Hold(DbConnection connection, DbTransaction transaction, long file, AuditEntry a) => connection.Execute(
        "INSERT INTO act (file, at, who, action, school, case_number, why, detail) VALUES (@file, @at, @Who, @Action, @School, @CaseNumber, @Why, @Detail)",
        new { file, at = Instant(a.At), a.Who, a.Action, a.School, a.CaseNumber, a.Why, a.Detail }, transaction);

    /// <summary>The file of an act counts: its entry is the audit's.</summary>
    internal static void Audit(DbConnection connection, DbTransaction transaction, long file)
    {
        var held = connection.QuerySingleOrDefault<(string At, string Who, string Action, string School, string CaseNumber, string? Why, string? Detail)>(
            "DELETE FROM act WHERE file = @file RETURNING at, who, action, school, case_number, why, detail", new { file }, transaction);
        if (held.At is not null) Write(connection, transaction, new AuditEntry(Instant(held.At), held.Who, held.Action, held.School, held.CaseNumber, held.Why, held.Detail, file));
    }

    /// <summary>Seals a journal's new entry to the one before it, so that none can be changed or taken away unseen.</summary>
    private static void Chain(DbConnection connection, DbTransaction transaction, string table, string columns, long id)
    {
        var previous = SealBefore(connection, transaction, table, id);
        using var row = connection.Prepare($"SELECT {columns} FROM {table} WHERE id = ?1");
        row.Bind(1, id).Step();
        var seal = FileSeals.Chain(row, columns.Split(',').Length, previous);
        row.Reset();
        connection.Execute($"UPDATE {table} SET seal = @seal WHERE id = @id", new { seal, id }, transaction);
    }

    private static byte[]? SealBefore(DbConnection connection, DbTransaction transaction, string table, long id) =>
        connection.ExecuteScalar<byte[]?>($"SELECT seal FROM {table} WHERE id < @id ORDER BY id DESC LIMIT 1", new { id }, transaction);

    /// <summary>Records of a file that a close refused, with their lines: what a school asked for in vain.</summary>
    internal List<StudentEvent> Refused(FileRow file) => Events(file, e => e.State == StoredState.Refused);

    /// <summary>Records about students that a file has in the ledger, in line order.</summary>
    internal List<StudentEvent> Events(FileRow file, Func<StoredEvent, bool>? which = null)
    {
        using var connection = Open();
        return [.. EventRows.EventsOf(connection, file.Id).Where(e => which is null || which(e.Event)).OrderBy(e => e.Event.Line)
            .Select(e => new StudentEvent(e.Event.Record, file.Id, e.Event.Line, file.Window, EventState.Past))];
    }

    /// <summary>Says that two numbers are one person's. Numbers that were linked to the first follow it.</summary>
    /// <returns>False, and nothing is done, when the window has closed meanwhile: what it came to is told already.</returns>
    internal async Task<bool> LinkAsync(string school, string number, long person, DateOnly window, AuditEntry audit, CancellationToken stop)
    {
        var linked = false;
        await WriteAsync((connection, transaction) => linked = LastClosed(connection) < window && Link(connection, transaction, school, number, person, window, audit), stop);
        return linked;
    }

    private static bool Link(DbConnection connection, DbTransaction transaction, string school, string number, long person, DateOnly window, AuditEntry audit)
    {
        var p = new { school, number, person, window = Number(window), audit = Write(connection, transaction, audit) };
        connection.Execute(
            """
            INSERT INTO identity_link (school, number, person, cutoff, audit)
            SELECT @school, number, @person, @window, @audit FROM (SELECT DISTINCT number FROM identity_link WHERE school = @school AND CAST(person AS TEXT) = @number UNION SELECT @number) AS numbers
            WHERE true ON CONFLICT (school, number, cutoff) DO UPDATE SET person = excluded.person, audit = excluded.audit
            """, p, transaction);
        var links = new List<(string Number, byte[] Seal)>();
        using (var rows = connection.Prepare($"SELECT {LinkColumns} FROM identity_link WHERE school = ?1 AND cutoff = ?2 AND audit = ?3"))
        {
            rows.Bind(1, school).Bind(2, p.window).Bind(3, p.audit);
            while (rows.Step()) links.Add((rows.Text(1)!, FileSeals.Chain(rows, LinkColumns.Split(',').Length, previous: null)));
        }
        foreach (var link in links)
            connection.Execute("UPDATE identity_link SET seal = @Seal WHERE school = @school AND number = @Number AND cutoff = @window", new { link.Seal, link.Number, school, p.window }, transaction);
        return true;
    }

    /// <summary>What stands for a person a second time, under another of the numbers.</summary>
    internal List<StudentEvent> StandingTwice(string school, long person)
    {
        using var connection = Open();
        using var stream = new StudentStream(connection, SchoolId(connection, school), [person], DateOnly.MaxValue, LastClosed(connection));
        var events = new List<StudentEvent>();
        if (!stream.Next(events)) return [];
        var standing = events.FindAll(e => e.State == EventState.Standing);
        return [.. standing.Where((e, i) => standing.Take(i).Any(earlier => earlier.CompareKeyTo(e) == 0))];
    }

    /// <summary>The person whom a number is linked to at a school; null when it is linked to none.</summary>
    internal long? PersonOf(string school, string number)
    {
        using var connection = Open();
        return connection.ExecuteScalar<long?>("SELECT person FROM identity_link WHERE school = @school AND number = @number ORDER BY cutoff DESC LIMIT 1", new { school, number });
    }
}
