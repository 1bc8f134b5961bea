namespace Ingest.Formats.Tests;

public sealed class CreditsTests
{
    [TestCase(750, 7.5)]
    [TestCase(1, 0.01)]
    public void Its_value_is_in_hp(long hundredths, decimal value) => Assert.That(new Credits(hundredths).Value, Is.EqualTo(value));

    [TestCase(1, 2, "< <=")]
    [TestCase(2, 2, "<= >=")]
    [TestCase(2, 1, "> >=")]
    public void They_are_compared_as_numbers(long a, long b, string holds)
    {
        var (x, y) = (new Credits(a), new Credits(b));
        (string Sign, bool Holds)[] all = [("<", x < y), ("<=", x <= y), (">", x > y), (">=", x >= y)];
        Assert.That(string.Join(' ', all.Where(c => c.Holds).Select(c => c.Sign)), Is.EqualTo(holds));
    }
}
