using System.Text;

namespace Ingest.Formats.Tests;

/// <summary>F14: at each limit a file is read, one past it refused.</summary>
public class LimitsTests
{
    [Test]
    public void The_defaults_are_those_of_the_specification()
    {
        var limits = new ReadLimits();

        using (Assert.EnterMultipleScope())
        {
            Assert.That(limits.MaxBytes, Is.EqualTo(1024L * 1024 * 1024));
            Assert.That(limits.MaxLines, Is.EqualTo(20_000_000));
            Assert.That(limits.MaxLineCharacters, Is.EqualTo(10_000));
            Assert.That(limits.MaxColumns, Is.EqualTo(200));
            Assert.That(limits.RecordBytes, Is.EqualTo(64 * 1024));
        }
    }

    [TestCase(0, "")]
    [TestCase(-1, "F14")]
    public void A_file_has_MaxBytes_at_most(int difference, string expected)
    {
        var bytes = Encoding.UTF8.GetBytes(Fixed.File(450, Fixed.Mod(title: "Åäö")));

        var outcome = Reading.Read(bytes, new ReadLimits { MaxBytes = bytes.Length + difference });

        using (Assert.EnterMultipleScope())
        {
            Assert.That(Codes(outcome), Is.EqualTo(expected));
            Assert.That(outcome.Sniffed.Bytes, Is.EqualTo(bytes.Length));
            Assert.That(outcome.Rows, Has.Count.EqualTo(expected.Length == 0 ? 1 : 0));
        }
    }

    [TestCase(4, "")]
    [TestCase(3, "F14")]
    public void A_file_has_MaxLines_at_most(int limit, string expected)
    {
        var limits = new ReadLimits { MaxLines = limit };

        using (Assert.EnterMultipleScope())
        {
            Assert.That(Codes(Reading.Read(Fixed.File(1500, Fixed.Reg(), Fixed.Reg()), limits)), Is.EqualTo(expected));
            Assert.That(Codes(Reading.Read(Csv.Lines(Csv.AvbHeader, Csv.Avb(), Csv.Avb(), Csv.Avb()), limits)), Is.EqualTo(expected));
            Assert.That(Codes(Reading.Read(Csv.Lines(Csv.AvbHeader, Csv.Avb(), Csv.Avb(), Csv.Avb()).TrimEnd(), limits)), Is.EqualTo(expected));
        }
    }

    [TestCase(150, "")]
    [TestCase(149, "F14")]
    public void A_line_has_MaxLineCharacters_at_most_counted_in_characters(int limit, string expected)
    {
        var limits = new ReadLimits { MaxLineCharacters = limit };
        var fixedLine = Fixed.Put(Fixed.Mod(), 25, 60, new string('å', 60)).PadRight(150);
        var csvLine = Csv.Mod(title: "#");
        csvLine = csvLine.Replace("#", new string('å', 150 - csvLine.Length + 1), StringComparison.Ordinal);

        using (Assert.EnterMultipleScope())
        {
            foreach (var form in Enum.GetValues<TextForm>())
            {
                Assert.That(Codes(Reading.Read(form.Bytes(Fixed.File(900, Fixed.Mod(), fixedLine)), limits)), Is.EqualTo(expected), $"fixed width, {form}");
                Assert.That(Codes(Reading.Read(form.Bytes(Csv.Lines(Csv.ModHeader, Csv.Mod(), csvLine)), limits)), Is.EqualTo(expected), $"CSV, {form}");
            }
        }
    }

    [Test]
    public void F14_names_the_line_that_passed_the_limit()
    {
        var limits = new ReadLimits { MaxLineCharacters = 130 };
        var finding = Reading.Read(Fixed.File(900, Fixed.Mod(), Fixed.Mod().PadRight(131)), limits).FileFindings.Single();

        using (Assert.EnterMultipleScope())
        {
            Assert.That(finding.Line, Is.EqualTo(3));
            Assert.That(finding.Message(), Does.Contain("131").And.Contain("130"), "found and allowed");
        }
    }

    [TestCase(FileShape.FixedWidth)]
    [TestCase(FileShape.Csv)]
    public void A_line_without_end_is_F14_in_bounded_memory(FileShape shape)
    {
        var head = Encoding.ASCII.GetBytes(shape == FileShape.FixedWidth ? Fixed.Huv() + "\n" : "kurskod;modulkod;omfattning;title;benamning\n");
        var bytes = new byte[head.Length + (4 << 20)];
        Array.Fill(bytes, (byte)'x');
        head.CopyTo(bytes, 0);

        var outcome = Reading.Read(bytes);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(outcome.FileCodes, Does.Contain(FindingCode.F14));
            Assert.That(outcome.Rows, Is.Empty);
        }
    }

    [Test]
    public void A_header_row_over_the_line_limit_is_F14() =>
        Assert.That(Codes(Reading.Read(Csv.Lines(Csv.RegHeader, Csv.Reg()), new ReadLimits { MaxLineCharacters = 50 })), Is.EqualTo("F14"));

    [TestCase(5, "")]
    [TestCase(4, "F14")]
    public void A_header_has_MaxColumns_at_most(int limit, string expected)
    {
        var outcome = Reading.Read(Csv.Lines(Csv.AvbHeader, Csv.Avb()), new ReadLimits { MaxColumns = limit });

        using (Assert.EnterMultipleScope())
        {
            Assert.That(outcome.FileCodes.Contains(FindingCode.F14), Is.EqualTo(expected.Length > 0));
            Assert.That(outcome.Rows, Has.Count.EqualTo(expected.Length == 0 ? 1 : 0));
        }
    }

    [TestCase(200, false)]
    [TestCase(201, true)]
    public void The_default_number_of_columns_holds(int columns, bool refused)
    {
        var header = Csv.AvbHeader + string.Concat(Enumerable.Range(6, columns - 5).Select(i => $";k{i}"));
        var row = Csv.Avb() + new string(';', columns - 5);

        Assert.That(Reading.Read(Csv.Lines(header, row)).FileCodes.Contains(FindingCode.F14), Is.EqualTo(refused));
    }

    [TestCase(TextForm.Utf8)]
    [TestCase(TextForm.Utf16Le)]
    public void A_limit_passed_late_keeps_nothing_from_being_told_once(TextForm form)
    {
        var limits = new ReadLimits { MaxLines = 1000 };
        var rows = Enumerable.Repeat(Csv.Avb(), 5000).ToArray();
        var outcome = Reading.Read(form.Bytes(Csv.Lines([Csv.AvbHeader, .. rows])), limits);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(Codes(outcome), Is.EqualTo("F14"));
            Assert.That(outcome.Rows, Has.Count.LessThanOrEqualTo(999));
        }
    }

    [Test]
    public void A_limit_passed_inside_an_open_quote_is_F14()
    {
        var outcome = Reading.Read(Csv.Lines("anteckning;" + Csv.AvbHeader, "\"x;" + Csv.Avb(), new string('y', 300)), new ReadLimits { MaxLineCharacters = 200 });

        Assert.That(outcome.FileCodes, Does.Contain(FindingCode.F14));
    }

    private static string Codes(Outcome outcome) => string.Join(' ', outcome.FileCodes);
}
