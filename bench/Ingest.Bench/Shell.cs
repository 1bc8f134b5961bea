using System.ComponentModel;
using System.Diagnostics;

namespace Ingest.Bench;

/// <summary>Runs another program and waits for it.</summary>
internal static class Shell
{
    /// <param name="worst">The highest exit code that is no failure.</param>
    /// <returns>What it said, and how long it took from start to end.</returns>
    /// <exception cref="InvalidOperationException">It is not installed, or failed.</exception>
    public static async Task<(string Output, TimeSpan Took)> RunAsync(string program, IEnumerable<string> arguments, string? input = null, int worst = 0)
    {
        var began = Stopwatch.GetTimestamp();
        using var process = new Process
        {
            StartInfo = new ProcessStartInfo(program, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true },
        };
        try
        {
            process.Start();
        }
        catch (Win32Exception)
        {
            throw new InvalidOperationException($"{program} is not installed. Debian has it: sqlite3, python3, coreutils.");
        }
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        if (input is not null) await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        await process.WaitForExitAsync();
        var took = Stopwatch.GetElapsedTime(began);
        if (process.ExitCode > worst) throw new InvalidOperationException($"{program} ended with {process.ExitCode}: {await errors}");
        return (await output, took);
    }
}
