using System.Globalization;
using System.IO.Abstractions;
using System.Text.Json;
using CsvHelper;
using Dapper;
using Ingest.Formats;
using Ingest.Rules;
using Ingest.Worker.Intake;
using Ingest.Worker.Ledger;
using Ingest.Worker.Receipts;
using Ingest.Worker.Service;
using Ingest.Worker.Settings;
using Microsoft.Data.Sqlite;

namespace Ingest.Worker.Cutoff;

/// <summary>What became of one record at the close.</summary>
internal sealed record ClosedRecord(FileRow File, RecordRow Record, string Outcome, IReadOnlyList<Finding> Findings, (long File, long Line)? Counterpart)
{
    public const string Delivered = "delivered", Netted = "netted", Refused = "refused", Catalogue = "catalogue";

    public string? Mot => Counterpart is { } c ? $"{FileId.Text(c.File)}-{c.Line}" : null;
}

/// <summary>
/// <c>ut/&lt;skolkod&gt;/&lt;date&gt;.kl15.*</c>: each school that sent anything learns what became of every record that was accepted or
/// waited, and gets the refused ones back to mend. Rendered from the ledger, the JSON last.
/// </summary>
internal sealed class CutoffReceipts(LedgerDatabase ledger, RootFolder root, IngestSettings settings, SchoolsFile schools)
{
    private const string Schema = "minatjanster-ingest/cutoff/1";

    /// <summary>The schools that sent anything that counts in the window, or was refused in it.</summary>
    public List<string> Schools(DateOnly window)
    {
        using var connection = ledger.Open();
        return [.. connection.Query<string>("SELECT DISTINCT school FROM file WHERE window = @window AND status IS NOT NULL ORDER BY school", new { window = LedgerDatabase.Number(window) })];
    }

    /// <summary>Files that somebody went on writing after they had been read: what came then counts nowhere.</summary>
    public List<FileRow> Grown(DateOnly window) =>
        [.. Schools(window).SelectMany(s => ledger.FilesOf(s, window)).Where(f => f is { Status: not FileStatus.Rejected, Sniffed: { } read }
            && FileWorker.FindOriginal(root, f) is { } path && root.Files.FileInfo.New(path).Length > read.Bytes)];

    /// <returns>Files whose original is gone, so that their refused records could not be given back.</returns>
    public List<FileRow> WriteSchool(DateOnly window, string school)
    {
        var gone = new List<FileRow>();
        using var connection = ledger.Open();
        var files = ledger.FilesOf(school, window);
        var language = schools.Current.Find(school)?.Language ?? Language.Sv;
        var counts = Counts(connection, files);
        using var outputs = new OutputSet(root.Files, root.OutOf(school), what => $"{Words.Iso(window)}.{ReceiptName.Test(settings.Environment)}kl15.{what}");
        WriteResends(connection, files, outputs, gone);
        WriteCsv(outputs.Open("csv"), Records(connection, files), language);
        WriteHtml(outputs.Open("html"), school, window, counts, files, Records(connection, files), Misfits.Of(connection, school, window), language);
        WriteJson(outputs.Open("json"), school, window, counts, Records(connection, files), Misfits.Of(connection, school, window), language);
        outputs.Commit();
        return gone;
    }

    /// <summary>How many records came to each outcome.</summary>
    internal static Dictionary<string, long> Counts(SqliteConnection connection, List<FileRow> files) =>
        Records(connection, files).CountBy(r => r.Outcome).ToDictionary(c => c.Key, c => (long)c.Value);

    /// <summary>Every record of the files that was accepted or waited, with what the close made of it; in file and line order.</summary>
    private static IEnumerable<ClosedRecord> Records(SqliteConnection connection, List<FileRow> files)
    {
        using var verdicts = new KeptVerdicts(connection);
        foreach (var file in files.Where(f => f.Status != FileStatus.Rejected))
        {
            using var findings = new LedgerDatabase.FindingStream(connection, file.Id, close: 1);
            foreach (var record in LedgerDatabase.Records(connection, file))
            {
                if (record.Line == 0 || record.Status is RecordStatus.Rejected or RecordStatus.Duplicate) continue;
                var verdict = verdicts.Of(file.Id, record.Line);
                var outcome = record.Kind is RecordKind.CourseOffering or RecordKind.Module ? ClosedRecord.Catalogue
                    : verdict?.Outcome switch { null or Outcome.Delivered => ClosedRecord.Delivered, Outcome.Netted => ClosedRecord.Netted, _ => ClosedRecord.Refused };
                yield return new ClosedRecord(file, record, outcome, findings.Take(record.Line), verdict?.Other);
            }
        }
    }

    private static void WriteCsv(Stream stream, IEnumerable<ClosedRecord> records, Language language)
    {
        using var csv = ReceiptCsv.Open(stream, "fil", "rad", "händelse-id", "posttyp", "utfall", "kod", "meddelande", "mot");
        foreach (var r in records)
            csv.WriteRecord([FileId.Text(r.File.Id), Phrase.Number(r.Record.Line), r.Record.EventId ?? "", Words.Tag(r.Record.Kind), r.Outcome,
                Words.Codes(r.Findings), Message(r, language), r.Mot ?? ""]);
    }

