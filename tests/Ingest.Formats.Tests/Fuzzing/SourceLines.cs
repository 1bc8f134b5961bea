namespace Ingest.Formats.Tests.Fuzzing;

/// <summary>A physical line, its end and all.</summary>
internal sealed record SourceLine(int Offset, int Length, string Text);

/// <summary>
/// The lines of a file, counted on its own terms: unit by unit, a line ends at CRLF, LF or CR. Not by the reader's code, which is what
/// it is held against.
/// </summary>
internal static class SourceLines
{
    public static List<SourceLine> Of(byte[] bytes, TextForm form)
    {
        var wide = form is TextForm.Utf16Le or TextForm.Utf16Be;
        var unit = wide ? 2 : 1;
        var lines = new List<SourceLine>();
        var from = Math.Min(bytes.Length, form switch { TextForm.Utf8Bom => 3, TextForm.Utf16Le or TextForm.Utf16Be => 2, _ => 0 });
        for (var at = from; at + unit <= bytes.Length; at += unit)
        {
            var (c, end) = (Unit(at), at);
            if (c != '\r' && c != '\n') continue;
            if (c == '\r' && at + 2 * unit <= bytes.Length && Unit(at + unit) == '\n') at += unit;
            lines.Add(new SourceLine(from, at + unit - from, Text(from, end)));
            from = at + unit;
        }
        if (from < bytes.Length)
        {
            // One final 0x1A is no part of the text.
            var last = Text(from, bytes.Length);
            lines.Add(new SourceLine(from, bytes.Length - from, last.EndsWith('\u001A') ? last[..^1] : last));
        }
        // Nor is a last line that holds nothing else.
        if (lines.Count > 0 && lines[^1].Text == "\u001A") lines[^1] = lines[^1] with { Text = "" };
        return lines;

        int Unit(int at) => !wide ? bytes[at] : form == TextForm.Utf16Le ? bytes[at] | bytes[at + 1] << 8 : bytes[at] << 8 | bytes[at + 1];

        string Text(int start, int end) => form.Encoding().GetString(bytes, start, end - start);
    }
}
