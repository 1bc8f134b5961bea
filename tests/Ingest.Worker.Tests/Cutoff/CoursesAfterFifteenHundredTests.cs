using Ingest.Worker.Tests.Support;

namespace Ingest.Worker.Tests.Cutoff;

/// <summary>A file that comes after 15:00 and is worked before the window has closed.</summary>
public sealed class CoursesAfterFifteenHundredTests
{
    // The registration waits for its offering (R01) and is refused at 15:00. The same registration, sent again after 15:00 together with
    // the offering, is no repeat of what was refused: it counts in the next window.
    [Test]
    public async Task A_course_that_comes_after_15_00_saves_nothing_of_the_window_before_but_what_is_sent_again_with_it_counts()
    {
        using var root = await TestRoot.StartAsync();
        await root.TakeAsync("KTH", "a.txt", Rvf.WithHeader(Rvf.Huv(1, "KTH"), Rvf.Reg()));
        await root.StepAsync(TestRoot.Winter("2026-01-19T14:59:59"));
        root.Clock.Set(TestRoot.Winter("2026-01-19T15:00:01"));

        var again = await root.TakeAsync("KTH", "b.txt", Rvf.WithHeader(Rvf.Huv(2, "KTH"), Rvf.Ktf(), Rvf.Reg()));
        await root.CloseAsync("2026-01-19");
        await root.CloseAsync("2026-01-20");

        using (Assert.EnterMultipleScope())
        {
            Assert.That(again.Counts(), Is.EqualTo("read 2 accepted 2 waiting 0 duplicate 0 rejected 0"));
            Assert.That(root.Json("ut", "KTH", "2026-01-19.TEST.kl15.json").GetProperty("counts").Int("refused"), Is.EqualTo(1));
            Assert.That(root.Json("ut", "KTH", "2026-01-20.TEST.kl15.json").GetProperty("counts").Int("delivered"), Is.EqualTo(1));
        }
    }

    // Anna's record counts, for what 15:00 refuses never came; so the id is hers, and Bo's record with it is the one that is refused.
    [Test]
    public async Task Whose_an_id_of_two_students_is_is_said_by_the_courses_of_each_window_too()
    {
        using var root = await TestRoot.StartAsync();
        await root.TakeAsync("KTH", "a.txt", Rvf.WithHeader(Rvf.Huv(1, "KTH"), Rvf.Reg()));
        await root.StepAsync(TestRoot.Winter("2026-01-19T14:59:59"));
        root.Clock.Set(TestRoot.Winter("2026-01-19T15:00:01"));

        var receipt = await root.TakeAsync("KTH", "b.txt", Rvf.WithHeader(Rvf.Huv(2, "KTH"), Rvf.Ktf(), Rvf.Reg(date: "20260113", id: "x-1"), Rvf.Reg(Rvf.Bo, id: "x-1")));

        Assert.That(receipt.GetProperty("findings").EnumerateArray().Select(f => $"{f.Text("code")} {f.Int("line")}"), Is.EqualTo(["R07 4"]));
    }
}
