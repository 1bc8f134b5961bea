namespace Ingest.Formats.Tests;

/// <summary>HUV and SLU: F04 to F07, F21, and the rules of an omsändning.</summary>
public class HeaderAndTrailerTests
{
    [Test]
    public void A_sound_header_is_read()
    {
        var reader = Reading.Read(Fixed.Lines(Fixed.Huv(school: "Åbö1", environment: "test"), Fixed.Slu(0, 0))).Reader!;

        using (Assert.EnterMultipleScope())
        {
            Assert.That(reader.Findings, Is.Empty);
            Assert.That(reader.Header, Is.EqualTo(new FileHeader("ÅBÖ1", "Ladok", 1, new DateTime(2026, 3, 2, 8, 30, 0), "TEST")));
            Assert.That(reader.Header!.IsResend, Is.False);
            Assert.That(reader.Schools, Is.EqualTo([new Statement("ÅBÖ1", 1, 8)]));
            Assert.That(reader.Environments, Is.EqualTo([new Statement("TEST", 1, 58)]));
            Assert.That(reader.Count, Is.Zero);
        }
    }

    [TestCase(4, 4, "RVF2", "version")]
    [TestCase(4, 4, "", "version")]
    [TestCase(4, 4, "rvf1", "version", Description = "RVF1 is exact")]
    [TestCase(8, 8, "", "skolkod")]
    [TestCase(8, 8, "UM-U", "skolkod")]
    [TestCase(16, 20, "", "avsändande system")]
    [TestCase(16, 20, "La\u0007dok", "avsändande system")]
    [TestCase(36, 8, "", "löpnummer")]
    [TestCase(36, 8, "1", "löpnummer")]
    [TestCase(36, 8, "0000001A", "löpnummer")]
    [TestCase(44, 14, "", "skapad")]
    [TestCase(44, 14, "20260302", "skapad")]
    [TestCase(44, 14, "20260302083060", "skapad")]
    [TestCase(44, 14, "20260230083000", "skapad")]
    [TestCase(58, 4, "", "miljö")]
    [TestCase(58, 4, "DEMO", "miljö")]
    public void A_broken_header_is_F04_and_nothing_is_read(int column, int length, string text, string field)
    {
        var outcome = Reading.Read(Fixed.Lines(Fixed.Put(Fixed.Huv(), column, length, text), Fixed.Reg(), Fixed.Slu(1, 750)));
        var finding = outcome.FileFindings.Single();

        using (Assert.EnterMultipleScope())
        {
            Assert.That(finding.Code, Is.EqualTo(FindingCode.F04));
            Assert.That((finding.Line, finding.Column, finding.Length, finding.Field), Is.EqualTo((1L, (int?)column, (int?)length, field)));
            Assert.That(outcome.Rows, Is.Empty);
            Assert.That(outcome.Reader!.Header, Is.Null);
        }
    }

    [Test]
    public void All_faults_of_the_header_are_told() =>
        Assert.That(Reading.Read(Fixed.Lines(Fixed.Huv("RVF9", "", "", "x", "y", "z"), Fixed.Slu(0, 0))).FileFindings.Select(f => f.Field),
            Is.EquivalentTo(["version", "skolkod", "avsändande system", "löpnummer", "skapad", "miljö"]));

    [Test]
    public void Text_past_position_61_of_the_header_is_F04()
    {
        var finding = Reading.Read(Fixed.Lines(Fixed.Put(Fixed.Huv(), 62, 1, "x"), Fixed.Slu(0, 0))).FileFindings.Single();

        Assert.That((finding.Code, finding.Line, finding.Column), Is.EqualTo((FindingCode.F04, 1L, (int?)62)));
    }

