namespace Ingest.Formats.Tests;

/// <summary>formats.md: a händelse-id is 1-36 characters, kept as it was sent, compared without regard to case.</summary>
internal sealed class RecordIdTests
{
    private const string Uuid = "0f8fad5b-d9cb-469f-a165-70867728950e";

    [TestCase(Uuid)]
    [TestCase("0F8FAD5B-D9CB-469F-A165-70867728950E")]
    [TestCase("0f8fad5b-d9cb-469f-a165-70867728950E")]
    [TestCase("{0f8fad5b-d9cb-469f-a165-7086772895}")]
    [TestCase("0f8fad5bd9cb469fa16570867728950e")]
    [TestCase("aBc")]
    [TestCase("händelse-é")]
    [TestCase("0")]
    public void It_is_shown_as_it_was_sent(string text) => Assert.That(new RecordId(text).ToString(), Is.EqualTo(text));

    [TestCase(Uuid, "0F8FAD5B-D9CB-469F-A165-70867728950E", true)]
    [TestCase(Uuid, "0f8fad5b-d9cb-469f-a165-70867728950f", false)]
    [TestCase(Uuid, "0f8fad5bd9cb469fa16570867728950e", false)]
    [TestCase("händelse-é", "HÄNDELSE-É", true)]
    [TestCase("a1", "A1", true)]
    [TestCase("a1", "a2", false)]
    [TestCase("00000000-0000-0000-0000-000000000000", "0", false)]
    public void Case_makes_no_difference_and_all_else_does(string one, string other, bool same)
    {
        var (a, b) = (new RecordId(one), new RecordId(other));
        Assert.That((a == b, a != b, a.Equals((object)b)), Is.EqualTo((same, !same, same)));
        if (same) Assert.That(a.GetHashCode(), Is.EqualTo(b.GetHashCode()));
    }

    [Test]
    public void No_text_is_no_id()
    {
        RecordId? none = (string?)null;
        Assert.That(none, Is.Null);
    }
}
