using System.Text.Json;
using Ingest.Tests.Fuzzing;
using Ingest.Worker.Tests.Support;

namespace Ingest.Worker.Tests.Fuzzing;

/// <summary>
/// Whatever a dropped file holds, it gets its receipts; and the omsändning of a partially accepted one, dropped as it is, gives the same
/// refusals.
/// </summary>
public sealed class PipelineFuzzTests
{
    // A root grows slower with every file.
    private const int FilesPerRoot = 150;

    [Test]
    public void Whatever_a_file_holds_its_omsandning_dropped_again_gives_the_same_refusals()
    {
        TestRoot? root = null;
        var files = 0;
        try
        {
            Fuzz.Run(Corpus.All, (seed, bytes) =>
            {
                if (files++ % FilesPerRoot == 0)
                {
                    root?.Dispose();
                    root = StartAsync().GetAwaiter().GetResult();
                }
                Holds(root!, seed, bytes, files).GetAwaiter().GetResult();
            });
        }
        finally
        {
            root?.Dispose();
        }
    }

    private static async Task Holds(TestRoot root, Seed seed, byte[] bytes, int number)
    {
        var school = seed.Profile is null ? "KTH" : seed.Name.EndsWith(".csv", StringComparison.Ordinal) ? "PCSV" : "PFAST";
        foreach (var name in root.Out(school)) TestRoot.Files.File.Delete(root.At("ut", school, name));
        var extension = Path.GetExtension(seed.Name);

        var first = await TakeAsync(root, school, $"f{number}{extension}", bytes);
        if (first.Text("status") != "partiallyAccepted") return;
        var resend = root.Out(school).Single(n => n.Contains(".omsandning.", StringComparison.Ordinal));
        var again = root.Bytes("ut", school, resend);
        var second = await TakeAsync(root, school, $"om{number}{extension}", again);

        // A file in Windows-1252 may have its only bytes that are no UTF-8 in records that were accepted.
        if (first.Text("file", "encoding") == "Windows-1252" && second.Text("file", "encoding") != "Windows-1252") return;
        var (refused, anew) = (Refusals(first), Refusals(second));
        if (second.GetProperty("counts").Int("read") != first.GetProperty("counts").Int("rejected"))
            throw new BrokenException("records", $"{first.Counts()}, and of its omsändning {second.Counts()}");
        if (!refused.SequenceEqual(anew))
            throw new BrokenException("refusals", $"\n{string.Join('\n', refused)}\nand when dropped again\n{string.Join('\n', anew)}\n{System.Text.Encoding.Latin1.GetString(again)}");
    }

    private static async Task<JsonElement> TakeAsync(TestRoot root, string school, string name, byte[] bytes)
    {
        root.Drop(school, name, bytes);
        await root.StepAsync();
        if (root.Alarms.FirstOrDefault(a => a.Kind is "fileStuck" or "cannotTake") is { } alarm) throw new BrokenException("alarm", alarm.Kind);
        var receipts = root.Out(school).Where(n => n.StartsWith(name + ".2", StringComparison.Ordinal)).ToList();
        if (!receipts.Exists(n => n.EndsWith(".kvittens.json", StringComparison.Ordinal))) throw new BrokenException("no receipt", name);
        foreach (var receipt in receipts.Where(n => !n.Contains(".omsandning.", StringComparison.Ordinal)))
            if (root.Text("ut", school, receipt) is var text && (text.Contains("Exception", StringComparison.Ordinal) || text.Contains("   at Ingest.", StringComparison.Ordinal)))
                throw new BrokenException("exception text", receipt);
        return root.Receipt(name, school);
    }

    // Each rejected record's findings but its line, in order of lines. What other records decide (R07, R40) may come out otherwise once these stand.
    private static List<string> Refusals(JsonElement receipt) =>
    [
        .. receipt.GetProperty("findings").EnumerateArray()
            .Where(f => f.Text("severity") == "E" && f.Text("code") is not ("R07" or "R40"))
            .Select(f => string.Join('|', Just.These("code", "field", "value", "column", "length", "kind", "message").Select(p => f.Text(p)))),
    ];

    private static async Task<TestRoot> StartAsync()
    {
        // All may be rejected, so that much of what is made is partially accepted.
        var root = await TestRoot.StartAsync(s => s.Rules.MaxRejectedShare = 1);
        foreach (var (name, from) in new[] { ("pcsv", "profil-csv.json"), ("pfast", "profil-fast.json") })
            TestRoot.Files.File.WriteAllBytes(root.At("profiles", name + ".json"), Corpus.Bytes(from));
        string School(string code, string profile) => TestRoot.School(code, "\"StudentReporting\",\"CourseCatalogue\"").Replace("\"profile\":null", $"\"profile\":\"{profile}\"", StringComparison.Ordinal);
        TestRoot.Files.File.WriteAllText(root.At("schools.json"), TestRoot.Register(School("PCSV", "pcsv"), School("PFAST", "pfast")));
        await root.AdvanceAsync(1);
        Assert.That(root.Alarms, Is.Empty, "the register with its profiles is taken");
        return root;
    }
}
