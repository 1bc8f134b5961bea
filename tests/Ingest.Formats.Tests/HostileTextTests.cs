using System.Text;

namespace Ingest.Formats.Tests;

/// <summary>Faults that hostile or broken text led to: each is a kind that a fuzzer or a reading of the code found, with the least case of it.</summary>
public class HostileTextTests
{
    [Test]
    public void A_record_with_text_past_its_end_is_not_sound()
    {
        var row = Reading.Read(Fixed.File(450, Fixed.Mod()[..119] + "x")).Rows.Single();

        Assert.That((row.Findings.Single().Code, row.IsOk), Is.EqualTo((FindingCode.P01, false)));
    }

    [Test]
    public void Any_number_of_headers_is_told_once()
    {
        var outcome = Reading.Read(Fixed.Lines([.. Enumerable.Repeat(Fixed.Huv(), 1000), Fixed.Slu(0, 0)]));

        Assert.That(outcome.FileFindings.Select(f => (f.Code, f.Line)), Is.EqualTo([(FindingCode.F04, 2L)]));
    }

    [TestCase(1001)]
    [TestCase(100_000)]
    public void A_header_row_of_far_too_many_columns_is_refused_for_that(int columns)
    {
        var header = Csv.RegHeader + string.Concat(Enumerable.Repeat(";x", columns - 11));

        Assert.That(Reading.Read(Csv.Lines(header, Csv.Reg())).FileFindings[0].Code, Is.EqualTo(FindingCode.F14));
    }

    [Test]
    public void An_end_of_file_mark_is_dropped_as_the_last_character_or_the_last_line_alone()
    {
        using (Assert.EnterMultipleScope())
        {
            foreach (var end in (string[])["\u001A", "\u001A\r\n", "\u001A\n"])
                Assert.That(Reading.Read(Fixed.File(450, Fixed.Mod()) + end).AllFindings, Is.Empty, "after SLU");
            Assert.That(Reading.Read(Csv.Lines(Csv.ModHeader) + Csv.Mod() + "\u001A").RowCodes, Is.EqualTo(["2:"]));
            // Followed by a line end it is a character of the cell.
            Assert.That(Reading.Read(Csv.Lines(Csv.ModHeader) + Csv.Mod() + "\u001A\r\n").RowCodes, Is.EqualTo(["2:P07"]));
        }
    }

    [Test]
    public void A_shown_value_is_never_cut_within_a_character()
    {
        using (Assert.EnterMultipleScope())
        {
            for (var before = 0; before < 62; before++)
            {
                var value = Masking.Value(new string('x', before) + "😀😀");
                Assert.That(value.EnumerateRunes().Any(r => r == Rune.ReplacementChar), Is.False, $"{before} characters before it: {value}");
            }
        }
    }

    // Turns what follows around, shows nothing, or is for machines.
    [TestCase("\u202E")]
    [TestCase("\u2066")]
    [TestCase("\u200B")]
    [TestCase("\uFEFF")]
    [TestCase("\u00AD")]
    [TestCase("\u2028")]
    [TestCase("\uE000")]
    [TestCase("\U000E0041")]
    [TestCase("\u001F", TestName = "{m}(U+001F)")]
    public void A_shown_value_has_no_character_that_does_not_show(string hidden)
    {
        using (Assert.EnterMultipleScope())
        {
            Assert.That(Masking.Value($"a{hidden}b"), Is.EqualTo("a\uFFFDb"));
            Assert.That(Masking.Visible($"a{hidden}b"), Is.EqualTo("a\uFFFDb"));
            Assert.That(Masking.Personnummer($"19{hidden}96-2397").Contains(hidden, StringComparison.Ordinal), Is.False);
        }
    }

    [TestCase("\u0663")]
    [TestCase("\uFF11")]
    [TestCase("\U0001D7D9")]
    public void Digits_of_other_scripts_are_P07_in_both_shapes(string digit)
    {
        using (Assert.EnterMultipleScope())
        {
            Assert.That(Reading.Read(Csv.Lines(Csv.RegHeader, Csv.Reg(student: "19960101239" + digit))).RowCodes, Is.EqualTo(["2:P07"]));
            Assert.That(Reading.Read(Fixed.File(750, Fixed.Reg(course: "TMA10" + digit))).RowCodes, Is.EqualTo(["2:P07"]));
        }
    }

    [Test]
    public void The_sign_that_divides_the_languages_of_a_phrase_is_not_taken_from_the_file()
    {
        var tag = Reading.Read(Fixed.Lines(Fixed.Huv(), "A¦B" + Fixed.Mod()[3..], Fixed.Slu(1, 0))).Rows.Single().Findings.Single();
        var version = Reading.Read(Fixed.Lines(Fixed.Huv(version: "R¦V1"), Fixed.Slu(0, 0))).FileFindings[0];
        var column = Reading.Read(Csv.Lines(Csv.ModHeader + ";a¦b", Csv.Mod() + ";")).FileFindings.Single();

        using (Assert.EnterMultipleScope())
        {
            Assert.That(tag.Message(), Does.Contain("A|B"));
            Assert.That(version.Message(), Does.Contain("”R|V1”, inte RVF1").And.Not.Contain("version is"));
            Assert.That(column.Message(), Does.Contain("a|b").And.Contain("varken lästs eller sparats"));
        }
    }

