using System.Globalization;
using Ingest.Formats;
using Ingest.Rules;
using Ingest.Worker.Ledger;

namespace Ingest.Worker.Receipts;

/// <summary>rapport.html: what happened, what to do about it, and whom to ask; then every finding in line order.</summary>
internal static class ReceiptHtml
{
    private const int MostTold = 10;

    /// <summary>Everything before the table of findings.</summary>
    /// <param name="earlier">The file that it is a duplicate of, as people read it.</param>
    public static HtmlPage Open(Stream stream, FileRow file, string environment, IReadOnlyList<(FindingCode Code, long Count)> codes,
        IReadOnlyList<Finding> aboutFile, string? earlier, Language language)
    {
        var sv = language == Language.Sv;
        var page = new HtmlPage(stream, sv ? $"Kvittens på {file.Name}" : $"Receipt for {file.Name}", language, environment);
        page.Paragraph(Words.Summary(file, earlier, language), "summary");
        if (Words.Note(file, language) is { } note) page.Paragraph(note);
        page.Facts(Facts(file, environment, language));
        page.Heading(2, sv ? "Så gick det" : "What became of it");
        WriteCounts(page, file.Counts, language);
        if (codes.Count == 0) return page;

        page.Heading(2, sv ? "Att göra" : "What to do");
        foreach (var (code, count) in codes.OrderBy(c => FindingCatalogue.Get(c.Code).Severity).ThenBy(c => c.Code))
        {
            var definition = FindingCatalogue.Get(code);
            page.Heading(3, $"{code} {definition.In(language).Title} ({Words.Severity(definition.Severity, language).ToLower(CultureInfo.InvariantCulture)}, {Words.Count(count, language)})");
            var ofFile = aboutFile.Where(f => f.Code == code).ToList();
            foreach (var finding in ofFile.Take(MostTold)) page.Paragraph(FindingCatalogue.Message(finding, language));
            foreach (var fix in ofFile.Take(MostTold).Select(f => FindingCatalogue.Fix(f, language)).Distinct()) page.Paragraph(fix);
            if (ofFile.Count == 0)
                page.Paragraph(GeneralFix(definition.In(language).Fix, language));
            if (FindingCatalogue.ContactText(definition.Contact, language) is { Length: > 0 } contact)
                page.Paragraph((sv ? "Frågor: " : "Questions: ") + contact);
        }
        page.Heading(2, sv ? "Rad för rad" : "Line by line");
        page.Table(sv ? ["#Rad", "#Tecken", "Post", "Följd", "Fält", "Värde", "Kod", "Vad som hänt", "Vad ni gör"] : ["#Line", "#Character", "Record", "Effect", "Field", "Value", "Code", "What happened", "What to do"]);
        return page;
    }

    public static void WriteFinding(HtmlPage page, RecordRow record, Finding f, in FindingWords words, Language language) =>
        page.Row(2, f.Line == 0 ? "" : Phrase.Number(f.Line), f.Column?.ToString(CultureInfo.InvariantCulture), Words.Tag(record.Kind), Words.Severity(f.Severity, language), f.Field, f.Value, f.Code.ToString(),
            words.Message, words.Fix);

    public static void Close(HtmlPage page, FileRow file, bool hasFindings, Language language)
    {
        if (hasFindings) page.EndTable();
        var counted = file.Counts.Read > file.Counts.Rejected;
        page.Raw("<footer>\n");
        page.Paragraph(language == Language.Sv
            ? $"Kvittens {FileId.Text(file.Id)}-K.{(counted ? " De poster som inte avvisades står rad för rad i filen ”accepterade.csv”." : "")} Personnummer visas aldrig i klartext här."
            : $"Receipt {FileId.Text(file.Id)}-K.{(counted ? " The records that were not rejected stand line by line in “accepterade.csv”." : "")} No personnummer is shown in clear here.");
        page.Raw("</footer>\n");
        page.Dispose();
    }

    /// <summary>A fix that names this or that record's values is said in the table; here only what holds for all.</summary>
    internal static string GeneralFix(string fix, Language language) =>
        !fix.Contains('{') ? fix : language == Language.Sv ? "Vad ni gör står på raderna nedan." : "The lines below say what to do.";

    private static IEnumerable<(string, string?)> Facts(FileRow file, string environment, Language language)
    {
        var sv = language == Language.Sv;
        yield return (sv ? "Skola" : "School", file.School);
        yield return (sv ? "Mottagen" : "Received", ReportingCalendar.Swedish(file.Arrived).ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture));
        yield return (sv ? "Räknas i fönstret som stänger" : "Counts in the window that closes",
            file.Status == FileStatus.Rejected || file.Origin == Origin.Baseline ? null : Words.Moment(ReportingCalendar.On(file.Window).ClosesAt, language));
        yield return (sv ? "Fil-id" : "File id", FileId.Text(file.Id));
        yield return (sv ? "Format" : "Format", file.Sniffed!.Format);
        yield return (sv ? "Teckenkodning" : "Encoding", file.Sniffed.Shape is null ? null : file.Sniffed.Text.Name());
        yield return (sv ? "Avsändande system" : "Sending system", file.System);
        yield return (sv ? "Löpnummer" : "Löpnummer", file.Sequence is { } s ? s.ToString("D8", CultureInfo.InvariantCulture) : null);
        yield return (sv ? "Nästa löpnummer" : "Next löpnummer", file.NextSequence is { } n ? n.ToString("D8", CultureInfo.InvariantCulture) : null);
        yield return ("SHA-256", file.Sniffed.Sha256);
        if (file.Status == FileStatus.PartiallyAccepted)
            yield return (sv ? "Omsändningsfil" : "Omsandning file", ReceiptName.Of(file.Name, file.Id, environment, $"omsandning.{ReceiptName.Extension(file.Name, file.Sniffed.Shape!.Value)}"));
    }

    private static void WriteCounts(HtmlPage page, Counts c, Language language)
    {
        var sv = language == Language.Sv;
        page.Table(sv ? ["#Poster", "Utfall"] : ["#Records", "Outcome"]);
        foreach (var (count, name) in new[]
        {
            (c.Read, sv ? "lästa" : "read"),
            (c.Accepted, (sv ? "accepterade" : "accepted") + (c.Warned == 0 ? "" : sv ? $", {Words.Count(c.Warned, language)} med varning" : $", {Words.Count(c.Warned, language)} with a warning")),
            (c.Waiting, sv ? "väntar: något saknas eller stämmer inte" : "wait: something is missing or does not agree"),
            (c.Duplicate, sv ? "redan rapporterade" : "already reported"),
            (c.Rejected, sv ? "avvisade" : "rejected"),
        })
            page.Row(1, Words.Count(count, language), name);
        page.EndTable();
    }
}
