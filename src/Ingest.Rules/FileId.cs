using System.Globalization;

namespace Ingest.Rules;

/// <summary>
/// A file's id as one number that sorts as its text does: date and counter. <c>20261125000007</c> is <c>20261125-000007</c>.
/// </summary>
public static class FileId
{
    private const long Counter = 1_000_000;

    public static long Of(DateOnly date, int counter) => (date.Year * 10_000L + date.Month * 100 + date.Day) * Counter + counter;

    /// <summary>The day on which it was given.</summary>
    public static DateOnly Day(long id) => new((int)(id / Counter / 10_000), (int)(id / Counter / 100 % 100), (int)(id / Counter % 100));

    public static string Text(long id) => string.Create(CultureInfo.InvariantCulture, $"{id / Counter:D8}-{id % Counter:D6}");

    /// <summary>Null for a text that is no file id.</summary>
    public static long? Parse(string text) =>
        text.Length == 15 && text[8] == '-' && long.TryParse(text.Remove(8, 1), NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : null;
}
