using System.Text;
using System.Text.RegularExpressions;

namespace Ingest.Worker.Tests.Crash;

/// <summary>Only the build that tests make can kill itself.</summary>
public sealed partial class CrashPointTests
{
    [Test]
    public void The_program_that_is_shipped_has_no_crash_points()
    {
        var named = Named();
        Assert.That(named, Has.Count.GreaterThan(40));
        using (Assert.EnterMultipleScope())
        {
            Assert.That(named.Where(p => !Holds(CrashRuns.Program, p)), Is.Empty, "the build that tests make has them all");
            Assert.That(named.Where(p => Holds(Path.Combine(AppContext.BaseDirectory, "ingest.dll"), p)), Is.Empty);
        }
    }

    /// <summary>Every point that the sources name.</summary>
    internal static List<string> Named() =>
        [.. Directory.EnumerateFiles(Repository.Path("src", "Ingest.Worker"), "*.cs", SearchOption.AllDirectories).Where(p => !p.Contains("/obj/", StringComparison.Ordinal))
            .SelectMany(p => Call().Matches(File.ReadAllText(p))).Select(m => m.Groups[1].Value).Distinct().Order(StringComparer.Ordinal)];

    // A literal stands in an assembly as UTF-16.
    private static bool Holds(string assembly, string literal) => File.ReadAllBytes(assembly).AsSpan().IndexOf(Encoding.Unicode.GetBytes(literal)) >= 0;

    [GeneratedRegex("CrashPoint\\.Reached\\(\"([^\"]+)\"")]
    private static partial Regex Call();
}
