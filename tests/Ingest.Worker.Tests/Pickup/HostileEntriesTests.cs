using Ingest.Worker.Pickup;
using Ingest.Worker.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;

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
    public async Task A_link_in_the_place_of_a_schools_folder_is_reported_and_not_followed_until_it_is_a_folder()
    {
        using var root = await TestRoot.StartAsync();
        TestRoot.Files.Directory.CreateDirectory(root.At("annat"));
        TestRoot.Files.File.WriteAllText(root.At("annat", "inte-skolans.csv"), Rvf.Csv(Rvf.Row()));
        await Shell.RunAsync("rm -rf \"$1/in/UMU\"; ln -s \"$1/annat\" \"$1/in/UMU\"", root.Folder);
        root.Drop("LU", "b.csv", Rvf.Csv(Rvf.Row()));

        await root.StepAsync();
        await root.AdvanceAsync(60);

        Assert.That(root.Names("annat"), Is.EqualTo(Just.These("inte-skolans.csv")));
        Assert.That(root.Out(), Is.Empty);
        Assert.That(root.Receipt("b.csv", "LU").Text("status"), Is.Not.Null, "the others go on");
        Assert.That(root.Alarms.Select(a => (a.Kind, a.Subject)), Is.EquivalentTo(new[] { ("notAFile", "in"), ("folderMissing", "in/UMU") }));
        Assert.That(root.Alarms.Single(a => a.Kind == "folderMissing").Message, Does.Contain("länk").And.Contain("följs inte"));

        await Shell.RunAsync("rm \"$1/in/UMU\"", root.Folder);
        Assert.That((await root.TakeAsync("UMU", "a.csv", Rvf.Csv(Rvf.Row()))).Text("status"), Is.EqualTo("accepted"));
        Assert.That(root.Alarms, Is.Empty);
    }

    [Test]
    public async Task A_link_put_in_a_files_place_between_the_look_and_the_taking_is_neither_followed_nor_lost()
    {
        using var root = await TestRoot.StartAsync();
        var path = root.Drop("UMU", "a.csv", Rvf.Csv(Rvf.Row()));
        TestRoot.Files.File.WriteAllText(root.At("hemligt.csv"), Rvf.Csv(Rvf.Row(Rvf.Bo)));
        var seen = new SeenFile("UMU", "a.csv", path) { Changed = root.Clock.GetUtcNow() };
        await Shell.RunAsync("rm \"$1/in/UMU/a.csv\"; ln -s \"$1/hemligt.csv\" \"$1/in/UMU/a.csv\"", root.Folder);

        Assert.That(await ClaimsOf(root).TakeAsync(seen, CancellationToken.None), Is.Null);
        await root.StepAsync();

        Assert.That(root.Text("hemligt.csv"), Is.EqualTo(Rvf.Csv(Rvf.Row(Rvf.Bo))));
        Assert.That((root.Names("in", "UMU").Single(), root.Out().Count, root.Names("work").Count), Is.EqualTo(("a.csv", 0, 0)));
        Assert.That(root.Alarms.Select(a => a.Kind), Does.Contain("notAFile"));
    }

    [Test]
    public async Task A_link_put_in_the_place_of_a_file_that_was_taken_is_never_read()
    {
        using var root = await TestRoot.StartAsync();
        var path = root.Drop("UMU", "a.csv", Rvf.Csv(Rvf.Row()));
        TestRoot.Files.File.WriteAllText(root.At("hemligt.csv"), Rvf.Csv(Rvf.Row(Rvf.Bo)));
        var claims = ClaimsOf(root);
        var row = (await claims.TakeAsync(new SeenFile("UMU", "a.csv", path) { Changed = root.Clock.GetUtcNow() }, CancellationToken.None))!;
        await Shell.RunAsync("rm \"$1\"/in/UMU/.ingest/2*; ln -s \"$1/hemligt.csv\" \"$1/in/UMU/.ingest/20260119-000001\"", root.Folder);

        Assert.That(() => claims.MoveToWork(row), Throws.InstanceOf<IOException>());

        Assert.That(TestRoot.Files.File.Exists(root.App.Root.WorkOf("20260119-000001")), Is.False);
        await root.RestartAsync(TestRoot.Morning.AddMinutes(1));
        await root.StepAsync();
        Assert.That(root.Out(), Is.Empty);
        Assert.That(root.Alarms.Select(a => a.Kind), Does.Contain("fileStuck"));
    }

    private static Claims ClaimsOf(TestRoot root) => new(root.App.Root, root.App.Ledger, root.App.Calendar, root.Clock, root.App.Alarms, NullLogger<Claims>.Instance);

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
