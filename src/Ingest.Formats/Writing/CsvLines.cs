namespace Ingest.Formats;

/// <summary>Writes header and rows of a CSV file, without line ends.</summary>
public static class CsvLines
{
    public static string Header(RecordKind kind, char delimiter = ';') =>
        string.Join(delimiter, Fields(kind).Select(f => f.Name));

    public static string Record(ReportRecord record, char delimiter = ';') =>
        string.Join(delimiter, Fields(record.Kind).Select(f => Quoted(FieldText.Of(record, f, fixedWidth: false), delimiter)));

    private static IEnumerable<Field> Fields(RecordKind kind) => Layouts.Of(kind).Fields.Where(f => f.InFixedWidth);

    private static string Quoted(string value, char delimiter) =>
        value.AsSpan().IndexOfAny(delimiter, '"', '\n') < 0 ? value : "\"" + value.Replace("\"", "\"\"", StringComparison.Ordinal) + "\"";
}
