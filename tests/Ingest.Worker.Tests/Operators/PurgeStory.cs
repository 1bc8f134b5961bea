using System.Globalization;
using System.Text;
using Dapper;
using Ingest.Formats;
using Ingest.Rules;
using Ingest.Worker.Commands;
using Ingest.Worker.Ledger;
using Ingest.Worker.Settings;
using Ingest.Worker.Tests.Support;

namespace Ingest.Worker.Tests.Operators;

/// <summary>
/// Two windows, those of 19 and 20 January, that are closed and handed on, and the day on which a day's retention lets go of them, while
/// those of the 21st and 22nd stay; and what can be seen of a root.
/// </summary>
internal static class PurgeStory
{
    // A type that is no type stands in a finding as it was sent; a course that is not there, in what the close refuses.
    public const string InFinding = "QZX", InRefused = "ZQFINNSEJ";

    public static readonly DateTimeOffset Thursday = TestRoot.Winter("2026-01-22T10:00:00");

    public static string Ett() => Rvf.File(1, Rvf.Reg(id: "a1"), Rvf.Reg(Rvf.Bo, id: "b1"), Rvf.Reg(Rvf.Student(3), type: InFinding, id: "c3"), Rvf.Res(Rvf.Cia, course: InRefused, id: "r1"));

    /// <summary>Closed and handed on: 19, 20 and 21 January. On Thursday a file lies in the open window.</summary>
    public static async Task<TestRoot> StoryAsync(Action<RetentionSettings> retention)
    {
        var root = await TestRoot.StartAsync(s => retention(s.Retention));
        await root.TakeAsync("UMU", "ett.txt", Ett());
        root.Drop("HÖS", "hös.txt", Rvf.WithHeader(Rvf.Huv(1, "HÖS"), Rvf.Reg()));
        root.Drop("HÖS", "hös.txt.klar", "antal=1\n");
        await root.StepAsync();
        await root.TakeAsync("UMU", "oläslig.txt", "a\0b");
        await root.App.Ledger.RecordAsync(new Access("anna", "show", "UMU", Personnummer.FromStorage(long.Parse(Rvf.Anna, CultureInfo.InvariantCulture)), "2026/17", true), CancellationToken.None);
        await root.App.Ledger.LinkAsync("UMU", Rvf.Student(8), Personnummer.FromStorage(long.Parse(Rvf.Student(9), CultureInfo.InvariantCulture)).Digits, new DateOnly(2026, 1, 19), Desk.Entry(root, "baseline"), CancellationToken.None);
        await root.CloseAsync("2026-01-19");
        // After 15:00, so that it counts in the window of the 20th; tre.txt in that of the 21st.
        await root.TakeAsync("UMU", "två.txt", Rvf.File(2, Rvf.Reg(Rvf.Student(4), "MAT202", "V26B2")));
        await root.CloseAsync("2026-01-20");
        await root.TakeAsync("UMU", "tre.txt", Rvf.File(3, Rvf.Reg(Rvf.Student(5), type: InFinding[..1] + "YY"), Rvf.Reg(Rvf.Student(6))));
        await root.CloseAsync("2026-01-21");
        root.Clock.Set(Thursday);
        await root.TakeAsync("UMU", "fyra.txt", Rvf.File(4, Rvf.Reg(Rvf.Student(7))));
        return root;
    }

    public static void All(RetentionSettings r) => (r.ArchiveDays, r.ReceiptsDays, r.QuarantineDays, r.LedgerDetailDays, r.AccessLogDays) = (1, 1, 1, 1, 1);

    public static string[] Look(TestRoot root)
    {
        var output = new StringWriter();
        Assert.That(PurgeCommand.Look(root.Settings, root.Clock, output), Is.Zero);
        return Lines(output);
    }

    public static async Task<string[]> ApplyAsync(TestRoot root, string? by = null)
    {
        var output = new StringWriter();
        Assert.That(await PurgeCommand.ApplyAsync(root.Settings, root.Clock, by, output, CancellationToken.None), Is.Zero);
        return Lines(output);
    }

    public static string[] Verify(TestRoot root)
    {
        var output = new StringWriter();
        VerifyCommand.Run(root.Settings, TestRoot.Files, output);
        return Lines(output);
    }

    public static List<string> Faults(TestRoot root) => [.. Verify(root).TakeWhile(l => !l.StartsWith("Kontrollerat:", StringComparison.Ordinal)).Where(l => !l.StartsWith("  ", StringComparison.Ordinal))];

    public static string[] Lines(StringWriter output) => output.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries);

    public static string Sha(string text) => Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    /// <summary>All files but the ledger's own and the log.</summary>
    public static List<string> Everything(TestRoot root) => [.. root.Hashes().Where(h => !h.Key.StartsWith("ledger.db", StringComparison.Ordinal) && !h.Key.StartsWith("logs", StringComparison.Ordinal)).Select(h => $"{h.Key} {h.Value}")];

    public sealed record RowCounts(long Files, long Lines, long Findings, long Events, long Ids, long Verdicts, long Windows, long Access, long Audit);

    public static RowCounts Rows(TestRoot root)
    {
        using var connection = root.App.Ledger.Open();
        long Of(string table) => connection.ExecuteScalar<long>($"SELECT count(*) FROM {table}");
        return new(Of("file"), Of("line"), Of("finding"), Of("event"), Of("event_id"), Of("verdict"), Of("closed_window"), Of("access"), Of("audit"));
    }

    /// <summary>What must be the same afterwards: counts and hashes of files, lines with their ids and outcomes, codes, keys and states of events, verdicts, manifests.</summary>
    public static List<string> Counts(TestRoot root)
    {
        using var connection = root.App.Ledger.Open();
        return [.. new[]
        {
            "SELECT id || state || coalesce(sha256, '') || read || ' ' || accepted || ' ' || waiting || ' ' || duplicate || ' ' || rejected FROM file ORDER BY id",
            "SELECT file || ' ' || first || ' ' || hex(statuses) || ' ' || hex(records) FROM line ORDER BY file, first",
            "SELECT file || ' ' || close || ' ' || record || code || coalesce(field, '') FROM finding ORDER BY file, close, record, seq",
            "SELECT file || ' ' || line || ' ' || outcome || delivered_as FROM verdict ORDER BY file, line",
            "SELECT date || manifest FROM closed_window ORDER BY date",
        }.SelectMany(sql => connection.Query<string>(TestLedger.Sql(sql))), .. Stored.Events(root.App.Ledger).Select(e => $"{e.Student} {e.File} {e.Line} {e.State} {e.Record.Kind} {e.Record.Action} {e.Id}")];
    }

    /// <summary>In which of the ledger's files on disk a text stands.</summary>
    public static List<string> FilesWith(TestRoot root, string text) => [.. Directory.EnumerateFiles(root.Folder, "ledger.db*").Where(p => !p.EndsWith("-shm", StringComparison.Ordinal)).Where(p =>
    {
        using var file = new FileStream(p, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using var reader = new StreamReader(file, Encoding.Latin1);
        return reader.ReadToEnd().Contains(text, StringComparison.Ordinal);
    }).Select(p => Path.GetFileName(p)!)];
}
