using System.Reflection;
using Ingest.Formats;

namespace Ingest.Tests.Fuzzing;

/// <summary>A file from which others are made.</summary>
/// <param name="Profile">The layout that it is written in; null: our own.</param>
internal sealed record Seed(string Name, byte[] Bytes, Profile? Profile);

/// <summary>The small files of <c>tests/Shared/Fuzzing/Corpus</c>: both shapes, all kinds of record, all encodings, profiles; sound records and faulty ones.</summary>
internal static class Corpus
{
    private const string Prefix = "corpus/";

    public static IReadOnlyList<Seed> All { get; } = Load();

    /// <summary>The students in them: what no finding may show.</summary>
    public static readonly string[] Students = ["199601012397", "198802292394", "200002292399", "198606722398", "189602299803"];

    private static List<Seed> Load()
    {
        var names = Assembly.GetExecutingAssembly().GetManifestResourceNames().Where(n => n.StartsWith(Prefix, StringComparison.Ordinal)).Order(StringComparer.Ordinal).ToList();
        var profiles = names.Where(n => n.EndsWith(".json", StringComparison.Ordinal)).ToDictionary(n => n[..^".json".Length], n =>
            Profile.Parse("prov", System.Text.Encoding.UTF8.GetString(Bytes(n[Prefix.Length..])), out _) ?? throw new InvalidOperationException(n));
        return [.. names.Where(n => !n.EndsWith(".json", StringComparison.Ordinal)).Select(n =>
            new Seed(n[Prefix.Length..], Bytes(n[Prefix.Length..]), profiles.GetValueOrDefault(n[..n.LastIndexOf('.')])))];
    }

    /// <summary>A file of the corpus; a profile's JSON too.</summary>
    public static byte[] Bytes(string name)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(Prefix + name)!;
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }
}
