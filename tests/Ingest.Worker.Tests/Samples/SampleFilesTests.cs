using System.IO.Abstractions;
using System.Security.Cryptography;
using Ingest.Formats;
using Ingest.Worker.Commands;
using Ingest.Worker.Samples;

namespace Ingest.Worker.Tests.Samples;

[TestFixture]
internal sealed class SampleFilesTests
{
    private static readonly FileSystem Files = new();

    private static void Make(string folder, FileShape shape, long rows = 2_000, ulong seed = 1, double faults = 0.05) =>
        new SampleFiles(Files, new SampleOptions(rows, seed, faults, shape, folder, TermPlan.DefaultBaseDate, ["KTH", "LU"])).Write();

    private static SortedDictionary<string, string> Hashes(string folder) => new(Files.Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
        .ToDictionary(path => Files.Path.GetRelativePath(folder, path), path => Convert.ToHexString(SHA256.HashData(Files.File.ReadAllBytes(path)))), StringComparer.Ordinal);

    private static readonly string[] Nettings = ["K42", "K43", "K44"];

    private static IEnumerable<FindingCode> Codes(IEnumerable<CameFile> files) => files
        .SelectMany(f => f.Records.Values.SelectMany(r => new[] { r.Codes, r.FinalCodes }).Append(f.Codes))
        .SelectMany(codes => codes.Split(' ', StringSplitOptions.RemoveEmptyEntries)).Select(Enum.Parse<FindingCode>).Distinct();

    [Test]
    public void The_same_seed_gives_the_same_bytes_and_another_seed_others([Values] FileShape shape)
    {
        using var folder = new TempFolder();
        Make(folder.At("one"), shape);
        Make(folder.At("again"), shape);
        Make(folder.At("other"), shape, seed: 2);
        Assert.Multiple(() =>
        {
            Assert.That(Hashes(folder.At("again")), Is.EqualTo(Hashes(folder.At("one"))));
            Assert.That(Hashes(folder.At("other"))["expected.json"], Is.Not.EqualTo(Hashes(folder.At("one"))["expected.json"]));
        });
    }

    [TestCase(0.05)]
    [TestCase(0.001)]
    public void Every_finding_code_is_expected_somewhere_in_the_two_shapes(double faults)
    {
        using var folder = new TempFolder();
        var codes = new HashSet<FindingCode>();
        foreach (var shape in Enum.GetValues<FileShape>())
        {
            Make(folder.At(shape.ToString()), shape, faults: faults);
            codes.UnionWith(Codes(Replay.Expected(folder.At(shape.ToString()))));
        }
        Assert.That(Enum.GetValues<FindingCode>().Except(codes), Is.Empty);
    }

    [Test]
    public void Without_faults_nothing_is_rejected_or_refused()
    {
        using var folder = new TempFolder();
        Make(folder.At("samples"), FileShape.Csv, faults: 0);
        var files = Replay.Expected(folder.At("samples"));
        var records = files.SelectMany(f => f.Records.Values).ToList();
        Assert.Multiple(() =>
        {
            Assert.That(files.Select(f => f.Status), Has.All.AnyOf("accepted", "duplicate"));
            Assert.That(records.Where(r => r.Status == "rejected" || r.Final == "refused"), Is.Empty);
            Assert.That(records.Select(r => r.FinalCodes), Is.SupersetOf(Nettings));
        });
    }

    [TestCase(0.02)]
    [TestCase(0.25)]
    public void The_share_of_faults_is_the_one_asked_for(double faults)
    {
        using var folder = new TempFolder();
        Make(folder.At("samples"), FileShape.FixedWidth, rows: 20_000, faults: faults);
        var records = Replay.Expected(folder.At("samples")).Where(f => f.Status != "rejected").SelectMany(f => f.Records.Values).ToList();
        // Near, not exactly: some faults come to more than one record, and a warned removal may be netted.
        var faulty = records.Count(r => r.Status is "rejected" or "acceptedWithWarning" || r.Final == "refused");
        Assert.That((double)faulty / records.Count, Is.EqualTo(faults).Within(faults * 0.15));
    }

