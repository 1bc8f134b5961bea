using System.Text.Json;
using Ingest.Worker.Service;
using Ingest.Worker.Settings;
using Ingest.Worker.Tests.Support;

namespace Ingest.Worker.Tests.Operation;

/// <summary><c>logs/alarms.jsonl</c>: a line an alarm, in a shape that scripts may depend on, and never too large.</summary>
public sealed class AlarmFileTests
{
    [Test]
    public async Task A_line_has_this_shape()
    {
        using var root = await TestRoot.StartAsync();
        TestRoot.Files.Directory.CreateDirectory(root.At("in", "UMU", "mapp"));
        await root.StepAsync();

        Assert.That(root.Text("logs", "alarms.jsonl"), Is.EqualTo(
            $$"""{"id":1,"raised":"2026-01-19T10:00:00+01:00","kind":"notAFile","school":"UMU","subject":"in/UMU","message":"{{root.Alarms[0].Message}}"}""" + "\n"));
    }

    [TestCase("schools.json", null)]
    [TestCase("in", null)]
    [TestCase("in/KTH", "KTH")]
    [TestCase("ut/KTH", "KTH")]
    [TestCase("in/KTH 2026-01-19", "KTH")]
    [TestCase("20260119-000001", "UMU")]
    [TestCase("UMU 20260119-000001 rad 3", "UMU")]
    [TestCase("20260119-000009", null)]
    public async Task The_school_is_the_one_that_the_subject_is_about(string subject, string? school)
    {
        using var root = await TestRoot.StartAsync();
        await root.TakeAsync("UMU", "f.csv", Rvf.Csv(Rvf.Row()));

        await root.App.Alarms.RaiseAsync("prov", subject, "Något.", CancellationToken.None);

        using var line = JsonDocument.Parse(root.Text("logs", "alarms.jsonl"));
        Assert.That(line.RootElement.GetProperty("school").GetString(), Is.EqualTo(school));
    }

    [Test]
    public async Task A_full_file_gives_way_to_a_new_one_and_the_oldest_goes()
    {
        using var root = await TestRoot.StartAsync(s => s.Alarms = new AlarmSettings { MaxBytes = 1024, MaxFiles = 3 });
        for (var i = 1; i <= 50; i++) await root.App.Alarms.RaiseAsync("prov", $"nummer {i}", new string('x', 100), CancellationToken.None);

        var files = new[] { "alarms.2.jsonl", "alarms.1.jsonl", "alarms.jsonl" };
        Assert.That(root.Names("logs").Where(n => n.StartsWith("alarms", StringComparison.Ordinal)), Is.EquivalentTo(files));
        Assert.That(files.Select(f => root.Bytes("logs", f).Length), Is.All.AtMost(1024));
        var ids = files.SelectMany(f => root.Text("logs", f).Split('\n', StringSplitOptions.RemoveEmptyEntries))
            .Select(l => JsonDocument.Parse(l).RootElement.GetProperty("id").GetInt64()).ToList();
        // A line of a two-digit number is 210 bytes, so four in a file: 41 to 44, 45 to 48, and the two that are left.
        Assert.That(ids, Is.EqualTo(Enumerable.Range(41, 10)), "the newest, each once and in order");
    }

    [Test]
    public async Task Many_at_the_same_time_each_get_their_line()
    {
        using var root = await TestRoot.StartAsync();

        await Task.WhenAll(Enumerable.Range(0, 40).Select(i => Task.Run(() => root.App.Alarms.RaiseAsync("prov", $"nummer {i}", "Något.", CancellationToken.None))));

        Assert.That(root.Text("logs", "alarms.jsonl").Split('\n', StringSplitOptions.RemoveEmptyEntries), Has.Length.EqualTo(40));
    }

    [Test]
    public async Task An_alarm_whose_line_cannot_be_written_is_raised_all_the_same()
    {
        using var root = await TestRoot.StartAsync();
        TestRoot.Files.Directory.CreateDirectory(root.At("logs", "alarms.jsonl"));

        await root.App.Alarms.RaiseAsync("prov", "ämne", "Något.", CancellationToken.None);

        Assert.That(root.Alarms.Select(a => a.Kind), Is.EqualTo(Just.These("prov")));
    }

    [Test]
    public async Task One_that_is_told_once_is_not_told_again_after_it_was_cleared_or_the_service_was_restarted()
    {
        using var root = await TestRoot.StartAsync();
        await root.App.Alarms.RaiseAsync("silence", "in/UMU 2026-01-19", "Tyst.", CancellationToken.None, once: true);
        await root.App.Alarms.ClearAsync("silence", "in/UMU 2026-01-19", CancellationToken.None);
        await root.App.Alarms.RaiseAsync("silence", "in/UMU 2026-01-19", "Tyst.", CancellationToken.None, once: true);
        await root.RestartAsync(TestRoot.Morning.AddMinutes(1));
        await root.App.Alarms.RaiseAsync("silence", "in/UMU 2026-01-19", "Tyst.", CancellationToken.None, once: true);
        Assert.That(root.Alarms, Is.Empty);

        await root.App.Alarms.RaiseAsync("silence", "in/UMU 2026-01-20", "Tyst.", CancellationToken.None, once: true);
        Assert.That(root.Alarms, Has.Count.EqualTo(1));
        Assert.That(Alarms.Cleared(root.App.Ledger, TestRoot.Morning).Select(c => (c.Kind, c.Subject, c.Cleared)), Is.EqualTo(new[] { ("silence", "in/UMU 2026-01-19", TestRoot.Morning) }));
    }
}
