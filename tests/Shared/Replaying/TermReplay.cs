using System.IO.Abstractions;
using System.Text.Json;
using Ingest.Worker.Commands;
using Ingest.Worker.Service;
using Microsoft.Extensions.Logging.Abstractions;

namespace Ingest.Tests;

/// <summary>Plays a folder that <c>sample</c> wrote against the real service, under the clock that <c>expected.json</c> states.</summary>
internal static class TermReplay
{
    /// <summary>Hands in every file at its time, closes every window, and leaves what came of it under <paramref name="root"/>.</summary>
    public static Task RunAsync(string samples, string root) => RunAsync(samples, Steps(samples), root, ledger: "", (_, step) => step());

    /// <param name="steps">When which file comes, by its path in the folder, and when windows close (null). Files of one moment come together.</param>
    /// <param name="ledger">The setting <c>Ledger:ConnectionString</c>.</param>
    /// <param name="around">Given each step to take, and whether it is a close.</param>
    public static async Task RunAsync(string samples, IReadOnlyList<(DateTimeOffset At, string? Path)> steps, string root, string ledger, Func<bool, Func<Task>, Task> around)
    {
        var files = new FileSystem();
        files.Directory.CreateDirectory(root);
        files.File.Copy(files.Path.Combine(samples, "schools.json"), files.Path.Combine(root, "schools.json"), overwrite: true);
        var clock = new SettableClock(steps[0].At.AddMinutes(-1));
        var settings = DemoCommand.Settings(root);
        settings.Ledger.ConnectionString = ledger;
        using var app = IngestApp.Open(settings, files, clock, NullLoggerFactory.Instance);
        await app.Service.StartAsync(CancellationToken.None);
        foreach (var moment in steps.GroupBy(s => (s.At, IsClose: s.Path is null)))
        {
            var (at, isClose) = moment.Key;
            // The files of the last moments before 15:00 have their time to lie still.
            clock.Set(isClose ? at.AddSeconds(3) : at);
            if (isClose) app.Bell.Ring();
            // A poll that finds nothing, so that the files are none that lay there while the service was away.
            else await app.Service.StepAsync(null, CancellationToken.None);
            foreach (var path in moment.Select(s => s.Path).OfType<string>())
            {
                var name = files.Path.GetFileName(path);
                var drop = files.Path.Combine(app.Root.InOf(path[..^(name.Length + 1)]), name);
                files.File.Copy(files.Path.Combine(samples, path), drop + ".tmp");
                files.File.Move(drop + ".tmp", drop);
            }
            await around(isClose, () => app.Service.StepAsync(null, CancellationToken.None));
        }
    }

    private static List<(DateTimeOffset At, string? Path)> Steps(string samples)
    {
        var files = new FileSystem();
        using var stream = files.FileStream.New(files.Path.Combine(samples, "expected.json"), FileMode.Open, FileAccess.Read);
        using var expected = JsonDocument.Parse(stream);
        var arrivals = expected.RootElement.GetProperty("files").EnumerateArray()
            .Select(f => (At: f.GetProperty("arrival").GetDateTimeOffset(), Path: (string?)f.GetProperty("path").GetString()));
        var closes = expected.RootElement.GetProperty("closes").EnumerateArray().Select(c => (At: c.GetDateTimeOffset(), Path: (string?)null));
        return [.. arrivals.Concat(closes).OrderBy(s => s.At)];
    }
}
