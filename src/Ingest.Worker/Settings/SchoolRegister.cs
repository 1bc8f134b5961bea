using System.Text.Json;
using System.Text.Json.Serialization;
using Ingest.Formats;

namespace Ingest.Worker.Settings;

/// <summary>The two services that a school may report in.</summary>
public enum SchoolService
{
    /// <summary>Studeranderapportering: REG, AVB, RES.</summary>
    StudentReporting,
    /// <summary>Studietider och utbildningar: KTF, MOD.</summary>
    CourseCatalogue,
}

/// <summary>A school as the register has it.</summary>
public sealed record School
{
    /// <summary>skolkod, upper-case; also the name of its folders.</summary>
    public required string Code { get; init; }

    public required string Name { get; init; }

    public bool FileReporting { get; init; }

    public IReadOnlyList<SchoolService> Services { get; init; } = [];

    /// <summary>The layout of the school's own system, from <c>profiles/</c>; null: it writes RVF1. A file that is RVF1 is read as that all the same.</summary>
    public Profile? Profile { get; init; }

    /// <summary>The school says by <c>name.klar</c> when a file is whole; without it nothing is taken.</summary>
    public bool DoneFile { get; init; }

    public Language Language { get; init; } = Language.Sv;

    /// <summary>The school's kontaktperson, shown to operators.</summary>
    public string? Contact { get; init; }

    public bool Has(SchoolService service) => Services.Contains(service);
}

/// <summary>The school register, <c>schools.json</c>. Taken whole or refused whole, with every fault in one message.</summary>
public sealed class SchoolRegister
{
    private readonly Dictionary<string, School> schools;

    public SchoolRegister(IEnumerable<School> schools) => this.schools = schools.ToDictionary(s => s.Code, StringComparer.Ordinal);

    public IReadOnlyCollection<School> All => schools.Values;

    public School? Find(string code) => schools.GetValueOrDefault(code);

    private sealed record Document(IReadOnlyList<Entry?>? Schools)
    {
        [JsonExtensionData]
        public Dictionary<string, JsonElement>? Unknown { get; init; }
    }

    /// <summary>As read: everything may be missing or wrong, and is told.</summary>
    private sealed record Entry(
        string? Code, string? Name, bool? FileReporting, IReadOnlyList<string>? Services, string? Profile, bool? DoneFile, string? Language, string? Contact)
    {
        [JsonExtensionData]
        public Dictionary<string, JsonElement>? Unknown { get; init; }
    }

    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        ReadCommentHandling = JsonCommentHandling.Skip,
        AllowTrailingCommas = true,
    };

    /// <param name="profileText">The text of the profile of that name, or null when there is none; it is asked for the profiles that schools name.</param>
    /// <param name="terms">What profiles may translate into besides the layouts' own codes.</param>
    /// <exception cref="StartException">The text is no register, or a profile that it names is faulty; the message names every fault.</exception>
    public static SchoolRegister Parse(string text, Func<string, string?>? profileText = null, ReadTerms? terms = null)
    {
        Document? document;
        try
        {
            document = JsonSerializer.Deserialize<Document>(text, Json);
        }
        catch (JsonException e)
        {
            throw new StartException($"schools.json går inte att läsa, vid {e.Path ?? "$"} (rad {e.LineNumber + 1}): värdet har fel form.");
        }
        var faults = new List<string>();
        var schools = new List<School>();
        var profiles = new ProfileSet(profileText ?? (_ => null), terms, faults);
        if (document?.Schools is not { } entries)
        {
            faults.Add("”schools” saknas.");
            entries = [];
        }
        foreach (var key in document?.Unknown?.Keys ?? Enumerable.Empty<string>()) faults.Add($"nyckeln ”{key}” finns inte.");
        for (var i = 0; i < entries.Count; i++)
        {
            if (entries[i] is { } entry) schools.Add(Read(entry, $"schools[{i}]", faults, profiles));
            else faults.Add($"schools[{i}] är tom (null).");
        }
        foreach (var twice in schools.GroupBy(s => s.Code).Where(g => g.Count() > 1))
            faults.Add($"skolkoden ”{twice.Key}” står {twice.Count()} gånger.");
        if (faults.Count > 0) throw new StartException("schools.json är fel:" + string.Concat(faults.Select(f => System.Environment.NewLine + "  " + f)));
        return new SchoolRegister(schools);
    }

    private static School Read(Entry entry, string at, List<string> faults, ProfileSet profiles)
    {
        foreach (var key in entry.Unknown?.Keys ?? Enumerable.Empty<string>()) faults.Add($"{at}: nyckeln ”{key}” finns inte.");
        var code = entry.Code?.ToUpperInvariant() ?? "";
        if (code.Length is < 1 or > 8 || code.Any(c => c is not (>= 'A' and <= 'Z' or >= '0' and <= '9' or 'Å' or 'Ä' or 'Ö')))
            faults.Add($"{at}.code: ”{entry.Code}” är ingen skolkod (1–8 tecken av A–Z, Å, Ä, Ö, 0–9).");
        if (string.IsNullOrWhiteSpace(entry.Name)) faults.Add($"{at}.name saknas.");
        var services = new List<SchoolService>();
        foreach (var service in entry.Services ?? [])
        {
            if (Enum.GetNames<SchoolService>().Contains(service)) services.Add(Enum.Parse<SchoolService>(service));
            else faults.Add($"{at}.services: ”{service}” finns inte; kända är {string.Join(", ", Enum.GetNames<SchoolService>())}.");
        }
        var language = entry.Language ?? "sv";
        if (language is not ("sv" or "en")) faults.Add($"{at}.language: ”{language}” finns inte; sv eller en.");
        return new School
        {
            Code = code,
            Name = entry.Name ?? "",
            FileReporting = entry.FileReporting ?? false,
            Services = services,
            Profile = entry.Profile is null ? null : profiles.Find(entry.Profile, at),
            DoneFile = entry.DoneFile ?? false,
            Language = language == "en" ? Language.En : Language.Sv,
            Contact = entry.Contact,
        };
    }
}

/// <summary>The profiles that a register names: each read once, its faults told once, though several schools have it.</summary>
internal sealed class ProfileSet(Func<string, string?> text, ReadTerms? terms, List<string> faults)
{
    private const int LongestName = 40;

    private readonly Dictionary<string, Profile?> read = new(StringComparer.Ordinal);

    public Profile? Find(string name, string at)
    {
        if (!IsName(name))
        {
            faults.Add($"{at}.profile: ”{name}” är inget profilnamn (1–{LongestName} tecken av a–z, A–Z, 0–9, - och _, utan .json).");
            return null;
        }
        if (read.TryGetValue(name, out var known)) return known;
        if (text(name) is { } json) return read[name] = Parse(name, json);
        faults.Add($"{at}.profile: profilen ”{name}” finns inte; {File(name)} saknas.");
        return read[name] = null;
    }

    private Profile? Parse(string name, string json)
    {
        var profile = Profile.Parse(name, json, out var found, terms);
        faults.AddRange(found.Select(f => $"{File(name)}: {f}"));
        return profile;
    }

    private static string File(string name) => $"profiles/{name}.json";

    // It becomes a file name, and stands on receipts.
    private static bool IsName(string name) => name.Length is >= 1 and <= LongestName && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_');
}
