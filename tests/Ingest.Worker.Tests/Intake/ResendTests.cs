using System.Text;
using System.Text.Json;
using Ingest.Worker.Tests.Support;

namespace Ingest.Worker.Tests.Pipeline;

/// <summary>omsandning of a partially accepted file: the rejected records alone, byte for byte, to mend and drop again.</summary>
public class ResendTests
{
    // å in the course code, so that each encoding has other bytes.
    private static readonly string[] Good = [Rvf.Reg(Rvf.Student(1), "KÅM101"), Rvf.Reg(Rvf.Student(2), "KÅM101")];
    private static readonly string[] Bad = [Rvf.Reg("199601012398", "KÅM101"), Rvf.Reg(Rvf.Student(3), "KÅM101", type: "XXX", end: "20260230"), Rvf.Reg(Rvf.Student(4), "KÅ")];
    private static readonly string[] GoodRows = [Rvf.Row(Rvf.Student(1), "KÅM101"), Rvf.Row(Rvf.Student(2), "KÅM101")];
    private static readonly string[] BadRows = [Rvf.Row("199601012398", "KÅM101"), Rvf.Row(Rvf.Student(3), "KÅM101", type: "XXX", end: "2026-02-30"), Rvf.Row(Rvf.Student(4), "KÅ")];

    [TestCase("utf-8", false)]
    [TestCase("utf-8", true)]
    [TestCase("utf-16", true)]
    [TestCase("utf-16BE", true)]
    [TestCase("windows-1252", false)]
    public Task A_fixed_width_file_in_any_encoding(string encoding, bool mark) =>
        GivesTheSameRefusals("f.txt", Bytes(encoding, mark, Rvf.File(7, Good[0], Bad[0], Bad[1], Good[1], Bad[2])), Bad, encoding);

    [TestCase("utf-8", false)]
    [TestCase("utf-8", true)]
    [TestCase("utf-16", true)]
    [TestCase("utf-16BE", true)]
    [TestCase("windows-1252", false)]
    public Task A_csv_in_any_encoding(string encoding, bool mark) =>
        GivesTheSameRefusals("f.csv", Bytes(encoding, mark, Rvf.Csv(GoodRows[0], BadRows[0], BadRows[1], GoodRows[1], BadRows[2])), BadRows, encoding);

    [TestCase("\n")]
    [TestCase("\r")]
    public Task A_fixed_width_file_with_other_line_ends(string end) =>
        GivesTheSameRefusals("f.txt", Bytes("utf-8", false, Rvf.File(7, Good[0], Bad[0], Bad[1], Good[1], Bad[2]).Replace("\r\n", end, StringComparison.Ordinal)), Bad, "utf-8");

    [Test]
    public Task A_fixed_width_file_whose_lines_are_trimmed_and_end_in_1A() =>
        GivesTheSameRefusals("f.txt", Bytes("utf-8", false,
            string.Concat(Rvf.File(7, Good[0], Bad[0], Bad[1], Good[1], Bad[2]).Split("\r\n").Select(l => l.TrimEnd() + "\r\n")) + "\u001A"), [.. Bad.Select(b => b.TrimEnd())], "utf-8");

    [TestCase(',')]
    [TestCase('\t')]
    public Task A_csv_with_another_delimiter(char delimiter) =>
        GivesTheSameRefusals("f.csv", Bytes("utf-8", false, Rvf.Csv(GoodRows[0], BadRows[0], BadRows[1], GoodRows[1], BadRows[2])
            .Replace("7,5", "7.5", StringComparison.Ordinal).Replace(';', delimiter)), [.. BadRows.Select(r => r.Replace("7,5", "7.5", StringComparison.Ordinal).Replace(';', delimiter))], "utf-8");

    [Test]
    public Task A_csv_from_Excel_with_its_separator_line_and_no_line_end_at_the_end() =>
        GivesTheSameRefusals("f.csv", Bytes("utf-8", true, "sep=;\r\n" + Rvf.Csv(GoodRows[0], BadRows[0], BadRows[1], GoodRows[1], BadRows[2]).TrimEnd()), BadRows, "utf-8");

    [Test]
    public Task A_csv_whose_quoted_cells_span_lines()
    {
        // The unknown column holds line breaks; it is ignored.
        string[] rows = [.. BadRows.Select(r => r + ";\"två\r\nrader; och \"\"citat\"\"\"")];
        return GivesTheSameRefusals("f.csv", Bytes("utf-8", false, Rvf.Lines([Rvf.RegHeader + ";anteckning", GoodRows[0] + ";", rows[0], rows[1], GoodRows[1] + ";", rows[2]])), rows, "utf-8");
    }

