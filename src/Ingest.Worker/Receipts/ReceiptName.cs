using System.Text;
using Ingest.Formats;
using Ingest.Rules;

namespace Ingest.Worker.Receipts;

/// <summary>
/// Names of what we write beside a file's own name: <c>&lt;name&gt;.&lt;fileId&gt;.…</c>, in a TEST root with <c>TEST</c> before what it is.
/// An identity number in the name shows its last four digits as <c>xxxx</c> (F20); a name too long is shortened before its extension.
/// </summary>
internal static class ReceiptName
{
    /// <summary>Bytes of UTF-8 that a file name may have on the file systems we meet.</summary>
    public const int MaxBytes = 255;

    // The longest that is put behind a name: ".20261125-000001.TEST.omsandning" and an extension.
    private const int Longest = 40;

    /// <param name="what">Such as <c>kvittens.json</c>.</param>
    public static string Of(string name, long fileId, string environment, string what) =>
        $"{Fit(name, Longest)}.{FileId.Text(fileId)}.{Test(environment)}{what}";

    /// <summary>Where the original is archived or quarantined: <c>&lt;fileId&gt;_&lt;name&gt;</c>.</summary>
    public static string Archived(string name, long fileId) => $"{FileId.Text(fileId)}_{Fit(name, Longest)}";

    /// <summary><c>TEST.</c> in a TEST root, else nothing.</summary>
    public static string Test(string environment) => environment == "TEST" ? "TEST." : "";

    /// <summary>The extension that an omsändning takes over from its file, without the full stop.</summary>
    public static string Extension(string name, FileShape shape)
    {
        var at = name.LastIndexOf('.');
        var extension = at > 0 ? name[(at + 1)..] : "";
        return extension.Length is > 0 and <= 8 && extension.All(char.IsAsciiLetterOrDigit) ? extension : shape == FileShape.Csv ? "csv" : "txt";
    }

    /// <summary>The name with each identity number's last four digits as <c>xxxx</c>.</summary>
    /// <param name="arrival">Nobody is born after it.</param>
    public static string Mask(string name, DateOnly arrival, out bool masked)
    {
        masked = false;
        var text = new StringBuilder(name);
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
                masked = true;
                for (var i = to - 4; i < to; i++) text[i] = 'x';
            }
            from = to;
        }
        return text.ToString();
    }

    // A run of exactly 10 or 12 digits, with - or + before the last four; a 14-digit timestamp is none.
    private static bool IsSeparator(string name, int at, int from) =>
        name[at] is '-' or '+' && at - from is 6 or 8 && at + 4 < name.Length && name.AsSpan(at + 1, 4).IndexOfAnyExceptInRange('0', '9') < 0
        && (at + 5 == name.Length || !char.IsAsciiDigit(name[at + 5])) && name.AsSpan(from, at - from).IndexOfAnyExceptInRange('0', '9') < 0;

    private static bool IsNumber(ReadOnlySpan<char> run, DateOnly arrival) =>
        run.Length is >= 10 and <= 13 && Personnummer.Parse(run, arrival, out _, out _) == PersonnummerFault.None;

    private static string Fit(string name, int reserved)
    {
        if (Encoding.UTF8.GetByteCount(name) + reserved <= MaxBytes) return name;
        var dot = name.LastIndexOf('.');
        var extension = dot > 0 && name.Length - dot <= 12 ? name[dot..] : "";
        var stem = name[..^extension.Length];
        while (Encoding.UTF8.GetByteCount(stem) + Encoding.UTF8.GetByteCount(extension) + reserved > MaxBytes)
            stem = stem[..^(char.IsLowSurrogate(stem[^1]) ? 2 : 1)];
        return stem + extension;
    }
}
