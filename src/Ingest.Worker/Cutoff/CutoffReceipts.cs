using System.Data.Common;
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

namespace Ingest.Worker.Cutoff;

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
        return [.. connection.Query<string>("SELECT DISTINCT school FROM file WHERE cutoff = @window AND status IS NOT NULL ORDER BY school", new { window = LedgerDatabase.Number(window) })];
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
        using var moment = connection.BeginSnapshot();
        var files = ledger.FilesOf(school, window);
        var spoken = language ?? schools.Current.Find(school)?.Language ?? Language.Sv;
        var counts = Counts(connection, files);
        string Name(string what) => $"{Words.Iso(window)}.{ReceiptName.Test(settings.Environment)}kl15.{what}";
        using var outputs = new OutputSet(root.Files, folder ?? root.OutOf(school), Name);
        var resends = WriteResends(connection, files, outputs, gone);
        var csv = outputs.Open("csv");
        var records = new ClosedRecords(connection, files);
        using (var page = new CutoffPage(outputs.Open("html"), school, ReportingCalendar.On(window), settings.Environment, spoken))
            page.Write(counts, files, resends.ConvertAll(Name), calendar.After(window), records, Misfits.Of(connection, school, window));
        WriteRecords(csv, outputs.Open("json"), school, window, counts, records.All(), Misfits.Of(connection, school, window), spoken);
        return (outputs.Commit(), gone);
    }

    /// <summary>How many records came to each outcome.</summary>
    internal static Dictionary<string, long> Counts(DbConnection connection, List<FileRow> files)
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

    /// <summary>Both in one pass over the records.</summary>
    private void WriteRecords(Stream csvStream, Stream jsonStream, string school, DateOnly window, Dictionary<string, long> counts, IEnumerable<ClosedRecord> records, IEnumerable<Misfit> misfits, Language language)
    {
        using var csv = ReceiptCsv.Open(csvStream, "fil", "rad", "händelse-id", "posttyp", "utfall", "kod", "meddelande", "mot");
        using var json = new Utf8JsonWriter(jsonStream, ReceiptJson.Readable);
        var writer = new ClosedRecordJson(json, language);
        WriteHead(json, school, window, counts);
        foreach (var r in records)
        {
            var message = r.Message(language);
            WriteCsv(csv, r, message);
            writer.Write(r, message);
            if (json.BytesPending > 1 << 16) json.Flush();
        }
        json.WriteEndArray();
        Misfits.WriteJson(json, misfits, language);
        json.WriteEndObject();
        json.Flush();
        jsonStream.WriteByte((byte)'\n');
    }

    private static void WriteCsv(CsvWriter csv, in ClosedRecord r, string message)
    {
        csv.WriteField(r.FileId);
        csv.WriteField(r.Line);
        csv.WriteField(r.EventId ?? "");
        csv.WriteField(Words.Tag(r.Kind));
        csv.WriteField(r.Outcome);
        csv.WriteField(Words.Codes(r.Findings));
        csv.WriteField(message);
        csv.WriteField(r.Mot ?? "");
        csv.EndRecord();
    }

    /// <summary>Everything before the records.</summary>
    private void WriteHead(Utf8JsonWriter json, string school, DateOnly window, Dictionary<string, long> counts)
    {
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
    }

    /// <summary>One omsändning for each shape, encoding and header among the files with refused records.</summary>
    /// <returns>What each is called, behind the window's date.</returns>
    private List<string> WriteResends(DbConnection connection, List<FileRow> files, OutputSet outputs, List<FileRow> gone)
    {
        var names = new List<string>();
        var open = new List<(FileRow First, string HeaderKey, Stream Output)>();
        foreach (var file in files)
        {
            var refused = ClosedRecords.Refused(connection, file);
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
            foreach (var line in refused) Resend.WriteRecord(output, file.Sniffed, bytes.Read(line.Source.Offset, line.Source.Length));
        }
        foreach (var (first, _, output) in open) Resend.WriteTrailer(output, first.Sniffed!);
        return names;
    }
}
