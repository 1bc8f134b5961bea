using System.IO.Abstractions;
using System.Text;
using System.Text.Json;
using Ingest.Formats;
using Ingest.Worker.Receipts;

namespace Ingest.Worker.Samples;

/// <summary>
/// <c>expected.json</c>: every file in order of arrival with the outcome of each record, and the instants at which windows close.
/// Streamed: it may be larger than the files that it is about.
/// </summary>
internal static class ExpectedJson
{
    public const string Name = "expected.json";

    private const string Schema = "minatjanster-ingest/expected/1";

    // The words are few and written a million times.
    private static readonly string[] RecordWords = [.. Enum.GetValues<RecordOutcome>().Select(Words.Machine)];
    private static readonly string[] FinalWords = [.. Enum.GetValues<FinalOutcome>().Select(Words.Machine)];

    public static string Word(RecordOutcome outcome) => RecordWords[(int)outcome];

    public static string Word(FinalOutcome outcome) => FinalWords[(int)outcome];

    public static void Write(IFileSystem files, string path, IEnumerable<FileOutput> outputs, TermPlan plan, SampleOptions options)
    {
        using var stream = files.FileStream.New(path, FileMode.CreateNew);
        using var json = new Utf8JsonWriter(stream, ReceiptJson.Readable);
        json.WriteStartObject();
        json.WriteString("schema", Schema);
        json.WriteString("format", options.Shape == FileShape.Csv ? "csv" : "fixed");
        json.WriteNumber("rows", options.Rows);
        json.WriteNumber("seed", options.Seed);
        json.WriteNumber("faults", options.Faults);
        json.WriteString("baseDate", Words.Iso(plan.Base));
        json.WriteStartArray("files");
        foreach (var output in outputs) WriteFile(files, json, output);
        json.WriteEndArray();
        json.WriteStartArray("closes");
        for (var i = 0; i < plan.Windows.Count; i++) json.WriteStringValue(Words.Iso(plan.ClosesAt(i)));
        json.WriteEndArray();
        json.WriteEndObject();
        json.Flush();
        stream.WriteByte((byte)'\n');
    }

    private static void WriteFile(IFileSystem files, Utf8JsonWriter json, FileOutput output)
    {
        json.WriteStartObject();
        json.WriteString("path", output.File.Path);
        json.WriteString("school", output.File.School);
        json.WriteString("arrival", Words.Iso(output.File.Arrival));
        json.WriteString("status", output.Status);
        json.WriteStartArray("codes");
        foreach (var code in output.Codes) json.WriteStringValue(code.ToString());
        json.WriteEndArray();
        output.WriteCounts(json);
        json.WriteStartArray("records");
        using (var records = new StreamReader(files.FileStream.New(output.ExpectedPath, FileMode.Open, FileAccess.Read), Encoding.UTF8))
        {
            while (records.ReadLine() is { } record)
            {
                // A line each, as a reader of diffs wants it; the writer sets the commas.
                json.WriteRawValue("\n        " + record, skipInputValidation: true);
                if (json.BytesPending > 1 << 16) json.Flush();
            }
        }
        json.WriteEndArray();
        json.WriteEndObject();
        json.Flush();
    }
}
