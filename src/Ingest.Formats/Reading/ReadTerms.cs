namespace Ingest.Formats;

/// <summary>What an installation knows beyond the layouts, and reading has to know too.</summary>
public sealed record ReadTerms
{
    public static ReadTerms Default { get; } = new();

    /// <summary>The grades that a result may carry. Default the national scales.</summary>
    public Grades Grades { get; init; } = Grades.Swedish;

    /// <summary>
    /// Interim numbers, upper-case and without separator, whose bearer's personnummer is known: read as that, without P12. Default none.
    /// </summary>
    public IReadOnlyDictionary<string, Personnummer> KnownInterim { get; init; } = new Dictionary<string, Personnummer>();
}
