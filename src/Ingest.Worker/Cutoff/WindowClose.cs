using System.Data.Common;
using Dapper;
using Ingest.Formats;
using Ingest.Rules;
using Ingest.Worker.Ledger;
using Ingest.Worker.Receipts;
using Ingest.Worker.Service;
using Ingest.Worker.Settings;
using Microsoft.Extensions.Logging;

namespace Ingest.Worker.Cutoff;

/// <summary>
/// A day's story: judge the window student by student, write what came of it and the closing row in one commit, then hand on the
/// delivery and the schools' receipts, which are rendered from the ledger and can be made again.
/// </summary>
internal sealed class WindowClose(
    LedgerDatabase ledger, SchoolsFile schools, RuleTerms terms, TimeProvider time, Delivery delivery, CutoffReceipts receipts, Alarms alarms, ILogger<WindowClose> log)
{
    // Schools whose receipts of a window are written, until all are; so that one that cannot be reached costs the others nothing.
    private readonly Dictionary<DateOnly, HashSet<string>> receipted = [];

    /// <summary>Closes one window and hands it on; one that is closed already is only handed on again, to the same bytes.</summary>
    public async Task CloseAsync(DateOnly window, CancellationToken stop)
    {
        await CommitAsync(window, stop);
        await HandOnAsync(window, stop);
    }

    /// <summary>Delivery and receipts of a closed window; also after a crash between the commit and them.</summary>
    /// <returns>False when a school's receipts could not be written yet.</returns>
    public async Task<bool> HandOnAsync(DateOnly window, CancellationToken stop)
    {
        using var clock = new StageClock(Stage.Close);
        if (!receipted.TryGetValue(window, out var done))
        {
            var manifest = delivery.Write(window);
            CrashPoint.Reached("handOn.delivery");
            await SetAsync(window, "manifest", manifest, stop);
            receipted.Add(window, done = new HashSet<string>(StringComparer.Ordinal));
            CrashPoint.Reached("handOn.manifest");
        }
        var all = true;
        await Parallel.ForEachAsync(receipts.Schools(window).Where(s => !done.Contains(s)).ToList(), stop, async (school, _) =>
        {
            var written = await WriteReceiptsAsync(window, school, stop);
            lock (done)
            {
                if (written) done.Add(school);
                else all = false;
            }
        });
        CrashPoint.Reached("handOn.receipts");
        if (!all) return false;
        foreach (var file in receipts.Grown(window))
            await alarms.RaiseAsync("grown", FileId.Text(file.Id), $"En fil från {file.School} växte efter att den hade lästs. Det som kom sedan räknas inte: be skolan lämna hela filen igen.", stop);
        foreach (var (school, file, lines) in Warned(window))
            await alarms.RaiseAsync("K45", $"{school} {FileId.Text(file)}", lines.Count == 1
                ? $"K45: borttaget på rad {lines[0]} gäller, men det som skulle ersätta uppgiften avvisades."
                : $"K45: {Words.Count(lines.Count, Language.Sv)} borttag gäller, men det som skulle ersätta uppgifterna avvisades (rad {string.Join(", ", lines.Take(MostNamed))}{(lines.Count > MostNamed ? " …" : "")}).", stop);
        CrashPoint.Reached("handOn.alarms");
        await SetAsync(window, "delivered", LedgerDatabase.Instant(time.GetUtcNow()), stop);
        receipted.Remove(window);
        CrashPoint.Reached("handOn.done");
        return true;
    }

    private async Task<bool> WriteReceiptsAsync(DateOnly window, string school, CancellationToken stop)
    {
        try
        {
            foreach (var file in receipts.WriteSchool(window, school).Gone)
                await alarms.RaiseAsync("originalGone", FileId.Text(file.Id), $"Originalet är borta, så {school} får ingen omsändning av sina avvisade poster i det.", stop);
            await alarms.ClearAsync("kl15", $"ut/{school}", stop);
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            log.LogError("The receipts of window {Window} could not be written to ut/{School} ({Fault})", Words.Iso(window), school, Fault.Say(e));
            await alarms.TryRaiseAsync("kl15", $"ut/{school}", $"Kvittenserna klockan 15.00 kan inte skrivas ({Fault.Say(e)}). De andra skolorna har fått sina; nya försök görs.");
            return false;
        }
    }

    private Task SetAsync(DateOnly window, string column, string value, CancellationToken stop) => ledger.WriteAsync((connection, transaction) =>
        connection.Execute($"UPDATE closed_window SET {column} = @value WHERE date = @date", new { value, date = LedgerDatabase.Number(window) }, transaction), stop);

    private const int MostNamed = 10;

    private List<(string School, long File, List<long> Lines)> Warned(DateOnly window)
    {
        using var connection = ledger.Open();
        return [.. connection.Query<(string School, long File, long Line)>(
                "SELECT f.school, f.id, d.record FROM file f JOIN finding d ON d.file = f.id AND d.close = 1 WHERE f.cutoff = @window AND d.code = 'K45' ORDER BY f.id, d.record",
                new { window = LedgerDatabase.Number(window) })
            .GroupBy(w => (w.School, w.File), w => w.Line).Select(g => (g.Key.School, g.Key.File, g.ToList()))];
    }

    /// <summary>The closing itself: one commit, which can happen once.</summary>
    public async Task CommitAsync(DateOnly window, CancellationToken stop)
    {
        using var clock = new StageClock(Stage.Close);
        using var writing = ledger.Open();
        var closed = await ledger.WriteAsync(writing, transaction =>
        {
            ledger.RequireHold(writing, transaction, LedgerDatabase.Watch);
            if (writing.Execute("INSERT INTO closed_window (date, closed) VALUES (@date, @now) ON CONFLICT DO NOTHING",
                    new { date = LedgerDatabase.Number(window), now = LedgerDatabase.Instant(time.GetUtcNow()) }, transaction) == 0)
                return false;
            CrashPoint.Reached("close.row");
            using var writer = new VerdictWriter(writing, window);
            JudgeSchools(window, writer);
            writer.Finish(transaction);
            Misfits.Update(writing, window, school => Catalogue(writing, school, window));
            CrashPoint.Reached("close.misfits");
            return true;
        }, stop);
        if (closed) log.LogInformation("Window {Window} closed", Words.Iso(window));
    }

    /// <summary>
    /// Each school is read on a snapshot of its own while the verdicts are written: every file of the window is in, and no other can come.
    /// One writes at a time.
    /// </summary>
    private void JudgeSchools(DateOnly window, VerdictWriter writer)
    {
        using var snapshot = ledger.Open();
        SideBySide.ForEach(SchoolsOf(snapshot, window), school =>
        {
            using var reading = ledger.Open();
            foreach (var verdict in Judge(reading, school, window))
                if (VerdictWriter.IsToldOf(verdict))
                    lock (writer) writer.Write(school.Id, verdict);
            CrashPoint.Reached("close.school");
        });
    }

    /// <summary>What the window would come to for a school, as far as it has come. Writes nothing.</summary>
    public IEnumerable<Verdict> Preview(string school, DateOnly window)
    {
        using var reading = ledger.Open();
        if (reading.ExecuteScalar<long?>("SELECT id FROM school WHERE code = @school", new { school }) is not { } id) yield break;
        foreach (var verdict in Judge(reading, (id, school), window)) yield return verdict;
    }

    private static List<(long Id, string Code)> SchoolsOf(DbConnection connection, DateOnly window) =>
        [.. connection.Query<(long, string)>($"SELECT id, code FROM school WHERE code IN ({LedgerDatabase.SchoolsWithEvents}) ORDER BY code", new { window = LedgerDatabase.Number(window) })];

    private IEnumerable<Verdict> Judge(DbConnection reading, (long Id, string Code) school, DateOnly window)
    {
        var catalogue = Catalogue(reading, school, window);
        using var students = new StudentStream(reading, school.Id, EventRows.Students(reading, school.Id, window), window, LedgerDatabase.LastClosed(reading));
        var (events, judgement) = (new List<StudentEvent>(), new StudentJudgement(_ => catalogue, terms));
        while (students.Next(events))
            foreach (var verdict in judgement.Judge(events, window))
                if (verdict.Event.Window == window) yield return verdict;
    }

    /// <summary>Null for a school whose courses we do not know.</summary>
    private CourseCatalogue? Catalogue(DbConnection reading, (long Id, string Code) school, DateOnly window) =>
        schools.Current.Find(school.Code) is { } known && known.Has(SchoolService.CourseCatalogue) ? LedgerDatabase.Catalogue(reading, school.Id, window) : null;

    /// <summary>Writes what is not a plain delivery, and moves the events on.</summary>
    private sealed class VerdictWriter(DbConnection connection, DateOnly window) : IDisposable
    {
        private readonly EventMoves moves = new(connection);
        private readonly RowWriter insert = connection.BulkInsert("verdict", "file, line, outcome, delivered_as, other_file, other_line");
        private readonly FindingRows findings = new(connection, close: 1);
        private readonly List<(long School, long File, long Line)> ended = [];

        /// <summary>False for a plain delivery, of which nothing is written.</summary>
        public static bool IsToldOf(Verdict verdict) => verdict is not { Outcome: Outcome.Delivered, DeliveredAs: DeliveredAs.New, Findings.Count: 0, Ends: null };

        public void Write(long school, Verdict verdict)
        {
            var e = verdict.Event;
            if (verdict.Ends is { } end)
            {
                Move(end, StoredState.Past);
                ended.Add((school, end.FileId, end.Line));
            }
            if (verdict is { Outcome: Outcome.Delivered, DeliveredAs: DeliveredAs.New, Findings.Count: 0 }) return;

            var outcome = verdict.Outcome switch
            {
                Outcome.Delivered => 0L,
                // A repeat of what turned out to stand: no effect, as at intake.
                Outcome.Netted or Outcome.Duplicate => 1L,
                _ => 2L,
            };
            if (outcome == 1) Move(e, StoredState.Past);
            if (outcome == 2)
            {
                Move(e, StoredState.Refused);
                foreach (var repeat in verdict.Frees) Move(repeat, StoredState.Refused);
            }
            insert.Bind(1, e.FileId).Bind(2, e.Line).Bind(3, outcome).Bind(4, (long)verdict.DeliveredAs)
                .Bind(5, verdict.Counterpart?.FileId).Bind(6, verdict.Counterpart?.Line).Run();
            findings.Write(e.FileId, verdict.Findings);

            void Move(StudentEvent moved, StoredState to) => moves.Add(school, moved.FileId, moved.Record.Student.Digits, moved.Line, to);
        }

        /// <summary>Writes how the events have moved, and takes all that was written into the seals of the files. The last thing that is called.</summary>
        public void Finish(DbTransaction transaction)
        {
            moves.Write();
            insert.Complete();
            findings.Complete();
            Misfits.End(connection, window, ended);
            foreach (var file in connection.Query<long>("SELECT id FROM file WHERE cutoff = @window AND state <> 'claimed'", new { window = LedgerDatabase.Number(window) }, transaction))
                FileSeals.AddClose(connection, file, moves.SealOf(file));
            // Files of the window, and earlier ones of which something was ended.
            foreach (var (file, seal) in moves.Seals) FileSeals.Extend(connection, transaction, file, seal);
        }

        public void Dispose()
        {
            moves.Dispose();
            insert.Dispose();
            findings.Dispose();
        }
    }
}
