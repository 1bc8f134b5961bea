using System.Data.Common;
using Ingest.Formats;
using Ingest.Rules;
using Ingest.Worker.Ledger;

namespace Ingest.Worker.Cutoff;

/// <summary>What became of the records of some files at the close. A window may hold a million, so that each answer is read when it is asked for.</summary>
internal sealed class ClosedRecords(DbConnection connection, List<FileRow> files)
{
    private readonly FileNames names = new(connection);

    private IEnumerable<FileRow> Taken => files.Where(f => f.Status != FileStatus.Rejected);

    /// <summary>Every record that was accepted or waited, with what the close made of it; in file and line order.</summary>
    public IEnumerable<ClosedRecord> All()
    {
        using var lines = new LineQuery(connection);
        foreach (var file in Taken)
        {
            var (id, arrival) = (FileId.Text(file.Id), ReportingCalendar.SwedishDate(file.Arrived));
            using var findings = new LedgerDatabase.FindingStream(connection, file.Id, close: 1);
            using var judged = KeptVerdicts.Of(connection, file.Id).GetEnumerator();
            var more = judged.MoveNext();
            foreach (var line in lines.Of(file.Id))
            {
                if (line.Status is RecordStatus.Rejected or RecordStatus.Duplicate) continue;
                KeptVerdict? verdict = null;
                if (more && judged.Current.Line == line.Number)
                {
                    verdict = judged.Current.Verdict;
                    more = judged.MoveNext();
                }
                yield return Closed(file, id, line, LedgerDatabase.Shown(line.EventId, arrival), verdict, findings.Take(line.Number));
            }
        }
    }

    /// <summary>
    /// Those that the close has something to say about, the refused or the others: few, and found without going through all. Nobody is shown
    /// their händelse-id.
    /// </summary>
    public IEnumerable<ClosedRecord> Told(bool refused)
    {
        using var lines = new LineQuery(connection);
        foreach (var file in Taken)
        {
            var id = FileId.Text(file.Id);
            using var findings = new LedgerDatabase.FindingStream(connection, file.Id, close: 1);
            foreach (var (number, verdict) in KeptVerdicts.Of(connection, file.Id))
            {
                if (IsRefused(verdict) != refused) continue;
                var found = findings.Take(number);
                if ((refused || found.Count > 0) && lines.Find(file.Id, number) is { } line)
                    yield return Closed(file, id, line, eventId: null, verdict, found);
            }
        }
    }

    /// <summary>For what records were refused, and how many for each.</summary>
    public List<KeyValuePair<FindingCode, int>> RefusedFor()
    {
        var counts = new SortedDictionary<FindingCode, int>();
        foreach (var file in Taken)
        {
            using var findings = new LedgerDatabase.FindingStream(connection, file.Id, close: 1);
            foreach (var (number, verdict) in KeptVerdicts.Of(connection, file.Id))
                if (IsRefused(verdict))
                    foreach (var code in findings.Take(number).Select(f => f.Code).Distinct()) counts[code] = counts.GetValueOrDefault(code) + 1;
        }
        return [.. counts];
    }

    /// <summary>Where a file's refused records stand in it.</summary>
    public static IEnumerable<Line> Refused(DbConnection connection, FileRow file)
    {
        using var lines = new LineQuery(connection);
        foreach (var (number, verdict) in KeptVerdicts.Of(connection, file.Id))
            if (IsRefused(verdict) && lines.Find(file.Id, number) is { } line) yield return line;
    }

    private static bool IsRefused(KeptVerdict verdict) => verdict.Outcome is not (Outcome.Delivered or Outcome.Netted);

    private ClosedRecord Closed(FileRow file, string id, in Line line, string? eventId, KeptVerdict? verdict, IReadOnlyList<Finding> findings)
    {
        var outcome = line.Kind is RecordKind.CourseOffering or RecordKind.Module ? ClosedRecord.Catalogue
            : verdict is not { Outcome: not Outcome.Delivered } judged ? ClosedRecord.Delivered
            : IsRefused(judged) ? ClosedRecord.Refused : ClosedRecord.Netted;
        return new ClosedRecord(file, id, line.Number, line.Kind, eventId, outcome, findings, verdict?.Other is var (other, at) ? new Counterpart(other, names.Of(other) ?? "", at) : null);
    }
}
