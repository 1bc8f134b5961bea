using System.CommandLine;
using System.Runtime.InteropServices;
using BenchmarkDotNet.Running;
using Ingest.Bench;

// BenchmarkDotNet has a command line of its own.
if (args is ["kernels", .. var rest])
{
    BenchmarkSwitcher.FromAssembly(typeof(EndToEnd).Assembly).Run(rest);
    return 0;
}
var program = new RootCommand("How fast the intake is, against yardsticks on the same rows in the same call") { EndToEnd.Build(), Latency.Build(), Start.Build(), Idle.Build(), SideBySide.Build(), Growth.Build(), ServiceRun.Build() };
program.Add(new Command("kernels", "Parser, personnummer, judgement and receipt writer by themselves (BenchmarkDotNet; its own options follow, such as --filter '*')"));
// Whoever waits for what is ended here then clears up.
using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, End);
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, End);
return await program.Parse(args).InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = null });

static void End(PosixSignalContext signal)
{
    signal.Cancel = true;
    Shell.Stop();
}
