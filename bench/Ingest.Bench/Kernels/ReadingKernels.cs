using BenchmarkDotNet.Attributes;
using Ingest.Formats;
using Ingest.Rules;

namespace Ingest.Bench.Kernels;

/// <summary>Bytes to records, with what is found in each alone. Time and bytes are of one record.</summary>
[InProcess, MemoryDiagnoser]
public class ReadingKernels
{
    private readonly byte[] fixedWidth = Rows.FixedWidth(), csv = Rows.Csv();
    private readonly string[] numbers = [.. Rows.Students.Select(s => s.ToUnmaskedString())];

    [Benchmark(OperationsPerInvoke = Rows.Count)]
    public long FixedWidth() => Read(fixedWidth);

    [Benchmark(OperationsPerInvoke = Rows.Count)]
    public long Csv() => Read(csv);

    [Benchmark(OperationsPerInvoke = Rows.Count)]
    public long Personnummer()
    {
        long sum = 0;
        foreach (var number in numbers)
            if (Formats.Personnummer.Parse(number, Rows.Arrival, out var parsed, out _) == default) sum += parsed.Digits;
        return sum;
    }

    private static long Read(byte[] bytes)
    {
        using var stream = new MemoryStream(bytes);
        var sniffed = Sniffer.Sniff(stream, ReadLimits.Default);
        stream.Position = 0;
        var context = new RecordContext(Rows.Arrival, RuleTerms.Default);
        long sound = 0;
        foreach (var row in RecordReader.Open(stream, sniffed, Rows.Arrival, ReadLimits.Default).Rows())
            if (row.Record is { } record && RuleSet.JudgeAlone(record, row.Source.Line, context) is null) sound++;
        return sound == Rows.Count ? sound : throw new InvalidOperationException($"{sound} sound records.");
    }
}