    private void WriteJson(Stream stream, string school, DateOnly window, Dictionary<string, long> counts, IEnumerable<ClosedRecord> records, IEnumerable<Misfit> misfits, Language language)
    {
        using var json = new Utf8JsonWriter(stream, ReceiptJson.Readable);
        json.WriteStartObject();
        json.WriteString("schema", Schema);
        json.WriteString("school", school);
        json.WriteString("environment", settings.Environment);
        json.WriteStartObject("window");
        json.WriteString("date", Words.Iso(window));
        json.WriteString("closesAt", Words.Iso(ReportingCalendar.On(window).ClosesAt));
        json.WriteEndObject();
        json.WriteStartObject("counts");
        foreach (var outcome in new[] { ClosedRecord.Delivered, ClosedRecord.Netted, ClosedRecord.Refused, ClosedRecord.Catalogue })
            json.WriteNumber(outcome, counts.GetValueOrDefault(outcome));
        json.WriteEndObject();
        json.WriteStartArray("records");
        foreach (var r in records)
        {
            json.WriteStartObject();
            json.WriteString("fileId", FileId.Text(r.File.Id));
            json.WriteNumber("line", r.Record.Line);
            json.WriteString("eventId", r.Record.EventId);
            json.WriteString("kind", Words.Tag(r.Record.Kind));
            json.WriteString("outcome", r.Outcome);
            json.WriteStartArray("codes");
            foreach (var code in r.Findings.Select(f => f.Code).Distinct().Order()) json.WriteStringValue(code.ToString());
            json.WriteEndArray();
            json.WriteString("message", Message(r, language) is { Length: > 0 } message ? message : null);
            if (r.Counterpart is { } other)
            {
                json.WriteStartObject("counterpart");
                json.WriteString("fileId", FileId.Text(other.File));
                json.WriteNumber("line", other.Line);
                json.WriteEndObject();
            }
            else
            {
                json.WriteNull("counterpart");
            }
            json.WriteEndObject();
            if (json.BytesPending > 1 << 16) json.Flush();
        }
        json.WriteEndArray();
        Misfits.WriteJson(json, misfits, language);
        json.WriteEndObject();
        json.Flush();
        stream.WriteByte((byte)'\n');
    }

    private void WriteHtml(
        Stream stream, string school, DateOnly window, Dictionary<string, long> counts, List<FileRow> files, IEnumerable<ClosedRecord> records, IEnumerable<Misfit> misfits, Language language)
    {
        var sv = language == Language.Sv;
        using var page = new HtmlPage(stream, (sv ? "Resultat " : "Outcome, ") + Words.Moment(ReportingCalendar.On(window).ClosesAt, language) + $": {school}", language, settings.Environment);
        var refused = counts.GetValueOrDefault(ClosedRecord.Refused);
        // Read again for each use: a window may hold a million of them.
        var told = records.Where(r => r.Findings.Count > 0 || r.Outcome == ClosedRecord.Refused);
        var mailed = refused > 0 && told.Any(r => r.Outcome == ClosedRecord.Refused && r.Findings.Any(f => f.Code == FindingCode.K41));
        page.Paragraph(refused == 0
            ? sv ? "Fönstret är stängt. Inga poster avvisades." : "The window has closed. No records were refused."
            : sv ? $"Fönstret är stängt. {Words.Records(refused, language)} avvisades: rätta i omsändningen och lägg in den i nästa fönster.{(mailed ? " Det som har koden K41 rättas i stället genom mejl till studierapporter@csn.se." : "")}"
            : $"The window has closed. {Words.Records(refused, language)} refused: mend in the omsandning and drop it in the next window.{(mailed ? " What has code K41 is corrected by mail to studierapporter@csn.se instead." : "")}", "summary");
        page.Table(sv ? ["#Poster", "Utfall"] : ["#Records", "Outcome"]);
        foreach (var (outcome, name) in new[]
        {
            (ClosedRecord.Delivered, sv ? "levererade" : "delivered"), (ClosedRecord.Netted, sv ? "kvittade: upphävde varandra och levereras inte" : "netted: nothing sent"),
            (ClosedRecord.Refused, sv ? "avvisade" : "refused"), (ClosedRecord.Catalogue, sv ? "till studietider och utbildningar" : "to the course catalogue"),
        })
            page.Row(1, Words.Count(counts.GetValueOrDefault(outcome), language), name);
        page.EndTable();
        var (refusedFiles, rejected) = (files.Count(f => f.Status == FileStatus.Rejected), files.Sum(f => f.Counts.Rejected));
        if (rejected > 0)
            page.Paragraph(sv
                ? $"När filerna kom in avvisades dessutom {Words.Records(rejected, language)}: se filernas egna kvittenser."
                : $"When the files came in, {Words.Records(rejected, language)} rejected besides: see the files' own receipts.");
        if (refusedFiles > 0)
            page.Paragraph(sv
                ? $"{Words.Count(refusedFiles, language)} av {Words.Count(files.Count, language)} filer avvisades i sin helhet."
                : $"{Words.Count(refusedFiles, language)} of {Words.Count(files.Count, language)} files were refused whole.");
        if (misfits.Any())
            page.Paragraph(sv
                ? "Längst ned står levererade registreringar som gäller men inte längre stämmer med kurskatalogen."
                : "At the end stand delivered registrations that hold but no longer fit the course catalogue.");
        if (told.Any()) WriteTold(page, told, language);
        Misfits.WriteHtml(page, misfits, language);
    }

