namespace Ingest.Formats;

/// <summary>What a fixed-width file's HUV says.</summary>
/// <param name="SequenceNumber">löpnummer; 0 marks an omsändning, outside the sequence.</param>
/// <param name="Created">Swedish wall-clock time.</param>
public sealed record FileHeader(string School, string System, int SequenceNumber, DateTime Created, string Environment)
{
    public bool IsResend => SequenceNumber == 0;
}

/// <summary>Totals that a trailer or a done-file states; null where it states none.</summary>
/// <param name="Records">Number of records.</param>
/// <param name="Hundredths">Sum of all hp fields, times 100.</param>
/// <param name="Sha256">Lower-case hex.</param>
public sealed record DeclaredTotals(long? Records, long? Hundredths, string? Sha256);

/// <summary>Something a file says about itself in more than one place.</summary>
public sealed record Statement(string Value, long Line, int? Column);

/// <summary>
/// Reads a file's records in one forward pass, in bounded memory, whichever shape it has. Use once: enumerate
/// <see cref="Rows"/>, then read the rest of the properties.
/// </summary>
public abstract class RecordReader
{
    private readonly List<Finding> findings = [];
    private readonly long[] firstLineOfKind = new long[Layouts.Records.Count];
    private readonly List<Statement> schools = [];
    private readonly List<Statement> environments = [];

    private protected RecordReader(DateOnly arrival, ReadLimits limits, ReadTerms terms)
    {
        Parser = new RecordParser(arrival, terms);
        ReadLimits = limits;
    }

    /// <param name="stream">At its beginning.</param>
    /// <param name="sniffed">What <see cref="Sniffer"/> told of the same bytes; its shape must be known.</param>
    /// <param name="arrival">Swedish date of arrival: nobody is born after it, and it decides the century of ten digits.</param>
    /// <param name="terms">Null: <see cref="ReadTerms.Default"/>.</param>
    /// <param name="profile">The school's, with which the bytes were sniffed; a file that is of our own layout is read by that all the same.</param>
    public static RecordReader Open(Stream stream, Sniffed sniffed, DateOnly arrival, ReadLimits limits, ReadTerms? terms = null, Profile? profile = null) => sniffed.Shape switch
    {
        { } when sniffed.Profile is not null && profile?.Name != sniffed.Profile => throw new ArgumentException($"The file was sniffed with the profile {sniffed.Profile}.", nameof(profile)),
        FileShape.FixedWidth when sniffed.Profile is not null => new ProfileFixedReader(stream, sniffed, arrival, limits, terms ?? ReadTerms.Default, profile!),
        FileShape.FixedWidth => new FixedWidthReader(stream, sniffed, arrival, limits, terms ?? ReadTerms.Default),
        FileShape.Csv => new CsvRecordReader(stream, sniffed, arrival, limits, terms ?? ReadTerms.Default, sniffed.Profile is null ? null : profile),
        _ => throw new ArgumentException("A file whose shape is unknown cannot be read.", nameof(sniffed)),
    };

    /// <summary>The records in file order. Ends early when a limit is passed or the header refuses the file.</summary>
    public abstract IEnumerable<Row> Rows();

    /// <summary>Findings about the file as a whole (F).</summary>
    public IReadOnlyList<Finding> Findings => findings;

    /// <summary>HUV, when there is a sound one.</summary>
    public FileHeader? Header { get; private protected set; }

    /// <summary>What SLU states, when there is one.</summary>
    public DeclaredTotals? Declared { get; private protected set; }

    /// <summary>Records counted: non-blank lines between HUV and SLU, or CSV rows, bad ones too.</summary>
    public long Count { get; private protected set; }

    /// <summary>Sum of all hp fields, times 100.</summary>
    public long Hundredths { get; private set; }

    /// <summary>Records whose hp could not be read: then the sum is not compared.</summary>
    public long UnreadableCredits { get; private protected set; }

    /// <summary>1-based line of the first record of the kind, or 0.</summary>
    public long FirstLineOf(RecordKind kind) => firstLineOfKind[(int)kind];

    /// <summary>The distinct skolkoder that the file states, in order; at most ten are kept.</summary>
    public IReadOnlyList<Statement> Schools => schools;

    /// <summary>The distinct environments that the file states.</summary>
    public IReadOnlyList<Statement> Environments => environments;

    private protected RecordParser Parser { get; }

    private protected ReadLimits ReadLimits { get; }

    private protected void Add(Finding finding) => findings.Add(finding);

    private protected Row Parse(Layout layout, Cells cells, RowSource source)
    {
        var (record, rowFindings) = Parser.Parse(layout, cells);
        if (Parser.ControlHundredths is { } hundredths) Hundredths += hundredths;
        else UnreadableCredits++;
        if (firstLineOfKind[(int)record.Kind] == 0) firstLineOfKind[(int)record.Kind] = source.Line;
        return new Row(source, record.Kind, record, rowFindings);
    }

    private static void State(List<Statement> statements, string? value, long line, int? column)
    {
        if (value is null || statements.Count >= 10 || statements.Exists(s => s.Value == value)) return;
        statements.Add(new Statement(value, line, column));
    }

    private protected void StateSchool(string? value, long line, int? column) => State(schools, value, line, column);

    /// <summary>What schools call SLU.</summary>
    private protected static readonly (string Sv, string En) TrailerName = ("slutposten SLU", "the trailer SLU");

    private protected void StateEnvironment(string? value, long line, int? column) => State(environments, value, line, column);

    /// <summary>
    /// Compares what was counted with what SLU or a <c>.klar</c> states (F06, F07); where an hp field was unreadable the sum is not
    /// compared (F21).
    /// </summary>
    /// <param name="where">The trailer or <c>.klar</c>, as each language calls it.</param>
    /// <param name="sha256">The file's own hash, to compare with what a <c>.klar</c> states.</param>
    public IEnumerable<Finding> Compare(DeclaredTotals declared, (string Sv, string En) where, long line, string? sha256 = null)
    {
        if (declared.Records is { } records && records != Count)
            yield return new Finding(FindingCode.F06, line, Args: [Phrase.Number(records), Phrase.Number(Count), Phrase.Of(where.Sv, where.En)]);
        if (declared.Hundredths is { } hundredths)
        {
            if (UnreadableCredits > 0)
                yield return new Finding(FindingCode.F21, line, Args: [Phrase.Number(UnreadableCredits)]);
            else if (hundredths != Hundredths)
                yield return new Finding(FindingCode.F07, line, Args:
                    [new Credits(hundredths).ToString(), new Credits(Hundredths).ToString(), Phrase.Of($"kontrollsumma hp i {where.Sv}", $"control sum of hp in {where.En}")]);
        }
        if (declared.Sha256 is { } stated && sha256 is not null && !stated.Equals(sha256, StringComparison.OrdinalIgnoreCase))
            yield return new Finding(FindingCode.F07, line, Args: [stated, sha256, Phrase.Of($"sha256 i {where.Sv}", $"sha256 in {where.En}")]);
    }
}
