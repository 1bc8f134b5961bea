using System.Text.RegularExpressions;

namespace Ingest.Formats.Tests;

/// <summary>No identity number gets out whole: not in a value, and not in any message of any finding, wherever in the file it stood.</summary>
public partial class MaskingTests
{
    private static readonly string[] Numbers =
        ["199601012397", "199601022388", "198802292394", "200002292399", "189602299803", "198606722398", "198608892389", "191500722390"];

    [Test]
    public void A_number_is_hidden_wherever_in_a_name_it_stands()
    {
        using (Assert.EnterMultipleScope())
        {
            for (var before = 0; before < 30; before++)
            {
                foreach (var number in new[] { "199601012397", "9601012397", "19960101-2397", "960101+2397" })
                {
                    var name = new string('x', before) + number + "y";
                    Assert.That(Masking.Numbers(name, new DateOnly(2026, 1, 19), out var masked), Is.EqualTo(name.Replace("2397", "xxxx", StringComparison.Ordinal)), name);
                    Assert.That(masked, Is.True, name);
                }
                foreach (var other in new[] { "960101239", "1996010-12397", "ab-cd-01", "0f8fad5b-d9cb-469f-a165-70867728950e", "" })
                    Assert.That(Masking.Numbers(new string('x', before) + other, new DateOnly(2026, 1, 19), out _), Is.EqualTo(new string('x', before) + other));
            }
        }
    }

    [Test]
    public void A_character_shows_the_same_alone_and_beside_others()
    {
        using (Assert.EnterMultipleScope())
        {
            for (var c = '\u0001'; c < 0x2100; c++)
                Assert.That(Masking.Visible(c.ToString()) + "Ж", Is.EqualTo(Masking.Visible(c + "Ж")), $"U+{(int)c:X4}");
        }
    }

    [TestCase("199601012397", "19960101****")]
    [TestCase("9601012397", "960101****")]
    [TestCase("960101-2397", "960101-****")]
    [TestCase("960229+9803", "960229+****")]
    [TestCase("19960101-2397", "19960101-****")]
    [TestCase("19960101 2397", "19960101 ****")]
    [TestCase("pnr 199601012397 ok", "pnr 19960101**** ok")]
    [TestCase("9601012397 2026", "960101**** ****", Description = "what stands with a number may make it any of these digits")]
    [TestCase("199601012397 2026", "199601****** ****")]
    [TestCase("2026-01-19", "2026-01-19", Description = "a date has eight digits")]
    [TestCase("20260119", "20260119")]
    [TestCase("123456789", "123456789", Description = "nine digits are no number")]
    [TestCase("TMA101", "TMA101")]
    [TestCase("", "")]
    [TestCase("a\u0007b\tc", "a\uFFFDb\uFFFDc", Description = "nothing that is shown holds a control character")]
    public void The_date_is_shown_of_a_run_of_ten_digits_or_more(string value, string expected) =>
        Assert.That(Masking.Value(value), Is.EqualTo(expected));

    // A value may hold more digits than the number: a date beside it, a second number, a shifted column.
    [TestCase("{0} 2026")]
    [TestCase("{0} 20260119")]
    [TestCase("{0}-20260119")]
    [TestCase("{0}20260119")]
    [TestCase("20260119{0}")]
    [TestCase("20260119 {0}")]
    [TestCase("{0} 198802292394")]
    [TestCase("{0}198802292394")]
    [TestCase("1 {0} 1")]
    [TestCase("{0}+1")]
    [TestCase("{0}E1")]
    [TestCase("x{0}x")]
    public void A_number_among_other_digits_is_hidden_too(string template)
    {
        using (Assert.EnterMultipleScope())
        {
            foreach (var number in Numbers)
            {
                var dashed = number[..8] + "-" + number[8..];
                Assert.That(Masking.Value(template.Replace("{0}", number, StringComparison.Ordinal)), Does.Not.Contain(number[2..]));
                Assert.That(Masking.Value(template.Replace("{0}", dashed, StringComparison.Ordinal)), Does.Not.Contain(dashed[2..]));
            }
        }
    }

    [TestCase("19960101\u00A02397")]
    [TestCase("19960101–2397")]
    [TestCase("19960101\u20112397")]
    [TestCase("19960101  2397")]
    [TestCase("19960101/2397")]
    [TestCase("19960101\u200B2397")]
    [TestCase("960101 - 2397")]
    public void A_number_with_a_separator_that_office_programs_write_is_hidden_too(string value) =>
        Assert.That(Masking.Value(value), Does.Not.Contain("2397"));

    [Test]
    public void A_long_value_is_cut_after_it_was_masked()
    {
        var shown = Masking.Value(new string('x', 52) + "199601012397 and more");

        using (Assert.EnterMultipleScope())
        {
            Assert.That(shown, Has.Length.LessThanOrEqualTo(61));
            Assert.That(shown, Does.Not.Contain("2397"));
        }
    }

    [TestCase("199601012397")]
    [TestCase("19960101-2397")]
    [TestCase("960101-2397")]
    [TestCase("9601012397")]
    [TestCase("2397")]
    [TestCase("1 2397")]
    [TestCase("19960101 2397")]
    [TestCase("19960101239")]
    [TestCase("1996010123977")]
    [TestCase("20000101T2397")]
    public void The_last_four_of_a_personnummer_field_never_show(string value) =>
        Assert.That(Masking.Personnummer(value), Does.Not.Contain("239").And.EndWith("-****"));

