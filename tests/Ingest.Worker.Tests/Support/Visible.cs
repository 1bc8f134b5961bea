using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Ingest.Worker.Tests;

/// <summary>Bytes as text in which nothing that matters is out of sight: encoding, byte order mark, line ends and characters without a shape.</summary>
internal static partial class Visible
{
    /// <summary>A heading that names encoding and line ends, and the text. Line ends that are mixed are marked one by one.</summary>
    public static string File(string name, byte[] bytes)
    {
        var (encoding, preamble, form) = Form(bytes);
        var text = encoding.GetString(bytes.AsSpan(preamble));
        var ends = new[] { ("CRLF", Count(text.Replace("\r\n", "\u0001"), '\u0001')), ("LF", Count(text.Replace("\r\n", ""), '\n')), ("CR", Count(text.Replace("\r\n", ""), '\r')) }
            .Where(e => e.Item2 > 0).Select(e => e.Item1).ToList();
        var mixed = ends.Count > 1;
        var last = text.Length == 0 ? "tom" : text[^1] is '\n' or '\r' ? "" : ", sista raden utan radslut";
        return $"== {name} ({form}{(ends.Count == 0 ? "" : ", " + string.Join(" och ", ends))}{last}) ==\n{Show(Style().Replace(text, "<style>…</style>"), mixed)}\n";
    }

    private static (Encoding, int, string) Form(byte[] bytes) => bytes switch
    {
        [0xEF, 0xBB, 0xBF, ..] => (Encoding.UTF8, 3, "UTF-8 med BOM"),
        [0xFF, 0xFE, ..] => (Encoding.Unicode, 2, "UTF-16LE med BOM"),
        [0xFE, 0xFF, ..] => (Encoding.BigEndianUnicode, 2, "UTF-16BE med BOM"),
        _ when System.Text.Unicode.Utf8.IsValid(bytes) => (Encoding.UTF8, 0, bytes.All(b => b < 0x80) ? "ASCII" : "UTF-8"),
        _ => (Encoding.Latin1, 0, "Latin-1"),
    };

    private static string Show(string text, bool markEnds)
    {
        var shown = new StringBuilder();
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (c == '\r')
            {
                var pair = i + 1 < text.Length && text[i + 1] == '\n';
                if (markEnds) shown.Append(pair ? "␍␊" : "␍");
                shown.Append('\n');
                if (pair) i++;
            }
            else if (c == '\n')
            {
                shown.Append(markEnds ? "␊\n" : "\n");
            }
            else if (c == '\u00A0' || char.GetUnicodeCategory(c) is UnicodeCategory.Control or UnicodeCategory.Format)
            {
                shown.Append(CultureInfo.InvariantCulture, $"<U+{(int)c:X4}>");
            }
            else
            {
                shown.Append(c);
            }
        }
        return shown.ToString();
    }

    // How a page looks is seen in a browser, not in a snapshot.
    [GeneratedRegex("<style>.*?</style>", RegexOptions.Singleline)]
    private static partial Regex Style();

    private static int Count(string text, char c) => text.Count(x => x == c);
}
