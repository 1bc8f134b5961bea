using System.Text;
using Ingest.Formats;

namespace Ingest.Worker.Samples;

/// <summary>One file that will be handed in: where, when, and what is odd about it as a whole.</summary>
/// <param name="Name">With its number first, so that names sort in order of arrival.</param>
/// <param name="Sequence">löpnummer.</param>
internal sealed record SampleFile(string School, string Name, int Window, DateTimeOffset Arrival, RecordKind Kind, FileShape Shape, int Sequence)
{
    public string Path => $"{School}/{Name}";

    public Encoding Encoding { get; init; } = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);

    /// <summary>Codes of the file itself.</summary>
    public IReadOnlyList<FindingCode> Codes { get; init; } = [];

    /// <summary>The file is refused by its codes; every record that is read counts as rejected.</summary>
    public bool Refused { get; init; }

    /// <summary>It is refused before any record is read.</summary>
    public bool NothingRead { get; init; }

    /// <summary>The bytes of the file before, whole.</summary>
    public bool Duplicate { get; init; }

    /// <summary>What HUV, or the header row, is changed to.</summary>
    public Func<string, string> Header { get; init; } = header => header;

    /// <summary>What SLU is changed to; null leaves it out.</summary>
    public Func<string, string?> Trailer { get; init; } = trailer => trailer;

    /// <summary>skolkod in HUV, when it is not the school's own.</summary>
    public string? StatedSchool { get; init; }

    public string StatedEnvironment { get; init; } = "TEST";

    /// <summary>A column more, with one value on every row.</summary>
    public (string Name, string Value)? ExtraColumn { get; init; }

    /// <summary>A line before the records that is no record.</summary>
    public string? ExtraLine { get; init; }

    /// <summary>The file holds this and nothing else.</summary>
    public byte[]? Raw { get; init; }
}
