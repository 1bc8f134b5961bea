namespace Ingest.Formats;

/// <summary>Which known word a written one was probably meant to be. A proposal, never applied.</summary>
public static class Likeness
{
    private const int LongestCompared = 60;

    /// <summary>
    /// The one known word that is closest, when it is close: at most a third of the shorter word differs, and no other is as near.
    /// Short words are a few changes from anything.
    /// </summary>
    public static string? Nearest(string written, IEnumerable<string> known)
    {
        string? best = null;
        var (least, alone) = (int.MaxValue, false);
        foreach (var word in known)
        {
            var distance = Distance(written, word);
            if (distance > Math.Max(1, Math.Min(written.Length, word.Length) / 3)) continue;
            if (distance < least) (best, least, alone) = (word, distance, true);
            else if (distance == least && word != best) alone = false;
        }
        return alone ? best : null;
    }

    /// <summary>Insertions, deletions, replacements and swaps of neighbours that turn one into the other.</summary>
    public static int Distance(string a, string b)
    {
        if (a.Length > LongestCompared || b.Length > LongestCompared) return int.MaxValue;
        var (before, above, row) = (new int[b.Length + 1], Enumerable.Range(0, b.Length + 1).ToArray(), new int[b.Length + 1]);
        for (var i = 1; i <= a.Length; i++)
        {
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                row[j] = Math.Min(Math.Min(above[j], row[j - 1]) + 1, above[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1));
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) row[j] = Math.Min(row[j], before[j - 2] + 1);
            }
            (before, above, row) = (above, row, before);
        }
        return above[b.Length];
    }
}
