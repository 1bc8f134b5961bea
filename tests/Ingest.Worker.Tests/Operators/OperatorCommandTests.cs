using System.Globalization;
using Ingest.Rules;
using Ingest.Worker.Tests.Support;

namespace Ingest.Worker.Tests.Operators;

/// <summary>The commands as an operator types them, on a root whose service runs. Their clock is the machine's own.</summary>
public sealed class OperatorCommandTests
{
    private static readonly string[] Signed = ["--by", "anna", "--case", "2026/17", "--why", "skolan har mejlat"];

    [Test]
    public async Task Correct_carries_out_a_refused_line_beside_a_running_service()
    {
        using var root = await TestRoot.StartAsync();
        await root.TakeAsync("UMU", "a.txt", Rvf.File(1, Rvf.Reg(end: "20991231")));
        await root.CloseAsync("2026-01-19");
        var refused = await root.TakeAsync("UMU", "b.txt", Rvf.File(2, Rvf.Reg(action: "B")));
        await root.CloseAsync("2026-01-20");

        var result = await Cli.RunAsync(["correct", refused.Text("fileId")!, "2", "--root", root.Folder, .. Signed]);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(result.Exit, Is.Zero, result.Error);
            Assert.That(result.Out, Does.Contain("rättelsen räknas i fönstret som stänger"));
            Assert.That(result.Out.Split('\n').Select(l => l.Trim()), Does.Contain("rad 2: borttag REG för 19960101-****: kurskod TMA101, kurstillfälleskod V26A1, registreringstyp FFG, "
                + "omfattning 7,5, studietakt 100, start 2026-01-19, slut 2026-02-22, registreringsdatum 2026-01-12"), "what was done, without the number");
            Assert.That(Desk.Audit(root), Is.EqualTo([("correct", "UMU", "anna", "2026/17", "skolan har mejlat")]));
            Assert.That(root.Out(), Has.Some.EndsWith(".kvittens.json").And.Some.StartWith("rattelse.txt."));
        }
    }

    [Test]
    public async Task Correct_names_the_lines_that_can_be_carried_out_when_another_is_asked_for()
    {
        using var root = await TestRoot.StartAsync();
        var accepted = await root.TakeAsync("UMU", "a.txt", Rvf.File(1, Rvf.Reg()));

        var result = await Cli.RunAsync(["correct", accepted.Text("fileId")!, "2", "--root", root.Folder, .. Signed]);

        Assert.That((result.Exit, result.ErrorLines.Single()), Is.EqualTo((4, $"ingest: rad 2 i {accepted.Text("fileId")} är inte avvisad vid någon stängning, så den kan inte rättas så här. Filen har inga sådana rader.")));
    }

    [Test]
    public async Task Correct_of_a_file_that_would_not_hold_does_nothing_and_says_why()
    {
        using var root = await TestRoot.StartAsync();
        using var folder = new TempFolder();
        var path = folder.Write("r.txt", Rvf.WithHeader(Rvf.Huv(0), Rvf.Reg(action: "B")));

        var result = await Cli.RunAsync(["correct", "--file", path, "--school", "UMU", "--root", root.Folder, .. Signed]);

        Assert.That((result.Exit, result.Out.Contains("rad 2: R40", StringComparison.Ordinal), result.Out.Contains("Ingenting är gjort", StringComparison.Ordinal)), Is.EqualTo((2, true, true)));
    }

    [TestCase("correct 20260119-000001 2 --case 1 --why x", "--by")]
    [TestCase("correct 20260119-000001 2 --by a --why x", "--case")]
    [TestCase("correct 20260119-000001 2 --by a --case 1", "--why")]
    [TestCase("link --school UMU --from 199601012397 --to 198802292394 --by a --case 1", "--why")]
    [TestCase("baseline x.txt --school UMU --case 1", "--by")]
    [TestCase("baseline x.txt --by a --case 1", "--school")]
    public async Task Who_why_and_case_number_are_demanded(string command, string named)
    {
        var result = await Cli.RunAsync(command.Split(' '));

        Assert.That((result.Exit, result.ErrorLines.Length, result.Error.Contains(named, StringComparison.Ordinal)), Is.EqualTo((64, 1, true)), result.Error);
    }

    [Test]
    public async Task Baseline_says_what_stands()
    {
        using var root = await TestRoot.StartAsync();
        using var folder = new TempFolder();
        var path = folder.Write("host.txt", Rvf.WithHeader(Rvf.Huv(9), Rvf.Reg(), Rvf.Reg(Rvf.Bo, date: "20991231")));

        var result = await Cli.RunAsync("baseline", path, "--school", "umu", "--by", "anna", "--case", "2026/17", "--root", root.Folder);

        Assert.That((result.Exit, result.Out.Contains("utgångsläget gäller nu: 1 av 2 poster (0 fanns redan, 1 avvisade).", StringComparison.Ordinal)), Is.EqualTo((1, true)), result.Out + result.Error);
    }

    [Test]
    public async Task Link_is_made_once_and_told_so_the_second_time()
    {
        using var root = await TestRoot.StartAsync();
        string[] link = ["link", "--school", "UMU", "--from", "19960101-T123", "--to", Rvf.Bo, "--root", root.Folder, .. Signed];

        var first = await Cli.RunAsync(link);
        var second = await Cli.RunAsync(link);

        Assert.That((first.Exit, second.Exit, second.Out.Trim(), Desk.Audit(root).Count), Is.EqualTo((0, 0, "Numren är redan länkade.", 1)), first.Error + second.Error);
        Assert.That(first.Out + second.Out, Does.Not.Contain("T123").And.Not.Contain(Rvf.Bo[8..]));
    }

    [TestCase("19960101239", Rvf.Bo)]
    [TestCase(Rvf.Anna, "198802292395")]
    [TestCase(Rvf.Bo, Rvf.Bo)]
    public async Task Link_refuses_what_is_no_number_without_repeating_it(string from, string to)
    {
        using var root = await TestRoot.StartAsync();

        var result = await Cli.RunAsync(["link", "--school", "UMU", "--from", from, "--to", to, "--root", root.Folder, .. Signed]);

        Assert.That((result.Exit, result.ErrorLines.Length), Is.EqualTo((64, 1)));
        Assert.That(result.Error, Does.Not.Contain(from).And.Not.Contain(to));
    }

    // domain.md: name, personnummer, course name and code, total hp, hp judged done, date; the supervisor is the judge; stamp or
    // letterhead; issued by the supervisor or a delegate.
    [Test]
    public async Task A_certificate_without_its_particulars_is_refused_with_all_of_them_named()
    {
        using var root = await TestRoot.StartAsync();

        var result = await Cli.RunAsync(["certificate", "add", "supervisor", "--school", "UMU", "--root", root.Folder, .. Signed]);

        Assert.That((result.Exit, result.ErrorLines.Length), Is.EqualTo((64, 1)));
        foreach (var particular in Just.These("--name", "--personnummer", "--course-name", "--course", "--total-hp", "--done-hp", "--date", "--supervisor", "--stamp", "--issued-by"))
            Assert.That(result.Error, Does.Contain(particular));
    }

    [Test]
    public async Task All_that_a_command_lacks_is_named_at_once_and_its_help_says_what_it_demands()
    {
        var result = await Cli.RunAsync("certificate", "add", "2441w", "--hp", "7,5", "--why", "x");
        var help = await Cli.RunAsync("certificate", "add", "2441w", "--help");

        string[] demanded = ["--offering", "--type", "--pace", "--from", "--to", "--registered", "--school", "--personnummer", "--name", "--course", "--by", "--case"];
        Assert.That((result.Exit, result.Error.Trim()), Is.EqualTo((64, $"ingest: det här saknas: {string.Join(", ", demanded)}. (--help)")));
        foreach (var option in demanded.Append("--hp")) Assert.That(help.Out, Does.Match($@"{option} <[a-z0-9]+> \(REQUIRED\)"));
        Assert.That(help.Out, Does.Not.Match(@"--why <why> \(REQUIRED\)"), "a certificate explains itself");
    }

    [Test]
    public async Task A_supervisors_certificate_becomes_a_result_on_the_course_in_the_open_window()
    {
        using var root = await TestRoot.StartAsync();
        await root.TakeAsync("UMU", "a.txt", Rvf.File(1, Rvf.Reg(course: "EXAM01", hp: "03000", end: "20260607")));
        await root.CloseAsync("2026-01-19");

        var result = await Cli.RunAsync(["certificate", "add", "supervisor", .. Certificate("--done-hp", "12,5"), "--root", root.Folder, .. Signed]);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(result.Exit, Is.Zero, result.Error + result.Out);
            Assert.That(result.Out, Does.Contain("intyget räknas i fönstret som stänger"));
            Assert.That(root.Receipt("intyg.txt").Counts(), Is.EqualTo("read 1 accepted 1 waiting 0 duplicate 0 rejected 0"));
            var archived = root.Names("archive", "UMU").SelectMany(d => root.Names("archive", "UMU", d).Select(n => root.Text("archive", "UMU", d, n))).Single(t => t.Contains("\nRES", StringComparison.Ordinal));
            Assert.That(archived, Does.Contain($"RESN{Rvf.Anna}EXAM01"));
            Assert.That(Desk.Audit(root), Is.EqualTo([("certificate", "UMU", "anna", "2026/17", "skolan har mejlat")]));
        }
    }

    [TestCase("--done-hp", "31")]
    [TestCase("--done-hp", "0")]
    [TestCase("--date", "20260120")]
    [TestCase("--stamp", "none")]
    [TestCase("--total-hp", "mycket")]
    public async Task A_particular_that_cannot_be_is_named(string option, string value)
    {
        using var root = await TestRoot.StartAsync();

        var result = await Cli.RunAsync(["certificate", "add", "supervisor", .. Certificate(option, value), "--root", root.Folder, .. Signed]);

        Assert.That((result.Exit, result.Error.Contains(option, StringComparison.Ordinal) || result.Error.Contains("--done-hp", StringComparison.Ordinal)), Is.EqualTo((64, true)), result.Error);
    }

    [Test]
    public async Task Form_2441W_becomes_a_registration()
    {
        using var root = await TestRoot.StartAsync();

        var result = await Cli.RunAsync(["certificate", "add", "2441w", "--school", "UMU", "--personnummer", Rvf.Anna, "--name", "Anna A", "--course", "exam01", "--offering", "v26", "--type", "ffg",
            "--hp", "7,5", "--pace", "100", "--from", "2026-01-19", "--to", "2026-02-22", "--registered", "2026-01-12", "--root", root.Folder, .. Signed]);

        Assert.That(result.Exit, Is.Zero, result.Error + result.Out);
        Assert.That(root.Receipt("intyg.txt").Counts(), Is.EqualTo("read 1 accepted 1 waiting 0 duplicate 0 rejected 0"));
    }

    // R39 is not for certificates: a part of a work is not the whole course.
    [Test]
    public async Task A_certificate_of_a_part_is_no_whole_course_with_wrong_hp()
    {
        using var root = await TestRoot.StartAsync();
        await root.TakeAsync("KTH", "k.txt", Rvf.WithHeader(Rvf.Huv(1, "KTH"), Rvf.Ktf(hp: "03000", end: "20260607"),
            Rvf.Reg(Rvf.Anna, hp: "03000", end: "20260607"), Rvf.Reg(Rvf.Bo, hp: "03000", end: "20260607")));

        var school = await root.TakeAsync("KTH", "r.txt", Rvf.WithHeader(Rvf.Huv(0, "KTH"), Rvf.Res(Rvf.Anna, hp: "01250", offering: "")));
        var act = await Desk.ReportAsync(root, Origin.Certificate, Rvf.WithHeader(Rvf.Huv(0, "KTH"), Rvf.Res(Rvf.Bo, hp: "01250", offering: "")), "KTH");

        Assert.That((string.Join(' ', school.Codes()), act.Taken), Is.EqualTo(("R39", true)));
    }

    private static string[] Certificate(string option, string value)
    {
        var all = new Dictionary<string, string>
        {
            ["--school"] = "UMU",
            ["--personnummer"] = Rvf.Anna,
            ["--name"] = "Anna Andersson",
            ["--course"] = "EXAM01",
            ["--course-name"] = "Examensarbete",
            ["--total-hp"] = "30",
            ["--done-hp"] = "15",
            ["--date"] = "2026-01-20",
            ["--supervisor"] = "Bo B",
            ["--issued-by"] = "supervisor",
            ["--stamp"] = "letterhead",
        };
        all[option] = value;
        return [.. all.SelectMany(p => new[] { p.Key, p.Value })];
    }
}
