using System.Text.Json;
using Dapper;
using Ingest.Worker.Tests.Support;

namespace Ingest.Worker.Tests.Pipeline;

/// <summary>What is reported about one student, and that nobody sees it without having been written down.</summary>
public class ShowCommandTests
{
    /// <summary>
    /// UMU, three windows. 19 Jan: a registration and a result of Anna's, an avbrott of hers on an offering without registration, a
    /// registration of Bo's, a faulty one of hers. 20 Jan: removal of the result, removal of the registration, which goes on. 21 Jan, open: an avbrott.
    /// </summary>
    private static async Task<TestRoot> StoryAsync()
    {
        var root = await TestRoot.StartAsync();
        await root.TakeAsync("UMU", "ett.txt", Rvf.File(1, Rvf.Reg(id: "r-1"), Rvf.Res(), Rvf.Avb(offering: "X26"), Rvf.Reg(Rvf.Bo), Rvf.Reg(course: "ABC123", date: "20990101")));
        await root.CloseAsync("2026-01-19");
        await root.TakeAsync("UMU", "två.txt", Rvf.File(2, Rvf.Res(action: "B"), Rvf.Reg(action: "B")));
        await root.CloseAsync("2026-01-20");
        await root.TakeAsync("UMU", "tre.txt", Rvf.File(3, Rvf.Avb(date: "20260119")));
        return root;
    }

    [Test]
    public async Task Each_record_is_told_in_order_with_what_became_of_it()
    {
        using var root = await StoryAsync();

        var result = await ShowAsync(root, Rvf.Anna, "--format", "json");

        Assert.That((result.Exit, result.Error), Is.EqualTo((0, "")));
        using var json = JsonDocument.Parse(result.Out);
        Assert.That(json.RootElement.GetProperty("records").EnumerateArray().Select(Line), Is.EqualTo(Just.These(
            "20260119-000001 2 REG N accepted [] -> delivered N [] = standing",
            "20260119-000001 3 RES N accepted [] -> delivered N [] = past",
            "20260119-000001 4 AVB N waiting [R20] -> refused  [R20] = refused",
            "20260119-000002 2 RES B accepted [] -> delivered B [] = past",
            "20260119-000002 3 REG B waiting [K41] -> refused  [K41] = refused",
            "20260120-000001 2 AVB N accepted [] -> open = pending")));
        var first = json.RootElement.GetProperty("records")[0];
        Assert.That((first.Text("receivedAt"), first.Text("window"), first.Text("fields", "kurskod"), first.Text("fields", "omfattning"), first.Text("fields", "händelse-id")),
            Is.EqualTo(("2026-01-19T10:00:00+01:00", "2026-01-19", "TMA101", "7,5", "r-1")));
        Assert.That(json.RootElement.GetProperty("standing").EnumerateArray().Select(s => $"{s.Text("fileId")} {s.Text("line")}"), Is.EqualTo(Just.These("20260119-000001 2")));
        Assert.That(json.RootElement.Text("student"), Is.EqualTo("19960101-****"));
        Assert.That(result.Out, Does.Not.Contain(Rvf.Anna).And.Not.Contain("ABC123"));
    }

    [Test]
    public async Task As_text_it_says_what_stands_and_what_is_not_shown()
    {
        using var root = await StoryAsync();

        var result = await ShowAsync(root, "960101-2397");

        Assert.That((result.Exit, result.Error), Is.EqualTo((0, "")));
        Assert.That(result.Out, Does.Contain("Det som UMU har rapporterat om 19960101-****")
            .And.Contain("ett.txt (20260119-000001), rad 2, mottagen måndag 19 januari 2026 klockan 10.00")
            .And.Contain("Vid stängningen 2026-01-20: avvisad (K41)")
            .And.Contain("Fönstret är öppet och stänger onsdag 21 januari 2026 klockan 15.00")
            .And.Contain("Det här gäller nu:\n  REG kurskod TMA101, kurstillfälleskod V26A1, registreringstyp FFG, omfattning 7,5")
            .And.Contain("Poster som avvisades").And.Not.Contain(Rvf.Anna));
    }

    [Test]
    public async Task The_number_can_be_read_from_stdin()
    {
        using var root = await StoryAsync();

        var result = await Cli.RunAsync(null, Rvf.Anna + "\n", ["show", "--school", "UMU", "--personnummer", "-", "--root", root.Folder]);

        Assert.That((result.Exit, result.Error), Is.EqualTo((0, "")));
        Assert.That(result.Out, Does.Contain("19960101-****"));
    }

