using System.Diagnostics;

namespace Ingest.Worker.Tests.Support;

/// <summary>What .NET cannot make: pipes, names that are no text.</summary>
internal static class Shell
{
    /// <param name="argument">What the script sees as <c>$1</c>.</param>
    public static async Task RunAsync(string script, string argument)
    {
        using var process = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", script, "sh", argument]))!;
        await process.WaitForExitAsync();
        Assert.That(process.ExitCode, Is.Zero, script);
    }
}
