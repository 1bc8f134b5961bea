using System.Security.Cryptography;
using System.Text;
using Ingest.Worker.Tests.Support;

namespace Ingest.Worker.Tests.Pipeline;

/// <summary>After <c>seal</c> a file states its own totals, and nothing else of it has changed.</summary>
public class SealCommandTests
{
    private static readonly UTF8Encoding Utf8 = new(false);

    // Two registrations of 7,50 and 6,00 hp: 13,50.
    private static readonly string[] Records = [Rvf.Reg(), Rvf.Reg(Rvf.Bo, hp: "00600")];
    private const string Right = "SLU0000000200000001350";

    [TestCase("\r\n", "", TestName = "A_wrong_SLU_is_replaced_and_nothing_else_where_lines_end_in_CRLF")]
    [TestCase("\n", "", TestName = "A_wrong_SLU_is_replaced_and_nothing_else_where_lines_end_in_LF")]
    [TestCase("\r", "", TestName = "A_wrong_SLU_is_replaced_and_nothing_else_where_lines_end_in_CR")]
    [TestCase("\r\n", "\r\n\r\n\u001A", TestName = "Blank_lines_and_a_last_Ctrl_Z_stay_after_SLU")]
    public async Task A_wrong_SLU_is_replaced(string end, string after)
    {
        using var folder = new TempFolder();
        string File(string trailer) => string.Join(end, [Rvf.Huv(), .. Records, trailer]) + end + after;

        var result = await SealAsync(folder, "f.txt", Utf8.GetBytes(File("SLU0000000900000009999")));

        Assert.That((result.Exit, result.Error), Is.EqualTo((0, "")));
        Assert.That(TestRoot.Files.File.ReadAllText(folder.At("f.txt")), Is.EqualTo(File(Right)));
        Assert.That(result.Out, Does.Contain("2 poster, 13,5 hp").And.Contain("Förut stod: 9 poster, 99,99 hp"));
        Assert.That((await Cli.RunAsync("check", folder.At("f.txt"))).Exit, Is.Zero);
    }

    [Test]
    public async Task A_SLU_filled_up_with_blanks_keeps_its_width()
    {
        using var folder = new TempFolder();

        await SealAsync(folder, "f.txt", Utf8.GetBytes(Rvf.Lines([Rvf.Huv(), .. Records, "SLU".PadRight(120)])));

        Assert.That(TestRoot.Files.File.ReadAllText(folder.At("f.txt")), Is.EqualTo(Rvf.Lines([Rvf.Huv(), .. Records, Right.PadRight(120)])));
    }

    [TestCase("\n", "\n", "\n", TestName = "A_missing_SLU_is_added_with_the_line_end_of_the_file")]
    [TestCase("\n", "", "\n", TestName = "A_missing_SLU_is_added_after_a_last_line_that_did_not_end")]
    [TestCase("\r\n", "\u001A", "\r\n\u001A", TestName = "A_missing_SLU_is_added_before_a_last_Ctrl_Z")]
    public async Task A_missing_SLU_is_added(string end, string before, string after)
    {
        using var folder = new TempFolder();
        var text = string.Join(end, [Rvf.Huv(), .. Records]);

        var result = await SealAsync(folder, "f.txt", Utf8.GetBytes(text + before));

        Assert.That((result.Exit, result.Error), Is.EqualTo((0, "")));
        Assert.That(TestRoot.Files.File.ReadAllText(folder.At("f.txt")), Is.EqualTo(text + end + Right + after));
        Assert.That(result.Out, Does.Contain("Förut fanns ingen slutpost"));
        Assert.That((await Cli.RunAsync("check", folder.At("f.txt"))).Exit, Is.Zero);
    }

