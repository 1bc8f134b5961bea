using System.Text.RegularExpressions;

namespace Ingest.Formats.Tests;

/// <summary>The catalogue against the table of the specification, written out once more by hand.</summary>
public partial class FindingCatalogueTests
{
    // Code, severity, contact: S own support, K kontaktperson, P partnertelefonen, R registrator@csn.se, M studierapporter@csn.se, - none.
    private const string Specification = """
        F01 F S, F02 F S, F03 F S, F04 F S, F05 F S, F06 F S, F07 F S, F08 F K, F09 F K, F10 F K, F12 F S, F13 V S, F14 F S, F15 F P, F16 F S,
        F17 F S, F18 F S, F19 V S, F20 V S, F21 V S,
        P01 E S, P02 E S, P03 E S, P04 E S, P05 E S, P06 E S, P07 E S, P08 E S, P10 E S, P11 E S, P12 E P, P13 V S, P14 E S, P15 E R,
        R01 W K, R02 W P, R03 W P, R04 E S, R05 V P, R06 I -, R07 E S, R08 W P, R09 W P, R10 V P, R11 V P, R12 E S, R13 W P, R14 I -, R15 I -,
        R20 W P, R21 W P, R22 V P, R24 E S, R25 V P,
        R30 W P, R31 W P, R32 W P, R33 W P, R34 E S, R35 V P, R36 E S, R37 W S, R38 W K, R39 W P, R40 E S, R41 V S,
        K41 W M, K42 I -, K43 I -, K44 I -, K45 V P
        """;

    private static readonly FindingCode[] Codes = Enum.GetValues<FindingCode>();

    private static readonly Dictionary<string, (string Severity, Contact Contact)> Table = Specification
        .Split([',', '\n'], StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
        .Select(entry => entry.Split(' '))
        .ToDictionary(entry => entry[0], entry => (entry[1], entry[2] switch
        {
            "S" => Contact.OwnSupport,
            "K" => Contact.ContactPerson,
            "P" => Contact.PartnerPhone,
            "R" => Contact.Registrar,
            "M" => Contact.StudyReports,
            _ => Contact.None,
        }));

    [Test]
    public void Each_code_has_one_definition_and_they_stand_in_code_order() =>
        Assert.That(FindingCatalogue.All.Select(d => d.Code), Is.EqualTo(Codes));

    [TestCaseSource(nameof(Codes))]
    public void A_code_has_the_severity_and_contact_of_the_specification(FindingCode code)
    {
        var definition = FindingCatalogue.Get(code);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(Table, Does.ContainKey(code.ToString()), "a code that the specification does not have");
            Assert.That((definition.Severity.ToString(), definition.Contact), Is.EqualTo(Table[code.ToString()]));
            Assert.That(new Finding(code).Severity, Is.EqualTo(definition.Severity));
            Assert.That(new Finding(code).IsError, Is.EqualTo(Table[code.ToString()].Severity == "E"));
        }
    }

