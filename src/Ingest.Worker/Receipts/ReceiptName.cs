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

    private const int LongestExtension = 8;

    // The longest that is put behind a name.
    private static readonly int Longest = $".20261125-000001.{Test("TEST")}omsandning.".Length + LongestExtension;

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
        return extension.Length is > 0 and <= LongestExtension && extension.All(char.IsAsciiLetterOrDigit) ? extension : shape == FileShape.Csv ? "csv" : "txt";
    }

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
