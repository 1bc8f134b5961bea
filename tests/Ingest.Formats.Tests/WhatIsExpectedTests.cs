namespace Ingest.Formats.Tests;

/// <summary>A finding about a field says what was expected of it, by the limits of the layout, in both languages and as the shape has it.</summary>
public sealed class WhatIsExpectedTests
{
    private const string Student = "12 siffror (ååååmmddnnnn), eller 10 med eller utan - eller +", StudentEn = "12 digits (yyyymmddnnnn), or 10 with or without - or +";
    private const string Years = "ett datum från 1900 till 2100", YearsEn = "a date from 1900 to 2100";
    private const string Born = "datumet finns inte", BornEn = "there is no such date";
    private const string NotYet = "födelsedatumet ligger efter ankomstdagen", NotYetEn = "the date of birth is after the day of arrival";

    [TestCase(5, 12, "960101 2397", Student, StudentEn)]
    [TestCase(5, 12, "199613012393", Born, BornEn)]
    [TestCase(5, 12, "202604012380", NotYet, NotYetEn)]
    [TestCase(17, 10, "AB1", "4–10 bokstäver och siffror", "4–10 letters and digits")]
    [TestCase(27, 10, "V.26", "1–10 bokstäver och siffror", "1–10 letters and digits")]
    [TestCase(40, 5, "00000", "fem siffror med två underförstådda decimaler, 00001–99999 (00750 är 7,5 hp)", "five digits with two implied decimals, 00001–99999 (00750 is 7,5 hp)")]
    [TestCase(45, 3, "201", "3 siffror, 001–200", "3 digits, 001–200")]
    [TestCase(48, 8, "20260230", "ååååmmdd", "yyyymmdd")]
    [TestCase(48, 8, "00000101", "ååååmmdd", "yyyymmdd")]
    [TestCase(48, 8, "18991231", Years, YearsEn)]
    [TestCase(72, 36, "a b", "1–36 tecken utan blanktecken", "1–36 characters without blanks")]
    public void Of_a_registration_in_fixed_width(int column, int length, string text, string sv, string en) =>
        Tells(Fixed.File(750, Fixed.Put(Fixed.Reg(), column, length, text)), sv, en);

    [Test]
    public void Of_a_results_hp_in_fixed_width_0_is_legal() => Tells(Fixed.File(0, Fixed.Put(Fixed.Res(), 47, 5, "O0450")),
        "fem siffror med två underförstådda decimaler, 00000–99999 (00750 är 7,5 hp)", "five digits with two implied decimals, 00000–99999 (00750 is 7,5 hp)");

    [TestCase(1, "960101 2397", Student, StudentEn)]
    [TestCase(2, "TMA", "4–10 bokstäver och siffror", "4–10 letters and digits")]
    [TestCase(5, "0", "ett tal större än 0 och högst 999,99, med högst två decimaler", "a number above 0 to 999,99 with at most two decimals")]
    [TestCase(6, "201", "ett heltal 1–200", "a whole number 1–200")]
    [TestCase(7, "2026-02-29", "åååå-mm-dd eller ååååmmdd", "yyyy-mm-dd or yyyymmdd")]
    [TestCase(7, "1899-12-31", Years, YearsEn)]
    [TestCase(10, "1234567890123456789012345678901234567", "1–36 tecken utan blanktecken", "1–36 characters without blanks")]
    // No digits between comma and E, or none after it: not what Excel writes, and nothing is said of Excel.
    [TestCase(2, "1,E+05", "4–10 bokstäver och siffror", "4–10 letters and digits")]
    [TestCase(2, "1,2E+", "4–10 bokstäver och siffror", "4–10 letters and digits")]
    public void Of_a_registration_in_csv(int column, string cell, string sv, string en) => Tells(Csv.Lines(Csv.RegHeader, Csv.Put(Csv.Reg(), column, cell)), sv, en);

