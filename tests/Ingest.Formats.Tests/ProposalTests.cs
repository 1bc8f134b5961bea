namespace Ingest.Formats.Tests;

/// <summary>What findings propose: swapped digits, the likely word. Proposed, never applied.</summary>
public sealed class ProposalTests
{
    // 199601012397 is one of Skatteverket's published test numbers. With two neighbours swapped its check digit is wrong; of all swaps
    // of neighbours (worked through by hand) only the one back gives a date and a check digit that hold.
    [TestCase("199601012379", 11)]
    [TestCase("199601013297", 9)]
    [TestCase("960101-2379", 9)]
    // The longest form; and the first two digits, which no other swap brings back below the year of arrival.
    [TestCase("19960101-2379", 11)]
    [TestCase("919601012397", 1)]
    public void Two_swapped_digits_are_told_by_their_places(string written, int place) =>
        Assert.That(Personnummer.SwappedDigit(written, Reading.Arrival), Is.EqualTo(place));

    [Test]
    public void Nothing_is_told_where_no_swap_helps() => Assert.That(Personnummer.SwappedDigit("111111111111", Reading.Arrival), Is.Null);

    [Test]
    public void The_message_tells_the_places_and_never_the_number()
    {
        var finding = Reading.Read(Fixed.File(750, Fixed.Reg(student: "199601012379"))).Rows.Single().Findings.Single();

        using (Assert.EnterMultipleScope())
        {
            Assert.That(finding.Code, Is.EqualTo(FindingCode.P10));
            Assert.That(finding.Message(), Does.EndWith("Det stämmer om siffra 11 och 12 byter plats."));
            Assert.That(finding.Everything(), Does.Not.Contain("2379").And.Not.Contain("2397"));
        }
    }

    [TestCase("KEMA10", "KEMA01 FYSA01", "KEMA01")]
    [TestCase("KEMA1", "KEMA01 FYSA01", "KEMA01")]
    [TestCase("KEM A01", "KEMA01 FYSA01", "KEMA01")]
    [TestCase("KEMA02", "KEMA01 KEMA03", null)] // as near to both
    [TestCase("BIOA01", "KEMA01", null)]        // three of six differ
    [TestCase("AB", "AC", "AC")]
    [TestCase("KEMA01", "KEMA01XYZ", null)]         // three are added: more than a third of the shorter
    [TestCase("KEMA012", "KEMA013 KEMA034", "KEMA013")] // the second is near too, but not as near
    [TestCase("KEMA10", "KEMA01 KEMA01", "KEMA01")] // one word twice
    [TestCase("AB", "CD", null)]
    public void The_nearest_word_when_it_is_near_and_alone(string written, string known, string? nearest) =>
        Assert.That(Likeness.Nearest(written, known.Split(' ')), Is.EqualTo(nearest));

    [TestCase("abc", "abc", 0)]
    [TestCase("abc", "acb", 1)] // neighbours swapped
    [TestCase("abc", "ab", 1)]
    [TestCase("abc", "xabc", 1)]
    [TestCase("kitten", "sitting", 3)]
    [TestCase("", "abc", 3)]
    public void Distances(string a, string b, int expected) =>
        Assert.That((Likeness.Distance(a, b), Likeness.Distance(b, a)), Is.EqualTo((expected, expected)));

    // Longer words are no codes and no headings; comparing them takes long.
    [TestCase(60, 60, 0)]
    [TestCase(61, 60, int.MaxValue)]
    [TestCase(61, 61, int.MaxValue)]
    public void Words_of_more_than_60_characters_are_not_compared(int one, int other, int distance)
    {
        var (a, b) = (new string('a', one), new string('a', other));
        Assert.That((Likeness.Distance(a, b), Likeness.Distance(b, a)), Is.EqualTo((distance, distance)));
    }

    // An interim number whose bearer is known is read as the person.
    [TestCase("19960101T123")]
    [TestCase("19960101-t123")]
    public void A_known_interim_number_is_read_as_the_person(string written)
    {
        Assert.That(Personnummer.Parse("199601012397", Reading.Arrival, out var known, out _), Is.EqualTo(PersonnummerFault.None));
        var terms = new ReadTerms { KnownInterim = new Dictionary<string, Personnummer> { ["19960101T123"] = known } };
        var file = Csv.Lines(Csv.AvbHeader, Csv.Avb(student: written));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(Reading.Read(file).Rows.Single().Findings.Single().Code, Is.EqualTo(FindingCode.P12));
            Assert.That(((Interruption)Reading.Read(file, terms: terms).Rows.Single().Record!).Student, Is.EqualTo(known));
            Assert.That(Reading.Read(file, terms: terms).Rows.Single().Findings, Is.Empty);
        }
    }
}
