namespace Ingest.Formats.Tests;

/// <summary>
/// Where a record stands in the source: its bytes, cut out by offset and length, are exactly the record's own, so that a rejected
/// record can be sent back byte for byte. And a stream may break anywhere.
/// </summary>
public class SourceSpanTests
{
    private static readonly TextForm[] Forms = Enum.GetValues<TextForm>();

    // Each part is one record with its line end, or something that is no record (blank lines, frame, header row).
    private static readonly (string Text, bool Record)[] FixedParts =
    [
        ("\r\n", false), (Fixed.Huv().TrimEnd() + "\r\n", false), (Fixed.Reg(course: "ÅÄÖ1").TrimEnd() + "\n", true), ("\n \r", false),
        (Fixed.Ktf(title: "Räksmörgås – café").TrimEnd() + "\r", true), ("XYZ\r\n", true), (Fixed.Mod().TrimEnd() + "\r\n", true), (Fixed.Reg(student: "x") + "yz\r", true),
        ("\r\n", false), (Fixed.Slu(5, 2700).TrimEnd() + "\r\n\u001A", false),
    ];

    private static readonly (string Text, bool Record)[] CsvParts =
    [
        ("\n", false), ("sep=;\r\n", false), (Csv.KtfHeader + ";anteckning\r", false), (Csv.Ktf(title: "Å") + ";\n", true), (";;;\r\n\r\n", false),
        (Csv.Ktf(title: "\"ö;\"\"ä\"") + ";\"två\r\nrader\nén\"\r\n", true), ("a;b\r", true), (Csv.Ktf(title: "\"öppen") + ";\r\n", true),
        (Csv.Ktf(title: "–") + ";x\r\n", true), (Csv.Ktf(title: "sist") + ";", true),
    ];

    [TestCaseSource(nameof(Forms))]
    public void The_bytes_of_a_fixed_width_record_are_cut_out_exactly(TextForm form) => CheckSpans(form, FixedParts);

    [TestCaseSource(nameof(Forms))]
    public void The_bytes_of_a_CSV_record_are_cut_out_exactly(TextForm form) => CheckSpans(form, CsvParts);

    [TestCaseSource(nameof(Forms))]
    public void A_stream_that_gives_one_byte_at_a_time_gives_the_same(TextForm form)
    {
        using (Assert.EnterMultipleScope())
        {
            CheckBroken(Bytes(form, FixedParts), b => new BrokenStream(b, 1), "fixed width");
            CheckBroken(Bytes(form, CsvParts), b => new BrokenStream(b, 1), "CSV");
        }
    }

    [Test]
    public void A_stream_may_give_blocks_of_any_size([Values(2, 3, 5, 7, 64, 121, 1000)] int size, [ValueSource(nameof(Forms))] TextForm form)
    {
        using (Assert.EnterMultipleScope())
        {
            CheckBroken(Bytes(form, FixedParts), b => new BrokenStream(b, size), "fixed width");
            CheckBroken(Bytes(form, CsvParts), b => new BrokenStream(b, size), "CSV");
        }
    }

    [TestCaseSource(nameof(Forms))]
    public void A_stream_may_break_at_every_byte_of_a_fixed_width_file(TextForm form) => CheckBreaks(Bytes(form, FixedParts));

    [TestCaseSource(nameof(Forms))]
    public void A_stream_may_break_at_every_byte_of_a_CSV_file(TextForm form) => CheckBreaks(Bytes(form, CsvParts));

    [Test]
    public void Spans_hold_in_a_file_larger_than_any_buffer([Values] FileShape shape, [Values(TextForm.Utf8, TextForm.Utf16Le)] TextForm form)
    {
        const int records = 6000;
        var line = shape == FileShape.FixedWidth ? Fixed.Mod(title: "Åäö") : Csv.Mod(title: "\"Åäö\"");
        string[] lines = shape == FileShape.FixedWidth
            ? [Fixed.Huv(), .. Enumerable.Repeat(line, records), Fixed.Slu(records, 450L * records)]
            : [Csv.ModHeader, .. Enumerable.Repeat(line, records)];
        var bytes = form.Bytes(Csv.Lines(lines));
        var expected = form.Encoding().GetBytes(line + "\r\n");

        var outcome = Reading.Read(bytes, open: b => new BrokenStream(b, 4093));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(outcome.AllFindings, Is.Empty);
            Assert.That(outcome.Rows, Has.Count.EqualTo(records));
            Assert.That(outcome.Rows.Count(r => !Cut(bytes, r).SequenceEqual(expected)), Is.Zero);
            Assert.That(outcome.Rows.Select(r => r.Source.Line), Is.EqualTo(Enumerable.Range(2, records).Select(i => (long)i)));
        }
    }

    private static void CheckSpans(TextForm form, (string Text, bool Record)[] parts)
    {
        var bytes = Bytes(form, parts);
        var expected = parts.Where(p => p.Record).Select(p => p.Text).ToList();
        var outcome = Reading.Read(bytes);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(outcome.Sniffed.Text, Is.EqualTo(form));
            Assert.That(outcome.Rows.Select(r => form.Encoding().GetString(Cut(bytes, r))), Is.EqualTo(expected));
            Assert.That(outcome.Rows.Select(r => Convert.ToHexString(Cut(bytes, r))), Is.EqualTo(expected.Select(t => Convert.ToHexString(form.Encoding().GetBytes(t)))));
        }
    }

    private static void CheckBreaks(byte[] bytes)
    {
        using (Assert.EnterMultipleScope())
        {
            for (var at = 1; at < bytes.Length; at++)
            {
                var place = at;
                CheckBroken(bytes, b => new BrokenStream(b, int.MaxValue, place), $"break after byte {at}");
            }
        }
    }

    /// <summary>Reads once whole and once broken.</summary>
    private static void CheckBroken(byte[] bytes, Func<byte[], Stream> open, string where)
    {
        var whole = Reading.Read(bytes);
        Outcome broken;
        try
        {
            broken = Reading.Read(bytes, open: open);
        }
        catch (Exception e) when (e is ArgumentException or IndexOutOfRangeException or OverflowException)
        {
            Assert.Fail($"{where}: {e.GetType().Name}");
            return;
        }
        Assert.That((broken.Sniffed.Text, broken.Sniffed.Shape, broken.Sniffed.Sha256), Is.EqualTo((whole.Sniffed.Text, whole.Sniffed.Shape, whole.Sniffed.Sha256)), where);
        Assert.That(broken.Rows.Select(r => (r.Source, r.Record)), Is.EqualTo(whole.Rows.Select(r => (r.Source, r.Record))), where);
        Assert.That(broken.AllFindings, Is.EqualTo(whole.AllFindings), where);
    }

    private static byte[] Bytes(TextForm form, (string Text, bool Record)[] parts) => form.Bytes(string.Concat(parts.Select(p => p.Text)));

    private static byte[] Cut(byte[] bytes, Row row) => bytes[(int)row.Source.Offset..(int)(row.Source.Offset + row.Source.Length)];
}
