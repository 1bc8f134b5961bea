using System.Reflection;
using Ingest.Formats;

namespace Ingest.Rules.Tests;

/// <summary>References run one way: Ingest.Formats &lt;- Ingest.Rules &lt;- Ingest.Worker.</summary>
public sealed class ReferencesTests
{
    [Test]
    public void Formats_references_no_other_room() => Assert.That(Rooms(typeof(ReportRecord).Assembly), Is.Empty);

    [Test]
    public void Rules_references_Formats_only() => Assert.That(Rooms(typeof(StudentJudgement).Assembly), Is.EqualTo(["Ingest.Formats"]));

    private static IEnumerable<string?> Rooms(Assembly assembly) =>
        assembly.GetReferencedAssemblies().Select(a => a.Name).Where(n => n!.StartsWith("Ingest.", StringComparison.Ordinal));
}
