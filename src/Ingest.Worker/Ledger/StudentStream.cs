using System.Data.Common;
using Dapper;
using Ingest.Formats;
using Ingest.Rules;

namespace Ingest.Worker.Ledger;

/// <summary>
/// Students in key order, each with everything that counts for them at a school, under any of their numbers. Used by intake for the
/// students that a file touches, and by the close for those of its window.
/// </summary>
internal sealed class StudentStream : IDisposable
{
    // Of so many at a time what is known is fetched, where it is fetched from a server.
    private const int PersonsAhead = 500;

    private readonly DbConnection connection;
    private readonly EventQuery query;
    private readonly IdentityLinks links;
    private readonly IEnumerator<long> persons;
    private readonly DateOnly upTo;
    private readonly DateOnly lastClosed;
    private readonly (FileRow File, StagedEvents Events)? own;
    private readonly DateOnly? only;
    private readonly IReadOnlySet<long>? also;
    private readonly Queue<long> ahead = new();
    private readonly SqlStatement fileRow;
    private readonly Dictionary<long, (DateOnly Window, Origin Origin)> files = [];
    private readonly List<(long File, long Block)> places = [];

    /// <param name="students">In order.</param>
    /// <param name="upTo">The last window that is looked at.</param>
    /// <param name="lastClosed">Events of this window and earlier are past judging.</param>
    /// <param name="own">The file in hand, whose records are not in the ledger yet, in the window that it has come to; null for none.</param>
    /// <param name="only">Events of this window and no other; null for all.</param>
    /// <param name="also">Files of other windows in which <see cref="Records"/> will be asked about the students.</param>
    public StudentStream(DbConnection connection, long school, IEnumerable<long> students, DateOnly upTo, DateOnly lastClosed, (FileRow File, StagedEvents Events)? own = null, DateOnly? only = null,
        IReadOnlySet<long>? also = null)
    {
        (this.connection, this.upTo, this.lastClosed, this.own, this.only, this.also) = (connection, upTo, lastClosed, own, only, also);
        links = IdentityLinks.Of(connection, school, upTo);
        // Nearly no school has a person with several numbers.
        persons = (links.PersonOf.Count == 0 ? students : students.Select(links.Person).Distinct().Order()).GetEnumerator();
        fileRow = connection.Prepare("SELECT cutoff, origin FROM file WHERE id = ?1");
        query = new EventQuery(connection, school);
    }

    /// <summary>To look up single records of the student in hand.</summary>
    public EventQuery Records => query;

    /// <summary>The next student's events in order of arrival; refused ones are left out. False at the end.</summary>
    public bool Next(List<StudentEvent> events)
    {
        events.Clear();
        while (events.Count == 0 && (ahead.Count > 0 || Fetch()))
        {
            var person = ahead.Dequeue();
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

    /// <summary>False at the end.</summary>
    private bool Fetch()
    {
        while (ahead.Count < PersonsAhead && persons.MoveNext()) ahead.Enqueue(persons.Current);
        var unknown = query.FetchPlaces(links.PersonOf.Count == 0 ? ahead : [.. ahead.SelectMany(links.NumbersOf)]).Where(f => !files.ContainsKey(f)).ToList();
        if (unknown.Count > 0)
            foreach (var (id, window, origin) in connection.Query<(long, long, string?)>($"SELECT id, cutoff, origin FROM file WHERE id IN ({string.Join(", ", unknown)})"))
                files.Add(id, (LedgerDatabase.Date(window), OriginOf(origin)));
        query.FetchBlocks(file => IsLookedAt(FileOf(file).Window) || also?.Contains(file) == true);
        return ahead.Count > 0;
    }

    private bool IsLookedAt(DateOnly window) => window <= upTo && (only is null || window == only);

    private static Origin OriginOf(string? text) => text is null ? Origin.School : Enum.Parse<Origin>(text);

    private void Add(long number, long person, List<StudentEvent> events)
    {
        query.Places(number, places);
        var isOwnToCome = own is not null;
        foreach (var (file, block) in places)
        {
            if (isOwnToCome && file > own!.Value.File.Id) AddOwn(own.Value.File, own.Value.Events);
            var known = FileOf(file);
            if (!IsLookedAt(known.Window)) continue;
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
        known = (LedgerDatabase.Date(fileRow.Int64(0)), OriginOf(fileRow.Text(1)));
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
