namespace Ingest.Formats.Tests;

/// <summary>One field of one fixed-width line at a time: the text, and the code that it gives, if any.</summary>
public class FixedWidthFieldTests
{
    [TestCase(4, 1, "", "P03", "åtgärd")]
    [TestCase(4, 1, "X", "P06", "åtgärd")]
    [TestCase(4, 1, "n", "", "")]
    [TestCase(5, 12, "", "P03", "personnummer")]
    [TestCase(5, 12, "199601012398", "P10", "personnummer")]
    [TestCase(5, 12, "199602302391", "P11", "personnummer")]
    [TestCase(5, 12, "198606722398", "", "")]
    [TestCase(5, 12, "20000101T220", "P12", "personnummer")]
    [TestCase(5, 12, "20000101E221", "P05", "personnummer")]
    [TestCase(5, 12, "199601010003", "P05", "personnummer")]
    [TestCase(5, 12, "960101 2397", "P05", "personnummer")]
    [TestCase(5, 12, "9601012397", "P13", "personnummer")]
    [TestCase(5, 12, "9601012398", "P10", "personnummer")]
    [TestCase(17, 10, "", "P03", "kurskod")]
    [TestCase(17, 10, "AB1", "P05", "kurskod")]
    [TestCase(17, 10, "AB12", "", "")]
    [TestCase(17, 10, "0123456789", "", "")]
    [TestCase(17, 10, "ÅÄÖåäö1", "", "")]
    [TestCase(17, 10, "TMA-101", "P05", "kurskod")]
    [TestCase(17, 10, "TMA 101", "P05", "kurskod")]
    [TestCase(17, 10, "TMÉ101", "P05", "kurskod")]
    [TestCase(27, 10, "", "P03", "kurstillfälleskod")]
    [TestCase(27, 10, "1", "", "")]
    [TestCase(27, 10, "V.26", "P05", "kurstillfälleskod")]
    [TestCase(37, 3, "", "P03", "registreringstyp")]
    [TestCase(37, 3, "FF", "P06", "registreringstyp")]
    [TestCase(37, 3, "fo", "", "")]
    [TestCase(37, 3, "OM", "", "")]
    [TestCase(37, 3, "avs", "P15", "registreringstyp")]
    [TestCase(40, 5, "", "P03", "omfattning")]
    [TestCase(40, 5, "00000", "P05", "omfattning")]
    [TestCase(40, 5, "00001", "", "")]
    [TestCase(40, 5, "99999", "", "")]
    [TestCase(40, 5, "  750", "P05", "omfattning")]
    [TestCase(40, 5, "0750", "P05", "omfattning")]
    [TestCase(40, 5, "7,50", "P05", "omfattning")]
    [TestCase(40, 5, "-0750", "P05", "omfattning")]
    [TestCase(45, 3, "", "P03", "studietakt")]
    [TestCase(45, 3, "000", "P05", "studietakt")]
    [TestCase(45, 3, "001", "", "")]
    [TestCase(45, 3, "200", "", "")]
    [TestCase(45, 3, "201", "P05", "studietakt")]
    [TestCase(45, 3, " 50", "P05", "studietakt")]
    [TestCase(48, 8, "", "P03", "start")]
    [TestCase(48, 8, "20260230", "P04", "start")]
    [TestCase(48, 8, "20280229", "", "")]
    [TestCase(48, 8, "20261301", "P04", "start")]
    [TestCase(48, 8, "00000000", "P04", "start")]
    [TestCase(48, 8, "260119", "P04", "start")]
    [TestCase(48, 8, "2026-1-1", "P04", "start")]
    [TestCase(48, 8, "18991231", "P05", "start")]
    [TestCase(48, 8, "19000101", "", "")]
    [TestCase(56, 8, "21001231", "", "")]
    [TestCase(56, 8, "21010101", "P05", "slut")]
    [TestCase(56, 8, "20260431", "P04", "slut")]
    [TestCase(64, 8, "", "P03", "registreringsdatum")]
    [TestCase(64, 8, "2026011 ", "P04", "registreringsdatum")]
    [TestCase(72, 36, "a b", "P05", "händelse-id")]
    [TestCase(72, 36, "a\u00A0b", "P05", "händelse-id")]
    [TestCase(72, 36, "3F2504E0-4F89-11D3-9A0C-0305E82C3301", "", "")]
    [TestCase(72, 36, "å/€:_", "", "")]
    public void A_field_of_a_registration(int column, int length, string text, string code, string field) =>
        Check(Fixed.Put(Fixed.Reg(), column, length, text), column, length, code, field);

    [TestCase(37, 1, "", "P03", "typ")]
    [TestCase(37, 1, "X", "P06", "typ")]
    [TestCase(37, 1, "e", "", "")]
    [TestCase(27, 10, "", "P03", "kurstillfälleskod")]
    [TestCase(38, 8, "", "P03", "avbrottsdatum")]
    [TestCase(38, 8, "20260229", "P04", "avbrottsdatum")]
    public void A_field_of_an_interruption(int column, int length, string text, string code, string field) =>
        Check(Fixed.Put(Fixed.Avb(), column, length, text), column, length, code, field);

