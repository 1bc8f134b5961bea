namespace Ingest.Formats.Tests;

/// <summary>Rows of a CSV file: their width, blank rows, defaults, and what is told of their faults.</summary>
public class CsvRecordReaderTests
{
    [Test]
    public void The_same_content_in_fixed_width_and_CSV_gives_equal_records()
    {
        var fixedWidth = Reading.Read(Fixed.Lines(Fixed.Huv(),
            Fixed.Reg(id: "Id-1"), Fixed.Reg("B", offering: "Å1", type: "OM", extent: "00375", pace: "050", start: "20260202", end: "20260331"),
            Fixed.Avb(), Fixed.Avb(type: "E", student: "960101-2397"),
            Fixed.Res(), Fixed.Res(offering: "", module: "", hp: "00000", grade: "Fx"), Fixed.Res(grade: "", transfer: "J"),
            Fixed.Ktf(title: "Räkning; en \"första\" kurs"), Fixed.Mod(title: "Övning")));
        var csv = new[]
        {
            Csv.Lines(Csv.RegHeader, Csv.Reg(id: "Id-1"), Csv.Reg("B", offering: "å1", type: "om", extent: "3.75", pace: "50", start: "20260202", end: "2026-03-31")),
            Csv.Lines(Csv.AvbHeader, Csv.Avb(), Csv.Avb(type: "e", student: "960101-2397")),
            Csv.Lines(Csv.ResHeader, Csv.Res(), Csv.Res(offering: "", module: "", hp: "0", grade: "FX"), Csv.Res(grade: "", transfer: "j")),
            Csv.Lines(Csv.KtfHeader, Csv.Ktf(title: "\"Räkning; en \"\"första\"\" kurs\"")),
            Csv.Lines(Csv.ModHeader, Csv.Mod(title: "Övning")),
        }.Select(text => Reading.Read(text)).ToList();

        using (Assert.EnterMultipleScope())
        {
            Assert.That(csv.SelectMany(o => o.Records), Is.EqualTo(fixedWidth.Records));
            Assert.That(csv.SelectMany(o => o.FileFindings), Is.Empty);
            Assert.That(csv.Sum(o => o.Reader!.Hundredths), Is.EqualTo(fixedWidth.Reader!.Hundredths));
            Assert.That(fixedWidth.Reader.Hundredths, Is.EqualTo(750 + 375 + 450 + 0 + 450 + 750 + 450));
            Assert.That(csv.Sum(o => o.Reader!.Count), Is.EqualTo(9));
        }
    }

