using System.Globalization;
using System.Runtime.InteropServices;

namespace Ingest.Bench;

/// <summary>What is told: the machine, figures, and how they stand to a bar.</summary>
internal static class Report
{
    public static void Machine() => Say($"{RuntimeInformation.OSDescription}, {Environment.ProcessorCount} cores, .NET {Environment.Version}");

    /// <param name="bar">The most that it may be.</param>
    public static void Against(string what, double value, string unit, double bar) =>
        Say($"{what,-46} {value,9:N2} {unit,-9} {value / bar,6:N2} x the bar of {bar:0.##} {unit}");

    public static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToList();
        return sorted.Count % 2 == 1 ? sorted[sorted.Count / 2] : (sorted[sorted.Count / 2 - 1] + sorted[sorted.Count / 2]) / 2;
    }

    public static void Say(FormattableString text) => Say(text.ToString(CultureInfo.InvariantCulture));

    public static void Say(string text) => Console.WriteLine(text);
}
