using System.Text;

namespace Ingest.Formats;

/// <summary>Interns short texts that come a million times: course codes, grades. Bounded, so that hostile data fills no memory. Not thread-safe.</summary>
public sealed class TextPool
{
    private const int Most = 65_536;
    private const int Longest = 64;

    private readonly Dictionary<string, string> values = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string>.AlternateLookup<ReadOnlySpan<char>> lookup;

    public TextPool() => lookup = values.GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>The text in upper case.</summary>
    public string Upper(ReadOnlySpan<char> text)
    {
        if (text.Length > Longest) return text.ToString().ToUpperInvariant();
        Span<char> upper = stackalloc char[Longest];
        return Pooled(upper[..text.ToUpperInvariant(upper)]);
    }

    /// <summary>The text of UTF-8 bytes; null when there are none.</summary>
    public string? Get(ReadOnlySpan<byte> utf8)
    {
        if (utf8.IsEmpty) return null;
        if (utf8.Length > Longest) return Encoding.UTF8.GetString(utf8);
        Span<char> chars = stackalloc char[Longest];
        return Pooled(chars[..Encoding.UTF8.GetChars(utf8, chars)]);
    }

    private string Pooled(ReadOnlySpan<char> text)
    {
        if (lookup.TryGetValue(text, out var pooled)) return pooled;
        var made = text.ToString();
        if (values.Count < Most) values.Add(made, made);
        return made;
    }
}
