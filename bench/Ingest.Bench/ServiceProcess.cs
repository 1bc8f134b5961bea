using System.Diagnostics;
using System.Globalization;
using System.IO.Abstractions;

namespace Ingest.Bench;

/// <summary><c>ingest run</c> on a root, with the settings that are shipped and the machine's clock.</summary>
internal sealed class ServiceProcess : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private ServiceProcess(Process process) => Process = process;

    public Process Process { get; }

    /// <param name="root">With its <c>schools.json</c>.</param>
    /// <param name="options">Others than those that are shipped.</param>
    public static async Task<ServiceProcess> StartAsync(IngestProgram program, string root, int schools, params string[] options)
    {
        var (file, arguments) = program.Starting(["run", "--root", root, .. options]);
        var service = new ServiceProcess(Shell.Start(new ProcessStartInfo(file, arguments) { RedirectStandardOutput = true }));
        // What it logs is read, and nobody's.
        service.Process.BeginOutputReadLine();
        var (files, drops) = (new FileSystem(), Path.Combine(root, "in"));
        try
        {
            await service.UntilAsync(() => files.Directory.Exists(drops) && files.Directory.EnumerateDirectories(drops).Count() >= schools, "the drop folders");
            return service;
        }
        catch
        {
            await service.DisposeAsync();
            throw;
        }
    }

    public async Task UntilAsync(Func<bool> condition, string what)
    {
        for (var began = Stopwatch.GetTimestamp(); !condition(); await Task.Delay(1))
            if (Process.HasExited || Stopwatch.GetElapsedTime(began) > Patience) throw new InvalidOperationException($"The service did not come to {what}.");
    }

    public async ValueTask DisposeAsync()
    {
        if (!Process.HasExited && !Shell.Stopping.IsCancellationRequested) await Shell.RunAsync("kill", ["-TERM", Process.Id.ToString(CultureInfo.InvariantCulture)]);
        await Process.WaitForExitAsync();
        Shell.Forget(Process);
    }
}