    [Test]
    public async Task An_accepted_file_and_a_refused_one_have_none()
    {
        using var root = await TestRoot.StartAsync();
        await root.TakeAsync("UMU", "rätt.txt", Rvf.File(1, Good));
        await root.TakeAsync("UMU", "alla fel.txt", Rvf.File(2, Bad));

        Assert.That(root.Out(), Has.Count.EqualTo(8).And.None.Contains("omsandning"));
    }

    [Test]
    public async Task Mended_records_of_it_are_accepted()
    {
        using var root = await TestRoot.StartAsync();
        await root.TakeAsync("UMU", "f.txt", Rvf.File(1, Good[0], Good[1], Bad[0]));
        var resend = root.Text("ut", "UMU", "f.txt.20260119-000001.TEST.omsandning.txt");
        Assert.That(resend, Does.StartWith("HUVRVF1UMU     Ladok               00000000").And.Contain("\nSLU"));

        var receipt = await root.TakeAsync("UMU", "lagad.txt", resend.Replace("199601012398", "199601012397", StringComparison.Ordinal));

        Assert.That((receipt.Text("status"), receipt.Counts()), Is.EqualTo(("accepted", "read 1 accepted 1 waiting 0 duplicate 0 rejected 0")));
    }

    [TestCase(true, Description = "the last line of its file holds it twice, of which one is the mark")]
    [TestCase(false, Description = "a line among others, and the only one of the omsändning")]
    public async Task A_record_of_nothing_but_the_end_of_file_mark_of_old_stays_a_record(bool last)
    {
        using var root = await TestRoot.StartAsync();
        var first = await root.TakeAsync("UMU", "f.csv", last ? Rvf.Csv(Rvf.Row()) + "\u001A\u001A" : Rvf.Csv("\u001A", Rvf.Row()));

        var second = await root.TakeAsync("UMU", "om.csv", root.Text("ut", "UMU", "f.csv.20260119-000001.TEST.omsandning.csv"));

        Assert.That((first.Counts(), second.Counts()), Is.EqualTo(("read 2 accepted 1 waiting 0 duplicate 0 rejected 1", "read 1 accepted 0 waiting 0 duplicate 0 rejected 1")));
        Assert.That(Refusals(second), Is.EqualTo(Refusals(first)));
    }

    private static async Task GivesTheSameRefusals(string name, byte[] bytes, string[] rejected, string encoding)
    {
        using var root = await TestRoot.StartAsync();
        root.Drop("UMU", name, bytes);
        await root.StepAsync();
        var first = root.Receipt(name);
        Assert.That((first.Text("status"), first.Counts()), Is.EqualTo(("partiallyAccepted", "read 5 accepted 2 waiting 0 duplicate 0 rejected 3")));

        var resend = root.Bytes("ut", "UMU", $"{name}.20260119-000001.TEST.omsandning.{name[2..]}");
        var text = Encodings(encoding).GetString(resend);
        foreach (var line in rejected) Assert.That(text, Does.Contain(line), "as sent");
        foreach (var line in Good.Concat(GoodRows)) Assert.That(text, Does.Not.Contain(line[..60]));

        root.Drop("UMU", "om." + name[2..], resend);
        await root.StepAsync();
        var second = root.Receipt("om." + name[2..]);
        Assert.That(second.Counts(), Is.EqualTo("read 3 accepted 0 waiting 0 duplicate 0 rejected 3"));
        Assert.That(second.Text("file", "encoding"), Is.EqualTo(first.Text("file", "encoding")));
        Assert.That(Refusals(second), Is.EqualTo(Refusals(first)));
    }

    // Everything but the line, which is another.
    private static List<string> Refusals(JsonElement receipt) =>
        [.. receipt.GetProperty("findings").EnumerateArray()
            .Where(f => f.GetProperty("severity").GetString() == "E")
            .Select(f => string.Join('|', Just.These("code", "field", "value", "column", "length", "kind", "message").Select(p => f.GetProperty(p).ToString())))];

    private static byte[] Bytes(string encoding, bool mark, string text) => [.. mark ? Encodings(encoding).GetPreamble() : [], .. Encodings(encoding).GetBytes(text)];

    private static Encoding Encodings(string name) => name == "windows-1252" ? CodePagesEncodingProvider.Instance.GetEncoding(1252)! : Encoding.GetEncoding(name);
}