    [Test]
    public async Task A_student_of_whom_nothing_is_reported_is_exit_4()
    {
        using var root = await StoryAsync();

        // Of Bo at another school nothing is reported either.
        var none = await ShowAsync(root, Rvf.Cia);
        var elsewhere = await Cli.RunAsync("show", "--school", "KTH", "--personnummer", Rvf.Bo, "--root", root.Folder);

        Assert.That((none.Exit, none.Out, none.ErrorLines.Length), Is.EqualTo((4, "", 1)));
        Assert.That(none.Error, Does.Contain("20000229-****").And.Not.Contain(Rvf.Cia));
        Assert.That((elsewhere.Exit, elsewhere.Out), Is.EqualTo((4, "")));
    }

    [TestCase("199601012398")]
    [TestCase("19960101239")]
    [TestCase("199613012397")]
    [TestCase("19960101T239")]
    [TestCase("Anna Andersson")]
    public async Task A_number_that_is_none_is_exit_64_and_is_not_repeated(string number)
    {
        using var root = await StoryAsync();

        var result = await ShowAsync(root, number);

        Assert.That((result.Exit, result.Out, result.ErrorLines.Length), Is.EqualTo((64, "", 1)));
        Assert.That(result.Error, Does.Not.Contain(number));
        Assert.That(Accesses(root), Is.Empty, "nothing was looked at");
    }

    [Test]
    public async Task A_number_in_the_wrong_place_is_not_repeated_either()
    {
        using var root = await StoryAsync();

        foreach (var arguments in new[] { ["show", "--school", "UMU", Rvf.Anna, "--root", root.Folder], Just.These("show", "--school", Rvf.Anna, "--personnummer", Rvf.Anna, "--root", root.Folder) })
        {
            var result = await Cli.RunAsync(arguments);
            Assert.That((result.Exit, result.ErrorLines.Length), Is.EqualTo((64, 1)));
            Assert.That(result.Out + result.Error, Does.Not.Contain(Rvf.Anna));
        }
    }

    [Test]
    public async Task Each_look_up_is_written_down_also_one_that_finds_nothing()
    {
        using var root = await StoryAsync();

        await ShowAsync(root, Rvf.Anna, "--by", "handläggare 7", "--case", "2026-0042");
        await ShowAsync(root, Rvf.Cia);

        Assert.That(Accesses(root), Is.EqualTo(Just.These(
            $"handläggare 7|show|UMU|{Rvf.Anna}|2026-0042|1", $"{Environment.UserName}|show|UMU|{Rvf.Cia}||0")));
        var log = string.Concat(TestRoot.Files.Directory.EnumerateFiles(root.At("logs"), "access-*.jsonl").Select(TestRoot.Files.File.ReadAllText));
        Assert.That(log, Does.Contain("looked at").And.Contain("handläggare 7").And.Contain("2026-0042").And.Not.Contain(Rvf.Anna).And.Not.Contain("19960101"));
    }

    [Test]
    public async Task Where_the_look_up_cannot_be_written_down_nothing_is_shown()
    {
        using var root = await StoryAsync();
        root.Sql("DROP TABLE access");

        var show = await ShowAsync(root, Rvf.Anna);
        var standing = await Cli.RunAsync("standing", "--school", "UMU", "--root", root.Folder);

        Assert.That((show.Exit, show.Out, show.ErrorLines.Length), Is.EqualTo((78, "", 1)));
        Assert.That((standing.Exit, standing.Out, standing.ErrorLines.Length), Is.EqualTo((78, "", 1)));
        Assert.That(show.Error, Does.Contain("visas ingenting"));
    }

    private static Task<CliResult> ShowAsync(TestRoot root, string number, params string[] options) =>
        Cli.RunAsync(["show", "--school", "umu", "--personnummer", number, "--root", root.Folder, .. options]);

    internal static List<string> Accesses(TestRoot root)
    {
        using var connection = root.App.Ledger.Open();
        return [.. connection.Query<(string Who, string Command, string School, long? Student, string? Case, long Found)>("SELECT who, command, school, student, case_number, found FROM access ORDER BY id")
            .Select(a => $"{a.Who}|{a.Command}|{a.School}|{a.Student}|{a.Case}|{a.Found}")];
    }

    private static string Line(JsonElement r)
    {
        var close = r.GetProperty("close");
        string Codes(JsonElement of) => $"[{string.Join(' ', of.GetProperty("codes").EnumerateArray().Select(c => c.GetString()))}]";
        return $"{r.Text("fileId")} {r.Text("line")} {r.Text("kind")} {r.Text("action")} {r.Text("intake", "status")} {Codes(r.GetProperty("intake"))} -> "
            + (close.ValueKind == JsonValueKind.Null ? "open" : $"{close.Text("outcome")} {close.Text("deliveredAs")} {Codes(close)}") + $" = {r.Text("state")}";
    }
}
