using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Dapper;
using Ingest.Formats;
using Ingest.Worker.Ledger;
using Ingest.Worker.Service;

namespace Ingest.Worker.Tests.Recovery;

/// <summary>
/// The real process on a real disk, killed in the middle and started again: each record is in the ledger once, each receipt is there
/// once, and its bytes are those of an undisturbed run, ids and times apart.
/// </summary>
[Parallelizable(ParallelScope.Self)]
public sealed partial class KilledProcessTests
{
    private const int Rows = 30_000;

    [Test]
    public void A_file_that_is_killed_again_and_again_is_receipted_as_if_nothing_had_happened()
    {
        using var undisturbed = new Folder();
        Drop(undisturbed.Path);
        Run(undisturbed.Path, killAfter: null);
        var expected = Outcome(undisturbed.Path);
        Assert.That(expected.Keys.Count(k => k.EndsWith("kvittens.json", StringComparison.Ordinal)), Is.EqualTo(2), "both files have their receipts");

        using var disturbed = new Folder();
        Drop(disturbed.Path);
        var kills = 0;
        // From before the claim to after the archive, whatever this machine's pace: a quarter later each time, until a run ends by itself.
        for (var after = 350; !Run(disturbed.Path, TimeSpan.FromMilliseconds(after)); after += after / 4) kills++;

        using (Assert.EnterMultipleScope())
        {
            Assert.That(kills, Is.GreaterThan(3), "the process was killed in the middle of its work");
            Assert.That(Outcome(disturbed.Path), Is.EqualTo(expected));
            Assert.That(LedgerCounts(disturbed.Path), Is.EqualTo(LedgerCounts(undisturbed.Path)));
            Assert.That(Directory(disturbed.Path, "work"), Is.Empty);
            Assert.That(Directory(disturbed.Path, "in/KTH"), Is.Empty);
        }
    }

    /// <summary>A catalogue, and a file with faults, warnings, waiting records and repeats.</summary>
    private static void Drop(string root)
    {
        System.IO.Directory.CreateDirectory(Path.Combine(root, "in", "KTH"));
        var start = new DateOnly(2026, 1, 19);
        var catalogue = new StringBuilder(CsvLines.Header(RecordKind.CourseOffering) + "\n");
        catalogue.Append(CsvLines.Record(new CourseOffering { CourseCode = "SF1624", OfferingCode = "V26", Title = "Algebra", Extent = new Credits(750), Pace = 50, Start = start, End = start.AddDays(60) }) + "\n");
        File.WriteAllText(Path.Combine(root, "in", "KTH", "1-katalog.csv"), catalogue.ToString());
        var text = new StringBuilder(CsvLines.Header(RecordKind.Registration) + "\n");
        for (var i = 0; i < Rows; i++)
        {
            var line = CsvLines.Record(new Registration
            {
                Student = Number(i),
                CourseCode = i % 50 == 7 ? "XX1000" : "SF1624",
                OfferingCode = "V26",
                Type = RegistrationType.FFG,
                Extent = new Credits(750),
                Pace = 50,
                Start = start,
                End = start.AddDays(60),
                RegistrationDate = start,
                EventId = string.Create(CultureInfo.InvariantCulture, $"id-{i}"),
            });
            text.Append(i % 40 == 3 ? line.Replace(";FFG;", ";XXX;", StringComparison.Ordinal) : line).Append('\n');
            if (i % 100 == 5) text.Append(line).Append('\n');
        }
        File.WriteAllText(Path.Combine(root, "in", "KTH", "2-registreringar.csv"), text.ToString());
    }

    /// <summary>Published test numbers: any date with birth number 238, 239, 980 or 981.</summary>
    private static Personnummer Number(int i)
    {
        var nine = new DateOnly(1950, 1, 1).AddDays(i / 4).ToString("yyyyMMdd", CultureInfo.InvariantCulture) + (i % 4) switch { 0 => "238", 1 => "239", 2 => "980", _ => "981" };
        return Personnummer.FromStorage(long.Parse(nine + Personnummer.Luhn(nine.AsSpan(2)), CultureInfo.InvariantCulture));
    }

    /// <returns>True when the process ended by itself.</returns>
    private static bool Run(string root, TimeSpan? killAfter)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in new[] { typeof(IngestApp).Assembly.Location, "run", "--once", "--root", root, "--Pickup:QuietPeriod=0", "--Pickup:QuietPeriodCsv=0", "--Pickup:PollInterval=00:00:00.05" })
            start.ArgumentList.Add(argument);
        TestLedger.Tell(start, root);
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        if (killAfter is { } after && !process.WaitForExit(after))
        {
            process.Kill();
            process.WaitForExit();
            return false;
        }
        process.WaitForExit();
        Assert.That(process.ExitCode, Is.Zero, output.Result + errors.Result);
        return true;
    }

    /// <summary>Every receipt and archived file by name, with ids and times made the same.</summary>
    private static SortedDictionary<string, string> Outcome(string root)
    {
        var outcome = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var top in new[] { "ut", "archive" })
            foreach (var path in System.IO.Directory.EnumerateFiles(Path.Combine(root, top), "*", SearchOption.AllDirectories))
                outcome.Add(Same(Path.GetRelativePath(root, path)), Same(File.ReadAllText(path)));
        return outcome;
    }

    private static string LedgerCounts(string root)
    {
        using var ledger = TestLedger.Open(root);
        using var connection = ledger.Open();
        return string.Join(' ', new[] { "file", "line", "finding", "event", "student_file", "event_id", "catalogue" }
            .Select(t => string.Create(CultureInfo.InvariantCulture, $"{t}={connection.ExecuteScalar<long>($"SELECT count(*) FROM {t}")}")));
    }

    private static string[] Directory(string root, string folder) =>
        [.. System.IO.Directory.EnumerateFileSystemEntries(Path.Combine(root, folder)).Where(p => !p.EndsWith(".ingest", StringComparison.Ordinal))];

    // A file id, then a Swedish moment, a date, a weekday with its date.
    private static string Same(string text) => Times().Replace(text, "#");

    [GeneratedRegex(@"\d{8}-\d{6}|\d{4}-\d\d-\d\d([T ]\d\d:\d\d:\d\d(\+\d\d:\d\d)?)?|(mån|tis|ons|tors|fre|lör|sön)dag \d+ \w+ \d{4}|20\d{12}(?=TEST)")]
    private static partial Regex Times();

    private sealed class Folder : IDisposable
    {
        public string Path { get; } = System.IO.Directory.CreateTempSubdirectory("ingest-killed-").FullName;

        public void Dispose() => System.IO.Directory.Delete(Path, recursive: true);
    }
}
