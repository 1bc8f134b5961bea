namespace Ingest.Rules.Tests;

/// <summary>A file's id, <c>yyyyMMdd-nnnnnn</c>, as one number.</summary>
public sealed class FileIdTests
{
    [Test]
    public void A_file_id_reads_as_date_and_counter() => Assert.That(FileId.Text(FileId.Of(new DateOnly(2026, 11, 25), 7)), Is.EqualTo("20261125-000007"));

    [Test]
    public void A_file_id_tells_its_day() => Assert.That(FileId.Day(20261125999999), Is.EqualTo(new DateOnly(2026, 11, 25)));

    [Test]
    public void A_file_id_is_read_back_from_its_text() => Assert.That(FileId.Parse("20261125-999999"), Is.EqualTo(FileId.Of(new DateOnly(2026, 11, 25), 999_999)));

    [Test]
    public void File_ids_sort_as_their_texts_do() =>
        Assert.That(FileId.Of(new DateOnly(2026, 11, 26), 1), Is.GreaterThan(FileId.Of(new DateOnly(2026, 11, 25), 999_999)));

    [TestCase("")]
    [TestCase("20261125000007")]
    [TestCase("20261125-00007")]
    [TestCase("20261125_000007")]
    [TestCase("2026112x-000007")]
    [TestCase("-2026112-000007")]
    public void A_text_that_is_no_file_id_gives_null(string text) => Assert.That(FileId.Parse(text), Is.Null);
}
