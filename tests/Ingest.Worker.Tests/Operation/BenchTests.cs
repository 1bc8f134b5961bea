using System.Diagnostics;
using System.Reflection;
using Ingest.Worker.Tests.Support;

namespace Ingest.Worker.Tests.Operation;

/// <summary>That the benchmark runs, and leaves nothing behind. What it measures is told, never tested.</summary>
public sealed class BenchTests
{
    private static readonly string Program = Path.Combine(Repository.Root, "bench", "Ingest.Bench", "bin",
        typeof(BenchTests).Assembly.GetCustomAttribute<AssemblyConfigurationAttribute>()!.Configuration, "net10.0", "Ingest.Bench.dll");

    [TestCase("fixed")]
    [TestCase("csv")]
    public async Task A_small_term_end_to_end_tells_every_stage(string shape)
    {
        using var root = await TestRoot.StartAsync();
        var folder = root.At("bench");
        TestRoot.Files.Directory.CreateDirectory(folder);

        using var bench = Process.Start(new ProcessStartInfo("dotnet", [Program, "end-to-end", "--rows", "300", "--shape", shape, "--repeat", "1", "--no-yardsticks", "--folder", folder]) { RedirectStandardOutput = true })!;
        var output = await bench.StandardOutput.ReadToEndAsync();
        await bench.WaitForExitAsync();

        Assert.That(bench.ExitCode, Is.Zero, output);
        foreach (var line in Just.These("read", "parse", "judge", "ledger", "receipts", "archive", "close")) Assert.That(output, Does.Match($@"(?m)^{line} +\d+\.\d\d "));
        Assert.That(root.Names("bench"), Is.Empty);
    }
}
