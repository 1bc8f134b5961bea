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

    [Test]
    public async Task Status_of_a_sound_root_is_exit_0()
    {
        // Its program runs under the machine's own clock.
        using var root = await TestRoot.StartAsync(at: TimeProvider.System.GetUtcNow());
        await root.TakeAsync("UMU", "f.txt", Rvf.File(5, Rvf.Reg(date: "20260112")));
        await root.TakeAsync("UMU", "g.txt", Rvf.File(8, Rvf.Reg(Rvf.Bo)));

        var result = await Cli.RunAsync("status", "--format", "json", "--root", root.Folder);

        using var json = JsonDocument.Parse(result.Out);
        var status = json.RootElement;
        Assert.That((result.Exit, status.Text("state")), Is.EqualTo((0, "ok")), result.Out);
        foreach (var name in Just.These("state", "nextCutoff", "lastClosed", "windows", "schools", "oldestWaiting", "alarms")) Assert.That(status.TryGetProperty(name, out _), Is.True, name);
        Assert.That(status.GetProperty("alarms").GetArrayLength(), Is.Zero);
        var umu = status.GetProperty("schools").EnumerateArray().Single(s => s.Text("code") == "UMU");
        Assert.That((umu.Text("waiting"), umu.Text("lastFile")), Is.EqualTo(("0", root.Receipt("g.txt").Text("fileId"))));
        var next = umu.GetProperty("nextSequence")[0];
        Assert.That((next.Text("system"), next.Text("next"), next.GetProperty("gaps").GetArrayLength()), Is.EqualTo(("Ladok", "9", 1)));
    }

    [Test]
    public async Task Status_of_a_degraded_root_is_exit_3()
    {
        // Of a January long past: its window is overdue.
        using var root = await TestRoot.StartAsync();
        await root.StepAsync();

        var result = await Cli.RunAsync("status", "--root", root.Folder);
        Assert.That((result.Exit, result.Error), Is.EqualTo((3, "")));
    }

    [Test]
    public async Task Status_of_an_overdue_close_says_so_in_plain_swedish()
    {
        using var root = await TestRoot.StartAsync();
        await root.TakeAsync("UMU", "f.csv", Rvf.Csv(Rvf.Row(), Rvf.Row("199601012398")));

        var lines = (await Cli.RunAsync("status", "--root", root.Folder)).Out.Split('\n');

        Assert.That(lines, Does.Contain("Nästa stängning: försenad, skulle ha skett måndag 19 januari 2026 klockan 15.00").And.Contain("Mapparna gicks senast igenom: 2026-01-19 10:00:00"));
        Assert.That(lines, Has.One.Matches(@"^UMU +0  20260119-000001  delvis accepterad +-$").And.One.Matches(@"^LU +0  - +- +-$"), "no English and no empty cell");
    }

    // Nothing is overdue and nothing lies in a folder, yet nobody would take what comes: the root's service has been down since this morning.
    [TestCase(29, 0)]
    [TestCase(31, 3)]
    public async Task Status_is_degraded_when_nobody_has_looked_for_half_an_hour(int minutes, int exit)
    {
        var now = TimeProvider.System.GetUtcNow();
        using var root = await TestRoot.StartAsync(at: now);
        await root.StepAsync(now);
        root.Sql($"UPDATE setting SET value = '{now.AddMinutes(-minutes).UtcDateTime:O}' WHERE key = 'polled'");

        var (text, json) = (await Cli.RunAsync("status", "--root", root.Folder), await Cli.RunAsync("status", "--root", root.Folder, "--format", "json"));

        Assert.That((text.Exit, json.Exit, text.Out.Contains("ingen tar emot filer: mapparna har inte gåtts igenom sedan", StringComparison.Ordinal)), Is.EqualTo((exit, exit, exit == 3)), text.Out);
        using var status = JsonDocument.Parse(json.Out);
        Assert.That((status.RootElement.Text("state"), status.RootElement.TryGetProperty("lastLook", out _)), Is.EqualTo((exit == 3 ? "degraded" : "ok", true)));
    }

    // A file that lay there after a stop holds the heartbeat by which windows are reckoned; somebody looks all the same.
    [Test]
    public async Task Status_knows_that_somebody_looks_while_a_file_of_before_a_stop_is_not_whole_yet()
    {
        var now = TimeProvider.System.GetUtcNow();
        using var root = await TestRoot.StartAsync(s => s.Pickup.IncompleteAfter = TimeSpan.FromHours(3), at: now.AddHours(-1));
        await root.StepAsync();
        root.App.Dispose();
        root.Drop("UMU", "halv.txt", Rvf.Lines(Rvf.Huv(), Rvf.Reg()));
        await root.RestartAsync(now);
        await root.StepAsync();

        var result = await Cli.RunAsync("status", "--root", root.Folder);

        Assert.That(result.Out, Does.Contain("Mapparna gicks senast igenom:").And.Not.Contain("ingen tar emot filer"));
    }

    [Test]
    public async Task Status_with_an_open_alarm_is_exit_3_and_lists_it()
    {
        using var root = await TestRoot.StartAsync(at: TimeProvider.System.GetUtcNow());
        TestRoot.Files.Directory.CreateDirectory(root.At("in", "UMU", "mapp"));
        await root.StepAsync();

        var result = await Cli.RunAsync("status", "--format", "json", "--root", root.Folder);

        using var json = JsonDocument.Parse(result.Out);
        Assert.That((result.Exit, json.RootElement.Text("state"), json.RootElement.GetProperty("alarms").GetArrayLength()), Is.EqualTo((3, "degraded", 1)));
    }

    [Test]
    public async Task Receipts_of_a_file_are_written_again_the_same()
    {
        using var root = await TestRoot.StartAsync();
        await root.TakeAsync("UMU", "f.csv", Rvf.Csv(Rvf.Row(), Rvf.Row("199601012398")));
        var before = root.Hashes("ut");
        foreach (var name in root.Out()) TestRoot.Files.File.Delete(root.At("ut", "UMU", name));

        var result = await Cli.RunAsync("receipts", "20260119-000001", "--root", root.Folder);

        Assert.That((result.Exit, result.Error), Is.EqualTo((0, "")));
        Assert.That(root.Hashes("ut"), Is.EqualTo(before));
    }

    [Test]
    public async Task Receipts_of_a_close_are_written_again_the_same_for_every_school_or_one()
    {
        using var root = await TestRoot.StartAsync();
        await root.TakeAsync("KTH", "f.txt", Rvf.WithHeader(Rvf.Huv(1, "KTH"), Rvf.Ktf(), Rvf.Reg(), Rvf.Reg(Rvf.Bo, offering: "X"), Rvf.Reg(Rvf.Cia), Rvf.Reg(Rvf.Cia, action: "B")));
        await root.TakeAsync("UMU", "g.csv", Rvf.Csv(Rvf.Row()));
        await root.CloseAsync("2026-01-19");
        // A day later the offering no longer fits what was delivered: that is the next close's to say, not this one's.
        await root.TakeAsync("KTH", "ktf.txt", Rvf.WithHeader(Rvf.Huv(2, "KTH"), Rvf.Ktf(start: "20260202")));
        await root.CloseAsync("2026-01-20");
        var before = root.Hashes("ut");
        foreach (var school in Just.These("KTH", "UMU"))
            foreach (var name in root.Out(school).Where(n => n.StartsWith("2026-01-19", StringComparison.Ordinal))) TestRoot.Files.File.Delete(root.At("ut", school, name));

        var one = await Cli.RunAsync("receipts", "2026-01-19", "--school", "kth", "--root", root.Folder);
        Assert.That(root.Out("UMU").Where(n => n.Contains("kl15", StringComparison.Ordinal)), Is.Empty);
        var all = await Cli.RunAsync("receipts", "2026-01-19", "--root", root.Folder);

        Assert.That((one.Exit, one.Error, all.Exit, all.Error), Is.EqualTo((0, "", 0, "")));
        Assert.That(one.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(Path.GetFileName), Is.EqualTo(Just.These(
            "2026-01-19.TEST.kl15.omsandning.1.txt", "2026-01-19.TEST.kl15.csv", "2026-01-19.TEST.kl15.html", "2026-01-19.TEST.kl15.json")));
        Assert.That(root.Hashes("ut").Where(h => !h.Key.Contains("forhand", StringComparison.Ordinal)), Is.EqualTo(before.Where(h => !h.Key.Contains("forhand", StringComparison.Ordinal))));
    }

    [Test]
    public async Task Receipts_of_a_close_whose_original_is_gone_are_written_without_it_and_exit_4()
    {
        using var root = await TestRoot.StartAsync();
        await root.TakeAsync("KTH", "f.txt", Rvf.WithHeader(Rvf.Huv(1, "KTH"), Rvf.Ktf(), Rvf.Reg(offering: "X")));
        await root.CloseAsync("2026-01-19");
        TestRoot.Files.Directory.Delete(root.At("archive", "KTH"), recursive: true);

        var result = await Cli.RunAsync("receipts", "2026-01-19", "--root", root.Folder, "--out", root.At("igen"));

        Assert.That((result.Exit, result.Error.Trim()), Is.EqualTo((4, "ingest: originalet till 20260119-000001 är borta, så dess avvisade poster står inte i någon omsändning.")));
        Assert.That(root.Names("igen"), Is.EqualTo(Just.These("2026-01-19.TEST.kl15.csv", "2026-01-19.TEST.kl15.html", "2026-01-19.TEST.kl15.json")));
    }

    [TestCase("2026-01-19", 4)]
    [TestCase("2026-01-18 --school UMU", 4)]
    [TestCase("20260119-000001 --school UMU", 64)]
    [TestCase("2026-1-19", 64)]
    public async Task Receipts_of_a_window_that_is_not_closed_or_no_window_are_refused_in_a_line(string arguments, int exit)
    {
        using var root = await TestRoot.StartAsync();
        await root.TakeAsync("UMU", "f.csv", Rvf.Csv(Rvf.Row()));

        var result = await Cli.RunAsync(["receipts", .. arguments.Split(' '), "--root", root.Folder]);

        Assert.That((result.Exit, result.ErrorLines.Length), Is.EqualTo((exit, 1)), result.Error);
    }

    [Test]
    public async Task Receipts_of_an_unknown_file_are_exit_4()
    {
        using var root = await TestRoot.StartAsync();

        var result = await Cli.RunAsync("receipts", "20260119-000077", "--root", root.Folder);

        Assert.That((result.Exit, result.ErrorLines.Length), Is.EqualTo((4, 1)));
    }

    [Test]
    public async Task A_preview_of_the_cutoff_says_what_would_come_and_writes_nothing()
    {
        using var root = await TestRoot.StartAsync();
        await root.TakeAsync("KTH", "f.txt", Rvf.WithHeader(Rvf.Huv(1, "KTH"), Rvf.Ktf(), Rvf.Reg(), Rvf.Reg(Rvf.Bo, offering: "X"), Rvf.Reg(Rvf.Cia), Rvf.Reg(Rvf.Cia, action: "B")));
        root.App.Dispose();
        var before = root.Hashes();

        var result = await Cli.RunAsync("cutoff", "--preview", "--root", root.Folder);

        Assert.That((result.Exit, result.Error), Is.EqualTo((0, "")));
        Assert.That(result.Out, Does.Contain("2026-01-19").And.Contain("KTH").And.Contain("R01").And.Contain("K42").And.Not.Contain("199601012397"));
        Assert.That(root.Hashes(), Is.EqualTo(before));
    }

    [TestCase("status")]
    [TestCase("cutoff", "--preview")]
    public async Task A_ledger_of_an_older_version_is_told_and_left_as_it_is(params string[] command)
    {
        using var root = await TestRoot.StartAsync();
        root.Sql("DROP TABLE misfit; DELETE FROM SchemaVersions WHERE ScriptName LIKE '%0005_misfit.sql'");
        root.App.Dispose();
        var before = root.Hashes();

        var result = await Cli.RunAsync([.. command, "--root", root.Folder]);

        Assert.That((result.Exit, result.ErrorLines.Length), Is.EqualTo((78, 1)));
        Assert.That(result.Error, Does.Contain("äldre version"));
        Assert.That(root.Hashes(), Is.EqualTo(before));
    }

    [Test]
    public async Task The_cutoff_command_closes_what_is_overdue_up_to_the_date_given()
    {
        using var root = await TestRoot.StartAsync();
        await root.TakeAsync("UMU", "f.csv", Rvf.Csv(Rvf.Row()));
        root.App.Dispose();

        var result = await Cli.RunAsync("cutoff", "--date", "2026-01-20", "--root", root.Folder);

        Assert.That((result.Exit, result.Error), Is.EqualTo((0, "")));
        Assert.That(root.Names("delivery"), Is.EqualTo(Just.These("2026-01-19", "2026-01-20")));
        Assert.That(root.Out(), Does.Contain("2026-01-19.TEST.kl15.json"));
    }

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

    private static async Task<List<JsonElement>> CodesAsync()
    {
        using var json = JsonDocument.Parse((await Cli.RunAsync("codes", "--format", "json")).Out);
        return [.. json.RootElement.EnumerateArray().Select(c => c.Clone())];
    }

    private static string[] Split(string arguments, TestRoot? root) =>
        [.. arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(a => a == "{root}" ? root!.Folder : a)];

    // R14 nets nothing: both registrations are delivered, 100 % and 100 % of full time at once.
    [Test]
    public async Task A_preview_calls_what_is_delivered_with_a_remark_no_netting()
    {
        using var root = await TestRoot.StartAsync();
        await root.TakeAsync("UMU", "f.txt", Rvf.File(1, Rvf.Reg(), Rvf.Reg(course: "FYSA01")));

        var result = await Cli.RunAsync("cutoff", "--preview", "--root", root.Folder);

        Assert.That(result.Out, Does.Contain("UMU: 2 levereras, 0 kvittas, 0 avvisas").And.Contain("upplysning R14").And.Not.Contain("kvittas R14"));
    }

    // 24 January 2026 is a Saturday.
    [Test]
    public async Task A_preview_of_a_day_without_a_close_says_which_closes_next()
    {
        using var root = await TestRoot.StartAsync();

        var result = await Cli.RunAsync("cutoff", "--preview", "--date", "2026-01-24", "--root", root.Folder);

        Assert.That(result.Out, Does.StartWith("2026-01-24 stänger inget fönster. Nästa därefter stänger söndag 25 januari 2026 klockan 15.00."));
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
}
