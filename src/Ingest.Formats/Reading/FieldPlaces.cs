namespace Ingest.Formats;

/// <summary>
/// Tells where a field stands in a record's source line, for findings that are made after the line was read: a rule knows the
/// field, not the column.
/// </summary>
public sealed class FieldPlaces
{
    private readonly Sniffed sniffed;
    private readonly Profile? profile;
    private readonly CsvHeader? header;

    /// <param name="stream">The source, at its beginning; read as far as the CSV header row.</param>
    /// <param name="profile">The one that the file was read by, or null.</param>
    public FieldPlaces(Stream stream, Sniffed sniffed, ReadLimits limits, Profile? profile = null)
    {
        this.sniffed = sniffed;
        this.profile = sniffed.Profile is null ? null : profile;
        if (sniffed.Shape == FileShape.Csv) header = new CsvRecordReader(stream, sniffed, DateOnly.MaxValue, limits, ReadTerms.Default, this.profile).ReadHeader();
    }

    /// <summary>False when <see cref="Place"/> looks at no bytes: in our own fixed width a field's place is the same in every record.</summary>
    public bool ReadsRecords => header is not null || profile is not null;

    /// <summary>
    /// The finding with column and length of its field, under the name that a profile gives it; as it is when they cannot be told.
    /// </summary>
    /// <param name="record">The record's bytes in the source; only looked at when <see cref="ReadsRecords"/>.</param>
    public Finding Place(Finding finding, RecordKind kind, ReadOnlySpan<byte> record)
    {
        if (finding.Field is null || finding.Column is not null) return finding;
        if (header is not null) return CsvRecordReader.Place(finding, header, sniffed, profile, record);
        if (profile is not null) return ProfileFixedReader.Place(finding, sniffed, profile, record);
        var field = Layouts.Of(kind).Fields.FirstOrDefault(f => f.InFixedWidth && f.Name == finding.Field);
        return field is null ? finding : finding with { Column = field.Start, Length = field.Length };
    }
}
