using System.Buffers;
using System.Text;

namespace Ingest.Formats;

/// <summary>
/// Keeps identity numbers out of everything that is written. Whatever the field, a run of ten or more digits may be one: files
/// with shifted columns put it anywhere.
/// </summary>
public static class Masking
{
    private const int MaxShown = 60;

    /// <summary>How many characters that are neither letters nor digits a number may have between two of its digits.</summary>
    private const int MaxBetween = 3;

    private const int ShortestNumber = 10;

    // What the texts of receipts are made of beside ASCII: letters and marks that show as themselves.
    private static readonly SearchValues<char> ShowAsThemselves = SearchValues.Create([.. Enumerable.Range(' ', '~' - ' ' + 1).Select(c => (char)c), .. "åäöÅÄÖéÉüÜ§”“’–…\u00A0"]);
    private static readonly SearchValues<char> OfNumbers = SearchValues.Create("0123456789-+");

    /// <summary>
    /// The value as it may be shown: of a run of ten or more digits the first six (of exactly twelve: the first eight), the rest as
    /// <c>*</c>; at most 60 characters. A run may hold a number anywhere, so that its last four are not enough to hide.
    /// </summary>
    public static string Value(ReadOnlySpan<char> value)
    {
        var text = new StringBuilder(value.Length);
        while (!value.IsEmpty)
        {
            var run = DigitRun(value, out var digits);
            var show = digits < 10 ? digits : digits == 12 ? 8 : 6;
            for (var i = 0; i < run; i++)
            {
                if (char.IsDigit(value[i])) text.Append(show-- <= 0 ? '*' : value[i]);
                else if (char.IsHighSurrogate(value[i]) && i + 1 < value.Length && char.IsLowSurrogate(value[i + 1])) AppendVisible(text, new Rune(value[i], value[++i]));
                else AppendVisible(text, value[i]);
                run = Math.Max(run, i + 1);
            }
            value = value[run..];
        }
        if (text.Length <= MaxShown) return text.ToString();
        return text.ToString(0, char.IsHighSurrogate(text[MaxShown - 1]) ? MaxShown - 1 : MaxShown) + "…";
    }

    /// <summary>The text with U+FFFD for what shows nothing, or turns the text about it around: control and format characters.</summary>
    public static string Visible(string text)
    {
        if (!text.AsSpan().ContainsAnyExcept(ShowAsThemselves)) return text;
        var shown = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            if (rune.Value == Phrase.Divider || Rune.IsDigit(rune)) shown.Append(rune.ToString());
            else AppendVisible(shown, rune);
        }
        return shown.ToString();
    }

    private static void AppendVisible(StringBuilder text, char c)
    {
        if (char.IsSurrogate(c)) text.Append('\uFFFD');
        else AppendVisible(text, new Rune(c));
    }

    // What divides a phrase's two languages is no part of either.
    private static void AppendVisible(StringBuilder text, Rune rune) => text.Append(
        rune.Value == Phrase.Divider ? "|" : CharacterCheck.IsForbidden(rune, basicPlaneOnly: false) ? "\uFFFD" : rune.ToString());

    /// <summary>The value of a personnummer field, however malformed: at most its first six characters, or the date of a twelve-digit number.</summary>
    public static string Personnummer(ReadOnlySpan<char> value)
    {
        var digits = 0;
        foreach (var c in value) digits += char.IsDigit(c) ? 1 : 0;
        // Too few digits for even the last four: another column's value, which is what helps to see; or a name, which is not shown.
        if (digits < 4) return digits == 0 ? "***" : Value(value);
        var show = BeginsWithCentury(value) ? 8 : Math.Clamp(value.Length - 4, 0, 6);
        var text = new StringBuilder(show + 5);
        foreach (var c in value[..show])
        {
            if (char.IsDigit(c)) text.Append(c);
            else AppendVisible(text, c);
        }
        // The plus sign says that the person is a hundred, which is what the century turns on.
        return text.Append(value.Length > 5 && value[^5] == '+' ? "+****" : "-****").ToString();
    }

    /// <summary>
    /// True if the value has the shape of a twelve-digit number: eight digits, perhaps a separator, and four more that end in two digits (as
    /// those of an interim number do). <c>9601012397-N</c> also begins with eight digits, of which two are to be hidden.
    /// </summary>
    private static bool BeginsWithCentury(ReadOnlySpan<char> value) =>
        (value.Length == 12 || (value.Length == 13 && !char.IsLetterOrDigit(value[8])))
        && !value[..8].ContainsAnyExceptInRange('0', '9') && !value[^2..].ContainsAnyExceptInRange('0', '9');

    /// <summary>The text with the last four digits of each valid identity number as <c>xxxx</c>: for names, which must stay what they are otherwise.</summary>
    /// <param name="arrival">Nobody is born after it.</param>
    public static string Numbers(string name, DateOnly arrival, out bool masked)
    {
        masked = false;
        if (!HasLongRun(name)) return name;
        StringBuilder? text = null;
        for (var from = 0; from < name.Length;)
        {
            if (!char.IsAsciiDigit(name[from]))
            {
                from++;
                continue;
            }
            var to = from;
            while (to < name.Length && (char.IsAsciiDigit(name[to]) || IsSeparator(name, to, from))) to++;
            if (IsNumber(name.AsSpan(from, to - from), arrival))
            {
                text ??= new StringBuilder(name);
                for (var i = to - 4; i < to; i++) text[i] = 'x';
            }
            from = to;
        }
        masked = text is not null;
        return text?.ToString() ?? name;
    }

    /// <summary>
    /// True if the text has so many digits and separators in a row as the shortest number. Asked of each händelse-id, of which nearly none has:
    /// such a run would cover every tenth character, so that most are done with after a few.
    /// </summary>
    private static bool HasLongRun(ReadOnlySpan<char> text)
    {
        for (var at = ShortestNumber - 1; at < text.Length; at += ShortestNumber)
        {
            if (!OfNumbers.Contains(text[at])) continue;
            var before = text[..at];
            var from = before.LastIndexOfAnyExcept(OfNumbers) + 1;
            var after = text[at..].IndexOfAnyExcept(OfNumbers);
            if ((after < 0 ? text.Length : at + after) - from >= ShortestNumber) return true;
        }
        return false;
    }

    // A run of exactly 10 or 12 digits, with - or + before the last four; a 14-digit timestamp is none.
    private static bool IsSeparator(string name, int at, int from) =>
        name[at] is '-' or '+' && at - from is 6 or 8 && at + 4 < name.Length && name.AsSpan(at + 1, 4).IndexOfAnyExceptInRange('0', '9') < 0
        && (at + 5 == name.Length || !char.IsAsciiDigit(name[at + 5])) && name.AsSpan(from, at - from).IndexOfAnyExceptInRange('0', '9') < 0;

    private static bool IsNumber(ReadOnlySpan<char> run, DateOnly arrival) =>
        run.Length is >= 10 and <= 13 && Formats.Personnummer.Parse(run, arrival, out _, out _) == PersonnummerFault.None;

    /// <summary>How many characters from here are digits with at most <see cref="MaxBetween"/> others between them; 1 if the first is no digit.</summary>
    private static int DigitRun(ReadOnlySpan<char> text, out int digits)
    {
        digits = 0;
        var length = 0;
        for (var i = 0; i < text.Length && i - length <= MaxBetween; i++)
        {
            if (char.IsDigit(text[i]))
            {
                digits++;
                length = i + 1;
            }
            else if (digits == 0 || char.IsLetter(text[i]))
            {
                break;
            }
        }
        return Math.Max(length, 1);
    }
}
