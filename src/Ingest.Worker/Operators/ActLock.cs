using Ingest.Worker.Settings;

namespace Ingest.Worker.Operators;

/// <summary>
/// Held by an operator's command while it takes something in, beside a service that may be running or starting: what it has in hand
/// looks just like what a crash has left. The system lets go of it when the process dies.
/// </summary>
internal static class ActLock
{
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(1);

    /// <summary>Null when a command has it.</summary>
    public static IDisposable? TryTake(RootFolder root)
    {
        try
        {
            return root.Files.FileStream.New(root.ActLock, RootFolder.Private(FileMode.OpenOrCreate, FileAccess.ReadWrite));
        }
        catch (IOException)
        {
            return null;
        }
    }

    /// <exception cref="StartException">Another command has had it for a minute.</exception>
    public static async Task<IDisposable> TakeAsync(RootFolder root, TimeProvider time, CancellationToken stop)
    {
        for (var began = time.GetTimestamp(); time.GetElapsedTime(began) < Longest; await Task.Delay(TimeSpan.FromMilliseconds(100), time, stop))
            if (TryTake(root) is { } taken) return taken;
        throw new StartException($"Ett annat kommando för in något i {root.Root}. Vänta tills det är klart och försök igen.");
    }
}
