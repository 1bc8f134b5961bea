using System.Text;

namespace Ingest.Formats;

/// <summary>One kind of record in a CSV file: its fields, and the column of each.</summary>
/// <param name="Profile">How a profile describes it; null for our own layout.</param>
internal sealed record CsvForm(Layout Layout, int[] ColumnByRole, ProfileRecord? Profile = null)
{
    /// <summary>0-based column of a field, or -1.</summary>
    public int ColumnOf(Field field) => ColumnByRole[(int)field.Role];
}

/// <summary>What the header row of a CSV file tells: the kind of record, and where each field's column is.</summary>
internal sealed class CsvHeader
{
    internal CsvHeader(IReadOnlyList<CsvForm> forms, int width, bool unnamedLast, IReadOnlyList<Finding> findings)
    {
        Forms = forms;
        Width = width;
        UnnamedLast = unnamedLast;
        Findings = findings;
    }

    /// <summary>One; more where a profile's tag column tells the kind row by row.</summary>
    public IReadOnlyList<CsvForm> Forms { get; }

    /// <summary>0-based column of the tag, or -1.</summary>
    public int TagColumn { get; init; } = -1;

    /// <summary>The kind of every row, where there is but one.</summary>
    public RecordKind? Kind => TagColumn < 0 ? Forms[0].Layout.Kind : null;

    /// <summary>Columns, an unnamed last one not counted.</summary>
    public int Width { get; }

    /// <summary>True if the header row ends in a delimiter.</summary>
    public bool UnnamedLast { get; }

    public IReadOnlyList<Finding> Findings { get; }

    /// <summary>How many columns the row has of the kind that it fits best, less those that this kind lacks.</summary>
    public static int Fit(string row, char delimiter)
    {
        var names = FirstNames(row, delimiter);
        return Layouts.Records.Select(l => Match(l, names)).Max(m => m.Known - m.Missing.Count);
    }

    /// <summary>The delimiter with which the row names most columns we know, and how many those are.</summary>
    /// <param name="forced">The delimiter that <c>sep=</c> stated, or NUL.</param>
    public static (char Delimiter, int Known) Detect(string row, char forced)
    {
        var best = (Delimiter: forced == '\0' ? ';' : forced, Known: 0);
        foreach (var delimiter in forced == '\0' ? ";,\t" : forced.ToString())
        {
            var names = FirstNames(row, delimiter);
            var known = Layouts.Records.Max(l => Match(l, names).Known);
            if (known > best.Known) best = (delimiter, known);
        }
        return best;
    }

    /// <summary>Enough to tell a header row by; how many columns there may be is for the reader to say (F14).</summary>
    private static List<string> FirstNames(string row, char delimiter)
    {
        var names = Split(row, delimiter);
        if (names.Count > MostLookedAt) names.RemoveRange(MostLookedAt, names.Count - MostLookedAt);
        return names;
    }

    private const int MostLookedAt = 1000;

    /// <summary>Reads the header row; its faults stand in <see cref="Findings"/>.</summary>
    public static CsvHeader Read(string row, long line, char delimiter, ReadLimits limits)
    {
        var findings = new List<Finding>();
        var names = Names(row, line, delimiter, limits, findings, out var unnamedLast);
        var (layout, match) = Layouts.Records
            .Select(l => (Layout: l, Match: Match(l, names)))
            .MaxBy(m => m.Match.Known - m.Match.Missing.Count);
        foreach (var (column, first) in match.Twice)
            findings.Add(new Finding(FindingCode.F18, line, Args: [Shown(names[column]), Shown(names[first])]));
        var unknown = match.Unknown.Select(i => names[i]).ToList();
        foreach (var field in match.Missing)
            findings.Add(new Finding(FindingCode.F17, line, Field: field.Name, Args: [field.Name, Guess(field, unknown), ReadAs(layout, f => match.Columns[(int)f.Role] >= 0)]));
        if (unknown.Count > 0)
            findings.Add(new Finding(FindingCode.F19, line, Args: [string.Join(", ", match.Unknown.Select(i => Shown(names[i], i)))]));
        return new CsvHeader([new CsvForm(layout, match.Columns)], names.Count, unnamedLast, findings);
    }

    /// <summary>The names of the row's columns, as many as may be; an unnamed last one is not among them.</summary>
    internal static List<string> Names(string row, long line, char delimiter, ReadLimits limits, List<Finding> findings, out bool unnamedLast)
    {
        var names = Split(row, delimiter);
        unnamedLast = names.Count > 1 && names[^1].Trim(' ', '\u00A0').Length == 0;
        if (unnamedLast) names.RemoveAt(names.Count - 1);
        if (names.Count <= limits.MaxColumns) return names;
        findings.Add(new Finding(FindingCode.F14, line, Args: [Phrase.Of("antalet kolumner", "the number of columns"), Phrase.Number(names.Count), Phrase.Number(limits.MaxColumns)]));
        names.RemoveRange(limits.MaxColumns, names.Count - limits.MaxColumns);
        return names;
    }

