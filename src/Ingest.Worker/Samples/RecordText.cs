using Ingest.Formats;

namespace Ingest.Worker.Samples;

/// <summary>A planned record as a line, with what is wrong with it.</summary>
internal static class RecordText
{
    public static string Line(PlannedRecord planned, FileShape shape) => shape == FileShape.FixedWidth ? Fixed(planned) : Csv(planned);

    private static string Fixed(PlannedRecord planned)
    {
        var line = FixedWidthWriter.Record(planned.Record);
        if (planned is { Structure: Structure.Whole, Instead.Count: 0 }) return line;
        var layout = Layouts.Of(planned.Record.Kind);
        var characters = line.PadRight(layout.LastColumn).ToCharArray();
        foreach (var (role, text) in planned.Instead)
            text.PadRight(layout[role].Length).CopyTo(0, characters, layout[role].Start - 1, layout[role].Length);
        var whole = new string(characters);
        return planned.Structure switch
        {
            Structure.WrongLength => whole + " XX",
            Structure.Garbled => "XYZ" + whole[3..],
            _ => whole.TrimEnd(' '),
        };
    }

    private static string Csv(PlannedRecord planned)
    {
        if (planned is { Structure: Structure.Whole, Instead.Count: 0 }) return CsvLines.Record(planned.Record);
        var cells = Layouts.Of(planned.Record.Kind).Fields.Where(f => f.InFixedWidth)
            .Select(f => Instead(planned, f.Role) ?? FieldText.Of(planned.Record, f, fixedWidth: false)).ToList();
        if (planned.Structure == Structure.WrongLength) cells.RemoveAt(cells.Count - 1);
        // No line that is whole has a quote, so nothing closes this one.
        if (planned.Structure == Structure.Garbled) cells[1] = "\"" + cells[1];
        return string.Join(';', cells);
    }

    private static string? Instead(PlannedRecord planned, FieldRole role)
    {
        foreach (var (of, text) in planned.Instead)
            if (of == role) return text;
        return null;
    }
}
