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

    /// <summary>What happened to the file, and what to do by when: the one sentence at the top.</summary>
    public static string Summary(FileRow file, Language language)
    {
        var c = file.Counts;
        var closes = Moment(ReportingCalendar.On(file.Window).ClosesAt, language);
        var sv = language == Language.Sv;
        return file.Status switch
        {
            FileStatus.Accepted => sv
                ? $"Filen är mottagen och alla {Count(c.Read, language)} poster är accepterade." + Waits(c, closes, sv)
                : $"The file was received and all {Count(c.Read, language)} records are accepted." + Waits(c, closes, sv),
            FileStatus.AcceptedWithWarnings => sv
                ? "Filen är mottagen. Läs varningarna nedan: de kan visa att något är fel." + Waits(c, closes, sv)
                : "The file was received. Read the warnings below: they may show that something is wrong." + Waits(c, closes, sv),
            FileStatus.PartiallyAccepted => sv
                ? $"Filen är mottagen, men {Count(c.Rejected, language)} av {Count(c.Read, language)} poster är avvisade. Rätta dem i omsändningsfilen och lägg in den före {closes}, så hinner de med."
                  + Waits(c, closes, sv)
                : $"The file was received, but {Count(c.Rejected, language)} of {Count(c.Read, language)} records are rejected. Mend them in the omsandning file and drop it before {closes} for them to be in time."
                  + Waits(c, closes, sv),
            FileStatus.Duplicate => sv
                ? $"Samma fil har redan kommit in, som {FileId.Text(file.DuplicateOf!.Value)}. Inget har ändrats och ni behöver inte göra något."
                : $"The same file has already come in, as {FileId.Text(file.DuplicateOf!.Value)}. Nothing has changed, and you need not do anything.",
            _ => sv
                ? $"Filen är avvisad och ingenting i den räknas. Rätta felen nedan och lägg in hela filen igen före {closes}, så hinner den med."
                : $"The file is refused, and nothing in it counts. Mend the faults below and drop the whole file again before {closes} for it to be in time.",
        };
    }

    private static string Waits(Counts c, string closes, bool sv) => c.Waiting == 0 ? ""
        : sv ? $" {Count(c.Waiting, Language.Sv)} poster väntar på en uppgift som saknas och avvisas om den inte kommer före {closes}."
        : $" {Count(c.Waiting, Language.En)} records wait for something that is missing, and are refused if it does not come before {closes}.";

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
