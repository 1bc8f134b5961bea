using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace Ingest.Tests.Fuzzing;

/// <summary>Something that holds of every file does not hold of this one.</summary>
/// <param name="kind">Which property; what is made smaller must break the same.</param>
internal sealed class BrokenException(string kind, string detail) : Exception($"{kind}: {detail}")
{
    public string Kind { get; } = kind;
}

/// <summary>
/// Tries files made out of the corpus, as many as the time allows: case n is what seed n makes, whatever the machine. The first that
/// breaks a property is made as small as it gets and shown as text and as hex, with the seed that makes it again.
/// </summary>
internal static class Fuzz
{
    /// <summary>How long each of the fuzzers works, and from which seed on.</summary>
    private static readonly int Seconds = Setting("INGEST_FUZZ_SECONDS", 10), First = Setting("INGEST_FUZZ_FIRST", 0);

    private const int MostTries = 3000;

    /// <param name="holds">Throws when the file breaks a property.</param>
    public static void Run(IReadOnlyList<Seed> corpus, Action<Seed, byte[]> holds)
    {
        // The files themselves first.
        foreach (var seed in corpus) Check(seed, seed.Bytes, "the file of the corpus", holds);
        var clock = Stopwatch.StartNew();
        var n = First;
        for (; clock.Elapsed.TotalSeconds < Seconds; n++)
        {
            var random = new Random(n);
            var seed = corpus[random.Next(corpus.Count)];
            Check(seed, Mutation.Of(seed.Bytes, random), $"INGEST_FUZZ_FIRST={n}", holds);
        }
        TestContext.Out.WriteLine($"{n - First} files, seeds {First} to {n - 1}");
    }

    private static void Check(Seed seed, byte[] bytes, string name, Action<Seed, byte[]> holds)
    {
        if (Fault(seed, bytes, holds) is not { } fault) return;
        var small = Smaller(seed, bytes, fault.Kind, holds);
        fault = Fault(seed, small, holds) ?? fault;
        Assert.Fail($"{seed.Name}, {name}\n{fault.Text}\n{small.Length} bytes as text:\n{Shown(small)}\nas hex:\n{Convert.ToHexString(small)}");
    }

    /// <summary>Leaves out what is not needed for the fault: pieces of half the file at first, single bytes at last.</summary>
    private static byte[] Smaller(Seed seed, byte[] bytes, string kind, Action<Seed, byte[]> holds)
    {
        var tries = 0;
        for (var piece = bytes.Length / 2; piece > 0; piece /= 2)
        {
            for (var at = 0; at + piece <= bytes.Length && tries < MostTries; tries++)
            {
                byte[] less = [.. bytes[..at], .. bytes[(at + piece)..]];
                if (Fault(seed, less, holds)?.Kind == kind) bytes = less;
                else at += piece;
            }
        }
        return bytes;
    }

    private static (string Kind, string Text)? Fault(Seed seed, byte[] bytes, Action<Seed, byte[]> holds)
    {
        // NUnit would count a failed assertion against the test although it is caught.
        using var isolated = new NUnit.Framework.Internal.TestExecutionContext.IsolatedContext();
        try { holds(seed, bytes); }
        catch (BrokenException e) { return (e.Kind, e.Message); }
        catch (Exception e) { return (e.GetType().Name, e.ToString()); }
        return null;
    }

    private static string Shown(byte[] bytes)
    {
        var text = new StringBuilder();
        foreach (var b in bytes) text.Append(b is (byte)'\n' ? "\\n\n" : b is >= 0x20 and < 0x7F ? ((char)b).ToString() : $"\\x{b:X2}");
        return text.ToString();
    }

    private static int Setting(string name, int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), CultureInfo.InvariantCulture, out var value) ? value : otherwise;
}
