using System.Text.Json;
using Ingest.Worker.Service;
using Ingest.Worker.Settings;
using Ingest.Worker.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;

namespace Ingest.Worker.Tests.Pipeline;

public class RootFolderTests
{
    private const UnixFileMode Others = UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;

    // The ledger's file among them.
    [Test]
    [Category("SqliteOnly")]
    public async Task A_new_root_is_made_on_the_first_run_with_the_register_of_the_samples()
    {
        using var root = await TestRoot.StartAsync();
        await StartNewAsync(root);

        Assert.That(root.Names("ny"), Is.SupersetOf(Just.These("archive", "delivery", "in", "ledger.db", "logs", "profiles", "quarantine", "schools.json", "ut", "work")));
        using var register = JsonDocument.Parse(root.Bytes("ny", "schools.json"));
        var schools = register.RootElement.GetProperty("schools").EnumerateArray().Select(s => s.Text("code")).ToList();
        Assert.That(schools, Is.Not.Empty);
        Assert.That(root.Names("ny", "in"), Is.EquivalentTo(schools));
        Assert.That(root.Names("ny", "ut"), Is.EquivalentTo(schools));
    }

    [Test]
    [Category("SqliteOnly")]
    [Platform(Exclude = "Win")]
    [System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
    public async Task What_schools_need_not_see_is_private_to_the_service()
    {
        using var root = await TestRoot.StartAsync();
        await StartNewAsync(root);

        foreach (var name in Just.These("archive", "delivery", "logs", "profiles", "quarantine", "work", "ledger.db"))
            Assert.That(TestRoot.Files.File.GetUnixFileMode(root.At("ny", name)) & Others, Is.EqualTo(UnixFileMode.None), name);
    }

    [Test]
    public async Task A_drop_folder_that_vanishes_is_alarmed_and_stops_nothing()
    {
        using var root = await TestRoot.StartAsync();
        TestRoot.Files.Directory.Delete(root.At("in", "LU"), recursive: true);

        var receipt = await root.TakeAsync("UMU", "f.csv", Rvf.Csv(Rvf.Row()));

        Assert.That(receipt.Text("status"), Is.EqualTo("accepted"));
        Assert.That(root.Alarms.Select(a => a.Subject), Is.EqualTo(Just.These("in/LU")));
    }

    private static async Task StartNewAsync(TestRoot root)
    {
        var settings = new IngestSettings { Root = root.At("ny") };
        using var app = IngestApp.Open(settings, TestRoot.Files, root.Clock, NullLoggerFactory.Instance);
        await app.Service.StartAsync(CancellationToken.None);
    }
}
