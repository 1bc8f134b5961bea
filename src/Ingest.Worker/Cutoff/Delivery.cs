using System.Collections.Concurrent;
using System.Globalization;
using System.IO.Abstractions;
using System.Security.Cryptography;
using System.Text.Json;
using CsvHelper;
using Dapper;
using Ingest.Formats;
using Ingest.Rules;
using Ingest.Worker.Ledger;
using Ingest.Worker.Receipts;
using Ingest.Worker.Settings;
using Microsoft.Data.Sqlite;

namespace Ingest.Worker.Cutoff;

/// <summary>
/// <c>delivery/&lt;date&gt;/</c>: what a closed window hands on, a CSV a school and a manifest that names the one before it. Rendered from
/// the ledger; rendering again gives the same bytes.
/// </summary>
internal sealed class Delivery(LedgerDatabase ledger, RootFolder root, IngestSettings settings)
{
    private const string Schema = "minatjanster-ingest/manifest/1";

    internal static readonly string[] Columns =
    [
        "åtgärd", "posttyp", "personnummer", "kurskod", "kurstillfälleskod", "registreringstyp", "omfattning", "studietakt", "start", "slut", "registreringsdatum",
        "typ", "avbrottsdatum", "modulkod", "hp", "betyg", "examinationsdatum", "tillgodoräknande", "händelse-id", "tidigare", "fil", "rad",
    ];

    // The columns that a record's fields fill, in order, from personnummer on to händelse-id.
    private static readonly FieldRole[] Roles =
    [
        FieldRole.Student, FieldRole.CourseCode, FieldRole.OfferingCode, FieldRole.RegistrationType, FieldRole.Extent, FieldRole.Pace, FieldRole.Start, FieldRole.End,
        FieldRole.RegistrationDate, FieldRole.InterruptionType, FieldRole.InterruptionDate, FieldRole.ModuleCode, FieldRole.Credits, FieldRole.Grade,
        FieldRole.ExaminationDate, FieldRole.CreditTransfer, FieldRole.EventId,
    ];

    // Of each kind, the field in each of those columns.
    private static readonly Field?[][] Fields =
        [.. new[] { RecordKind.Registration, RecordKind.Interruption, RecordKind.Result }.Select(kind => Roles.Select(Layouts.Of(kind).Find).ToArray())];

    private sealed record SchoolDelivery(string Code, string File, string Sha256, long Events, long[] ByKind, long Records, Credits Hp);

    /// <summary>Where one file of a delivery goes: given its name and what writes it, answers the SHA-256 of what was written.</summary>
    private delegate string Put(string name, Action<Stream> write);

    /// <summary>The manifest's name.</summary>
    public string Manifest => $"manifest.{ReceiptName.Test(settings.Environment)}json";

    /// <returns>SHA-256 of the manifest, lower-case hex.</returns>
    public string Write(DateOnly window)
    {
        var folder = root.DeliveryOf(window);
        return Render(window, ledger.Windows($"WHERE date < {LedgerDatabase.Number(window)}").LastOrDefault()?.Manifest, (name, write) =>
        {
            using (var output = new OutputFile(root.Files, folder, name))
            {
                write(output.Stream);
                output.Commit();
            }
            return Hash(root.Files.Path.Combine(folder, name));
        }).Manifest;
    }

    /// <summary>What the ledger says that a delivery is, by name with its SHA-256, the manifest last. Writes nothing.</summary>
    /// <param name="previous">SHA-256 of the manifest before it.</param>
    /// <exception cref="InvalidOperationException">What became of the records does not add up.</exception>
    public List<(string Name, string Sha256)> Derive(DateOnly window, string? previous)
    {
        var (schools, manifest) = Render(window, previous, (_, write) =>
        {
            using var sha = SHA256.Create();
            using (var stream = new CryptoStream(Stream.Null, sha, CryptoStreamMode.Write)) write(stream);
            return Convert.ToHexStringLower(sha.Hash!);
        });
        return [.. schools.Select(s => (s.File, s.Sha256)), (Manifest, manifest)];
    }

