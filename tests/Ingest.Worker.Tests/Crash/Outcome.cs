using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Dapper;
using Ingest.Worker.Ledger;

namespace Ingest.Worker.Tests.Crash;

/// <summary>
/// All that stands under a root, ledger and files, in a form in which two runs of one story are equal byte for byte. What is made the same,
/// and nothing else is:
/// <list type="number">
/// <item>a file id becomes the school and name of its file, so that what points at a file must point at the right one;</item>
/// <item>times of day become <c>#</c>; dates stay, so that a window must be the right one;</item>
/// <item>a SHA-256 that is the hash of a file under the root becomes that file's name; any other stays. So the chain of manifests must hold;</item>
/// <item>a school's number in the hot tables becomes its code; an alarm's number goes, and so do the last poll and the last id given;</item>
/// <item>a line of alarms.jsonl loses the alarm's number, and may stand there twice: it is told before it is committed;</item>
/// <item>an alarm that says that an operator's act was broken off (<c>actBrokenOff</c>) is no difference: it tells of the kill itself;</item>
/// <item>seals, which are over ids and times, go; in their place stands what <c>verify</c> finds, which must be nothing;</item>
/// <item>the lock, the key (which is drawn by lot), the service's log and the database's own files are left out.</item>
/// </list>
/// </summary>
internal static partial class Outcome
{
    private const string BrokenOff = "actBrokenOff";

    // Tables and columns that hold file ids, as whole numbers.
    private static readonly Dictionary<string, string[]> FileColumns = new()
    {
        ["file"] = ["id", "duplicate_of"],
        ["verdict"] = ["file", "other_file"],
    };

    public static SortedDictionary<string, string> Of(string root)
    {
        var outcome = new SortedDictionary<string, string>(StringComparer.Ordinal);
        using var ledger = TestLedger.Open(root);
        using var connection = ledger.Open();
        var names = Names(connection);
        var bytes = Directory.EnumerateFiles(root, "*", SearchOption.AllDirectories).Where(p => !Own(Path.GetRelativePath(root, p))).Order(StringComparer.Ordinal)
            .ToDictionary(p => Path.GetRelativePath(root, p), File.ReadAllBytes);
        var hashes = new Dictionary<string, string>();
        foreach (var (path, content) in bytes) hashes.TryAdd(Convert.ToHexStringLower(SHA256.HashData(content)), "hash of " + Same(path));

        foreach (var (path, content) in bytes)
            outcome.Add($"{Same(path)} {Mode(Path.Combine(root, path))}", path.EndsWith("alarms.jsonl", StringComparison.Ordinal) ? Lines(Same(Encoding.Latin1.GetString(content))) : Same(Encoding.Latin1.GetString(content)));
        foreach (var folder in Directory.EnumerateDirectories(root, "*", SearchOption.AllDirectories))
            outcome.Add($"{Same(Path.GetRelativePath(root, folder))}/ {Mode(folder)}", "");
        if (!TestLedger.IsPostgres) outcome.Add($"ledger.db {Mode(Path.Combine(root, "ledger.db"))}", "");
        var breaks = new StringWriter();
        var exit = Commands.VerifyCommand.Run(new Settings.IngestSettings { Root = root, Ledger = { ConnectionString = TestLedger.Of(root) } }, new System.IO.Abstractions.FileSystem(), breaks);
        outcome.Add("verify", exit == 0 ? "" : breaks.ToString());
        foreach (var (key, row) in Tables(connection, names, Same)) outcome[key] = outcome.GetValueOrDefault(key) + row;
        return outcome;

        string Same(string text)
        {
            text = Hash().Replace(text, m => hashes.GetValueOrDefault(m.Value, m.Value));
            text = FileId().Replace(text, m => names.GetValueOrDefault(long.Parse(m.Value.Replace("-", "", StringComparison.Ordinal), CultureInfo.InvariantCulture), m.Value));
            return Time().Replace(text, "#");
        }
    }

    /// <summary>Of it, what became of the records and what was handed on; without the receipts, which say when a file was seen.</summary>
    public static SortedDictionary<string, string> HandedOn(SortedDictionary<string, string> outcome) =>
        new(outcome.Where(o => HandedOnKey().IsMatch(o.Key)).ToDictionary(), StringComparer.Ordinal);

    /// <summary>What is different, a line each; empty when nothing is.</summary>
    public static List<string> Differences(SortedDictionary<string, string> expected, SortedDictionary<string, string> actual) =>
    [
        .. expected.Keys.Except(actual.Keys).Select(k => $"missing: {k}{(expected[k].Length is > 0 and < 400 ? " = " + expected[k] : "")}"),
        .. actual.Keys.Except(expected.Keys).Select(k => $"too much: {k}{(actual[k].Length is > 0 and < 400 ? " = " + actual[k] : "")}"),
        .. expected.Keys.Intersect(actual.Keys).Where(k => expected[k] != actual[k]).Select(k => $"other: {k}: {FirstDifference(expected[k], actual[k])}"),
    ];

