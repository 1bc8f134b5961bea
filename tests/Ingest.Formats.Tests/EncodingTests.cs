using System.Text;

namespace Ingest.Formats.Tests;

/// <summary>The same åäö in every encoding, decomposed text, and bytes that are no text.</summary>
public class EncodingTests
{
    private static readonly TextForm[] Forms = Enum.GetValues<TextForm>();

    private static readonly string FixedFile = Fixed.Lines(Fixed.Huv(school: "ÅÄÖ", system: "Läsår"), Fixed.Reg(course: "ÅÄÖ101", offering: "åäö1", id: "händelse-é"),
        Fixed.Ktf(course: "ÅÄÖ101", title: "Överlevnad på högfjäll – café i Åre"), Fixed.Slu(2, 1500));

    private static readonly string CsvFile = Csv.Lines(Csv.KtfHeader, Csv.Ktf(course: "ÅÄÖ101", title: "Överlevnad på högfjäll – café i Åre"), Csv.Ktf(title: "Åäö"));

    [TestCaseSource(nameof(Forms))]
    public void A_fixed_width_file_gives_the_same_records_in_every_encoding(TextForm form)
    {
        var outcome = Reading.Read(form.Bytes(FixedFile));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(outcome.Sniffed.Text, Is.EqualTo(form));
            Assert.That(outcome.AllFindings, Is.Empty);
            Assert.That(outcome.Reader!.Header!.School, Is.EqualTo("ÅÄÖ"));
            Assert.That(outcome.Reader.Header.System, Is.EqualTo("Läsår"));
            CheckFixed(outcome);
        }
    }

    [TestCaseSource(nameof(Forms))]
    public void A_CSV_file_gives_the_same_records_in_every_encoding(TextForm form)
    {
        var outcome = Reading.Read(form.Bytes(CsvFile));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(outcome.Sniffed.Text, Is.EqualTo(form));
            Assert.That(outcome.AllFindings, Is.Empty);
            CheckCsv(outcome);
        }
    }

    [Test]
    public void Decomposed_text_is_composed_before_it_is_counted([Values(TextForm.Utf8, TextForm.Utf8Bom, TextForm.Utf16Le, TextForm.Utf16Be)] TextForm form)
    {
        var fixedWidth = Reading.Read(form.Bytes(FixedFile.Normalize(NormalizationForm.FormD)));
        var csv = Reading.Read(form.Bytes(CsvFile.Normalize(NormalizationForm.FormD)));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(fixedWidth.AllFindings.Concat(csv.AllFindings), Is.Empty);
            CheckFixed(fixedWidth);
            CheckCsv(csv);
        }
    }

    [Test]
    public void Columns_are_told_in_composed_characters()
    {
        var row = Csv.Ktf(title: "Åäö", extent: "x").Normalize(NormalizationForm.FormD);
        var finding = Reading.Read(Csv.Lines(Csv.KtfHeader, row)).Rows.Single().Findings.Single();

        // TMA101;V26A1;Åäö; are 17 characters.
        Assert.That((finding.Column, finding.Length), Is.EqualTo(((int?)18, (int?)1)));
    }

    [TestCase(0x81)]
    [TestCase(0x8D)]
    [TestCase(0x8F)]
    [TestCase(0x90)]
    [TestCase(0x9D)]
    public void A_byte_that_Windows_1252_leaves_unassigned_is_P07(int unassigned)
    {
        var outcome = Reading.Read(Replaced(Fixed.File(900, Fixed.Mod(title: "Te§ta"), Fixed.Mod(title: "Åäö")), TextForm.Windows1252, '§', [(byte)unassigned]));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(outcome.Sniffed.Text, Is.EqualTo(TextForm.Windows1252));
            Assert.That(outcome.RowCodes, Is.EqualTo(["2:P07", "3:"]));
        }
    }

    [TestCase(0x80, "€")]
    [TestCase(0x96, "–")]
    [TestCase(0x9F, "Ÿ")]
    [TestCase(0xA0, "\u00A0")]
    [TestCase(0xE5, "å")]
    public void Other_bytes_of_Windows_1252_are_their_characters(int given, string expected)
    {
        var outcome = Reading.Read(Replaced(Fixed.File(900, Fixed.Mod(title: "Te§ta"), Fixed.Mod(title: "Åäö")), TextForm.Windows1252, '§', [(byte)given]));

        Assert.That(((Module)outcome.Records[0]!).Title, Is.EqualTo($"Te{expected}ta"));
    }

    [TestCase("E5")]
    [TestCase("C3")]
    [TestCase("FF")]
    public void Bad_bytes_after_a_byte_order_mark_are_P07_on_their_lines(string hex)
    {
        var bad = Convert.FromHexString(hex);
        var fixedWidth = Reading.Read(Replaced(Fixed.File(900, Fixed.Mod(title: "Te§ta"), Fixed.Mod(title: "Åäö")), TextForm.Utf8Bom, '§', bad));
        var csv = Reading.Read(Replaced(Csv.Lines(Csv.ModHeader, Csv.Mod(title: "Te§ta"), Csv.Mod(title: "Åäö")), TextForm.Utf8Bom, '§', bad));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(fixedWidth.Sniffed.Text, Is.EqualTo(TextForm.Utf8Bom));
            Assert.That(fixedWidth.RowCodes, Is.EqualTo(["2:P07", "3:"]));
            Assert.That(csv.RowCodes, Is.EqualTo(["2:P07", "3:"]));
        }
    }

    [Test]
    public void A_byte_order_mark_at_the_start_of_a_row_is_P07_like_any_format_character()
    {
        using (Assert.EnterMultipleScope())
        {
            Assert.That(Reading.Read(Csv.Lines(Csv.ModHeader, "\uFEFF" + Csv.Mod(), Csv.Mod())).RowCodes, Is.EqualTo(["2:P07", "3:"]));
            Assert.That(Reading.Read(Csv.Lines(Csv.ModHeader, Csv.Mod(), "\uFEFF" + Csv.Mod())).RowCodes, Is.EqualTo(["2:", "3:P07"]));
        }
    }

    [Test]
    public void Line_separators_of_Unicode_end_no_line()
    {
        var outcome = Reading.Read(Fixed.File(450, Fixed.Mod(title: "a\u0085b\u2028c\u2029d\u000Be\u000Cf")));

        Assert.That(outcome.RowCodes, Is.EqualTo(["2:P07"]));
    }

    // Bad data is a value and never an exception, even where the framework refuses to compose it.
    [Test]
    public void A_noncharacter_throws_nothing(
        [Values(0xFFFE, 0xFFFF, 0xFDD0, 0x10FFFF)] int codePoint,
        [Values("field", "unknown line", "header field", "cell", "column name", "first line")] string place)
    {
        var character = char.ConvertFromUtf32(codePoint);
        var text = place switch
        {
            "field" => Fixed.File(450, Fixed.Mod(title: "a" + character)),
            "unknown line" => Fixed.File(0, "XYZ" + character),
            "header field" => Fixed.Lines(Fixed.Huv(system: "a" + character), Fixed.Slu(0, 0)),
            "cell" => Csv.Lines(Csv.ModHeader, Csv.Mod(title: "a" + character)),
            "column name" => Csv.Lines(Csv.ModHeader + ";a" + character, Csv.Mod() + ";"),
            _ => "hej" + character,
        };

        Assert.That(() => Reading.Read(text), Throws.Nothing);
    }

    // U+FB2C is composed to three characters, which is the most that NFC makes of one.
    [Test]
    public void A_line_that_grows_when_it_is_composed_throws_nothing([Values(TextForm.Utf8, TextForm.Utf16Le)] TextForm form, [Values(60, 130, 200, 250, 300, 3000)] int count)
    {
        var bytes = form.Bytes(Fixed.File(0, "MODN" + new string('\uFB2C', count), Fixed.Mod(extent: "")));

        Assert.That(() => Reading.Read(bytes).Rows.Count, Is.EqualTo(2));
    }

    private static void CheckFixed(Outcome outcome)
    {
        var registration = (Registration)outcome.Records[0]!;
        var offering = (CourseOffering)outcome.Records[1]!;
        Assert.That((registration.CourseCode, registration.OfferingCode, registration.EventId?.ToString(), registration.Extent),
            Is.EqualTo(("ÅÄÖ101", "ÅÄÖ1", "händelse-é", new Credits(750))));
        Assert.That((offering.Title, offering.End), Is.EqualTo(("Överlevnad på högfjäll – café i Åre", new DateOnly(2026, 2, 22))));
    }

    private static void CheckCsv(Outcome outcome)
    {
        var offering = (CourseOffering)outcome.Records[0]!;
        Assert.That((offering.CourseCode, offering.Title, offering.Pace), Is.EqualTo(("ÅÄÖ101", "Överlevnad på högfjäll – café i Åre", 100)));
        Assert.That(((CourseOffering)outcome.Records[1]!).Title, Is.EqualTo("Åäö"));
    }

    /// <summary>The file's bytes with other bytes where one character stands.</summary>
    private static byte[] Replaced(string text, TextForm form, char mark, byte[] bytes)
    {
        var at = text.IndexOf(mark, StringComparison.Ordinal);
        return [.. form.Bom(), .. form.Encoding().GetBytes(text[..at]), .. bytes, .. form.Encoding().GetBytes(text[(at + 1)..])];
    }
}
