using Ingest.Formats;
using Ingest.Rules;
using Microsoft.Data.Sqlite;

namespace Ingest.Worker.Ledger;

/// <summary>
/// Students in key order, each with everything that counts for them at a school, under any of their numbers. Used by intake for the
/// students that a file touches, and by the close for those of its window.
/// </summary>
internal sealed class StudentStream : IDisposable
{
    private readonly EventQuery query;
    private readonly IdentityLinks links;
    private readonly IEnumerator<long> persons;
    private readonly DateOnly upTo;
    private readonly DateOnly lastClosed;
    private readonly (FileRow File, StagedEvents Events)? own;
    private readonly DateOnly? only;
    private readonly RawStatement fileRow;
    private readonly Dictionary<long, (DateOnly Window, Origin Origin)> files = [];
    private readonly List<(long File, long Block)> places = [];

    /// <param name="students">In order.</param>
    /// <param name="upTo">The last window that is looked at.</param>
    /// <param name="lastClosed">Events of this window and earlier are past judging.</param>
    /// <param name="own">The file in hand, whose records are not in the ledger yet, in the window that it has come to; null for none.</param>
    /// <param name="only">Events of this window and no other; null for all.</param>
    public StudentStream(SqliteConnection connection, long school, IEnumerable<long> students, DateOnly upTo, DateOnly lastClosed, (FileRow File, StagedEvents Events)? own = null, DateOnly? only = null)
    {
        (this.upTo, this.lastClosed, this.own, this.only) = (upTo, lastClosed, own, only);
        links = IdentityLinks.Of(connection, school, upTo);
        // Nearly no school has a person with several numbers.
        persons = (links.PersonOf.Count == 0 ? students : students.Select(links.Person).Distinct().Order()).GetEnumerator();
        fileRow = new RawStatement(connection, "SELECT window, origin FROM file WHERE id = ?1");
        query = new EventQuery(connection, school);
    }

    /// <summary>The next student's events in order of arrival; refused ones are left out. False at the end.</summary>
    public bool Next(List<StudentEvent> events)
    {
        events.Clear();
        while (events.Count == 0 && persons.MoveNext())
        {
            var person = persons.Current;
            if (links.PersonOf.Count == 0)
            {
                Add(person, person, events);
                continue;
            }
            foreach (var number in links.NumbersOf(person)) Add(number, person, events);
            events.Sort((a, b) => a.FileId != b.FileId ? a.FileId.CompareTo(b.FileId) : a.Line.CompareTo(b.Line));
        }
        return events.Count > 0;
    }

    private void Add(long number, long person, List<StudentEvent> events)
    {
        query.Places(number, places);
        var isOwnToCome = own is not null;
        foreach (var (file, block) in places)
        {
            if (isOwnToCome && file > own!.Value.File.Id) AddOwn(own.Value.File, own.Value.Events);
            var known = FileOf(file);
            if (known.Window > upTo || (only is { } window && known.Window != window)) continue;
            foreach (var e in query.Read(number, file, block)) Add(e, file, known.Window, known.Origin);
        }
        if (isOwnToCome) AddOwn(own!.Value.File, own.Value.Events);

        void AddOwn(FileRow file, StagedEvents staged)
        {
            isOwnToCome = false;
            foreach (var e in query.Read(number, staged.BlockOf(number))) Add(e, file.Id, file.Window, file.Origin);
        }

        void Add(StoredEvent e, long file, DateOnly window, Origin origin)
        {
            if (e.State == StoredState.Refused) return;
            var reached = e.State == StoredState.Past ? EventState.Past
                : e.State == StoredState.Repeat ? EventState.Repeat
                : window > lastClosed ? EventState.Pending
                : e.Record.Action == ReportAction.N ? EventState.Standing : EventState.Past;
            events.Add(new StudentEvent(e.Record, file, e.Line, window, reached) { Origin = origin, Person = Personnummer.FromStorage(person) });
        }
    }

    private (DateOnly Window, Origin Origin) FileOf(long id)
    {
        if (files.TryGetValue(id, out var known)) return known;
        fileRow.Bind(1, id).Step();
        known = (LedgerDatabase.Date(fileRow.Int64(0)), fileRow.Text(1) is { } origin ? Enum.Parse<Origin>(origin) : Origin.School);
        fileRow.Reset();
        return files[id] = known;
    }

    public void Dispose()
    {
        persons.Dispose();
        fileRow.Dispose();
        query.Dispose();
    }
}
