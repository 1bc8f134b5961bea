using System.Text.Json;
using Ingest.Worker.Intake;
using Ingest.Worker.Tests.Support;

namespace Ingest.Worker.Tests.Pipeline;

/// <summary><c>check</c>: the verdict that the service would give, touching nothing.</summary>
public class CheckCommandTests
{
    [Test]
    public async Task A_file_with_nothing_rejected_is_exit_0()
    {
        using var root = await TestRoot.StartAsync();

        var result = await CheckAsync(root, "f.csv", Rvf.Csv(Rvf.Row()));

        Assert.That((result.Exit, result.Error), Is.EqualTo((0, "")));
        Assert.That(result.Out, Does.Contain("f.csv"));
    }

    [Test]
    public async Task A_file_with_something_rejected_is_exit_1_and_says_where_and_why_without_the_number()
    {
        using var root = await TestRoot.StartAsync();

        var result = await CheckAsync(root, "f.csv", Rvf.Csv(Rvf.Row(), Rvf.Row("199601012398")));

        Assert.That(result.Exit, Is.EqualTo(1));
        Assert.That(result.Out, Does.Contain("P10").And.Contain("rad 3").And.Not.Contain("199601012398"));
    }

    [Test]
    public async Task A_file_that_would_be_refused_is_exit_2()
    {
        using var root = await TestRoot.StartAsync();

        var result = await CheckAsync(root, "f.txt", Rvf.Lines(Rvf.Huv(), Rvf.Reg()));

        Assert.That(result.Exit, Is.EqualTo(2));
        Assert.That(result.Out, Does.Contain("F05"));
    }

    [Test]
    public async Task A_folder_that_the_file_is_not_meant_for_is_exit_2()
    {
        using var root = await TestRoot.StartAsync();

        var result = await CheckAsync(root, "f.txt", Rvf.File(1, Rvf.Reg()), "--school", "LU");

        Assert.That((result.Exit, result.Out.Contains("F08", StringComparison.Ordinal)), Is.EqualTo((2, true)));
    }

    [Test]
    public async Task Of_several_files_the_worst_decides()
    {
        using var root = await TestRoot.StartAsync();
        string[] paths = [Write(root, "a.csv", Rvf.Csv(Rvf.Row())), Write(root, "b.csv", ""), Write(root, "c.csv", Rvf.Csv(Rvf.Row("199601012398"), Rvf.Row()))];

        var result = await Cli.RunAsync(["check", .. paths]);

        Assert.That(result.Exit, Is.EqualTo(2));
        Assert.That(result.Out, Does.Contain("a.csv").And.Contain("b.csv").And.Contain("c.csv"));
    }

    [Test]
    public async Task A_file_that_is_not_there_is_a_usage_fault()
    {
        var result = await Cli.RunAsync("check", "/finns/inte.csv");

        Assert.That((result.Exit, result.ErrorLines.Length), Is.EqualTo((64, 1)));
    }

    [Test]
    public async Task As_json_it_is_the_receipt_without_ids_and_window()
    {
        using var root = await TestRoot.StartAsync();
        var text = Rvf.Csv(Rvf.Row(), Rvf.Row("199601012398"));
        var receipt = await root.TakeAsync("UMU", "f.csv", text);

        var result = await CheckAsync(root, "f.csv", text, "--format", "json");

        using var json = JsonDocument.Parse(result.Out);
        var check = json.RootElement;
        Assert.That(result.Exit, Is.EqualTo(1));
        foreach (var name in Just.These("receiptId", "fileId", "window")) Assert.That(check.TryGetProperty(name, out _), Is.False, name);
        foreach (var name in Just.These("schema", "environment", "file", "rulesVersion", "status", "counts", "controlSum", "findings"))
            Assert.That(check.GetProperty(name).ToString(), Is.EqualTo(receipt.GetProperty(name).ToString()), name);
    }

    /// <summary>What needs no history is told without a ledger as it is told from one: repeats within the file, a file that is refused, one of which nothing is read.</summary>
    [Test]
    public async Task Without_a_ledger_it_tells_what_the_receipt_does()
    {
        using var root = await TestRoot.StartAsync();
        string[] texts =
        [
            Rvf.WithHeader(Rvf.Huv(1, "KTH"), Rvf.Ktf(), Rvf.Ktf()),
            Rvf.WithHeader(Rvf.Huv(2, "KTH"), [.. Enumerable.Repeat(Rvf.Reg(start: "20260119", end: "20260118"), 10)]),
            "hej",
        ];
        for (var i = 0; i < texts.Length; i++)
        {
            var name = $"{i}.txt";
            var receipt = await root.TakeAsync("KTH", name, texts[i]);

            var result = await CheckAsync(root, name, texts[i], "--school", "KTH", "--format", "json");

            using var json = JsonDocument.Parse(result.Out);
            foreach (var property in Just.These("status", "counts", "findings"))
                Assert.That(json.RootElement.GetProperty(property).ToString(), Is.EqualTo(receipt.GetProperty(property).ToString()), name);
        }
    }

