namespace Ingest.Formats;

/// <summary>The forms in which a system writes dates: <c>yyyy</c>, <c>MM</c> and <c>dd</c> in any order, with <c>- . /</c> or a blank between them, or nothing.</summary>
internal sealed class DateForms(IReadOnlyList<string> formats)
{
    public static readonly DateForms OfCsv = new(["yyyy-MM-dd", "yyyyMMdd"]);
    public static readonly DateForms OfFixedWidth = new(["yyyyMMdd"]);

    public int Shortest => formats.Min(f => f.Length);

    /// <summary>As a finding names them.</summary>
    public string Expected { get; } = Phrase.Of(
        string.Join(" eller ", formats.Select(f => f.ToLowerInvariant().Replace('y', 'å'))), string.Join(" or ", formats.Select(f => f.ToLowerInvariant())));

    /// <summary>Writes the date as <c>yyyyMMdd</c>; false when the text has none of the forms. Whether there is such a date is the parser's to say.</summary>
    public bool Read(ReadOnlySpan<char> text, Span<char> date)
    {
        foreach (var format in formats)
            if (Read(text, format, date)) return true;
        return false;
    }

    private static bool Read(ReadOnlySpan<char> text, string format, Span<char> date)
    {
        if (text.Length != format.Length) return false;
        var (year, month, day) = (0, 4, 6);
        for (var i = 0; i < format.Length; i++)
        {
            if (format[i] is not ('y' or 'M' or 'd'))
            {
                if (text[i] != format[i]) return false;
                continue;
            }
            if (!char.IsAsciiDigit(text[i])) return false;
            date[format[i] switch { 'y' => year++, 'M' => month++, _ => day++ }] = text[i];
        }
        return true;
    }

    /// <summary>True for a form that can be read: each part once, whole.</summary>
    public static bool IsFormat(string format)
    {
        var parts = format.Split('-', '.', '/', ' ');
        return parts.Length is 1 or 2 or 3 && parts.All(p => p.Length > 0)
            && string.Concat(parts) is "yyyyMMdd" or "yyyyddMM" or "ddMMyyyy" or "MMddyyyy" or "ddyyyyMM" or "MMyyyydd"
            && parts.All(p => p.Replace("yyyy", "", StringComparison.Ordinal).Replace("MM", "", StringComparison.Ordinal).Replace("dd", "", StringComparison.Ordinal).Length == 0);
    }

    /// <summary>What two forms have in common when no text tells which of them it has.</summary>
    public static string Mask(string format) => string.Concat(format.Select(c => c is 'y' or 'M' or 'd' ? '0' : c));
}

/// <summary>How a system writes hp.</summary>
/// <param name="Sign"><c>,</c> or <c>.</c>; NUL: either.</param>
/// <param name="Implied">Decimals that are not written out; null when there is a sign.</param>
internal sealed record CreditsForm(char Sign, int? Implied)
{
    public static readonly CreditsForm OfCsv = new('\0', null);
    public static readonly CreditsForm OfFixedWidth = new('\0', 2);

    // Nine digits: what is too much is the parser's to say, not to overflow at.
    private const int MostDigits = 9;

    /// <summary>hp times 100, or null when the text is not of the form.</summary>
    public long? Hundredths(ReadOnlySpan<char> text)
    {
        if (Implied is { } decimals)
            return text.Length <= MostDigits && FieldParser.Digits(text) is { } digits ? digits * (decimals switch { 0 => 100, 1 => 10, _ => 1 }) : null;
        if (Sign != '\0' && text.Contains(Sign == ',' ? '.' : ',')) return null;
        return FieldParser.Hundredths(text, fixedWidth: false, 0);
    }

    /// <summary>As a finding names it.</summary>
    public string Expected(Field field)
    {
        var (from, fromEn) = field.Min > 0 ? ("större än 0 och högst", "above 0 and at most") : ("från 0 till", "from 0 to");
        return (Implied, Sign) switch
        {
            (0, _) => Phrase.Of($"ett heltal {from} 999", $"a whole number {fromEn} 999"),
            (1, _) => Phrase.Of($"siffror, varav den sista är en decimal (75 är 7,5 hp), {from} 999,9", $"digits, of which the last is a decimal (75 is 7.5 hp), {fromEn} 999.9"),
            (2, _) => Phrase.Of($"siffror, varav de två sista är decimaler (750 är 7,5 hp), {from} 999,99", $"digits, of which the last two are decimals (750 is 7.5 hp), {fromEn} 999.99"),
            (_, ',') => Phrase.Of($"ett tal {from} 999,99 med decimalkomma och högst två decimaler", $"a number {fromEn} 999,99 with a decimal comma and at most two decimals"),
            (_, '.') => Phrase.Of($"ett tal {from} 999.99 med decimalpunkt och högst två decimaler", $"a number {fromEn} 999.99 with a decimal point and at most two decimals"),
            _ => Phrase.Of($"ett tal {from} 999,99 med högst två decimaler", $"a number {fromEn} 999,99 with at most two decimals"),
        };
    }
}
