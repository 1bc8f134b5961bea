using System.Text;

namespace Ingest.Formats.Tests;

/// <summary>Files made at random from a seed: whatever they hold, nothing throws, and no line is lost or read twice.</summary>
public class HostileFilesTests
{
    private const string Header = "personnummer;kurskod;anteckning";

    private static readonly string[] Pieces = ["\"", "\"\"", ";", "x", "å", "\n", "\r\n", "\r", " ", "\";\"", "a;b;c\n", "\";", ";\"", "\u001A", "\t"];

    [Test]
    public void No_line_of_a_CSV_file_is_lost_or_read_twice_whatever_its_quotes([Range(0, 59)] int seed)
    {
        var form = (TextForm)(seed % 5);
        for (var round = 0; round < 20; round++)
        {
            var random = new Random(seed * 1000 + round);
            var text = Header + ";datum;tillfälle\n" + string.Concat(Enumerable.Range(0, random.Next(60)).Select(_ => Pieces[random.Next(Pieces.Length)]));
            CheckEachLineOnce(form.Bytes(text), form, text);
        }
    }

    [Test]
    public void Nothing_that_a_broken_file_holds_throws([Range(0, 39)] int seed)
    {
        var form = (TextForm)(seed % 5);
        var sound = form.Bytes(seed % 2 == 0
            ? Fixed.File(2400, Fixed.Reg(course: "ÅÄÖ1", id: "é"), Fixed.Avb(), Fixed.Res(), Fixed.Ktf(title: "Räkna – på"), Fixed.Mod())
            : Csv.Lines(Csv.RegHeader, Csv.Reg(course: "ÅÄÖ1", id: "é"), Csv.Reg(extent: "\"7,5\""), Csv.Reg()));
        for (var round = 0; round < 50; round++)
        {
            var random = new Random(seed * 1000 + round);
            var bytes = (byte[])sound.Clone();
            for (var change = random.Next(1, 6); change > 0; change--) bytes[random.Next(bytes.Length)] = (byte)random.Next(1, 256);
            if (random.Next(4) == 0) bytes = bytes[..random.Next(bytes.Length)];

            Assert.That(() => Reading.Read(bytes), Throws.Nothing, Convert.ToHexString(bytes));
        }
    }

    // In UTF-16 the bytes 0D and 0A also stand in characters that are no line ends.
    [TestCase('\u0D0A')]
    [TestCase('\u0A0D')]
    [TestCase('\u0D0D')]
    [TestCase('\u0A0A')]
    [TestCase('\u0D15')]
    [TestCase('\u0A15')]
    [TestCase('\u220D')]
    [TestCase('\u220A')]
    public void A_character_whose_bytes_look_like_a_line_end_ends_no_line(char character)
    {
        using (Assert.EnterMultipleScope())
        {
            foreach (var form in (TextForm[])[TextForm.Utf8, TextForm.Utf16Le, TextForm.Utf16Be])
            {
                var title = $"a{character}{character}b";
                var fixedWidth = Reading.Read(form.Bytes(Fixed.File(450, Fixed.Mod(title: title))));
                var csv = Reading.Read(form.Bytes(Csv.Lines(Csv.ModHeader, Csv.Mod(title: title))));
                Assert.That(fixedWidth.FileFindings.Concat(csv.FileFindings), Is.Empty);
                Assert.That(((Module)fixedWidth.Records.Single()!).Title, Is.EqualTo(title));
                Assert.That(((Module)csv.Records.Single()!).Title, Is.EqualTo(title));
            }
        }
    }

    private static void CheckEachLineOnce(byte[] bytes, TextForm form, string text)
    {
        var rows = Reading.Read(bytes).Rows;
        var shown = text.Replace("\r", "\\r", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);
        var at = (long)(form.Preamble() + form.Encoding().GetByteCount(text[..(text.IndexOf('\n', StringComparison.Ordinal) + 1)]));
        foreach (var row in rows)
        {
            CheckBlank(at, row.Source.Offset);
            at = row.Source.Offset + row.Source.Length;
            var before = form.Encoding().GetString(bytes.AsSpan(form.Preamble(), (int)row.Source.Offset - form.Preamble()));
            Assert.That(row.Source.Line, Is.EqualTo(Lines(before) + 1), shown);
        }
        CheckBlank(at, bytes.Length);

        void CheckBlank(long from, long to)
        {
            Assert.That(from, Is.LessThanOrEqualTo(to), shown);
            // Between two records stand rows that say nothing: blanks, delimiters, empty quotes, a final 0x1A.
            Assert.That(form.Encoding().GetString(bytes.AsSpan((int)from, (int)(to - from))).Replace("\"\"", "", StringComparison.Ordinal).Trim(' ', '\t', ';', '\r', '\n', '\u001A'),
                Is.Empty, shown);
        }
    }

    /// <summary>Line ends in the text: CRLF, LF or CR.</summary>
    private static int Lines(string text) =>
        new StringBuilder(text).Replace("\r\n", "\n").Replace('\r', '\n').ToString().Count(c => c == '\n');
}
