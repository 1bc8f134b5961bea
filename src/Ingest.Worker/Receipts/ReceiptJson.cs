using System.Text.Encodings.Web;
using System.Text.Json;
using Ingest.Formats;
using Ingest.Rules;
using Ingest.Worker.Ledger;

namespace Ingest.Worker.Receipts;

/// <summary>kvittens.json, for machines. Its schema stands in <c>docs/receipt.schema.json</c>; properties are only ever added.</summary>
internal static class ReceiptJson
{
    public const string Schema = "minatjanster-ingest/receipt/1";

    internal static readonly JsonWriterOptions Readable = new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, NewLine = "\n" };

    /// <summary>Everything up to and with the opening of the findings.</summary>
    /// <param name="earlier">The file that it is a duplicate of, as people read it.</param>
    /// <param name="dryRun">True for <c>check</c>: no ids and no window, for nothing was taken in.</param>
    public static void WriteHead(Utf8JsonWriter json, FileRow file, string environment, string? earlier, Language language, bool dryRun)
    {
        json.WriteStartObject();
        json.WriteString("schema", Schema);
        if (!dryRun)
        {
            json.WriteString("receiptId", FileId.Text(file.Id) + "-K");
            json.WriteString("fileId", FileId.Text(file.Id));
        }
        json.WriteString("school", file.School);
        json.WriteString("environment", environment);
        WriteFile(json, file);
        if (!dryRun)
        {
            json.WriteString("receivedAt", Words.Iso(file.Arrived));
            if (file.Origin == Origin.Baseline)
            {
                json.WriteNull("window");
            }
            else
            {
                json.WriteStartObject("window");
                json.WriteString("date", Words.Iso(file.Window));
                json.WriteString("closesAt", Words.Iso(ReportingCalendar.On(file.Window).ClosesAt));
                json.WriteEndObject();
            }
            json.WriteString("windowNote", Words.Note(file, language));
        }
        json.WriteString("rulesVersion", file.RulesVersion);
        json.WriteString("textVersion", file.TextVersion);
        json.WriteString("status", Words.Machine(file.Status!.Value));
        json.WriteString("summary", dryRun ? null : Words.Summary(file, earlier, language));
        WriteCounts(json, file);
        WriteNumber(json, "nextSequence", file.NextSequence);
        if (!dryRun) json.WriteString("duplicateOf", file.DuplicateOf is { } id ? FileId.Text(id) : null);
        json.WriteStartArray("findings");
    }

    private static void WriteFile(Utf8JsonWriter json, FileRow file)
    {
        json.WriteStartObject("file");
        json.WriteString("name", file.Name);
        json.WriteString("sha256", file.Sniffed!.Sha256);
        json.WriteNumber("bytes", file.Sniffed.Bytes);
        json.WriteString("format", file.Sniffed.Format);
        json.WriteString("encoding", file.Sniffed.Shape is null ? null : file.Sniffed.Text.Name());
        json.WriteString("system", file.System);
        WriteNumber(json, "sequence", file.Sequence);
        json.WriteEndObject();
    }

    private static void WriteCounts(Utf8JsonWriter json, FileRow file)
    {
        json.WriteStartObject("counts");
        WriteNumber(json, "declared", file.Declared);
        json.WriteNumber("read", file.Counts.Read);
        json.WriteNumber("accepted", file.Counts.Accepted);
        json.WriteNumber("warned", file.Counts.Warned);
        json.WriteNumber("waiting", file.Counts.Waiting);
        json.WriteNumber("duplicate", file.Counts.Duplicate);
        json.WriteNumber("rejected", file.Counts.Rejected);
        json.WriteEndObject();
        json.WriteStartObject("controlSum");
        WriteHp(json, "declared", file.DeclaredSum);
        WriteHp(json, "computed", file.ComputedSum);
        json.WriteEndObject();
    }

    public static void WriteFinding(Utf8JsonWriter json, RecordRow record, Finding f, in FindingWords words)
    {
        json.WriteStartObject();
        WriteNumber(json, "line", f.Line == 0 ? null : f.Line);
        WriteNumber(json, "column", f.Column);
        WriteNumber(json, "length", f.Length);
        json.WriteString("kind", record.Kind is null ? null : Words.Tag(record.Kind));
        json.WriteString("eventId", record.EventId);
        json.WriteString("field", f.Field);
        json.WriteString("value", f.Value);
        json.WriteString("code", f.Code.ToString());
        json.WriteString("severity", f.Severity.ToString());
        json.WriteString("message", words.Message);
        json.WriteString("fix", words.Fix);
        json.WriteString("contact", words.Contact.Length == 0 ? null : words.Contact);
        json.WriteEndObject();
    }

    public static void WriteEnd(Utf8JsonWriter json)
    {
        json.WriteEndArray();
        json.WriteEndObject();
    }

    internal static void WriteNumber(Utf8JsonWriter json, string name, long? value)
    {
        if (value is { } number) json.WriteNumber(name, number);
        else json.WriteNull(name);
    }

    private static void WriteHp(Utf8JsonWriter json, string name, long? hundredths)
    {
        if (hundredths is { } h) json.WriteNumber(name, new Credits(h).Value);
        else json.WriteNull(name);
    }
}
