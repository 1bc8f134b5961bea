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
        where T : struct, Enum => MachineNames<T>.All[value];

    private static class MachineNames<T>
        where T : struct, Enum
    {
        public static readonly Dictionary<T, string> All = Enum.GetValues<T>().ToDictionary(v => v, v => JsonNamingPolicy.CamelCase.ConvertName(v.ToString()));
    }

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

    /// <summary>Why an original is not there, after <c>är</c>: <c>gallrat 2026-03-01</c> where a purge removed it, else <c>borta</c>.</summary>
    public static string Gone(FileRow file) => file.OriginalPurged is { } purged ? "gallrat " + Iso(ReportingCalendar.SwedishDate(purged)) : "borta";

    /// <summary>Codes as they stand in a cell: in code order, once each, joined by a blank.</summary>
    public static string Codes(IReadOnlyList<Finding> findings) => findings.Count switch
    {
        0 => "",
        1 => findings[0].Code.ToString(),
        _ => string.Join(' ', findings.Select(f => f.Code).Distinct().Order()),
    };

    private static readonly string[] Tags = [.. Enum.GetValues<RecordKind>().Select(k => Layouts.Of(k).Tag)];

    /// <summary>The record type's three letters, or empty.</summary>
    public static string Tag(RecordKind? kind) => kind is { } k ? Tags[(int)k] : "";

    /// <summary>A number of records, with the word as the number wants it: <c>1 post</c>, <c>2 poster</c>.</summary>
    public static string Records(long number, Language language) => Count(number, language) + (language, number) switch
    {
        (Language.Sv, 1) => " post",
        (Language.Sv, _) => " poster",
        (_, 1) => " record",
        _ => " records",
    };

    /// <summary>What became of a file, in a word or two.</summary>
    public static string Status(FileStatus status) => status switch
    {
        FileStatus.Accepted => "accepterad",
        FileStatus.AcceptedWithWarnings => "accepterad med varningar",
        FileStatus.PartiallyAccepted => "delvis accepterad",
        FileStatus.Duplicate => "redan inlämnad",
        _ => "avvisad",
    };

    /// <summary>What became of a record when its file came in.</summary>
    public static string Status(RecordStatus status) => status switch
    {
        RecordStatus.Accepted => "accepterad",
        RecordStatus.AcceptedWithWarning => "accepterad med varning",
        RecordStatus.Waiting => "väntar",
        RecordStatus.Duplicate => "redan rapporterad",
        _ => "avvisad",
    };

    /// <summary>How many records came to what, on a line.</summary>
    public static string Counts(Counts c, Language language) => language == Language.Sv
        ? $"lästa {c.Read}, accepterade {c.Accepted} (med varning {c.Warned}), väntar {c.Waiting}, redan rapporterade {c.Duplicate}, avvisade {c.Rejected}"
        : $"read {c.Read}, accepted {c.Accepted} (with a warning {c.Warned}), waiting {c.Waiting}, already reported {c.Duplicate}, rejected {c.Rejected}";

    /// <summary>What happened to the file, and what to do by when: the sentences at the top.</summary>
    /// <param name="earlier">The file that it is a duplicate of, as people read it; null when it is none.</param>
    public static string Summary(FileRow file, string? earlier, Language language)
    {
        var sv = language == Language.Sv;
        return file.Status switch
        {
            FileStatus.Duplicate => sv
                ? $"Samma fil är redan inlämnad, som {earlier}. Inget har ändrats och ni behöver inte göra något."
                : $"The same file has been handed in before, as {earlier}. Nothing has changed, and you need not do anything.",
            FileStatus.Rejected => sv
                ? $"Filen är avvisad och ingenting i den räknas. Nedan står vad som är fel och vad ni gör. {InTime(file, language)}"
                : $"The file is refused, and nothing in it counts. What is wrong and what to do stands below. {InTime(file, language)}",
            _ => string.Join(' ', Sentences(file, language)),
        };
    }

    /// <summary>
    /// By when something mended must come to count in the same window; a file that was taken after the close learns that it is the next
    /// one. Only what the ledger knows is asked, so that the receipt can be made again.
    /// </summary>
    private static string InTime(FileRow file, Language language)
    {
        var closes = ReportingCalendar.On(file.Window).ClosesAt;
        return (file.Claimed < closes, language) switch
        {
            _ when file.Origin == Origin.Baseline => "",
            (true, Language.Sv) => $"Det som är rättat och kommer före {Moment(closes, language)} hinner med.",
            (true, _) => $"What is mended and comes before {Moment(closes, language)} is in time.",
            (false, Language.Sv) => "Det som är rättat räknas i nästa fönster.",
            _ => "What is mended counts in the next window.",
        };
    }

    private static IEnumerable<string> Sentences(FileRow file, Language language)
    {
        var c = file.Counts;
        var sv = language == Language.Sv;
        yield return (c, sv) switch
        {
            ({ Read: 0 }, true) => "Filen är mottagen. Den har inga poster.",
            ({ Read: 0 }, _) => "The file was received. It has no records.",
            (_, true) when c.Accepted == c.Read => $"Filen är mottagen och {(c.Read == 1 ? "den enda posten är accepterad" : c.Read == 2 ? "båda posterna är accepterade" : $"alla {Count(c.Read, language)} posterna är accepterade")}.",
            (_, false) when c.Accepted == c.Read => $"The file was received and {(c.Read == 1 ? "its only record is accepted" : $"all {Records(c.Read, language)} are accepted")}.",
            ({ Accepted: 0 }, true) => $"Filen är mottagen, med {Records(c.Read, language)}.",
            ({ Accepted: 0 }, _) => $"The file was received, with {Records(c.Read, language)}.",
            (_, true) => $"Filen är mottagen. Av {Records(c.Read, language)} accepterades {Count(c.Accepted, language)}.",
            _ => $"The file was received. Accepted: {Count(c.Accepted, language)} of {Records(c.Read, language)}.",
        };
        if (c.Duplicate > 0)
            yield return sv ? $"{Records(c.Duplicate, language)} hade rapporterats tidigare och räknas inte en gång till." : $"{Records(c.Duplicate, language)} reported before, not counted again.";
        if (c.Rejected > 0)
            yield return sv
                ? $"{Records(c.Rejected, language)} avvisades: rätta {(c.Rejected == 1 ? "den" : "dem")} i omsändningsfilen, som bara innehåller {(c.Rejected == 1 ? "den" : "dem")}, och lämna sedan in den filen. {InTime(file, language)}"
                : $"{Records(c.Rejected, language)} rejected: mend in the omsandning file and then drop it. {InTime(file, language)}";
        if (c.Waiting > 0 && file.Claimed >= ReportingCalendar.On(file.Window).ClosesAt)
            yield return sv
                ? $"{Records(c.Waiting, language)} väntade ännu när fönstret stängde {Moment(ReportingCalendar.On(file.Window).ClosesAt, language)}. Vad det blev av {(c.Waiting == 1 ? "den" : "dem")} står i kvittensen ”kl15” för den dagen."
                : $"{Records(c.Waiting, language)} still waiting when the window closed on {Moment(ReportingCalendar.On(file.Window).ClosesAt, language)}. The receipt “kl15” of that day tells what became of {(c.Waiting == 1 ? "it" : "them")}.";
        else if (c.Waiting > 0)
            yield return sv
                ? $"{Records(c.Waiting, language)} väntar, eftersom något saknas eller inte stämmer, och avvisas om det inte är ordnat innan fönstret stänger {Moment(ReportingCalendar.On(file.Window).ClosesAt, language)}."
                : $"{Records(c.Waiting, language)} waiting, for something is missing or does not agree, to be refused if that is not seen to before the window closes on {Moment(ReportingCalendar.On(file.Window).ClosesAt, language)}.";
        if (file.Status == FileStatus.AcceptedWithWarnings)
            yield return sv ? "Läs varningarna nedan: de kan visa att något är fel." : "Read the warnings below: they may show that something is wrong.";
    }

    /// <summary>What is unusual about the file: why it counts in another window than its hour says, or that no school dropped it; null when nothing is.</summary>
    public static string? Note(FileRow file, Language language) => (file.Origin, file.WindowNote, language) switch
    {
        (Origin.Correction, _, Language.Sv) => "Det här är en rättelse som CSN har gjort åt er. Den räknas som om ni hade rapporterat den.",
        (Origin.Correction, _, _) => "This is a correction that CSN has made for you. It counts as if you had reported it.",
        (Origin.Certificate, _, Language.Sv) => "Det här är ett intyg på papper som CSN har registrerat.",
        (Origin.Certificate, _, _) => "This is a paper certificate that CSN has entered.",
        (Origin.Baseline, _, Language.Sv) => "Det här är sådant som redan är rapporterat på annat sätt. Det gäller från början och levereras inte igen.",
        (Origin.Baseline, _, _) => "This has been reported elsewhere before. It stands from the beginning and is not delivered again.",
        (_, WindowNote.SeenAfterStop, Language.Sv) => "Filen låg redan i mappen när tjänsten kom igång efter ett stopp. Den räknas därför i det fönster som var öppet när tjänsten stannade.",
        (_, WindowNote.SeenAfterStop, _) => "The file already lay in the folder when the service came up after a stop. It therefore counts in the window that was open when the service stopped.",
        (_, WindowNote.MovedOn, Language.Sv) => "Filen hann inte bearbetas innan dess fönster stängde. Den räknas därför i nästa fönster.",
        (_, WindowNote.MovedOn, _) => "The file could not be worked before its window closed. It therefore counts in the next window.",
        _ => null,
    };
}
