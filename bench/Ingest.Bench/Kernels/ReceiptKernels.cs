using BenchmarkDotNet.Attributes;
using Ingest.Formats;
using Ingest.Worker.Ledger;
using Ingest.Worker.Receipts;

namespace Ingest.Bench.Kernels;

/// <summary>A record's row in the receipts for people. Time and bytes are of one record.</summary>
[InProcess, MemoryDiagnoser]
public class ReceiptKernels
{
    private readonly FileRow file = new() { Id = 20260119000001, School = "KTH", Name = "termin.txt", Window = Rows.Arrival };
    private readonly List<RecordRow> accepted = [.. Rows.Registrations.Select((r, i) => new RecordRow(i + 2, r.Kind, RecordStatus.Accepted, r.EventId?.ToString(), i * 200, 199, []))];
    private readonly List<RecordRow> rejected =
        [.. Rows.Registrations.Select((r, i) => new RecordRow(i + 2, r.Kind, RecordStatus.Rejected, r.EventId?.ToString(), i * 200, 199, [new Finding(FindingCode.P06, i + 2, 4, 1, "åtgärd", "X", ["N eller B"])]))];

    [Benchmark(OperationsPerInvoke = Rows.Count)]
    public void Accepted()
    {
        using var csv = ReceiptCsv.Accepted(Stream.Null);
        foreach (var record in accepted) ReceiptCsv.WriteAccepted(csv, Words.Iso(file.Window), Ingest.Rules.FileId.Text(file.Id), record);
    }

    [Benchmark(OperationsPerInvoke = Rows.Count)]
    public void Rejected()
    {
        using var csv = ReceiptCsv.Findings(Stream.Null);
        foreach (var record in rejected)
            foreach (var finding in record.Findings) ReceiptCsv.WriteFinding(csv, record, finding, FindingCatalogue.Words(finding, Language.Sv));
    }
}