    [Test]
    public void Rows_come_in_random_order_and_a_large_slot_in_several_files([Values] FileShape shape)
    {
        using var folder = new TempFolder();
        Make(folder.At("samples"), shape, rows: 60_000);
        var parts = Files.Directory.EnumerateFiles(folder.At("samples/KTH"), "0*-registreringar-del-*").ToList();
        Assert.That(parts, Has.Count.EqualTo(2));
        foreach (var part in parts)
        {
            // Students with two registrations, as those who read two half-time courses: made one after the other, and hardly ever written so.
            var students = Files.File.ReadLines(part).Skip(1).Select(line => shape == FileShape.Csv ? line.Split(';')[1] : line[..3] == "REG" ? line[4..16] : line).ToList();
            var twice = students.Count - students.Distinct().Count();
            Assert.That(students.Zip(students.Skip(1)).Count(pair => pair.First == pair.Second), Is.LessThan(twice / 20));
        }
    }

    [Test]
    public void Names_sort_in_the_order_in_which_a_schools_files_come([Values] FileShape shape)
    {
        using var folder = new TempFolder();
        Make(folder.At("samples"), shape);
        Assert.Multiple(() =>
        {
            foreach (var school in Replay.Expected(folder.At("samples")).GroupBy(f => f.Path[..f.Path.IndexOf('/')]))
            {
                Assert.That(school.Select(f => f.Path), Is.Ordered.Using((IComparer<string>)StringComparer.Ordinal));
                Assert.That(school.Select(f => f.Path), Is.EquivalentTo(
                    Files.Directory.EnumerateFiles(folder.At("samples/" + school.Key)).Select(p => school.Key + "/" + Files.Path.GetFileName(p))));
            }
        });
    }

    [Test]
    public void Students_are_test_numbers_of_all_ages_and_no_two_are_alike()
    {
        var numbers = new TestNumbers(TermPlan.DefaultBaseDate);
        var all = Enumerable.Range(0, (int)numbers.Count).Select(i => numbers.At(i)).ToList();
        Assert.Multiple(() =>
        {
            Assert.That(all.Distinct().Count(), Is.EqualTo(all.Count));
            Assert.That(all, Has.All.Matches<Personnummer>(n =>
                Personnummer.Parse(n.ToUnmaskedString(), TermPlan.DefaultBaseDate, out _, out _) == PersonnummerFault.None
                && n.ToUnmaskedString()[8..11] is "238" or "239" or "980" or "981"));
        });
    }

    [Test]
    public async Task A_folder_that_is_not_empty_is_left_as_it_is()
    {
        using var folder = new TempFolder();
        Files.File.WriteAllText(folder.At("mine.txt"), "mine");
        var exit = await CommandLine.RunAsync(["sample", "--rows", "10", "--seed", "1", "--out", folder.Path]);
        Assert.Multiple(() =>
        {
            Assert.That(exit, Is.EqualTo(ExitCode.Usage));
            Assert.That(Files.Directory.EnumerateFileSystemEntries(folder.Path).Count(), Is.EqualTo(1));
        });
    }

    [Test]
    public async Task The_command_takes_schools_and_a_first_day_of_its_own()
    {
        using var folder = new TempFolder();
        var exit = await CommandLine.RunAsync(["sample", "--rows", "50", "--seed", "7", "--faults", "0.1", "--format", "csv", "--out", folder.At("samples"),
            "--base-date", "2025-08-30", "--schools", "HÖS,PAPPER"]);
        Assert.Multiple(() =>
        {
            Assert.That(exit, Is.Zero);
            // A school without the catalogue and one on paper come beside those asked for.
            Assert.That(Files.Directory.EnumerateDirectories(folder.At("samples")).Count(), Is.EqualTo(4));
            Assert.That(Files.File.ReadAllText(folder.At("samples/expected.json")), Does.Contain("2025-08-31T08:00:00+02:00"));
        });
    }

    [TestCase("--faults", "0.5")]
    [TestCase("--faults", "0,05")]
    [TestCase("--rows", "0")]
    [TestCase("--schools", "KTH,KTH")]
    [TestCase("--schools", "K/H")]
    [TestCase("--base-date", "19/1")]
    [TestCase("--format", "xml")]
    public async Task What_cannot_be_made_is_a_usage_fault(string option, string value)
    {
        using var folder = new TempFolder();
        var exit = await CommandLine.RunAsync(["sample", "--out", folder.At("samples"), option, value]);
        Assert.Multiple(() =>
        {
            Assert.That(exit, Is.EqualTo(ExitCode.Usage));
            Assert.That(Files.Directory.Exists(folder.At("samples")), Is.False);
        });
    }
}
