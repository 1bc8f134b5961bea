using System.Globalization;
using System.IO.Abstractions;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Dapper;
using Ingest.Worker.Service;
using Ingest.Worker.Settings;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Ingest.Worker.Tests.Support;

/// <summary>
/// A real root in a folder of its own, with the real service on it under a clock that is moved by hand. Deleted with everything in it.
/// UMU reports students and has no course catalogue; KTH and LU have both; KAT only the catalogue; HÖS uses done-files; PAPPER does not report by file.
/// </summary>
internal sealed class TestRoot : IDisposable
{
    /// <summary>Monday 10:00, Swedish time.</summary>
    public static readonly DateTimeOffset Morning = new(2026, 1, 19, 10, 0, 0, TimeSpan.FromHours(1));

    public static readonly FileSystem Files = new();

    private readonly Dictionary<string, Volume> volumes = [];
    private readonly ILoggerFactory logs;

    private TestRoot(DateTimeOffset at, Action<IngestSettings>? change, (string Folder, int Kilobytes)[] volumes, ILoggerFactory? logs)
    {
        this.logs = logs ?? NullLoggerFactory.Instance;
        Folder = Files.Directory.CreateTempSubdirectory("ingest-test-").FullName;
        Clock = new SettableClock(at);
        Settings = new IngestSettings
        {
            Root = Folder,
            Ledger = { ConnectionString = TestLedger.Of(Folder) },
            Pickup = { QuietPeriod = TimeSpan.Zero, QuietPeriodCsv = TimeSpan.Zero, QuietPeriodUnterminated = TimeSpan.Zero, IncompleteAfter = TimeSpan.Zero },
        };
        change?.Invoke(Settings);
        foreach (var (folder, kilobytes) in volumes) this.volumes.Add(folder, new Volume(At(folder), kilobytes));
        Files.File.WriteAllText(At("schools.json"), Register());
        App = Open();
    }

    public string Folder { get; }

    public SettableClock Clock { get; }

    public IngestSettings Settings { get; }

    public IngestApp App { get; private set; }

    public IReadOnlyList<OpenAlarm> Alarms => Service.Alarms.Open(App.Ledger);

    public static async Task<TestRoot> StartAsync(Action<IngestSettings>? change = null, DateTimeOffset? at = null)
    {
        var root = new TestRoot(at ?? Morning, change, [], null);
        await root.App.Service.StartAsync(CancellationToken.None);
        return root;
    }

    /// <summary>The same with some of its folders on volumes of their own, small enough to be filled; <c>""</c> is the root itself.</summary>
    public static async Task<TestRoot> StartOnAsync((string Folder, int Kilobytes)[] volumes, Action<IngestSettings>? change = null, ILoggerFactory? logs = null)
    {
        var root = new TestRoot(Morning, change, volumes, logs);
        await root.App.Service.StartAsync(CancellationToken.None);
        return root;
    }

    /// <summary>The volume on a folder.</summary>
    public Volume On(string folder) => volumes[folder];

    /// <summary>The quiet periods that are shipped: 2, 10 and 30 seconds, 10 minutes.</summary>
    public static void Quiet(IngestSettings settings) => settings.Pickup = new PickupSettings();

    public static string School(string code, string services, string more = "") =>
        $$"""{"code":"{{code}}","name":"Skolan {{code}}","fileReporting":{{(code == "PAPPER" ? "false" : "true")}},"services":[{{services}}],"profile":null,"doneFile":{{(code == "HÖS" ? "true" : "false")}},"language":"sv","contact":"Kontakt"{{more}}}""";

    public static string Register(params string[] more)
    {
        const string Students = "\"StudentReporting\"", Courses = "\"CourseCatalogue\"";
        string[] schools =
        [
            School("UMU", Students), School("KTH", Students + "," + Courses), School("LU", Students + "," + Courses), School("KAT", Courses), School("HÖS", Students), School("PAPPER", Students),
        ];
        return "{\"schools\":[" + string.Join(',', schools.Concat(more)) + "]}";
    }

    /// <summary>An instant of Swedish winter time.</summary>
    public static DateTimeOffset Winter(string local) => DateTimeOffset.Parse(local + "+01:00", CultureInfo.InvariantCulture);

    public string At(params string[] parts) => Path.Combine([Folder, .. parts]);

    public string Drop(string school, string name, string text) => Drop(school, name, Encoding.UTF8.GetBytes(text));

    /// <summary>Written under a hidden name and renamed, as a school should.</summary>
    public string Drop(string school, string name, byte[] bytes)
    {
        var folder = At("in", school);
        Files.Directory.CreateDirectory(folder);
        Files.File.WriteAllBytes(Path.Combine(folder, ".drop"), bytes);
        Files.File.Move(Path.Combine(folder, ".drop"), Path.Combine(folder, name), overwrite: true);
        return Path.Combine(folder, name);
    }

