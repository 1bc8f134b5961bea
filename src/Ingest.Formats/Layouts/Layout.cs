namespace Ingest.Formats;

/// <summary>One record type: its tag and fields.</summary>
public sealed class Layout
{
    /// <summary>Characters a fixed-width line has, after decoding.</summary>
    public const int LineLength = 120;

    private readonly Field[] all;
    private readonly Field?[] byRole = new Field?[Enum.GetValues<FieldRole>().Length];

    /// <param name="tag">The three letters that open a fixed-width line.</param>
    /// <param name="title">What the record is, in Swedish and English.</param>
    /// <param name="kind">Null for header and trailer.</param>
    internal Layout(string tag, RecordKind? kind, string title, params Field[] fields)
        : this(tag, kind, title, (IReadOnlyList<Field>)fields) => Check(tag, fields);

    private Layout(string tag, RecordKind? kind, string title, IReadOnlyList<Field> fields)
    {
        Tag = tag;
        Kind = kind;
        Title = title;
        Fields = fields;
        all = [.. fields];
        foreach (var field in fields) byRole[(int)field.Role] = field;
        LastColumn = fields.Max(f => f.End);
    }

    /// <summary>The same record as another system writes it: the fields in other places and under other names, with gaps between them.</summary>
    internal Layout With(Func<Field, Field> elsewhere)
    {
        IReadOnlyList<Field> fields = [.. Fields.Select(elsewhere)];
        return new Layout(Tag, Kind, Title, fields);
    }

    public string Tag { get; }

    public RecordKind? Kind { get; }

    public string Title { get; }

    public IReadOnlyList<Field> Fields { get; }

    /// <summary>The same, for what goes through them once a record.</summary>
    internal ReadOnlySpan<Field> AsSpan() => all;

    /// <summary>The last character of the last field: anything but blanks after it is a fault.</summary>
    public int LastColumn { get; }

    public Field? Find(FieldRole role) => byRole[(int)role];

    public Field this[FieldRole role] => Find(role) ?? throw new ArgumentOutOfRangeException(nameof(role), role, $"{Tag} has no such field.");

    /// <summary>A table with a gap, an overlap or an overflow never gets as far as reading a file.</summary>
    private static void Check(string tag, Field[] fields)
    {
        var next = tag.Length + 1;
        foreach (var field in fields.Where(f => f.InFixedWidth))
        {
            if (field.Start != next) throw new InvalidOperationException($"{tag}.{field.Name} starts at {field.Start}, expected {next}.");
            next = field.Start + field.Length;
        }
        if (next - 1 > LineLength) throw new InvalidOperationException($"{tag} is {next - 1} characters long, at most {LineLength}.");
    }
}