    [TestCase(27, 10, "", "", "", Description = "the offering is optional in a result")]
    [TestCase(37, 10, "", "", "", Description = "no module: the whole course")]
    [TestCase(37, 10, "M-1", "P05", "modulkod")]
    [TestCase(47, 5, "", "P03", "hp")]
    [TestCase(47, 5, "00000", "", "", Description = "0 hp is legal in a result")]
    [TestCase(47, 5, "O0450", "P05", "hp")]
    [TestCase(52, 3, "", "P03", "betyg", Description = "a grade may be blank in a credit transfer only")]
    [TestCase(52, 3, "TH", "P06", "betyg", Description = "TH names a scale")]
    [TestCase(52, 3, "MVG", "P06", "betyg")]
    [TestCase(52, 3, "Fx", "", "")]
    [TestCase(52, 3, "vg", "", "")]
    [TestCase(52, 3, "5", "", "")]
    [TestCase(55, 8, "", "P03", "examinationsdatum")]
    [TestCase(55, 8, "20260199", "P04", "examinationsdatum")]
    [TestCase(63, 1, "", "P03", "tillgodoräknande", Description = "blank is N in CSV only")]
    [TestCase(63, 1, "Y", "P06", "tillgodoräknande")]
    [TestCase(63, 1, "j", "", "")]
    public void A_field_of_a_result(int column, int length, string text, string code, string field) =>
        Check(Fixed.Put(Fixed.Res(), column, length, text), column, length, code, field);

    [TestCase(5, 10, "", "P03", "kurskod")]
    [TestCase(15, 10, "", "P03", "kurstillfälleskod")]
    [TestCase(25, 60, "", "P03", "benämning")]
    [TestCase(25, 60, "Å \"ä\"; ö – é €", "", "")]
    [TestCase(85, 5, "00000", "P05", "omfattning")]
    [TestCase(90, 3, "000", "P05", "studietakt")]
    [TestCase(93, 8, "20261345", "P04", "start")]
    [TestCase(101, 8, "", "P03", "slut")]
    public void A_field_of_a_course_offering(int column, int length, string text, string code, string field) =>
        Check(Fixed.Put(Fixed.Ktf(), column, length, text), column, length, code, field);

    [TestCase(15, 10, "", "P03", "modulkod")]
    [TestCase(25, 60, "", "P03", "benämning")]
    [TestCase(85, 5, "00000", "P05", "omfattning")]
    [TestCase(85, 5, "00001", "", "")]
    public void A_field_of_a_module(int column, int length, string text, string code, string field) =>
        Check(Fixed.Put(Fixed.Mod(), column, length, text), column, length, code, field);

    [Test]
    public void A_credit_transfer_may_lack_its_grade()
    {
        var row = Row(Fixed.Res(grade: "", transfer: "J"));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(row.Findings, Is.Empty);
            Assert.That(((Result)row.Record!).CreditTransfer, Is.True);
            Assert.That(((Result)row.Record!).Grade, Is.Null);
        }
    }

    [Test]
    public void Codes_are_upper_cased_and_an_event_id_stays_as_sent()
    {
        var record = (Registration)Row(Fixed.Reg(course: "tmå101", offering: "v26a1", type: "ffg", id: "aBc")).Record!;

        Assert.That((record.CourseCode, record.OfferingCode, record.Type, record.EventId?.ToString()),
            Is.EqualTo(("TMÅ101", "V26A1", RegistrationType.FFG, "aBc")));
    }

    // A removal needs its key alone: FFG student, course, offering; FO and OM also the start; RES the examination date.
    [TestCase("REGB199601012397TMA101    V26A1", "")]
    [TestCase("REGB199601012397TMA101    V26A1     FO         20260119", "")]
    [TestCase("REGB199601012397TMA101    V26A1     FO", "P03 start")]
    [TestCase("REGB199601012397TMA101    V26A1     OM", "P03 start")]
    [TestCase("REGB199601012397TMA101", "P03 kurstillfälleskod")]
    [TestCase("REGB            TMA101    V26A1", "P03 personnummer")]
    [TestCase("REGB199601012397TMA101    V26A1     FFG00000", "P05 omfattning")]
    [TestCase("AVBB199601012397TMA101    V26A1", "")]
    [TestCase("AVBB199601012397          V26A1", "P03 kurskod")]
    [TestCase("RESB199601012397TMA101                                20260220", "")]
    [TestCase("RESB199601012397TMA101", "P03 examinationsdatum")]
    [TestCase("KTFBTMA101    V26A1", "")]
    [TestCase("KTFBTMA101", "P03 kurstillfälleskod")]
    [TestCase("MODBTMA101    M1", "")]
    [TestCase("MODBTMA101", "P03 modulkod")]
    public void A_removal_needs_its_key_and_no_more(string line, string expected) =>
        Assert.That(string.Join(' ', Row(line).Findings.Select(f => $"{f.Code} {f.Field}")), Is.EqualTo(expected));

    [Test]
    public void A_blank_type_in_the_removal_of_a_registration_means_FFG() =>
        Assert.That(((Registration)Row(Fixed.Reg(action: "B", type: "")).Record!).Type, Is.EqualTo(RegistrationType.FFG));

    private static void Check(string line, int column, int length, string code, string field)
    {
        var findings = Row(line).Findings;

        Assert.That(findings.Select(f => $"{f.Code} {f.Field} {f.Line}:{f.Column}+{f.Length}"),
            code.Length == 0 ? Is.Empty : Is.EqualTo([$"{code} {field} 2:{column}+{length}"]));
    }

    private static Row Row(string line) => Reading.Read(Fixed.Lines(Fixed.Huv(), line, Fixed.Slu(1, 0))).Rows.Single();
}
