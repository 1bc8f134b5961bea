namespace Ingest.Formats.Tests;

/// <summary>Lines of a fixed-width file: their ends, blanks, records, and what stands past a record's end.</summary>
public class FixedWidthReaderTests
{
    [Test]
    public void A_file_of_all_five_kinds_is_read_field_by_field()
    {
        var outcome = Reading.Read(Fixed.File(2850,
            Fixed.Reg(id: "reg-1"),
            Fixed.Avb(student: "198802292394", type: "E", id: "avb-1"),
            Fixed.Res(student: "198606722398", id: "res-1"),
            Fixed.Ktf(extent: "01200"),
            Fixed.Mod()));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(outcome.AllFindings, Is.Empty);
            Assert.That(outcome.Sniffed.Format, Is.EqualTo("RVF1 fast bredd"));
            Assert.That(outcome.Reader!.Count, Is.EqualTo(5));
            Assert.That(outcome.Reader.Hundredths, Is.EqualTo(750 + 450 + 1200 + 450));
            Assert.That(outcome.Rows, Has.All.Property(nameof(Row.IsOk)).True);
            Assert.That(outcome.Records[0], Is.EqualTo(new Registration
            {
                Action = ReportAction.N,
                Student = Personnummer.FromStorage(199601012397),
                CourseCode = "TMA101",
                OfferingCode = "V26A1",
                Type = RegistrationType.FFG,
                Extent = new Credits(750),
                Pace = 100,
                Start = new DateOnly(2026, 1, 19),
                End = new DateOnly(2026, 2, 22),
                RegistrationDate = new DateOnly(2026, 1, 12),
                EventId = "reg-1",
            }));
            Assert.That(outcome.Records[1], Is.EqualTo(new Interruption
            {
                Student = Personnummer.FromStorage(198802292394),
                CourseCode = "TMA101",
                OfferingCode = "V26A1",
                Type = InterruptionType.E,
                Date = new DateOnly(2026, 2, 2),
                EventId = "avb-1",
            }));
            Assert.That(outcome.Records[2], Is.EqualTo(new Result
            {
                Student = Personnummer.FromStorage(198606722398),
                CourseCode = "TMA101",
                OfferingCode = "V26A1",
                ModuleCode = "M1",
                Credits = new Credits(450),
                Grade = "VG",
                ExaminationDate = new DateOnly(2026, 2, 20),
                CreditTransfer = false,
                EventId = "res-1",
            }));
            Assert.That(outcome.Records[3], Is.EqualTo(new CourseOffering
            {
                CourseCode = "TMA101",
                OfferingCode = "V26A1",
                Title = "Envariabelanalys",
                Extent = new Credits(1200),
                Pace = 100,
                Start = new DateOnly(2026, 1, 19),
                End = new DateOnly(2026, 2, 22),
            }));
            Assert.That(outcome.Records[4], Is.EqualTo(new Module { CourseCode = "TMA101", ModuleCode = "M1", Title = "Tentamen", Extent = new Credits(450) }));
        }
    }

    [Test]
    public void The_first_line_of_each_kind_is_known()
    {
        var reader = Reading.Read(Fixed.File(1950, Fixed.Mod(), Fixed.Reg(), Fixed.Reg(offering: "V26A2"))).Reader!;

        using (Assert.EnterMultipleScope())
        {
            Assert.That(reader.FirstLineOf(RecordKind.Module), Is.EqualTo(2));
            Assert.That(reader.FirstLineOf(RecordKind.Registration), Is.EqualTo(3));
            Assert.That(reader.FirstLineOf(RecordKind.Result), Is.Zero);
        }
    }

    [TestCase("\r\n")]
    [TestCase("\n")]
    [TestCase("\r")]
    public void Lines_end_in_CRLF_LF_or_CR(string end)
    {
        var outcome = Reading.Read(string.Join(end, Fixed.Huv(), Fixed.Reg(), Fixed.Avb(), Fixed.Slu(2, 750)) + end);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(outcome.AllFindings, Is.Empty);
            Assert.That(outcome.Rows.Select(r => r.Source.Line), Is.EqualTo([2L, 3L]));
        }
    }

    [Test]
    public void Line_ends_may_be_mixed_and_the_last_one_absent()
    {
        var outcome = Reading.Read(Fixed.Huv() + "\r" + Fixed.Reg() + "\n" + Fixed.Avb() + "\r\n" + Fixed.Res() + "\r" + "\r\n" + Fixed.Slu(3, 1200));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(outcome.AllFindings, Is.Empty);
            Assert.That(outcome.Rows.Select(r => r.Source.Line), Is.EqualTo([2L, 3L, 4L]));
        }
    }

    [Test]
    public void A_short_line_is_filled_with_blanks()
    {
        var trimmed = Reading.Read(Fixed.Lines(Fixed.Huv().TrimEnd(), Fixed.Reg().TrimEnd(), Fixed.Ktf().TrimEnd(), Fixed.Slu(2, 1500).TrimEnd()));
        var full = Reading.Read(Fixed.File(1500, Fixed.Reg(), Fixed.Ktf()));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(trimmed.AllFindings, Is.Empty);
            Assert.That(trimmed.Records, Is.EqualTo(full.Records));
        }
    }

    [Test]
    public void A_line_cut_in_the_middle_lacks_its_later_fields()
    {
        var row = Reading.Read(Fixed.File(750, Fixed.Reg()[..47])).Rows.Single();

        Assert.That(row.Findings.Select(f => $"{f.Code} {f.Field} {f.Column}+{f.Length}"),
            Is.EqualTo(["P03 start 48+8", "P03 slut 56+8", "P03 registreringsdatum 64+8"]));
    }

    [TestCase("")]
    [TestCase("   ")]
    [TestCase("                                                                                                                                  ")]
    public void A_blank_line_is_ignored_wherever_it_stands(string blank)
    {
        var outcome = Reading.Read(Fixed.Lines(blank, Fixed.Huv(), blank, Fixed.Reg(), blank, blank, Fixed.Avb(), Fixed.Slu(2, 750), blank));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(outcome.AllFindings, Is.Empty);
            Assert.That(outcome.Rows.Select(r => r.Source.Line), Is.EqualTo([4L, 7L]));
        }
    }

    [TestCase("\r\n\u001A", TestName = "{m}(CR LF 1A)")]
    [TestCase("\u001A", TestName = "{m}(1A)")]
    [TestCase("\n\u001A", TestName = "{m}(LF 1A)")]
    public void One_final_0x1A_is_ignored(string end) =>
        Assert.That(Reading.Read(Fixed.Huv() + "\r\n" + Fixed.Reg() + "\r\n" + Fixed.Slu(1, 750) + end).AllFindings, Is.Empty);

    [Test]
    public void A_0x1A_with_text_after_it_is_no_end_of_file() =>
        Assert.That(Reading.Read(Fixed.Lines(Fixed.Huv(), Fixed.Reg(), "\u001A", Fixed.Slu(2, 750))).RowCodes, Is.EqualTo(["2:", "3:P08"]));

    // P01: the record's last position, and the first past it.
    [TestCase("REG", 107)]
    [TestCase("AVB", 81)]
    [TestCase("RES", 99)]
    [TestCase("KTF", 108)]
    [TestCase("MOD", 89)]
    public void Text_past_the_records_end_is_P01(string tag, int last)
    {
        var line = Line(tag);
        var outcome = Reading.Read(Fixed.Lines(Fixed.Huv(), Fixed.Put(line, last + 1, 1, "x"), line[..last].PadRight(119) + "xyz", line.PadRight(140), line + "  yz"));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(outcome.RowCodes, Is.EqualTo(["2:P01", "3:P01", "4:", "5:P01"]));
            Assert.That(outcome.Rows.SelectMany(r => r.Findings).Select(f => (f.Line, f.Column, f.Length)),
                Is.EqualTo([(2L, (int?)(last + 1), (int?)1), (3L, 120, 3), (5L, 123, 2)]));
        }
    }

    [Test]
    public void Text_up_to_the_records_last_position_is_part_of_its_last_field() =>
        Assert.That(Reading.Read(Fixed.File(750, Fixed.Reg(id: new string('x', 36)))).AllFindings, Is.Empty);

    [TestCase("ABC")]
    [TestCase("reg", Description = "record types are exact")]
    [TestCase("Avb")]
    [TestCase("RE ")]
    [TestCase(" RE")]
    [TestCase("HUv")]
    public void An_unknown_record_type_is_P08(string tag)
    {
        var row = Reading.Read(Fixed.File(0, Fixed.Put(Fixed.Reg(), 1, 3, tag))).Rows.Single();
        var finding = row.Findings.Single();

        using (Assert.EnterMultipleScope())
        {
            Assert.That(finding.Code, Is.EqualTo(FindingCode.P08));
            Assert.That((finding.Line, finding.Column, finding.Length), Is.EqualTo((2L, (int?)1, (int?)3)));
            Assert.That(row.Kind, Is.Null);
            Assert.That(row.Record, Is.Null);
            Assert.That(row.IsOk, Is.False);
        }
    }

    [Test]
    public void A_suspension_is_P15_and_never_an_unknown_type()
    {
        var outcome = Reading.Read(Fixed.File(750, Fixed.Put(Fixed.Avb(), 1, 3, "AVS"), Fixed.Reg(type: "AVS"), Fixed.Put(Fixed.Avb(), 1, 3, "AVX")));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(outcome.RowCodes, Is.EqualTo(["2:P15", "3:P15", "4:P08"]));
            Assert.That(outcome.Rows[0].Findings.Single().Column, Is.EqualTo(1));
            Assert.That(outcome.Rows[1].Findings.Single().Field, Is.EqualTo("registreringstyp"));
            Assert.That(outcome.Rows[1].Findings.Single().Column, Is.EqualTo(37));
            Assert.That(FindingCatalogue.Fix(outcome.Rows[0].Findings.Single(), Language.Sv), Does.Contain("registrator@csn.se"));
        }
    }

    [Test]
    public void All_faults_of_a_line_are_told()
    {
        var line = Fixed.Put(Fixed.Reg("X", "199601012398", "T", "", "ABC", "7,5", "300", "20260230", "18991231", "", "a b"), 108, 3, "end");
        var row = Reading.Read(Fixed.File(0, line)).Rows.Single();

        Assert.That(row.Findings.Select(f => $"{f.Code} {f.Field} {f.Column}+{f.Length}"), Is.EquivalentTo([
            "P06 åtgärd 4+1", "P10 personnummer 5+12", "P05 kurskod 17+10", "P03 kurstillfälleskod 27+10", "P06 registreringstyp 37+3", "P05 omfattning 40+5",
            "P05 studietakt 45+3", "P04 start 48+8", "P05 slut 56+8", "P03 registreringsdatum 64+8", "P05 händelse-id 72+36", "P01  108+3"]));
    }

    [Test]
    public void A_faulty_record_keeps_its_sound_fields()
    {
        var row = Reading.Read(Fixed.File(750, Fixed.Reg(student: "199601012398", start: "2026xx19"))).Rows.Single();
        var record = (Registration)row.Record!;

        using (Assert.EnterMultipleScope())
        {
            Assert.That(row.IsOk, Is.False);
            Assert.That(row.Kind, Is.EqualTo(RecordKind.Registration));
            Assert.That(record.CourseCode, Is.EqualTo("TMA101"));
            Assert.That(record.End, Is.EqualTo(new DateOnly(2026, 2, 22)));
            Assert.That(record.Start, Is.Null);
            Assert.That(record.Student.Digits, Is.Zero);
        }
    }

    [Test]
    public void A_warning_does_not_reject_the_record()
    {
        var row = Reading.Read(Fixed.File(750, Fixed.Reg(student: "960101-2397"))).Rows.Single();

        using (Assert.EnterMultipleScope())
        {
            Assert.That(row.Findings.Single().Code, Is.EqualTo(FindingCode.P13));
            Assert.That(row.Findings.Single().Message(), Does.Contain("1996"));
            Assert.That(row.IsOk, Is.True);
        }
    }

    private static string Line(string tag) => tag switch
    {
        "REG" => Fixed.Reg(),
        "AVB" => Fixed.Avb(),
        "RES" => Fixed.Res(),
        "KTF" => Fixed.Ktf(),
        _ => Fixed.Mod(),
    };
}
