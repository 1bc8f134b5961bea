using System.Text.Json;

namespace Ingest.Formats.Tests;

/// <summary>Two public lists of valid and invalid forms, and the few places where the specification says otherwise.</summary>
public class PersonnummerListsTests
{
    private static readonly DateOnly Arrival = new(2026, 3, 2);

    [TestCaseSource(nameof(Valid))]
    public void A_number_that_the_list_calls_valid_is_taken(string text) =>
        Assert.That(Personnummer.Parse(text, Arrival, out _, out _), Is.EqualTo(PersonnummerFault.None));

    // Birth number 000 and a blank as separator are malformed; the rest has a wrong check digit (worked out by hand).
    [TestCaseSource(nameof(Invalid))]
    public void A_number_that_the_list_calls_invalid_is_refused_for_its_own_reason(string text)
    {
        var digits = text.Replace("-", "", StringComparison.Ordinal);
        var expected = digits.EndsWith("150916" + "0006", StringComparison.Ordinal) || text.Contains(' ') || text == "0"
            ? PersonnummerFault.Malformed
            : PersonnummerFault.CheckDigit;

        Assert.That(Personnummer.Parse(text, Arrival, out _, out _), Is.EqualTo(expected));
    }

    // The list calls an interim number valid or not; here it is never called either, only told that it cannot be matched.
    [TestCaseSource(nameof(Interim))]
    public void An_interim_number_of_the_list_is_an_interim_number_and_any_other_letter_malformed(string text, bool valid) =>
        Assert.That(Personnummer.Parse(text, Arrival, out _, out _), Is.EqualTo(valid ? PersonnummerFault.Interim : PersonnummerFault.Malformed));

    private static IEnumerable<string> Valid => Structured("valid");

    private static IEnumerable<string> Invalid => Structured("invalid");

    private static IEnumerable<string> Structured(string verdict)
    {
        using var list = Open("personnummer-structured.json");
        var texts = new List<string>();
        foreach (var kind in list.RootElement.EnumerateObject())
        {
            texts.AddRange(kind.Value.GetProperty("integer").GetProperty(verdict).EnumerateArray().Select(n => n.GetRawText()));
            texts.AddRange(kind.Value.GetProperty("string").GetProperty(verdict).EnumerateArray().Select(n => n.GetString()!));
        }
        return texts.Distinct();
    }

    private static List<TestCaseData> Interim()
    {
        using var list = Open("personnummer-interim.json");
        var cases = new List<TestCaseData>();
        foreach (var entry in list.RootElement.EnumerateArray())
            foreach (var form in (string[])["long_format", "short_format", "separated_format", "separated_long"])
                cases.Add(new TestCaseData(entry.GetProperty(form).GetString(), entry.GetProperty("valid").GetBoolean()));
        return cases;
    }

    private static JsonDocument Open(string name)
    {
        using var stream = typeof(PersonnummerListsTests).Assembly.GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"{name} is not embedded.");
        return JsonDocument.Parse(stream);
    }
}