    /// <summary>One poll, the work that it gives, and the closes that are due once the bell has rung.</summary>
    public Task StepAsync() => App.Service.StepAsync(null, CancellationToken.None);

    /// <summary>Moves the clock and polls.</summary>
    public Task StepAsync(DateTimeOffset at)
    {
        Clock.Set(at);
        return StepAsync();
    }

    public Task AdvanceAsync(double seconds) => StepAsync(Clock.GetUtcNow() + TimeSpan.FromMilliseconds((long)Math.Round(seconds * 1000)));

    /// <summary>Drops, polls, and hands back the receipt.</summary>
    public async Task<JsonElement> TakeAsync(string school, string name, string text)
    {
        Drop(school, name, text);
        await StepAsync();
        return Receipt(name, school);
    }

    /// <summary>Polls just before 15:00 of the date, and again with the bell three seconds after it.</summary>
    public async Task CloseAsync(string date)
    {
        var closes = Winter(date + "T15:00:00");
        if (Clock.GetUtcNow() < closes) await StepAsync(closes.AddSeconds(-1));
        App.Bell.Ring();
        await StepAsync(closes.AddSeconds(3));
    }

    /// <summary>A new service on the same root, as after a stop or a crash.</summary>
    public async Task RestartAsync(DateTimeOffset at)
    {
        App.Dispose();
        Clock.Set(at);
        App = await OpenSoonAsync();
        await App.Service.StartAsync(CancellationToken.None);
    }

    /// <summary>A process that another test starts at this moment holds what we held until it has begun: the lock goes a moment after we let it go.</summary>
    private async Task<IngestApp> OpenSoonAsync()
    {
        for (var tries = 0; ; tries++)
        {
            try
            {
                return Open();
            }
            catch (StartException) when (tries < 50)
            {
                await Task.Delay(100);
            }
        }
    }

    /// <summary>The last receipt of a file by that name; its counts must add up.</summary>
    public JsonElement Receipt(string name, string school = "UMU")
    {
        var found = Out(school).Where(n => n.StartsWith(name + ".2", StringComparison.Ordinal) && n.EndsWith(".TEST.kvittens.json", StringComparison.Ordinal)).ToList();
        Assert.That(found, Is.Not.Empty, $"there is no receipt of {name}; ut/{school} has: {string.Join(", ", Out(school))}");
        return Json("ut", school, found[^1]);
    }

    public JsonElement Json(params string[] parts)
    {
        using var document = JsonDocument.Parse(Files.File.ReadAllBytes(At(parts)));
        var json = document.RootElement.Clone();
        if (parts[^1].EndsWith("kvittens.json", StringComparison.Ordinal))
        {
            int Count(string name) => json.GetProperty("counts").GetProperty(name).GetInt32();
            Assert.That(Count("read"), Is.EqualTo(Count("accepted") + Count("waiting") + Count("duplicate") + Count("rejected")), "read = accepted + waiting + duplicate + rejected");
            Assert.That(Count("warned"), Is.LessThanOrEqualTo(Count("accepted")), "accepted includes warned");
        }
        return json;
    }

    /// <summary>Names in ut/&lt;school&gt;, in order.</summary>
    public IReadOnlyList<string> Out(string school = "UMU") => Names("ut", school);

    /// <summary>Names of the entries in a folder under the root, in order; none when it is missing.</summary>
    public IReadOnlyList<string> Names(params string[] parts) => !Files.Directory.Exists(At(parts)) ? []
        : [.. Files.Directory.EnumerateFileSystemEntries(At(parts)).Select(p => Path.GetFileName(p)!).Where(n => n != ".ingest").Order(StringComparer.Ordinal)];

    public string Text(params string[] parts) => Files.File.ReadAllText(At(parts));

    public byte[] Bytes(params string[] parts) => Files.File.ReadAllBytes(At(parts));

    /// <summary>Every file under a folder of the root by its path, with a hash of its bytes.</summary>
    public SortedDictionary<string, string> Hashes(params string[] parts)
    {
        var hashes = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var path in Files.Directory.EnumerateFiles(At(parts), "*", SearchOption.AllDirectories).Where(p => !p.EndsWith(".lock", StringComparison.Ordinal)))
            hashes.Add(Path.GetRelativePath(Folder, path), Convert.ToHexStringLower(SHA256.HashData(Files.File.ReadAllBytes(path))));
        return hashes;
    }

    public void Sql(string statement)
    {
        using var connection = App.Ledger.Open();
        connection.Execute(TestLedger.Sql(statement));
    }

    public void Dispose()
    {
        App.Dispose();
        foreach (var volume in volumes.Values.Reverse()) volume.Dispose();
        Files.Directory.Delete(Folder, recursive: true);
        TestLedger.Drop(Folder);
    }

    private IngestApp Open() => IngestApp.Open(Settings, Files, Clock, logs);
}
