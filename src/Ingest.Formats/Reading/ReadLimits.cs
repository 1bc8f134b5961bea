namespace Ingest.Formats;

/// <summary>Bounds on what is read, so that a hostile file costs bounded memory and time. Past one: F14 (a record's: P14).</summary>
public sealed record ReadLimits
{
    /// <summary>Lines that a quoted CSV cell may span.</summary>
    public const int QuotedLines = 10;

    /// <summary>The limits that are shipped.</summary>
    public static ReadLimits Default { get; } = new();

    /// <summary>Bytes in a file. Default 1 GiB.</summary>
    public long MaxBytes { get; init; } = 1L << 30;

    /// <summary>Lines in a file. Default 20,000,000.</summary>
    public long MaxLines { get; init; } = 20_000_000;

    /// <summary>Characters in a line. Default 10,000.</summary>
    public int MaxLineCharacters { get; init; } = 10_000;

    /// <summary>Columns in a CSV header. Default 200.</summary>
    public int MaxColumns { get; init; } = 200;

    /// <summary>Bytes in one CSV record. Default 64 KiB.</summary>
    public int RecordBytes { get; init; } = 64 << 10;
}
