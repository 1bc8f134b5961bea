using System.Globalization;
using System.IO.Abstractions;
using System.Text.Json;
using Ingest.Rules;
using Ingest.Worker.Commands;
using Ingest.Worker.Service;
using Microsoft.Extensions.Logging.Abstractions;

namespace Ingest.Worker.Tests;

/// <summary>What became of one record, as <c>expected.json</c> puts it: codes joined by a blank, final null for what has none.</summary>
internal sealed record Came(string Status, string Codes, string? Final, string FinalCodes);

/// <summary>What became of one file.</summary>
internal sealed record CameFile(string Path, string Status, string Codes, string Counts, Dictionary<long, Came> Records);

/// <summary>Reads what came of a folder that <c>sample</c> wrote, and what <c>expected.json</c> says of it.</summary>
internal static class Replay
{
    /// <summary>What <c>expected.json</c> says will come of each file, in order of arrival.</summary>
    public static List<CameFile> Expected(string samples)
    {
        using var expected = Open(Path.Combine(samples, "expected.json"));
        return [.. expected.RootElement.GetProperty("files").EnumerateArray().Select(f => new CameFile(
            f.GetProperty("path").GetString()!, f.GetProperty("status").GetString()!, Codes(f.GetProperty("codes")), Counts(f.GetProperty("counts")),
            f.GetProperty("records").EnumerateArray().ToDictionary(r => r.GetProperty("line").GetInt64(), r => new Came(
                r.GetProperty("status").GetString()!, Codes(r.GetProperty("codes")), r.GetProperty("final").GetString(), Codes(r.GetProperty("finalCodes"))))))];
    }

    /// <summary>What the receipts under a root say came of a file.</summary>
    /// <param name="path">As in <c>expected.json</c>; a name begins with its number, which a masked name keeps.</param>
    /// <param name="lines">The records whose outcome is asked for.</param>
    public static CameFile Read(string root, string path, IEnumerable<long> lines)
    {
        var files = new FileSystem();
        var at = path.IndexOf('/');
        var ut = Path.Combine(root, "ut", path[..at]);
        var number = path[(at + 1)..(at + 6)];
        var receiptPath = files.Directory.EnumerateFiles(ut, number + "*kvittens.json").SingleOrDefault();
        if (receiptPath is null) return new CameFile(path, "no receipt", "", "", []);
        using var receipt = Open(receiptPath);
        var fileId = receipt.RootElement.GetProperty("fileId").GetString()!;
        var codes = receipt.RootElement.GetProperty("findings").EnumerateArray()
            .Select(f => (Line: f.GetProperty("line") is { ValueKind: JsonValueKind.Number } line ? line.GetInt64() : 0, Code: f.GetProperty("code").GetString()!))
            .ToLookup(f => f.Code[0] == 'F' ? 0 : f.Line, f => f.Code);
        var statuses = files.File.ReadLines(receiptPath.Replace("kvittens.json", "accepterade.csv", StringComparison.Ordinal)).Skip(1)
            .Select(l => l.Split(';')).ToDictionary(c => long.Parse(c[0], CultureInfo.InvariantCulture), c => c[3]);
        var finals = Finals(root, path[..at], receipt.RootElement.GetProperty("window").GetProperty("date").GetString()!, fileId);
        return new CameFile(path, receipt.RootElement.GetProperty("status").GetString()!, InOrder(codes[0]), Counts(receipt.RootElement.GetProperty("counts")),
            lines.ToDictionary(line => line, line =>
            {
                var final = finals.TryGetValue(line, out var known) ? known : (Outcome: null, Codes: "");
                return new Came(statuses.GetValueOrDefault(line, "rejected"), InOrder(codes[line]), final.Outcome, final.Codes);
            }));
    }

    private static Dictionary<long, (string? Outcome, string Codes)> Finals(string root, string school, string window, string fileId)
    {
        var files = new FileSystem();
        var path = files.Directory.EnumerateFiles(Path.Combine(root, "ut", school), window + ".*kl15.json").Single();
        using var close = Open(path);
        return close.RootElement.GetProperty("records").EnumerateArray().Where(r => r.GetProperty("fileId").GetString() == fileId)
            .ToDictionary(r => r.GetProperty("line").GetInt64(), r => (r.GetProperty("outcome").GetString(), Codes(r.GetProperty("codes"))));
    }

    /// <summary>The delivered events of all windows, by school and date, without the file and line they came from.</summary>
    public static List<string> Deliveries(string root)
    {
        var files = new FileSystem();
        var delivery = Path.Combine(root, "delivery");
        return [.. files.Directory.EnumerateFiles(delivery, "*.csv", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
            .SelectMany(path => files.File.ReadLines(path).Skip(1)
                .Select(line => Path.GetRelativePath(delivery, path) + ": " + string.Join(';', line.Split(';')[..^2])).Order(StringComparer.Ordinal))];
    }

    private static JsonDocument Open(string path)
    {
        using var stream = new FileSystem().FileStream.New(path, FileMode.Open, FileAccess.Read);
        return JsonDocument.Parse(stream);
    }

    private static string Codes(JsonElement codes) => InOrder(codes.EnumerateArray().Select(c => c.GetString()!));

    private static string InOrder(IEnumerable<string> codes) => string.Join(' ', codes.Distinct().Select(Enum.Parse<Formats.FindingCode>).Order());

    private static readonly string[] Counted = ["read", "accepted", "warned", "waiting", "duplicate", "rejected"];

    private static string Counts(JsonElement counts) => string.Join(' ', Counted.Select(name => $"{name}={counts.GetProperty(name).GetInt64()}"));
}
