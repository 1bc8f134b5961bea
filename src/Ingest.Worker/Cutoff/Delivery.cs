using System.Collections.Concurrent;
using System.Data.Common;
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

namespace Ingest.Worker.Cutoff;

/// <summary>
/// <c>delivery/&lt;date&gt;/</c>: what a closed window hands on, a CSV a school and a manifest that names the one before it. Rendered from
/// the ledger; rendering again gives the same bytes.
/// </summary>
internal sealed class Delivery(LedgerDatabase ledger, RootFolder root, IngestSettings settings)
{
    private const string Schema = "minatjanster-ingest/manifest/1";

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
            using var output = new OutputFile(root.Files, folder, name);
            var sha256 = Hashed(output.Stream, write);
            output.Commit();
            return sha256;
        }).Manifest;
    }

    /// <summary>What the ledger says that a delivery is, by name with its SHA-256, the manifest last. Writes nothing.</summary>
    /// <param name="previous">SHA-256 of the manifest before it.</param>
    /// <exception cref="InvalidOperationException">What became of the records does not add up.</exception>
    public List<(string Name, string Sha256)> Derive(DateOnly window, string? previous)
    {
        var (schools, manifest) = Render(window, previous, (_, write) => Hashed(Stream.Null, write));
        return [.. schools.Select(s => (s.File, s.Sha256)), (Manifest, manifest)];
    }

    private (List<SchoolDelivery> Schools, string Manifest) Render(DateOnly window, string? previous, Put put)
    {
        using var connection = ledger.Open();
        var codes = connection.Query<(long, string)>(
            $"SELECT id, code FROM school WHERE code IN ({LedgerDatabase.SchoolsWithEvents}) OR code IN (SELECT school FROM identity_link WHERE cutoff = @window) ORDER BY code", new { window = LedgerDatabase.Number(window) }).ToList();
        var rendered = new ConcurrentDictionary<string, SchoolDelivery>();
        SideBySide.ForEach(codes, school => rendered[school.Item2] = RenderSchool(window, school.Item1, school.Item2, put));
        List<SchoolDelivery> schools = [.. codes.Select(c => rendered[c.Item2])];
        return (schools, put(Manifest, stream => WriteManifest(stream, connection, window, previous, schools)));
    }

    private SchoolDelivery RenderSchool(DateOnly window, long school, string code, Put put)
    {
        using var connection = ledger.Open();
        // One for all that is read: outside of any, each of a million look-ups begins and ends one of its own.
        using var moment = connection.BeginSnapshot();
        var verdicts = new TakenVerdicts(connection, ledger.FilesOf(code, window));
        var file = code + ".csv";
        long events = 0, records = 0, hundredths = 0;
        var byKind = new long[3];
        var hash = put(file, stream =>
        {
            using var csv = CsvWriter.Create(stream, new CsvWriterOptions { Separator = ';', NewLine = "\n" }, leaveOpen: true);
            var row = new DeliveryRow();
            csv.WriteRecord(DeliveryRow.Columns);
            foreach (var (number, person) in Links(connection, window, code)) csv.WriteRecord(DeliveryRow.Link(number, Personnummer.FromStorage(person)));
            foreach (var (e, delivered, old) in Delivered(connection, window, school, verdicts))
            {
                row.Write(csv, e, delivered, old);
                events++;
                records += delivered == DeliveredAs.Change ? 2 : 1;
                byKind[(int)e.Record.Kind]++;
                hundredths += e.Record.ControlCredits?.Hundredths ?? 0;
            }
        });
        return new SchoolDelivery(code, file, hash, events, byKind, records, new Credits(hundredths));
    }

    /// <summary>The net events of a school in a window, in delivery order; the old record beside an <c>Ä</c>.</summary>
    private static IEnumerable<(StudentEvent Event, DeliveredAs As, StudentRecord? Old)> Delivered(DbConnection connection, DateOnly window, long school, TakenVerdicts verdicts)
    {
        using var students = new StudentStream(connection, school, EventRows.Students(connection, school, window), window, DateOnly.MinValue, only: window, also: verdicts.ChangedFiles);
        var links = IdentityLinks.Of(connection, school, DateOnly.MaxValue);
        var (events, rows) = (new List<StudentEvent>(), new List<(StudentEvent, DeliveredAs, StudentRecord?)>());
        while (students.Next(events))
        {
            rows.Clear();
            foreach (var e in events)
            {
                if (e.Window != window || e.State == EventState.Repeat) continue;
                var (delivered, other) = verdicts.Of(e.FileId, e.Line);
                if (delivered == DeliveredAs.Nothing) continue;
                rows.Add((e, delivered, delivered == DeliveredAs.Change && other is var (file, line) ? students.Records.Find(links.NumbersOf(e.Record.Student.Digits), file, line) : null));
            }
            if (rows.Count > 1) rows.Sort((a, b) => a.Item1.CompareKeyTo(b.Item1));
            foreach (var row in rows) yield return row;
        }
    }

    /// <summary>The numbers that were linked in the window: told first, since what follows stands under the new one.</summary>
    private static IEnumerable<(string Number, long Person)> Links(DbConnection connection, DateOnly window, string code) => connection.Query<(string, long)>(
        "SELECT number, person FROM identity_link WHERE school = @code AND cutoff = @window ORDER BY person, number", new { code, window = LedgerDatabase.Number(window) });

    private void WriteManifest(Stream stream, DbConnection connection, DateOnly window, string? previous, List<SchoolDelivery> schools)
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
    private static List<(string Name, long Count)> Totals(DbConnection connection, DateOnly window, long delivered)
    {
        var p = new { window = LedgerDatabase.Number(window) };
        var (accepted, waiting) = connection.QuerySingle<(long, long)>(
            "SELECT CAST(coalesce(sum(accepted), 0) AS BIGINT), CAST(coalesce(sum(waiting), 0) AS BIGINT) FROM file WHERE cutoff = @window AND state <> 'claimed'", p);
        long Verdicts(Outcome outcome) => connection.ExecuteScalar<long>(
            "SELECT count(*) FROM file f JOIN verdict v ON v.file = f.id WHERE f.cutoff = @window AND v.outcome = @outcome", new { p.window, outcome = (int)outcome });
        var (netted, refused) = (Verdicts(Outcome.Netted), Verdicts(Outcome.Refused));
        var catalogue = connection.ExecuteScalar<long>("SELECT count(*) FROM catalogue WHERE cutoff = @window", p);
        if (accepted + waiting != delivered + netted + refused + catalogue)
            throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture,
                $"Window {window:O}: {accepted} accepted and {waiting} waiting do not make {delivered} delivered, {netted} netted, {refused} refused and {catalogue} in the catalogue."));
        return [("accepted", accepted), ("waiting", waiting), ("delivered", delivered), ("netted", netted), ("refused", refused), ("catalogue", catalogue)];
    }

    /// <summary>SHA-256 of what is written, taken on its way.</summary>
    private static string Hashed(Stream to, Action<Stream> write)
    {
        using var sha = SHA256.Create();
        using (var through = new CryptoStream(to, sha, CryptoStreamMode.Write, leaveOpen: true)) write(through);
        return Convert.ToHexStringLower(sha.Hash!);
    }
}
