using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Unicode;

namespace Ingest.Formats;

/// <summary>The two shapes of a file.</summary>
public enum FileShape
{
    FixedWidth,
    Csv,
}

/// <summary>What one pass over the bytes tells.</summary>
/// <param name="Bytes">Size of the file.</param>
/// <param name="Sha256">Lower-case hex.</param>
/// <param name="Shape">Null when a finding in <paramref name="Findings"/> refuses the file.</param>
/// <param name="Delimiter">CSV only: <c>;</c>, <c>,</c> or tab.</param>
/// <param name="HasSeparatorLine">CSV only: the first line is Excel's <c>sep=;</c>.</param>
/// <param name="Profile">The name of the profile that describes the file; null: it is of our own layout, or of none.</param>
public sealed record Sniffed(
    long Bytes,
    string Sha256,
    TextForm Text,
    FileShape? Shape,
    char Delimiter,
    bool HasSeparatorLine,
    IReadOnlyList<Finding> Findings,
    string? Profile = null)
{
    /// <summary>As the receipt states it: <c>RVF1 fast bredd</c>, <c>RVF1 CSV (;)</c>, <c>profil NAMN CSV (,)</c>, or null.</summary>
    public string? Format => Shape switch
    {
        FileShape.FixedWidth => $"{Of} fast bredd",
        FileShape.Csv => $"{Of} CSV ({(Delimiter == '\t' ? "tab" : Delimiter.ToString())})",
        _ => null,
    };

    private string Of => Profile is null ? Layouts.Version : $"profil {Profile}";
}

/// <summary>Tells encoding, shape and delimiter of a file, its hash and size, in one pass and constant memory.</summary>
public static class Sniffer
{
    private const int HeadBytes = 64 << 10;

    private static readonly (byte[] Magic, string Name)[] Binaries =
    [
        ([0x50, 0x4B, 0x03, 0x04], Phrase.Of("ZIP-arkiv eller Excel-bok", "ZIP archive or Excel workbook")),
        // An archive that holds nothing, and one in several parts.
        ([0x50, 0x4B, 0x05, 0x06], Phrase.Of("ZIP-arkiv", "ZIP archive")),
        ([0x50, 0x4B, 0x07, 0x08], Phrase.Of("ZIP-arkiv", "ZIP archive")),
        ([0x25, 0x50, 0x44, 0x46], "PDF"),
        ([0x89, 0x50, 0x4E, 0x47], Phrase.Of("PNG-bild", "PNG picture")),
        ([0x47, 0x49, 0x46, 0x38], Phrase.Of("GIF-bild", "GIF picture")),
        ([0xFF, 0xD8, 0xFF], Phrase.Of("JPEG-bild", "JPEG picture")),
        ([0x1F, 0x8B], Phrase.Of("GZIP-arkiv", "GZIP archive")),
        ([0x37, 0x7A, 0xBC, 0xAF], Phrase.Of("7z-arkiv", "7z archive")),
        ([0x52, 0x61, 0x72, 0x21], Phrase.Of("RAR-arkiv", "RAR archive")),
        ([0xD0, 0xCF, 0x11, 0xE0], Phrase.Of("äldre Excel- eller Word-fil", "older Excel or Word file")),
        ([0x4D, 0x5A, 0x90, 0x00], Phrase.Of("program", "program")),
        ([0x7F, 0x45, 0x4C, 0x46], Phrase.Of("program", "program")),
    ];

