namespace Ingest.Worker.Tests.Support;

/// <summary>What runs on this machine.</summary>
internal static class Processes
{
    /// <summary>The command lines that hold a text, argument by argument with a space; a server's children say nothing, but end with it.</summary>
    public static List<string> With(string text) =>
        [.. Directory.EnumerateDirectories("/proc").Where(p => char.IsAsciiDigit(Path.GetFileName(p)[0])).Select(CommandLine).Where(c => c.Contains(text, StringComparison.Ordinal))];

    private static string CommandLine(string process)
    {
        try
        {
            return File.ReadAllText(Path.Combine(process, "cmdline")).Replace('\0', ' ');
        }
        catch (IOException)
        {
            // It has ended meanwhile.
            return "";
        }
    }
}
