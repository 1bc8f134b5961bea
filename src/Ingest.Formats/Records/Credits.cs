using System.Globalization;

namespace Ingest.Formats;

/// <summary>
/// Högskolepoäng (hp) as whole hundredths, so that sums are exact. 60 hp is one full-time year, 1,5 hp one full-time week.
/// </summary>
/// <param name="Hundredths">hp times 100; 0 to 99 999 in a record, any size in a sum.</param>
public readonly record struct Credits(long Hundredths) : IComparable<Credits>
{
    public decimal Value => Hundredths / 100m;

    public int CompareTo(Credits other) => Hundredths.CompareTo(other.Hundredths);

    public static bool operator <(Credits a, Credits b) => a.Hundredths < b.Hundredths;
    public static bool operator >(Credits a, Credits b) => a.Hundredths > b.Hundredths;
    public static bool operator <=(Credits a, Credits b) => a.Hundredths <= b.Hundredths;
    public static bool operator >=(Credits a, Credits b) => a.Hundredths >= b.Hundredths;

    /// <summary>With decimal comma and no more decimals than needed: <c>7,5</c>, <c>30</c>.</summary>
    public override string ToString()
    {
        Span<char> text = stackalloc char[MostCharacters];
        return text[..Format(text)].ToString();
    }

    internal const int MostCharacters = 24;

    /// <summary>The same, into room for <see cref="MostCharacters"/>; answers how many it took.</summary>
    internal int Format(Span<char> text)
    {
        var (whole, rest) = Math.DivRem(Hundredths, 100);
        var length = 0;
        _ = rest == 0 ? text.TryWrite(CultureInfo.InvariantCulture, $"{whole}", out length)
            : rest % 10 == 0 ? text.TryWrite(CultureInfo.InvariantCulture, $"{whole},{rest / 10}", out length)
            : text.TryWrite(CultureInfo.InvariantCulture, $"{whole},{rest:00}", out length);
        return length;
    }
}