    [TestCase("")]
    [TestCase("\r\n")]
    [TestCase("\n\n\u001A", TestName = "{m}(LF LF 1A)")]
    public void A_header_row_alone_is_a_file_of_no_records(string end)
    {
        var outcome = Reading.Read(Csv.AvbHeader + end);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(outcome.AllFindings, Is.Empty);
            Assert.That(outcome.Reader!.Count, Is.Zero);
        }
    }

    [TestCase(';')]
    [TestCase(',')]
    [TestCase('\t')]
    public void Each_delimiter_is_read_with_and_without_a_sep_line(char delimiter)
    {
        var text = Csv.Lines(Csv.RegHeader, Csv.Reg(extent: "7.5")).Replace(';', delimiter);
        var expected = Reading.Read(Fixed.File(750, Fixed.Reg())).Records;
        var (plain, stated) = (Reading.Read(text), Reading.Read($"sep={delimiter}\r\n{text}"));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(plain.AllFindings.Concat(stated.AllFindings), Is.Empty);
            Assert.That(plain.Records, Is.EqualTo(expected));
            Assert.That(stated.Records, Is.EqualTo(expected));
            Assert.That(plain.Rows.Single().Source.Line, Is.EqualTo(2));
            Assert.That(stated.Rows.Single().Source.Line, Is.EqualTo(3));
        }
    }

    [Test]
    public void A_decimal_comma_in_a_comma_file_stands_in_quotes() =>
        Assert.That(((Registration)Reading.Read(Csv.Lines(Csv.RegHeader.Replace(';', ','), Csv.Reg(extent: "#").Replace(';', ',').Replace("#", "\"7,5\"", StringComparison.Ordinal))).Records.Single()!).Extent,
            Is.EqualTo(new Credits(750)));

    [TestCase("\r\n")]
    [TestCase("\n")]
    [TestCase("\r")]
    public void Lines_end_in_CRLF_LF_or_CR_and_rows_that_say_nothing_are_blank(string end)
    {
        var outcome = Reading.Read(string.Join(end, Csv.AvbHeader, "", Csv.Avb(), ";;;;", " ", "; ;;;", ";", Csv.Avb(), "\"\";;;\"\";", Csv.Avb()));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(outcome.FileFindings, Is.Empty);
            Assert.That(outcome.RowCodes, Is.EqualTo(["3:", "8:", "10:"]));
            Assert.That(outcome.Reader!.Count, Is.EqualTo(3));
        }
    }

    [TestCase("a")]
    [TestCase("a;b;c;d")]
    [TestCase("a;b;c;d;e;f")]
    [TestCase("a;b;c;d;e;f;")]
    [TestCase("199601012397;TMA101;V26A1;A;2026-02-02;x")]
    [TestCase("199601012397;TMA101;V26A1;A;2026-02-02;;")]
    [TestCase("199601012397,TMA101,V26A1,A,2026-02-02")]
    public void A_wrong_number_of_columns_is_P02(string row)
    {
        var outcome = Reading.Read(Csv.Lines(Csv.AvbHeader, Csv.Avb(), row, Csv.Avb()));
        var bad = outcome.Rows[1];

        using (Assert.EnterMultipleScope())
        {
            Assert.That(outcome.RowCodes, Is.EqualTo(["2:", "3:P02", "4:"]));
            Assert.That(bad.Findings.Single().Line, Is.EqualTo(3));
            Assert.That(bad.Kind, Is.EqualTo(RecordKind.Interruption));
            Assert.That(bad.IsOk, Is.False);
            Assert.That(outcome.Reader!.Count, Is.EqualTo(3), "a bad row counts");
        }
    }

    [Test]
    public void Rows_that_cannot_be_read_keep_a_stated_sum_from_being_compared()
    {
        var reader = Reading.Read(Csv.Lines(Csv.ResHeader, Csv.Res(), "a;b", Csv.Res(hp: "\"4,5"))).Reader!;

        Assert.That(string.Join(' ', reader.Compare(new DeclaredTotals(3, 999, null), (".klar", ".klar"), 0).Select(f => f.Code)), Is.EqualTo("F21"));
    }

    [Test]
    public void An_unnamed_trailing_column_that_is_empty_is_ignored_without_a_word()
    {
        var outcome = Reading.Read(Csv.Lines(Csv.AvbHeader + ";", Csv.Avb() + ";", Csv.Avb() + ";\"\"", ";;;;;"));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(outcome.AllFindings, Is.Empty);
            Assert.That(outcome.Rows, Has.Count.EqualTo(2));
        }
    }

    [Test]
    public void An_unnamed_trailing_column_that_is_not_empty_is_an_unknown_column()
    {
        var outcome = Reading.Read(Csv.Lines(Csv.AvbHeader + ";", Csv.Avb() + ";", Csv.Avb() + ";x", Csv.Avb() + ";y"));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(outcome.FileCodes, Is.EqualTo([FindingCode.F19]));
            Assert.That(outcome.FileFindings.Single().Message(), Does.Contain("6"), "it is named by its number");
            Assert.That(outcome.RowCodes, Is.EqualTo(["2:", "3:", "4:"]));
        }
    }

    [TestCase("", "P03", Description = "a blank cell in a typ column that is present")]
    [TestCase("A", "")]
    [TestCase("avs", "P15")]
    [TestCase("X", "P06")]
    public void A_typ_column_that_is_present_must_be_filled(string type, string code) =>
        Assert.That(string.Join(' ', Reading.Read(Csv.Lines(Csv.AvbHeader, Csv.Avb(type: type))).Rows.Single().Findings.Select(f => f.Code)), Is.EqualTo(code));

    [Test]
    public void An_absent_typ_column_means_A() =>
        Assert.That(((Interruption)Reading.Read(Csv.Lines("personnummer;kurskod;kurstillfälleskod;datum", "199601012397;TMA101;V26A1;2026-02-02")).Records.Single()!).Type,
            Is.EqualTo(InterruptionType.A));

    [TestCase("")]
    [TestCase("N")]
    [TestCase("n")]
    public void A_blank_credit_transfer_means_N(string transfer)
    {
        var row = Reading.Read(Csv.Lines(Csv.ResHeader, Csv.Res(transfer: transfer))).Rows.Single();

        using (Assert.EnterMultipleScope())
        {
            Assert.That(row.Findings, Is.Empty);
            Assert.That(((Result)row.Record!).CreditTransfer, Is.False);
        }
    }

    [Test]
    public void School_and_environment_are_stated_by_the_rows_that_have_them()
    {
        var outcome = Reading.Read(Csv.Lines("skolkod;miljö;" + Csv.AvbHeader, "umu;prod;" + Csv.Avb(), "UMU;TEST;" + Csv.Avb(), ";;" + Csv.Avb(), "a-b;X;" + Csv.Avb()));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(outcome.FileFindings, Is.Empty);
            Assert.That(outcome.Reader!.Schools, Is.EqualTo([new Statement("UMU", 2, 1)]));
            Assert.That(outcome.Reader.Environments, Is.EqualTo([new Statement("PROD", 2, 5), new Statement("TEST", 3, 5)]));
            Assert.That(outcome.RowCodes, Is.EqualTo(["2:", "3:", "4:", "5:P05 P06"]));
        }
    }

    [Test]
    public void Blanks_around_a_value_do_not_matter()
    {
        var outcome = Reading.Read(Csv.Lines(Csv.AvbHeader, " 199601012397 ; TMA101 ;V26A1 ; A ; 2026-02-02 "));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(outcome.AllFindings, Is.Empty);
            Assert.That(outcome.Records.Single(), Is.EqualTo(Reading.Read(Csv.Lines(Csv.AvbHeader, Csv.Avb())).Records.Single()));
        }
    }

    [Test]
    public void All_faults_of_a_row_are_told_where_they_stand()
    {
        //                     1234567890123456789012345678901234567890123456789012345678
        const string row = "X;199601012398;T;å ä;ABC;7,555;300;2026-02-30;1899-12-31;;a b";
        var findings = Reading.Read(Csv.Lines(Csv.RegHeader, Csv.Reg(), row)).Rows[1].Findings;

        using (Assert.EnterMultipleScope())
        {
            Assert.That(findings.Select(f => f.Line), Has.All.EqualTo(3));
            Assert.That(findings.Select(f => $"{f.Code} {f.Field} {f.Column}"), Is.EquivalentTo([
                "P06 åtgärd 1", "P10 personnummer 3", "P05 kurskod 16", "P05 kurstillfälleskod 18", "P06 registreringstyp 22", "P05 omfattning 26",
                "P05 studietakt 32", "P04 start 36", "P05 slut 47", "P03 registreringsdatum 58", "P05 händelse-id 59"]));
            Assert.That(findings.Single(f => f.Field == "start").Length, Is.EqualTo(10));
        }
    }

    [Test]
    public void A_column_is_counted_in_source_characters_quotes_included()
    {
        var row = Reading.Read(Csv.Lines("anteckning;" + Csv.AvbHeader, "\"a\"\";b\";199601012397;TMA101;V26A1;A;x")).Rows.Single();

        Assert.That((row.Findings.Single().Column, row.Findings.Single().Length), Is.EqualTo(((int?)37, (int?)1)));
    }
}
