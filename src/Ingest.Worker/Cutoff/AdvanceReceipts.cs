using System.Text.Json;
using Ingest.Formats;
using Ingest.Rules;
using Ingest.Worker.Ledger;
using Ingest.Worker.Receipts;
using Ingest.Worker.Settings;

namespace Ingest.Worker.Cutoff;

/// <summary>
/// <c>ut/&lt;skolkod&gt;/&lt;date&gt;.forhand.*</c>: while there is time, a school learns what the close would refuse, for want of what, and what
/// to do before it. The JSON comes last.
/// </summary>
internal sealed class AdvanceReceipts(LedgerDatabase ledger, RootFolder root, IngestSettings settings, SchoolsFile schools, TimeProvider time)
{
    private const string Schema = "minatjanster-ingest/advance/1";

    /// <summary>Writes all three, in one pass over what is foreseen.</summary>
    public void Write(string school, ReportingWindow window, Foreseen foreseen)
    {
        using var outputs = new OutputSet(root.Files, root.OutOf(school), what => $"{Words.Iso(window.Date)}.{ReceiptName.Test(settings.Environment)}forhand.{what}");
        Render(outputs, school, window, foreseen, schools.Current.Find(school)?.Language ?? Language.Sv);
        outputs.Commit();
    }

    private void Render(OutputSet outputs, string school, ReportingWindow window, Foreseen foreseen, Language language)
    {
        var asOf = time.GetUtcNow();
        using var connection = ledger.Open();
        var names = new FileNames(connection);
        var files = ledger.FilesOf(school, window.Date).ToDictionary(f => f.Id);
        using var csv = ReceiptCsv.Open(outputs.Open("csv"), "fil", "rad", "händelse-id", "posttyp", "utfall", "kod", "meddelande", "åtgärd", "kontakt", "filnamn");
        var page = OpenPage(outputs.Open("html"), school, window, asOf, foreseen, language);
        var last = outputs.Open("json");
        using var json = new Utf8JsonWriter(last, ReceiptJson.Readable);
        WriteHead(json, school, window, asOf, foreseen);
        foreach (var r in foreseen.ToSeeTo().Select(r => r with { Findings = [.. r.Findings.Select(f => names.In(f, r.File))] }))
        {
            var file = files[r.File];
            var eventId = r.EventId is null ? null : Masking.Numbers(r.EventId, ReportingCalendar.SwedishDate(file.Arrived), out _);
            var outcome = Words.Machine(r.Prospect);
            var (codes, message, fix) = (Words.Codes(r.Findings), Joined(r.Findings.Select(f => FindingCatalogue.Message(f, language))), Joined(ToDo(r).Select(f => FindingCatalogue.Fix(f, language))));
            csv.WriteRecord([FileId.Text(r.File), Phrase.Number(r.Line), eventId ?? "", Words.Tag(r.Kind), outcome, codes, message, fix,
                string.Join(", ", ToDo(r).Select(f => FindingCatalogue.ContactText(FindingCatalogue.Get(f.Code).Contact, language)).Where(c => c.Length > 0).Distinct()), file.Name]);
            page.Row(1, Phrase.Number(r.Line), FileNames.Shown(file.Name, r.File), Words.Tag(r.Kind), codes, message, fix);
            json.WriteStartObject();
            json.WriteString("fileId", FileId.Text(r.File));
            json.WriteString("fileName", file.Name);
            json.WriteNumber("line", r.Line);
            json.WriteString("eventId", eventId);
            json.WriteString("kind", Words.Tag(r.Kind));
            json.WriteString("outcome", outcome);
            json.WriteStartArray("codes");
            foreach (var code in r.Findings.Select(f => f.Code).Distinct().Order()) json.WriteStringValue(code.ToString());
            json.WriteEndArray();
            json.WriteString("message", message);
            json.WriteString("fix", fix);
            json.WriteEndObject();
            if (json.BytesPending > 1 << 16) json.Flush();
        }
        page.EndTable();
        page.Raw("<footer>\n");
        page.Paragraph(language == Language.Sv
            ? "Det slutgiltiga beskedet kommer efter stängningen, i filen ”kl15”. Personnummer visas aldrig i klartext här."
            : "What became of each record is told after the close, in the file “kl15”. No personnummer is shown in clear here.");
        page.Raw("</footer>\n");
        page.Dispose();
        json.WriteEndArray();
        json.WriteEndObject();
        json.Flush();
        last.WriteByte((byte)'\n');
    }

