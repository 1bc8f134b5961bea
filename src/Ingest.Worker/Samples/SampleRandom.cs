using System.Globalization;

namespace Ingest.Worker.Samples;

/// <summary>SplitMix64: the seed fixes every byte of the samples, on every platform and in every version of .NET.</summary>
internal sealed class SampleRandom(ulong seed)
{
    private ulong state = seed;

    public ulong Next()
    {
        unchecked
        {
            state += 0x9E3779B97F4A7C15;
            var z = state;
            z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
            z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
            return z ^ (z >> 31);
        }
    }

    /// <summary>0 to <paramref name="below"/> - 1.</summary>
    public int Below(int below) => (int)(Next() % (ulong)below);

    /// <summary>Both ends counted in.</summary>
    public int Between(int least, int most) => least + Below(most - least + 1);

    public bool Chance(int percent) => Below(100) < percent;

    public T Of<T>(IReadOnlyList<T> values) => values[Below(values.Count)];

    /// <summary>A händelse-id as Ladok writes it: a UUID in lower case.</summary>
    public string Id()
    {
        var (a, b) = (Next(), Next());
        return string.Create(CultureInfo.InvariantCulture, $"{a >> 32:x8}-{(a >> 16) & 0xFFFF:x4}-4{a & 0xFFF:x3}-8{b >> 52:x3}-{b & 0xFFFF_FFFF_FFFF:x12}");
    }
}