    private (List<SchoolDelivery> Schools, string Manifest) Render(DateOnly window, string? previous, Put put)
    {
        using var connection = ledger.Open();
        var codes = connection.Query<(long, string)>(
            $"SELECT id, code FROM school WHERE code IN ({LedgerDatabase.SchoolsWithEvents}) OR code IN (SELECT school FROM identity_link WHERE window = @window) ORDER BY code", new { window = LedgerDatabase.Number(window) }).ToList();
        var rendered = new ConcurrentDictionary<string, SchoolDelivery>();
        SideBySide.ForEach(codes, school => rendered[school.Item2] = RenderSchool(window, school.Item1, school.Item2, put));
        List<SchoolDelivery> schools = [.. codes.Select(c => rendered[c.Item2])];
        return (schools, put(Manifest, stream => WriteManifest(stream, connection, window, previous, schools)));
    }

    private SchoolDelivery RenderSchool(DateOnly window, long school, string code, Put put)
    {
        using var connection = ledger.Open();
        var file = code + ".csv";
        long events = 0, records = 0, hundredths = 0;
        var byKind = new long[3];
        var hash = put(file, stream =>
        {
            using var csv = CsvWriter.Create(stream, new CsvWriterOptions { Separator = ';', NewLine = "\n" }, leaveOpen: true);
            csv.WriteRecord(Columns);
            var cells = new string[Columns.Length];
            foreach (var link in Links(connection, window, code)) csv.WriteRecord(Row(cells, link));
            foreach (var (e, delivered, old) in Delivered(connection, window, school))
            {
                csv.WriteRecord(Row(cells, e, delivered, old));
                events++;
                records += delivered == DeliveredAs.Change ? 2 : 1;
                byKind[(int)e.Record.Kind]++;
                hundredths += e.Record.ControlCredits?.Hundredths ?? 0;
            }
        });
        return new SchoolDelivery(code, file, hash, events, byKind, records, new Credits(hundredths));
    }

    /// <summary>The net events of a school in a window, in delivery order; the old record beside an <c>Ä</c>, the removed one beside a <c>B</c>.</summary>
    private static IEnumerable<(StudentEvent Event, DeliveredAs As, StudentRecord? Old)> Delivered(SqliteConnection connection, DateOnly window, long school)
    {
        using var verdicts = new KeptVerdicts(connection, window);
        using var students = new StudentStream(connection, school, EventRows.Students(connection, school, window), window, DateOnly.MinValue, only: window);
        using var others = new EventQuery(connection, school);
        var links = IdentityLinks.Of(connection, school, DateOnly.MaxValue);
        var (events, rows) = (new List<StudentEvent>(), new List<(StudentEvent, DeliveredAs, StudentRecord?)>());
        while (students.Next(events))
        {
            rows.Clear();
            foreach (var e in events.Where(e => e.Window == window && e.State != EventState.Repeat))
            {
                var verdict = verdicts.Of(e.FileId, e.Line) ?? new KeptVerdict(Outcome.Delivered, DeliveredAs.New, null);
                if (verdict.DeliveredAs == DeliveredAs.Nothing) continue;
                rows.Add((e, verdict.DeliveredAs, verdict.Other is { } other ? others.Find(links.NumbersOf(e.Record.Student.Digits), other.File, other.Line) : null));
            }
            rows.Sort((a, b) => a.Item1.CompareKeyTo(b.Item1));
            foreach (var row in rows) yield return row;
        }
    }

    /// <summary>The numbers that were linked in the window: told first, since what follows stands under the new one.</summary>
    private static IEnumerable<(string Number, long Person)> Links(SqliteConnection connection, DateOnly window, string code) => connection.Query<(string, long)>(
        "SELECT number, person FROM identity_link WHERE school = @code AND window = @window ORDER BY person, number", new { code, window = LedgerDatabase.Number(window) });

    /// <summary>A link as a row: <c>Ä</c>, <c>PNR</c>, the number that holds, and the one that it was.</summary>
    private static string[] Row(string[] cells, (string Number, long Person) link)
    {
        Array.Fill(cells, "");
        (cells[0], cells[1], cells[2], cells[^3]) = ("Ä", "PNR", Personnummer.FromStorage(link.Person).ToUnmaskedString(), $"personnummer={link.Number}");
        return cells;
    }