    [TestCase("REG")]
    [TestCase("SLU")]
    [TestCase("AVS")]
    public void A_missing_header_is_F04(string first)
    {
        var outcome = Reading.Read(Fixed.Lines(first == "SLU" ? Fixed.Slu(0, 0) : Fixed.Put(Fixed.Reg(), 1, 3, first), Fixed.Slu(1, 750)));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(outcome.FileCodes, Does.Contain(FindingCode.F04));
            Assert.That(outcome.Rows, Is.Empty);
        }
    }

    [Test]
    public void A_second_header_is_F04()
    {
        var outcome = Reading.Read(Fixed.Lines(Fixed.Huv(), Fixed.Reg(), Fixed.Huv(), Fixed.Slu(1, 750)));

        Assert.That(outcome.FileFindings.Select(f => (f.Code, f.Line)), Is.EqualTo([(FindingCode.F04, 3L)]));
    }

    [Test]
    public void A_missing_trailer_is_F05() =>
        Assert.That(Reading.Read(Fixed.Lines(Fixed.Huv(), Fixed.Reg())).FileCodes, Is.EqualTo([FindingCode.F05]));

    [TestCase("REG")]
    [TestCase("SLU")]
    [TestCase("xyz")]
    public void Text_after_the_trailer_is_F05_once(string after)
    {
        var line = after switch { "REG" => Fixed.Reg(), "SLU" => Fixed.Slu(1, 750), _ => after };
        var outcome = Reading.Read(Fixed.Lines(Fixed.Huv(), Fixed.Reg(), Fixed.Slu(1, 750), line, line));

        Assert.That(outcome.FileFindings.Select(f => (f.Code, f.Line)), Is.EqualTo([(FindingCode.F05, 4L)]));
    }

    [Test]
    public void Text_past_position_22_of_the_trailer_is_F05()
    {
        var finding = Reading.Read(Fixed.Lines(Fixed.Huv(), Fixed.Put(Fixed.Slu(0, 0), 25, 1, "x"))).FileFindings.Single();

        Assert.That((finding.Code, finding.Line, finding.Column), Is.EqualTo((FindingCode.F05, 2L, (int?)25)));
    }

    // Three lines stand between HUV and SLU, one of them unknown, one faulty; their hp are 7,5 and 4,5.
    [TestCase(3, 1200, "")]
    [TestCase(2, 1200, "F06")]
    [TestCase(4, 1200, "F06")]
    [TestCase(3, 1199, "F07")]
    [TestCase(3, 1201, "F07")]
    [TestCase(1, 750, "F06 F07")]
    public void The_trailer_counts_and_sums_every_line_bad_ones_too(int count, int sum, string expected)
    {
        var outcome = Reading.Read(Fixed.Lines(Fixed.Huv(), Fixed.Reg(), "", "XYZ", Fixed.Res(student: "199601012398"), "  ", Fixed.Slu(count, sum)));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(string.Join(' ', outcome.FileCodes), Is.EqualTo(expected));
            Assert.That(outcome.FileFindings.Select(f => f.Line), Has.All.EqualTo(7));
            Assert.That(outcome.Rows, Has.Count.EqualTo(3));
        }
    }

    [Test]
    public void The_sum_takes_the_hp_of_removals_and_a_blank_as_nothing() =>
        Assert.That(Reading.Read(Fixed.File(1950, Fixed.Reg(action: "B"), Fixed.Reg(action: "B", extent: ""), Fixed.Reg(extent: ""), Fixed.Res(), Fixed.Ktf())).FileCodes, Is.Empty);

    [TestCase("0075x")]
    [TestCase("7,5")]
    [TestCase("00\u066050")]
    public void An_unreadable_hp_field_is_F21_and_the_sum_is_not_compared(string extent)
    {
        var outcome = Reading.Read(Fixed.File(99999, Fixed.Reg(), Fixed.Reg(extent: extent)));
        var finding = outcome.FileFindings.Single();

        using (Assert.EnterMultipleScope())
        {
            Assert.That((finding.Code, finding.Severity), Is.EqualTo((FindingCode.F21, Severity.V)));
            Assert.That(outcome.Reader!.UnreadableCredits, Is.EqualTo(1));
        }
    }

    [Test]
    public void An_hp_of_0_that_the_record_may_not_have_is_read_all_the_same() =>
        Assert.That(Reading.Read(Fixed.File(750, Fixed.Reg(extent: "00000"), Fixed.Reg())).FileCodes, Is.Empty);

    [Test]
    public void A_line_of_unknown_type_adds_nothing_to_the_sum() =>
        Assert.That(Reading.Read(Fixed.File(750, Fixed.Reg(), Fixed.Put(Fixed.Reg(), 1, 3, "AVS"), Fixed.Put(Fixed.Reg(), 1, 3, "XXX"))).FileCodes, Is.Empty);

    [TestCase("", "00000000750", "F06")]
    [TestCase("0000000A", "00000000750", "F06")]
    [TestCase("1", "00000000750", "F06")]
    [TestCase("00000001", "", "F07")]
    [TestCase("00000001", "7,50", "F07")]
    [TestCase("", "", "F06 F07")]
    public void Totals_that_cannot_be_read_are_F06_and_F07(string count, string sum, string expected)
    {
        var outcome = Reading.Read(Fixed.Lines(Fixed.Huv(), Fixed.Reg(), Fixed.Slu(count, sum)));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(string.Join(' ', outcome.FileCodes), Is.EqualTo(expected));
            Assert.That(outcome.FileFindings.Where(f => f.Code == FindingCode.F06).Select(f => (f.Column, f.Length)), Has.All.EqualTo(((int?)4, (int?)8)));
            Assert.That(outcome.FileFindings.Where(f => f.Code == FindingCode.F07).Select(f => (f.Column, f.Length)), Has.All.EqualTo(((int?)12, (int?)11)));
        }
    }

    // An omsändning, and only it, may leave SLU's totals blank; what it states is compared.
    [TestCase("00000000", "", "", "")]
    [TestCase("00000000", "00000001", "", "")]
    [TestCase("00000000", "", "00000000750", "")]
    [TestCase("00000000", "00000002", "", "F06")]
    [TestCase("00000000", "", "00000000751", "F07")]
    [TestCase("00000000", "x", "y", "F06 F07")]
    [TestCase("00000001", "", "", "F06 F07")]
    public void Only_an_omsandning_may_leave_the_totals_blank(string sequence, string count, string sum, string expected)
    {
        var outcome = Reading.Read(Fixed.Lines(Fixed.Huv(sequence: sequence), Fixed.Reg(), Fixed.Slu(count, sum).TrimEnd()));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(string.Join(' ', outcome.FileCodes), Is.EqualTo(expected));
            Assert.That(outcome.Reader!.Header!.IsResend, Is.EqualTo(sequence == "00000000"));
        }
    }

    [TestCase(1, 750, "AB", "")]
    [TestCase(null, null, null, "")]
    [TestCase(2, 750, null, "F06")]
    [TestCase(1, 751, null, "F07")]
    [TestCase(1, 750, "ac", "F07")]
    [TestCase(2, 0, "00", "F06 F07 F07")]
    public void What_a_done_file_states_is_compared_where_it_states_it(int? count, int? sum, string? sha, string expected)
    {
        var reader = Reading.Read(Fixed.File(750, Fixed.Reg())).Reader!;

        var findings = reader.Compare(new DeclaredTotals(count, sum, sha), (".klar", ".klar"), 0, "ab").ToList();

        using (Assert.EnterMultipleScope())
        {
            Assert.That(string.Join(' ', findings.Select(f => f.Code)), Is.EqualTo(expected));
            Assert.That(findings.Select(f => f.Message()), Has.All.Contain(".klar"));
        }
    }
}
