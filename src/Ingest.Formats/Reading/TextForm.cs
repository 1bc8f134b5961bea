using System.Text;

namespace Ingest.Formats;

/// <summary>The encodings that are read. Names as the receipt states them.</summary>
public enum TextForm
{
    Utf8,
    Utf8Bom,
    Utf16Le,
    Utf16Be,
    Windows1252,
}

/// <summary>Facts about the encodings.</summary>
public static class TextForms
{
    private static readonly Encoding Latin = CodePagesEncodingProvider.Instance.GetEncoding(1252)!;

    /// <summary>As the receipt states it.</summary>
    public static string Name(this TextForm form) => form switch
    {
        TextForm.Utf8 => "UTF-8",
        TextForm.Utf8Bom => "UTF-8 (BOM)",
        TextForm.Utf16Le => "UTF-16LE",
        TextForm.Utf16Be => "UTF-16BE",
        _ => "Windows-1252",
    };

    /// <summary>Bytes of the byte order mark.</summary>
    public static int Preamble(this TextForm form) => form switch
    {
        TextForm.Utf8Bom => 3,
        TextForm.Utf16Le or TextForm.Utf16Be => 2,
        _ => 0,
    };

    /// <summary>Decodes with U+FFFD for what is no text; writes without a byte order mark (see <see cref="Bom"/>).</summary>
    public static Encoding Encoding(this TextForm form) => form switch
    {
        TextForm.Utf8 or TextForm.Utf8Bom => Strictless,
        TextForm.Utf16Le => System.Text.Encoding.Unicode,
        TextForm.Utf16Be => System.Text.Encoding.BigEndianUnicode,
        _ => Latin,
    };

    public static ReadOnlySpan<byte> Bom(this TextForm form) => form switch
    {
        TextForm.Utf8Bom => [0xEF, 0xBB, 0xBF],
        TextForm.Utf16Le => [0xFF, 0xFE],
        TextForm.Utf16Be => [0xFE, 0xFF],
        _ => [],
    };

    /// <summary>
    /// The text composed (NFC). The framework throws at U+FFFE, which is no character: it stays, and what stands between is composed.
    /// For decoded text, in which no surrogate is alone.
    /// </summary>
    internal static string Composed(string text) =>
        text.Contains('\uFFFE') ? string.Join('\uFFFE', text.Split('\uFFFE').Select(Composed))
        : text.IsNormalized() ? text : text.Normalize();

    private static readonly UTF8Encoding Strictless = new(encoderShouldEmitUTF8Identifier: false);
}