    [Test]
    public async Task Several_files_as_json_are_one_document()
    {
        using var root = await TestRoot.StartAsync();

        var result = await Cli.RunAsync("check", Write(root, "a.csv", Rvf.Csv(Rvf.Row())), Write(root, "b.csv", ""), "--format", "json");

        using var json = JsonDocument.Parse(result.Out);
        Assert.That(json.RootElement.EnumerateArray().Select(r => r.Text("status")), Is.EqualTo(Just.These("accepted", "rejected")));
    }

    [Test]
    public async Task Against_a_ledger_it_says_what_the_service_would_and_touches_no_file_under_the_root()
    {
        using var root = await TestRoot.StartAsync();
        await root.TakeAsync("KTH", "f.txt", Rvf.WithHeader(Rvf.Huv(1, "KTH"), Rvf.Ktf(), Rvf.Reg(id: "h-1"), Rvf.Reg(Rvf.Bo, hp: "00600")));
        var path = Write(root, "ny.txt", Rvf.WithHeader(Rvf.Huv(3, "KTH"), Rvf.Reg(id: "h-1"), Rvf.Reg(Rvf.Bo), Rvf.Reg(Rvf.Cia, id: "H-1"), Rvf.Reg(Rvf.Cia, offering: "X"), Rvf.Res(hp: "00750")));
        root.App.Dispose();
        var before = root.Hashes();

        var result = await Cli.RunAsync("check", path, "--school", "KTH", "--root", root.Folder, "--format", "json");
        Assert.That(root.Hashes(), Is.EqualTo(before), "ledger included");

        using var json = JsonDocument.Parse(result.Out);
        // F13 a gap, R06 and R07 against the ledger, R07 for another student's id, R01 of the catalogue; the result finds its registration.
        Assert.That(json.RootElement.Codes(), Is.EqualTo(Just.These("F13", "R06", "R07", "R07", "R01")));
        Assert.That((result.Exit, json.RootElement.Counts()), Is.EqualTo((1, "read 5 accepted 1 waiting 1 duplicate 1 rejected 2")));

        await root.RestartAsync(TestRoot.Morning);
        root.Drop("KTH", "ny.txt", TestRoot.Files.File.ReadAllBytes(path));
        await root.StepAsync();
        Assert.That(root.Receipt("ny.txt", "KTH").Codes(), Is.EqualTo(json.RootElement.Codes()));
        Assert.That(root.Receipt("ny.txt", "KTH").Counts(), Is.EqualTo(json.RootElement.Counts()));
    }

    [Test]
    public async Task Beside_a_running_service_it_touches_neither_receipts_nor_drop_folders()
    {
        using var root = await TestRoot.StartAsync();
        var path = root.Drop("UMU", ".redan i mappen.csv", Rvf.Csv(Rvf.Row()));

        var result = await Cli.RunAsync("check", path, "--school", "UMU", "--root", root.Folder);

        Assert.That(result.Exit, Is.Zero);
        Assert.That(root.Names("in", "UMU"), Is.EqualTo(Just.These(".redan i mappen.csv")));
        Assert.That(root.Out(), Is.Empty);
        Assert.That((await root.TakeAsync("UMU", "f.csv", Rvf.Csv(Rvf.Row()))).Text("status"), Is.EqualTo("accepted"));
    }

    [Test]
    public async Task Without_a_ledger_only_rules_that_need_none_are_applied()
    {
        using var root = await TestRoot.StartAsync();

        var result = await CheckAsync(root, "f.txt", Rvf.File(1, Rvf.Res(), Rvf.Reg(action: "B"), Rvf.Avb(date: "20991231")), "--format", "json");

        using var json = JsonDocument.Parse(result.Out);
        Assert.That(json.RootElement.Codes(), Is.EqualTo(Just.These("R24")), "no R30, no R40");
    }

    [Test]
    public async Task What_another_school_has_under_the_id_that_the_tried_file_gets_is_not_taken_for_its_own()
    {
        using var root = await TestRoot.StartAsync();
        await root.TakeAsync("UMU", "f.csv", Rvf.Csv(Rvf.Row()));

        using var check = new Check(TestRoot.Files, root.Settings, root.App.Time, root.App.Root);
        var row = await check.RunAsync(Write(root, "f.csv", Rvf.Csv(Rvf.Row())), root.App.Schools.Current.Find("LU"), null, (_, _) => { }, CancellationToken.None);

        Assert.That((row.Id, row.Counts.Accepted + row.Counts.Waiting, row.Counts.Rejected + row.Counts.Duplicate), Is.EqualTo((root.App.Ledger.FilesOf("UMU", row.Window).Single().Id, 1, 0)));
    }

    private static Task<CliResult> CheckAsync(TestRoot root, string name, string text, params string[] options) =>
        Cli.RunAsync(["check", Write(root, name, text), .. options]);

    // Outside the root's own folders.
    private static string Write(TestRoot root, string name, string text)
    {
        TestRoot.Files.Directory.CreateDirectory(root.At("ute"));
        TestRoot.Files.File.WriteAllText(root.At("ute", name), text);
        return root.At("ute", name);
    }
}
