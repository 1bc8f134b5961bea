using System.Globalization;

namespace Ingest.Formats;

/// <summary>Why a text is no personnummer that can be matched.</summary>
public enum PersonnummerFault
{
    None,
    /// <summary>Not of any known form: P05.</summary>
    Malformed,
    /// <summary>The Luhn check digit is wrong: P10.</summary>
    CheckDigit,
    /// <summary>No such date: P11.</summary>
    NoSuchDate,
    /// <summary>Born after the day of arrival: P11.</summary>
    NotYetBorn,
    /// <summary>An interim number; its bearer may be under protection, so it is never called invalid: P12.</summary>
    Interim,
}

/// <summary>
/// A personnummer or samordningsnummer: YYYYMMDD, three digits and a Luhn check digit over the last ten (Skatteverket,
/// SKV 704; folkbokföringslagen 1991:481 18 §). A samordningsnummer has 60 added to its day; Skatteverket's published test
/// numbers show month 00 and day 60 for an unknown date, so those pass.
/// <see cref="ToString"/> is masked; the number itself comes only from <see cref="Digits"/>.
/// </summary>
public readonly record struct Personnummer : IComparable<Personnummer>
{
    /// <summary>The twelve digits as one number, for keys and storage. Personal data: never in a log, message or name.</summary>
    public long Digits { get; }

    private Personnummer(long digits) => Digits = digits;

    /// <summary>Back from storage; the caller vouches that it was parsed once.</summary>
    public static Personnummer FromStorage(long digits) => new(digits);

    /// <summary>
    /// Reads 12 digits, or 10 with or without <c>-</c> or <c>+</c> (also <c>YYYYMMDD-NNNN</c>). Ten digits take the latest
    /// century whose year is not after that of <paramref name="arrival"/>; <c>+</c> a hundred years earlier.
    /// </summary>
    /// <param name="text">Without surrounding blanks.</param>
    /// <param name="arrival">The Swedish date at which the file arrived: nobody is born after it.</param>
    /// <param name="number">The number, when the result is <see cref="PersonnummerFault.None"/>.</param>
    /// <param name="centuryTaken">True if the text had ten digits, so that the century was worked out: P13.</param>
    public static PersonnummerFault Parse(ReadOnlySpan<char> text, DateOnly arrival, out Personnummer number, out bool centuryTaken)
    {
        number = default;
        centuryTaken = false;

        Span<char> compact = stackalloc char[12];
        var plus = false;
        if (text.Length is 11 or 13 && text[^5] is '-' or '+')
        {
            plus = text[^5] == '+';
            text[..^5].CopyTo(compact);
            text[^4..].CopyTo(compact[(text.Length - 5)..]);
            compact = compact[..(text.Length - 1)];
        }
        else if (text.Length is 10 or 12)
        {
            text.CopyTo(compact);
            compact = compact[..text.Length];
        }
        else
        {
            return PersonnummerFault.Malformed;
        }

        if (!AllDigits(compact[..^4])) return PersonnummerFault.Malformed;
        if (IsInterim(compact[^4..])) return PersonnummerFault.Interim;
        if (!AllDigits(compact[^4..]) || compact[^4..^1].SequenceEqual("000")) return PersonnummerFault.Malformed;

        var ten = compact[^10..];
        int year;
        if (compact.Length == 12)
        {
            year = Int(compact[..4]);
        }
        else
        {
            centuryTaken = true;
            year = arrival.Year / 100 * 100 + Int(ten[..2]);
            if (year > arrival.Year) year -= 100;
            if (plus) year -= 100;
        }

        var fault = CheckDate(year, Int(ten[2..4]), Int(ten[4..6]), arrival);
        if (fault != PersonnummerFault.None) return fault;
        if (Luhn(ten[..9]) != ten[9] - '0') return PersonnummerFault.CheckDigit;
        number = new Personnummer(year * 100_000_000L + long.Parse(ten[2..], CultureInfo.InvariantCulture));
        return PersonnummerFault.None;
    }

    /// <summary>
    /// For a number with a wrong check digit: which digit (1-based, separators not counted) has probably changed places with the next
    /// one. Null unless exactly one such swap gives a possible number. It names places only, never the number.
    /// </summary>
    public static int? SwappedDigit(ReadOnlySpan<char> text, DateOnly arrival)
    {
        Span<char> swapped = stackalloc char[13];
        if (text.Length > swapped.Length) return null;
        int? found = null;
        var (digit, last) = (0, -1);
        for (var i = 0; i < text.Length; i++)
        {
            if (!char.IsAsciiDigit(text[i])) continue;
            if (last >= 0 && text[last] != text[i])
            {
                text.CopyTo(swapped);
                (swapped[last], swapped[i]) = (swapped[i], swapped[last]);
                if (Parse(swapped[..text.Length], arrival, out _, out _) == PersonnummerFault.None)
                {
                    if (found is not null) return null;
                    found = digit;
                }
            }
            (last, digit) = (i, digit + 1);
        }
        return found;
    }

    /// <summary>An interim number in the one form in which two of them are compared: upper-case, without separator.</summary>
    public static string InterimKey(ReadOnlySpan<char> text) => text.ToString().Replace("-", "", StringComparison.Ordinal).Replace("+", "", StringComparison.Ordinal).ToUpperInvariant();

    /// <summary>The check digit of nine digits: weights 2,1,2,…; the digits of the products summed, up to the next ten.</summary>
    public static int Luhn(ReadOnlySpan<char> nine)
    {
        var sum = 0;
        for (var i = 0; i < 9; i++)
        {
            var product = (nine[i] - '0') * (2 - i % 2);
            sum += product > 9 ? product - 9 : product;
        }
        return (10 - sum % 10) % 10;
    }

    public int CompareTo(Personnummer other) => Digits.CompareTo(other.Digits);

    public static bool operator <(Personnummer a, Personnummer b) => a.Digits < b.Digits;
    public static bool operator >(Personnummer a, Personnummer b) => a.Digits > b.Digits;
    public static bool operator <=(Personnummer a, Personnummer b) => a.Digits <= b.Digits;
    public static bool operator >=(Personnummer a, Personnummer b) => a.Digits >= b.Digits;

    /// <summary>Year of birth.</summary>
    public int Year => (int)(Digits / 100_000_000);

    /// <summary>All twelve digits. Personal data: for deliveries and the school's own bytes only.</summary>
    public string ToUnmaskedString() => Digits.ToString("D12", CultureInfo.InvariantCulture);

    /// <summary>The same without a string of its own, in room for twelve.</summary>
    public ReadOnlySpan<char> FormatUnmasked(Span<char> room)
    {
        Digits.TryFormat(room, out var length, "D12", CultureInfo.InvariantCulture);
        return room[..length];
    }

    /// <summary>Masked: <c>19900101-****</c>.</summary>
    public override string ToString() => (Digits / 10_000).ToString("D8", CultureInfo.InvariantCulture) + "-****";

    private static PersonnummerFault CheckDate(int year, int month, int day, DateOnly arrival)
    {
        if (year < 1800) return PersonnummerFault.NoSuchDate;
        var coordination = day >= 60;
        if (coordination) day -= 60;
        // Unknown parts are let through, and only for a samordningsnummer.
        var unknown = coordination && (month == 0 || day == 0);
        if (unknown)
            return month > 12 || day > 31 ? PersonnummerFault.NoSuchDate
                : year > arrival.Year ? PersonnummerFault.NotYetBorn : PersonnummerFault.None;
        if (year > 9999 || month is < 1 or > 12 || day < 1 || day > DateTime.DaysInMonth(year, month)) return PersonnummerFault.NoSuchDate;
        return new DateOnly(year, month, day) > arrival ? PersonnummerFault.NotYetBorn : PersonnummerFault.None;
    }

    private static bool IsInterim(ReadOnlySpan<char> lastFour) =>
        ("JKLMNPRSTUWX".Contains(char.ToUpperInvariant(lastFour[0])) && AllDigits(lastFour[1..]))
        || (lastFour[..2].Equals("TF", StringComparison.OrdinalIgnoreCase) && AllDigits(lastFour[2..]));

    private static bool AllDigits(ReadOnlySpan<char> text) => !text.ContainsAnyExceptInRange('0', '9');

    private static int Int(ReadOnlySpan<char> digits) => int.Parse(digits, NumberStyles.None, CultureInfo.InvariantCulture);
}
