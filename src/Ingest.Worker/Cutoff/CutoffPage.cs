using Ingest.Formats;
using Ingest.Rules;
using Ingest.Worker.Ledger;
using Ingest.Worker.Receipts;

namespace Ingest.Worker.Cutoff;

/// <summary>kl15.html: what the close came to, what to do about what it refused and by when, and then each record that it has something to say about.</summary>
internal sealed class CutoffPage(Stream stream, string school, ReportingWindow window, string environment, Language language) : IDisposable
{
    private const int MostNamed = 3;

    private readonly HtmlPage page = new(
        stream, (language == Language.Sv ? "Resultat " : "Outcome, ") + Words.Moment(window.ClosesAt, language) + $": {school}", language, environment);

    private bool Sv => language == Language.Sv;

    /// <param name="resends">The names of the omsändningar.</param>
    /// <param name="next">The window in which what is mended can count.</param>
    public void Write(Dictionary<string, long> counts, List<FileRow> files, List<string> resends, ReportingWindow next, ClosedRecords records, IEnumerable<Misfit> misfits)
    {
        var codes = records.RefusedFor();
        var byMail = codes.Find(c => c.Key == FindingCode.K41).Value;
        page.Paragraph(Summary(counts, files, resends, next, byMail), "summary");
        WriteCounts(counts, files);
        if (misfits.Any())
            page.Paragraph(Sv
                ? "Längst ned står levererade registreringar som gäller men inte längre stämmer med kurskatalogen."
                : "At the end stand delivered registrations that hold but no longer fit the course catalogue.");
        if (codes.Count > 0) WriteToDo(codes);
        WriteTold(records.Told(refused: true).Concat(records.Told(refused: false)));
        Misfits.WriteHtml(page, misfits, language);
    }

    /// <summary>In a few sentences what happened, and what to do by when.</summary>
    private string Summary(Dictionary<string, long> counts, List<FileRow> files, List<string> resends, ReportingWindow next, long byMail)
    {
        var refused = counts.GetValueOrDefault(ClosedRecord.Refused);
        var toMend = refused - byMail;
        List<string> sentences = [Sv ? "Fönstret är stängt." : "The window has closed."];
        if (refused == 0 && counts.Count == 0 && files.TrueForAll(f => f.Status == FileStatus.Rejected))
            sentences.Add(files.Count == 1
                ? Sv ? $"Ingenting levererades: filen {Named(files[0])} avvisades i sin helhet. Se dess kvittens." : $"Nothing was delivered: file {Named(files[0])} was refused whole. See its receipt."
                : Sv ? $"Ingenting levererades: alla {Words.Count(files.Count, language)} filerna avvisades i sin helhet. Se deras kvittenser." : $"Nothing was delivered: all {Words.Count(files.Count, language)} files were refused whole. See their receipts.");
        else if (refused == 0)
            sentences.Add(Sv ? "Inga poster avvisades vid stängningen." : "No records were refused at the close.");
        else
            sentences.Add(Sv ? $"{Words.Records(refused, language)} avvisades." : $"Refused: {Words.Records(refused, language)}.");
        var these = (Sv, byMail > 0, toMend) switch
        {
            (true, true, _) => $"{Words.Count(toMend, language)} av dem",
            (false, true, _) => $"{Words.Count(toMend, language)} of them",
            (true, _, 1) => "den",
            (true, _, _) => "dem",
            (_, _, 1) => "it",
            _ => "them",
        };
        if (toMend > 0)
            sentences.Add(Sv
                ? $"Rätta {these} i {Files(resends)} och lämna in {(resends.Count > 1 ? "filerna" : "filen")} före {Words.Moment(next.ClosesAt, language)}."
                : $"Mend {these} in {Files(resends)} and drop {(resends.Count > 1 ? "the files" : "the file")} before {Words.Moment(next.ClosesAt, language)}.");
        if (byMail > 0)
            sentences.Add((Sv, toMend > 0) switch
            {
                (true, true) => $"{Words.Records(byMail, language)} med koden K41 rättas i stället genom mejl till studierapporter@csn.se: ta bort {(byMail == 1 ? "den" : "dem")} ur omsändningen innan ni lämnar in den.",
                (true, false) => "Här hjälper ingen ny fil: mejla studierapporter@csn.se och ange filens id och radens nummer.",
                (false, true) => $"{Words.Records(byMail, language)} with code K41 must be corrected by mail to studierapporter@csn.se instead: take {(byMail == 1 ? "it" : "them")} out of the omsandning before you drop it.",
                _ => "No new file helps here: mail studierapporter@csn.se and give the file's id and the line number.",
            });
        return string.Join(' ', sentences);
    }

