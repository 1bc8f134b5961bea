using System.Globalization;
using Ingest.Formats;

namespace Ingest.Worker.Samples;

/// <summary>What courses there are, told by when they run.</summary>
internal enum CourseType
{
    /// <summary>7,5 hp, full time, the term's first five weeks.</summary>
    Short,
    /// <summary>30 hp, full time, the whole term.</summary>
    Term,
    /// <summary>15 hp, half time, the whole term, and a module more than its hp: one of them is chosen.</summary>
    Half,
    /// <summary>30 hp, half time, from last term over this one.</summary>
    Spanning,
    /// <summary>7,5 hp, over since last term; given again in this term's first five weeks.</summary>
    Past,
    /// <summary>As Short, but its offering is told late on the first day.</summary>
    Late,
}

/// <summary>A course with its offerings (the first two alike, so that one may take the other's place) and modules.</summary>
internal sealed record SampleCourse(
    CourseType Type, string Code, string Title, Credits Hp, int Pace, DateOnly Start, DateOnly End, IReadOnlyList<string> Offerings,
    IReadOnlyList<(string Code, Credits Hp)> Modules, IReadOnlyList<string> Pass, string Fail)
{
    /// <summary>The offering of a Past course that runs this term.</summary>
    public const int GivenAgain = 2;

    /// <summary>The offering of a Late course that is told with too few hp at first.</summary>
    public const int Corrected = 1;

    /// <summary>The offering of a Late course that is told with too low a pace at first.</summary>
    public const int PaceCorrected = 2;

    public const int ShortDays = 35;

    private static readonly (string[] Pass, string Fail)[] Scales = [(["G", "VG"], "U"), (["A", "B", "C", "D", "E"], "FX"), (["3", "4", "5"], "U"), (["P"], "F")];

    private static readonly string[] Subjects = ["Grundläggande biologi", "Språk och samhälle", "Återbruk och miljö", "Företagsekonomi", "Lärande och ledarskap", "Hållfasthetslära"];

    public static SampleCourse Make(CourseType type, int number, DateOnly termStart)
    {
        var (prefix, hp, pace, from, days, modules) = type switch
        {
            CourseType.Short => ("KO", 750, 100, 0, ShortDays, new[] { 450, 300 }),
            CourseType.Term => ("TE", 3000, 100, 0, 140, [750, 750, 750, 750]),
            CourseType.Half => ("HA", 1500, 50, 0, 140, [750, 750, 750]),
            CourseType.Spanning => ("ÅR", 3000, 50, -140, 280, [1500, 1500]),
            CourseType.Past => ("HÖ", 750, 100, -84, ShortDays, [450, 300]),
            _ => ("SE", 750, 100, 0, ShortDays, [450, 300]),
        };
        var (pass, fail) = Scales[(number + (int)type) % Scales.Length];
        var start = termStart.AddDays(from);
        var offerings = type switch { CourseType.Past => new[] { "10", "11", "20" }, CourseType.Late => ["10", "11", "12"], _ => ["10", "11"] };
        return new SampleCourse(
            type, string.Create(CultureInfo.InvariantCulture, $"{prefix}{1000 + number}"), $"{Subjects[(number + (int)type) % Subjects.Length]} {number}", new Credits(hp), pace,
            start, start.AddDays(days - 1), [.. offerings.Select(o => string.Create(CultureInfo.InvariantCulture, $"{o}{number:000}"))],
            [.. modules.Select((m, i) => (string.Create(CultureInfo.InvariantCulture, $"{i + 1:000}{(type == CourseType.Half && i == 2 ? "V" : "")}1"), new Credits(m)))], pass, fail);
    }

    /// <summary>The offering as the catalogue tells it.</summary>
    public CourseOffering Offering(int index, DateOnly termStart) => new()
    {
        CourseCode = Code,
        OfferingCode = Offerings[index],
        Title = Title,
        Extent = Hp,
        Pace = Pace,
        Start = IsGivenAgain(index) ? termStart : Start,
        End = IsGivenAgain(index) ? termStart.AddDays(ShortDays - 1) : End,
    };

    private bool IsGivenAgain(int index) => Type == CourseType.Past && index == GivenAgain;

    public Module Module(int index) => new() { CourseCode = Code, ModuleCode = Modules[index].Code, Title = $"{Title}, del {index + 1}", Extent = Modules[index].Hp };
}
