using Ingest.Formats;

namespace Ingest.Rules;

/// <summary>
/// A school's offerings and modules as they stand: N replaces what stood, B ends it, in the order in which they came.
/// </summary>
public sealed class CourseCatalogue
{
    // By course and then code: to make one hash of both takes several times as long, and each record about a student asks some five times.
    private readonly Dictionary<string, Dictionary<string, CourseOffering>> offerings = [];
    private readonly Dictionary<string, Dictionary<string, Module>> modules = [];
    private readonly Dictionary<string, List<CourseOffering>> byCourse = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Credits?> mostCredits = new(StringComparer.Ordinal);

    /// <summary>
    /// Takes one record. Answers R06 for an exact repeat (nothing changes), R40 for a removal of what never stood, null
    /// when it took effect.
    /// </summary>
    /// <param name="fileId">The file it came in, and its line there: see <see cref="OriginOf"/>.</param>
    public FindingCode? Apply(ReportRecord record, long fileId = 0, long line = 0)
    {
        var code = Apply(record);
        if (code is not null) return code;
        origins[(record.Kind, record.CourseCode, Part(record))] = (fileId, line);
        meant.Clear();
        return null;
    }

    /// <summary>Where the record of the same key that took effect last came from; zeros when there is none.</summary>
    public (long FileId, long Line) OriginOf(ReportRecord record) => origins.GetValueOrDefault((record.Kind, record.CourseCode, Part(record)));

    private readonly Dictionary<(RecordKind Kind, string Course, string Part), (long FileId, long Line)> origins = [];

    private static string Part(ReportRecord record) => record switch
    {
        CourseOffering o => o.OfferingCode!,
        Module m => m.ModuleCode!,
        _ => "",
    };

    private FindingCode? Apply(ReportRecord record) => record switch
    {
        CourseOffering o => Apply(offerings, o),
        Module m => Apply(modules, m),
        _ => throw new ArgumentException($"A {record.Kind} does not belong in the catalogue.", nameof(record)),
    };

    public CourseOffering? Offering(string course, string? offering) => offering is null ? null : offerings.GetValueOrDefault(course)?.GetValueOrDefault(offering);

    public Module? Module(string course, string module) => modules.GetValueOrDefault(course)?.GetValueOrDefault(module);

    /// <summary>The hp of the named offering, else the largest among the course's offerings; null when none is known.</summary>
    public Credits? CourseCredits(string course, string? offering) =>
        (offering is null ? null : Offering(course, offering)?.Extent) ?? mostCredits.GetValueOrDefault(course);

    /// <summary>What was probably meant by an offering that is not here, as a phrase for a finding; empty when that cannot be known.</summary>
    public string OfferingMeant(string course) => Meant(RecordKind.CourseOffering, course);

    /// <summary>The same for a module.</summary>
    public string ModuleMeant(string course) => Meant(RecordKind.Module, course);

    // A file of nothing but wrong courses must not cost a search each.
    private const int MostUnknown = 200;
    private const int MostNamed = 6;
    private readonly Dictionary<(RecordKind Kind, string Course), string> meant = [];
    private int unknown;

    private string Meant(RecordKind kind, string course)
    {
        if (meant.TryGetValue((kind, course), out var known)) return known;
        return kind == RecordKind.Module
            ? Meant(kind, course, modules, "Kursens moduler är", "The course's modules are")
            : Meant(kind, course, offerings, "Kursens kurstillfällen är", "The course's offerings are");
    }

    private string Meant<T>(RecordKind kind, string course, Dictionary<string, Dictionary<string, T>> all, string swedish, string english)
    {
        var ofCourse = all.GetValueOrDefault(course);
        if (ofCourse is not { Count: > 0 } && unknown++ >= MostUnknown) return "";
        return meant[(kind, course)] = ofCourse is { Count: > 0 } ? Known(swedish, english, ofCourse.Keys)
            : Likeness.Nearest(course, all.Where(c => c.Value.Count > 0).Select(c => c.Key)) is not { } nearest ? ""
            : Phrase.Of($"Är det kursen {Phrase.Code(nearest)} som menas?", $"Is course {Phrase.Code(nearest)} meant?");
    }

    private static string Known(string swedish, string english, IEnumerable<string> codes)
    {
        var all = codes.Order(StringComparer.Ordinal).ToList();
        if (all.Count > MostNamed) return "";
        var list = string.Join(", ", all.Select(Phrase.Code));
        return Phrase.Of($"{swedish} {list}.", $"{english} {list}.");
    }

    private FindingCode? Apply<TRecord>(Dictionary<string, Dictionary<string, TRecord>> all, TRecord record)
        where TRecord : ReportRecord
    {
        if (!all.TryGetValue(record.CourseCode, out var standing)) all.Add(record.CourseCode, standing = []);
        var key = Part(record);
        var found = standing.TryGetValue(key, out var old);
        if (record.Action == ReportAction.B)
        {
            // The same removal again is a repeat, as for everything else; of what never stood it removes nothing.
            if (!found) return origins.ContainsKey((record.Kind, record.CourseCode, Part(record))) ? FindingCode.R06 : FindingCode.R40;
            standing.Remove(key);
        }
        else
        {
            if (found && old! == record) return FindingCode.R06;
            standing[key] = record;
        }
        if (record is CourseOffering now) Index(old as CourseOffering, now);
        return null;
    }

    private void Index(CourseOffering? old, CourseOffering now)
    {
        if (!byCourse.TryGetValue(now.CourseCode, out var all)) byCourse.Add(now.CourseCode, all = []);
        if (old is not null) all.RemoveAll(o => o.OfferingCode == old.OfferingCode);
        if (now.Action == ReportAction.N) all.Add(now);
        mostCredits[now.CourseCode] = all.Max(o => o.Extent);
    }
}
