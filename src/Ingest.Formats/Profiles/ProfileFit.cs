namespace Ingest.Formats;

/// <summary>Says whether a file of a school with a profile is of that profile, or of our own layout all the same.</summary>
internal static class ProfileFit
{
    // A tagged file says within its first lines what it is.
    private const int LinesLookedAt = 20;

    /// <summary>Null: it is of our own layout, or holds nothing, or is refused as any other. Else how it is read, or why it is not.</summary>
    public static (char Delimiter, bool SeparatorLine, Finding? Finding)? Of(Profile profile, ReadOnlySpan<byte> head, TextForm text, FileShape? own)
    {
        var form = profile.TextOf(text);
        var lines = Lines(form.Encoding().GetString(head[form.Preamble()..]));
        var filled = Enumerable.Range(0, lines.Length).Where(i => !string.IsNullOrWhiteSpace(lines[i]) && lines[i] != "\u001A").ToList();
        if (filled.Count == 0 || Sniffer.IsHeader(lines[filled[0]])) return null;
        var after = filled.Where(i => i >= profile.SkipLines).ToList();
        if (after.Count == 0) return own is null ? Refused(profile, filled[0], lines) : null;
        if (profile.HeaderRow) return OfHeader(profile, lines, after, own);
        // Our own header row can be told from rows of data; our own fixed width is told by its HUV alone.
        if (own == FileShape.Csv) return null;
        return profile.Tag is null || profile.Shape == FileShape.Csv || after.Take(LinesLookedAt).Any(i => HasTag(profile, lines[i]))
            ? (profile.Delimiter, false, null)
            : Refused(profile, after[0], lines);
    }

    private static (char, bool, Finding?)? OfHeader(Profile profile, string[] lines, List<int> filled, FileShape? own)
    {
        var (at, delimiter, separatorLine) = (filled[0], profile.Delimiter, false);
        if (lines[at] is { Length: 5 } stated && stated.StartsWith("sep=", StringComparison.OrdinalIgnoreCase) && stated[4] is ';' or ',' or '\t' or '|' && filled.Count > 1)
            (at, delimiter, separatorLine) = (filled[1], lines[at][4], true);
        var (known, missing) = ProfileHeader.Fit(profile, lines[at], delimiter);
        if (missing == 0 && known > 0) return (delimiter, separatorLine, null);
        // Neither whole: it is what it is more like, and its faults are told as that.
        if (own == FileShape.Csv)
        {
            var (ownDelimiter, _) = CsvHeader.Detect(lines[at], separatorLine ? delimiter : '\0');
            if (CsvHeader.Fit(lines[at], ownDelimiter) > known - missing) return null;
        }
        return known >= 2 ? (delimiter, separatorLine, null) : Refused(profile, at, lines);
    }

    private static string[] Lines(string text)
    {
        var lines = new List<string>();
        using var reader = new StringReader(text);
        while (reader.ReadLine() is { } line) lines.Add(line);
        return [.. lines];
    }

    private static bool HasTag(Profile profile, string line)
    {
        var at = profile.Tag!.At;
        if (line.Length < at.Start) return false;
        var tag = line.AsSpan(at.Start - 1, Math.Min(at.Length, line.Length - at.Start + 1)).Trim(' ');
        return profile.RecordOf(tag) is not null || profile.Tag.Skipped.Contains(tag.ToString());
    }

    private static (char, bool, Finding?) Refused(Profile profile, int line, string[] lines) => ('\0', false, new Finding(FindingCode.F02, line + 1, Args:
    [
        Phrase.Of(
            $"rad {line + 1} har {lines[line].Length} tecken och passar varken RVF1 eller skolans profil {profile.Name}",
            $"line {line + 1} has {lines[line].Length} characters and fits neither RVF1 nor the school's profile {profile.Name}"),
    ]));
}
