namespace Ingest.Formats;

/// <summary>Where a record stands in the source.</summary>
/// <param name="Line">1-based physical line on which it begins.</param>
/// <param name="Offset">Byte offset in the source.</param>
/// <param name="Length">Bytes, with the line end.</param>
public readonly record struct RowSource(long Line, long Offset, int Length);

/// <summary>
/// One record as it was read. Bad data is a value, never an exception: a bad row carries its findings, and as much of the record
/// as is sound.
/// </summary>
/// <param name="Kind">Null for a line whose record type is unknown.</param>
/// <param name="Record">
/// Complete when <see cref="IsOk"/>; else what is sound of it, or null when the line has no fields that can be told apart.
/// </param>
/// <param name="Findings">Faults (then not ok) and warnings.</param>
public sealed record Row(RowSource Source, RecordKind? Kind, ReportRecord? Record, IReadOnlyList<Finding> Findings)
{
    public bool IsOk => Record is not null && !HasError(Findings);

    public static Row Bad(RowSource source, RecordKind? kind, Finding finding) => new(source, kind, null, [finding]);

    private static bool HasError(IReadOnlyList<Finding> findings)
    {
        for (var i = 0; i < findings.Count; i++)
            if (findings[i].IsError) return true;
        return false;
    }
}
