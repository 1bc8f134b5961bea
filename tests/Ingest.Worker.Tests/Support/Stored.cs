using Dapper;
using Ingest.Formats;
using Ingest.Worker.Ledger;

namespace Ingest.Worker.Tests.Support;

/// <summary>What the ledger's table <c>event</c> says, which no SQL can read.</summary>
internal sealed record Stored(long File, long Student, long Line, StoredState State, StudentRecord Record, UInt128? Id, bool IsEmptied)
{
    /// <summary>The rows that a file's commit writes: none of them is there before it.</summary>
    public const string Uncommit =
        "DELETE FROM line; DELETE FROM finding; DELETE FROM event; DELETE FROM student_file; DELETE FROM event_id; DELETE FROM catalogue; DELETE FROM sequence; "
        + "UPDATE file SET state = 'claimed', status = NULL, sha256 = NULL, read = 0, accepted = 0, rejected = 0";

    /// <summary>By file, student and line.</summary>
    public static List<Stored> Events(LedgerDatabase ledger)
    {
        using var connection = ledger.Open();
        return [.. connection.Query<long>("SELECT id FROM file ORDER BY id").SelectMany(file => EventRows.EventsOf(connection, file)
            .Select(e => new Stored(file, e.Student, e.Event.Line, e.Event.State, e.Event.Record, e.Event.Id, e.Event.IsEmptied)))];
    }

    /// <summary>Whose what counts is, removals apart.</summary>
    public static List<long> Standing(LedgerDatabase ledger) => [.. Events(ledger).Where(e => e is { State: StoredState.Counts, Record.Action: ReportAction.N }).Select(e => e.Student)];
}