    /// <summary>Reads <paramref name="stream"/> to its end (or to the size limit).</summary>
    /// <param name="profile">The school's, or null. A file that is of our own layout is told to be that all the same.</param>
    public static Sniffed Sniff(Stream stream, ReadLimits limits, Profile? profile = null)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = ArrayPool<byte>.Shared.Rent(1 << 20);
        var head = new byte[HeadBytes];
        var headLength = 0;
        long total = 0;
        var tests = new TextTests();
        try
        {
            int read;
            // Two bytes at least: the first block tells UTF-16 by its byte order mark.
            while ((read = stream.ReadAtLeast(buffer, 2, throwOnEndOfStream: false)) > 0)
            {
                var block = buffer.AsSpan(0, read);
                hash.AppendData(block);
                if (headLength < HeadBytes)
                {
                    var take = Math.Min(HeadBytes - headLength, read);
                    block[..take].CopyTo(head.AsSpan(headLength));
                    headLength += take;
                }
                total += read;
                tests.Feed(block);
                if (total > limits.MaxBytes) break;
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }

        // The rest of an oversized file is hashed too: the hash is what tells one refused file from another.
        if (total > limits.MaxBytes) total = HashRest(stream, hash, total);
        var sha = Convert.ToHexStringLower(hash.GetHashAndReset());
        var text = tests.Finish(head.AsSpan(0, headLength), out var unreadable);

        Sniffed Refused(Finding finding) => new(total, sha, text, null, '\0', false, [finding]);
        if (total == 0 || total == text.Preamble()) return Refused(new Finding(FindingCode.F01));
        if (total > limits.MaxBytes)
            return Refused(new Finding(FindingCode.F14, Args: [Phrase.Of("filens storlek i byte", "the file's size in bytes"), Phrase.Number(total), Phrase.Number(limits.MaxBytes)]));
        if (unreadable is not null) return Refused(new Finding(FindingCode.F03, Args: [unreadable]));

        var own = Shape(head.AsSpan(0, headLength), saysMore: total > headLength && !tests.IsBlank, text);
        if (profile is not null && ProfileFit.Of(profile, head.AsSpan(0, headLength), text, own.Shape) is { } fit)
            return fit.Finding is { } finding ? Refused(finding) : new Sniffed(total, sha, profile.TextOf(text), profile.Shape, fit.Delimiter, fit.SeparatorLine, [], profile.Name);
        return own switch
        {
            (null, _, _, null) => Refused(new Finding(FindingCode.F01)),
            (null, _, _, { } fault) => Refused(fault),
            var (shape, delimiter, separatorLine, _) => new Sniffed(total, sha, text, shape, delimiter, separatorLine, []),
        };
    }

    private static long HashRest(Stream stream, IncrementalHash hash, long total)
    {
        var buffer = new byte[1 << 16];
        int read;
        while ((read = stream.Read(buffer)) > 0)
        {
            hash.AppendData(buffer, 0, read);
            total += read;
        }
        return total;
    }

    private static (FileShape? Shape, char Delimiter, bool SeparatorLine, Finding? Finding) Shape(ReadOnlySpan<byte> head, bool saysMore, TextForm text)
    {
        // Decoding a cut last character gives U+FFFD at the very end of the head: past the first line, or of no consequence.
        var characters = text.Encoding().GetString(head[text.Preamble()..]);
        using var lines = new StringReader(characters);
        var number = 0L;
        string? line;
        do
        {
            line = lines.ReadLine();
            number++;
        }
        while (line is not null && (string.IsNullOrWhiteSpace(line) || line == "\u001A"));
        if (line is null)
            return saysMore
                ? (null, '\0', false, Unrecognised(number, 0, 0))
                : (null, '\0', false, null);

        var separatorLine = false;
        var forced = '\0';
        if (line.Length == 5 && line.StartsWith("sep=", StringComparison.OrdinalIgnoreCase) && line[4] is ';' or ',' or '\t')
        {
            separatorLine = true;
            forced = line[4];
            line = lines.ReadLine() ?? "";
            number++;
        }

        var (delimiter, known) = CsvHeader.Detect(line, forced);
        if (known >= 2) return (FileShape.Csv, delimiter, separatorLine, null);
        if (!separatorLine && LooksFixed(line)) return (FileShape.FixedWidth, '\0', false, null);
        return (null, '\0', separatorLine, Unrecognised(number, line.Length, known));
    }

    /// <summary>True if a file that begins with this line is taken for fixed width.</summary>
    public static bool LooksFixed(string line) => CsvHeader.Detect(line, '\0').Known < 2 &&
        line.Length >= 4 && (Layouts.All.Any(l => line.StartsWith(l.Tag, StringComparison.Ordinal)) || line.StartsWith("AVS", StringComparison.Ordinal));

    /// <summary>True for a HUV of our own layout: no other file begins so, whatever profile its school has.</summary>
    public static bool IsHeader(string line) => line.StartsWith(Layouts.Header.Tag + Layouts.Version, StringComparison.Ordinal);

    private static Finding Unrecognised(long line, int length, int known) => new(FindingCode.F02, line, Args:
    [
        Phrase.Of(
            $"rad {line} ({length} tecken) börjar inte med HUV och har {(known == 0 ? "inget känt kolumnnamn" : "bara ett känt kolumnnamn")}",
            $"line {line} ({length} characters) does not begin with HUV and has {(known == 0 ? "no known column name" : "only one known column name")}"),
    ]);