    private string Files(List<string> resends) => resends.Count switch
    {
        0 => Sv ? "en ny fil" : "a new file",
        <= MostNamed => string.Join(Sv ? " och " : " and ", resends.Select(n => Sv ? $"”{n}”" : $"“{n}”")),
        _ => Sv ? $"de {Words.Count(resends.Count, language)} filerna ”{Stem(resends[0])}…”" : $"the {Words.Count(resends.Count, language)} files “{Stem(resends[0])}…”",
    };

    private static string Stem(string resend) => resend[..(resend.LastIndexOf("omsandning.", StringComparison.Ordinal) + "omsandning.".Length)];

    private static string Named(FileRow file) => FileNames.Shown(file.Name, file.Id);

    private void WriteCounts(Dictionary<string, long> counts, List<FileRow> files)
    {
        page.Table(Sv ? ["#Poster", "Utfall"] : ["#Records", "Outcome"]);
        foreach (var (outcome, name) in new[]
        {
            (ClosedRecord.Delivered, Sv ? "levererade" : "delivered"), (ClosedRecord.Netted, Sv ? "kvittade: upphävde eller ersatte varandra, eller gällde en period som är slut; levereras inte" : "netted: nothing sent"),
            (ClosedRecord.Refused, Sv ? "avvisade" : "refused"), (ClosedRecord.Catalogue, Sv ? "till kurskatalogen (studietider och utbildningar)" : "to the course catalogue"),
        })
            page.Row(1, Words.Count(counts.GetValueOrDefault(outcome), language), name);
        page.EndTable();
        var (refusedFiles, rejected) = (files.Count(f => f.Status == FileStatus.Rejected), files.Sum(f => f.Counts.Rejected));
        if (rejected > 0)
            page.Paragraph(Sv
                ? $"När filerna kom in avvisades dessutom {Words.Records(rejected, language)}: se filernas egna kvittenser."
                : $"When the files came in, {Words.Records(rejected, language)} had been rejected already: see the files' own receipts.");
        if (refusedFiles > 0)
            page.Paragraph(Sv
                ? $"{Words.Count(refusedFiles, language)} av {Words.Count(files.Count, language)} filer avvisades i sin helhet."
                : $"{Words.Count(refusedFiles, language)} of {Words.Count(files.Count, language)} files were refused whole.");
    }

    private void WriteToDo(List<KeyValuePair<FindingCode, int>> codes)
    {
        var shown = codes.Where(c => FindingCatalogue.Get(c.Key).Severity != Severity.I).ToList();
        page.Heading(2, Sv ? "Att göra" : "What to do");
        foreach (var (code, count) in shown)
        {
            var definition = FindingCatalogue.Get(code);
            var text = definition.In(language);
            page.Heading(3, $"{code} {text.Title} ({Words.Records(count, language)})");
            page.Paragraph(ReceiptHtml.GeneralFix(text.FixWhenRefused ?? text.Fix, language));
            if (FindingCatalogue.ContactText(definition.Contact, language) is { Length: > 0 } contact) page.Paragraph((Sv ? "Frågor: " : "Questions: ") + contact);
        }
    }

    /// <summary>Nothing when there is nothing to tell.</summary>
    private void WriteTold(IEnumerable<ClosedRecord> told)
    {
        var any = false;
        foreach (var r in told)
        {
            if (!any)
            {
                page.Heading(2, Sv ? "Rad för rad" : "Line by line");
                page.Table(Sv ? ["#Rad", "Fil", "Post", "Utfall", "Kod", "Vad som hände", "Vad ni gör", "Kvittad mot"] : ["#Line", "File", "Record", "Outcome", "Code", "What happened", "What to do", "Against"]);
                any = true;
            }
            page.Row(1, Phrase.Number(r.Line), Named(r.File), Words.Tag(r.Kind), OutcomeWord(r.Outcome), Words.Codes(r.Findings),
                r.Message(language), r.Fix(language),
                r.Counterpart is { } c ? $"{FileNames.Shown(c.FileName, c.File)}, {(Sv ? "rad" : "line")} {c.Line}" : "");
        }
        if (any) page.EndTable();
    }

    private string OutcomeWord(string outcome) => (outcome, language) switch
    {
        (ClosedRecord.Delivered, Language.Sv) => "levererad",
        (ClosedRecord.Netted, Language.Sv) => "kvittad",
        (ClosedRecord.Refused, Language.Sv) => "avvisad",
        _ => outcome,
    };

    public void Dispose() => page.Dispose();
}
