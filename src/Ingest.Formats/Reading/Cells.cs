namespace Ingest.Formats;

/// <summary>The fields of one record as text, whichever shape they came in.</summary>
internal abstract class Cells
{
    /// <summary>1-based physical line of the record.</summary>
    public long Line { get; set; }

    public abstract bool IsFixedWidth { get; }

    /// <summary>The field's text without surrounding blanks; null span (default) when the file has no such column.</summary>
    public abstract ReadOnlySpan<char> Text(Field field, out bool present);

    /// <summary>1-based character of the record's first line, and how many there; null for a field that does not begin on it.</summary>
    public abstract (int? Column, int? Length) Place(Field field);
}

/// <summary>Cells of a fixed-width line.</summary>
internal sealed class FixedCells : Cells
{
    private char[] line = new char[Layout.LineLength];
    private int length;

    public override bool IsFixedWidth => true;

    public void Set(ReadOnlySpan<char> text, long number)
    {
        if (text.Length > line.Length) line = new char[text.Length];
        text.CopyTo(line);
        length = text.Length;
        Line = number;
    }

    public ReadOnlySpan<char> All => line.AsSpan(0, length);

    public override ReadOnlySpan<char> Text(Field field, out bool present)
    {
        present = field.InFixedWidth;
        var from = field.Start - 1;
        if (!present || from >= length) return default;
        return line.AsSpan(from, Math.Min(field.Length, length - from)).Trim(' ');
    }

    public override (int?, int?) Place(Field field) => (field.Start, field.Length);
}