    private static void WriteTold(HtmlPage page, IEnumerable<ClosedRecord> told, Language language)
    {
        var sv = language == Language.Sv;
        page.Heading(2, sv ? "Avvisat och kvittat" : "Refused and netted");
        page.Table(sv ? ["#Rad", "Fil", "Post", "Utfall", "Kod", "Vad som hände", "Vad ni gör", "Kvittad mot"] : ["#Line", "File", "Record", "Outcome", "Code", "What happened", "What to do", "Against"]);
        foreach (var r in told.Where(r => r.Outcome == ClosedRecord.Refused).Concat(told.Where(r => r.Outcome != ClosedRecord.Refused)))
            page.Row(1, Phrase.Number(r.Record.Line), $"{r.File.Name} ({FileId.Text(r.File.Id)})", Words.Tag(r.Record.Kind), OutcomeWord(r.Outcome, language), Words.Codes(r.Findings),
                Message(r, language), Fix(r, language), r.Mot);
        page.EndTable();
    }

    private static string OutcomeWord(string outcome, Language language) => (outcome, language) switch
    {
        (ClosedRecord.Delivered, Language.Sv) => "levererad",
        (ClosedRecord.Netted, Language.Sv) => "kvittad",
        (ClosedRecord.Refused, Language.Sv) => "avvisad",
        _ => outcome,
    };

    private static string Message(ClosedRecord record, Language language) =>
        string.Join(' ', record.Findings.Select(f => FindingCatalogue.Message(f, language)).Distinct());

    /// <summary>What to do; "nothing" is left out where something else is to be done.</summary>
    private static string Fix(ClosedRecord record, Language language)
    {
        var toDo = record.Findings.Where(f => f.Severity != Severity.I).ToList();
        return string.Join(' ', (toDo.Count > 0 ? toDo : record.Findings).Select(f => FixAfterwards(f, language)).Distinct());
    }

    /// <summary>The catalogue's words for a waiting record speak of what can be done before 15:00; here that is over.</summary>
    private static string FixAfterwards(Finding finding, Language language) => (finding, language) switch
    {
        ({ Severity: not Severity.W } or { Code: FindingCode.K41 }, _) => FindingCatalogue.Fix(finding, language),
        (_, Language.Sv) => "Rätta posten, eller rapportera det som saknas, och lägg in omsändningsfilen på nytt.",
        _ => "Correct the record, or report what is missing, and drop the omsandning file again.",
    };

    /// <summary>One omsändning for each shape, encoding and header among the files with refused records.</summary>
    private void WriteResends(SqliteConnection connection, List<FileRow> files, OutputSet outputs, List<FileRow> gone)
    {
        var open = new List<(FileRow First, string HeaderKey, Stream Output)>();
        foreach (var file in files)
        {
            var refused = Records(connection, [file]).Where(r => r.Outcome == ClosedRecord.Refused).Select(r => r.Record);
            if (!refused.Any()) continue;
            using var original = FileWorker.OpenOriginal(root, file);
            if (original is null)
            {
                gone.Add(file);
                continue;
            }
            var bytes = new SourceBytes(original);
            var first = LedgerDatabase.FirstOffset(connection, file.Id)!.Value;
            var key = $"{file.Sniffed!.Text} {file.Sniffed.Profile} " + (file.Sniffed.Shape == FileShape.Csv || file.Sniffed.Profile is not null ? Convert.ToHexString(bytes.Read(0, (int)first)) : "");
            var output = open.Find(o => o.First.Sniffed!.Shape == file.Sniffed.Shape && o.HeaderKey == key).Output;
            if (output is null)
            {
                output = outputs.Open($"omsandning.{(open.Count + 1).ToString(CultureInfo.InvariantCulture)}.{ReceiptName.Extension(file.Name, file.Sniffed.Shape!.Value)}");
                Resend.WriteHeader(output, file.Sniffed, bytes, first, Resend.Header(file.School, file.System ?? "", file.Environment ?? settings.Environment,
                    ReportingCalendar.On(file.Window).ClosesAt));
                open.Add((file, key, output));
            }
            foreach (var record in refused) Resend.WriteRecord(output, file.Sniffed, bytes.Read(record.Offset, record.Length));
        }
        foreach (var (first, _, output) in open) Resend.WriteTrailer(output, first.Sniffed!);
    }
}
