using System.Text;
using Ingest.Worker.Tests.Support;

namespace Ingest.Worker.Tests.Pipeline;

/// <summary>What we write to a school: names that every file system takes, bytes that can be read, and no identity number.</summary>
public class NamesAndNumbersTests
{
    [TestCase("TEST", ".csv")]
    [TestCase("TEST", ".20260119")]
    [TestCase("TEST", ".registreri")]
    [TestCase("PROD", ".csv")]
    [TestCase("PROD", ".20260119")]
    [TestCase("PROD", ".registreri")]
    [TestCase("PROD", "")]
    public async Task Every_name_that_is_written_fits_in_255_bytes(string environment, string extension)
    {
        using var root = await TestRoot.StartAsync(s => s.Environment = environment);
        var lengths = Enumerable.Range(205, 255 - 205 + 1).ToList();
        foreach (var length in lengths)
            root.Drop("UMU", new string('a', length - extension.Length) + extension, Rvf.Csv(Rvf.Row(Rvf.Student(length)), Rvf.Row("199601012398")));

        await root.StepAsync();

        Assert.That(root.Alarms, Is.Empty);
        var written = root.Out().Concat(root.Names("archive", "UMU", "2026-01-19")).ToList();
        Assert.That(written, Has.Count.EqualTo(lengths.Count * 6), "two tables, omsändning, page, receipt, and the original");
        Assert.That(written.Max(n => Encoding.UTF8.GetByteCount(n)), Is.LessThanOrEqualTo(255));
        Assert.That(root.App.Ledger.Unfinished(), Is.Empty);
    }

    [Test]
    public async Task Refused_records_of_files_in_two_encodings_under_one_ascii_header_are_two_resends()
    {
        const string Header = "personnummer;kurskod;hp;betyg;examinationsdatum";
        using var root = await TestRoot.StartAsync();
        var (utf8, latin) = (new UTF8Encoding(false, throwOnInvalidBytes: true), CodePagesEncodingProvider.Instance.GetEncoding(1252)!);
        root.Drop("UMU", "a.csv", utf8.GetBytes(Rvf.Lines(Header, Rvf.Anna + ";KÅRS9;7,5;G;2026-01-10")));
        root.Drop("UMU", "b.csv", latin.GetBytes(Rvf.Lines(Header, Rvf.Bo + ";KÄRS9;7,5;G;2026-01-10")));
        await root.StepAsync();

        await root.CloseAsync("2026-01-19");

        Assert.That(root.Out().Where(n => n.Contains("omsandning", StringComparison.Ordinal)),
            Is.EqualTo(Just.These("2026-01-19.TEST.kl15.omsandning.1.csv", "2026-01-19.TEST.kl15.omsandning.2.csv")));
        foreach (var (number, encoding, sent) in new (int, Encoding, string)[] { (1, utf8, Rvf.Anna + ";KÅRS9"), (2, latin, Rvf.Bo + ";KÄRS9") })
        {
            var bytes = root.Bytes("ut", "UMU", $"2026-01-19.TEST.kl15.omsandning.{number}.csv");
            Assert.That(encoding.GetString(bytes), Is.EqualTo(Rvf.Lines(Header, sent + ";7,5;G;2026-01-10")));
            root.Drop("UMU", $"om{number}.csv", bytes);
            await root.AdvanceAsync(1);
            Assert.That(root.Receipt($"om{number}.csv").Counts(), Is.EqualTo("read 1 accepted 0 waiting 1 duplicate 0 rejected 0"));
        }
    }

    [TestCase("0002292399")]
    [TestCase("000229-2399")]
    [TestCase("200002292399")]
    [TestCase("9601012397")]
    public async Task A_number_that_was_taken_for_event_id_is_masked_in_every_receipt(string id)
    {
        using var root = await TestRoot.StartAsync();
        await root.TakeAsync("UMU", "a.csv", Rvf.Csv(Rvf.Row(Rvf.Cia, id: id), Rvf.Row(Rvf.Bo)));
        await root.TakeAsync("UMU", "b.csv", Rvf.Csv(Rvf.Row(Rvf.Cia, id: id), Rvf.Row(Rvf.Student(7), id: id)));
        await root.CloseAsync("2026-01-19");

        Assert.That(root.Text("ut", "UMU", "a.csv.20260119-000001.TEST.accepterade.csv"), Does.Contain(id[..^4] + "xxxx"));
        foreach (var name in root.Out().Where(n => !n.Contains("omsandning", StringComparison.Ordinal)))
            Assert.That(root.Text("ut", "UMU", name), Does.Not.Contain(id), name);
    }
}
