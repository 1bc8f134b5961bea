namespace Ingest.Rules.Tables;

/// <summary>A row of a table that the law, or practice, may change: it holds from its date until the next row's.</summary>
internal sealed record Dated<T>(DateOnly ValidFrom, T Value, string Source);

internal static class DatedRows
{
    /// <summary>The row that holds on a date; before the oldest row, that one.</summary>
    /// <param name="rows">In order of their dates.</param>
    public static T On<T>(this IReadOnlyList<Dated<T>> rows, DateOnly date)
    {
        var at = rows.Count - 1;
        while (at > 0 && rows[at].ValidFrom > date) at--;
        return rows[at].Value;
    }
}