    /// <summary>Feeds on blocks; tells encoding, and whether this is text at all.</summary>
    private sealed class TextTests
    {
        // What stands in a file that says nothing: blanks, line ends, an end-of-file mark, a byte order mark, and in UTF-16 their zero bytes.
        private static readonly SearchValues<byte> Nothing = SearchValues.Create(" \t\r\n\u001A\0"u8.ToArray().Concat<byte>([0xFE, 0xFF, 0xEF, 0xBB, 0xBF]).ToArray());

        private readonly byte[] carry = new byte[4];
        private int carried;
        private bool validUtf8 = true;
        private bool hasNul;
        private long bytes;
        // UTF-16 state, taken from the first two bytes.
        private bool? utf16BigEndian;
        private bool invalidUtf16;
        private bool highSurrogate;
        private int oddByte = -1;

        /// <summary>True when the file holds nothing, however long it is.</summary>
        public bool IsBlank { get; private set; } = true;

        public void Feed(ReadOnlySpan<byte> block)
        {
            if (IsBlank) IsBlank = !block.ContainsAnyExcept(Nothing);
            if (bytes == 0 && block.Length >= 2)
                utf16BigEndian = (block[0], block[1]) switch { (0xFE, 0xFF) => true, (0xFF, 0xFE) => false, _ => null };
            bytes += block.Length;
            if (utf16BigEndian is { } big) FeedUtf16(block, big);
            else FeedBytes(block);
        }

        private void FeedBytes(ReadOnlySpan<byte> block)
        {
            hasNul |= block.Contains((byte)0);
            if (!validUtf8) return;
            if (carried > 0)
            {
                // Complete the character that the last block broke off.
                var joined = new byte[carried + Math.Min(4, block.Length)];
                carry.AsSpan(0, carried).CopyTo(joined);
                block[..(joined.Length - carried)].CopyTo(joined.AsSpan(carried));
                var status = Rune.DecodeFromUtf8(joined, out _, out var used);
                if (status == OperationStatus.NeedMoreData && block.Length < 4)
                {
                    block.CopyTo(carry.AsSpan(carried));
                    carried += block.Length;
                    return;
                }
                if (status != OperationStatus.Done)
                {
                    validUtf8 = false;
                    return;
                }
                block = block[(used - carried)..];
                carried = 0;
            }
            var tail = IncompleteTail(block);
            validUtf8 = Utf8.IsValid(block[..^tail]);
            block[^tail..].CopyTo(carry);
            carried = tail;
        }

        private static int IncompleteTail(ReadOnlySpan<byte> block)
        {
            for (var back = 1; back <= Math.Min(3, block.Length); back++)
            {
                var b = block[^back];
                if ((b & 0xC0) == 0x80) continue;
                var need = b >= 0xF0 ? 4 : b >= 0xE0 ? 3 : b >= 0xC0 ? 2 : 1;
                return need > back ? back : 0;
            }
            return 0;
        }

        private void FeedUtf16(ReadOnlySpan<byte> block, bool big)
        {
            foreach (var b in block)
            {
                if (oddByte < 0)
                {
                    oddByte = b;
                    continue;
                }
                var unit = (char)(big ? (oddByte << 8) | b : (b << 8) | oddByte);
                oddByte = -1;
                hasNul |= unit == 0;
                if (char.IsLowSurrogate(unit) != highSurrogate) invalidUtf16 = true;
                highSurrogate = char.IsHighSurrogate(unit);
            }
        }

        public TextForm Finish(ReadOnlySpan<byte> head, out string? unreadable)
        {
            unreadable = null;
            foreach (var (magic, name) in Binaries)
                if (head.StartsWith(magic)) unreadable = name;
            if (unreadable is null && hasNul) unreadable = Phrase.Of("NUL-byte, alltså binära data eller UTF-16 utan BOM", "NUL bytes, that is binary data or UTF-16 without BOM");
            if (utf16BigEndian is { } big)
            {
                if (unreadable is null && (invalidUtf16 || highSurrogate || oddByte >= 0)) unreadable = Phrase.Of("ogiltig UTF-16", "invalid UTF-16");
                return big ? TextForm.Utf16Be : TextForm.Utf16Le;
            }
            if (head.StartsWith(TextForm.Utf8Bom.Bom())) return TextForm.Utf8Bom;
            return validUtf8 && carried == 0 ? TextForm.Utf8 : TextForm.Windows1252;
        }
    }
}
