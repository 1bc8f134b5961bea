using System.Collections.Concurrent;
using System.Globalization;
using Ingest.Formats;
using Ingest.Rules;
using Ingest.Worker.Ledger;
using Ingest.Worker.Settings;
using Microsoft.Extensions.Logging;

namespace Ingest.Worker.Service;

/// <summary>
/// The claimed files on their way: a queue a school, worked in order, schools side by side but no more at a time than the machine has
/// processors. A file that cannot be worked is alarmed, tried again later, and never stops the next.
/// </summary>
internal sealed class FileQueues(LedgerDatabase ledger, SchoolsFile schools, FileWorker worker, Alarms alarms, TimeProvider time, ILogger<FileQueues> log) : IDisposable
{
    private const int MostIntakeTries = 5;

    private sealed record Entry(FileRow File, int Tries);

    private readonly ConcurrentDictionary<long, FileRow> unfinished = new();
    private readonly ConcurrentDictionary<long, (Entry Entry, DateTimeOffset Next)> later = new();
    private readonly Dictionary<string, ConcurrentQueue<Entry>> queues = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Task> working = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim places = new(Environment.ProcessorCount);

    /// <param name="recovered">It was on its way when the service stopped, so an alarm about it may be open.</param>
    public void Add(FileRow file, bool recovered = false) => Add(new Entry(file, recovered ? 1 : 0));

    /// <summary>Files that are taken and not yet in the ledger, and whose window is this or earlier.</summary>
    public List<FileRow> NotCommitted(DateOnly window) =>
        [.. unfinished.Values.Where(f => f.Window <= window && f.State == FileState.Claimed)];

    /// <summary>Sets going what has something to do.</summary>
    public void Start()
    {
        var now = time.GetUtcNow();
        foreach (var (id, (entry, _)) in later.Where(l => Backoff.IsOver(l.Value.Next, now)).ToList())
            if (later.TryRemove(id, out _)) Add(entry);
        foreach (var (school, queue) in queues)
            if (!queue.IsEmpty && working.GetValueOrDefault(school) is null or { IsCompleted: true })
                working[school] = Task.Run(() => DrainAsync(queue), CancellationToken.None);
    }

    /// <summary>Waits until every school's queue is empty.</summary>
    public Task DrainedAsync() => Task.WhenAll(working.Values);

    /// <summary>Finishes the files in hand; those that only wait are left for the next start.</summary>
    public Task FinishAsync()
    {
        foreach (var queue in queues.Values) queue.Clear();
        return DrainedAsync();
    }

    private void Add(Entry entry)
    {
        unfinished[entry.File.Id] = entry.File;
        if (!queues.TryGetValue(entry.File.School, out var queue)) queues.Add(entry.File.School, queue = new ConcurrentQueue<Entry>());
        queue.Enqueue(entry);
    }

    private async Task DrainAsync(ConcurrentQueue<Entry> queue)
    {
        while (queue.TryDequeue(out var entry))
        {
            // A file once begun is finished: stopping waits for it.
            await places.WaitAsync(CancellationToken.None);
            try
            {
                if (!await worker.WorkAsync(entry.File, schools.Current.Find(entry.File.School), CancellationToken.None))
                    await alarms.RaiseAsync("actBrokenOff", FileId.Text(entry.File.Id), Recovery.ActBrokenOff(entry.File.School), CancellationToken.None);
                unfinished.TryRemove(entry.File.Id, out _);
                if (entry.Tries > 0) await alarms.ClearAsync("fileStuck", FileId.Text(entry.File.Id), CancellationToken.None);
            }
            catch (Exception e)
            {
                await FailedAsync(entry with { Tries = entry.Tries + 1 }, e);
            }
            finally
            {
                places.Release();
            }
        }
    }

    private async Task FailedAsync(Entry entry, Exception fault)
    {
        var (file, tries) = entry;
        ledger.Note(fault);
        // In our own words, and where: the fault's may hold a path, and a path a name that nobody has masked.
        log.LogError("{FileId} could not be worked (try {Try}): {Fault} {Where}", FileId.Text(file.Id), tries, Fault.Say(fault), fault.StackTrace);
        await alarms.TryRaiseAsync("fileStuck", FileId.Text(file.Id), string.Create(CultureInfo.InvariantCulture,
            $"Filen från {Masking.Numbers(file.School, file.Window, out _)} kan inte bearbetas ({Fault.Say(fault)}; försök {tries}). Nästa fil går vidare."));
        // A disk that is full is no fault of the file's.
        if (file.State == FileState.Claimed && tries >= MostIntakeTries && !Fault.IsOfTheMachine(fault))
        {
            // Poisonous: left for an operator and the next start. It holds up no window.
            unfinished.TryRemove(file.Id, out _);
            return;
        }
        // Receipts and archive are made good however long it takes.
        later[file.Id] = (entry, time.GetUtcNow() + Backoff.After(tries));
    }

    public void Dispose() => places.Dispose();
}

/// <summary>How long to wait before something is tried again: a minute, doubled each time, a quarter of an hour at most.</summary>
internal static class Backoff
{
    private static readonly TimeSpan First = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Most = TimeSpan.FromMinutes(15);

    /// <summary>True too when it lies further ahead than any pause: the clock has been set back.</summary>
    public static bool IsOver(DateTimeOffset next, DateTimeOffset now) => next <= now || next - now > Most;

    public static TimeSpan After(int tries) => TimeSpan.FromTicks(Math.Min(Most.Ticks, First.Ticks << Math.Min(tries - 1, 10)));
}
