namespace Ingest.Formats;

/// <summary>
/// How another school system writes the same records: a JSON file that says where each field of <see cref="Layouts"/> stands, and in what
/// form. From it come layouts of the same kind as our own, so that one parser judges every value. Immutable; taken whole or not at all.
/// </summary>
public sealed class Profile
{
    private readonly Dictionary<string, ProfileRecord> byTag = new(StringComparer.Ordinal);
    private readonly Dictionary<string, ProfileRecord>.AlternateLookup<ReadOnlySpan<char>> lookup;

    internal Profile(IReadOnlyList<ProfileRecord> records)
    {
        Records = records;
        foreach (var record in records)
            if (record.Tag is not null) byTag[record.Tag] = record;
        lookup = byTag.GetAlternateLookup<ReadOnlySpan<char>>();
    }

    /// <summary>The name under which the school register and receipts know it.</summary>
    public required string Name { get; init; }

    /// <summary>The file's text, as the ledger keeps it: what a file was read by is known though the profile is edited later.</summary>
    public required string Text { get; init; }

    /// <summary>Of <see cref="Text"/> in UTF-8, lower-case hex.</summary>
    public required string Sha256 { get; init; }

    public required FileShape Shape { get; init; }

    /// <summary>CSV: what stands between the columns.</summary>
    public char Delimiter { get; init; }

    /// <summary>Null: told from the bytes, as for our own layout. A byte order mark goes before it.</summary>
    public TextForm? Encoding { get; init; }

    /// <summary>Physical lines before the first record or header row, which are not read.</summary>
    public int SkipLines { get; init; }

    /// <summary>CSV: false when the columns have no names, only places.</summary>
    public bool HeaderRow { get; init; }

    /// <summary>CSV without a header row: how many columns a row has.</summary>
    public int Columns { get; init; }

    /// <summary>Fixed width: nothing but blanks may follow this position (P01); null: what follows is not looked at.</summary>
    public int? LineLength { get; init; }

    /// <summary>What tells kinds of record apart; null when all are of one kind, or the header row tells.</summary>
    internal ProfileTag? Tag { get; init; }

    /// <summary>One for each tag; without tags one for each kind.</summary>
    internal IReadOnlyList<ProfileRecord> Records { get; }

    /// <summary>Columns that are known not to be for us, as header names are compared.</summary>
    internal IReadOnlySet<string> IgnoredColumns { get; init; } = new HashSet<string>();

    internal DateForms Dates { get; init; } = DateForms.OfCsv;

    internal CreditsForm Credits { get; init; } = CreditsForm.OfCsv;

    /// <summary>Reads a profile. Null when it is faulty: then every fault is named, in Swedish.</summary>
    /// <param name="terms">A school's own grades may stand for a system's codes too. Null: <see cref="ReadTerms.Default"/>.</param>
    public static Profile? Parse(string name, string text, out IReadOnlyList<string> faults, ReadTerms? terms = null) =>
        new ProfileFile(name, text, terms ?? ReadTerms.Default).Read(out faults);

    /// <summary>The encoding of a file whose bytes told <paramref name="told"/>.</summary>
    internal TextForm TextOf(TextForm told) => told switch
    {
        TextForm.Utf8Bom or TextForm.Utf16Le or TextForm.Utf16Be => told,
        _ => Encoding ?? told,
    };

    /// <summary>The record that the tag opens; null when no record has it.</summary>
    internal ProfileRecord? RecordOf(ReadOnlySpan<char> tag) =>
        Tag is null ? Records[0] : lookup.TryGetValue(tag, out var record) ? record : null;

    internal string KnownTags => string.Join(", ", byTag.Keys);
}

/// <summary>Where the tag stands, and the tags of lines that are no records (headers, trailers).</summary>
/// <param name="At">Fixed width: its field. CSV: the column's name, and its number where there is no header row.</param>
internal sealed record ProfileTag(ProfileField At, IReadOnlySet<string> Skipped);

/// <summary>Where a field stands.</summary>
/// <param name="Start">Fixed width: 1-based first character; 0 in CSV.</param>
/// <param name="Column">CSV: the column's name; null where there is no header row, and in fixed width.</param>
/// <param name="Number">CSV without header row: 1-based column; else 0.</param>
/// <param name="Values">The system's codes and what they are in ours; null: it writes ours.</param>
internal sealed record ProfileField(int Start, int Length, string? Column, int Number, Dictionary<string, string>? Values)
{
    /// <summary><see cref="Values"/> as spans are looked up in it.</summary>
    public Dictionary<string, string>.AlternateLookup<ReadOnlySpan<char>>? Codes { get; } = Values?.GetAlternateLookup<ReadOnlySpan<char>>();

    public override string ToString() => Column ?? (Number > 0 ? $"kolumn {Number}" : $"{Start}–{Start + Length - 1}");
}

/// <summary>One kind of record under one tag.</summary>
/// <param name="Layout">Ours, with the fields in their places (fixed width), under the system's own names, and constants as what an absent column means.</param>
/// <param name="ByRole">Null for a field that the system does not write.</param>
internal sealed record ProfileRecord(string? Tag, Layout Layout, ProfileField?[] ByRole)
{
    public RecordKind Kind => Layout.Kind!.Value;

    public ProfileField? Find(Field field) => ByRole[(int)field.Role];

    /// <summary>The field that has the published name, under the system's own.</summary>
    public Field? Named(string published) =>
        Layouts.Of(Kind).Fields.FirstOrDefault(f => f.Name == published) is { } field ? Layout[field.Role] : Layout.Fields.FirstOrDefault(f => f.Name == published);
}
