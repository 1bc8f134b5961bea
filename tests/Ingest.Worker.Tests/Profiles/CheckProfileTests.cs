using System.Text.Json;
using Ingest.Worker.Tests.Support;

namespace Ingest.Worker.Tests.Profiles;

/// <summary><c>check --profile</c>: a vendor sees whether its layout works.</summary>
public class CheckProfileTests
{
    [TestCase("campus", "registrations.csv", "profil campus CSV (,)")]
    [TestCase("linje", "terminsfil.txt", "profil linje fast bredd")]
    public async Task A_layout_that_works_gets_the_normal_verdict(string profile, string file, string format)
    {
        var result = await Cli.RunAsync("check", Sample(profile, file), "--profile", Sample(profile + ".json"));
        Assert.That((result.Exit, result.Error), Is.EqualTo((0, "")));
        Assert.That(result.Out, Does.Contain(format).And.Contain("avvisade 0"));
    }

    [Test]
    public async Task A_fault_in_the_file_is_told_under_the_systems_own_names_and_exit_1()
    {
        using var folder = new TempFolder();
        var path = folder.At("r.csv");
        TestRoot.Files.File.WriteAllText(path, TestRoot.Files.File.ReadAllText(Sample("campus", "registrations.csv")).Replace("Repeat", "x").Replace(",c-1002", ",c 1002").Replace(",Remove", ",x"));
        var result = await Cli.RunAsync("check", path, "--profile", Sample("campus.json"), "--format", "json");
        Assert.That(result.Exit, Is.EqualTo(1));
        using var json = JsonDocument.Parse(result.Out);
        var finding = json.RootElement.Finding("P05");
        Assert.That((finding.Text("line"), finding.Text("field"), finding.Text("value")), Is.EqualTo(("3", "Event ID", "c 1002")));
        Assert.That(json.RootElement.Text("file", "format"), Is.EqualTo("profil campus CSV (,)"));
    }

    [Test]
    public async Task A_missing_column_refuses_the_file_with_exit_2_and_names_it_as_the_profile_does()
    {
        using var folder = new TempFolder();
        var path = folder.At("r.csv");
        TestRoot.Files.File.WriteAllText(path, TestRoot.Files.File.ReadAllText(Sample("campus", "registrations.csv")).Replace("Registered on", "Registred on"));
        var result = await Cli.RunAsync("check", path, "--profile", Sample("campus.json"));
        Assert.That(result.Exit, Is.EqualTo(2));
        Assert.That(result.Out, Does.Contain("F17").And.Contain("”Registered on”").And.Contain("”Registred on”"));
    }

    [Test]
    public async Task A_faulty_profile_is_exit_78_with_every_fault_on_a_line_of_its_own()
    {
        using var folder = new TempFolder();
        TestRoot.Files.File.WriteAllText(folder.At("min.json"), TestRoot.Files.File.ReadAllText(Sample("linje.json")).Replace("\"ddMMyyyy\"", "\"ddMMyy\"").Replace("\"at\": 36", "\"at\": 35"));
        var result = await Cli.RunAsync("check", Sample("linje", "terminsfil.txt"), "--profile", folder.At("min.json"));
        Assert.That((result.Exit, result.Out), Is.EqualTo((78, "")));
        Assert.That(result.ErrorLines, Has.Length.EqualTo(3));
        Assert.That(result.Error, Does.Contain("dates: ”ddMMyy”").And.Contain("registreringstyp (35–35) och omfattning (35–38)"));
    }

    [Test]
    public async Task A_profile_that_is_not_there_is_a_usage_fault()
    {
        var result = await Cli.RunAsync("check", Sample("linje", "terminsfil.txt"), "--profile", "linje");
        Assert.That((result.Exit, result.ErrorLines.Length), Is.EqualTo((64, 1)));
        Assert.That(result.Error, Does.Contain("linje").And.Contain("--root"));
    }

    [Test]
    public async Task With_a_root_a_profile_has_a_name_and_the_schools_own_needs_none()
    {
        using var root = await ProfilePipelineTests.StartAsync();
        var own = await Cli.RunAsync("check", Sample("linje", "terminsfil.txt"), "--root", root.Folder, "--school", "UMU");
        Assert.That((own.Exit, own.Error), Is.EqualTo((0, "")));
        Assert.That(own.Out, Does.Contain("profil linje fast bredd"));

        var named = await Cli.RunAsync("check", Sample("campus", "parts.csv"), "--root", root.Folder, "--school", "UMU", "--profile", "campus");
        Assert.That(named.Exit, Is.EqualTo(0), named.Error);
        Assert.That(named.Out, Does.Contain("profil campus CSV (,)"));
        Assert.That((await Cli.RunAsync("check", Sample("campus", "parts.csv"), "--root", root.Folder, "--school", "UMU", "--profile", "ny")).Exit, Is.EqualTo(64));
    }

    [Test]
    public async Task A_file_that_was_taken_by_a_profile_is_known_to_a_check_against_the_ledger()
    {
        using var root = await ProfilePipelineTests.StartAsync();
        root.Drop("UMU", "t.txt", Repository.Bytes("samples", "profiles", "linje", "terminsfil.txt"));
        await root.StepAsync();
        var again = await Cli.RunAsync("check", Sample("linje", "terminsfil.txt"), "--root", root.Folder, "--school", "UMU");
        Assert.That(again.Out, Does.Contain("redan rapporterade 12"), "all but the registration that was added and removed, which is new again");
    }

    private static string Sample(params string[] parts) => Repository.Path(["samples", "profiles", .. parts]);
}
