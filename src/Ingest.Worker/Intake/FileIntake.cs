using System.IO.Abstractions;
using Ingest.Formats;
using Ingest.Rules;
using Ingest.Worker.Ledger;
using Ingest.Worker.Service;
using Ingest.Worker.Settings;

namespace Ingest.Worker.Intake;

/// <summary>What reading one file came to.</summary>
internal enum IntakeResult
{
    /// <summary>The file is in the ledger and counts.</summary>
    Committed,
    /// <summary>Its window closed meanwhile, or the commit was not allowed: nothing counts.</summary>
    Again,
}

/// <summary>
/// A file's story: bytes, sniffing, rows, format findings, record rules, provisional judgement, one commit. One pass in constant
/// memory; what is not committed does not count.
/// </summary>
/// <param name="ledger">Null: there is none, and only what the records say by themselves is told.</param>
internal sealed class FileIntake(LedgerDatabase? ledger, IngestSettings settings)
{
    private readonly RuleTerms terms = settings.Rules.ToTerms();

    /// <summary>Findings after which the file is refused with nothing read.</summary>
    private static readonly FindingCode[] NothingRead =
        [FindingCode.F01, FindingCode.F02, FindingCode.F03, FindingCode.F04, FindingCode.F05, FindingCode.F09, FindingCode.F14, FindingCode.F17, FindingCode.F18];

    /// <summary>The ledger that has what was reported before, where the file is only tried (<c>check</c>). Null: the ledger itself has it.</summary>
    public LedgerDatabase? History { get; init; }

    /// <summary>Called when every row is staged and before it is judged: <c>replay</c> brings the history in here, and looks the händelse-id up in it. Null: it is there.</summary>
    public Func<Staging, Task>? BeforeJudging { get; init; }

    /// <summary>Without a ledger: called at the end with the file and those of its records of which something was found.</summary>
    public Action<IEnumerable<RecordRow>> Tell { get; init; } = _ => { };

    /// <param name="file">Its row, claimed.</param>
    /// <param name="source">The claimed bytes, seekable.</param>
    /// <param name="doneFile">The text of the <c>.klar</c>, or null.</param>
    /// <param name="mayCommit">Asked before the commit, when all is known: whether the source is still as it was when reading began.</param>
    public async Task<IntakeResult> RunAsync(FileRow file, Stream source, School school, string? doneFile, IReadOnlyList<Finding> nameFindings,
        Func<bool> mayCommit, CancellationToken stop)
    {
        using var clock = new StageClock(Stage.Read);
        using IFileRecords records = ledger is null ? new FoundRecords(file, settings.Intake.ChunkRows, Tell) : new Staging(ledger, file, settings.Intake.ChunkRows, clock, History);
        var limits = settings.Limits.ToLimits();
        var fileFindings = new List<Finding>(nameFindings);
        (file.RulesVersion, file.TextVersion, file.Language, file.DuplicateOf) = (RuleSet.Version, FindingCatalogue.TextVersion, school.Language, null);

        source.Position = 0;
        file.Sniffed = Sniffer.Sniff(source, limits, school.Profile);
        file.Profile = file.Sniffed.Profile is null ? null : school.Profile;
        fileFindings.AddRange(file.Sniffed.Findings);
        CrashPoint.Reached("intake.sniffed");
        // A school without files is the one whose certificates come on paper.
        if (!school.FileReporting && file.Origin == Origin.School)
            fileFindings.Add(new Finding(FindingCode.F09, Args: [Phrase.Of("skolan rapporterar inte via fil", "the school does not report by file")]));
        if (!Refuses(fileFindings))
        {
            clock.Enter(Stage.Parse);
            var reader = Read(records, file, source, school, doneFile, fileFindings, limits, stop);
            if (!Refuses(fileFindings) && FileRules.JudgeSequence(records.Connection, file) is { } sequence) fileFindings.Add(sequence);
            if (!Refuses(fileFindings) && records is Staging staging) await JudgeAsync(staging, file, source, school, limits, stop);
            if (!Refuses(fileFindings) && FileRules.JudgeShare(file, settings.Rules) is { } share) fileFindings.Add(share);
            if (Refuses(fileFindings)) Refuse(records, file, reader, fileFindings);
        }

        CrashPoint.Reached("intake.judged");
        clock.Enter(Stage.Ledger);
        file.Status = Status(records, file, fileFindings);
        // A file of which nothing counts uses up no number, so there is no gap before it either.
        if (file.Status == FileStatus.Rejected)
        {
            file.NextSequence = FileRules.HighestUsed(records.Connection, file) + 1;
            fileFindings.RemoveAll(f => f.Code == FindingCode.F13);
        }
        if (!file.Counts.Holds) throw new InvalidOperationException($"File {FileId.Text(file.Id)}: the outcomes do not add up to what was read.");
        if (!mayCommit()) return IntakeResult.Again;
        CrashPoint.Reached("intake.committing");
        if (!await records.CommitAsync([.. fileFindings.OrderBy(f => f.Line).ThenBy(f => f.Code)], stop)) return IntakeResult.Again;
        file.State = FileState.Committed;
        return IntakeResult.Committed;
    }

