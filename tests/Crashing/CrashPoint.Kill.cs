using System.Diagnostics;
using System.Text.RegularExpressions;

namespace Ingest.Worker;

/// <summary>What a crash point does in this build: it is counted, written down if asked for, and at the one that was named the process is killed as by <c>kill -9</c>.</summary>
internal static partial class CrashPoint
{
    private static readonly Lock Gate = new();
    private static readonly Dictionary<string, int> Counts = [];
    private static (string Point, int Time)? killAt;

    /// <summary>Every point that was reached, in order, while set.</summary>
    public static List<string>? Reaches { get; set; }

    /// <param name="point">As <c>claim.row#2</c>: the second time that it is reached. Null: nowhere.</param>
    public static void KillAt(string? point)
    {
        lock (Gate)
        {
            Counts.Clear();
            killAt = point?.Split('#') is [var name, var time] ? (name, int.Parse(time, System.Globalization.CultureInfo.InvariantCulture)) : null;
        }
    }

    static partial void Act(string point, string? name)
    {
        if (name is not null) point += ":" + Kind(Path.GetFileName(name));
        lock (Gate)
        {
            var time = Counts[point] = Counts.GetValueOrDefault(point) + 1;
            Reaches?.Add(point);
            if (killAt == (point, time)) Process.GetCurrentProcess().Kill();
        }
    }

    /// <summary>What a file is, without its ids, dates and names.</summary>
    private static string Kind(string name) => Own().Match(name) is { Success: true } own ? own.Groups[1].Value : Archived().IsMatch(name) ? "original" : name.Replace("TEST.", "", StringComparison.Ordinal);

    [GeneratedRegex(@"^.*[\d]\.TEST\.(.*)$")]
    private static partial Regex Own();

    [GeneratedRegex(@"^\d{8}-\d{6}_")]
    private static partial Regex Archived();
}