    /// <summary>Splits a row that RFC 4180 quotes; quoting that does not close runs to the end.</summary>
    internal static List<string> Split(string row, char delimiter)
    {
        var cells = new List<string>();
        var cell = new StringBuilder();
        var quoted = false;
        for (var i = 0; i < row.Length; i++)
        {
            var c = row[i];
            if (quoted)
            {
                if (c != '"') cell.Append(c);
                else if (i + 1 < row.Length && row[i + 1] == '"') cell.Append(row[i++]);
                else quoted = false;
            }
            else if (c == '"' && cell.Length == 0)
            {
                quoted = true;
            }
            else if (c == delimiter)
            {
                cells.Add(cell.ToString());
                cell.Clear();
            }
            else
            {
                cell.Append(c);
            }
        }
        cells.Add(cell.ToString());
        return cells;
    }

    /// <summary>The form in which names are compared: lower-case, å ä ö as a a o, no blanks, hyphens or underscores.</summary>
    internal static string Normalise(string name)
    {
        var key = new StringBuilder(name.Length);
        foreach (var c in TextForms.Composed(name).ToLowerInvariant())
        {
            if (c is ' ' or '\u00A0' or '-' or '_' or '\u2010' or '\u2011' or '\uFEFF') continue;
            key.Append(c switch { 'å' or 'ä' => 'a', 'ö' => 'o', _ => c });
        }
        return key.ToString();
    }

    private sealed record Matched(int Known, int[] Columns, List<Field> Missing, List<(int Column, int First)> Twice, List<int> Unknown);

    private static readonly Dictionary<string, FieldRole>[] NamesByKind = [.. Layouts.Records.Select(Names)];

    private static Dictionary<string, FieldRole> Names(Layout layout)
    {
        var names = new Dictionary<string, FieldRole>(StringComparer.Ordinal);
        foreach (var field in layout.Fields)
            foreach (var name in field.AliasList.Prepend(field.Name))
                names[Normalise(name)] = field.Role;
        return names;
    }

    private static Matched Match(Layout layout, List<string> names)
    {
        var known = NamesByKind[(int)layout.Kind!];
        var columns = new int[Enum.GetValues<FieldRole>().Length];
        Array.Fill(columns, -1);
        var matched = new Matched(0, columns, [], [], []);
        var count = 0;
        for (var i = 0; i < names.Count; i++)
        {
            if (!known.TryGetValue(Normalise(names[i]), out var role))
            {
                matched.Unknown.Add(i);
            }
            else if (columns[(int)role] >= 0)
            {
                matched.Twice.Add((i, columns[(int)role]));
            }
            else
            {
                columns[(int)role] = i;
                count++;
            }
        }
        matched.Missing.AddRange(layout.Fields.Where(f => !f.ColumnOptional && columns[(int)f.Role] < 0));
        return matched with { Known = count };
    }

    /// <summary>Which kind the row was read as, what that kind must have, and what was found of it.</summary>
    internal static string ReadAs(Layout layout, Func<Field, bool> isThere)
    {
        var needed = string.Join(", ", layout.Fields.Where(f => !f.ColumnOptional).Select(f => f.Name));
        var found = string.Join(", ", layout.Fields.Where(isThere).Select(f => f.Name));
        return Phrase.Of($"Rubrikraden lästes som den för posttypen {layout.Tag} ({layout.Title.ToLowerInvariant()}), som måste ha kolumnerna {needed}. Här finns {found}.",
            $"The header row was read as that of the record type {layout.Tag}, which must have the columns {needed}. Here are {found}.");
    }

    internal static string Guess(Field field, List<string> unknown)
    {
        var byForm = unknown.GroupBy(Normalise).ToDictionary(g => g.Key, g => g.First());
        var best = field.AliasList.Prepend(field.Name).Select(Normalise)
            .Select(known => (Known: known, Written: Likeness.Nearest(known, byForm.Keys)))
            .Where(p => p.Written is not null)
            .DefaultIfEmpty()
            .MinBy(p => p.Written is null ? 0 : Likeness.Distance(p.Known, p.Written)).Written;
        return best is null
            ? ""
            : Phrase.Of($"Kolumnen ”{Shown(byForm[best])}” liknar den: är det en felstavning?", $"The column ”{Shown(byForm[best])}” is close: is it a misspelling?");
    }

    internal static string Shown(string name, int column = -1) =>
        name.Trim().Length == 0 && column >= 0 ? Phrase.Number(column + 1) : Masking.Value(name.Trim());
}
