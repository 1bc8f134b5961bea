using System.Text.Json;
using Ingest.Worker.Tests.Support;

namespace Ingest.Worker.Tests.Pipeline;

/// <summary>The contract with scripts: exit codes, one line on stderr, JSON shapes.</summary>
public class CommandTests
{
    [TestCase("")]
    [TestCase("chekc")]
    [TestCase("status --finns-inte")]
    [TestCase("status --format xml")]
    [TestCase("check")]
    [TestCase("receipts")]
    [TestCase("seal")]
    [TestCase("show --school UMU")]
    [TestCase("show --personnummer 199601012397")]
    [TestCase("standing")]
    [TestCase("replay inget-id")]
    [TestCase("receipts inget-id --root {root}")]
    [TestCase("cutoff --date i-morgon")]
    [TestCase("codes mer")]
    public async Task A_usage_fault_is_exit_64_with_one_line_on_stderr(string arguments)
    {
        using var root = await TestRoot.StartAsync();

        var result = await Cli.RunAsync(Split(arguments, root));

        Assert.That((result.Exit, result.ErrorLines.Length), Is.EqualTo((64, 1)), result.Error);
    }

    [TestCase("")]
    [TestCase("run")]
    [TestCase("demo")]
    [TestCase("check")]
    [TestCase("seal")]
    [TestCase("cutoff")]
    [TestCase("status")]
    [TestCase("show")]
    [TestCase("standing")]
    [TestCase("receipts")]
    [TestCase("replay")]
    [TestCase("formats")]
    [TestCase("codes")]
    public async Task Help_is_everywhere(string command)
    {
        var result = await Cli.RunAsync([.. Split(command, null), "--help"]);

        Assert.That((result.Exit, result.Error), Is.EqualTo((0, "")));
        Assert.That(result.Out, Does.Contain(command.Length > 0 ? command : "demo"));
    }

    [Test]
    public async Task A_faulty_setting_names_its_key_whether_from_environment_or_command_line()
    {
        using var root = await TestRoot.StartAsync();

        var results = new[]
        {
            await Cli.RunAsync("Ingest__Intake__ChunkRows=0", ["status", "--root", root.Folder]),
            await Cli.RunAsync("status", "--root", root.Folder, "--Intake:ChunkRows=0"),
        };

        foreach (var result in results)
        {
            Assert.That(result.Exit, Is.Not.Zero);
            Assert.That(result.Error, Does.Contain("Intake:ChunkRows").And.Not.Contain("   at "));
        }
    }

    [Test]
    public async Task Codes_as_json_are_told_in_both_languages_with_source_and_contact()
    {
        var codes = await CodesAsync();

        Assert.That(codes, Is.Not.Empty);
        foreach (var code in codes)
        {
            foreach (var language in Just.These("sv", "en"))
                foreach (var part in Just.These("title", "message", "fix"))
                    Assert.That(code.GetProperty(language).TryGetProperty(part, out _), Is.True, $"{code.Text("code")} {language} {part}");
            Assert.That((code.Text("source")!.Length > 0, code.TryGetProperty("contact", out _), "FEVIW".Contains(code.Text("severity")!, StringComparison.Ordinal)), Is.EqualTo((true, true, true)));
        }
        Assert.That(codes.Single(c => c.Text("code") == "R01").Text("severity"), Is.EqualTo("W"));
    }

    [Test]
    public async Task Codes_as_json_hold_every_code_of_the_rule_book() =>
        Assert.That((await CodesAsync()).Select(c => c.Text("code")), Is.EquivalentTo((
            "F01 F02 F03 F04 F05 F06 F07 F08 F09 F10 F12 F13 F14 F15 F16 F17 F18 F19 F20 F21 P01 P02 P03 P04 P05 P06 P07 P08 P10 P11 P12 P13 P14 P15 "
            + "R01 R02 R03 R04 R05 R06 R07 R08 R09 R10 R11 R12 R13 R14 R15 R20 R21 R22 R24 R25 R30 R31 R32 R33 R34 R35 R36 R37 R38 R39 R40 R41 K41 K42 K43 K44 K45").Split(' ')));

    [Test]
    public async Task Formats_come_as_text_markdown_and_json_and_tell_of_every_record_type()
    {
        foreach (var format in Just.These("text", "markdown", "json"))
        {
            var result = await Cli.RunAsync("formats", "--format", format);
            Assert.That(result.Exit, Is.Zero);
            foreach (var tag in Just.These("HUV", "REG", "AVB", "RES", "KTF", "MOD", "SLU", "händelse-id", "kurstillfälleskod")) Assert.That(result.Out, Does.Contain(tag), format);
            if (format == "json") Assert.That(() => JsonDocument.Parse(result.Out).Dispose(), Throws.Nothing);
        }
    }

    [TestCase("status")]
    [TestCase("cutoff", "--preview")]
    public async Task A_ledger_of_an_older_version_is_told_and_left_as_it_is(params string[] command)
    {
        using var root = await TestRoot.StartAsync();
        root.Sql("DELETE FROM SchemaVersions WHERE ScriptName LIKE '%0001_schema.sql'");
        root.App.Dispose();
        var before = root.Hashes();

        var result = await Cli.RunAsync([.. command, "--root", root.Folder]);

        Assert.That((result.Exit, result.ErrorLines.Length), Is.EqualTo((78, 1)));
        Assert.That(result.Error, Does.Contain("äldre version"));
        Assert.That(root.Hashes(), Is.EqualTo(before));
    }

    [TestCase("chek", "chek", "x")]
    [TestCase("--lang", "status", "--lang", "en")]
    [TestCase("yyyy-MM-dd", "cutoff", "--date", "igår")]
    public async Task What_was_not_understood_is_named(string named, params string[] command)
    {
        var result = await Cli.RunAsync(command);

        Assert.That((result.Exit, result.ErrorLines.Length), Is.EqualTo((64, 1)));
        Assert.That(result.Error, Does.Contain(named).And.Not.Contain("System."));
    }

    private static async Task<List<JsonElement>> CodesAsync()
    {
        using var json = JsonDocument.Parse((await Cli.RunAsync("codes", "--format", "json")).Out);
        return [.. json.RootElement.EnumerateArray().Select(c => c.Clone())];
    }

    private static string[] Split(string arguments, TestRoot? root) =>
        [.. arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(a => a == "{root}" ? root!.Folder : a)];
}
