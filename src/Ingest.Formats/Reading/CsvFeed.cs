using System.Text;

namespace Ingest.Formats;

/// <summary>One logical CSV record in the feed: where it stands, and its quoting fault if it has one.</summary>
internal readonly record struct CsvFeedRecord(RowSource Source, int FaultColumn, string? Fault)
{
    public bool IsBad => Fault is not null;
}

/// <summary>
/// Hands CsvHelper a UTF-8 stream of records whose quoting is whole, one at a time, and keeps each one's place in the source
/// bytes. CsvHelper alone cannot do that: it counts in transcoded bytes, and one unclosed quote would swallow the rows after it.
/// A quoted cell may span at most ten lines, and only if the record then has the header's width; otherwise the fault is P14 on the
/// line where the quote opened, and reading goes on from the line after it.
/// </summary>
internal sealed class CsvFeed : Stream
{
    private const int MostLines = ReadLimits.QuotedLines;

    private readonly LineSource lines;
    private readonly TextForm form;
    private readonly byte delimiter;
    private readonly ReadLimits limits;
    private readonly CsvHeader header;
    // Lines read ahead while looking for the end of a quoted cell.
    private readonly LinkedList<Line> ahead = [];
    private byte[] pending = new byte[1 << 12];
    private int pendingFrom;
    private int pendingTo;

    private static ReadOnlySpan<byte> StandIn => "!"u8;

    private sealed record Line(RowSource Source, byte[] Utf8);

    public CsvFeed(LineSource lines, TextForm form, char delimiter, CsvHeader header, ReadLimits limits)
    {
        this.lines = lines;
        this.form = form;
        this.delimiter = (byte)delimiter;
        this.header = header;
        this.limits = limits;
        // CsvHelper drops a byte order mark at the start of its stream: this one, and not a U+FEFF that begins the first row (P07).
        Append(TextForm.Utf8Bom.Bom());
        // And a first record that reads sep=; : this one, and not the first row. The reader takes it out before all others.
        Append(StandIn);
        Append("\n"u8);
    }

    /// <summary>
    /// The records in the stream that are not yet taken, in order. A bad one is in the stream too, as a stand-in, so that however many there
    /// are, no more of them are kept than CsvHelper reads at a time.
    /// </summary>
    public Queue<CsvFeedRecord> Records { get; } = new();

    /// <summary>Set when a limit was passed: the stream then ends.</summary>
    public Finding? LimitPassed { get; private set; }

    public override int Read(Span<byte> buffer)
    {
        var written = 0;
        while (written < buffer.Length)
        {
            if (pendingFrom == pendingTo && !NextRecord()) break;
            var take = Math.Min(buffer.Length - written, pendingTo - pendingFrom);
            pending.AsSpan(pendingFrom, take).CopyTo(buffer[written..]);
            pendingFrom += take;
            written += take;
        }
        return written;
    }

    /// <summary>Puts the next whole record into <see cref="pending"/>.</summary>
    private bool NextRecord()
    {
        while (true)
        {
            pendingFrom = pendingTo = 0;
            RowSource source;
            if (ahead.First is { } first)
            {
                ahead.RemoveFirst();
                source = first.Value.Source;
                Append(first.Value.Utf8);
            }
            else if (ReadLine(out source))
            {
                AppendUtf8();
            }
            else
            {
                return false;
            }
            if (pendingTo == 0 || IsBlank(pending.AsSpan(0, pendingTo))) continue;

            var record = new CsvFeedRecord(source, 0, null);
            if (source.Length > limits.RecordBytes) record = new CsvFeedRecord(source, 1, Outgrown);
            else if (pending.AsSpan(0, pendingTo).Contains((byte)'"')) record = CheckQuoting(source);
            Records.Enqueue(record);
            if (record.IsBad)
            {
                pendingTo = 0;
                Append(StandIn);
            }
            Append("\n"u8);
            return true;
        }
    }

    private bool ReadLine(out RowSource source)
    {
        source = default;
        if (LimitPassed is not null) return false;
        if (!lines.Read())
        {
            if (lines.TooLong) LimitPassed = Limits.LineTooLong(lines, limits);
            return false;
        }
        source = new RowSource(lines.Number, lines.Offset, lines.FullLength);
        LimitPassed = Limits.Check(lines, form, limits);
        return LimitPassed is null;
    }

    private CsvFeedRecord CheckQuoting(RowSource source)
    {
        var scan = new QuoteScan(delimiter);
        var length = source.Length;
        var openingLength = pendingTo;
        var taken = ahead.First;
        var opened = 0;
        for (var count = 1; ; count++)
        {
            scan.Feed(pending.AsSpan(0, pendingTo), count == 1 ? 0 : openingLength);
            // A fault on a later line is the first line's: the quote that is open at its end.
            if (count == 1) opened = scan.OpenedAt;
            if (scan.Fault is not null) return Bad(count == 1 ? scan.Fault : Unclosed);
            if (!scan.IsOpen) break;
            if (count == MostLines) return Bad(Unclosed);
            openingLength = pendingTo;
            // The next line: one that an earlier look-ahead read, or a new one, which is kept in case the quote never closes.
            Line next;
            if (taken is not null)
            {
                next = taken.Value;
                taken = taken.Next;
            }
            else if (ReadLine(out var nextSource))
            {
                next = new Line(nextSource, ToUtf8());
                ahead.AddLast(next);
            }
            else
            {
                return Bad(Unclosed);
            }
            Append("\n"u8);
            Append(next.Utf8);
            length += next.Source.Length;
            if (length > limits.RecordBytes) return Bad(Outgrown);
        }
        var spans = length != source.Length;
        if (spans && scan.Columns != header.Width && !(header.UnnamedLast && scan.Columns == header.Width + 1)) return Bad(Unclosed);
        // What was looked at is now part of this record.
        for (var rest = length - source.Length; rest > 0; ahead.RemoveFirst()) rest -= ahead.First!.Value.Source.Length;
        return new CsvFeedRecord(source with { Length = length }, 0, null);

        CsvFeedRecord Bad(string fault)
        {
            var column = Encoding.UTF8.GetCharCount(pending.AsSpan(0, opened)) + 1;
            return new CsvFeedRecord(source, column, fault);
        }
    }

