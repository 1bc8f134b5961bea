using System.Data.Common;
using Ingest.Formats;
using Ingest.Rules;

namespace Ingest.Worker.Ledger;

/// <summary>What reading a file asks of what was reported before, and where its records go.</summary>
internal interface IFileRecords : IDisposable
{
    /// <summary>The ledger; null: there is none.</summary>
    DbConnection? Connection { get; }

    /// <summary>See <see cref="ReadTerms.KnownInterim"/>.</summary>
    IReadOnlyDictionary<string, Personnummer> KnownInterim { get; }

    /// <summary>The school's courses as they stood before the file.</summary>
    CourseCatalogue CatalogueBefore();

    void Add(Row row, RecordStatus status, IReadOnlyList<Finding> found);

    /// <summary>A catalogue record that took effect.</summary>
    void AddToCatalogue(ReportRecord record, long line);

    /// <summary>The file is at its end.</summary>
    void Complete();

    /// <summary>The file as a whole is refused: none of its records counts.</summary>
    /// <param name="keepLines">True: the records count as rejected. False: nothing was read.</param>
    /// <param name="keepRuleFindings">True when what the rules found is told all the same (F15).</param>
    void Refuse(bool keepLines, bool keepRuleFindings);

    /// <summary>All is known: it takes effect, or false when it may not.</summary>
    Task<bool> CommitAsync(IReadOnlyList<Finding> fileFindings, CancellationToken stop);
}

/// <summary>
/// Records of a file that is judged by itself, without a ledger: those of which something was found are kept, to be told as receipts
/// would tell them.
/// </summary>
/// <param name="tell">Called at the end with the file itself and then those records, in order.</param>
internal sealed class FoundRecords : IFileRecords
{
    private readonly FileRow file;
    private readonly Action<IEnumerable<RecordRow>> tell;
    private readonly Scratch scratch = new();
    private readonly StagedLines lines;
    private readonly StagedFindings findings;
    private readonly LineOutcomes outcomes = new();
    private (bool KeepLines, bool KeepRuleFindings)? refusal;

    public FoundRecords(FileRow file, int chunkRows, Action<IEnumerable<RecordRow>> tell)
    {
        (this.file, this.tell) = (file, tell);
        (lines, findings) = (new StagedLines(scratch, chunkRows), new StagedFindings(scratch, file.Id));
    }

    public DbConnection? Connection => null;

    public IReadOnlyDictionary<string, Personnummer> KnownInterim => ReadTerms.Default.KnownInterim;

    public CourseCatalogue CatalogueBefore() => new();

    public void Add(Row row, RecordStatus status, IReadOnlyList<Finding> found)
    {
        if (found.Count == 0) return;
        lines.Add(row.Source, row.Kind, row.Record?.EventId);
        outcomes.Set(row.Source.Line, status);
        findings.Add(found, 0);
    }

    public void AddToCatalogue(ReportRecord record, long line)
    {
    }

    public void Complete() => lines.Complete();

    public void Refuse(bool keepLines, bool keepRuleFindings) => refusal = (keepLines, keepRuleFindings);

    public Task<bool> CommitAsync(IReadOnlyList<Finding> fileFindings, CancellationToken stop)
    {
        tell(All(fileFindings));
        return Task.FromResult(true);
    }

    private IEnumerable<RecordRow> All(IReadOnlyList<Finding> ofFile)
    {
        yield return LedgerDatabase.OfFile(ofFile);
        if (refusal is { KeepLines: false }) yield break;
        var names = new FileNames(file);
        using var found = findings.InOrder(ofRules: refusal is null or { KeepRuleFindings: true }).GetEnumerator();
        var isFound = found.MoveNext();
        foreach (var line in lines.All(refusal is null ? outcomes : null))
        {
            var ofLine = new List<Finding>();
            for (; isFound && found.Current.Finding.Line <= line.Number; isFound = found.MoveNext())
                if (found.Current.Finding.Line == line.Number) ofLine.Add(names.In(found.Current.Finding, file.Id));
            yield return LedgerDatabase.Record(file, line, ofLine);
        }
    }

    public void Dispose() => scratch.Dispose();
}
