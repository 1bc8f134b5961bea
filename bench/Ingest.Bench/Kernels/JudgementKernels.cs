using BenchmarkDotNet.Attributes;
using Ingest.Rules;

namespace Ingest.Bench.Kernels;

/// <summary>A student's record judged on what counts for the student. Time and bytes are of one student.</summary>
[InProcess, MemoryDiagnoser]
public class JudgementKernels
{
    private static readonly DateOnly Before = Rows.Arrival.AddDays(-7);
    private List<StudentEvent>[] alone = [], again = [];

    /// <summary>The judgement moves events on, so each invocation has its own.</summary>
    [IterationSetup]
    public void NewEvents()
    {
        alone = [.. Rows.Registrations.Select((r, i) => new List<StudentEvent> { new(r, 2, i + 1, Rows.Arrival, EventState.Pending) })];
        again = [.. Rows.Registrations.Select((r, i) => new List<StudentEvent> { new(r, 1, i + 1, Before, EventState.Standing), new(r, 2, i + 1, Rows.Arrival, EventState.Pending) })];
    }

    [Benchmark(OperationsPerInvoke = Rows.Count)]
    public int First() => Judge(alone);

    [Benchmark(OperationsPerInvoke = Rows.Count)]
    public int Repeated() => Judge(again);

    private static int Judge(List<StudentEvent>[] students)
    {
        var verdicts = 0;
        foreach (var events in students) verdicts += StudentJudgement.Judge(_ => null, RuleTerms.Default, events, Rows.Arrival).Count;
        return verdicts;
    }
}
