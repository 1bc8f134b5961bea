using System.Text;

namespace Ingest.Formats;

/// <summary>
/// Keeps identity numbers out of everything that is written. Whatever the field, a run of ten or more digits may be one: files
/// with shifted columns put it anywhere.
/// </summary>
public static class Masking
{
    private const int MaxShown = 60;

    /// <summary>The value as it may be shown: the last four of every run of ten or more digits become <c>*</c>; at most 60 characters.</summary>
    public static string Value(ReadOnlySpan<char> value)
    {
        var text = new StringBuilder(Math.Min(value.Length, MaxShown) + 1);
        var i = 0;
        while (i < value.Length)
        {
            var run = DigitRun(value[i..], out var digits);
            if (run == 0)
            {
                text.Append(char.IsControl(value[i]) ? '\uFFFD' : value[i]);
                i++;
                continue;
            }
            AppendRun(text, value.Slice(i, run), digits >= 10 ? 4 : 0);
            i += run;
        }
        return text.Length > MaxShown ? text.ToString(0, MaxShown) + "…" : text.ToString();
    }

    /// <summary>The value of a personnummer field, however malformed: its last four characters never show, nor a digit past the eighth.</summary>
    public static string Personnummer(ReadOnlySpan<char> value)
    {
        var show = Math.Max(0, Math.Min(8, value.Length - 4));
        if (value.Length is 10 or 11) show = 6;
        var text = new StringBuilder();
        foreach (var c in value[..show]) text.Append(char.IsControl(c) ? '\uFFFD' : c);
        return text.Append("-****").ToString();
    }

    /// <summary>How many characters from here are digits, with single <c>-</c> or <c>+</c> between them.</summary>
    private static int DigitRun(ReadOnlySpan<char> text, out int digits)
    {
        digits = 0;
        var length = 0;
        for (var i = 0; i < text.Length; i++)
        {
            if (char.IsDigit(text[i]))
            {
                digits++;
                length = i + 1;
            }
            else if (i == 0 || text[i] is not ('-' or '+' or ' ') || !char.IsDigit(text[i - 1]))
            {
                break;
            }
        }
        return length;
    }

    private static void AppendRun(StringBuilder text, ReadOnlySpan<char> run, int hide)
    {
        var from = text.Length;
        text.Append(run);
        for (var i = text.Length - 1; i >= from && hide > 0; i--)
        {
            if (!char.IsDigit(text[i])) continue;
            text[i] = '*';
            hide--;
        }
    }
}
