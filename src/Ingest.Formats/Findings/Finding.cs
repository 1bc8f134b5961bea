using System.Globalization;

namespace Ingest.Formats;

/// <summary>
/// One thing found wrong with, or worth saying about, a file or a record. It holds no text: the words come from
/// <see cref="FindingCatalogue"/>, filled in with <see cref="Args"/>.
/// </summary>
/// <param name="Code">What was found.</param>
/// <param name="Line">1-based physical line of the source file; 0 when the finding is about the file as a whole.</param>
/// <param name="Column">1-based character of that line, or null when unknown.</param>
/// <param name="Length">How many characters from <paramref name="Column"/> are meant, or null.</param>
/// <param name="Field">The field's name as in the published layout, or null.</param>
/// <param name="Value">What stood there, already masked by <see cref="Masking"/>; or null.</param>
/// <param name="Args">
/// What the message names besides field and value. Never personal data. An argument of the form <c>svenska¦english</c>
/// gives its half in the language that is written.
/// </param>
public sealed record Finding(
    FindingCode Code,
    long Line = 0,
    int? Column = null,
    int? Length = null,
    string? Field = null,
    string? Value = null,
    params string[] Args)
{
    /// <summary>Joins <see cref="Args"/> in storage; not found in any text we make.</summary>
    public const char ArgSeparator = '\u001F';

    public Severity Severity => FindingCatalogue.Get(Code).Severity;

    /// <summary>True when it is about the file as a whole, though it may point at a line.</summary>
    public bool IsAboutFile => Code <= FindingCode.F21;

    /// <summary>True for what rejects the record by itself.</summary>
    public bool IsError => Severity == Severity.E;

    public bool Equals(Finding? other) =>
        other is not null && Code == other.Code && Line == other.Line && Column == other.Column && Length == other.Length
        && Field == other.Field && Value == other.Value && Args.AsSpan().SequenceEqual(other.Args);

    public override int GetHashCode() => HashCode.Combine(Code, Line, Column, Field);
}

/// <summary>Small phrases in both languages for use as finding arguments.</summary>
public static class Phrase
{
    public const char Divider = '¦';

    public static string Of(string swedish, string english) => swedish + Divider + english;

    public static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);

    /// <summary>A code out of a file; in a file with shifted columns it may be an identity number.</summary>
    public static string Code(string code) => Masking.Value(code);

    public static string Date(DateOnly date) => date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    internal static string In(Language language, string argument)
    {
        var at = argument.IndexOf(Divider);
        return at < 0 ? argument : language == Language.Sv ? argument[..at] : argument[(at + 1)..];
    }
}

/// <summary>The languages that schools and operators read.</summary>
public enum Language
{
    Sv,
    En,
}
