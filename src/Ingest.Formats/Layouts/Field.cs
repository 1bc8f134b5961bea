namespace Ingest.Formats;

/// <summary>What a field means: which property of the record it fills.</summary>
public enum FieldRole
{
    Action, Student, CourseCode, OfferingCode, ModuleCode, EventId,
    RegistrationType, Extent, Pace, Start, End, RegistrationDate,
    InterruptionType, InterruptionDate,
    Credits, Grade, ExaminationDate, CreditTransfer,
    Title,
    School, Environment,
    Version, System, SequenceNumber, Created,
    RecordCount, ControlSum,
}

/// <summary>How a field is written and read.</summary>
public enum FieldForm
{
    /// <summary>One of <see cref="Field.Values"/>.</summary>
    List,
    /// <summary>Personnummer, 12 or 10 digits.</summary>
    Personnummer,
    /// <summary>Letters (åäö too) and digits, <see cref="Field.Min"/> to <see cref="Field.Max"/> of them; upper-cased.</summary>
    Code,
    /// <summary>hp; two implied decimals in fixed width, comma or point in CSV.</summary>
    Credits,
    /// <summary>Whole number, <see cref="Field.Min"/> to <see cref="Field.Max"/>, zero-padded in fixed width.</summary>
    Number,
    /// <summary>yyyyMMdd; in CSV also yyyy-MM-dd; 1900 to 2100.</summary>
    Date,
    /// <summary>yyyyMMddHHmmss, Swedish time.</summary>
    Timestamp,
    /// <summary>Free text of up to <see cref="Field.Max"/> characters.</summary>
    Text,
    /// <summary>Printable characters without blanks, up to <see cref="Field.Max"/>; compared without regard to case.</summary>
    Id,
}

/// <summary>When a field must have a value.</summary>
public enum Need
{
    /// <summary>Part of the record's key: in N and B alike.</summary>
    Key,
    /// <summary>In an N; may be blank in a B.</summary>
    New,
    /// <summary>Never.</summary>
    Optional,
}

/// <summary>One field of a layout: everything that parser, writer, published layout and samples know about it.</summary>
/// <param name="Name">The published name, which is also the CSV column's.</param>
/// <param name="Start">1-based first character in fixed width; 0 for a column that only CSV has.</param>
/// <param name="Length">Characters in fixed width.</param>
/// <param name="Min">Least length of a code, or least number (for hp in hundredths).</param>
/// <param name="Max">Greatest length of a text, or greatest number.</param>
/// <param name="Aliases">Other header names that schools write.</param>
/// <param name="Values">The code list of a <see cref="FieldForm.List"/>.</param>
/// <param name="ColumnOptional">The CSV column may be absent.</param>
/// <param name="BlankInCsv">What a blank cell or an absent column means in CSV; null: nothing, it counts as blank.</param>
/// <param name="InCsv">False for the fields that CSV does not have.</param>
public sealed record Field(
    FieldRole Role,
    string Name,
    FieldForm Form,
    int Start,
    int Length,
    Need Need,
    int Min = 0,
    int Max = 0,
    string[]? Aliases = null,
    string[]? Values = null,
    bool ColumnOptional = false,
    string? AbsentInCsv = null,
    string? BlankInCsv = null,
    bool InCsv = true)
{
    public IReadOnlyList<string> AliasList => Aliases ?? [];

    public IReadOnlyList<string> ValueList => Values ?? [];

    /// <summary>True if the record has the field in fixed width.</summary>
    public bool InFixedWidth => Start > 0;

    /// <summary>1-based last character in fixed width.</summary>
    public int End => Start + Length - 1;
}
