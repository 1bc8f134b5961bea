using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Ingest.Formats;
using Ingest.Worker.Receipts;

namespace Ingest.Worker.Cutoff;

/// <summary>
/// A record of <c>kl15.json</c>. Nearly all say the same but for line and händelse-id: what one such record of a file and kind comes to is
/// kept, and the others are copies of it. Writing them property by property took three times as long.
/// </summary>
internal sealed class ClosedRecordJson(Utf8JsonWriter json, Language language)
{
    private static readonly JsonEncodedText FileId = JsonEncodedText.Encode("fileId"), FileName = JsonEncodedText.Encode("fileName"), Line = JsonEncodedText.Encode("line"),
        EventId = JsonEncodedText.Encode("eventId"), Kind = JsonEncodedText.Encode("kind"), Outcome = JsonEncodedText.Encode("outcome"), Codes = JsonEncodedText.Encode("codes"),
        Message = JsonEncodedText.Encode("message"), Fix = JsonEncodedText.Encode("fix"), Contact = JsonEncodedText.Encode("contact"), Counterpart = JsonEncodedText.Encode("counterpart");

    private readonly Dictionary<(RecordKind?, string), Copy> copies = [];
    private long copiesOf;
    private byte[] buffer = new byte[1024];

    /// <summary>Writes the next element of the array <c>records</c>.</summary>
    public void Write(in ClosedRecord r, string message)
    {
        if (r.Findings.Count > 0 || r.Counterpart is not null || !TryCopy(r)) WriteProperties(json, r, message);
    }

    private void WriteProperties(Utf8JsonWriter to, in ClosedRecord r, string message)
    {
        to.WriteStartObject();
        to.WriteString(FileId, r.FileId);
        to.WriteString(FileName, r.File.Name);
        to.WriteNumber(Line, r.Line);
        to.WriteString(EventId, r.EventId);
        to.WriteString(Kind, Words.Tag(r.Kind));
        to.WriteString(Outcome, r.Outcome);
        to.WriteStartArray(Codes);
        if (r.Findings.Count > 0) foreach (var code in r.Findings.Select(f => f.Code).Distinct().Order()) to.WriteStringValue(code.ToString());
        to.WriteEndArray();
        to.WriteString(Message, OrNull(message));
        to.WriteString(Fix, OrNull(r.Fix(language)));
        to.WriteString(Contact, OrNull(r.Contact(language)));
        if (r.Counterpart is { } other)
        {
            to.WriteStartObject(Counterpart);
            to.WriteString(FileId, Rules.FileId.Text(other.File));
            to.WriteString(FileName, other.FileName);
            to.WriteNumber(Line, other.Line);
            to.WriteEndObject();
        }
        else
        {
            to.WriteNull(Counterpart);
        }
        to.WriteEndObject();

        static string? OrNull(string text) => text.Length > 0 ? text : null;
    }

    /// <summary>False, and nothing is written, for a händelse-id that JSON would not have as it is.</summary>
    private bool TryCopy(in ClosedRecord r)
    {
        if (r.File.Id != copiesOf) copies.Clear();
        copiesOf = r.File.Id;
        if (!copies.TryGetValue((r.Kind, r.Outcome), out var copy)) copies.Add((r.Kind, r.Outcome), copy = CopyOf(r));

        var id = r.EventId;
        var most = copy.Length + 24 + Encoding.UTF8.GetMaxByteCount(id?.Length ?? 0);
        if (buffer.Length < most) buffer = new byte[2 * most];
        var at = Append(0, copy.ToLine);
        r.Line.TryFormat(buffer.AsSpan(at), out var digits, provider: CultureInfo.InvariantCulture);
        at = Append(at + digits, copy.ToEventId);
        if (id is null)
        {
            at = Append(at, "null"u8);
        }
        else
        {
            at = Append(at, "\""u8);
            var length = Encoding.UTF8.GetBytes(id, buffer.AsSpan(at));
            if (ReceiptJson.Readable.Encoder!.FindFirstCharacterToEncodeUtf8(buffer.AsSpan(at, length)) >= 0) return false;
            at = Append(at + length, "\""u8);
        }
        at = Append(at, copy.ToEnd);
        json.WriteRawValue(buffer.AsSpan(0, at), skipInputValidation: true);
        return true;
    }

    private int Append(int at, ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(buffer.AsSpan(at));
        return at + bytes.Length;
    }

    /// <summary>Written as all others are, with line 0 and an empty händelse-id, and cut where those stand.</summary>
    private Copy CopyOf(in ClosedRecord r)
    {
        var written = new ArrayBufferWriter<byte>();
        using (var sample = new Utf8JsonWriter(written, ReceiptJson.Readable))
        {
            // As deep as it will stand, for it is indented.
            sample.WriteStartObject();
            sample.WriteStartArray("records");
            WriteProperties(sample, r with { Line = 0, EventId = "" }, "");
            sample.WriteEndArray();
            sample.WriteEndObject();
        }
        var text = written.WrittenSpan;
        var record = text[(text.IndexOf("["u8) + 1)..(text.LastIndexOf("}\n  ]"u8) + 1)];
        // No value holds a line end, so that a property's name behind one is that property.
        var line = After(record, "\n      \"line\": "u8);
        var eventId = After(record, "\n      \"eventId\": "u8);
        return new Copy(record[..line].ToArray(), record[(line + 1)..eventId].ToArray(), record[(eventId + 2)..].ToArray());

        static int After(ReadOnlySpan<byte> text, ReadOnlySpan<byte> name) => text.IndexOf(name) + name.Length;
    }

    /// <param name="ToLine">With the line end and indentation before the record, which a raw value is not given.</param>
    private sealed record Copy(byte[] ToLine, byte[] ToEventId, byte[] ToEnd)
    {
        public int Length => ToLine.Length + ToEventId.Length + ToEnd.Length;
    }
}
