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

/// <summary>The record that another was netted against.</summary>
internal sealed record Counterpart(long File, string FileName, long Line);

/// <summary>What became of one record at the close.</summary>
internal sealed record ClosedRecord(FileRow File, RecordRow Record, string Outcome, IReadOnlyList<Finding> Findings, Counterpart? Counterpart)
{
    public const string Delivered = "delivered", Netted = "netted", Refused = "refused", Catalogue = "catalogue";

    public string? Mot => Counterpart is { } c ? $"{FileId.Text(c.File)}-{c.Line}" : null;

    public bool IsRefused => Outcome == Refused;

    public string Message(Language language) => Findings.Count == 0 ? "" : Joined(Findings.Select(f => FindingCatalogue.Message(f, language, IsRefused)));

    /// <summary>What to do.</summary>
    public string Fix(Language language) => Findings.Count == 0 ? "" : Joined(ToDo.Select(f => FindingCatalogue.Fix(f, language, IsRefused)));

    /// <summary>Whom to ask; empty when nothing has to be done.</summary>
    public string Contact(Language language) => Findings.Count == 0 ? "" : Joined(ToDo.Select(f => FindingCatalogue.ContactText(FindingCatalogue.Get(f.Code).Contact, language)).Where(c => c.Length > 0), ", ");

    /// <summary>"You need not do anything" is left out where something else is to be done.</summary>
    private IEnumerable<Finding> ToDo => Findings.Any(f => f.Severity != Severity.I) ? Findings.Where(f => f.Severity != Severity.I) : Findings;

    private static string Joined(IEnumerable<string> texts, string divider = " ") => string.Join(divider, texts.Distinct());
}