    private RecordReader Read(IFileRecords records, FileRow file, Stream source, School school, string? doneFile, List<Finding> fileFindings,
        ReadLimits limits, CancellationToken stop)
    {
        var arrival = ReportingCalendar.SwedishDate(file.Arrived);
        source.Position = 0;
        var reader = RecordReader.Open(source, file.Sniffed!, arrival, limits, new ReadTerms { Grades = terms.Grades, KnownInterim = records.KnownInterim }, file.Profile);
        CourseCatalogue? catalogue = null;
        var (context, cut, findings) = (new RecordContext(arrival, terms), new SourceBytes(source), new List<Finding>());
        long accepted = 0, warned = 0, duplicate = 0, rejected = 0;

        foreach (var row in reader.Rows())
        {
            findings.Clear();
            findings.AddRange(row.Findings);
            if (file.Origin == Origin.Baseline && row.Record is { Action: ReportAction.B })
                findings.Add(new Finding(FindingCode.P06, row.Source.Line, Field: "åtgärd", Value: "B", Args: ["N"]));
            if (row.Record is { } record && RuleSet.JudgeAlone(record, row.Source.Line, context) is { } alone) findings.AddRange(alone);
            var status = row.Record is null || findings.Exists(f => f.IsError) ? RecordStatus.Rejected
                : findings.Exists(f => f.Severity == Severity.V) ? RecordStatus.AcceptedWithWarning : RecordStatus.Accepted;
            if (status != RecordStatus.Rejected && row.Record is CourseOffering or Module)
            {
                catalogue ??= records.CatalogueBefore();
                status = TakeCatalogueRecord(records, file, catalogue, row, status, findings);
            }
            switch (status)
            {
                case RecordStatus.Rejected: rejected++; break;
                case RecordStatus.Duplicate: duplicate++; break;
                case RecordStatus.AcceptedWithWarning: warned++; accepted++; break;
                default: accepted++; break;
            }
            // A rule knows the field, not the column, so the line is looked up again.
            records.Add(row, status, Place(row));
            stop.ThrowIfCancellationRequested();
        }
        records.Complete();

        (file.System, file.Environment, file.Sequence) = (reader.Header is { } header ? Masking.Numbers(header.System, arrival, out _) : null, reader.Header?.Environment, reader.Header?.SequenceNumber);
        (file.Declared, file.DeclaredSum, file.ComputedSum) = (reader.Declared?.Records, reader.Declared?.Hundredths, reader.Hundredths);
        file.Counts = new Counts(accepted + duplicate + rejected, accepted, warned, 0, duplicate, rejected);
        fileFindings.AddRange(reader.Findings);
        fileFindings.AddRange(FileRules.Judge(reader, file, school, settings.Environment, doneFile));
        if (doneFile is not null && file.Declared is null && Pickup.DoneFile.Parse(doneFile, out _) is { } stated)
            (file.Declared, file.DeclaredSum) = (stated.Records, stated.Hundredths);
        return reader;

        List<Finding> Place(Row row)
        {
            if (!findings.Exists(f => f.Field is not null && f.Column is null)) return findings;
            var at = source.Position;
            places ??= NewPlaces(source, file, limits);
            var bytes = places.ReadsRecords ? cut.Read(row.Source.Offset, row.Source.Length) : default;
            for (var i = 0; i < findings.Count; i++) findings[i] = places.Place(findings[i], row.Kind!.Value, bytes);
            source.Position = at;
            return findings;
        }
    }

