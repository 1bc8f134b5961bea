using System.Globalization;
using System.IO.Abstractions;
using Dapper;
using Ingest.Formats;
using Ingest.Rules;
using Ingest.Worker.Commands;
using Ingest.Worker.Ledger;
using Ingest.Worker.Operators;
using Ingest.Worker.Service;
using Ingest.Worker.Settings;
using Microsoft.Extensions.Logging.Abstractions;

namespace Ingest.Worker.Crashing;

/// <summary>
/// Takes steps of a story, each on a root of its own and at a moment of its own, as a service that is started for it: a first argument
/// that names a file for the points reached (or -), then for each step the root, the moment, what is done, how often the step was broken off
/// before, and the point at which to die (or -). Says on a line when a step is done.
/// </summary>
internal static class Player
{
    private static readonly FileSystem Files = new();

    // A start after a crash comes a little later.
    private static readonly TimeSpan Restart = TimeSpan.FromSeconds(7);

    public static async Task<int> Main(string[] args)
    {
        if (args[0] != "-") CrashPoint.Reaches = [];
        foreach (var step in args.Skip(1).Chunk(5))
        {
            CrashPoint.KillAt(step[4] == "-" ? null : step[4]);
            var attempt = int.Parse(step[3], CultureInfo.InvariantCulture);
            await TakeAsync(step[0], DateTimeOffset.Parse(step[1], CultureInfo.InvariantCulture) + attempt * Restart, step[2], attempt > 0);
            Console.WriteLine("done");
        }
        if (args[0] != "-") await Files.File.WriteAllLinesAsync(args[0], CrashPoint.Reaches!);
        return 0;
    }

    /// <param name="act"><c>run</c>, <c>purge</c>, or what an operator does. One whose act was broken off starts the service, and does it again if it is not in the ledger.</param>
    private static async Task TakeAsync(string root, DateTimeOffset now, string act, bool again)
    {
        var settings = DemoCommand.Settings(root);
        if (Files.File.Exists(root + ".ledger")) settings.Ledger.ConnectionString = await Files.File.ReadAllTextAsync(root + ".ledger");
        settings.Pickup.PollInterval = TimeSpan.FromMilliseconds(50);
        settings.Intake.ChunkRows = int.Parse(Environment.GetEnvironmentVariable("CRASHING_CHUNK") ?? "5", CultureInfo.InvariantCulture);
        var clock = new SettableClock(now);
        if (act == "run" || again)
        {
            using var service = IngestApp.Open(settings, Files, clock, NullLoggerFactory.Instance);
            await service.Service.RunOnceAsync(null, CancellationToken.None);
        }
        if (act == "run") return;
        if (act == "purge")
        {
            // The windows before yesterday's.
            settings.Retention = new RetentionSettings { ArchiveDays = 1, ReceiptsDays = 1, QuarantineDays = 1, LedgerDetailDays = 1, AccessLogDays = 1 };
            using var beside = IngestApp.Beside(settings, Files, clock, NullLoggerFactory.Instance);
            await new Purge(beside).ApplyAsync("anna", _ => { }, CancellationToken.None);
            return;
        }
        using var app = IngestApp.Beside(settings, Files, clock, NullLoggerFactory.Instance);
        using (var connection = app.Ledger.Open())
            if (connection.ExecuteScalar<long>("SELECT count(*) FROM audit WHERE case_number = @act", new { act }) > 0) return;
        await ActAsync(app, act);
    }

    private static async Task ActAsync(IngestApp app, string act)
    {
        var words = act.Split(' ');
        var school = app.Schools.Current.Find(words[1])!;
        var entry = new AuditEntry(app.Time.GetUtcNow(), "anna", words[0], school.Code, act, "skolan har mejlat");
        var desk = new OperatorDesk(app);
        switch (words[0])
        {
            // What closes refused of a file by that name.
            case "correct":
                var file = app.Ledger.FilesOf(school.Code, app.Ledger.LastClosed()).Single(f => f.Name == words[2]);
                await desk.ReportAsync(school, Origin.Correction, "rattelse.txt", [.. app.Ledger.Refused(file).Select(e => e.Record)], entry, CancellationToken.None);
                break;
            case "baseline":
                await desk.BaselineAsync(school, "host.csv", await Files.File.ReadAllBytesAsync(words[2]), entry, CancellationToken.None);
                break;
            case "link":
                await app.Ledger.LinkAsync(school.Code, words[2], Personnummer.FromStorage(long.Parse(words[3], CultureInfo.InvariantCulture)).Digits, desk.OpenWindow(), entry, CancellationToken.None);
                break;
            default:
                throw new ArgumentException(act);
        }
    }
}
