using Ingest.Formats;

namespace Ingest.Worker.Samples;

/// <summary>What <c>sample</c> is asked for.</summary>
/// <param name="Rows">About how many records about students.</param>
/// <param name="Faults">Share of them that carry a fault.</param>
/// <param name="Schools">skolkoder, at least one.</param>
internal sealed record SampleOptions(long Rows, ulong Seed, double Faults, FileShape Shape, string Out, DateOnly BaseDate, IReadOnlyList<string> Schools)
{
    /// <summary>Above this a file would be refused for the share of faults in it (F15), and nothing more would be learnt.</summary>
    public const double MostFaults = 0.25;

    /// <summary>About how many records a school puts in one file before it begins another.</summary>
    public int RowsPerFile { get; init; } = 10_000;

    /// <summary>All files of a term are written side by side.</summary>
    public const int MostSchools = 20;
}
