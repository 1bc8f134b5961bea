using System.Runtime.ExceptionServices;

namespace Ingest.Worker.Cutoff;

/// <summary>One school's part of a close waits for no other's: as many at a time as the machine has processors.</summary>
internal static class SideBySide
{
    /// <summary>Does it for all; a fault of one is thrown as if they had been done one after the other.</summary>
    public static void ForEach<T>(IReadOnlyList<T> items, Action<T> work)
    {
        try
        {
            Parallel.ForEach(items, new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount }, work);
        }
        catch (AggregateException several)
        {
            ExceptionDispatchInfo.Throw(several.InnerExceptions[0]);
        }
    }
}
