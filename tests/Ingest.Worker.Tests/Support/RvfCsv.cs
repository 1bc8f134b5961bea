namespace Ingest.Worker.Tests.Support;

/// <summary>
/// A fixed-width record as a CSV row, cut by the columns in formats.md and not by the product's own table. What is wrong in a field
/// stays as it was written.
/// </summary>
internal static class RvfCsv
{
    private enum Form { Text, Hp, Pace, Date }

    // Kind by kind: the column's name, where it begins, how wide it is, and how CSV writes it.
    private static readonly Dictionary<string, (string Name, int Start, int Width, Form Form)[]> Columns = new()
    {
        ["REG"] =
        [
            ("åtgärd", 4, 1, Form.Text), ("personnummer", 5, 12, Form.Text), ("kurskod", 17, 10, Form.Text), ("kurstillfälleskod", 27, 10, Form.Text),
            ("registreringstyp", 37, 3, Form.Text), ("omfattning", 40, 5, Form.Hp), ("studietakt", 45, 3, Form.Pace), ("start", 48, 8, Form.Date), ("slut", 56, 8, Form.Date),
            ("registreringsdatum", 64, 8, Form.Date), ("händelse-id", 72, 36, Form.Text),
        ],
        ["AVB"] =
        [
            ("åtgärd", 4, 1, Form.Text), ("personnummer", 5, 12, Form.Text), ("kurskod", 17, 10, Form.Text), ("kurstillfälleskod", 27, 10, Form.Text), ("typ", 37, 1, Form.Text),
            ("avbrottsdatum", 38, 8, Form.Date), ("händelse-id", 46, 36, Form.Text),
        ],
        ["RES"] =
        [
            ("åtgärd", 4, 1, Form.Text), ("personnummer", 5, 12, Form.Text), ("kurskod", 17, 10, Form.Text), ("kurstillfälleskod", 27, 10, Form.Text), ("modulkod", 37, 10, Form.Text),
            ("hp", 47, 5, Form.Hp), ("betyg", 52, 3, Form.Text), ("examinationsdatum", 55, 8, Form.Date), ("tillgodoräknande", 63, 1, Form.Text), ("händelse-id", 64, 36, Form.Text),
        ],
        ["KTF"] =
        [
            ("åtgärd", 4, 1, Form.Text), ("kurskod", 5, 10, Form.Text), ("kurstillfälleskod", 15, 10, Form.Text), ("benämning", 25, 60, Form.Text), ("omfattning", 85, 5, Form.Hp),
            ("studietakt", 90, 3, Form.Pace), ("start", 93, 8, Form.Date), ("slut", 101, 8, Form.Date),
        ],
        ["MOD"] =
        [
            ("åtgärd", 4, 1, Form.Text), ("kurskod", 5, 10, Form.Text), ("modulkod", 15, 10, Form.Text), ("benämning", 25, 60, Form.Text), ("omfattning", 85, 5, Form.Hp),
        ],
    };

    /// <summary>A file of one kind.</summary>
    public static string File(params string[] records) => Rvf.Lines([Header(records[0][..3]), .. records.Select(Row)]);

    public static string Header(string kind) => string.Join(';', Columns[kind].Select(c => c.Name));

    public static string Row(string record) => string.Join(';', Columns[record[..3]].Select(c => Cell(record.Substring(c.Start - 1, c.Width).TrimEnd(), c.Form)));

    /// <summary>Where the fields of a record of the kind stand.</summary>
    public static IEnumerable<(string Name, int Start, int Width)> Fields(string kind) => Columns[kind].Select(c => (c.Name, c.Start, c.Width));

    private static string Cell(string text, Form form) => form switch
    {
        _ when text.Length == 0 || !text.All(char.IsAsciiDigit) => text,
        Form.Hp => $"{text[..3].TrimStart('0').PadLeft(1, '0')},{text[3..]}",
        Form.Pace => text.TrimStart('0'),
        Form.Date => $"{text[..4]}-{text[4..6]}-{text[6..]}",
        _ => text,
    };
}
