using System.Globalization;

namespace Ingest.Worker.Tests.Privacy;

/// <summary>Test numbers that occur nowhere else, one for each place in which a school may put one.</summary>
internal static class Canaries
{
    /// <summary>A made-up name. Put only where nothing is ever echoed: in columns and lines that are not ours to read.</summary>
    public const string Name = "Kanariefågel Påhittsson";

    public static readonly string[] Places =
    [
        "an unrecognised file", "a binary file", "a file without HUV", "a file with a broken HUV", "a file without SLU", "text after SLU", "a line too long", "a missing column",
        "a column that occurs twice", "a file of another school", "a file of the other environment", "a löpnummer used twice", "counts that differ", "too many faults",
        "a school without file reporting", "an unknown school's folder", "the folder in/ itself", "a service that the school does not have",
        "the file name", "the file name with a dash", "the file name with ten digits", "the file name with a plus", "the name of an unknown school's folder", "the name of a folder in a drop folder",
        "the personnummer field, wrong", "the personnummer field with a dash, wrong", "the personnummer field, too long", "the personnummer field, right",
        "kurskod", "kurskod with ten digits", "kurstillfälleskod with ten digits", "a kurskod that a result names", "modulkod with ten digits", "händelse-id", "a date field", "an hp field", "a code list field",
        "an unknown column", "the name of an unknown column", "the name of a missing column", "a row with too many columns", "a quote that never closes", "benämning", "text past the record's end",
        "a line of unknown type", "the sending system", "skolkod in a row", "a done-file", "a removal at the close (K41)", "a netted record (K42)", "a removal without replacement (K45)",
        "a record refused at the close", "a delivered record", "a duplicate file", "a file whose receipts cannot be written",
    ];

    private static readonly string[] Separators = ["", "-", "+", " ", "&#x2B;", "%2B", "_", "."];

    /// <summary>The twelve digits of a place's number.</summary>
    public static string Of(string place)
    {
        var index = Array.IndexOf(Places, place);
        Assert.That(index, Is.GreaterThanOrEqualTo(0), place);
        var nine = new DateOnly(1979, 3, 1).AddDays(index).ToString("yyMMdd", CultureInfo.InvariantCulture) + "980";
        return "19" + nine + Formats.Personnummer.Luhn(nine).ToString(CultureInfo.InvariantCulture);
    }

    /// <summary>The same number with its check digit wrong.</summary>
    public static string WrongOf(string place) => Of(place)[..11] + (char)('0' + (Of(place)[11] - '0' + 1) % 10);

    public static string Ten(string place) => Of(place)[2..];

    public static string Dashed(string place, char with = '-') => Ten(place).Insert(6, with.ToString());

    /// <summary>Every form in which the number could be read off: with or without century, whatever stands before the last four; right or wrong check digit.</summary>
    public static IEnumerable<string> Forms(string place) =>
        from number in new[] { Of(place), WrongOf(place) }
        from separator in Separators
        select number[2..8] + separator + number[8..];
}
