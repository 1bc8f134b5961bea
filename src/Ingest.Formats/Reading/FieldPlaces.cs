namespace Ingest.Formats;

/// <summary>
/// Tells where a field stands in a record's source line, for findings that are made after the line was read: a rule knows the
/// field, not the column.
/// </summary>
public sealed class FieldPlaces
{
    private readonly Sniffed sniffed;
    private readonly CsvHeader? header;

    /// <param name="stream">The source, at its beginning; read as far as the CSV header row.</param>
    public FieldPlaces(Stream stream, Sniffed sniffed, ReadLimits limits)
    {
        this.sniffed = sniffed;
        if (sniffed.Shape == FileShape.Csv) header = new CsvRecordReader(stream, sniffed, DateOnly.MaxValue, limits, ReadTerms.Default).ReadHeader();
    }

    /// <summary>The finding with column and length of its field; as it is when they cannot be told.</summary>
    /// <param name="record">The record's bytes in the source; only looked at for CSV.</param>
    public Finding Place(Finding finding, RecordKind kind, ReadOnlySpan<byte> record)
    {
        if (finding.Field is null || finding.Column is not null) return finding;
        if (header is not null)
        {
            return CsvRecordReader.Places(header, sniffed, record).TryGetValue(finding.Field, out var place)
                ? finding with { Column = place.Column, Length = place.Length }
                : finding;
        }
        var field = Layouts.Of(kind).Fields.FirstOrDefault(f => f.InFixedWidth && f.Name == finding.Field);
        return field is null ? finding : finding with { Column = field.Start, Length = field.Length };
    }
}
