using System.Globalization;
using System.Text;

namespace Ingest.Formats;

/// <summary>Finds what no field may hold (P07): control, format, surrogate and private characters, line separators, U+FFFD, noncharacters, foreign digits.</summary>
internal static class CharacterCheck
{
    /// <summary>Index of the first forbidden character, or -1.</summary>
    public static int IndexOfForbidden(ReadOnlySpan<char> text, bool basicPlaneOnly, out int scalar)
    {
        scalar = 0;
        if (!text.ContainsAnyExceptInRange(' ', '~')) return -1;
        for (var i = 0; i < text.Length;)
        {
            if (Rune.DecodeFromUtf16(text[i..], out var rune, out var used) != System.Buffers.OperationStatus.Done || IsForbidden(rune, basicPlaneOnly))
            {
                scalar = used == 0 ? text[i] : rune.Value;
                return i;
            }
            i += used;
        }
        return -1;
    }

    public static bool IsForbidden(Rune rune, bool basicPlaneOnly)
    {
        if (rune.Value is >= ' ' and <= '~') return false;
        if (rune.Value == 0xFFFD || (basicPlaneOnly && !rune.IsBmp)) return true;
        // Noncharacters are never text; the framework even throws when it is to compose U+FFFE.
        if ((rune.Value & 0xFFFE) == 0xFFFE || rune.Value is >= 0xFDD0 and <= 0xFDEF) return true;
        return Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.Surrogate
            or UnicodeCategory.PrivateUse or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator
            or UnicodeCategory.DecimalDigitNumber;
    }
}