    private FieldPlaces? places;

    private static FieldPlaces NewPlaces(Stream source, FileRow file, ReadLimits limits)
    {
        source.Position = 0;
        return new FieldPlaces(source, file.Sniffed!, limits, file.Profile);
    }

    private static RecordStatus TakeCatalogueRecord(IFileRecords records, FileRow file, CourseCatalogue catalogue, Row row, RecordStatus status, List<Finding> findings)
    {
        var origin = catalogue.OriginOf(row.Record!);
        var code = catalogue.Apply(row.Record!, file.Id, row.Source.Line);
        if (code is null)
        {
            records.AddToCatalogue(row.Record!, row.Source.Line);
            return status;
        }
        findings.Add(new Finding(code.Value, row.Source.Line, Args: code == FindingCode.R06 ? [FileId.Text(origin.FileId), Phrase.Number(origin.Line)] : []));
        return code == FindingCode.R06 ? RecordStatus.Duplicate : RecordStatus.Rejected;
    }

    /// <summary>The provisional judgement: student by student, on all that is committed and this whole file, by the same code as the close.</summary>
    private async Task JudgeAsync(Staging staging, FileRow file, Stream source, School school, ReadLimits limits, CancellationToken stop)
    {
        staging.Clock.Enter(Stage.Ledger);
        if (BeforeJudging is not null) await BeforeJudging(staging);
        // A file that comes after 15:00, before the window has closed, brings that window no courses.
        var catalogues = new Dictionary<DateOnly, CourseCatalogue>();
        CourseCatalogue? Courses(DateOnly window) => !school.Has(SchoolService.CourseCatalogue) ? null
            : catalogues.TryGetValue(window, out var known) ? known
            : catalogues[window] = staging.Catalogue(window);
        var lastClosed = staging.BeginJudging();
        if (BeforeJudging is null) staging.LookUpIds();
        staging.SettleIds(Courses, terms, lastClosed);
        CrashPoint.Reached("intake.settled");
        var (tally, events, judgement, bytes) = (new Tally(file.Counts), new List<StudentEvent>(), new StudentJudgement(Courses, terms), new SourceBytes(source));
        Func<Finding, StudentEvent, Finding> place = (finding, e) => PlaceJudged(staging, finding, e, file, source, bytes, limits);
        using (var students = staging.Students(lastClosed))
            while (students.Next(events))
            {
                stop.ThrowIfCancellationRequested();
                using var judging = staging.Clock.Enter(Stage.Judge);
                if (staging.TakenIds.Count > 0) RejectTakenIds(staging, file, events, tally);
                var verdicts = file.Origin == Origin.Baseline ? StudentJudgement.JudgeBaseline(events, file.Id) : judgement.Judge(events, file.Window);
                foreach (var verdict in verdicts)
                    if (verdict.Findings.Count > 0 && verdict.Event.FileId == file.Id)
                        Take(verdict, staging, tally, place);
            }
        file.Counts = tally.ToCounts(file.Counts.Read);
    }

    /// <summary>Takes what the judgement found of one of the file's records.</summary>
    private void Take(Verdict verdict, Staging staging, Tally tally, Func<Finding, StudentEvent, Finding> place)
    {
        // What the close will say is said at the close: here a record waits, counts, or has no effect.
        var findings = verdict.Findings.Where(f => f.Code is not (FindingCode.K42 or FindingCode.K43 or FindingCode.K44 or FindingCode.K45)).ToList();
        if (findings.Count == 0) return;
        var wasWarned = staging.WasWarned(verdict.Event.Line);
        var isWarned = wasWarned || findings.Exists(f => f.Severity == Severity.V);
        var status = verdict.Outcome switch
        {
            Outcome.Refused => RecordStatus.Waiting,
            Outcome.Duplicate => RecordStatus.Duplicate,
            Outcome.Rejected => RecordStatus.Rejected,
            _ => isWarned ? RecordStatus.AcceptedWithWarning : RecordStatus.Accepted,
        };
        tally.Move(wasWarned, status);
        if (status == RecordStatus.Waiting) warnedWaiting |= isWarned;
        var counts = verdict.TakesId || status is not (RecordStatus.Duplicate or RecordStatus.Rejected);
        staging.Judge(verdict.Event, status, findings.Select(f => place(f, verdict.Event)), counts, verdict.TakesId);
    }

