using System.Globalization;

namespace Ingest.Formats;

/// <summary>Reads single field values. Every method answers null, with a finding's code and expectation, for what it cannot read.</summary>
internal static class FieldParser
{
    public static bool IsCode(ReadOnlySpan<char> text, int min, int max)
    {
        if (text.Length < min || text.Length > max) return false;
        foreach (var c in text)
            if (!char.IsAsciiLetterOrDigit(c) && "åäöÅÄÖ".IndexOf(c, StringComparison.Ordinal) < 0) return false;
        return true;
    }

    public static bool IsId(ReadOnlySpan<char> text, int max)
    {
        if (text.Length > max) return false;
        foreach (var c in text)
            if (char.IsWhiteSpace(c)) return false;
        return true;
    }

    /// <summary>hp in hundredths: <c>00750</c> in fixed width, <c>7,5</c> or <c>7.50</c> in CSV; null when malformed.</summary>
    public static long? Hundredths(ReadOnlySpan<char> text, bool fixedWidth, int width)
    {
        if (fixedWidth) return text.Length == width ? Digits(text) : null;
        var at = text.IndexOfAny(',', '.');
        var whole = at < 0 ? text : text[..at];
        if (whole.Length is < 1 or > 3 || Digits(whole) is not { } units) return null;
        if (at < 0) return units * 100;
        var rest = text[(at + 1)..];
        if (rest.Length is < 1 or > 2 || Digits(rest) is not { } parts) return null;
        return units * 100 + (rest.Length == 1 ? parts * 10 : parts);
    }

    public static long? Digits(ReadOnlySpan<char> text) =>
        text.Length is >= 1 and <= 18 && !text.ContainsAnyExceptInRange('0', '9') ? long.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture) : null;

    /// <summary>Year, month, day of the text if it has the form of a date; the day may not exist.</summary>
    public static bool DateParts(ReadOnlySpan<char> text, bool fixedWidth, out int year, out int month, out int day)
    {
        year = month = day = 0;
        Span<char> eight = stackalloc char[8];
        if (text.Length == 8)
        {
            text.CopyTo(eight);
        }
        else if (!fixedWidth && text.Length == 10 && text[4] == '-' && text[7] == '-')
        {
            text[..4].CopyTo(eight);
            text[5..7].CopyTo(eight[4..]);
            text[8..].CopyTo(eight[6..]);
        }
        else
        {
            return false;
        }
        if (eight.ContainsAnyExceptInRange('0', '9')) return false;
        year = int.Parse(eight[..4], NumberStyles.None, CultureInfo.InvariantCulture);
        month = (eight[4] - '0') * 10 + eight[5] - '0';
        day = (eight[6] - '0') * 10 + eight[7] - '0';
        return year > 0 && month is >= 1 and <= 12 && day >= 1 && day <= DateTime.DaysInMonth(year, month);
    }

    /// <summary>
    /// True for what Excel makes of a long number: <c>1,99601E+11</c>, one digit before the comma. More digits are not Excel's:
    /// <c>20000101E221</c> may be somebody's number.
    /// </summary>
    public static bool IsExcelExponent(ReadOnlySpan<char> text)
    {
        var e = text.IndexOfAny('E', 'e');
        if (e < 1 || !char.IsAsciiDigit(text[0])) return false;
        var decimals = text[1..e];
        return (decimals.IsEmpty || (decimals[0] is ',' or '.' && AreDigits(decimals[1..]))) && AreDigits(text[(e + 1)..].TrimStart('+'));

        static bool AreDigits(ReadOnlySpan<char> part) => part.Length > 0 && !part.ContainsAnyExceptInRange('0', '9');
    }
}