    private static readonly string Unclosed = Phrase.Of(
        "citattecknet som öppnas här avslutas inte i en post med rätt antal kolumner inom tio rader",
        "the quote opened here does not close within ten lines in a record with the right number of columns");

    private string Outgrown => Phrase.Of($"posten är längre än {limits.RecordBytes} byte", $"the record is longer than {limits.RecordBytes} bytes");

    /// <summary>Copies the current line as composed UTF-8.</summary>
    private void AppendUtf8()
    {
        if (form is TextForm.Utf8 or TextForm.Utf8Bom or TextForm.Windows1252 && Ascii.IsValid(lines.Bytes)) Append(lines.Bytes);
        else Append(ToUtf8());
    }

    private byte[] ToUtf8() => Encoding.UTF8.GetBytes(TextForms.Composed(form.Encoding().GetString(lines.Bytes)));

    private void Append(ReadOnlySpan<byte> bytes)
    {
        if (pendingTo + bytes.Length > pending.Length) Array.Resize(ref pending, Math.Max(pending.Length * 2, pendingTo + bytes.Length));
        bytes.CopyTo(pending.AsSpan(pendingTo));
        pendingTo += bytes.Length;
    }

    /// <summary>A line of blanks and delimiters alone says nothing.</summary>
    private bool IsBlank(ReadOnlySpan<byte> line)
    {
        foreach (var b in line)
            if (b != delimiter && b is not ((byte)' ' or (byte)'\t')) return false;
        return true;
    }

    public override bool CanRead => true;
    public override bool CanSeek => false;
    public override bool CanWrite => false;
    public override long Length => throw new NotSupportedException();
    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }
    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));
    public override void Flush() { }
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
    public override void SetLength(long value) => throw new NotSupportedException();
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}

/// <summary>Follows RFC 4180 quoting through a record that may grow line by line.</summary>
internal struct QuoteScan(byte delimiter)
{
    private enum Where { CellStart, Plain, Quoted, QuoteInQuoted }

    private Where where = Where.CellStart;

    /// <summary>Cells so far.</summary>
    public int Columns { get; private set; } = 1;

    /// <summary>Byte at which the last quoted cell opened, or at which a stray quote stands.</summary>
    public int OpenedAt { get; private set; }

    public string? Fault { get; private set; }

    /// <summary>True while a quoted cell has not closed.</summary>
    public readonly bool IsOpen => where == Where.Quoted;

    public void Feed(ReadOnlySpan<byte> record, int from)
    {
        for (var i = from; i < record.Length && Fault is null; i++)
        {
            var b = record[i];
            switch (where)
            {
                case Where.Quoted:
                    if (b == '"') where = Where.QuoteInQuoted;
                    break;
                case Where.QuoteInQuoted when b == '"':
                    where = Where.Quoted;
                    break;
                default:
                    if (b == delimiter)
                    {
                        Columns++;
                        where = Where.CellStart;
                    }
                    else if (where == Where.QuoteInQuoted)
                    {
                        Fault = Phrase.Of("det står tecken direkt efter ett avslutande citattecken", "characters follow directly after a closing quote");
                    }
                    else if (b == '"')
                    {
                        OpenedAt = i;
                        if (where == Where.CellStart) where = Where.Quoted;
                        else Fault = Phrase.Of("ett citattecken står inne i ett fält som inte börjar med citattecken", "a quote stands inside a cell that does not begin with one");
                    }
                    else
                    {
                        where = Where.Plain;
                    }
                    break;
            }
        }
    }
}

/// <summary>The limits that a single line can pass.</summary>
internal static class Limits
{
    public static Finding LineTooLong(LineSource lines, ReadLimits limits) =>
        Over(lines.Number, Phrase.Of("radens längd i tecken", "the line's length in characters"), Phrase.Of("fler", "more"), limits.MaxLineCharacters);

    /// <summary>F14 when the current line passes a limit; else null.</summary>
    public static Finding? Check(LineSource lines, TextForm form, ReadLimits limits)
    {
        if (lines.Number > limits.MaxLines)
            return Over(lines.Number, Phrase.Of("antalet rader", "the number of lines"), Phrase.Of("fler", "more"), limits.MaxLines);
        if (lines.Bytes.Length <= limits.MaxLineCharacters) return null;
        var characters = form.Encoding().GetCharCount(lines.Bytes);
        return characters > limits.MaxLineCharacters
            ? Over(lines.Number, Phrase.Of("radens längd i tecken", "the line's length in characters"), Phrase.Number(characters), limits.MaxLineCharacters)
            : null;
    }

    private static Finding Over(long line, string what, string found, long limit) =>
        new(FindingCode.F14, line, Args: [what, found, Phrase.Number(limit)]);
}
