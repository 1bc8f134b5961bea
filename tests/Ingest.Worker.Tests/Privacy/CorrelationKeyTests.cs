using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Ingest.Worker.Settings;
using Ingest.Worker.Tests.Support;

namespace Ingest.Worker.Tests.Privacy;

/// <summary>What stands for a student in the logs.</summary>
internal sealed class CorrelationKeyTests
{
    [Test]
    public async Task The_look_ups_of_one_student_bear_one_token_over_restarts_and_it_is_an_hmac_under_the_roots_key()
    {
        using var root = await TestRoot.StartAsync();
        await root.TakeAsync("UMU", "f.txt", Rvf.File(1, Rvf.Reg(), Rvf.Reg(Rvf.Bo)));
        await ShowAsync(root, Rvf.Anna);
        await root.RestartAsync(root.Clock.GetUtcNow().AddHours(1));
        await ShowAsync(root, Rvf.Anna);
        await ShowAsync(root, Rvf.Bo);

        var key = root.Bytes("correlation.key");
        string Token(string number) => "student " + Convert.ToHexStringLower(HMACSHA256.HashData(key, Encoding.ASCII.GetBytes(number)))[..16];
        var log = string.Concat(root.Names("logs").Where(n => n.StartsWith("access-", StringComparison.Ordinal)).Select(n => root.Text("logs", n)));
        var told = log.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => JsonDocument.Parse(l).RootElement.GetProperty("What").GetString());
        Assert.That(told, Is.EqualTo(new[] { Token(Rvf.Anna), Token(Rvf.Anna), Token(Rvf.Bo) }));
        Assert.That(log, Does.Not.Contain(Rvf.Anna).And.Not.Contain(Rvf.Bo));
    }

    [Test]
    public async Task The_key_is_made_once_and_a_start_never_makes_another()
    {
        using var root = await TestRoot.StartAsync();
        var key = root.Bytes("correlation.key");
        Assert.That(key, Has.Length.EqualTo(32));
        if (!OperatingSystem.IsWindows())
            Assert.That(File.GetUnixFileMode(root.At("correlation.key")), Is.EqualTo(UnixFileMode.UserRead | UnixFileMode.UserWrite));

        await root.RestartAsync(root.Clock.GetUtcNow().AddHours(1));
        Assert.That(root.Bytes("correlation.key"), Is.EqualTo(key));

        File.WriteAllBytes(root.At("correlation.key"), key[..7]);
        var refused = Assert.Throws<StartException>(() => CorrelationKey.Of(root.App.Root))!;
        Assert.That(refused.Message, Does.Contain("correlation.key").And.Contain("7 byte"));
        Assert.That(root.Bytes("correlation.key"), Is.EqualTo(key[..7]), "what is no key is left for a person to mend");
    }

    [Test]
    public async Task Two_roots_have_two_keys()
    {
        using var one = await TestRoot.StartAsync();
        using var other = await TestRoot.StartAsync();
        Assert.That(one.Bytes("correlation.key"), Is.Not.EqualTo(other.Bytes("correlation.key")));
    }

    private static async Task ShowAsync(TestRoot root, string number)
    {
        var shown = await Cli.RunAsync(null, number + "\n", ["show", "--school", "UMU", "--personnummer", "-", "--root", root.Folder, "--by", "anna"]);
        Assert.That(shown.Exit, Is.Zero, shown.Error);
    }
}
