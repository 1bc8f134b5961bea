namespace Ingest.Formats;

/// <summary>Finds a profile's columns in the header row of a CSV file, or by their numbers where there is none.</summary>
internal static class ProfileHeader
{
    /// <summary>Reads the header row; its faults stand in the header's findings, under the profile's own column names.</summary>
    public static CsvHeader Read(string row, long line, char delimiter, Profile profile, ReadLimits limits)
    {
        var findings = new List<Finding>();
        var names = CsvHeader.Names(row, line, delimiter, limits, findings, out var unnamedLast);
        var match = Match(profile, names);
        foreach (var (column, first) in match.Twice)
            findings.Add(new Finding(FindingCode.F18, line, Args: [CsvHeader.Shown(names[column]), CsvHeader.Shown(names[first])]));
        var unknown = match.Unknown.Select(i => names[i]).ToList();
        foreach (var field in match.Missing)
            findings.Add(new Finding(FindingCode.F17, line, Field: field.Name, Args: [field.Name, CsvHeader.Guess(field, unknown), match.Forms is [var form] ? CsvHeader.ReadAs(form.Layout, f => form.ColumnOf(f) >= 0) : Phrase.Of("Rubrikraden lästes enligt er profil.", "The header row was read by your profile.")]));
        if (unknown.Count > 0)
            findings.Add(new Finding(FindingCode.F19, line, Args: [string.Join(", ", match.Unknown.Select(i => CsvHeader.Shown(names[i], i)))]));
        return new CsvHeader(match.Forms, names.Count, unnamedLast, findings) { TagColumn = match.TagColumn };
    }

    /// <summary>The header of a file that has no header row.</summary>
    public static CsvHeader WithoutRow(Profile profile) =>
        new([.. profile.Records.Select(r => Form(r, f => f.Number - 1))], profile.Columns, unnamedLast: false, []) { TagColumn = profile.Tag?.At.Number - 1 ?? -1 };

    /// <summary>How many of the profile's columns the row has, and how many that must be there it lacks.</summary>
    public static (int Known, int Missing) Fit(Profile profile, string row, char delimiter)
    {
        var match = Match(profile, CsvHeader.Split(row, delimiter));
        return (match.Known, match.Missing.Count);
    }

    private sealed record Matched(int Known, IReadOnlyList<CsvForm> Forms, int TagColumn, List<Field> Missing, List<(int Column, int First)> Twice, List<int> Unknown);

    private static Matched Match(Profile profile, List<string> names)
    {
        if (profile.Tag is not null) return Match(profile, profile.Records, names);
        return profile.Records.Select(r => Match(profile, [r], names)).MaxBy(m => m.Known - m.Missing.Count)!;
    }

    private static Matched Match(Profile profile, IReadOnlyList<ProfileRecord> records, List<string> names)
    {
        var columns = new Dictionary<string, int>(StringComparer.Ordinal);
        var wanted = records.SelectMany(r => r.ByRole).Append(profile.Tag?.At).OfType<ProfileField>().Select(Key).ToHashSet(StringComparer.Ordinal);
        var (twice, unknown) = (new List<(int, int)>(), new List<int>());
        for (var i = 0; i < names.Count; i++)
        {
            var name = CsvHeader.Normalise(names[i]);
            if (!wanted.Contains(name))
            {
                if (!profile.IgnoredColumns.Contains(name)) unknown.Add(i);
            }
            else if (!columns.TryAdd(name, i))
            {
                twice.Add((i, columns[name]));
            }
        }
        var forms = records.Select(r => Form(r, f => columns.GetValueOrDefault(Key(f), -1))).ToList();
        var missing = forms.SelectMany(f => f.Layout.Fields.Where(field => !field.ColumnOptional && f.Profile!.Find(field) is not null && f.ColumnOf(field) < 0)).DistinctBy(f => f.Name).ToList();
        var tag = profile.Tag is { } at ? columns.GetValueOrDefault(Key(at.At), -1) : -1;
        if (profile.Tag is not null && tag < 0) missing.Insert(0, new Field(FieldRole.Version, profile.Tag.At.Column!, FieldForm.Text, 0, 0, Need.Key));
        return new Matched(columns.Count, forms, tag, missing, twice, unknown);
    }

    private static string Key(ProfileField field) => CsvHeader.Normalise(field.Column!);

    private static CsvForm Form(ProfileRecord record, Func<ProfileField, int> column) =>
        new(record.Layout, [.. record.ByRole.Select(f => f is null ? -1 : column(f))], record);
}
