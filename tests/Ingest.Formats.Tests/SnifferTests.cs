using System.Text;

namespace Ingest.Formats.Tests;

/// <summary>Encoding, shape and delimiter of a file, and what is refused before a record is read: F01, F02, F03.</summary>
public class SnifferTests
{
    [TestCase("")]
    [TestCase("EFBBBF", Description = "a byte order mark alone")]
    [TestCase("FFFE")]
    [TestCase("FEFF")]
    [TestCase("0D0A0D0A", Description = "blank lines alone")]
    [TestCase("2020200A")]
    [TestCase("1A", Description = "an end-of-file mark alone")]
    public void A_file_without_content_is_F01(string hex)
    {
        var sniffed = Reading.Sniff(Convert.FromHexString(hex));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(sniffed.Findings.Select(f => f.Code), Is.EqualTo([FindingCode.F01]));
            Assert.That(sniffed.Shape, Is.Null);
            Assert.That(sniffed.Format, Is.Null);
        }
    }

    [TestCase("abc")]
    [TestCase("<html><body>Loggen</body></html>")]
    [TestCase("{\"personnummer\": 1}")]
    [TestCase("personnummer")]
    [TestCase("personnummer;namn;ort", Description = "one known column is too few")]
    [TestCase("hej;på;dig")]
    [TestCase("huv RVF1", Description = "record types are exact")]
    [TestCase("sep=;\nhej;hopp")]
    [TestCase("sep=;\nHUVRVF1UMU")]
    public void A_file_of_neither_shape_is_F02(string text)
    {
        var sniffed = Reading.Sniff(Encoding.UTF8.GetBytes(text));
        var finding = sniffed.Findings.Single();

        using (Assert.EnterMultipleScope())
        {
            Assert.That(finding.Code, Is.EqualTo(FindingCode.F02));
            Assert.That(sniffed.Shape, Is.Null);
            Assert.That(finding.Message(), Does.Contain("HUV"), "what was expected is told");
        }
    }

    [TestCase("personnummer;kurskod", Description = "two known columns are enough to be told as CSV")]
    [TestCase("kurs;hej;tillfälle")]
    public void Two_known_columns_make_a_CSV_file(string text) =>
        Assert.That(Reading.Sniff(Encoding.UTF8.GetBytes(text)).Shape, Is.EqualTo(FileShape.Csv));

    [TestCase("504B0304140000000800", Description = "ZIP, and so an Excel workbook")]
    [TestCase("255044462D312E37", Description = "PDF")]
    [TestCase("89504E470D0A1A0A", Description = "PNG")]
    [TestCase("FFD8FFE000104A46", Description = "JPEG")]
    [TestCase("1F8B080000000000", Description = "GZIP")]
    [TestCase("377ABCAF271C0004", Description = "7z")]
    [TestCase("526172211A0700", Description = "RAR")]
    [TestCase("D0CF11E0A1B11AE1", Description = "old Excel")]
    [TestCase("48555652564631005555", Description = "a NUL among text")]
    [TestCase("480055005600", Description = "UTF-16 without a byte order mark")]
    [TestCase("FFFE48005500D8", Description = "UTF-16 that ends within a character")]
    [TestCase("FFFE480000D85500", Description = "a high surrogate with none after it")]
    [TestCase("FFFE480000DC5500", Description = "a low surrogate with none before it")]
    [TestCase("FEFF0048D800", Description = "a high surrogate at the end")]
    [TestCase("FEFF00480000", Description = "U+0000 in UTF-16")]
    [TestCase("FFFE0000480000005500", Description = "UTF-32")]
    public void What_is_no_text_is_F03(string hex)
    {
        var sniffed = Reading.Sniff(Convert.FromHexString(hex));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(sniffed.Findings.Select(f => f.Code), Is.EqualTo([FindingCode.F03]));
            Assert.That(sniffed.Shape, Is.Null);
        }
    }

    [TestCase(TextForm.Utf8, "UTF-8")]
    [TestCase(TextForm.Utf8Bom, "UTF-8 (BOM)")]
    [TestCase(TextForm.Utf16Le, "UTF-16LE")]
    [TestCase(TextForm.Utf16Be, "UTF-16BE")]
    [TestCase(TextForm.Windows1252, "Windows-1252")]
    public void The_encoding_is_told_from_the_bytes(TextForm form, string name)
    {
        var sniffed = Reading.Sniff(form.Bytes(Fixed.File(0, Fixed.Ktf(title: "Åäö", extent: ""))));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(sniffed.Text, Is.EqualTo(form));
            Assert.That(sniffed.Text.Name(), Is.EqualTo(name));
            Assert.That(sniffed.Shape, Is.EqualTo(FileShape.FixedWidth));
        }
    }

    [TestCase("C3A5", TextForm.Utf8)]
    [TestCase("E5", TextForm.Windows1252)]
    [TestCase("F09F9982", TextForm.Utf8, Description = "an emoji")]
    [TestCase("C3", TextForm.Windows1252, Description = "half a character at the end")]
    [TestCase("E282", TextForm.Windows1252)]
    [TestCase("C0AF", TextForm.Windows1252, Description = "an overlong form")]
    [TestCase("EDA080", TextForm.Windows1252, Description = "a surrogate in UTF-8")]
    [TestCase("C3A5E5", TextForm.Windows1252)]
    public void What_is_no_strict_UTF8_is_Windows_1252(string hex, TextForm expected) =>
        Assert.That(Reading.Sniff([.. Encoding.ASCII.GetBytes("HUVRVF1 "), .. Convert.FromHexString(hex)]).Text, Is.EqualTo(expected));

    [Test]
    public void Bytes_that_are_no_UTF8_are_found_however_late_they_come()
    {
        var text = new byte[3 << 20];
        Array.Fill(text, (byte)'x');
        Encoding.ASCII.GetBytes("HUVRVF1\n").CopyTo(text, 0);
        text[^2] = 0xE5;

        Assert.That(Reading.Sniff(text).Text, Is.EqualTo(TextForm.Windows1252));
    }

    [TestCase(";", ';', "RVF1 CSV (;)")]
    [TestCase(",", ',', "RVF1 CSV (,)")]
    [TestCase("\t", '\t', "RVF1 CSV (tab)")]
    public void The_delimiter_is_told_from_the_header(string delimiter, char expected, string format)
    {
        var sniffed = Reading.Sniff(Encoding.UTF8.GetBytes(Csv.RegHeader.Replace(";", delimiter, StringComparison.Ordinal)));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(sniffed.Shape, Is.EqualTo(FileShape.Csv));
            Assert.That(sniffed.Delimiter, Is.EqualTo(expected));
            Assert.That(sniffed.HasSeparatorLine, Is.False);
            Assert.That(sniffed.Format, Is.EqualTo(format));
        }
    }

    [TestCase("sep=;", ';')]
    [TestCase("sep=,", ',')]
    [TestCase("SEP=\t", '\t')]
    public void Excels_sep_line_states_the_delimiter(string line, char delimiter)
    {
        var sniffed = Reading.Sniff(Encoding.UTF8.GetBytes(line + "\r\n" + Csv.RegHeader.Replace(';', delimiter)));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(sniffed.Shape, Is.EqualTo(FileShape.Csv));
            Assert.That(sniffed.Delimiter, Is.EqualTo(delimiter));
            Assert.That(sniffed.HasSeparatorLine, Is.True);
        }
    }

    [Test]
    public void A_delimiter_inside_a_quoted_name_is_no_delimiter() =>
        Assert.That(Reading.Sniff(Encoding.UTF8.GetBytes("\"a,b,c,d\";personnummer;kurskod")).Delimiter, Is.EqualTo(';'));

    [Test]
    public void Blank_lines_before_the_first_line_do_not_matter()
    {
        using (Assert.EnterMultipleScope())
        {
            Assert.That(Reading.Sniff(Encoding.UTF8.GetBytes("\r\n  \r" + Csv.RegHeader)).Shape, Is.EqualTo(FileShape.Csv));
            Assert.That(Reading.Sniff(Encoding.UTF8.GetBytes("\n\n" + Fixed.Huv())).Shape, Is.EqualTo(FileShape.FixedWidth));
        }
    }

    // The published test vectors of SHA-256 (FIPS 180).
    [TestCase("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")]
    [TestCase("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")]
    [TestCase("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq", "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1")]
    public void Size_and_hash_are_those_of_all_bytes(string text, string sha)
    {
        var bytes = Encoding.ASCII.GetBytes(text);
        var whole = Reading.Sniff(bytes);
        var overLimit = Reading.Sniff(bytes, new ReadLimits { MaxBytes = 2 });

        using (Assert.EnterMultipleScope())
        {
            Assert.That((whole.Bytes, whole.Sha256), Is.EqualTo(((long)bytes.Length, sha)));
            Assert.That((overLimit.Bytes, overLimit.Sha256), Is.EqualTo(((long)bytes.Length, sha)), "a file over the limit is hashed to its end");
        }
    }

    [Test]
    public void A_file_whose_shape_is_unknown_cannot_be_opened()
    {
        var sniffed = Reading.Sniff("abc"u8.ToArray());

        Assert.That(() => RecordReader.Open(Stream.Null, sniffed, Reading.Arrival, Reading.Limits), Throws.ArgumentException);
    }
}
