using System.IO.Abstractions;
using System.Text.Json;
using Ingest.Formats;
using Ingest.Rules;
using Ingest.Worker.Intake;
using Ingest.Worker.Ledger;
using Ingest.Worker.Settings;

namespace Ingest.Worker.Receipts;

/// <summary>
/// Writes all receipts of a file, from the ledger alone (the rejected records' bytes from the source, which the ledger knows by hash).
/// The JSON comes last: when it is there, all are. Rendering again gives the same bytes.
/// </summary>
internal sealed class FileReceipts(LedgerDatabase ledger, RootFolder root, string environment)
{
    /// <param name="source">The file's own bytes, seekable, in work/ or in the archive.</param>
    /// <param name="folder">Where to; the school's <c>ut/</c> as a rule.</param>
    /// <param name="language">Null for the one that the file was received under.</param>
    /// <returns>The names written.</returns>
    public List<string> Write(FileRow file, Stream? source, string folder, Language? language = null)
    {
        using var outputs = new OutputSet(root.Files, folder, what => ReceiptName.Of(file.Name, file.Id, environment, what));
        Render(file, source, outputs, language ?? file.Language);
        return outputs.Commit();
    }

    private void Render(FileRow file, Stream? source, OutputSet outputs, Language language)
    {
        using var connection = ledger.Open();
        using var accepted = ReceiptCsv.Accepted(outputs.Open("accepterade.csv"));
        using var findings = ReceiptCsv.Findings(outputs.Open("avvisade.csv"));
        var resend = file.Status == FileStatus.PartiallyAccepted && source is not null
            ? outputs.Open($"omsandning.{ReceiptName.Extension(file.Name, file.Sniffed!.Shape!.Value)}")
            : null;
        var bytes = resend is null ? null : new SourceBytes(source!);
        var codes = LedgerDatabase.FindingCounts(connection, file.Id);
        var earlier = file.DuplicateOf is { } id ? new FileNames(connection).Shown(id) : null;
        var page = ReceiptHtml.Open(outputs.Open("rapport.html"), file, environment, codes,
            LedgerDatabase.FileFindings(connection, file.Id), earlier, language);
        var last = outputs.Open("kvittens.json");
        using var json = new Utf8JsonWriter(last, ReceiptJson.Readable);

        if (resend is not null)
            Resend.WriteHeader(resend, file.Sniffed!, bytes!, LedgerDatabase.FirstOffset(connection, file.Id)!.Value,
                Resend.Header(file.School, file.System ?? "", file.Environment ?? environment, file.Arrived));
        var (window, fileId) = (file.Origin == Origin.Baseline ? "" : Words.Iso(file.Window), FileId.Text(file.Id));
        ReceiptJson.WriteHead(json, file, environment, earlier, language, dryRun: false);
        foreach (var record in LedgerDatabase.Records(connection, file))
        {
            ReceiptCsv.WriteAccepted(accepted, window, fileId, record);
            foreach (var finding in record.Findings)
            {
                var words = FindingCatalogue.Words(finding, language);
                ReceiptCsv.WriteFinding(findings, record, finding, words);
                ReceiptHtml.WriteFinding(page, record, finding, words, language);
                ReceiptJson.WriteFinding(json, record, finding, words);
            }
            if (json.BytesPending > 1 << 16) json.Flush();
            if (resend is not null && record is { Line: > 0, Status: RecordStatus.Rejected })
                Resend.WriteRecord(resend, file.Sniffed!, bytes!.Read(record.Offset, record.Length), record.Findings.Any(f => f.Code == FindingCode.P14));
        }
        if (resend is not null) Resend.WriteTrailer(resend, file.Sniffed!);
        ReceiptHtml.Close(page, file, codes.Count > 0, language);
        ReceiptJson.WriteEnd(json);
        json.Flush();
        last.WriteByte((byte)'\n');
    }
}

/// <summary>Several output files that become visible together, in the order in which they were opened.</summary>
internal sealed class OutputSet(IFileSystem files, string folder, Func<string, string> name) : IDisposable
{
    private readonly List<(string What, OutputFile File)> outputs = [];

    public Stream Open(string what)
    {
        var output = new OutputFile(files, folder, name(what));
        outputs.Add((what, output));
        return output.Stream;
    }

    public List<string> Commit()
    {
        foreach (var (_, file) in outputs) file.Commit();
        return [.. outputs.Select(o => name(o.What))];
    }

    public void Dispose()
    {
        foreach (var (_, file) in outputs) file.Dispose();
    }
}
