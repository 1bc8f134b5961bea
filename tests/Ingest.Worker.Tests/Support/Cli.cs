using System.Diagnostics;

namespace Ingest.Worker.Tests.Support;

/// <summary>What a run of the program came to.</summary>
internal sealed record CliResult(int Exit, string Out, string Error)
{
    public string[] ErrorLines => Error.Split('\n', StringSplitOptions.RemoveEmptyEntries);
}

/// <summary>Runs the built program as its users do.</summary>
internal static class Cli
{
    public static Task<CliResult> RunAsync(params string[] arguments) => RunAsync(null, arguments);

    /// <param name="environment">One variable, as <c>name=value</c>.</param>
    public static Task<CliResult> RunAsync(string? environment, string[] arguments) => RunAsync(environment, null, arguments);

    /// <param name="input">What the program reads from its standard input; null: the test's own.</param>
    public static async Task<CliResult> RunAsync(string? environment, string? input, string[] arguments)
    {
        var dll = Path.Combine(AppContext.BaseDirectory, "ingest.dll");
        var start = new ProcessStartInfo(Environment.ProcessPath is { } host && Path.GetFileNameWithoutExtension(host) == "dotnet" ? host : "dotnet", [dll, .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = input is not null,
            StandardOutputEncoding = System.Text.Encoding.UTF8,
            StandardErrorEncoding = System.Text.Encoding.UTF8,
            // A command that made ./data by default would be seen there.
            WorkingDirectory = Path.GetTempPath(),
        };
        if (Array.IndexOf(arguments, "--root") is >= 0 and var at && at + 1 < arguments.Length) TestLedger.Tell(start, arguments[at + 1]);
        if (environment?.Split('=') is [var name, var value]) start.Environment[name] = value;
        using var process = Process.Start(start)!;
        if (input is not null)
        {
            await process.StandardInput.WriteAsync(input);
            process.StandardInput.Close();
        }
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        return new CliResult(process.ExitCode, await output, await error);
    }
}
