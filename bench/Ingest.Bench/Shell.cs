using System.ComponentModel;
using System.Diagnostics;

namespace Ingest.Bench;

/// <summary>Other programs. They end with the benchmark.</summary>
internal static class Shell
{
    private static readonly HashSet<Process> Running = [];

    private static readonly CancellationTokenSource Stopped = new();

    /// <summary>Set once somebody wants the benchmark to end: nothing more is started.</summary>
    public static CancellationToken Stopping => Stopped.Token;

    /// <summary>Starts a program that <see cref="Stop"/> ends; to be given back to <see cref="Forget"/>.</summary>
    public static Process Start(ProcessStartInfo start)
    {
        lock (Running)
        {
            Stopping.ThrowIfCancellationRequested();
            var process = Process.Start(start)!;
            Running.Add(process);
            return process;
        }
    }

    public static void Forget(Process process)
    {
        lock (Running) Running.Remove(process);
        process.Dispose();
    }

    /// <summary>Ends what was started. Whoever waits for it fails, and clears up after itself.</summary>
    public static void Stop()
    {
        lock (Running)
        {
            Stopped.Cancel();
            foreach (var process in Running) process.Kill(entireProcessTree: true);
        }
    }

    /// <summary>Runs a program and waits for it.</summary>
    /// <param name="worst">The highest exit code that is no failure.</param>
    /// <returns>What it said, and how long it took from start to end.</returns>
    /// <exception cref="InvalidOperationException">It is not installed, or failed.</exception>
    public static async Task<(string Output, TimeSpan Took)> RunAsync(string program, IEnumerable<string> arguments, string? input = null, int worst = 0)
    {
        var began = Stopwatch.GetTimestamp();
        Process process;
        try
        {
            process = Start(new ProcessStartInfo(program, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true });
        }
        catch (Win32Exception)
        {
            throw new InvalidOperationException($"{program} is not installed. Debian has it: sqlite3, python3, coreutils.");
        }
        try
        {
            var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
            if (input is not null) await process.StandardInput.WriteAsync(input);
            process.StandardInput.Close();
            await process.WaitForExitAsync();
            var took = Stopwatch.GetElapsedTime(began);
            Stopping.ThrowIfCancellationRequested();
            if (process.ExitCode > worst) throw new InvalidOperationException($"{program} ended with {process.ExitCode}: {await errors}");
            return (await output, took);
        }
        finally
        {
            Forget(process);
        }
    }
}