    [TestCaseSource(nameof(Codes))]
    public void A_code_has_a_source_and_words_in_both_languages(FindingCode code)
    {
        var definition = FindingCatalogue.Get(code);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(definition.Source, Is.Not.Empty);
            foreach (var text in (FindingText[])[definition.Sv, definition.En])
            {
                Assert.That(text.Title, Is.Not.Empty.And.Not.Contain("{"));
                Assert.That(text.Message, Does.EndWith(".").Or.EndWith("}"));
                Assert.That(text.Fix, Does.EndWith("."));
            }
            Assert.That(definition.In(Language.Sv), Is.SameAs(definition.Sv));
            Assert.That(definition.In(Language.En), Is.SameAs(definition.En));
            Assert.That(definition.Sv.Title, Is.Not.EqualTo(definition.En.Title));
            Assert.That(definition.Sv.Message, Is.Not.EqualTo(definition.En.Message));
            Assert.That(definition.Sv.Fix, Is.Not.EqualTo(definition.En.Fix));
        }
    }

    [TestCaseSource(nameof(Codes))]
    public void Both_languages_fill_in_the_same_things(FindingCode code)
    {
        var definition = FindingCatalogue.Get(code);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(Placeholders(definition.En.Message), Is.EquivalentTo(Placeholders(definition.Sv.Message)));
            Assert.That(Placeholders(definition.En.Fix), Is.EquivalentTo(Placeholders(definition.Sv.Fix)));
            Assert.That(Placeholders(definition.Sv.Message + definition.Sv.Fix).Where(p => p is not ("field" or "value")), Has.All.Match("^[0-9]$"));
        }
    }

    [TestCaseSource(nameof(Codes))]
    public void No_placeholder_is_left_when_a_text_is_filled(FindingCode code)
    {
        var finding = new Finding(code, 1, 2, 3, "fältet", "värdet", [.. Enumerable.Range(0, 10).Select(n => $"sv{n}¦en{n}")]);

        using (Assert.EnterMultipleScope())
        {
            foreach (var language in Enum.GetValues<Language>())
            {
                var other = language == Language.Sv ? "en" : "sv";
                foreach (var text in (string[])[FindingCatalogue.Message(finding, language), FindingCatalogue.Fix(finding, language)])
                    Assert.That(text, Does.Not.Match("[{}¦]").And.Not.Match($@"\b{other}[0-9]"));
            }
            foreach (var placeholder in Placeholders(FindingCatalogue.Get(code).Sv.Message))
            {
                var expected = placeholder switch { "field" => "fältet", "value" => "värdet", _ => "sv" + placeholder };
                Assert.That(FindingCatalogue.Message(finding, Language.Sv), Does.Contain(expected));
            }
        }
    }

    [Test]
    public void What_is_filled_in_is_never_taken_for_a_placeholder()
    {
        var finding = new Finding(FindingCode.P06, 1, 1, 1, "{value}", "{0}", "{field}");

        Assert.That(FindingCatalogue.Message(finding, Language.En), Does.Contain("{value}").And.Contain("{0}").And.Contain("{field}"));
    }

    [TestCase(Contact.None, "")]
    [TestCase(Contact.PartnerPhone, "0771-276 400")]
    [TestCase(Contact.StudyReports, "studierapporter@csn.se")]
    [TestCase(Contact.Registrar, "registrator@csn.se")]
    [TestCase(Contact.ContactPerson, "kontaktperson")]
    [TestCase(Contact.OwnSupport, "support")]
    public void A_contact_is_told_in_both_languages(Contact contact, string part)
    {
        using (Assert.EnterMultipleScope())
        {
            foreach (var language in Enum.GetValues<Language>())
                Assert.That(FindingCatalogue.ContactText(contact, language), part.Length == 0 ? Is.Empty : Does.Contain(part).IgnoreCase);
        }
    }

    [Test]
    public void Each_code_that_Formats_raises_fills_every_placeholder_of_its_text()
    {
        var findings = Samples().SelectMany(o => o.AllFindings).ToList();
        string[] raised = ["F01", "F02", "F03", "F04", "F05", "F06", "F07", "F14", "F17", "F18", "F19", "F21",
            "P01", "P02", "P03", "P04", "P05", "P06", "P07", "P08", "P10", "P11", "P12", "P13", "P14", "P15"];

        using (Assert.EnterMultipleScope())
        {
            Assert.That(findings.Select(f => f.Code.ToString()).Distinct().Order(StringComparer.Ordinal), Is.EqualTo(raised));
            foreach (var finding in findings)
            {
                var text = FindingCatalogue.Get(finding.Code).Sv;
                foreach (var placeholder in Placeholders(text.Message + text.Fix))
                {
                    var filled = placeholder switch
                    {
                        "field" => finding.Field is not null,
                        "value" => finding.Value is not null,
                        _ => placeholder[0] - '0' < finding.Args.Length,
                    };
                    Assert.That(filled, Is.True, $"{finding.Code} leaves {{{placeholder}}} out");
                }
            }
        }
    }

    private static IEnumerable<Outcome> Samples()
    {
        yield return Reading.Read("");
        yield return Reading.Read("hej");
        yield return Reading.Read("HUV\0");
        yield return Reading.Read(Fixed.Lines(Fixed.Huv("RVF2"), Fixed.Huv()));
        yield return Reading.Read(Fixed.Lines(Fixed.Huv(), Fixed.Reg(), Fixed.Slu(2, 1), "x"));
        yield return Reading.Read(Fixed.Lines(Fixed.Huv(), Fixed.Reg(), Fixed.Slu("x", "y")));
        yield return Reading.Read(Fixed.File(0, Fixed.Mod(extent: "x"), Fixed.Mod() + "x", "XYZ", "AVS", Fixed.Reg("X", "199601012398", "T\u0007", "å ä", "AVS", "x", "x", "x", "1", "", "a b")));
        yield return Reading.Read(Fixed.File(0, Fixed.Avb(student: "199613012393"), Fixed.Avb(student: "20000101T220"), Fixed.Avb(student: "9601012397"), Fixed.Avb(student: "x")));
        yield return Reading.Read(Csv.Lines(Csv.AvbHeader + ";ort", "\"x", "x", "1,9E+11;TMA101;V26A1;A;x;"));
        yield return Reading.Read("personummer;kurskod;kurs;typ;datum");
        yield return Reading.Read(Csv.AvbHeader, new ReadLimits { MaxBytes = 5 });
        yield return Reading.Read(Csv.AvbHeader, new ReadLimits { MaxLineCharacters = 5 });
        yield return Reading.Read(Csv.AvbHeader, new ReadLimits { MaxColumns = 2 });
    }

    private static IEnumerable<string> Placeholders(string text) => Braces().Matches(text).Select(m => m.Groups[1].Value).Distinct();

    [GeneratedRegex(@"\{([^}]*)\}")]
    private static partial Regex Braces();

    // What waits is refused at 15:00; then advice for before 15:00 is advice that cannot be followed.
    [Test]
    public void What_waits_has_words_for_after_the_close_too([Values] Language language)
    {
        using (Assert.EnterMultipleScope())
        {
            foreach (var d in FindingCatalogue.All)
            {
                Assert.That(d.In(language).FixWhenRefused is not null, Is.EqualTo(d.Severity == Severity.W), $"{d.Code}");
                Assert.That(d.In(language).FixWhenRefused, Is.Null.Or.Not.Contain("15"), $"{d.Code}");
                Assert.That(d.In(language).MessageWhenRefused, Is.Null.Or.Not.Contain("15"), $"{d.Code}");
            }
        }
    }
}
