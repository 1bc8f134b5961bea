namespace Ingest.Formats;

/// <summary>The fields of one record as text, whichever shape they came in.</summary>
internal abstract class Cells
{
    /// <summary>1-based physical line of the record.</summary>
    public long Line { get; set; }

    public abstract bool IsFixedWidth { get; }

    /// <summary>True where a character is a place: one outside the basic plane would take two (P07).</summary>
    public bool BasicPlaneOnly { get; protected init; }

    /// <summary>The field's text without surrounding blanks; null span (default) when the file has no such column.</summary>
    public abstract ReadOnlySpan<char> Text(Field field, out bool present);

    /// <summary>1-based character of the record's first line, and how many there; null for a field that does not begin on it.</summary>
    public abstract (int? Column, int? Length) Place(Field field);

    /// <summary>What a finding shows of a text that <see cref="Text"/> gave and that could not be read: as the file has it.</summary>
    public virtual ReadOnlySpan<char> Written(Field field, ReadOnlySpan<char> text) => text;

    /// <summary>The form that a profile states for the field, for a finding to name; null: the layout's own.</summary>
    public virtual string? Expected(Field field) => null;
}

/// <summary>Cells of a fixed-width line.</summary>
internal sealed class FixedCells : Cells
{
    private char[] line = new char[Layout.LineLength];
    private int length;

    public FixedCells() => BasicPlaneOnly = true;

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
