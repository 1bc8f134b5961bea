using Ingest.Worker.Tests.Support;

namespace Ingest.Worker.Tests.Pipeline;

public class NotYetFilesTests
{
    [TestCase("reg.csv.tmp")]
    [TestCase("reg.part")]
    [TestCase("reg.csv.filepart")]
    [TestCase("reg.csv.crdownload")]
    [TestCase(".reg.csv")]
    [TestCase("~reg.csv")]
    [TestCase("~$reg.csv")]
    public async Task A_name_that_is_not_yet_a_file_is_left_until_it_is_renamed(string name)
    {
        using var root = await TestRoot.StartAsync();
        var path = root.Drop("UMU", name, Rvf.Csv(Rvf.Row()));

        await root.StepAsync();
        Assert.That(root.Out(), Is.Empty);
        Assert.That(root.Names("in", "UMU"), Is.EqualTo(Just.These(name)));
        Assert.That(root.Alarms, Is.Empty);

        TestRoot.Files.File.Move(path, root.At("in", "UMU", "reg.csv"));
        await root.StepAsync();
        Assert.That(root.Receipt("reg.csv").Text("status"), Is.EqualTo("accepted"));
    }

    [TestCase("reg.tmp.csv")]
    [TestCase("part")]
    [TestCase("reg~.csv")]
    [TestCase("utan ändelse")]
    public async Task A_name_that_only_resembles_one_is_a_file(string name)
    {
        using var root = await TestRoot.StartAsync();

        var receipt = await root.TakeAsync("UMU", name, Rvf.Csv(Rvf.Row()));

        Assert.That(receipt.Text("status"), Is.EqualTo("accepted"));
        Assert.That(root.Names("in", "UMU"), Is.Empty);
    }

    [TestCase("med flera  blanka.csv")]
    [TestCase("åäö ÅÄÖ.csv", Description = "composed")]
    [TestCase("a\u030Aa\u0308o\u0308.csv", Description = "decomposed, as macOS writes it")]
    [TestCase("-rf.csv")]
    [TestCase("--help")]
    [TestCase("två\nrader.csv")]
    [TestCase("citat\"och'tecken;,.csv")]
    [TestCase("%s{0}$HOME`x`.csv")]
    [TestCase("..csv")]
    public async Task An_odd_name_stands_as_it_is_in_receipts_and_archive(string name)
    {
        using var root = await TestRoot.StartAsync();
        // ".." begins with a full stop and is therefore not yet a file.
        if (name[0] == '.') name = "x" + name;

        var receipt = await root.TakeAsync("UMU", name, Rvf.Csv(Rvf.Row()));

        Assert.That((receipt.Text("status"), receipt.Text("file", "name")), Is.EqualTo(("accepted", name)));
        Assert.That(root.Out(), Is.EqualTo(Just.These("accepterade.csv", "avvisade.csv", "kvittens.json", "rapport.html").Select(what => $"{name}.20260119-000001.TEST.{what}")));
        Assert.That(root.Names("archive", "UMU", "2026-01-19"), Is.EqualTo(Just.These("20260119-000001_" + name)));
    }

    [TestCase("a", 251)]
    [TestCase("å", 125)]
    [TestCase("😀", 62)]
    public async Task A_name_of_255_bytes_is_shortened_before_its_extension(string letter, int times)
    {
        using var root = await TestRoot.StartAsync();
        var name = string.Concat(Enumerable.Repeat(letter, times)) + ".csv";

        root.Drop("UMU", name, Rvf.Csv(Rvf.Row(), Rvf.Row(student: "199601012398")));
        await root.StepAsync();

        var written = root.Out().Concat(root.Names("archive", "UMU", "2026-01-19")).ToList();
        Assert.That(written, Has.Count.EqualTo(6), "two tables, omsändning, page, receipt, and the original");
        foreach (var file in written)
        {
            Assert.That(System.Text.Encoding.UTF8.GetByteCount(file), Is.LessThanOrEqualTo(255));
            Assert.That(file, Does.Contain(letter + ".csv"), "the extension stays, and no letter is cut in two");
        }
    }

    [TestCase("199601012397.csv", "19960101xxxx.csv")]
    [TestCase("19960101-2397.csv", "19960101-xxxx.csv")]
    [TestCase("klass 960101-2397 vt.csv", "klass 960101-xxxx vt.csv")]
    [TestCase("9601012397", "960101xxxx")]
    [TestCase("960229+9803.csv", "960229+xxxx.csv")]
    [TestCase("a198606722398b.csv", "a19860672xxxxb.csv", Description = "a samordningsnummer")]
    [TestCase("199601012397_198802292394.csv", "19960101xxxx_19880229xxxx.csv")]
    public async Task A_personnummer_in_the_name_is_masked_in_every_name_that_we_write(string name, string masked)
    {
        using var root = await TestRoot.StartAsync();

        root.Drop("UMU", name, Rvf.Csv(Rvf.Row(), Rvf.Row(student: "199601012398")));
        await root.StepAsync();

        var receipt = root.Receipt(masked);
        Assert.That(receipt.Finding("F20").Text("severity"), Is.EqualTo("V"));
        Assert.That(receipt.Text("file", "name"), Is.EqualTo(masked));
        Assert.That(root.Names("archive", "UMU", "2026-01-19"), Is.EqualTo(Just.These("20260119-000001_" + masked)));
        Assert.That(root.Out(), Has.Count.EqualTo(5).And.All.StartsWith(masked + ".20260119-000001.TEST."));
        Assert.That(root.Hashes().Keys, Has.None.Contains("2397").And.None.Contains("2394").And.None.Contains("9803").And.None.Contains("2398b"));
    }

    [TestCase("20260119080000.csv", Description = "a timestamp of 14 digits")]
    [TestCase("199601012398.csv", Description = "wrong check digit")]
    [TestCase("1996010123.csv", Description = "no valid number")]
    [TestCase("00199601012397.csv", Description = "14 digits")]
    public async Task Other_runs_of_digits_stand_as_they_are(string name)
    {
        using var root = await TestRoot.StartAsync();

        var receipt = await root.TakeAsync("UMU", name, Rvf.Csv(Rvf.Row()));

        Assert.That(receipt.Text("status"), Is.EqualTo("accepted"));
        Assert.That(receipt.Codes(), Is.Empty);
    }

    [Test]
    public async Task A_personnummer_in_the_name_of_a_file_that_goes_to_quarantine_is_masked_too()
    {
        using var root = await TestRoot.StartAsync();

        root.Drop("OKÄND", "199601012397.csv", Rvf.Csv(Rvf.Row()));
        await root.StepAsync();

        Assert.That(root.Names("quarantine"), Is.EqualTo(Just.These("20260119-000001_19960101xxxx.csv")));
    }

    [Test]
    public async Task A_name_that_is_no_text_is_worked_or_alarmed_but_never_passed_over_in_silence()
    {
        using var root = await TestRoot.StartAsync();
        // å as Latin-1 writes it: a byte that is no UTF-8, from an old Windows or Unix client.
        await Shell.RunAsync("printf 'x' > \"$1/$(printf '\\345').csv\"", root.At("in", "UMU"));

        await root.StepAsync();

        var told = root.Out().Count + root.Alarms.Count;
        await Shell.RunAsync("rm -rf \"$1\"", root.At("in", "UMU"));
        Assert.That(told, Is.Positive, "neither a receipt nor an alarm");
    }
}
