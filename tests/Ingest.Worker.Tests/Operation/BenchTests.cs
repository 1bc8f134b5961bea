using System.Diagnostics;
using System.Reflection;
using System.Text.RegularExpressions;
using Ingest.Worker.Tests.Support;

namespace Ingest.Worker.Tests.Operation;

/// <summary>That the benchmark runs, and leaves nothing behind. What it measures is told, never tested.</summary>
[Parallelizable(ParallelScope.All)]
public sealed class BenchTests
{
    internal static readonly string Program = Path.Combine(Repository.Root, "bench", "Ingest.Bench", "bin",
        typeof(BenchTests).Assembly.GetCustomAttribute<AssemblyConfigurationAttribute>()!.Configuration, "net10.0", "Ingest.Bench.dll");

    [TestCase("fixed")]
    [TestCase("csv")]
    public async Task A_small_term_end_to_end_tells_every_stage(string shape)
    {
        var output = await RunAsync("end-to-end", "--rows", "300", "--shape", shape, "--repeat", "1", "--no-yardsticks");

        foreach (var line in Just.These("read", "parse", "judge", "ledger", "receipts", "archive", "close")) Assert.That(output, Does.Match($@"(?m)^{line} +\d+\.\d\d "));
        foreach (var line in Just.These("without a root", "with --root")) Assert.That(output, Does.Match($@"(?m)^{line} .* x intake +\(bar 0\.25\)"));
    }

    [Test]
    public async Task A_small_term_with_its_ledger_in_PostgreSQL_is_held_against_psql()
    {
        var output = await RunAsync("end-to-end", "--rows", "300", "--shape", "csv", "--ledger", "postgres", "--repeat", "2");

        Assert.That(output, Does.Contain("ledger in PostgreSQL"));
        Assert.That(output, Does.Match(@"(?m)^psql \\copy +\d+\.\d\d +\d+\.\d\d x as long   8$"));
        Assert.That(output, Does.Match(@"(?m)^all closes +\d+\.\d\d s +\d+\.\d\d x intake   \(bar 0\.5\)"));
        Assert.That(output, Does.Match(@"(?m)^with --root .* x intake +\(bar 0\.25\)"));
    }

    [TestCase("start", 2)]
    [TestCase("latency --files 1", 4)]
    [TestCase("idle --seconds 1", 2)]
    [TestCase("growth --largest 10000 --history 40", 1)]
    public async Task What_else_is_measured_is_held_against_its_bar(string command, int figures)
    {
        var output = await RunAsync(command.Split(' '));

        Assert.That(Regex.Count(output, @"(?m) \d+\.\d\d x the bar of "), Is.EqualTo(figures), output);
    }

    [TestCase("idle --seconds 60", "ingest.dll run")]
    [TestCase("end-to-end --rows 300 --repeat 100 --no-yardsticks", "Ingest.Bench.dll service")]
    public async Task A_benchmark_that_is_told_to_end_leaves_neither_process_nor_folder(string command, string child)
    {
        using var folder = new TempFolder();
        using var bench = Process.Start(new ProcessStartInfo("dotnet", [Program, .. command.Split(' '), "--folder", folder.Path]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        try
        {
            await Eventually.TrueAsync(() => Processes.With(folder.Path).Any(c => c.Contains(child, StringComparison.Ordinal)), "a process of its own");
            Process.Start("kill", ["-TERM", $"{bench.Id}"]).WaitForExit();
            await Eventually.TrueAsync(() => bench.HasExited, "the end");
        }
        finally
        {
            bench.Kill(entireProcessTree: true);
        }

        Assert.That(Processes.With(folder.Path), Is.Empty);
        Assert.That(Directory.EnumerateFileSystemEntries(folder.Path), Is.Empty);
    }

    private static async Task<string> RunAsync(params string[] arguments)
    {
        using var folder = new TempFolder();
        using var bench = Process.Start(new ProcessStartInfo("dotnet", [Program, .. arguments, "--folder", folder.Path]) { RedirectStandardOutput = true })!;
        var output = await bench.StandardOutput.ReadToEndAsync();
        await bench.WaitForExitAsync();
        Assert.That(bench.ExitCode, Is.Zero, output);
        Assert.That(Directory.EnumerateFileSystemEntries(folder.Path), Is.Empty);
        return output;
    }
}
