using System.Globalization;
using System.Text;

namespace Ingest.Formats;

/// <summary>Writes lines of a fixed-width file, without line ends, as long as their record type is (trailing blanks trimmed off).</summary>
public static class FixedWidthWriter
{
    /// <exception cref="ArgumentException">A value does not fit its field.</exception>
    public static string Record(ReportRecord record)
    {
        var layout = Layouts.Of(record.Kind);
        return Line(layout, field => FieldText.Of(record, field, fixedWidth: true));
    }

    /// <summary>HUV.</summary>
    public static string Header(FileHeader header) => Line(Layouts.Header, field => field.Role switch
    {
        FieldRole.Version => Layouts.Version,
        FieldRole.School => header.School,
        FieldRole.System => header.System,
        FieldRole.SequenceNumber => header.SequenceNumber.ToString("D8", CultureInfo.InvariantCulture),
        FieldRole.Created => header.Created.ToString("yyyyMMddHHmmss", CultureInfo.InvariantCulture),
        _ => header.Environment,
    });

    /// <summary>SLU; both null in an omsändning, which may leave them blank.</summary>
    /// <param name="hundredths">Sum of all hp fields, times 100.</param>
    public static string Trailer(long? records, long? hundredths) => Line(Layouts.Trailer, field =>
    {
        var value = field.Role == FieldRole.RecordCount ? records : hundredths;
        return value?.ToString(CultureInfo.InvariantCulture).PadLeft(field.Length, '0') ?? "";
    });

    private static string Line(Layout layout, Func<Field, string> value)
    {
        var line = new StringBuilder(layout.Tag, Layout.LineLength);
        foreach (var field in layout.Fields)
        {
            if (!field.InFixedWidth) continue;
            var text = value(field);
            if (text.Length > field.Length) throw new ArgumentException($"{layout.Tag}.{field.Name} holds at most {field.Length} characters.", nameof(value));
            line.Append(text.PadRight(field.Length));
        }
        return line.ToString().TrimEnd(' ');
    }
}