    /// <summary>Another column's value has landed there: seeing it is what helps; a name is not shown.</summary>
    [TestCase("JURA01", "JURA01")]
    [TestCase("V26", "V26")]
    [TestCase("Anna Andersson", "***")]
    public void A_personnummer_field_without_a_number_shows_codes_and_no_names(string value, string expected) =>
        Assert.That(Masking.Personnummer(value), Is.EqualTo(expected));

    [TestCase("199601012397", "19960101-****")]
    [TestCase("20000101T220", "20000101-****")]
    [TestCase("9601012397", "960101-****")]
    [TestCase("9601012397-N", "960101-****")]
    [TestCase("9601012397 x", "960101-****")]
    [TestCase("9601012397xyz", "960101-****")]
    [TestCase("960101-2397 x", "960101-****")]
    public void A_personnummer_field_shows_the_date_and_no_more(string value, string expected) =>
        Assert.That(Masking.Personnummer(value), Is.EqualTo(expected));

    [TestCaseSource(nameof(Numbers))]
    public void No_finding_of_a_fixed_width_file_tells_a_number(string number)
    {
        var texts = new List<string>();
        foreach (var line in (string[])[Fixed.Reg(student: number, type: "X"), Fixed.Avb(student: number), Fixed.Res(student: number), Fixed.Ktf(), Fixed.Mod(), Fixed.Huv(), Fixed.Slu(1, 0)])
            for (var at = 1; at <= 120 - number.Length; at++)
                texts.Add(Fixed.Put(line, at, number.Length, number));
        for (var shift = 1; shift < 16; shift++)
        {
            texts.Add("REGN" + new string(' ', shift) + Fixed.Reg(student: number)[4..]);
            texts.Add("REGN" + Fixed.Reg(student: number)[(4 + shift)..]);
        }
        texts.Add(Fixed.Reg(student: number).TrimEnd() + Fixed.Reg(student: number).TrimEnd());
        texts.Add(Fixed.Mod() + number + "  " + number);
        texts.Add(number);

        var findings = texts.SelectMany(t => Reading.Read(Fixed.Lines(Fixed.Huv(), t, Fixed.Slu("x", "y"))).AllFindings)
            .Concat(texts.SelectMany(t => Reading.Read(Fixed.Lines(t, Fixed.Slu("x", "y"))).AllFindings));

        CheckNoneTells(findings, number);
    }

    [TestCaseSource(nameof(Numbers))]
    public void No_finding_of_a_CSV_file_tells_a_number(string number)
    {
        string[] cells = [number, number[2..], number[..8] + "-" + number[8..], number[2..8] + "-" + number[8..], number[..8] + " " + number[8..], number + "x", "x" + number,
            number + " 2026-01-19", number + ";" + number, number + "\"", "\"" + number, number + "E1", number[..8] + "E" + number[8..], number + "\u0007",
            number[0] + "," + number[1..] + "E+11", number[2..] + "x", number[2..] + "-N"];
        var texts = new List<string>();
        foreach (var cell in cells)
        {
            for (var column = 0; column < 11; column++)
            {
                texts.Add(Csv.Lines(Csv.RegHeader, Csv.Put(Csv.Reg(), column, cell)));
                texts.Add(Csv.Lines(Csv.Put(Csv.RegHeader, column, cell), Csv.Reg()));
                texts.Add(Csv.Lines(Csv.RegHeader + ";" + cell, Csv.Reg() + ";"));
                texts.Add(Csv.Lines(Csv.RegHeader + ";" + cell + ";" + cell, Csv.Reg()));
            }
            texts.Add(cell);
            texts.Add(Csv.Lines(Csv.RegHeader, cell));
        }

        CheckNoneTells(texts.SelectMany(t => Reading.Read(t).AllFindings), number);
    }

    [Test]
    public void A_number_that_is_sound_but_for_one_fault_is_masked_in_its_finding([Values("199601012396", "19960101-2396", "200002302399", "20000101T220", "000101-T220", "199601010003", "20000101E221", "960101-2397")] string text)
    {
        var finding = Reading.Read(Csv.Lines(Csv.AvbHeader, Csv.Avb(student: text))).Rows.Single().Findings.Single();

        using (Assert.EnterMultipleScope())
        {
            Assert.That(finding.Value, Does.EndWith("-****"));
            Assert.That(finding.Everything(), Does.Not.Contain(text[^4..]));
        }
    }

    private static void CheckNoneTells(IEnumerable<Finding> findings, string number)
    {
        var leaks = findings.Where(f => Digits().Replace(f.Everything(), "").Contains(number[2..], StringComparison.Ordinal))
            .Select(f => $"{f.Code} {f.Field}: {f.Value} {string.Join('|', f.Args)}").Distinct().Take(20).ToList();

        Assert.That(leaks, Is.Empty);
    }

    /// <summary>Whatever may stand between the digits of one number.</summary>
    [GeneratedRegex("(?<=[0-9])[-+ \u00A0](?=[0-9])")]
    private static partial Regex Digits();
}
