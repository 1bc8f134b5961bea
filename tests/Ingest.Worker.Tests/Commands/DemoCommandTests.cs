using Ingest.Worker.Tests.Support;

namespace Ingest.Worker.Tests.Pipeline;

/// <summary>The first command of README, and the rehearsal.</summary>
public class DemoCommandTests
{
    [Test]
    public async Task A_demo_wants_an_empty_root()
    {
        using var root = await TestRoot.StartAsync();
        var before = root.Hashes();

        var result = await Cli.RunAsync("demo", "--root", root.Folder);

        Assert.That((result.Exit, result.ErrorLines.Length), Is.EqualTo((64, 1)));
        Assert.That(root.Hashes(), Is.EqualTo(before));
    }

    [Test]
    public async Task A_demo_on_a_new_root_says_where_receipts_and_delivery_are()
    {
        using var root = await TestRoot.StartAsync();
        var folder = root.At("ny");

        var result = await Cli.RunAsync("demo", "--root", folder);

        Assert.That((result.Exit, result.Error), Is.EqualTo((0, "")));
        Assert.That(result.Out, Does.Contain(Path.Combine(folder, "ut", "KTH")).And.Contain(Path.Combine(folder, "delivery", "2026-01-19")));
        Assert.That(root.Names("ny", "delivery"), Is.EqualTo(Just.These("2026-01-19")));
        Assert.That(root.Names("ny", "ut", "KTH"), Has.Some.EndsWith(".kvittens.json").And.Some.EndsWith("kl15.json"));
        Assert.That(root.Names("ny", "ut", "LU"), Does.Contain("2026-01-19.TEST.forhand.json"), "two records of vantar.csv wait in vain");
    }

    // docs/operations.md, Rehearsing the close.
    [Test]
    public async Task A_demo_of_all_samples_rehearses_two_closes()
    {
        using var root = await TestRoot.StartAsync();

        var result = await Cli.RunAsync("demo", "--all", "--root", root.At("ny"));

        Assert.That((result.Exit, result.Error), Is.EqualTo((0, "")));
        Assert.That(root.Names("ny", "delivery"), Is.EqualTo(Just.These("2026-01-19", "2026-01-20")));
        Assert.That(root.Names("ny", "ut", "KTH"), Is.SupersetOf(Just.These("2026-01-20.TEST.forhand.html", "2026-01-20.TEST.kl15.html", "2026-01-20.TEST.kl15.omsandning.1.txt")));
        Assert.That(root.Json("ny", "ut", "KTH", "2026-01-20.TEST.kl15.json").GetProperty("records").EnumerateArray().SelectMany(r => r.GetProperty("codes").EnumerateArray()).Select(c => c.GetString()),
            Is.SupersetOf(Just.These("K41", "K43", "K44", "K45")), "as samples/README.md says of rattelser.txt");
    }
}