    [TestCase("sep=;")]
    [TestCase("sep=,")]
    [TestCase("\uFEFFsep=;")]
    public void A_first_row_that_reads_as_a_separator_line_is_a_row_and_moves_no_other(string first)
    {
        var outcome = Reading.Read(Csv.Lines(Csv.ModHeader, first, Csv.Mod(), Csv.Mod(extent: "x"), Csv.Mod()));

        Assert.That(outcome.RowCodes, Is.EqualTo(["2:P02", "3:", "4:P05", "5:"]));
    }

    // Every byte in every place of a record: in each shape it is a sound record, a faulty one, or a file that is refused, and no line is lost.
    [Test]
    public void Every_byte_at_every_place_of_a_fixed_width_record_is_told([Range(0, 255, 15)] int from) =>
        EveryByte(Encoding.Latin1.GetBytes(Fixed.File(750, Fixed.Reg(id: "id-1"), Fixed.Reg(student: "198802292394"))), 1, from);

    [Test]
    public void Every_byte_at_every_place_of_a_CSV_row_is_told([Range(0, 255, 15)] int from) =>
        EveryByte(Encoding.UTF8.GetBytes(Csv.Lines(Csv.RegHeader.Replace("å", "a", StringComparison.Ordinal).Replace("ä", "a", StringComparison.Ordinal), Csv.Reg(id: "id-1"), Csv.Reg(student: "198802292394"))), 1, from);

    private static void EveryByte(byte[] sound, int line, int from)
    {
        var starts = sound.Select((b, i) => (b, i)).Where(p => p.b == '\n').Select(p => p.i + 1).ToList();
        var (start, end) = (starts[line - 1], starts[line]);
        for (var value = from; value < Math.Min(256, from + 15); value++)
        {
            for (var at = start; at < end; at++)
            {
                var bytes = (byte[])sound.Clone();
                bytes[at] = (byte)value;
                var outcome = Reading.Read(bytes);
                var where = $"0x{value:X2} at {at - start}";
                if (value == 0)
                {
                    Assert.That(outcome.FileCodes, Is.EqualTo([FindingCode.F03]), where);
                    continue;
                }
                // The record after it is read as if nothing had happened, but where the byte takes their line end away or is a quote that looks ahead.
                var told = outcome.Rows.Count + outcome.FileFindings.Count(f => f.Severity == Severity.F);
                Assert.That(told, Is.GreaterThanOrEqualTo(1), where);
                Assert.That(outcome.Rows.Any(r => r.IsOk && r.Findings.Any(f => f.Severity == Severity.E)), Is.False, where);
                if (at < end - 2) Assert.That(outcome.Rows[^1].IsOk, Is.True, where + ": the record after it");
            }
        }
    }

    [Test]
    public void Overlong_UTF8_is_no_UTF8_and_hides_no_delimiter()
    {
        // C0 BB is ; in two bytes, C0 8A a line feed: characters of Windows-1252 here, and no delimiter or line end.
        var bytes = Encoding.Latin1.GetBytes(Csv.Lines("benamning;kurskod;modulkod;hp", "x\u00C0\u00BBy\u00C0\u008Az;TMA101;M1;4,5"));
        var outcome = Reading.Read(bytes);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(outcome.Sniffed.Text, Is.EqualTo(TextForm.Windows1252));
            Assert.That(((Module)outcome.Records[0]!).Title, Is.EqualTo("xÀ»yÀŠz"));
        }
    }

    [Test]
    public void What_is_no_text_is_told_by_its_name([Values("504B0304:ZIP-arkiv eller Excel-bok", "504B0506:ZIP-arkiv", "504B0708:ZIP-arkiv", "255044462D:PDF", "89504E470D0A1A0A:PNG-bild", "474946383961:GIF-bild",
        "FFD8FFE0:JPEG-bild", "1F8B08:GZIP-arkiv", "377ABCAF271C:7z-arkiv", "526172211A07:RAR-arkiv", "D0CF11E0A1B11AE1:äldre Excel- eller Word-fil", "4D5A9000:program", "7F454C4602:program")] string sample)
    {
        var (hex, name) = (sample.Split(':')[0], sample.Split(':')[1]);
        var finding = Reading.Sniff([.. Convert.FromHexString(hex), .. Encoding.ASCII.GetBytes(Csv.Lines(Csv.RegHeader))]).Findings.Single();

        using (Assert.EnterMultipleScope())
        {
            Assert.That(finding.Code, Is.EqualTo(FindingCode.F03));
            Assert.That(finding.Message(), Does.Contain(name));
        }
    }
}