    private static string FirstDifference(string expected, string actual)
    {
        var at = 0;
        while (at < Math.Min(expected.Length, actual.Length) && expected[at] == actual[at]) at++;
        var from = Math.Max(0, at - 60);
        return $"\n    expected …{expected[from..Math.Min(expected.Length, at + 100)]}\n    is       …{actual[from..Math.Min(actual.Length, at + 100)]}";
    }

    private static Dictionary<long, string> Names(System.Data.Common.DbConnection connection)
    {
        var seen = new Dictionary<string, int>();
        var names = new Dictionary<long, string>();
        foreach (var (id, school, name) in connection.Query<(long, string, string)>("SELECT id, school, name FROM file ORDER BY id"))
        {
            var of = $"{school}~{name}";
            names.Add(id, $"({of}~{seen[of] = seen.GetValueOrDefault(of) + 1})");
        }
        return names;
    }

    private static IEnumerable<(string Key, string Row)> Tables(System.Data.Common.DbConnection connection, Dictionary<long, string> names, Func<string, string> same)
    {
        var schools = connection.Query<(long, string)>("SELECT id, code FROM school").ToDictionary(s => s.Item1, s => s.Item2);
        foreach (var table in connection.Query<string>(TestLedger.IsPostgres
                     ? "SELECT table_name FROM information_schema.tables WHERE table_schema = 'public' ORDER BY table_name"
                     : "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%' ORDER BY name").ToList())
        {
            var rows = connection.Query($"SELECT * FROM \"{table}\"").Select(r => ((IDictionary<string, object?>)r)
                .Where(c => c.Key != "seal" && !(table == "alarm" && c.Key == "id") && !(table == "school" && c.Key == "id") && !(table == "setting" && r.key is "polled" or "looked" or "closeWaits" or "lastFileId" or "takenUpTo"))
                .Select(c => $"{c.Key}={Cell(table, c.Key, c.Value)}")).Select(cells => string.Join(' ', cells)).Where(r => r.Length > 0 && !(table == "alarm" && r.Contains(BrokenOff, StringComparison.Ordinal))).Order(StringComparer.Ordinal).ToList();
            foreach (var row in rows) yield return ($"ledger {table}: {row}", "|");
        }

        string Cell(string table, string column, object? value) => value switch
        {
            null => "-",
            // When the tables were made.
            DateTime => "#",
            byte[] blob => Convert.ToHexString(blob),
            long id when FileColumns.GetValueOrDefault(table, ["file"]).Contains(column) => names.GetValueOrDefault(id, id.ToString(CultureInfo.InvariantCulture)),
            long id when column == "school" => schools[id],
            string text => same(text),
            IFormattable other => other.ToString(null, CultureInfo.InvariantCulture),
            _ => value.ToString()!,
        };
    }

    private static string Lines(string text) => string.Join('\n', text.Split('\n').Where(l => !l.Contains(BrokenOff, StringComparison.Ordinal)).Select(l => AlarmNumber().Replace(l, "")).Distinct().Order(StringComparer.Ordinal));

    private static string Mode(string path) => OperatingSystem.IsWindows() ? "" : Convert.ToString((int)File.GetUnixFileMode(path), 8);

    private static bool Own(string path) => path.StartsWith("ledger.db", StringComparison.Ordinal) || path is "ingest.lock" or "correlation.key" || (path.StartsWith("logs/", StringComparison.Ordinal) && !path.EndsWith("alarms.jsonl", StringComparison.Ordinal));

    [GeneratedRegex("\"id\":[0-9]+,")]
    private static partial Regex AlarmNumber();

    [GeneratedRegex("^(delivery/|ut/.*kl15|ledger (event|student_file|event_id|line|finding|verdict|catalogue|sequence|closed_window|misfit|school): )")]
    private static partial Regex HandedOnKey();

    [GeneratedRegex(@"\b[0-9a-f]{64}\b")]
    private static partial Regex Hash();

    [GeneratedRegex(@"(?<!\d)20\d{6}-\d{6}(?!\d)")]
    private static partial Regex FileId();

    // 10:00:07, 10:00:07.0000000Z, klockan 10.00, and the moment in a header.
    [GeneratedRegex(@"\d\d:\d\d:\d\d(\.\d+)?(Z|\+\d\d:\d\d)?|klockan \d\d\.\d\d|(?<=\b20\d{6})\d{6}(?=TEST)|20\d{12}(?=TEST)")]
    private static partial Regex Time();
}
