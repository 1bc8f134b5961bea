using Ingest.Worker.Tests.Support;

namespace Ingest.Worker.Tests.Pipeline;

/// <summary>Links that lead, or hold on, to where a school's file does not belong; on a real folder.</summary>
public class HostileEntriesTests
{
    [Test]
    public async Task A_file_that_has_another_name_is_copied_so_that_what_is_written_under_that_name_changes_nothing()
    {
        using var root = await TestRoot.StartAsync();
        var text = Rvf.Csv(Rvf.Row());
        TestRoot.Files.File.WriteAllText(root.At("kvar.csv"), text);
        await Shell.RunAsync("ln \"$1/kvar.csv\" \"$1/in/UMU/a.csv\"", root.Folder);
        await root.StepAsync();

        TestRoot.Files.File.WriteAllText(root.At("kvar.csv"), "ändrad efteråt");

        Assert.That(root.Receipt("a.csv").Text("status"), Is.EqualTo("accepted"));
        Assert.That(root.Text("archive", "UMU", "2026-01-19", "20260119-000001_a.csv"), Is.EqualTo(text));
        Assert.That(root.Names("in", "UMU"), Is.Empty);
    }

    [Test]
    public async Task A_linked_folder_of_no_school_is_reported_and_not_followed()
    {
        using var root = await TestRoot.StartAsync();
        TestRoot.Files.Directory.CreateDirectory(root.At("annat"));
        TestRoot.Files.File.WriteAllText(root.At("annat", "inte-skolans.csv"), Rvf.Csv(Rvf.Row()));
        await Shell.RunAsync("ln -s \"$1/annat\" \"$1/in/FRÄMMANDE\"", root.Folder);

        await root.StepAsync();

        Assert.That(root.Names("annat"), Is.EqualTo(Just.These("inte-skolans.csv")));
        Assert.That(root.Names("quarantine"), Is.Empty);
        Assert.That(root.Alarms.Select(a => a.Kind), Is.EqualTo(Just.These("notAFile")));
    }

    [Test]
    public async Task A_link_in_the_place_of_the_folder_of_claims_leads_no_file_away()
    {
        using var root = await TestRoot.StartAsync();
        TestRoot.Files.Directory.CreateDirectory(root.At("annat"));
        await Shell.RunAsync("rm -rf \"$1/in/UMU/.ingest\"; ln -s \"$1/annat\" \"$1/in/UMU/.ingest\"", root.Folder);
        root.Drop("UMU", "a.csv", Rvf.Csv(Rvf.Row()));

        await root.StepAsync();

        Assert.That(root.Names("annat"), Is.Empty);
        Assert.That(root.Names("in", "UMU"), Is.EqualTo(Just.These("a.csv")));
        Assert.That(root.Alarms.Select(a => a.Kind), Is.EqualTo(Just.These("cannotTake")));
    }
}
