using System.Globalization;
using System.IO.Abstractions;
using Ingest.Formats;
using Ingest.Tests;
using Ingest.Worker.Samples;

namespace Ingest.Worker.Tests.Samples;

/// <summary>The service against the outcomes that samples were made with: two accounts of the same rules, of which neither reads the other.</summary>
[TestFixture]
internal sealed class SampleReplayTests
{
    private const int Rows = 3_000;

    // As many files of one size as the term of 200 000 rows has, whatever the size of the term.
    private static void Make(string folder, FileShape shape, ulong seed, double faults, int rows = Rows, string baseDate = "2026-01-19") =>
        new SampleFiles(new FileSystem(), new SampleOptions(rows, seed, faults, shape, folder, DateOnly.Parse(baseDate, CultureInfo.InvariantCulture), ["KTH", "LU"])
        {
            RowsPerFile = rows / 20,
        }).Write();

    [TestCase(FileShape.FixedWidth, 1UL, 0.05)]
    [TestCase(FileShape.FixedWidth, 2UL, 0.05)]
    [TestCase(FileShape.FixedWidth, 1UL, 0)]
    [TestCase(FileShape.Csv, 1UL, 0.05)]
    [TestCase(FileShape.Csv, 2UL, 0.05)]
    [TestCase(FileShape.Csv, 1UL, 0)]
    public async Task Every_record_comes_to_what_it_was_made_for(FileShape shape, ulong seed, double faults)
    {
        using var folder = new TempFolder();
        Make(folder.At("samples"), shape, seed, faults);
        await AssertReplayed(folder, atLeast: Rows);
    }

    [Explicit("Minutes: the term that the promise is made for.")]
    [TestCase(FileShape.FixedWidth)]
    [TestCase(FileShape.Csv)]
    public async Task A_term_of_200_000_rows_in_random_order_comes_to_what_it_was_made_for(FileShape shape)
    {
        using var folder = new TempFolder();
        Make(folder.At("samples"), shape, 1, 0.05, rows: 200_000);
        await AssertReplayed(folder, atLeast: 200_000);
    }

    [TestCase("2025-08-30", TestName = "A_term_that_begins_on_a_Saturday_comes_to_the_same")]
    [TestCase("2026-03-14", TestName = "A_term_over_the_change_to_summer_time_comes_to_the_same")]
    [TestCase("2024-02-29", TestName = "A_term_that_begins_on_a_leap_day_comes_to_the_same")]
    [TestCase("2025-12-20", TestName = "A_term_over_new_year_comes_to_the_same")]
    public async Task A_term_of_other_dates_comes_to_the_same(string baseDate)
    {
        using var folder = new TempFolder();
        Make(folder.At("samples"), FileShape.Csv, 3, 0.25, rows: 400, baseDate);
        await AssertReplayed(folder, atLeast: 400);
    }

    private static async Task AssertReplayed(TempFolder folder, int atLeast)
    {
        await TermReplay.RunAsync(folder.At("samples"), folder.At("root"));
        var differences = new List<string>();
        var records = 0;
        foreach (var expected in Replay.Expected(folder.At("samples")))
        {
            var came = Replay.Read(folder.At("root"), expected.Path, expected.Records.Keys);
            records += came.Records.Count;
            if ((came.Status, came.Codes, came.Counts) != (expected.Status, expected.Codes, expected.Counts))
                differences.Add($"{expected.Path}: expected {expected with { Records = [] }}, got {came with { Records = [] }}");
            differences.AddRange(expected.Records.Where(r => came.Records.GetValueOrDefault(r.Key) != r.Value)
                .Select(r => $"{expected.Path} line {r.Key}: expected {r.Value}, got {came.Records.GetValueOrDefault(r.Key)}"));
        }
        Assert.Multiple(() =>
        {
            Assert.That(differences, Is.Empty, string.Join('\n', differences.Take(40)));
            Assert.That(records, Is.AtLeast(atLeast));
        });
    }

    [Test]
    public async Task Both_shapes_of_one_seed_deliver_the_same_events()
    {
        using var folder = new TempFolder();
        foreach (var shape in Enum.GetValues<FileShape>())
        {
            Make(folder.At($"samples-{shape}"), shape, 3, 0.05);
            await TermReplay.RunAsync(folder.At($"samples-{shape}"), folder.At($"root-{shape}"));
        }
        var fixedWidth = Replay.Deliveries(folder.At($"root-{FileShape.FixedWidth}"));
        Assert.Multiple(() =>
        {
            Assert.That(fixedWidth, Has.Count.GreaterThan(Rows / 2));
            Assert.That(Replay.Deliveries(folder.At($"root-{FileShape.Csv}")), Is.EqualTo(fixedWidth));
        });
    }
}
