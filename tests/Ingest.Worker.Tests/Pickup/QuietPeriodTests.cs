using Ingest.Worker.Tests.Support;

namespace Ingest.Worker.Tests.Pipeline;

/// <summary>The quiet periods that are shipped, on a clock moved by hand.</summary>
public class QuietPeriodTests
{
    private const double Instant = 0.001;

    [Test]
    public async Task A_csv_is_taken_once_it_has_been_still_for_10_seconds()
    {
        using var root = await TestRoot.StartAsync(TestRoot.Quiet);
        root.Drop("UMU", "reg.csv", Rvf.Csv(Rvf.Row()));

        await IsTakenAfterAsync(root, "reg.csv", 10);
        Assert.That(root.Receipt("reg.csv").Text("receivedAt"), Is.EqualTo("2026-01-19T10:00:00+01:00"), "arrival is the last change that we saw");
    }

    [Test]
    public async Task A_csv_whose_last_line_has_no_line_end_waits_for_30_seconds()
    {
        using var root = await TestRoot.StartAsync(TestRoot.Quiet);
        root.Drop("UMU", "reg.csv", Rvf.Csv(Rvf.Row()).TrimEnd());

        await IsTakenAfterAsync(root, "reg.csv", 30);
    }

    [Test]
    public async Task A_fixed_width_file_with_its_trailer_is_taken_after_2_seconds()
    {
        using var root = await TestRoot.StartAsync(TestRoot.Quiet);
        root.Drop("UMU", "reg.txt", Rvf.File(1, Rvf.Reg()));

        await IsTakenAfterAsync(root, "reg.txt", 2);
        Assert.That(root.Receipt("reg.txt").Text("status"), Is.EqualTo("accepted"));
    }

    [Test]
    public async Task A_trailer_without_a_line_end_is_a_trailer()
    {
        using var root = await TestRoot.StartAsync(TestRoot.Quiet);
        root.Drop("UMU", "reg.txt", Rvf.File(1, Rvf.Reg()).TrimEnd());

        await IsTakenAfterAsync(root, "reg.txt", 2);
    }

    [TestCase("utf-16")]
    [TestCase("utf-16BE")]
    public async Task A_trailer_in_utf16_is_a_trailer(string encoding)
    {
        using var root = await TestRoot.StartAsync(TestRoot.Quiet);
        var utf16 = System.Text.Encoding.GetEncoding(encoding);
        root.Drop("UMU", "reg.txt", [.. utf16.GetPreamble(), .. utf16.GetBytes(Rvf.File(1, Rvf.Reg()))]);

        await IsTakenAfterAsync(root, "reg.txt", 2);
        Assert.That(root.Receipt("reg.txt").Text("status"), Is.EqualTo("accepted"));
    }

    [Test]
    public async Task A_fixed_width_file_without_its_trailer_is_left_for_10_minutes_and_then_refused_with_nothing_read()
    {
        using var root = await TestRoot.StartAsync(TestRoot.Quiet);
        root.Drop("UMU", "reg.txt", Rvf.Lines(Rvf.Huv(), Rvf.Reg()));

        await IsTakenAfterAsync(root, "reg.txt", 600);
        var receipt = root.Receipt("reg.txt");
        Assert.That((receipt.Text("status"), string.Join(' ', receipt.Codes()), receipt.Counts()),
            Is.EqualTo(("rejected", "F05", "read 0 accepted 0 waiting 0 duplicate 0 rejected 0")));
    }

    [Test]
    public async Task A_file_whose_trailer_comes_later_is_whole_2_seconds_after_it()
    {
        using var root = await TestRoot.StartAsync(TestRoot.Quiet);
        var path = root.Drop("UMU", "reg.txt", Rvf.Lines(Rvf.Huv(), Rvf.Reg()));
        await root.StepAsync();
        await root.AdvanceAsync(300);
        TestRoot.Files.File.AppendAllText(path, Rvf.Lines(Rvf.Slu(Rvf.Reg())));

        await IsTakenAfterAsync(root, "reg.txt", 2);
        var receipt = root.Receipt("reg.txt");
        Assert.That((receipt.Text("status"), receipt.Text("receivedAt")), Is.EqualTo(("accepted", "2026-01-19T10:05:00+01:00")));
    }

