using System.Text;

namespace Ingest.Tests.Fuzzing;

/// <summary>Makes one file out of another, by a seed: the same seed, the same bytes.</summary>
internal static class Mutation
{
    // What stands where something ends, begins or is counted; dates and numbers at their limits; what looks like nothing.
    private static readonly string[] Tokens =
    [
        ";", ",", "\t", "|", "\"", "\"\"", "\";\"", "\r", "\n", "\r\n", "\n\n", "\u001A", " ", "\u00A0", "\u0085", "\u2028", "\u200B", "\u202E", "\uFEFF", "\uFFFD", "\uFFFE",
        "¦", "'", "=1+1", "=cmd|'/C calc'!A1", "+1", "-1", "@SUM(A1)", "<script>alert(1)</script>", "&amp;", "');DROP/**/TABLE/**/event;--", "{0}", "%s", "$HOME", "..", "/",
        "HUV", "HUVRVF1", "SLU", "SLU0000000000000000000", "REG", "AVB", "RES", "KTF", "MOD", "AVS", "sep=;", "sep=,\n", "N", "B", "J", "FFG", "FO", "OM",
        "åtgärd", "personnummer", "pnr", "kurskod", "kurstillfälleskod", "registreringstyp", "hp", "omfattning", "studietakt", "start", "slut", "datum", "händelse-id", "skolkod", "miljö",
        "18991231", "19000101", "21001231", "21010101", "20260229", "2026-02-29", "00000000", "0001-01-01", "9999-12-31", "99991231", "00000", "99999", "999,99", "1000", "0", "-0", "7,500", "1e9",
        "1,99601E+11", "2147483648", "99999999999999999999", "199601012397", "19960101-2397", "960101-2397", "960101+2397", "9601012397", "19960161T123", "198606722398",
        "å", "a\u030A", "É", "e\u0301", "\u0958", "\u0344", "😀", "\U0001D7D9", "٣", "１", "ß", "ǅ", "İ", "ı", "ﬁ", "\u0300\u0301\u0302",
    ];

    public static byte[] Of(byte[] sound, Random random)
    {
        var bytes = sound.ToList();
        var wide = sound is [0xFF, 0xFE, ..] or [0xFE, 0xFF, ..];
        for (var change = random.Next(1, 7); change > 0; change--)
        {
            var at = random.Next(bytes.Count + 1);
            if (wide && random.Next(8) > 0) at &= ~1;
            var few = Math.Min(bytes.Count - at, 1 << random.Next(8));
            switch (random.Next(14))
            {
                case 0 when few > 0: bytes[at] ^= (byte)(1 << random.Next(8)); break;
                case 1 when few > 0: bytes[at] = (byte)random.Next(256); break;
                case 2: bytes.Insert(at, (byte)random.Next(256)); break;
                case 3: bytes.RemoveRange(at, wide ? few & ~1 : random.Next(few + 1)); break;
                case 4: bytes.InsertRange(at, bytes.GetRange(random.Next(bytes.Count - few + 1), few)); break;
                case 5: bytes.RemoveRange(at, bytes.Count - at); break;
                case 6: SwapFields(bytes, random, sound); break;
                case 7 or 8: SwapLines(bytes, random); break;
                default:
                    var token = Token(sound, random);
                    // Over what stands there as often as between.
                    if (random.Next(2) == 0) bytes.RemoveRange(at, Math.Min(token.Length, bytes.Count - at));
                    bytes.InsertRange(at, token);
                    break;
            }
            if (bytes.Count == 0) break;
        }
        return [.. bytes];
    }

    private static byte[] Token(byte[] sound, Random random)
    {
        var token = Tokens[random.Next(Tokens.Length)];
        return sound switch
        {
            [0xFF, 0xFE, ..] => Encoding.Unicode.GetBytes(token),
            [0xFE, 0xFF, ..] => Encoding.BigEndianUnicode.GetBytes(token),
            _ when random.Next(4) == 0 => Encoding.Latin1.GetBytes(token),
            _ => Encoding.UTF8.GetBytes(token),
        };
    }

    /// <summary>Two cells of one line change places; in fixed width two pieces of eight characters.</summary>
    private static void SwapFields(List<byte> bytes, Random random, byte[] sound)
    {
        var (from, to) = Line(bytes, random);
        var line = bytes.GetRange(from, to - from);
        var delimiter = (byte)";,\t"[random.Next(3)];
        if (line.Contains(delimiter) && sound is not [0xFF, 0xFE, ..] and not [0xFE, 0xFF, ..])
        {
            var cells = Encoding.Latin1.GetString([.. line]).Split((char)delimiter);
            var (a, b) = (random.Next(cells.Length), random.Next(cells.Length));
            (cells[a], cells[b]) = (cells[b], cells[a]);
            bytes.RemoveRange(from, to - from);
            bytes.InsertRange(from, Encoding.Latin1.GetBytes(string.Join((char)delimiter, cells)));
        }
        else if (line.Count >= 16)
        {
            var (a, b) = (random.Next(line.Count - 7) & ~1, random.Next(line.Count - 7) & ~1);
            for (var i = 0; i < 8; i++) (bytes[from + a + i], bytes[from + b + i]) = (bytes[from + b + i], bytes[from + a + i]);
        }
    }

    /// <summary>A line is doubled, moved, or joined to the next.</summary>
    private static void SwapLines(List<byte> bytes, Random random)
    {
        var (from, to) = Line(bytes, random);
        var line = bytes.GetRange(from, to - from);
        switch (random.Next(3))
        {
            case 0: break;
            case 1: bytes.RemoveRange(from, to - from); break;
            default:
                if (to > from) bytes.RemoveAt(to - 1);
                return;
        }
        var (other, _) = Line(bytes, random);
        bytes.InsertRange(other, line);
    }

    private static (int From, int To) Line(List<byte> bytes, Random random)
    {
        if (bytes.Count == 0) return (0, 0);
        var at = random.Next(bytes.Count);
        var from = at;
        while (from > 0 && bytes[from - 1] is not ((byte)'\n' or (byte)'\r')) from--;
        var to = bytes.FindIndex(at, b => b is (byte)'\n' or (byte)'\r') + 1;
        return (from, to == 0 ? bytes.Count : to);
    }
}