    private void WriteHead(Utf8JsonWriter json, string school, ReportingWindow window, DateTimeOffset asOf, Foreseen foreseen)
    {
        json.WriteStartObject();
        json.WriteString("schema", Schema);
        json.WriteString("school", school);
        json.WriteString("environment", settings.Environment);
        json.WriteStartObject("window");
        json.WriteString("date", Words.Iso(window.Date));
        json.WriteString("closesAt", Words.Iso(window.ClosesAt));
        json.WriteEndObject();
        json.WriteString("asOf", Words.Iso(asOf));
        json.WriteStartObject("counts");
        json.WriteNumber("refused", foreseen.Refused);
        json.WriteNumber("warned", foreseen.Warned);
        json.WriteEndObject();
        json.WriteStartArray("records");
    }

    /// <summary>Everything before the rows: what will happen, and what to do about each kind of fault.</summary>
    private HtmlPage OpenPage(Stream stream, string school, ReportingWindow window, DateTimeOffset asOf, Foreseen foreseen, Language language)
    {
        var sv = language == Language.Sv;
        var (closes, now) = (Words.Moment(window.ClosesAt, language), Words.Moment(asOf, language));
        var page = new HtmlPage(stream, sv ? $"Att rätta före klockan 15.00: {school}" : $"To mend before 15:00: {school}", language, settings.Environment);
        page.Paragraph(Summary(foreseen, closes, language), "summary");
        page.Paragraph(sv
            ? $"Så såg det ut {now}. Kommer det som saknas in före stängningen behöver ni inte göra något mer: posterna som väntar ska inte sändas om."
            : $"This is how it stood on {now}. If what is missing comes before the close you need do nothing more: the records that wait need not be sent again.");
        page.Heading(2, sv ? "Att göra före klockan 15.00" : "What to do before 15:00");
        foreach (var (code, count) in foreseen.Codes(toSeeTo: true).Where(c => FindingCatalogue.Get(c.Code).Severity != Severity.I))
        {
            var definition = FindingCatalogue.Get(code);
            page.Heading(3, $"{code} {definition.In(language).Title} ({Words.Records(count, language)}{(definition.Severity == Severity.V ? sv ? ", varning" : ", warning" : "")})");
            page.Paragraph(ReceiptHtml.GeneralFix(definition.In(language).Fix, language));
            if (FindingCatalogue.ContactText(definition.Contact, language) is { Length: > 0 } contact)
                page.Paragraph((sv ? "Frågor: " : "Questions: ") + contact);
        }
        page.Heading(2, sv ? "Rad för rad" : "Line by line");
        page.Table(sv ? ["#Rad", "Fil", "Post", "Kod", "Vad som är fel eller saknas", "Vad ni gör före klockan 15.00"] : ["#Line", "File", "Record", "Code", "What is wrong or missing", "What to do before 15:00"]);
        return page;
    }

    private static string Summary(Foreseen foreseen, string closes, Language language)
    {
        var (refused, warned) = (foreseen.Refused, foreseen.Warned);
        List<string> sentences = [];
        if (language == Language.Sv)
        {
            if (refused > 0) sentences.Add($"{Words.Records(refused, language)} avvisas {closes} om inget görs före dess.");
            if (warned > 0) sentences.Add($"{Words.Count(warned, language)} borttag går igenom, men inte det som skulle ersätta uppgiften.");
        }
        else
        {
            if (refused > 0) sentences.Add($"{Words.Records(refused, language)} will be refused on {closes} if nothing is done before.");
            if (warned > 0) sentences.Add($"{Words.Count(warned, language)} removals will go through, but not what was to replace what they remove.");
        }
        return string.Join(' ', sentences);
    }

    private static string Joined(IEnumerable<string> texts) => string.Join(' ', texts.Distinct());

    /// <summary>"You need not do anything" is left out where something else is to be done.</summary>
    private static IEnumerable<Finding> ToDo(ForeseenRecord record) => record.Findings.Where(f => f.Severity != Severity.I);
}