/// <summary>
/// <c>ut/&lt;skolkod&gt;/&lt;date&gt;.kl15.*</c>: each school that sent anything learns what became of every record that was accepted or
/// waited, and gets the refused ones back to mend. Rendered from the ledger, the JSON last.
/// </summary>
internal sealed class CutoffReceipts(LedgerDatabase ledger, RootFolder root, IngestSettings settings, ReportingCalendar calendar, SchoolsFile schools)
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

    /// <summary>Writes a school's receipts of a window that has closed; again, they are the same bytes.</summary>
    /// <param name="folder">Where to; null for the school's <c>ut/</c>.</param>
    /// <param name="language">Null for the school's.</param>
    /// <returns>The names written, and the files whose original is gone, so that their refused records could not be given back.</returns>
    public (List<string> Names, List<FileRow> Gone) WriteSchool(DateOnly window, string school, string? folder = null, Language? language = null)
    {
        var gone = new List<FileRow>();
        using var connection = ledger.Open();
        var files = ledger.FilesOf(school, window);
        var spoken = language ?? schools.Current.Find(school)?.Language ?? Language.Sv;
        var counts = Counts(connection, files);
        string Name(string what) => $"{Words.Iso(window)}.{ReceiptName.Test(settings.Environment)}kl15.{what}";
        using var outputs = new OutputSet(root.Files, folder ?? root.OutOf(school), Name);
        var resends = WriteResends(connection, files, outputs, gone);
        WriteCsv(outputs.Open("csv"), Records(connection, files), spoken);
        using (var page = new CutoffPage(outputs.Open("html"), school, ReportingCalendar.On(window), settings.Environment, spoken))
            page.Write(counts, files, resends.ConvertAll(Name), calendar.After(window), Judged(connection, files), Misfits.Of(connection, school, window));
        WriteJson(outputs.Open("json"), school, window, counts, Records(connection, files), Misfits.Of(connection, school, window), spoken);
        return (outputs.Commit(), gone);
    }

    /// <summary>How many records came to each outcome.</summary>
    internal static Dictionary<string, long> Counts(SqliteConnection connection, List<FileRow> files)
    {
        var (counts, students) = (new Dictionary<string, long>(), 0L);
        using var lines = new LineQuery(connection);
        foreach (var file in files.Where(f => f.Status != FileStatus.Rejected))
        {
            foreach (var line in lines.Of(file.Id, withIds: false).Where(l => l.Status is not (RecordStatus.Rejected or RecordStatus.Duplicate)))
            {
                if (line.Kind is RecordKind.CourseOffering or RecordKind.Module) Add(ClosedRecord.Catalogue, 1);
                else students++;
            }
            foreach (var (outcome, count) in connection.Query<(Outcome, long)>("SELECT outcome, count(*) FROM verdict WHERE file = @Id GROUP BY outcome", new { file.Id }))
                if (outcome != Outcome.Delivered) Add(outcome == Outcome.Netted ? ClosedRecord.Netted : ClosedRecord.Refused, count);
        }
        Add(ClosedRecord.Delivered, students - counts.GetValueOrDefault(ClosedRecord.Netted) - counts.GetValueOrDefault(ClosedRecord.Refused));
        return counts;

        void Add(string outcome, long count)
        {
            if (count > 0) counts[outcome] = counts.GetValueOrDefault(outcome) + count;
        }
    }

    /// <summary>Every record of the files that was accepted or waited, with what the close made of it; in file and line order.</summary>
    private static IEnumerable<ClosedRecord> Records(SqliteConnection connection, List<FileRow> files)
    {
        var names = new FileNames(connection);
        foreach (var file in files.Where(f => f.Status != FileStatus.Rejected))
        {
            using var findings = new LedgerDatabase.FindingStream(connection, file.Id, close: 1);
            using var judged = KeptVerdicts.Of(connection, file.Id).GetEnumerator();
            var more = judged.MoveNext();
            foreach (var record in LedgerDatabase.Records(connection, file))
            {
                if (record.Line == 0 || record.Status is RecordStatus.Rejected or RecordStatus.Duplicate) continue;
                KeptVerdict? verdict = null;
                if (more && judged.Current.Line == record.Line)
                {
                    verdict = judged.Current.Verdict;
                    more = judged.MoveNext();
                }
                yield return Closed(file, record, verdict, findings.Take(record.Line), names);
            }
        }
    }

    /// <summary>Those of them that were not simply delivered: few, and found without going through the others.</summary>
    private static IEnumerable<ClosedRecord> Judged(SqliteConnection connection, List<FileRow> files)
    {
        var names = new FileNames(connection);
        using var lines = new LineQuery(connection);
        foreach (var file in files.Where(f => f.Status != FileStatus.Rejected))
        {
            using var findings = new LedgerDatabase.FindingStream(connection, file.Id, close: 1);
            foreach (var (number, verdict) in KeptVerdicts.Of(connection, file.Id))
                if (lines.Find(file.Id, number) is { } line) yield return Closed(file, LedgerDatabase.Record(file, line, []), verdict, findings.Take(number), names);
        }
    }

    private static ClosedRecord Closed(FileRow file, RecordRow record, KeptVerdict? verdict, IReadOnlyList<Finding> findings, FileNames names)
    {
        var outcome = record.Kind is RecordKind.CourseOffering or RecordKind.Module ? ClosedRecord.Catalogue
            : verdict?.Outcome switch { null or Outcome.Delivered => ClosedRecord.Delivered, Outcome.Netted => ClosedRecord.Netted, _ => ClosedRecord.Refused };
        return new ClosedRecord(file, record, outcome, findings, verdict?.Other is var (other, line) ? new Counterpart(other, names.Of(other) ?? "", line) : null);
    }

    private static void WriteCsv(Stream stream, IEnumerable<ClosedRecord> records, Language language)
    {
        using var csv = ReceiptCsv.Open(stream, "fil", "rad", "händelse-id", "posttyp", "utfall", "kod", "meddelande", "mot");
        foreach (var r in records)
        {
            csv.WriteField(FileId.Text(r.File.Id));
            csv.WriteField(r.Record.Line);
            csv.WriteField(r.Record.EventId ?? "");
            csv.WriteField(Words.Tag(r.Record.Kind));
            csv.WriteField(r.Outcome);
            csv.WriteField(Words.Codes(r.Findings));
            csv.WriteField(r.Message(language));
            csv.WriteField(r.Mot ?? "");
            csv.EndRecord();
        }
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
            json.WriteString(Names.FileId, FileId.Text(r.File.Id));
            json.WriteString(Names.FileName, r.File.Name);
            json.WriteNumber(Names.Line, r.Record.Line);
            json.WriteString(Names.EventId, r.Record.EventId);
            json.WriteString(Names.Kind, Words.Tag(r.Record.Kind));
            json.WriteString(Names.Outcome, r.Outcome);
            json.WriteStartArray(Names.Codes);
            if (r.Findings.Count > 0) foreach (var code in r.Findings.Select(f => f.Code).Distinct().Order()) json.WriteStringValue(code.ToString());
            json.WriteEndArray();
            json.WriteString(Names.Message, OrNull(r.Message(language)));
            json.WriteString(Names.Fix, OrNull(r.Fix(language)));
            json.WriteString(Names.Contact, OrNull(r.Contact(language)));
            if (r.Counterpart is { } other)
            {
                json.WriteStartObject("counterpart");
                json.WriteString("fileId", FileId.Text(other.File));
                json.WriteString("fileName", other.FileName);
                json.WriteNumber("line", other.Line);
                json.WriteEndObject();
            }
            else
            {
                json.WriteNull(Names.Counterpart);
            }
            json.WriteEndObject();
            if (json.BytesPending > 1 << 16) json.Flush();
        }
        json.WriteEndArray();
        Misfits.WriteJson(json, misfits, language);
        json.WriteEndObject();
        json.Flush();
        stream.WriteByte((byte)'\n');

        static string? OrNull(string text) => text.Length > 0 ? text : null;
    }

    /// <summary>What stands in each of a million records, encoded once.</summary>
    private static class Names
    {
        public static readonly JsonEncodedText FileId = JsonEncodedText.Encode("fileId"), FileName = JsonEncodedText.Encode("fileName"), Line = JsonEncodedText.Encode("line"),
            EventId = JsonEncodedText.Encode("eventId"), Kind = JsonEncodedText.Encode("kind"), Outcome = JsonEncodedText.Encode("outcome"), Codes = JsonEncodedText.Encode("codes"),
            Message = JsonEncodedText.Encode("message"), Fix = JsonEncodedText.Encode("fix"), Contact = JsonEncodedText.Encode("contact"), Counterpart = JsonEncodedText.Encode("counterpart");
    }

    /// <summary>One omsändning for each shape, encoding and header among the files with refused records.</summary>
    /// <returns>What each is called, behind the window's date.</returns>
    private List<string> WriteResends(SqliteConnection connection, List<FileRow> files, OutputSet outputs, List<FileRow> gone)
    {
        var names = new List<string>();
        var open = new List<(FileRow First, string HeaderKey, Stream Output)>();
        foreach (var file in files)
        {
            var refused = Judged(connection, [file]).Where(r => r.Outcome == ClosedRecord.Refused).Select(r => r.Record);
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
                names.Add($"omsandning.{(open.Count + 1).ToString(CultureInfo.InvariantCulture)}.{ReceiptName.Extension(file.Name, file.Sniffed.Shape!.Value)}");
                output = outputs.Open(names[^1]);
                Resend.WriteHeader(output, file.Sniffed, bytes, first, Resend.Header(file.School, file.System ?? "", file.Environment ?? settings.Environment,
                    ReportingCalendar.On(file.Window).ClosesAt));
                open.Add((file, key, output));
            }
            foreach (var record in refused) Resend.WriteRecord(output, file.Sniffed, bytes.Read(record.Offset, record.Length));
        }
        foreach (var (first, _, output) in open) Resend.WriteTrailer(output, first.Sniffed!);
        return names;
    }
}
