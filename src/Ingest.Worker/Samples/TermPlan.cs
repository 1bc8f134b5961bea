using Ingest.Formats;
using Ingest.Rules;

namespace Ingest.Worker.Samples;

/// <summary>The files that every school hands in over the term, in the order in which they come.</summary>
internal enum Slot
{
    Offerings, Modules, Registrations1, Interruptions1, Results1, Registrations2, LateOfferings,
    Registrations3, Interruptions2, Results2, Registrations4,
    Results3, Interruptions3, Results4,
    Results5,
}

/// <param name="Window">Which of the term's windows it comes in, from 0.</param>
/// <param name="Share">About how much of all records about students it holds; 0 where that is little.</param>
internal sealed record SlotPlan(Slot Slot, int Window, RecordKind Kind, string Name, double Share = 0)
{
    // More files in a window than this would not all arrive before it closes.
    private const int MostParts = 8;

    /// <summary>How many files it is cut into; whatever a story has in a slot stays in one of them.</summary>
    public int Parts(long rowsOfSchool, int rowsPerFile) => (int)Math.Clamp(Math.Ceiling(Share * rowsOfSchool / rowsPerFile), 1, MostParts);
}

/// <summary>
/// The term: it starts on the base date. Four windows: the start itself, corrections and avbrott a week and a half later, results
/// after five weeks, and the day on which those are put right.
/// </summary>
internal sealed class TermPlan
{
    /// <summary>A Monday, at the start of a spring term.</summary>
    public static readonly DateOnly DefaultBaseDate = new(2026, 1, 19);

    public static readonly IReadOnlyList<SlotPlan> Slots =
    [
        new(Slot.Offerings, 0, RecordKind.CourseOffering, "kurstillfallen"),
        new(Slot.Modules, 0, RecordKind.Module, "moduler"),
        new(Slot.Registrations1, 0, RecordKind.Registration, "registreringar", Share: 0.38),
        new(Slot.Interruptions1, 0, RecordKind.Interruption, "avbrott"),
        new(Slot.Results1, 0, RecordKind.Result, "resultat"),
        new(Slot.Registrations2, 0, RecordKind.Registration, "registreringar-komplettering"),
        new(Slot.LateOfferings, 0, RecordKind.CourseOffering, "kurstillfallen-sena"),
        new(Slot.Registrations3, 1, RecordKind.Registration, "registreringar"),
        new(Slot.Interruptions2, 1, RecordKind.Interruption, "avbrott"),
        new(Slot.Results2, 1, RecordKind.Result, "tillgodoraknanden"),
        new(Slot.Registrations4, 1, RecordKind.Registration, "registreringar-komplettering"),
        new(Slot.Results3, 2, RecordKind.Result, "resultat", Share: 0.3),
        new(Slot.Interruptions3, 2, RecordKind.Interruption, "avbrott-havda"),
        new(Slot.Results4, 2, RecordKind.Result, "resultat-komplettering"),
        new(Slot.Results5, 3, RecordKind.Result, "resultat-rattelser"),
    ];

    // Days after the base date. The second is near enough that an avbrott from the start is no late report.
    private static readonly int[] WindowDays = [0, 11, 38, 41];

    // Every file of a school within a window comes some minutes after the one before it; other schools' in between.
    private static readonly TimeOnly FirstArrival = new(8, 0);
    private const int MinutesApart = 7;

    public TermPlan(DateOnly baseDate)
    {
        Base = baseDate;
        Windows = [.. WindowDays.Select(d => NotSaturday(baseDate.AddDays(d)))];
    }

    public DateOnly Base { get; }

    /// <summary>Dates on which files come, each also the date on which that window closes.</summary>
    public IReadOnlyList<DateOnly> Windows { get; }

    public DateTimeOffset ClosesAt(int window) => ReportingCalendar.On(Windows[window]).ClosesAt;

    /// <summary>When a file comes.</summary>
    /// <param name="position">Which of its school's files of that window, from 0.</param>
    /// <param name="school">Which school, from 0.</param>
    public DateTimeOffset Arrival(int window, int position, int school)
    {
        var local = Windows[window].ToDateTime(FirstArrival).AddMinutes(MinutesApart * position).AddSeconds(SecondsApart * school);
        return new DateTimeOffset(local, ClosesAt(window).Offset);
    }

    private const int SecondsApart = 5;

    public DateOnly DateOf(Slot slot) => Windows[Slots[(int)slot].Window];

    // No window closes on a Saturday.
    private static DateOnly NotSaturday(DateOnly date) => date.DayOfWeek == DayOfWeek.Saturday ? date.AddDays(1) : date;
}