    /// <summary>A händelse-id that another student's record has: no judgement of one student can see that.</summary>
    private static void RejectTakenIds(Staging staging, FileRow file, List<StudentEvent> events, Tally tally)
    {
        for (var i = events.Count - 1; i >= 0; i--)
        {
            var e = events[i];
            if (e.FileId != file.Id || !staging.TakenIds.TryGetValue(e.Line, out var owner)) continue;
            events.RemoveAt(i);
            tally.Move(staging.WasWarned(e.Line), RecordStatus.Rejected);
            staging.Judge(e, RecordStatus.Rejected, [StudentJudgement.IdTakenByAnother(e, owner.File, owner.Line)], counts: false);
        }
    }

    /// <summary>The records of a file by outcome, as the judgement moves them.</summary>
    private sealed class Tally(Counts counts)
    {
        private long accepted = counts.Accepted, warned = counts.Warned, waiting = counts.Waiting, duplicate = counts.Duplicate, rejected = counts.Rejected;

        /// <summary>An accepted record comes to something else.</summary>
        public void Move(bool wasWarned, RecordStatus to)
        {
            if (wasWarned) warned--;
            accepted--;
            switch (to)
            {
                case RecordStatus.Accepted: accepted++; break;
                case RecordStatus.AcceptedWithWarning: accepted++; warned++; break;
                case RecordStatus.Waiting: waiting++; break;
                case RecordStatus.Duplicate: duplicate++; break;
                default: rejected++; break;
            }
        }

        public Counts ToCounts(long read) => new(read, accepted, warned, waiting, duplicate, rejected);
    }

    private Finding PlaceJudged(Staging staging, Finding finding, StudentEvent e, FileRow file, Stream source, SourceBytes bytes, ReadLimits limits)
    {
        // A repeat is about the whole record, and may be about every record of a large file.
        if (finding.Code == FindingCode.R06) return finding with { Field = null };
        places ??= NewPlaces(source, file, limits);
        if (!places.ReadsRecords) return places.Place(finding, e.Record.Kind, default);
        var at = staging.PlaceOf(e.Line);
        return places.Place(finding, e.Record.Kind, bytes.Read(at.Offset, at.Length));
    }

    private static void Refuse(IFileRecords records, FileRow file, RecordReader reader, List<Finding> fileFindings)
    {
        var nothingRead = fileFindings.Exists(f => NothingRead.Contains(f.Code));
        records.Refuse(keepLines: !nothingRead, keepRuleFindings: fileFindings.Exists(f => f.Code == FindingCode.F15));
        file.Counts = nothingRead ? new Counts(0, 0, 0, 0, 0, 0) : new Counts(reader.Count, 0, 0, 0, 0, reader.Count);
    }

    /// <summary>A record that waits and has a warning besides: it is not among the accepted that are counted as warned.</summary>
    private bool warnedWaiting;

    private FileStatus Status(IFileRecords records, FileRow file, List<Finding> fileFindings)
    {
        var c = file.Counts;
        if (Refuses(fileFindings) || (c.Read > 0 && c.Rejected == c.Read)) return FileStatus.Rejected;
        if (c.Read > 0 && c.Duplicate == c.Read && records.Connection is { } connection && LedgerDatabase.SameBytes(connection, file.School, file.Sniffed!.Sha256, file.Id) is { } same)
        {
            file.DuplicateOf = same;
            return FileStatus.Duplicate;
        }
        if (c.Rejected > 0) return FileStatus.PartiallyAccepted;
        return fileFindings.Exists(f => f.Severity == Severity.V) || c.Warned > 0 || warnedWaiting
            ? FileStatus.AcceptedWithWarnings
            : FileStatus.Accepted;
    }

    /// <summary>What an operator reports counts whole or not at all; a baseline is taken for what stands in it.</summary>
    public static bool Holds(FileRow file) => file.Origin switch
    {
        Origin.School => true,
        Origin.Baseline => file.Status != FileStatus.Rejected && file.Counts.Accepted > 0,
        _ => file.Counts is { Accepted: > 0, Rejected: 0, Waiting: 0 },
    };

    private static bool Refuses(List<Finding> findings) => findings.Exists(f => f.Severity == Severity.F);
}
