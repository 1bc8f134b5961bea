using System.Text;
using Ingest.Worker.Commands;

Console.OutputEncoding = new UTF8Encoding(false);
return await CommandLine.RunAsync(args);