    /// <summary>A record's cells under <see cref="Columns"/>.</summary>
    internal static string[] Row(string[] cells, StudentEvent e, DeliveredAs delivered, StudentRecord? old)
    {
        var record = e.Record;
        cells[0] = delivered switch { DeliveredAs.New => "N", DeliveredAs.Removal => "B", _ => "Ä" };
        cells[1] = Words.Tag(record.Kind);
        var fields = Fields[(int)record.Kind];
        // The student is the one that the number now stands for.
        for (var i = 1; i < fields.Length; i++)
            cells[i + 2] = fields[i] is { } field ? FieldText.Of(record, field, fixedWidth: false) : "";
        cells[2] = e.Person.ToUnmaskedString();
        cells[^3] = delivered == DeliveredAs.Change && old is not null ? Earlier(Layouts.Of(record.Kind), record, old) : "";
        cells[^2] = FileId.Text(e.FileId);
        cells[^1] = Phrase.Number(e.Line);
        return cells;
    }

    /// <summary>The old values that an <c>Ä</c> changes, as name=value pairs; what is the same stands in the row itself.</summary>
    private static string Earlier(Layout layout, StudentRecord now, StudentRecord old) => string.Join('|',
        from field in layout.Fields
        where field.InFixedWidth && field.Role is not (FieldRole.Action or FieldRole.Student or FieldRole.EventId)
        let before = FieldText.Of(old, field, fixedWidth: false)
        where before != FieldText.Of(now, field, fixedWidth: false)
        select $"{field.Name}={before}");

    private void WriteManifest(Stream stream, SqliteConnection connection, DateOnly window, string? previous, List<SchoolDelivery> schools)
    {
        var row = ledger.Windows($"WHERE date = {LedgerDatabase.Number(window)}").Single();
        var totals = Totals(connection, window, schools.Sum(s => s.Records));
        using var json = new Utf8JsonWriter(stream, ReceiptJson.Readable);
        json.WriteStartObject();
        json.WriteString("schema", Schema);
        json.WriteString("environment", settings.Environment);
        json.WriteStartObject("window");
        json.WriteString("date", Words.Iso(window));
        json.WriteString("closesAt", Words.Iso(ReportingCalendar.On(window).ClosesAt));
        json.WriteString("closedAt", Words.Iso(row.Closed));
        json.WriteEndObject();
        json.WriteString("previous", previous);
        json.WriteStartArray("schools");
        foreach (var s in schools)
        {
            json.WriteStartObject();
            json.WriteString("code", s.Code);
            json.WriteString("file", s.File);
            json.WriteString("sha256", s.Sha256);
            json.WriteNumber("events", s.Events);
            json.WriteStartObject("byKind");
            foreach (var kind in new[] { RecordKind.Registration, RecordKind.Interruption, RecordKind.Result }) json.WriteNumber(Words.Tag(kind), s.ByKind[(int)kind]);
            json.WriteEndObject();
            json.WriteNumber("hp", s.Hp.Value);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteStartObject("totals");
        foreach (var (name, count) in totals) json.WriteNumber(name, count);
        json.WriteEndObject();
        json.WriteEndObject();
        json.Flush();
        stream.WriteByte((byte)'\n');
    }

    /// <summary>accepted + waiting = delivered + netted + refused + catalogue, or nothing is handed on.</summary>
    private static List<(string Name, long Count)> Totals(SqliteConnection connection, DateOnly window, long delivered)
    {
        var p = new { window = LedgerDatabase.Number(window) };
        var (accepted, waiting) = connection.QuerySingle<(long, long)>(
            "SELECT coalesce(sum(accepted), 0), coalesce(sum(waiting), 0) FROM file WHERE window = @window AND state <> 'claimed'", p);
        long Verdicts(Outcome outcome) => connection.ExecuteScalar<long>(
            "SELECT count(*) FROM file f JOIN verdict v ON v.file = f.id WHERE f.window = @window AND v.outcome = @outcome", new { p.window, outcome = (int)outcome });
        var (netted, refused) = (Verdicts(Outcome.Netted), Verdicts(Outcome.Refused));
        var catalogue = connection.ExecuteScalar<long>("SELECT count(*) FROM catalogue WHERE window = @window", p);
        if (accepted + waiting != delivered + netted + refused + catalogue)
            throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture,
                $"Window {window:O}: {accepted} accepted and {waiting} waiting do not make {delivered} delivered, {netted} netted, {refused} refused and {catalogue} in the catalogue."));
        return [("accepted", accepted), ("waiting", waiting), ("delivered", delivered), ("netted", netted), ("refused", refused), ("catalogue", catalogue)];
    }

    private string Hash(string path)
    {
        using var stream = root.Files.FileStream.New(path, FileMode.Open, FileAccess.Read, FileShare.Read);
        return Convert.ToHexStringLower(SHA256.HashData(stream));
    }
}
