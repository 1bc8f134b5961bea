using System.Buffers;
using System.Runtime.InteropServices;
using System.Text;

namespace Ingest.Formats;

/// <summary>
/// Splits a stream into physical lines without decoding them, so that each line is known by its place in the source bytes.
/// Lines end in CRLF, LF or CR, mixed; one final 0x1A is dropped. Memory is bounded by the longest line allowed.
/// </summary>
internal sealed class LineSource
{
    private readonly Stream stream;
    private readonly TextForm form;
    private readonly int unit;
    private readonly int maxLineBytes;
    private byte[] buffer;
    private int start;
    private int filled;
    private long bufferOffset;
    private bool ended;

    public LineSource(Stream stream, TextForm form, ReadLimits limits)
    {
        this.stream = stream;
        this.form = form;
        unit = form is TextForm.Utf16Le or TextForm.Utf16Be ? 2 : 1;
        // A character is at most four bytes; the reader that decodes counts exactly.
        maxLineBytes = Math.Max(limits.MaxLineCharacters, limits.RecordBytes) * 4;
        buffer = new byte[1 << 18];
        // The first block may end inside the byte order mark.
        while (filled < form.Preamble() && !ended) Fill();
        start = Math.Min(form.Preamble(), filled);
    }

    /// <summary>1-based number of the current line.</summary>
    public long Number { get; private set; }

    /// <summary>Byte offset of the current line in the source.</summary>
    public long Offset { get; private set; }

    /// <summary>Bytes of the current line with its line end.</summary>
    public int FullLength { get; private set; }

    /// <summary>The current line without its line end. Valid until the next read.</summary>
    public ReadOnlySpan<byte> Bytes => buffer.AsSpan(lineStart, lineLength);

    /// <summary>The current line with its line end. Valid until the next read.</summary>
    public ReadOnlySpan<byte> FullBytes => buffer.AsSpan(lineStart, FullLength);

    /// <summary>True when a line longer than any allowed was met; reading stops there.</summary>
    public bool TooLong { get; private set; }

    private int lineStart;
    private int lineLength;

    public bool Read()
    {
        if (TooLong) return false;
        var searched = 0;
        while (true)
        {
            var at = IndexOfLineEnd(buffer.AsSpan(start + searched, filled - start - searched));
            if (at >= 0)
            {
                at += searched;
                var after = start + at + unit;
                if (IsUnit(start + at, '\r'))
                {
                    if (after + unit > filled && !ended)
                    {
                        // The LF of a CRLF may be in the next block.
                        searched = at;
                        Fill();
                        continue;
                    }
                    if (after + unit <= filled && IsUnit(after, '\n')) after += unit;
                }
                Take(at, after);
                return true;
            }
            if (ended)
            {
                if (start >= filled) return false;
                Take(filled - start, filled);
                return lineLength > 0 || FullLength > 0;
            }
            if (filled - start > maxLineBytes)
            {
                TooLong = true;
                Number++;
                Offset = bufferOffset + start;
                return false;
            }
            searched = (filled - start) / unit * unit;
            Fill();
        }
    }

    /// <summary>Decodes the current line, composed; <paramref name="text"/> grows as it must.</summary>
    /// <returns>How many characters it has.</returns>
    public int Decode(ref char[] text)
    {
        var bytes = Bytes;
        if (text.Length < bytes.Length) text = new char[bytes.Length * 2];
        if (form is not (TextForm.Utf16Le or TextForm.Utf16Be) && Ascii.ToUtf16(bytes, text, out var written) == OperationStatus.Done) return written;
        var decoded = TextForms.Composed(form.Encoding().GetString(bytes));
        // Composing takes some characters apart, so that a line may outgrow its bytes.
        if (text.Length < decoded.Length) text = new char[decoded.Length];
        decoded.CopyTo(text);
        return decoded.Length;
    }

    private void Take(int length, int after)
    {
        Number++;
        Offset = bufferOffset + start;
        lineStart = start;
        lineLength = length;
        FullLength = after - start;
        start = after;
        // Ctrl-Z of old: dropped only as the very last character of the file, or as all that its last line holds.
        if (start == filled && length >= unit && (FullLength == length || length == unit) && IsUnit(lineStart + length - unit, '\u001A') && AtEnd()) lineLength -= unit;
    }

    private bool AtEnd()
    {
        if (ended) return true;
        // Only asked when the buffer is used up, so growing it moves nothing but the current line.
        start = lineStart;
        Fill();
        lineStart = start;
        start += FullLength;
        return ended && start == filled;
    }

    private int IndexOfLineEnd(ReadOnlySpan<byte> span)
    {
        if (unit == 1) return span.IndexOfAny((byte)'\r', (byte)'\n');
        var units = MemoryMarshal.Cast<byte, ushort>(span);
        var (cr, lf) = form == TextForm.Utf16Le ? ((ushort)0x000D, (ushort)0x000A) : ((ushort)0x0D00, (ushort)0x0A00);
        var at = units.IndexOfAny(cr, lf);
        return at < 0 ? -1 : at * 2;
    }

    private bool IsUnit(int at, char c) => unit == 1
        ? buffer[at] == c
        : form == TextForm.Utf16Le ? buffer[at] == (byte)c && buffer[at + 1] == 0 : buffer[at] == 0 && buffer[at + 1] == (byte)c;

    private void Fill()
    {
        if (start > 0)
        {
            buffer.AsSpan(start, filled - start).CopyTo(buffer);
            bufferOffset += start;
            filled -= start;
            start = 0;
        }
        if (filled == buffer.Length) Array.Resize(ref buffer, buffer.Length * 2);
        var read = stream.Read(buffer, filled, buffer.Length - filled);
        if (read == 0) ended = true;
        filled += read;
    }
}
