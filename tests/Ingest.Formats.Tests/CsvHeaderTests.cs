namespace Ingest.Formats.Tests;

/// <summary>The header row of a CSV file: kind, names, order, and F17, F18, F19.</summary>
public class CsvHeaderTests
{
    private static readonly string[] KindHeaders = [Csv.RegHeader, Csv.AvbHeader, Csv.ResHeader, Csv.KtfHeader, Csv.ModHeader];

    private static readonly string[] KindRows = [Csv.Reg(), Csv.Avb(), Csv.Res(), Csv.Ktf(), Csv.Mod()];

    [Test]
    public void The_header_tells_the_kind([Values] RecordKind kind)
    {
        var outcome = Reading.Read(Csv.Lines(KindHeaders[(int)kind], KindRows[(int)kind]));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(outcome.AllFindings, Is.Empty);
            Assert.That(outcome.Rows.Single().Kind, Is.EqualTo(kind));
            Assert.That(outcome.Rows.Single().Record, Is.EqualTo(FixedRecord(kind)));
        }
    }

    [TestCase(RecordKind.Registration, "personnummer", "personnr")]
    [TestCase(RecordKind.Registration, "personnummer", "pnr")]
    [TestCase(RecordKind.Registration, "kurskod", "kurs")]
    [TestCase(RecordKind.Registration, "kurstillfälleskod", "tillfälle")]
    [TestCase(RecordKind.Registration, "omfattning", "hp")]
    [TestCase(RecordKind.Registration, "omfattning", "poäng")]
    [TestCase(RecordKind.Registration, "omfattning", "högskolepoäng")]
    [TestCase(RecordKind.Registration, "studietakt", "takt")]
    [TestCase(RecordKind.Registration, "start", "from")]
    [TestCase(RecordKind.Registration, "slut", "tom")]
    [TestCase(RecordKind.Registration, "registreringsdatum", "datum")]
    [TestCase(RecordKind.Interruption, "personnummer", "pnr")]
    [TestCase(RecordKind.Interruption, "kurskod", "kurs")]
    [TestCase(RecordKind.Interruption, "kurstillfälleskod", "tillfälle")]
    [TestCase(RecordKind.Interruption, "avbrottsdatum", "datum")]
    [TestCase(RecordKind.Result, "personnummer", "personnr")]
    [TestCase(RecordKind.Result, "kurstillfälleskod", "tillfälle")]
    [TestCase(RecordKind.Result, "modulkod", "modul")]
    [TestCase(RecordKind.Result, "hp", "poäng")]
    [TestCase(RecordKind.Result, "hp", "högskolepoäng")]
    [TestCase(RecordKind.Result, "examinationsdatum", "datum")]
    [TestCase(RecordKind.CourseOffering, "kurskod", "kurs")]
    [TestCase(RecordKind.CourseOffering, "kurstillfälleskod", "tillfälle")]
    [TestCase(RecordKind.CourseOffering, "omfattning", "hp")]
    [TestCase(RecordKind.CourseOffering, "studietakt", "takt")]
    [TestCase(RecordKind.CourseOffering, "start", "from")]
    [TestCase(RecordKind.CourseOffering, "slut", "tom")]
    [TestCase(RecordKind.Module, "modulkod", "modul")]
    [TestCase(RecordKind.Module, "omfattning", "poäng")]
    public void An_alias_stands_for_the_name(RecordKind kind, string name, string alias)
    {
        var header = string.Join(';', KindHeaders[(int)kind].Split(';').Select(n => n == name ? alias : n));
        var outcome = Reading.Read(Csv.Lines(header, KindRows[(int)kind]));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(outcome.AllFindings, Is.Empty);
            Assert.That(outcome.Rows.Single().Record, Is.EqualTo(FixedRecord(kind)));
        }
    }

    [TestCase("PERSONNUMMER;KURSKOD;KURSTILLFÄLLESKOD;TYP;AVBROTTSDATUM")]
    [TestCase("Person-nummer;Kurs kod;Kurstillfälles_kod;Typ; Avbrotts datum ")]
    [TestCase("Person\u00A0nummer;\u00A0kurskod\u00A0;kurstillfalleskod;typ;avbrottsdatum")]
    [TestCase("\"personnummer\";\"kurskod\";\"kurstillfälleskod\";\"typ\";\"avbrottsdatum\"")]
    [TestCase("personnummer;kurskod;kurstillfa\u0308lleskod;typ;avbrottsdatum", Description = "ä in decomposed form")]
    [TestCase("personnummer;kurskod;KURSTILLFA\u0308LLESKOD;typ;avbrottsdatum")]
    public void Names_match_without_regard_to_case_accents_blanks_and_hyphens(string header)
    {
        var outcome = Reading.Read(Csv.Lines(header, Csv.Avb()));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(outcome.AllFindings, Is.Empty);
            Assert.That(outcome.Rows.Single().Record, Is.EqualTo(FixedRecord(RecordKind.Interruption)));
        }
    }

    [TestCase("åtgärd")]
    [TestCase("Atgard")]
    [TestCase("ÅTGÄRD")]
    public void The_action_may_be_written_without_dots(string name)
    {
        var outcome = Reading.Read(Csv.Lines(Csv.AvbHeader + ";" + name, Csv.Avb() + ";B"));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(outcome.AllFindings, Is.Empty);
            Assert.That(outcome.Rows.Single().Record!.Action, Is.EqualTo(ReportAction.B));
        }
    }

    [Test]
    public void Columns_may_stand_in_any_order([Values(1, 2, 3, 5, 7, 10)] int turn)
    {
        var header = Csv.RegHeader.Split(';');
        var row = Csv.Reg().Split(';');
        var order = Enumerable.Range(0, header.Length).Select(i => (i + turn) % header.Length).Reverse().ToList();
        var outcome = Reading.Read(Csv.Lines(string.Join(';', order.Select(i => header[i])), string.Join(';', order.Select(i => row[i]))));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(outcome.AllFindings, Is.Empty);
            Assert.That(outcome.Rows.Single().Record, Is.EqualTo(FixedRecord(RecordKind.Registration)));
        }
    }

    // All columns that may be absent, one at a time; what the record then holds is told by the fixed-width file with that field blank.
    [TestCase(Csv.RegHeader, "åtgärd", "")]
    [TestCase(Csv.RegHeader, "händelse-id", "")]
    [TestCase(Csv.AvbHeader, "typ", "")]
    [TestCase(Csv.ResHeader, "kurstillfälleskod", "")]
    [TestCase(Csv.ResHeader, "modulkod", "")]
    [TestCase(Csv.ResHeader, "tillgodoräknande", "")]
    [TestCase(Csv.RegHeader, "personnummer", "F17")]
    [TestCase(Csv.RegHeader, "kurskod", "F17")]
    [TestCase(Csv.RegHeader, "kurstillfälleskod", "F17")]
    [TestCase(Csv.RegHeader, "registreringstyp", "F17")]
    [TestCase(Csv.RegHeader, "omfattning", "F17")]
    [TestCase(Csv.RegHeader, "studietakt", "F17")]
    [TestCase(Csv.RegHeader, "start", "F17")]
    [TestCase(Csv.RegHeader, "slut", "F17")]
    [TestCase(Csv.RegHeader, "registreringsdatum", "F17")]
    [TestCase(Csv.AvbHeader, "avbrottsdatum", "F17")]
    [TestCase(Csv.ResHeader, "hp", "F17")]
    [TestCase(Csv.ResHeader, "betyg", "F17")]
    [TestCase(Csv.ResHeader, "examinationsdatum", "F17")]
    [TestCase(Csv.KtfHeader, "benämning", "F17")]
    [TestCase(Csv.KtfHeader, "kurstillfälleskod", "F17")]
    [TestCase(Csv.ModHeader, "modulkod", "F17")]
    [TestCase(Csv.ModHeader, "omfattning", "F17")]
    public void A_required_column_that_is_missing_is_F17(string header, string absent, string expected)
    {
        var names = header.Split(';').ToList();
        var at = names.IndexOf(absent);
        var row = KindRows[Array.IndexOf(KindHeaders, header)].Split(';').Where((_, i) => i != at);
        names.RemoveAt(at);
        var outcome = Reading.Read(Csv.Lines(string.Join(';', names), string.Join(';', row)));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(string.Join(' ', outcome.FileCodes), Is.EqualTo(expected));
            Assert.That(outcome.FileFindings.Select(f => f.Message()), Has.All.Contain(absent));
            Assert.That(outcome.Rows, Has.Count.EqualTo(expected.Length == 0 ? 1 : 0), "a refused file has nothing read");
        }
    }

    [TestCase("personummer")]
    [TestCase("personnumer")]
    [TestCase("Prsonnummer")]
    public void F17_names_the_likely_misspelling(string misspelt)
    {
        var outcome = Reading.Read(Csv.Lines(misspelt + ";kurskod;kurstillfälleskod;typ;avbrottsdatum", Csv.Avb()));
        var missing = outcome.FileFindings.Single(f => f.Code == FindingCode.F17);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(outcome.FileCodes, Is.EquivalentTo([FindingCode.F17, FindingCode.F19]));
            Assert.That(missing.Message(), Does.Contain(misspelt).And.Contain("personnummer"));
        }
    }

    [Test]
    public void F17_guesses_at_nothing_that_is_not_alike() =>
        Assert.That(Reading.Read("ort;kurskod;kurstillfälleskod;typ;avbrottsdatum").FileFindings.Single(f => f.Code == FindingCode.F17).Message(), Does.Not.Contain("ort”"));

    [TestCase("kurskod;kurskod")]
    [TestCase("kurskod;Kurs")]
    [TestCase("kurs kod;KURS-KOD")]
    public void The_same_column_twice_is_F18(string twice)
    {
        var outcome = Reading.Read(Csv.Lines("personnummer;kurstillfälleskod;typ;avbrottsdatum;" + twice, "x;x;x;x;x;x"));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(outcome.FileCodes, Is.EqualTo([FindingCode.F18]));
            Assert.That(outcome.FileFindings.Single().Line, Is.EqualTo(1));
            Assert.That(outcome.Rows, Is.Empty);
        }
    }

    [Test]
    public void Two_names_of_one_field_are_F18() =>
        Assert.That(Reading.Read(Csv.RegHeader + ";hp").FileCodes, Is.EqualTo([FindingCode.F18]));

    [Test]
    public void An_unknown_column_is_F19_by_its_name_and_never_stored()
    {
        var outcome = Reading.Read(Csv.Lines("Ort;" + Csv.AvbHeader + ";Anteckning", "Lund;" + Csv.Avb() + ";hemligt"));
        var finding = outcome.FileFindings.Single();

        using (Assert.EnterMultipleScope())
        {
            Assert.That((finding.Code, finding.Severity, finding.Line), Is.EqualTo((FindingCode.F19, Severity.V, 1L)));
            Assert.That(finding.Message(), Does.Contain("Ort").And.Contain("Anteckning"));
            Assert.That(outcome.Rows.Single().Record, Is.EqualTo(FixedRecord(RecordKind.Interruption)));
            Assert.That(outcome.Rows.Single().ToString(), Does.Not.Contain("hemligt"));
        }
    }

    [TestCase(Csv.KtfHeader)]
    [TestCase(Csv.ModHeader)]
    public void The_course_catalogue_has_no_event_id_so_that_the_column_is_unknown(string header) =>
        Assert.That(Reading.Read(header + ";händelse-id").FileCodes, Is.EqualTo([FindingCode.F19]));

    // Score = known columns less missing ones, worked out by hand; on a tie REG, AVB, RES, KTF, MOD in this order.
    [TestCase("personnummer;kurskod;kurstillfälleskod", "avbrottsdatum", Description = "REG -3, AVB 2, RES 0")]
    [TestCase("personnummer;kurskod;kurstillfälleskod;datum", "", Description = "AVB 4")]
    [TestCase("personnummer;kurskod;hp;datum;betyg", "", Description = "RES 5")]
    [TestCase("kurskod;kurstillfälleskod;hp;start;slut", "benämning studietakt", Description = "REG 1, KTF 3")]
    [TestCase("kurskod;hp;benämning", "modulkod", Description = "KTF -1, MOD 2")]
    [TestCase("personnummer;kurskod;tillgodoräknande", "kurstillfälleskod avbrottsdatum", Description = "AVB 0, RES 0")]
    public void The_kind_is_the_one_with_most_known_columns_less_missing_ones(string header, string missing) =>
        Assert.That(string.Join(' ', Reading.Read(header).FileFindings.Where(f => f.Code == FindingCode.F17).Select(f => f.Field)), Is.EqualTo(missing));

    private static ReportRecord FixedRecord(RecordKind kind) =>
        Reading.Read(Fixed.Lines(Fixed.Huv(), Fixed.Reg(), Fixed.Avb(), Fixed.Res(), Fixed.Ktf(), Fixed.Mod())).Records[(int)kind]!;

    // A header that fits no kind well may have been meant as another: it says which it was read as, what that needs, and what is there.
    [Test]
    public void F17_says_which_kind_the_row_was_read_as_with_what_that_needs_and_what_was_found()
    {
        var outcome = Reading.Read(Csv.Lines("personnummer;kurskod;tillfälle;datum", "199601012397;TMA101;V26A1;2026-01-19;".TrimEnd(';')));
        Assert.That(outcome.FileFindings, Is.Empty, "an avbrott: typ may be left out");

        var missing = Reading.Read(Csv.Lines("personnummer;kurs;datum", "199601012397;TMA101;2026-01-19")).FileFindings.Single(f => f.Code == FindingCode.F17);

        Assert.That(missing.Message(), Does.Contain("Kolumnen ”kurstillfälleskod” saknas i rubrikraden. Rubrikraden lästes som den för posttypen AVB (avbrott), "
            + "som måste ha kolumnerna personnummer, kurskod, kurstillfälleskod, avbrottsdatum. Här finns personnummer, kurskod, avbrottsdatum."));
    }
}