    [TestCase("latin")]
    [TestCase("utf-8 bom")]
    [TestCase("utf-16le")]
    [TestCase("utf-16be")]
    public async Task The_encoding_stays_as_it_is(string name)
    {
        Encoding encoding = name switch { "latin" => Encoding.Latin1, "utf-8 bom" => new UTF8Encoding(true), "utf-16le" => Encoding.Unicode, _ => Encoding.BigEndianUnicode };
        using var folder = new TempFolder();
        string File(string trailer) => Rvf.Lines(Rvf.Huv(school: "HÖS"), Rvf.Reg(course: "ÅÄÖ101"), trailer);

        var result = await SealAsync(folder, "f.txt", [.. encoding.GetPreamble(), .. encoding.GetBytes(File("SLU"))]);

        Assert.That((result.Exit, result.Error), Is.EqualTo((0, "")));
        Assert.That(TestRoot.Files.File.ReadAllBytes(folder.At("f.txt")), Is.EqualTo((byte[])[.. encoding.GetPreamble(), .. encoding.GetBytes(File("SLU0000000100000000750"))]));
        Assert.That((await Cli.RunAsync("check", folder.At("f.txt"))).Exit, Is.Zero);
    }

    [Test]
    public async Task A_file_that_is_right_is_not_written()
    {
        using var folder = new TempFolder();
        TestRoot.Files.File.WriteAllText(folder.At("f.txt"), Rvf.File(1, Records));
        TestRoot.Files.File.SetLastWriteTimeUtc(folder.At("f.txt"), new DateTime(2020, 1, 1, 0, 0, 0, DateTimeKind.Utc));

        var result = await Cli.RunAsync("seal", folder.At("f.txt"));

        Assert.That((result.Exit, result.Error), Is.EqualTo((0, "")));
        Assert.That(result.Out, Does.Contain("stämmer redan"));
        Assert.That(TestRoot.Files.File.GetLastWriteTimeUtc(folder.At("f.txt")).Year, Is.EqualTo(2020));
    }

    [Test]
    public async Task A_record_that_is_faulty_in_another_way_counts_and_does_not_hinder()
    {
        using var folder = new TempFolder();

        // A wrong check digit, and a record type that does not exist: each a record, and the second adds no hp.
        var result = await SealAsync(folder, "f.txt", Utf8.GetBytes(Rvf.Lines(Rvf.Huv(), Rvf.Reg("199601012398"), "XYZ", "SLU")));

        Assert.That(result.Exit, Is.Zero);
        Assert.That(TestRoot.Files.File.ReadAllText(folder.At("f.txt")), Does.EndWith("\r\nSLU0000000200000000750\r\n"));
    }

    [Test]
    public async Task An_hp_field_that_cannot_be_read_is_refused_by_its_line()
    {
        using var folder = new TempFolder();
        await AssertRefusedAsync(folder, "f.txt", Rvf.Lines(Rvf.Huv(), Rvf.Reg(), Rvf.Reg(Rvf.Bo, hp: "7,5"), "SLU"), "rad 3: hp");
        await AssertRefusedAsync(folder, "f.csv", Rvf.Csv(Rvf.Row(), Rvf.Row(Rvf.Bo, hp: "sju"), Rvf.Row(Rvf.Cia) + ";för;många"), "rad 3: hp", "rad 4: hp");
    }

    [Test]
    public async Task What_no_SLU_could_mend_is_refused()
    {
        using var folder = new TempFolder();
        await AssertRefusedAsync(folder, "utan-huv.txt", Rvf.Lines(Rvf.Reg(), Rvf.Slu(Rvf.Reg())), "F04");
        await AssertRefusedAsync(folder, "efter-slu.txt", Rvf.Lines(Rvf.Huv(), Rvf.Slu(Rvf.Reg()), Rvf.Reg()), "F05", "rad 3");
        await AssertRefusedAsync(folder, "bredvid-slu.txt", Rvf.Lines(Rvf.Huv(), Rvf.Reg(), "SLU0000000100000000750REG"), "F05", "rad 3");
        await AssertRefusedAsync(folder, "tom.txt", "", "F01");
        await AssertRefusedAsync(folder, "annat.txt", "Hej!\n", "F02");
        await AssertRefusedAsync(folder, "kolumn.csv", "personnummer;kurskod\r\n" + Rvf.Anna + ";TMA101\r\n", "F17");
    }

