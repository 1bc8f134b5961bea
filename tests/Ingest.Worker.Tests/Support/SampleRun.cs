using System.IO.Abstractions;
using System.Text.RegularExpressions;
using Ingest.Rules;
using Ingest.Worker.Commands;
using Ingest.Worker.Service;
using Microsoft.Extensions.Logging.Abstractions;

namespace Ingest.Worker.Tests;

/// <summary>A sample as the table in <c>samples/README.md</c> names it.</summary>
/// <param name="Name">Path under <c>samples/</c>.</param>
internal sealed record SampleFile(int Order, DateOnly Day, string School, string Name, string Status);

/// <summary>
/// All samples, dropped one by one in the order of the README's table into a real root under a clock that stands where it is put:
/// a day's files from ten in the morning, one a minute, then the close of that day's window.
/// </summary>
internal sealed partial class SampleRun : IDisposable
{
    private static readonly FileSystem Files = new();
    private readonly Dictionary<string, Dictionary<string, byte[]>> receipts = new(StringComparer.Ordinal);

    private SampleRun(string root) => Root = root;

    public string Root { get; }

    public static IReadOnlyList<SampleFile> Table { get; } =
        [.. TableRow().Matches(Repository.Read("samples", "README.md")).Select(m => new SampleFile(
            int.Parse(m.Groups["order"].ValueSpan, System.Globalization.CultureInfo.InvariantCulture),
            DateOnly.ParseExact(m.Groups["day"].ValueSpan, "yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture),
            m.Groups["school"].Value, m.Groups["name"].Value, m.Groups["status"].Value))];

    /// <summary>What came back for a sample, by what it is (<c>kvittens.json</c>, ...), in the order in which receipts are listed.</summary>
    public IReadOnlyDictionary<string, byte[]> ReceiptsOf(string sample) => receipts[sample];

    /// <summary>A file anywhere under the root.</summary>
    public byte[] Bytes(params string[] parts) => Files.File.ReadAllBytes(Files.Path.Combine([Root, .. parts]));

    public IEnumerable<string> Names(params string[] folder)
    {
        var path = Files.Path.Combine([Root, .. folder]);
        return Files.Directory.EnumerateFiles(path).Select(p => Files.Path.GetFileName(p)).Order(StringComparer.Ordinal);
    }

    public static async Task<SampleRun> RunAsync()
    {
        var run = new SampleRun(Files.Directory.CreateTempSubdirectory("ingest-samples-").FullName);
        var clock = new SettableClock(DemoCommand.Morning);
        using var app = IngestApp.Open(DemoCommand.Settings(run.Root), Files, clock, NullLoggerFactory.Instance);
        await app.Service.StartAsync(CancellationToken.None);
        foreach (var day in Table.GroupBy(s => s.Day))
        {
            clock.Set(DemoCommand.Morning.AddDays(day.Key.DayNumber - DateOnly.FromDateTime(DemoCommand.Morning.DateTime).DayNumber));
            foreach (var sample in day)
            {
                var before = run.Names("ut", sample.School).ToHashSet();
                await DemoCommand.DropAsync(app, sample.School, sample.Name, CancellationToken.None);
                await app.Service.StepAsync(null, CancellationToken.None);
                clock.Advance(TimeSpan.FromMinutes(1));
                run.receipts[sample.Name] = run.Names("ut", sample.School).Where(name => !before.Contains(name))
                    .ToDictionary(name => name[(name.IndexOf(".TEST.", StringComparison.Ordinal) + ".TEST.".Length)..], name => run.Bytes("ut", sample.School, name));
            }
            clock.Set(ReportingCalendar.On(day.Key).ClosesAt + TimeSpan.FromSeconds(3));
            app.Bell.Ring();
            await app.Service.StepAsync(null, CancellationToken.None);
        }
        return run;
    }

    public void Dispose() => Files.Directory.Delete(Root, recursive: true);

    [GeneratedRegex(@"^\| (?<order>\d+) \| (?<day>[\d-]+) \| (?<school>\S+) \| `(?<name>[^`]+)` \| (?<status>\w+) \|", RegexOptions.Multiline)]
    private static partial Regex TableRow();
}
