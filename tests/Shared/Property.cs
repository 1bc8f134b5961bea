using System.Globalization;
using CsCheck;

namespace Ingest.Tests;

/// <summary>
/// Tries a property on many cases. The same cases every time, so that a build does not fail by chance: case n is what CsCheck makes of
/// seed n. A failing one is shrunk, and printed as files that can be dropped.
/// </summary>
internal static class Property
{
    /// <summary>How many times as many cases as the build tries; and from which seed on.</summary>
    private static readonly int Factor = Setting("INGEST_PROPERTY_FACTOR", 1), First = Setting("INGEST_PROPERTY_FIRST", 0);

    /// <param name="cases">How many are tried in a build.</param>
    /// <param name="holds">Throws when the case breaks the property.</param>
    /// <param name="print">The case, to be read and dropped.</param>
    public static void Holds(Gen<Case> gen, int cases, Action<Case> holds, Func<Case, string> print)
    {
        for (var n = First; n < First + cases * Factor; n++)
        {
            var seed = new PCG((uint)n, unchecked(0x9E3779B97F4A7C15UL * (ulong)(n + 1)));
            var name = seed.ToString();
            if (!Fails(gen.Generate(seed, null, out _), holds, out _)) continue;
            // Other cases that fail and are smaller are looked for at random; then what is not needed is left out, record by record.
            gen.Sample(c => { if (Fails(c, holds, out var fault)) throw fault!; }, seed: name, iter: cases, threads: 1, print: c =>
            {
                var small = Least(c, holds);
                _ = Fails(small, holds, out var fault);
                return $"case {n}: {fault!.Message}\n{print(small)}";
            });
        }
    }

    private static Case Least(Case c, Action<Case> holds)
    {
        while (c.Smaller().FirstOrDefault(s => Fails(s, holds, out _)) is { } smaller) c = smaller;
        return c;
    }

    private static bool Fails(Case c, Action<Case> holds, out Exception? fault)
    {
        fault = null;
        // NUnit would count a failed assertion against the test although it is caught.
        using var isolated = new NUnit.Framework.Internal.TestExecutionContext.IsolatedContext();
        try { holds(c); }
        catch (Exception e) { fault = e; }
        return fault is not null;
    }

    private static int Setting(string name, int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), CultureInfo.InvariantCulture, out var value) ? value : otherwise;
}
