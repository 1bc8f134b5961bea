using System.Text;

namespace Ingest.Formats.Tests;

/// <summary>
/// Files far too large to be made: a stream makes them up as they are read. What reading them allocates is counted for the one thread, so that it
/// does not grow with the file; and how much of the stream is read.
/// </summary>
public class EnormousFilesTests
{
    private const long Mebi = 1 << 20;

    [TestCase(FileShape.FixedWidth)]
    [TestCase(FileShape.Csv)]
    public void Of_two_gigabytes_without_a_line_end_no_more_is_read_than_a_line_may_hold(FileShape shape)
    {
        var head = shape == FileShape.FixedWidth ? Fixed.Huv() + "\r\n" : Csv.RegHeader + "\r\n";
        var limits = new ReadLimits { MaxBytes = 4L << 30 };
        var sniffed = Reading.Sniff(Encoding.UTF8.GetBytes(head + new string('x', 70_000)), limits);
        var stream = new Repeated(head, "x", 2L << 30);
        var before = GC.GetAllocatedBytesForCurrentThread();

        var reader = RecordReader.Open(stream, sniffed, Reading.Arrival, limits);
        var rows = reader.Rows().Count();

        using (Assert.EnterMultipleScope())
        {
            Assert.That(reader.Findings.Select(f => f.Code), Does.Contain(FindingCode.F14));
            Assert.That(rows, Is.Zero);
            Assert.That(stream.Position, Is.LessThan(4 * Mebi));
            Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.LessThan(16 * Mebi));
        }
    }

    [Test]
    public void Bytes_past_the_limit_are_hashed_and_kept_nowhere()
    {
        var before = GC.GetAllocatedBytesForCurrentThread();

        var sniffed = Sniffer.Sniff(new Repeated(Fixed.Huv() + "\r\n", "x", 256 * Mebi), new ReadLimits { MaxBytes = 128 * Mebi });

        using (Assert.EnterMultipleScope())
        {
            Assert.That(sniffed.Findings.Select(f => f.Code), Is.EqualTo([FindingCode.F14]));
            Assert.That(sniffed.Bytes, Is.EqualTo(256 * Mebi + 122));
            Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.LessThan(16 * Mebi));
        }
    }

    [TestCase("\n", 10_000_000)]
    [TestCase("\r", 1_000_000)]
    [TestCase("\r\n", 1_000_000)]
    public void Millions_of_empty_lines_say_nothing(string end, int lines)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        using (Assert.EnterMultipleScope())
        {
            Assert.That(Read("", end, lines, "").FileCodes, Is.EqualTo([FindingCode.F01]), "alone");
            Assert.That(Read(Fixed.Huv() + "\r\n", end, lines, Fixed.Reg() + "\r\n" + Fixed.Slu(1, 750)).RowCodes, Is.EqualTo([$"{lines + 2}:"]), "in fixed width");
            Assert.That(Read(Csv.RegHeader + "\r\n", end, lines, Csv.Reg()).RowCodes, Is.EqualTo([$"{lines + 2}:"]), "in CSV");
            Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.LessThan(64 * Mebi));
        }
    }

    [TestCase(200_000)]
    [TestCase(1_000_000, Explicit = true)]
    public void A_quote_that_never_closes_at_the_start_of_very_many_rows_rejects_its_own_row_alone(int rows)
    {
        var (head, row) = (Csv.ModHeader + "\r\n\"" + Csv.Mod() + "\r\n", Csv.Mod() + "\r\n");
        var sniffed = Reading.Sniff(Encoding.UTF8.GetBytes(head + row));
        var reader = RecordReader.Open(new Repeated(head, row, (long)row.Length * rows), sniffed, Reading.Arrival, Reading.Limits);
        var before = GC.GetAllocatedBytesForCurrentThread();
        var (sound, bad) = (0, new List<string>());

        foreach (var read in reader.Rows())
        {
            if (read.IsOk) sound++;
            else bad.Add($"{read.Source.Line}:{read.Findings[0].Code}");
        }

        using (Assert.EnterMultipleScope())
        {
            Assert.That(bad, Is.EqualTo(["2:P14"]));
            Assert.That(sound, Is.EqualTo(rows));
            // A record and its row, each let go when the next is read.
            Assert.That((GC.GetAllocatedBytesForCurrentThread() - before) / rows, Is.LessThan(2048));
        }
    }

    private static Outcome Read(string head, string again, int times, string tail)
    {
        var length = (long)again.Length * times;
        var sniffed = Sniffer.Sniff(new Repeated(head, again, length, tail), Reading.Limits);
        if (sniffed.Shape is null) return new Outcome(sniffed, [], null);
        var reader = RecordReader.Open(new Repeated(head, again, length, tail), sniffed, Reading.Arrival, Reading.Limits);
        return new Outcome(sniffed, reader.Rows().ToList(), reader);
    }

    /// <summary>A head, the same bytes again and again, a tail.</summary>
    private sealed class Repeated(string head, string again, long length, string tail = "") : Stream
    {
        private readonly byte[] first = Encoding.UTF8.GetBytes(head);
        private readonly byte[] middle = Block(Encoding.UTF8.GetBytes(again));
        private readonly byte[] last = Encoding.UTF8.GetBytes(tail);
        private long at;

        // Whole pieces, many at a time.
        private static byte[] Block(byte[] piece) => [.. Enumerable.Repeat(piece, (1 << 16) / piece.Length + 1).SelectMany(p => p)];

        public override int Read(Span<byte> buffer)
        {
            var from = at < first.Length ? first.AsSpan((int)at)
                : at < first.Length + length ? middle.AsSpan((int)((at - first.Length) % middle.Length))
                : last.AsSpan((int)Math.Min(last.Length, at - first.Length - length));
            if (at >= first.Length && at < first.Length + length) from = from[..(int)Math.Min(from.Length, first.Length + length - at)];
            var take = Math.Min(from.Length, buffer.Length);
            from[..take].CopyTo(buffer);
            at += take;
            return take;
        }

        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));
        public override long Position { get => at; set => throw new NotSupportedException(); }
        public override bool CanRead => true;
        public override bool CanSeek => false;
        public override bool CanWrite => false;
        public override long Length => throw new NotSupportedException();
        public override void Flush() { }
        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
        public override void SetLength(long value) => throw new NotSupportedException();
        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
