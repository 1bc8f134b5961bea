using Ingest.Worker.Tests.Support;

namespace Ingest.Worker.Tests.Pipeline;

/// <summary>What stands for a school, to compare with its own register.</summary>
public class StandingCommandTests
{
    private const string Header = "posttyp;personnummer;kurskod;kurstillfälleskod;registreringstyp;omfattning;studietakt;start;slut;registreringsdatum;typ;avbrottsdatum;modulkod;hp;betyg;examinationsdatum;tillgodoräknande;händelse-id;fil;rad";

    /// <summary>UMU: what was delivered on 19 January; on the 20th a result is removed and a removal refused (K41); the 21st is open. KTH has a registration of its own.</summary>
    private static async Task<TestRoot> StoryAsync()
    {
        var root = await TestRoot.StartAsync();
        await root.TakeAsync("UMU", "ett.txt", Rvf.File(1, Rvf.Res(), Rvf.Res(module: "0101", hp: "00300"), Rvf.Reg(id: "r-1"), Rvf.Reg(Rvf.Bo), Rvf.Avb(Rvf.Bo, offering: "X26"), Rvf.Reg(Rvf.Cia), Rvf.Reg(Rvf.Cia, action: "B")));
        await root.TakeAsync("KTH", "ett.txt", Rvf.WithHeader(Rvf.Huv(1, "KTH"), Rvf.Ktf(), Rvf.Reg(Rvf.Cia)));
        await root.CloseAsync("2026-01-19");
        await root.TakeAsync("UMU", "två.txt", Rvf.File(2, Rvf.Res(action: "B"), Rvf.Reg(action: "B")));
        await root.CloseAsync("2026-01-20");
        await root.TakeAsync("UMU", "tre.txt", Rvf.File(3, Rvf.Avb(date: "20260119"), Rvf.Res(Rvf.Bo)));
        return root;
    }

    // Sorted as a delivery: Bo was born 1988, Anna 1996; REG before RES.
    private static readonly string[] Expected =
    [
        Header,
        $"REG;{Rvf.Bo};TMA101;V26A1;FFG;7,5;100;2026-01-19;2026-02-22;2026-01-12;;;;;;;;;20260119-000001;5",
        $"REG;{Rvf.Anna};TMA101;V26A1;FFG;7,5;100;2026-01-19;2026-02-22;2026-01-12;;;;;;;;r-1;20260119-000001;4",
        $"RES;{Rvf.Anna};TMA101;V26A1;;;;;;;;;0101;3;G;2026-01-19;N;;20260119-000001;3",
    ];

    [Test]
    public async Task What_was_delivered_and_not_removed_stands_and_what_is_open_does_not_yet()
    {
        using var root = await StoryAsync();

        var result = await Cli.RunAsync("standing", "--school", "umu", "--root", root.Folder);

        Assert.That((result.Exit, result.Error), Is.EqualTo((0, "")));
        Assert.That(result.Out, Is.EqualTo(string.Concat(Expected.Select(l => l + "\n"))));
    }

    [Test]
    public async Task The_look_up_is_written_down_without_a_student()
    {
        using var root = await StoryAsync();

        await Cli.RunAsync("standing", "--school", "UMU", "--root", root.Folder, "--by", "registrator", "--case", "7");
        await Cli.RunAsync("standing", "--school", "LU", "--root", root.Folder, "--by", "registrator");

        Assert.That(ShowCommandTests.Accesses(root), Is.EqualTo(Just.These("registrator|standing|UMU||7|1", "registrator|standing|LU|||0")));
    }

    [Test]
    [System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
    public async Task A_file_is_for_its_owner_alone_whatever_stood_there_before()
    {
        using var root = await StoryAsync();
        var path = root.At("gäller.csv");
        TestRoot.Files.File.WriteAllText(path, "gammalt");

        var result = await Cli.RunAsync("standing", "--school", "UMU", "--root", root.Folder, "--out", path);

        Assert.That((result.Exit, result.Error), Is.EqualTo((0, "")));
        Assert.That(result.Out, Does.Contain("3 poster").And.Not.Contain(Rvf.Anna));
        Assert.That(TestRoot.Files.File.ReadAllText(path), Is.EqualTo(string.Concat(Expected.Select(l => l + "\n"))));
        Assert.That(TestRoot.Files.File.GetUnixFileMode(path), Is.EqualTo(UnixFileMode.UserRead | UnixFileMode.UserWrite));
    }

    [Test]
    public async Task A_school_of_which_nothing_stands_gets_the_heading_alone()
    {
        using var root = await StoryAsync();

        var result = await Cli.RunAsync("standing", "--school", "LU", "--root", root.Folder);

        Assert.That((result.Exit, result.Out), Is.EqualTo((0, Header + "\n")));
    }

    [TestCase("--school", "FINNSEJ")]
    [TestCase("--school", "UMU", "--out", "")]
    public async Task What_cannot_be_meant_is_a_usage_fault(params string[] options)
    {
        using var root = await StoryAsync();

        var result = await Cli.RunAsync(["standing", "--root", root.Folder, .. options]);

        Assert.That((result.Exit, result.Out, result.ErrorLines.Length), Is.EqualTo((64, "", 1)));
    }
}
