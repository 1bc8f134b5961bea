using System.CommandLine;
using BenchmarkDotNet.Running;
using Ingest.Bench;

// BenchmarkDotNet has a command line of its own.
if (args is ["kernels", .. var rest])
{
    BenchmarkSwitcher.FromAssembly(typeof(EndToEnd).Assembly).Run(rest);
    return 0;
}
var program = new RootCommand("How fast the intake is, against yardsticks on the same rows in the same call") { EndToEnd.Build(), Latency.Build(), Start.Build(), Idle.Build(), Growth.Build(), ServiceRun.Build() };
program.Add(new Command("kernels", "Parser, personnummer, judgement and receipt writer by themselves (BenchmarkDotNet; its own options follow, such as --filter '*')"));
return await program.Parse(args).InvokeAsync();
