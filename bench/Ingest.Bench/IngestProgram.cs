using System.CommandLine;

namespace Ingest.Bench;

/// <summary>The program that is measured, in processes of its own.</summary>
internal sealed class IngestProgram(string path)
{
    public static Option<IngestProgram> Option() => new("--program")
    {
        Description = "The ingest to measure, an executable or a .dll (default: the one built beside this)",
        CustomParser = result => new IngestProgram(result.Tokens.Single().Value),
        DefaultValueFactory = _ => new IngestProgram(System.IO.Path.Combine(AppContext.BaseDirectory, "ingest.dll")),
    };

    /// <summary>File and arguments that start it.</summary>
    public (string File, string[] Arguments) Starting(params string[] arguments) => path.EndsWith(".dll", StringComparison.Ordinal) ? ("dotnet", [path, .. arguments]) : (path, arguments);

    /// <summary><c>check</c>, whatever it says about the file.</summary>
    public async Task<TimeSpan> CheckAsync(string file, params string[] options)
    {
        const int Refused = 2;
        var (program, arguments) = Starting(["check", file, .. options]);
        return (await Shell.RunAsync(program, arguments, worst: Refused)).Took;
    }
}
