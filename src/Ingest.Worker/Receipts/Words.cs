using System.Globalization;
using System.Text.Json;
using Ingest.Formats;
using Ingest.Rules;
using Ingest.Worker.Ledger;

namespace Ingest.Worker.Receipts;

/// <summary>Names and phrases that several receipts share.</summary>
internal static class Words
{
    private static readonly CultureInfo Swedish = CultureInfo.GetCultureInfo("sv-SE");

    /// <summary>The machine's word for an enum value: <c>acceptedWithWarning</c>.</summary>
    public static string Machine<T>(T value)
        where T : struct, Enum => JsonNamingPolicy.CamelCase.ConvertName(value.ToString());

    public static string Iso(DateOnly date) => Phrase.Date(date);

    /// <summary>ISO 8601 with Sweden's offset, to the second.</summary>
    public static string Iso(DateTimeOffset instant) => ReportingCalendar.Swedish(instant).ToString("yyyy-MM-dd'T'HH:mm:sszzz", CultureInfo.InvariantCulture);

    /// <summary>A count as people write it: <c>12 345</c> with a no-break space.</summary>
    public static string Count(long number, Language language) =>
        number.ToString("N0", language == Language.Sv ? Swedish : CultureInfo.InvariantCulture);

    /// <summary>When a window closes, for people: <c>onsdag 25 november 2026 klockan 15.00</c>.</summary>
    public static string Moment(DateTimeOffset instant, Language language)
    {
        var local = ReportingCalendar.Swedish(instant);
        return language == Language.Sv
            ? local.ToString("dddd d MMMM yyyy 'klockan' HH.mm", Swedish)
            : local.ToString("dddd d MMMM yyyy 'at' HH:mm", CultureInfo.InvariantCulture);
    }

    public static string Severity(Severity severity, Language language) => (severity, language) switch
    {
        (Formats.Severity.F, Language.Sv) => "Filen avvisas",
        (Formats.Severity.F, _) => "The file is refused",
        (Formats.Severity.E, Language.Sv) => "Posten avvisas",
        (Formats.Severity.E, _) => "The record is rejected",
        (Formats.Severity.W, Language.Sv) => "Posten väntar",
        (Formats.Severity.W, _) => "The record waits",
        (Formats.Severity.V, Language.Sv) => "Varning",
        (Formats.Severity.V, _) => "Warning",
        (_, Language.Sv) => "Upplysning",
        _ => "Information",
    };

    /// <summary>Codes as they stand in a cell: in code order, once each, joined by a blank.</summary>
    public static string Codes(IEnumerable<Finding> findings) => string.Join(' ', findings.Select(f => f.Code).Distinct().Order());

    /// <summary>The record type's three letters, or empty.</summary>
    public static string Tag(RecordKind? kind) => kind is { } k ? Layouts.Of(k).Tag : "";

    /// <summary>A number of records, with the word as the number wants it: <c>1 post</c>, <c>2 poster</c>.</summary>
    public static string Records(long number, Language language) => Count(number, language) + (language, number) switch
    {
        (Language.Sv, 1) => " post",
        (Language.Sv, _) => " poster",
        (_, 1) => " record",
        _ => " records",
    };

    /// <summary>What happened to the file, and what to do by when: the sentences at the top.</summary>
    public static string Summary(FileRow file, Language language)
    {
        var c = file.Counts;
        var closes = Moment(ReportingCalendar.On(file.Window).ClosesAt, language);
        var sv = language == Language.Sv;
        return file.Status switch
        {
            FileStatus.Duplicate => sv
                ? $"Samma fil har redan kommit in, som {FileId.Text(file.DuplicateOf!.Value)}. Inget har ändrats och ni behöver inte göra något."
                : $"The same file has already come in, as {FileId.Text(file.DuplicateOf!.Value)}. Nothing has changed, and you need not do anything.",
            FileStatus.Rejected => sv
                ? $"Filen är avvisad och ingenting i den räknas. Rätta felen nedan och lägg in hela filen igen före {closes}, så hinner den med."
                : $"The file is refused, and nothing in it counts. Mend the faults below and drop the whole file again before {closes} for it to be in time.",
            _ => string.Join(' ', Sentences(file, c, closes, language)),
        };
    }

    private static IEnumerable<string> Sentences(FileRow file, Counts c, string closes, Language language)
    {
        var sv = language == Language.Sv;
        if (c.Read == 0) yield return sv ? "Filen är mottagen. Den har inga poster." : "The file was received. It has no records.";
        else if (c.Accepted == c.Read) yield return sv ? $"Filen är mottagen och alla poster ({Count(c.Read, language)}) är accepterade." : $"The file was received and all records ({Count(c.Read, language)}) are accepted.";
        else yield return sv ? $"Filen är mottagen. Av {Records(c.Read, language)} accepterades {Count(c.Accepted, language)}." : $"The file was received. Accepted: {Count(c.Accepted, language)} of {Records(c.Read, language)}.";
        if (c.Duplicate > 0) yield return sv ? $"{Records(c.Duplicate, language)} hade rapporterats tidigare och räknas inte en gång till." : $"{Records(c.Duplicate, language)} already reported; they do not count again.";
        if (c.Rejected > 0)
            yield return sv
                ? $"{Records(c.Rejected, language)} avvisades: rätta i omsändningsfilen och lägg in den före {closes}, så hinner ni."
                : $"{Records(c.Rejected, language)} rejected: mend them in the omsandning file and drop it before {closes} to be in time.";
        if (c.Waiting > 0)
            yield return sv
                ? $"{Records(c.Waiting, language)} väntar på något som saknas och avvisas om det inte kommer före {closes}."
                : $"{Records(c.Waiting, language)} waiting for something that is missing, to be refused if it does not come before {closes}.";
        if (file.Status == FileStatus.AcceptedWithWarnings)
            yield return sv ? "Läs varningarna nedan: de kan visa att något är fel." : "Read the warnings below: they may show that something is wrong.";
    }

    /// <summary>Why the file counts in another window than its hour says; null when it does not.</summary>
    public static string? Note(FileRow file, Language language) => (file.WindowNote, language) switch
    {
        (WindowNote.SeenAfterStop, Language.Sv) => "Filen låg redan i mappen när tjänsten kom igång efter ett stopp. Den räknas därför i det fönster som var öppet när tjänsten stannade.",
        (WindowNote.SeenAfterStop, _) => "The file already lay in the folder when the service came up after a stop. It therefore counts in the window that was open when the service stopped.",
        (WindowNote.MovedOn, Language.Sv) => "Filen hann inte bearbetas innan dess fönster stängde. Den räknas därför i nästa fönster.",
        (WindowNote.MovedOn, _) => "The file could not be worked before its window closed. It therefore counts in the next window.",
        _ => null,
    };
}
