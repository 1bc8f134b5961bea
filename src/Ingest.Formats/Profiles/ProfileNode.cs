using System.Text.Json;

namespace Ingest.Formats;

/// <summary>An object of a profile's JSON, with its path, so that each fault says where it is. What is wrong is told and then taken as absent.</summary>
internal sealed class ProfileNode(JsonElement element, string path, List<string> faults)
{
    public bool IsObject()
    {
        if (element.ValueKind == JsonValueKind.Object) return true;
        faults.Add(path.Length == 0 ? "är inget objekt." : $"{path} är inget objekt.");
        return false;
    }

    public string Path => path;

    public void Fault(string key, string what) => faults.Add($"{At(key)}: {what}");

    public bool Has(string key) => element.TryGetProperty(key, out var value) && value.ValueKind != JsonValueKind.Null;

    /// <summary>Names every key that is not among these.</summary>
    public void Only(string[] known, string where = "")
    {
        foreach (var property in element.EnumerateObject().Where(p => !known.Contains(p.Name)))
            faults.Add($"{At(property.Name)}: nyckeln finns inte{(where.Length > 0 ? " " + where : "")}; kända är {string.Join(", ", known)}.");
    }

    public string? Text(string key, bool required = false)
    {
        if (!Has(key))
        {
            if (required) Fault(key, "saknas.");
            return null;
        }
        var value = element.GetProperty(key);
        if (value.ValueKind == JsonValueKind.String && IsText(value.GetString()!)) return value.GetString();
        Fault(key, "ska vara en text som inte är tom, utan styrtecken och ¦.");
        return null;
    }

    public IReadOnlyList<string> Texts(string key)
    {
        if (!Has(key)) return [];
        var value = element.GetProperty(key);
        if (value.ValueKind == JsonValueKind.Array && value.EnumerateArray().All(e => e.ValueKind == JsonValueKind.String && IsText(e.GetString()!)))
            return [.. value.EnumerateArray().Select(e => e.GetString()!)];
        Fault(key, "ska vara en lista av texter.");
        return [];
    }

    public string? Choice(string key, params string[] values) => Choice(key, required: true, values);

    public string? Choice(string key, bool required, string[] values)
    {
        if (!Has(key))
        {
            if (required) Fault(key, $"saknas; {Listed(values)}.");
            return null;
        }
        var value = element.GetProperty(key);
        if (value.ValueKind == JsonValueKind.String && values.Contains(value.GetString(), StringComparer.OrdinalIgnoreCase)) return value.GetString()!.ToLowerInvariant();
        Fault(key, $"”{value}” finns inte; {Listed(values)}.");
        return null;

        static string Listed(string[] values) => "välj " + string.Join(" ", values.Select(v => v == "\t" ? "”\\t”" : $"”{v}”"));
    }

    public bool Flag(string key, bool standard)
    {
        if (!Has(key)) return standard;
        var value = element.GetProperty(key);
        if (value.ValueKind is JsonValueKind.True or JsonValueKind.False) return value.GetBoolean();
        Fault(key, "ska vara true eller false.");
        return standard;
    }

    public int? Number(string key, int min, int max, bool required = false)
    {
        if (!Has(key))
        {
            if (required) Fault(key, "saknas.");
            return null;
        }
        var value = element.GetProperty(key);
        if (value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var number) && number >= min && number <= max) return number;
        Fault(key, $"”{value}” ska vara ett heltal {min}–{max}.");
        return null;
    }

    public ProfileNode? Child(string key)
    {
        if (!Has(key)) return null;
        var child = new ProfileNode(element.GetProperty(key), At(key), faults);
        return child.IsObject() ? child : null;
    }

    public IEnumerable<ProfileNode> Children(string key)
    {
        if (!Has(key)) yield break;
        var list = element.GetProperty(key);
        if (list.ValueKind != JsonValueKind.Array)
        {
            Fault(key, "ska vara en lista.");
            yield break;
        }
        var i = 0;
        foreach (var entry in list.EnumerateArray())
        {
            var child = new ProfileNode(entry, $"{At(key)}[{i++}]", faults);
            if (child.IsObject()) yield return child;
        }
    }

    /// <summary>The object's own keys, in order.</summary>
    public IEnumerable<string> Keys => element.EnumerateObject().Select(p => p.Name);

    private string At(string key) => path.Length == 0 ? key : $"{path}.{key}";

    // ¦ and control characters have a meaning in stored findings.
    private static bool IsText(string value) => value.Trim().Length > 0 && !value.Any(c => char.IsControl(c) || c == Phrase.Divider);
}