    [Test]
    public async Task A_CSV_gets_its_totals_beside_it_and_stays_as_it_is()
    {
        using var folder = new TempFolder();
        var bytes = Utf8.GetBytes(Rvf.Csv(Rvf.Row(), Rvf.Row(Rvf.Bo, hp: "6")));
        var stated = $"antal=2\nhp=13,5\nsha256={Convert.ToHexStringLower(SHA256.HashData(bytes))}\n";

        var first = await SealAsync(folder, "f.csv", bytes);

        Assert.That((first.Exit, first.Error), Is.EqualTo((0, "")));
        Assert.That(first.Out, Does.Contain("Förut fanns ingen"));
        Assert.That(TestRoot.Files.File.ReadAllBytes(folder.At("f.csv")), Is.EqualTo(bytes));
        Assert.That(TestRoot.Files.File.ReadAllText(folder.At("f.csv.klar")), Is.EqualTo(stated));

        TestRoot.Files.File.WriteAllText(folder.At("f.csv.klar"), "antal=9\nhp=fel\n");
        Assert.That((await Cli.RunAsync("check", folder.At("f.csv"))).Exit, Is.EqualTo(2));
        var second = await Cli.RunAsync("seal", folder.At("f.csv"));
        Assert.That(second.Out, Does.Contain("Förut stod: antal=9, hp=-, sha256=-"));
        Assert.That(TestRoot.Files.File.ReadAllText(folder.At("f.csv.klar")), Is.EqualTo(stated));
        Assert.That((await Cli.RunAsync("check", folder.At("f.csv"))).Exit, Is.Zero);
    }

    [Test]
    public async Task A_klar_beside_a_fixed_width_file_is_made_right_too()
    {
        using var folder = new TempFolder();
        TestRoot.Files.File.WriteAllText(folder.At("f.txt.klar"), "antal=9\nsha256=" + new string('0', 64));

        await SealAsync(folder, "f.txt", Utf8.GetBytes(Rvf.Lines([Rvf.Huv(), .. Records, "SLU"])));

        Assert.That((await Cli.RunAsync("check", folder.At("f.txt"))).Exit, Is.Zero);
    }

    [Test]
    [System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
    public async Task Who_may_read_the_file_stays_so_and_nothing_is_left_beside_it()
    {
        using var folder = new TempFolder();
        TestRoot.Files.File.WriteAllText(folder.At("f.txt"), Rvf.Lines([Rvf.Huv(), .. Records]));
        TestRoot.Files.File.SetUnixFileMode(folder.At("f.txt"), UnixFileMode.UserRead | UnixFileMode.UserWrite);

        await Cli.RunAsync("seal", folder.At("f.txt"));

        Assert.That(TestRoot.Files.File.GetUnixFileMode(folder.At("f.txt")), Is.EqualTo(UnixFileMode.UserRead | UnixFileMode.UserWrite));
        Assert.That(TestRoot.Files.Directory.EnumerateFileSystemEntries(folder.At(".")).Count(), Is.EqualTo(1));
    }

    [Test]
    public async Task A_file_that_is_not_there_is_a_usage_fault()
    {
        var result = await Cli.RunAsync("seal", "/finns/inte.txt");

        Assert.That((result.Exit, result.ErrorLines.Length), Is.EqualTo((64, 1)));
    }

    private static async Task AssertRefusedAsync(TempFolder folder, string name, string text, params string[] told)
    {
        var result = await SealAsync(folder, name, Utf8.GetBytes(text));
        Assert.That((result.Exit, result.Out), Is.EqualTo((2, "")), name);
        foreach (var part in told) Assert.That(result.Error, Does.Contain(part), name);
        Assert.That(result.Error, Does.Not.Contain(Rvf.Anna).And.Not.Contain(Rvf.Bo));
        Assert.That(TestRoot.Files.File.ReadAllText(folder.At(name)), Is.EqualTo(text), name);
        Assert.That(TestRoot.Files.File.Exists(folder.At(name + ".klar")), Is.False, name);
    }

    private static Task<CliResult> SealAsync(TempFolder folder, string name, byte[] bytes)
    {
        TestRoot.Files.File.WriteAllBytes(folder.At(name), bytes);
        return Cli.RunAsync("seal", folder.At(name));
    }
}
