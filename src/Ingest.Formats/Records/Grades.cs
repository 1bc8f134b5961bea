using System.Collections.Frozen;

namespace Ingest.Formats;

/// <summary>The grades a result may carry: scales U-VG, A-F with Fx, 3/4/5 and P. <c>TH</c> names a scale, not a grade.</summary>
public static class Grades
{
    public static IReadOnlyList<string> Pass { get; } = ["G", "VG", "P", "A", "B", "C", "D", "E", "3", "4", "5"];

    public static IReadOnlyList<string> Fail { get; } = ["U", "F", "FX"];

    public static IReadOnlyList<string> All { get; } = [.. Pass, .. Fail];

    private static readonly FrozenSet<string> Passes = Pass.ToFrozenSet(StringComparer.Ordinal);

    /// <summary>A credit transfer may lack a grade and then counts as passed.</summary>
    public static bool IsPass(string? grade) => grade is null || Passes.Contains(grade);
}
