using System.Globalization;
using System.IO.Abstractions;
using System.Text;
using Ingest.Formats;

namespace Ingest.Worker.Pickup;

/// <summary>
/// The totals in a <c>&lt;name&gt;.klar</c>: lines <c>antal=…</c>, <c>hp=…</c>, <c>sha256=…</c>, all optional. What it states is checked;
/// a line that cannot be read states nothing that the file could meet, so it refuses the file too.
/// </summary>
internal static class DoneFile
{
    public const string Suffix = ".klar";

    /// <summary>Characters read of a done-file at most.</summary>
    public const int MaxCharacters = 4096;

    /// <summary>The text of a done-file, by its byte order mark UTF-16 too: that is what some shells write. Null when there is none.</summary>
    public static string? Read(IFileSystem files, string path)
    {
        if (!files.File.Exists(path)) return null;
        using var stream = files.FileStream.New(path, FileMode.Open, FileAccess.Read);
        using var reader = new StreamReader(stream, Encoding.UTF8, detectEncodingFromByteOrderMarks: true);
        var text = new char[MaxCharacters];
        return new string(text, 0, reader.ReadBlock(text));
    }

    /// <summary>A done-file that states all three.</summary>
    public static string Write(long records, long hundredths, string sha256) =>
        string.Create(CultureInfo.InvariantCulture, $"antal={records}\nhp={new Credits(hundredths)}\nsha256={sha256}\n");

    /// <param name="unreadable">Keys whose value could not be read.</param>
    public static DeclaredTotals Parse(string text, out List<string> unreadable)
    {
        unreadable = [];
        long? records = null, hundredths = null;
        string? sha256 = null;
        foreach (var line in text.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            var at = line.IndexOf('=');
            if (at < 0) continue;
            var (key, value) = (line[..at].Trim().ToLowerInvariant(), line[(at + 1)..].Trim());
            var readable = true;
            switch (key)
            {
                case "antal":
                    readable = int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count < 1_000_000_000;
                    records = readable ? count : null;
                    break;
                case "hp":
                    readable = decimal.TryParse(value.Replace(',', '.'), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var hp) && hp < 1e9m && hp * 100 == decimal.Truncate(hp * 100);
                    hundredths = readable ? (long)(hp * 100) : null;
                    break;
                case "sha256":
                    readable = value.Length == 64 && value.All(char.IsAsciiHexDigit);
                    sha256 = readable ? value.ToLowerInvariant() : null;
                    break;
            }
            if (!readable) unreadable.Add(key);
        }
        return new DeclaredTotals(records, hundredths, sha256);
    }
}
