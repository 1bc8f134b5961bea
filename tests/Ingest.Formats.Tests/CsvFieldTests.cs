namespace Ingest.Formats.Tests;

/// <summary>One cell of one CSV row at a time: the text, and the code that it gives, if any.</summary>
public class CsvFieldTests
{
    [TestCase(1, "199601012397", "")]
    [TestCase(1, "19960101-2397", "")]
    [TestCase(1, "960101-2397", "P13")]
    [TestCase(1, "960229+9803", "P13")]
    [TestCase(1, "960101 2397", "P05")]
    [TestCase(1, "19960101 2397", "P05")]
    [TestCase(1, "199601012396", "P10")]
    [TestCase(1, "960101-2396", "P10")]
    [TestCase(1, "199613012393", "P11")]
    [TestCase(1, "20000101T220", "P12")]
    [TestCase(1, "20000101-TF22", "P12")]
    [TestCase(1, "20000101E221", "P05")]
    [TestCase(1, "", "P03")]
    [TestCase(2, "TMA", "P05")]
    [TestCase(2, "TMA1234567", "")]
    [TestCase(2, "TMA12345678", "P05")]
    [TestCase(3, "12345678901", "P05")]
    [TestCase(5, "7,5", "")]
    [TestCase(5, "7.5", "")]
    [TestCase(5, "7,50", "")]
    [TestCase(5, "30", "")]
    [TestCase(5, "0,01", "")]
    [TestCase(5, "999,99", "")]
    [TestCase(5, "0", "P05")]
    [TestCase(5, "0,00", "P05")]
    [TestCase(5, "1000", "P05")]
    [TestCase(5, "7,505", "P05")]
    [TestCase(5, "1 000", "P05")]
    [TestCase(5, "1.000,5", "P05")]
    [TestCase(5, "-7,5", "P05")]
    [TestCase(5, "+7,5", "P05")]
    [TestCase(5, "7,5 hp", "P05")]
    [TestCase(5, "sju", "P05")]
    [TestCase(5, "", "P03")]
    [TestCase(6, "1", "")]
    [TestCase(6, "50", "")]
    [TestCase(6, "200", "")]
    [TestCase(6, "0", "P05")]
    [TestCase(6, "201", "P05")]
    [TestCase(6, "50,5", "P05")]
    [TestCase(6, "50%", "P05")]
    [TestCase(7, "2026-01-19", "")]
    [TestCase(7, "20260119", "")]
    [TestCase(7, "1900-01-01", "")]
    [TestCase(8, "2100-12-31", "")]
    [TestCase(7, "1899-12-31", "P05")]
    [TestCase(8, "2101-01-01", "P05")]
    [TestCase(7, "2026-02-29", "P04")]
    [TestCase(7, "2026-1-19", "P04")]
    [TestCase(7, "2026/01/19", "P04")]
    [TestCase(7, "19/1 2026", "P04")]
    [TestCase(7, "2026-0119", "P04")]
    [TestCase(7, "46041", "P04", Description = "Excel's day number")]
    [TestCase(7, "2026-01-19 00:00", "P04")]
    [TestCase(10, "", "")]
    [TestCase(10, "123456789012345678901234567890123456", "", Description = "36 characters")]
    [TestCase(10, "1234567890123456789012345678901234567", "P05", Description = "37 characters")]
    public void A_cell_of_a_registration(int column, string cell, string code) =>
        Assert.That(Codes(Csv.RegHeader, Csv.Put(Csv.Reg(), column, cell)), Is.EqualTo(code));

