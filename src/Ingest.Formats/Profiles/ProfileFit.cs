namespace Ingest.Formats;

/// <summary>Says whether a file of a school with a profile is of that profile, or of our own layout all the same.</summary>
internal static class ProfileFit
{
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
        // Our own header row can be told from rows of data; our own fixed width is told by its HUV alone. What is left is the profile's,
        // whatever its lines begin with: the refused records of a file may all be of no known type, and their omsändning is read as the file was.
        return own == FileShape.Csv ? null : (profile.Delimiter, false, null);
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

    private static (char, bool, Finding?) Refused(Profile profile, int line, string[] lines) => ('\0', false, new Finding(FindingCode.F02, line + 1, Args:
    [
        Phrase.Of(
            $"rad {line + 1} har {lines[line].Length} tecken och passar varken RVF1 eller skolans profil {profile.Name}",
            $"line {line + 1} has {lines[line].Length} characters and fits neither RVF1 nor the school's profile {profile.Name}"),
    ]));
}