    [Test]
    public async Task A_file_that_grows_begins_its_quiet_period_again()
    {
        using var root = await TestRoot.StartAsync(TestRoot.Quiet);
        var path = root.Drop("UMU", "reg.csv", Rvf.Csv(Rvf.Row()));
        await root.StepAsync();
        await root.AdvanceAsync(9);
        TestRoot.Files.File.AppendAllText(path, Rvf.Row(Rvf.Bo) + "\r\n");

        await IsTakenAfterAsync(root, "reg.csv", 10);
        var receipt = root.Receipt("reg.csv");
        Assert.That((receipt.Counts(), receipt.Text("receivedAt")), Is.EqualTo(("read 2 accepted 2 waiting 0 duplicate 0 rejected 0", "2026-01-19T10:00:09+01:00")));
    }

    [Test]
    public async Task A_file_that_is_written_again_in_the_same_size_begins_its_quiet_period_again()
    {
        using var root = await TestRoot.StartAsync(TestRoot.Quiet);
        var path = root.Drop("UMU", "reg.csv", Rvf.Csv(Rvf.Row()));
        await root.StepAsync();
        await root.AdvanceAsync(9);
        TestRoot.Files.File.SetLastWriteTimeUtc(path, new DateTime(2026, 1, 19, 9, 0, 9, DateTimeKind.Utc));

        await IsTakenAfterAsync(root, "reg.csv", 10);
    }

    [TestCase("1999-12-31T23:59:59Z")]
    [TestCase("2031-01-01T00:00:00Z")]
    public async Task The_time_that_the_file_itself_states_means_nothing(string written)
    {
        using var root = await TestRoot.StartAsync(TestRoot.Quiet);
        var path = root.Drop("UMU", "reg.csv", Rvf.Csv(Rvf.Row()));
        TestRoot.Files.File.SetLastWriteTimeUtc(path, DateTimeOffset.Parse(written, System.Globalization.CultureInfo.InvariantCulture).UtcDateTime);

        await IsTakenAfterAsync(root, "reg.csv", 10);
        var receipt = root.Receipt("reg.csv");
        Assert.That((receipt.Text("receivedAt"), receipt.Text("window", "date")), Is.EqualTo(("2026-01-19T10:00:00+01:00", "2026-01-19")));
    }

    [Test]
    public async Task A_file_that_vanishes_before_it_is_taken_leaves_no_trace()
    {
        using var root = await TestRoot.StartAsync(TestRoot.Quiet);
        var path = root.Drop("UMU", "borta.csv", Rvf.Csv(Rvf.Row()));
        await root.StepAsync();
        TestRoot.Files.File.Delete(path);
        root.Drop("UMU", "kvar.txt", Rvf.File(1, Rvf.Reg()));

        await IsTakenAfterAsync(root, "kvar.txt", 2);
        Assert.That(root.Receipt("kvar.txt").Text("fileId"), Is.EqualTo("20260119-000001"));
        await root.AdvanceAsync(20);
        Assert.That(root.Alarms, Is.Empty);
        Assert.That(root.Out(), Has.None.StartsWith("borta"));
    }

    [Test]
    public async Task A_file_of_the_same_name_that_comes_after_one_vanished_is_a_new_file()
    {
        using var root = await TestRoot.StartAsync(TestRoot.Quiet);
        var path = root.Drop("UMU", "reg.csv", Rvf.Csv(Rvf.Row()));
        await root.StepAsync();
        TestRoot.Files.File.Delete(path);
        await root.AdvanceAsync(9);
        root.Drop("UMU", "reg.csv", Rvf.Csv(Rvf.Row()));

        await IsTakenAfterAsync(root, "reg.csv", 10);
    }

    [Test]
    public async Task A_quiet_period_that_was_asked_for_is_kept()
    {
        using var root = await TestRoot.StartAsync(s => s.Pickup.QuietPeriodCsv = TimeSpan.FromMinutes(1));
        root.Drop("UMU", "reg.csv", Rvf.Csv(Rvf.Row()));

        await IsTakenAfterAsync(root, "reg.csv", 60);
    }

    /// <summary>Sees the file now; not taken the instant before, taken then.</summary>
    private static async Task IsTakenAfterAsync(TestRoot root, string name, double seconds)
    {
        await root.StepAsync();
        await root.AdvanceAsync(seconds - Instant);
        Assert.That(root.Out(), Has.None.StartsWith(name), $"taken before {seconds} s");
        Assert.That(root.Names("in", "UMU"), Does.Contain(name));
        await root.AdvanceAsync(Instant);
        Assert.That(root.Out(), Has.Some.StartsWith(name), $"not taken at {seconds} s");
        Assert.That(root.Names("in", "UMU"), Has.None.EqualTo(name));
    }
}