    [TestCase("2026-03-02", "P13", 199601012397)]
    [TestCase("1996-01-01", "P13", 199601012397)]
    [TestCase("1995-12-31", "P13", 189601012397)]
    public void The_arrival_of_the_file_decides_the_century(string arrival, string code, long number)
    {
        var row = Reading.Read(Csv.Lines(Csv.RegHeader, Csv.Reg(student: "960101-2397")),
            arrival: DateOnly.ParseExact(arrival, "yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture)).Rows.Single();

        using (Assert.EnterMultipleScope())
        {
            Assert.That(string.Join(' ', row.Findings.Select(f => f.Code)), Is.EqualTo(code));
            Assert.That(row.Findings.Single().Message(), Does.Contain(number.ToString(System.Globalization.CultureInfo.InvariantCulture)[..4]), "it says which century was taken");
            Assert.That(((Registration)row.Record!).Student.Digits, Is.EqualTo(number));
        }
    }

    [TestCase(60, "")]
    [TestCase(61, "P05")]
    public void A_name_has_up_to_60_characters(int length, string code)
    {
        using (Assert.EnterMultipleScope())
        {
            Assert.That(Codes(Csv.ModHeader, Csv.Mod(title: new string('å', length))), Is.EqualTo(code));
            Assert.That(Codes(Csv.ModHeader, Csv.Mod(title: string.Concat(Enumerable.Repeat("a\u030A", length)))), Is.EqualTo(code), "composed first, then counted");
        }
    }

    [TestCase(1, "1,99601E+11")]
    [TestCase(1, "1.99601E+11")]
    [TestCase(1, "1,99601012397E+11")]
    [TestCase(1, "2E+11")]
    [TestCase(7, "2,02601E+07")]
    [TestCase(2, "1,2E+05")]
    public void What_Excel_makes_of_a_long_number_is_P05_and_named_as_such(int column, string cell)
    {
        var finding = Reading.Read(Csv.Lines(Csv.RegHeader, Csv.Put(Csv.Reg(), column, cell))).Rows.Single().Findings.Single();

        using (Assert.EnterMultipleScope())
        {
            Assert.That(finding.Code, Is.EqualTo(FindingCode.P05));
            Assert.That(FindingCatalogue.Message(finding, Language.Sv), Does.Contain("Excel"));
            Assert.That(FindingCatalogue.Message(finding, Language.En), Does.Contain("Excel"));
        }
    }

    [TestCase(1, "20000101E221", Description = "a letter among digits is no exponent of Excel's")]
    [TestCase(2, "E+05")]
    [TestCase(2, "12,34")]
    public void Other_malformed_text_is_not_laid_at_Excels_door(int column, string cell)
    {
        var finding = Reading.Read(Csv.Lines(Csv.RegHeader, Csv.Put(Csv.Reg(), column, cell))).Rows.Single().Findings.Single();

        Assert.That(finding.Message(), Does.Not.Contain("Excel"));
    }

    [TestCase("1E10")]
    [TestCase("12E5")]
    public void A_course_code_that_looks_like_an_exponent_is_a_course_code(string code) =>
        Assert.That(Codes(Csv.RegHeader, Csv.Reg(course: code)), Is.Empty);

    // Unicode categories Cc, Cf, Co, Zl, Zp, U+FFFD, noncharacters, and digits that are not 0-9.
    [TestCase("\u0007")]
    [TestCase("\u0009")]
    [TestCase("\u0085")]
    [TestCase("\uFFFE", Description = "a noncharacter", TestName = "{m}(U+FFFE)")]
    [TestCase("\uFDD0", Description = "a noncharacter")]
    [TestCase("\u00AD", Description = "soft hyphen, Cf")]
    [TestCase("\u200B", Description = "zero width space, Cf")]
    [TestCase("\u202E", Description = "right-to-left override, Cf")]
    [TestCase("\uFEFF", Description = "byte order mark, Cf")]
    [TestCase("\uE000", Description = "private use, Co")]
    [TestCase("\u2028", Description = "line separator, Zl")]
    [TestCase("\u2029", Description = "paragraph separator, Zp")]
    [TestCase("\uFFFD")]
    [TestCase("\u0661", Description = "Arabic-Indic one, Nd")]
    [TestCase("\uFF11", Description = "fullwidth one, Nd")]
    [TestCase("\U0001D7CF", Description = "mathematical bold one, Nd outside the BMP")]
    [TestCase("\U000E0041", Description = "a tag character, Cf outside the BMP")]
    public void A_forbidden_character_is_P07_in_any_known_field_of_either_shape(string character)
    {
        using (Assert.EnterMultipleScope())
        {
            Assert.That(Codes(Csv.ModHeader, Csv.Mod(title: "Ten" + character + "ta")), Is.EqualTo("P07"));
            Assert.That(Codes(Csv.ModHeader, Csv.Mod(title: character + "Tenta")), Is.EqualTo("P07"));
            Assert.That(Codes(Csv.RegHeader, Csv.Reg(student: "19960101239" + character)), Is.EqualTo("P07"), "it replaces the field's other faults");
            Assert.That(Codes(Csv.RegHeader, Csv.Reg(date: character)), Is.EqualTo("P07"));
            Assert.That(FixedCodes(Fixed.Mod(title: "Ten" + character + "ta")), Is.EqualTo("P07"));
            Assert.That(FixedCodes(Fixed.Reg(id: character + "x")), Is.EqualTo("P07"));
        }
    }

    [TestCase("é ß € – ” ½ ² Ⅳ ①")]
    [TestCase("\u00A0x\u2009y", Description = "blanks of other widths are no control characters")]
    [TestCase("Ж 漢 ا")]
    public void Other_characters_are_text(string title)
    {
        using (Assert.EnterMultipleScope())
        {
            Assert.That(Codes(Csv.ModHeader, Csv.Mod(title: "x" + title)), Is.Empty);
            Assert.That(FixedCodes(Fixed.Mod(title: "x" + title)), Is.Empty);
        }
    }

    [Test]
    public void A_character_outside_the_BMP_is_P07_in_fixed_width_only()
    {
        using (Assert.EnterMultipleScope())
        {
            Assert.That(Codes(Csv.ModHeader, Csv.Mod(title: "Prov 🙂")), Is.Empty);
            Assert.That(FixedCodes(Fixed.Mod(title: "Prov 🙂")), Is.EqualTo("P07"));
        }
    }

    [Test]
    public void A_forbidden_character_in_an_unknown_column_is_nobodys_business() =>
        Assert.That(Codes("anteckning;" + Csv.ModHeader, "a\u0007\u200B;" + Csv.Mod()), Is.Empty);

    [Test]
    public void P07_says_which_character_and_where()
    {
        var finding = Reading.Read(Fixed.File(450, Fixed.Mod(title: "Ten\u200Bta"))).Rows.Single().Findings.Single();

        using (Assert.EnterMultipleScope())
        {
            Assert.That((finding.Line, finding.Column, finding.Length, finding.Field), Is.EqualTo((2L, (int?)25, (int?)60, "benämning")));
            Assert.That(finding.Message(), Does.Contain("U+200B"));
        }
    }

    private static string Codes(string header, string row) => Join(Reading.Read(Csv.Lines(header, row)));

    private static string FixedCodes(string line) => Join(Reading.Read(Fixed.Lines(Fixed.Huv(), line, Fixed.Slu(1, 0))));

    private static string Join(Outcome outcome) => string.Join(' ', outcome.Rows.Single().Findings.Select(f => f.Code));
}
