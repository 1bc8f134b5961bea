namespace Ingest.Formats.Tests;

public class PersonnummerTests
{
    private static readonly DateOnly Arrival = new(2026, 3, 2);

    [TestCase("199601012397")]
    [TestCase("199601022388")]
    [TestCase("198802292394", Description = "leap day")]
    [TestCase("200002292399", Description = "leap day of a century divisible by 400")]
    [TestCase("189602299803", Description = "born in the 1800s")]
    [TestCase("198606722398", Description = "samordningsnummer, day 12 + 60")]
    [TestCase("198608892389", Description = "samordningsnummer, day 29 + 60")]
    [TestCase("191500722390", Description = "samordningsnummer with month 00")]
    [TestCase("198606602392", Description = "samordningsnummer with day 60")]
    [TestCase("198600602398", Description = "samordningsnummer with month 00 and day 60")]
    public void A_twelve_digit_number_is_read(string text)
    {
        var fault = Personnummer.Parse(text, Arrival, out var number, out var centuryTaken);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(fault, Is.EqualTo(PersonnummerFault.None));
            Assert.That(number.ToUnmaskedString(), Is.EqualTo(text));
            Assert.That(centuryTaken, Is.False);
        }
    }

    // The latest century whose year is not after the arrival's; a plus takes a hundred years off.
    [TestCase("9601012397", "2026-03-02", "199601012397")]
    [TestCase("960101-2397", "2026-03-02", "199601012397")]
    [TestCase("000229-2399", "2026-03-02", "200002292399")]
    [TestCase("960229+9803", "2026-03-02", "189602299803")]
    [TestCase("960229+9803", "1996-02-29", "189602299803")]
    [TestCase("960101-2397", "1996-01-01", "199601012397")]
    [TestCase("960101-2397", "1995-12-31", "189601012397", Description = "1996 is after the arrival's year")]
    [TestCase("880229-2394", "2087-12-31", "198802292394")]
    [TestCase("880229-2394", "2088-03-01", "208802292394", Description = "2088 is the arrival's year")]
    [TestCase("150072+2390", "2026-03-02", "191500722390")]
    [TestCase("860672-2398", "2026-03-02", "198606722398")]
    [TestCase("000229-2399", "2000-02-29", "200002292399")]
    public void A_ten_digit_number_takes_the_latest_century_not_after_the_arrival(string text, string arrival, string expected)
    {
        var fault = Personnummer.Parse(text, DateOnly.Parse(arrival, System.Globalization.CultureInfo.InvariantCulture), out var number, out var centuryTaken);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(fault, Is.EqualTo(PersonnummerFault.None));
            Assert.That(number.ToUnmaskedString(), Is.EqualTo(expected));
            Assert.That(centuryTaken, Is.True);
        }
    }

    [TestCase("19960101-2397", "199601012397")]
    [TestCase("18960229+9803", "189602299803")]
    public void A_full_year_with_a_separator_needs_no_century_worked_out(string text, string expected)
    {
        var fault = Personnummer.Parse(text, Arrival, out var number, out var centuryTaken);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(fault, Is.EqualTo(PersonnummerFault.None));
            Assert.That(number.ToUnmaskedString(), Is.EqualTo(expected));
            Assert.That(centuryTaken, Is.False);
        }
    }

    // Each of these dates carries a right check digit, so that the date alone is at fault.
    [TestCase("199602302391", Description = "30 February")]
    [TestCase("190002292399", Description = "1900 was no leap year")]
    [TestCase("199613012393", Description = "month 13")]
    [TestCase("199601002398", Description = "day 00")]
    [TestCase("198602912399", Description = "samordningsnummer, 31 February")]
    [TestCase("198613612392", Description = "samordningsnummer, month 13")]
    [TestCase("198606992397", Description = "samordningsnummer, day 39")]
    [TestCase("179602299803", Description = "before 1800")]
    public void A_date_that_never_was_is_no_such_date(string text) =>
        Assert.That(Personnummer.Parse(text, Arrival, out _, out _), Is.EqualTo(PersonnummerFault.NoSuchDate));

    [Test]
    public void The_year_1800_is_the_first_that_is_taken() =>
        Assert.That(Personnummer.Parse("180004059937", Arrival, out _, out _), Is.EqualTo(PersonnummerFault.None));

    [TestCase("199601012397", "1996-01-01", PersonnummerFault.None)]
    [TestCase("199601012397", "1995-12-31", PersonnummerFault.NotYetBorn)]
    [TestCase("198606722398", "1986-06-12", PersonnummerFault.None, Description = "the real day is 12")]
    [TestCase("198606722398", "1986-06-11", PersonnummerFault.NotYetBorn)]
    [TestCase("000229-2399", "2000-02-28", PersonnummerFault.NotYetBorn, Description = "the century goes by the year, the date by the day")]
    [TestCase("000229-2399", "1999-12-31", PersonnummerFault.NoSuchDate, Description = "read as 1900, which had no 29 February")]
    public void Nobody_is_born_after_the_arrival(string text, string arrival, PersonnummerFault expected) =>
        Assert.That(Personnummer.Parse(text, DateOnly.Parse(arrival, System.Globalization.CultureInfo.InvariantCulture), out _, out _), Is.EqualTo(expected));

    [Test]
    public void Any_other_check_digit_is_wrong([Values(0, 1, 2, 3, 4, 5, 6, 7, 8, 9)] int digit) =>
        Assert.That(Personnummer.Parse($"19960101239{digit}", Arrival, out _, out _),
            Is.EqualTo(digit == 7 ? PersonnummerFault.None : PersonnummerFault.CheckDigit));

    [TestCase("")]
    [TestCase("0")]
    [TestCase("199601010003", Description = "birth number 000, with a right check digit")]
    [TestCase("960101-0003")]
    [TestCase("960101 2397", Description = "a blank is no separator")]
    [TestCase("19960101 2397")]
    [TestCase("960101/2397")]
    [TestCase("960101--2397")]
    [TestCase("9601-012397")]
    [TestCase("96010123-97")]
    [TestCase("960101239")]
    [TestCase("19960101239")]
    [TestCase("1996010123977")]
    [TestCase("1996-01-01-2397")]
    [TestCase("1996O1012397", Description = "the letter O")]
    [TestCase("19960101239A")]
    [TestCase("1996010123 7")]
    [TestCase("-9601012397")]
    [TestCase("１９９６０１０１２３９７", Description = "fullwidth digits")]
    public void Other_text_is_malformed(string text) =>
        Assert.That(Personnummer.Parse(text, Arrival, out _, out _), Is.EqualTo(PersonnummerFault.Malformed));

    [Test]
    public void Each_interim_letter_is_an_interim_number([ValueSource(nameof(InterimLetters))] char letter)
    {
        using (Assert.EnterMultipleScope())
        {
            Assert.That(Personnummer.Parse($"20000101{letter}220", Arrival, out _, out _), Is.EqualTo(PersonnummerFault.Interim));
            Assert.That(Personnummer.Parse($"000101-{letter}220", Arrival, out _, out _), Is.EqualTo(PersonnummerFault.Interim));
        }
    }

    [Test]
    public void Any_other_letter_is_malformed([ValueSource(nameof(OtherLetters))] char letter) =>
        Assert.That(Personnummer.Parse($"20000101{letter}220", Arrival, out _, out _), Is.EqualTo(PersonnummerFault.Malformed));

    [TestCase("20000101TF22", PersonnummerFault.Interim)]
    [TestCase("20000101-TF22", PersonnummerFault.Interim)]
    [TestCase("000101-TF22", PersonnummerFault.Interim)]
    [TestCase("20001399T220", PersonnummerFault.Interim, Description = "the date of an interim number is not checked")]
    [TestCase("20000101TF2", PersonnummerFault.Malformed)]
    [TestCase("20000101TFA2", PersonnummerFault.Malformed)]
    [TestCase("20000101TE22", PersonnummerFault.Malformed)]
    [TestCase("20000101RF22", PersonnummerFault.Malformed)]
    [TestCase("20000101T22A", PersonnummerFault.Malformed)]
    [TestCase("2000010AT220", PersonnummerFault.Malformed)]
    [TestCase("200001012T20", PersonnummerFault.Malformed, Description = "the letter stands first of the last four")]
    public void An_interim_number_has_one_letter_and_three_digits_or_TF_and_two(string text, PersonnummerFault expected) =>
        Assert.That(Personnummer.Parse(text, Arrival, out _, out _), Is.EqualTo(expected));

    [Test]
    public void Its_text_is_masked()
    {
        Personnummer.Parse("199601012397", Arrival, out var number, out _);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(number.ToString(), Is.EqualTo("19960101-****"));
            Assert.That($"{number}", Is.EqualTo("19960101-****"));
            Assert.That(new Registration { Student = number }.ToString(), Does.Not.Contain("2397"));
        }
    }

    [Test]
    public void It_comes_back_from_storage_as_it_was()
    {
        Personnummer.Parse("191500722390", Arrival, out var number, out _);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(number.Digits, Is.EqualTo(191500722390L));
            Assert.That(Personnummer.FromStorage(191500722390L), Is.EqualTo(number));
            Assert.That(number.Year, Is.EqualTo(1915));
        }
    }

    [Test]
    public void Numbers_are_ordered_by_their_digits()
    {
        var (low, high) = (Personnummer.FromStorage(189602299803L), Personnummer.FromStorage(199601012397L));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(low < high, Is.True);
            Assert.That(low <= high, Is.True);
            Assert.That(high > low, Is.True);
            Assert.That(high >= low, Is.True);
            Assert.That(low.CompareTo(high), Is.Negative);
        }
    }

    private static IEnumerable<char> InterimLetters => "JKLMNPRSTUWX";

    private static IEnumerable<char> OtherLetters => "ABCDEFGHIOQVYZÅÄÖ";

    // A samordningsnummer may have an unknown month (00) or day (60), and is a date otherwise. The last digits by hand.
    [TestCase("198600912383", PersonnummerFault.None, Description = "month unknown, day 31")]
    [TestCase("198600922398", PersonnummerFault.NoSuchDate, Description = "month unknown, day 32")]
    [TestCase("198612602386", PersonnummerFault.None, Description = "December, day unknown")]
    [TestCase("198613602398", PersonnummerFault.NoSuchDate, Description = "month 13, day unknown")]
    [TestCase("202600602383", PersonnummerFault.None, Description = "this year")]
    [TestCase("202700602398", PersonnummerFault.NotYetBorn, Description = "next year")]
    [TestCase("199612312380", PersonnummerFault.None, Description = "a date in December")]
    public void Unknown_parts_are_let_through_within_the_calendar(string text, PersonnummerFault fault) =>
        Assert.That(Personnummer.Parse(text, Arrival, out _, out _), Is.EqualTo(fault));

    [TestCase(199601012397, 199601022388, "< <=")]
    [TestCase(199601022388, 199601022388, "<= >=")]
    [TestCase(199601022388, 199601012397, "> >=")]
    public void They_are_compared_as_numbers(long a, long b, string holds)
    {
        var (x, y) = (Personnummer.FromStorage(a), Personnummer.FromStorage(b));
        (string Sign, bool Holds)[] all = [("<", x < y), ("<=", x <= y), (">", x > y), (">=", x >= y)];
        Assert.That(string.Join(' ', all.Where(c => c.Holds).Select(c => c.Sign)), Is.EqualTo(holds));
    }
}
