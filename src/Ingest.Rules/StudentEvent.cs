using Ingest.Formats;

namespace Ingest.Rules;

/// <summary>Where an event of a student has come to.</summary>
public enum EventState
{
    /// <summary>In a window that has not closed.</summary>
    Pending,
    /// <summary>Delivered (an N) and not removed since.</summary>
    Standing,
    /// <summary>Counted once, and no longer in force: netted, removed, or a removal that took effect.</summary>
    Past,
    /// <summary>Said again, under a händelse-id of its own, what counts already: no effect, but the id is taken.</summary>
    Repeat,
}

/// <summary>Who put an event there.</summary>
public enum Origin
{
    /// <summary>The school, in a file of its own.</summary>
    School,
    /// <summary>An operator, on the school's word: it may do what a school's file may not (K41).</summary>
    Correction,
    /// <summary>An operator, from a paper certificate.</summary>
    Certificate,
    /// <summary>Reported elsewhere before: it stands as delivered, and is never delivered from here.</summary>
    Baseline,
}

/// <summary>
/// One event that counts: it was accepted or waits, or once did. Rejected, refused and duplicate ones are never among them.
/// </summary>
/// <param name="record">With all key fields.</param>
/// <param name="fileId">See <see cref="Ingest.Rules.FileId"/>.</param>
/// <param name="line">1-based line in that file.</param>
/// <param name="window">The date of the window in which it counts.</param>
public sealed class StudentEvent(StudentRecord record, long fileId, long line, DateOnly window, EventState state)
{
    public StudentRecord Record { get; } = record;

    public long FileId { get; } = fileId;

    public long Line { get; } = line;

    public DateOnly Window { get; } = window;

    public EventState State { get; set; } = state;

    public Origin Origin { get; init; }

    /// <summary>The number under which the student is known now; the record's own unless an operator has linked the two.</summary>
    public Personnummer Person { get; init; } = record.Student;

    /// <summary>The order of a delivery: record kind, then key, field by field, by code point.</summary>
    public int CompareKeyTo(StudentEvent other) => Key.CompareTo(other.Key);

    internal EventKey Key { get; } = EventKey.Of(record);
}

/// <summary>
/// What is one and the same thing for a student, within a school: FFG = course, offering; FO and OM the same with type and period
/// start; AVB = course, offering; RES = course, module, examination date. Sorted field by field, by code point.
/// </summary>
internal readonly record struct EventKey(RecordKind Kind, string Course, string Part, RegistrationType Type, DateOnly Date) : IComparable<EventKey>
{
    public static EventKey Of(StudentRecord record) => record switch
    {
        Registration r => new(RecordKind.Registration, r.CourseCode, r.OfferingCode!, r.Type!.Value,
            r.Type == RegistrationType.FFG ? default : r.Start!.Value),
        Interruption i => new(RecordKind.Interruption, i.CourseCode, i.OfferingCode!, default, default),
        Result r => new(RecordKind.Result, r.CourseCode, r.ModuleCode ?? "", default, r.ExaminationDate!.Value),
        _ => throw new ArgumentException($"{record.Kind} is not about a student.", nameof(record)),
    };

    public int CompareTo(EventKey other)
    {
        var order = Kind.CompareTo(other.Kind);
        if (order == 0) order = string.CompareOrdinal(Course, other.Course);
        if (order == 0) order = string.CompareOrdinal(Part, other.Part);
        if (order == 0) order = Type.CompareTo(other.Type);
        return order != 0 ? order : Date.CompareTo(other.Date);
    }

    /// <summary>True for what could take the other's place: same kind, course and type; for results the same module.</summary>
    public bool SharesPlaceWith(EventKey other) =>
        Kind == other.Kind && Course == other.Course && Type == other.Type && (Kind != RecordKind.Result || Part == other.Part);
}
