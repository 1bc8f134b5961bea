using CsvHelper;
using Ingest.Formats;
using Ingest.Rules;
using Ingest.Worker.Ledger;

namespace Ingest.Worker.Receipts;

/// <summary>The two tables for people and spreadsheets: UTF-8 with BOM, semicolons, CRLF; what a spreadsheet would run is made inert.</summary>
internal static class ReceiptCsv
{
    private static readonly CsvWriterOptions ForPeople = new()
    {
        Separator = ';',
        NewLine = "\r\n",
        WriteByteOrderMark = true,
        Injection = CsvInjection.Escape,
        Quoting = CsvQuoting.WhenNeeded,
    };

    public static CsvWriter Open(Stream stream, params string[] header)
    {
        var writer = CsvWriter.Create(stream, ForPeople, leaveOpen: true);
        writer.WriteRecord(header);
        return writer;
    }

    /// <summary>accepterade.csv: a row for each record that was not rejected.</summary>
    public static CsvWriter Accepted(Stream stream) => Open(stream, "rad", "posttyp", "händelse-id", "status", "kod", "fönster", "kvittens-id");

    /// <param name="window">The window's date; empty for what counts in none.</param>
    /// <param name="fileId">As text.</param>
    public static void WriteAccepted(CsvWriter csv, string window, string fileId, RecordRow record)
    {
        if (record.Line == 0 || record.Status == RecordStatus.Rejected) return;
        csv.WriteField(record.Line);
        csv.WriteField(Words.Tag(record.Kind));
        csv.WriteField(record.EventId ?? "");
        csv.WriteField(Words.Machine(record.Status));
        csv.WriteField(Words.Codes(record.Findings));
        csv.WriteField(window);
        csv.WriteField($"{fileId}-{Phrase.Number(record.Line)}");
        csv.EndRecord();
    }

    /// <summary>avvisade.csv: a row for each finding, warnings and information too.</summary>
    public static CsvWriter Findings(Stream stream) =>
        Open(stream, "rad", "position", "posttyp", "händelse-id", "fält", "värde", "kod", "allvar", "meddelande", "åtgärd", "kontakt");

    public static void WriteFindings(CsvWriter csv, RecordRow record, Language language)
    {
        foreach (var f in record.Findings)
        {
            csv.WriteRecord([
                f.Line == 0 ? "" : Phrase.Number(f.Line), f.Column is { } column ? Phrase.Number(column) : "", Words.Tag(record.Kind), record.EventId ?? "",
                f.Field ?? "", f.Value ?? "", f.Code.ToString(), f.Severity.ToString(), FindingCatalogue.Message(f, language), FindingCatalogue.Fix(f, language),
                FindingCatalogue.ContactText(FindingCatalogue.Get(f.Code).Contact, language),
            ]);
        }
    }
}
