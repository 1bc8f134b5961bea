using System.Text.Json;

namespace Ingest.Worker.Tests.Support;

/// <summary>Short ways into a receipt.</summary>
internal static class ReceiptReading
{
    public static string? Text(this JsonElement json, params string[] path)
    {
        foreach (var name in path) json = json.GetProperty(name);
        return json.ValueKind == JsonValueKind.Null ? null : json.ToString();
    }

    public static int Int(this JsonElement json, string name) => json.GetProperty(name).GetInt32();

    /// <summary>Codes of all findings, in order, repeats too.</summary>
    public static List<string> Codes(this JsonElement receipt) => [.. receipt.GetProperty("findings").EnumerateArray().Select(f => f.GetProperty("code").GetString()!)];

    public static JsonElement Finding(this JsonElement receipt, string code)
    {
        var found = receipt.GetProperty("findings").EnumerateArray().Where(f => f.GetProperty("code").GetString() == code).ToList();
        Assert.That(found, Is.Not.Empty, $"no {code} among {string.Join(' ', receipt.Codes())}");
        return found[0];
    }

    /// <summary>Such as <c>read 3 accepted 1 waiting 0 duplicate 0 rejected 2</c>.</summary>
    public static string Counts(this JsonElement receipt) => string.Join(' ',
        Just.These("read", "accepted", "waiting", "duplicate", "rejected").Select(n => $"{n} {receipt.GetProperty("counts").GetProperty(n)}"));
}

/// <summary>A list, said shortly.</summary>
internal static class Just
{
    public static string[] These(params string[] items) => items;
}
