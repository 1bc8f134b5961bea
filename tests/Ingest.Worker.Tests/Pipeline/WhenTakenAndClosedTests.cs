using Ingest.Worker.Tests.Support;

namespace Ingest.Worker.Tests.Pipeline;

/// <summary>When a file is taken and a window closes, where it was once late.</summary>
public class WhenTakenAndClosedTests
{
    [TestCase("MODULKOD;KURSKOD;PERSONNUMMER;HP;BETYG;EXAMINATIONSDATUM", "M1;TMA101;" + Rvf.Anna + ";7,5;G;2026-01-10")]
    [TestCase("MODUL;PNR;KURS;HP;BETYG;DATUM", "M1;" + Rvf.Anna + ";TMA101;7,5;G;2026-01-10")]
    [TestCase("RESULTATRAD;PERSONNUMMER;KURSKOD;HP;BETYG;EXAMINATIONSDATUM", "1;" + Rvf.Anna + ";TMA101;7,5;G;2026-01-10")]
    [TestCase("RES\tPNR\tKURS\tHP\tBETYG\tDATUM", "1\t" + Rvf.Anna + "\tTMA101\t7,5\tG\t2026-01-10")]
    public async Task A_csv_whose_header_begins_like_a_record_type_waits_the_quiet_period_of_csv(string header, string row)
    {
        using var root = await TestRoot.StartAsync(TestRoot.Quiet);
        root.Drop("UMU", "r.csv", Rvf.Lines(header, row));
        await root.StepAsync();
        await root.AdvanceAsync(9.999);
        Assert.That(root.Out(), Is.Empty);

        await root.AdvanceAsync(0.001);

        Assert.That(root.Receipt("r.csv").Counts(), Is.EqualTo("read 1 accepted 0 waiting 1 duplicate 0 rejected 0"));
    }

    [TestCase(-1)]
    [TestCase(-60_000)]
    public async Task A_bell_that_rings_early_keeps_no_window_from_closing(int milliseconds)
    {
        using var root = await TestRoot.StartAsync();
        await root.TakeAsync("UMU", "a.csv", Rvf.Csv(Rvf.Row()));
        var three = TestRoot.Winter("2026-01-19T15:00:00");
        root.App.Bell.Ring();
        await root.StepAsync(three.AddMilliseconds(milliseconds));
        Assert.That(root.Names("delivery"), Is.Empty);

        // No bell any more this day.
        await root.StepAsync(three);

        Assert.That(WindowTests.Totals(root, "2026-01-19"), Is.EqualTo("accepted 1 waiting 0 delivered 1 netted 0 refused 0 catalogue 0"));
    }

    [Test]
    public async Task A_clock_that_is_set_back_between_bell_and_look_keeps_no_window_from_closing()
    {
        using var root = await TestRoot.StartAsync();
        var three = TestRoot.Winter("2026-01-19T15:00:00");
        await root.StepAsync(three.AddSeconds(-10));
        root.App.Bell.Ring();
        await root.StepAsync(three.AddSeconds(-20));
        await root.StepAsync(three.AddHours(1));

        Assert.That(root.Names("delivery"), Is.EqualTo(Just.These("2026-01-19")));
    }
}
