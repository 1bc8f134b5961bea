using System.Collections.Frozen;

namespace Ingest.Formats;

/// <summary>A row of the table of grade scales.</summary>
/// <param name="Name">What the scale is called; a later row of the same name takes over from its date.</param>
/// <param name="ValidFrom">First examination date for which the row holds; the oldest row of a name reaches back without end.</param>
public sealed record GradeScale(string Name, IReadOnlyList<string> Pass, IReadOnlyList<string> Fail, DateOnly ValidFrom, string Source);

/// <summary>
/// The grades that a result may carry, and which of them pass. Upper-case; the field has three characters in fixed width.
/// <c>TH</c> names a scale (U, 3, 4, 5), not a grade.
/// </summary>
public sealed class Grades
{
    private static readonly DateOnly Ordinance = new(1993, 7, 1);

    /// <summary>The scales that Swedish higher education uses.</summary>
    public static IReadOnlyList<GradeScale> Scales { get; } =
    [
        new("UG", ["G"], ["U"], Ordinance, "6 kap. 18 § högskoleförordningen (1993:100)"),
        new("UV", ["G", "VG"], ["U"], Ordinance, "6 kap. 18 § högskoleförordningen (1993:100)"),
        new("TH", ["3", "4", "5"], ["U"], Ordinance, "Ladok: betygsskala TH"),
        new("AF", ["A", "B", "C", "D", "E"], ["FX", "F"], new(2007, 7, 1), "Ladok: betygsskala AF; 6 kap. 18 § högskoleförordningen (1993:100)"),
        new("P", ["P"], [], Ordinance, "Ladok: betyget P på delar av en kurs"),
    ];

    /// <summary>The national scales alone.</summary>
    public static Grades Swedish { get; } = new(Scales);

    private readonly FrozenSet<string> known;

    // Passing grades of the scales that never changed, and the rows of those that did.
    private readonly FrozenSet<string> passing;
    private readonly GradeScale[][] changed;

    public Grades(IReadOnlyList<GradeScale> scales)
    {
        var rowsOf = scales.OrderBy(s => s.ValidFrom).GroupBy(s => s.Name, StringComparer.Ordinal).Select(g => g.ToArray()).ToList();
        passing = rowsOf.Where(rows => rows.Length == 1).SelectMany(rows => rows[0].Pass).ToFrozenSet(StringComparer.Ordinal);
        changed = [.. rowsOf.Where(rows => rows.Length > 1)];
        Pass = [.. scales.SelectMany(s => s.Pass).Distinct()];
        Fail = [.. scales.SelectMany(s => s.Fail).Distinct()];
        known = Pass.Concat(Fail).ToFrozenSet(StringComparer.Ordinal);
    }

    /// <summary>Every passing grade of any row.</summary>
    public IReadOnlyList<string> Pass { get; }

    public IReadOnlyList<string> Fail { get; }

    public bool Contains(string grade) => known.Contains(grade);

    /// <summary>The national scales and a school's own grades (setting <c>Rules:LocalPassGrades</c>, <c>Rules:LocalFailGrades</c>).</summary>
    public static Grades WithLocal(IReadOnlyList<string> pass, IReadOnlyList<string> fail) =>
        pass.Count + fail.Count == 0 ? Swedish : new([.. Scales, new GradeScale("", pass, fail, Ordinance, "Rules:LocalPassGrades, Rules:LocalFailGrades")]);

    /// <summary>A credit transfer may lack a grade and then counts as passed.</summary>
    /// <param name="on">Examination date: it says which row of a scale holds.</param>
    public bool IsPass(string? grade, DateOnly on) =>
        grade is null || passing.Contains(grade) || (changed.Length > 0 && changed.Any(rows => (rows.LastOrDefault(r => r.ValidFrom <= on) ?? rows[0]).Pass.Contains(grade)));
}
