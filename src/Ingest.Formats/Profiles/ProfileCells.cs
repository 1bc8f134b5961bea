namespace Ingest.Formats;

/// <summary>
/// The cells of a record that a profile describes, handed to the parser in our own CSV form: dates, hp and codes translated, everything else as
/// it stands. What is not of the profile's form becomes a text that no field takes, and the finding shows what the file has.
/// </summary>
internal sealed class ProfileCells : Cells
{
    private const string Unreadable = "?";

    private readonly Profile profile;
    private readonly Cells inner;
    private readonly char[] made = new char[16];
    private ProfileRecord record = null!;

    /// <param name="inner">Cuts the line into the texts of the fields.</param>
    public ProfileCells(Profile profile, Cells inner)
    {
        (this.profile, this.inner) = (profile, inner);
        BasicPlaneOnly = inner.BasicPlaneOnly;
    }

    public override bool IsFixedWidth => false;

    public void Use(ProfileRecord which, long line) => (record, Line) = (which, line);

    public override ReadOnlySpan<char> Text(Field field, out bool present)
    {
        present = false;
        if (record.Find(field) is not { } place) return default;
        var text = inner.Text(field, out present);
        if (!present || text.IsEmpty) return text;
        switch (field.Form)
        {
            case FieldForm.Date:
                if (profile.Dates.Read(text, made)) return made.AsSpan(0, 8);
                break;
            case FieldForm.Credits:
                if (profile.Credits.Hundredths(text) is { } hundredths && hundredths.TryFormat(made, out var length, "0\\,00", System.Globalization.CultureInfo.InvariantCulture)) return made.AsSpan(0, length);
                break;
            case FieldForm.List when place.Codes is { } codes:
                if (codes.TryGetValue(text, out var ours)) return ours;
                break;
            default:
                return text;
        }
        return CharacterCheck.IndexOfForbidden(text, BasicPlaneOnly, out _) >= 0 ? text : Unreadable;
    }

    public override (int? Column, int? Length) Place(Field field) => record.Find(field) is null ? (null, null) : inner.Place(field);

    public override ReadOnlySpan<char> Written(Field field, ReadOnlySpan<char> text) => record.Find(field) is null ? text : inner.Text(field, out _);

    public override string? Expected(Field field) => (field.Form, record.Find(field)) switch
    {
        (_, null) => null,
        (FieldForm.Date, _) => profile.Dates.Expected,
        (FieldForm.Credits, _) => profile.Credits.Expected(field),
        (FieldForm.List, { Values: { } values }) => string.Join(", ", values.Keys),
        _ => null,
    };
}