    [Test]
    public void Of_a_results_hp_in_csv_0_is_legal() =>
        Tells(Csv.Lines(Csv.ResHeader, Csv.Res(hp: "sju")), "ett tal från 0 till 999,99, med högst två decimaler", "a number from 0 to 999,99 with at most two decimals");

    [Test]
    public void Of_a_name() => Tells(Csv.Lines(Csv.ModHeader, Csv.Mod(title: new string('å', 61))), "högst 60 tecken", "at most 60 characters");

    [Test]
    public void Of_characters_it_is_told_which_and_where() =>
        Tells(Csv.Lines(Csv.ModHeader, Csv.Mod(title: "Te\u200Bntamen")), "U+200B på plats 3 i fältet", "U+200B at position 3 of the field", last: false);

    [Test]
    public void Two_swapped_digits_are_told_in_English_too() =>
        Assert.That(FindingCatalogue.Message(Only(Csv.Lines(Csv.RegHeader, Csv.Reg(student: "199601012379"))), Language.En), Does.EndWith("It would be right with digits 11 and 12 swapped."));

    [Test]
    public void A_missing_start_of_an_FO_is_told_once()
    {
        Assert.That(Only(Csv.Lines(Csv.RegHeader, Csv.Reg(type: "FO", start: ""))), Has.Property("Code").EqualTo(FindingCode.P03).And.Property("Field").EqualTo("start"));
        Assert.That(Only(Csv.Lines(Csv.RegHeader, Csv.Reg(action: "B", type: "FO", start: ""))), Has.Property("Code").EqualTo(FindingCode.P03).And.Property("Field").EqualTo("start"));
    }

    // A type that was written and not understood is not taken for FFG, which a removal without a type means.
    [TestCase("N", "XXX", null)]
    [TestCase("B", "XXX", null)]
    [TestCase("B", "", RegistrationType.FFG)]
    public void A_type_is_taken_for_FFG_only_where_a_removal_states_none(string action, string type, RegistrationType? taken) =>
        Assert.That(((Registration)Reading.Read(Csv.Lines(Csv.RegHeader, Csv.Reg(action: action, type: type))).Rows.Single().Record!).Type, Is.EqualTo(taken));

    // Worked through by hand: no swap of neighbours makes a number of it, so nothing follows what was found.
    [Test]
    public void Where_no_swap_helps_nothing_more_is_said() =>
        Assert.That(FindingCatalogue.Message(Only(Csv.Lines(Csv.RegHeader, Csv.Reg(student: "199601012391"))), Language.Sv).TrimEnd(), Does.EndWith("-****."));

    // What could not be read is not there, whatever the record before it had.
    [Test]
    public void A_field_that_could_not_be_read_is_empty_in_the_record()
    {
        var rows = Reading.Read(Csv.Lines(Csv.RegHeader, Csv.Reg(), Csv.Reg(course: "AB1", start: "1899-12-31"))).Rows;
        var bad = (Registration)rows[1].Record!;
        Assert.That((bad.CourseCode, bad.Start, bad.End), Is.EqualTo(("", default(DateOnly?), new DateOnly(2026, 2, 22))));
    }

    [TestCase("20000101-T220")]
    [TestCase("20000101+t220")]
    public void An_interim_number_is_compared_without_separator(string written) => Assert.That(Personnummer.InterimKey(written), Is.EqualTo("20000101T220"));

    private static void Tells(string file, string sv, string en, bool last = true)
    {
        var finding = Only(file);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(FindingCatalogue.Message(finding, Language.Sv).TrimEnd(), last ? Does.EndWith($": {sv}.") : Does.Contain($": {sv}."));
            Assert.That(FindingCatalogue.Message(finding, Language.En).TrimEnd(), last ? Does.EndWith($": {en}.") : Does.Contain($": {en}."));
        }
    }

    private static Finding Only(string file) => Reading.Read(file).Rows.Single().Findings.Single();
}
