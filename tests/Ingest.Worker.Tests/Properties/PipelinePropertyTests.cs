using System.Globalization;
using System.Text;
using System.Text.Json;
using Ingest.Formats;
using Ingest.Tests;
using Ingest.Worker.Tests.Support;

namespace Ingest.Worker.Tests.Properties;

/// <summary>
/// What holds of the whole, from dropped files to delivery, whatever was sent. The same records go to two schools: to one in one file
/// as they were sent, to the other cut into files of either shape and in another order that keeps the promise.
/// </summary>
public sealed class PipelinePropertyTests
{
    private const int Cases = 25;

    private const string First = "2026-11-24", Second = "2026-11-25";

    [Test]
    public void Any_split_into_files_and_any_order_of_them_delivers_the_same() => Property.Holds(RandomRecords.OfSeveral, Cases, c => Holds(c).GetAwaiter().GetResult(), c =>
        string.Join('\n', Windows(c).SelectMany(w => (string[])[$"== {w.Date}", .. w.AsSent.Select(f => f.Print()), "== or", .. w.Otherwise.Select(f => f.Print())])));

    [Test]
    public void Every_file_sent_twice_changes_nothing() => Property.Holds(RandomRecords.OfSeveral, Cases, c => Twice(c).GetAwaiter().GetResult(), c =>
        string.Join('\n', Windows(c).SelectMany(w => (string[])[$"== {w.Date}, every file twice", .. w.Otherwise.Select(f => f.Print())])));

    private static async Task Holds(Case c)
    {
        var (one, other) = Schools(c);
        using var root = await StartAsync();
        foreach (var (date, asSent, otherwise) in Windows(c))
        {
            await DropAsync(root, one, asSent);
            await DropAsync(root, other, otherwise);
            await root.CloseAsync(date);

            var (came, cameOtherwise) = (Outcomes(root, one, date, asSent), Outcomes(root, other, date, otherwise));
            foreach (var (sent, outcome) in came)
                if (cameOtherwise[sent] != outcome) Assert.Fail($"{date}: '{outcome}' and, in the other order, '{cameOtherwise[sent]}' of {sent}");
            Assert.That(Rows(root, other, date), Is.EqualTo(Rows(root, one, date)), "the delivery of " + date);
            HoldsCounts(root, date, [.. asSent.Select(f => (one, f)), .. otherwise.Select(f => (other, f))]);
        }
    }

    /// <summary>Without ids, or with one of its own for each record; what was rejected is not sent again, for nothing was reported by it.</summary>
    private static async Task Twice(Case c)
    {
        var withIds = c.Now[0].Place % 2 == 0;
        var n = 0;
        List<Sent> Renamed(IReadOnlyList<Sent> sent) => [.. sent.Select(s => s with { Record = s.Record with { EventId = withIds && s.Record is StudentRecord ? $"u{n++}" : null } })];
        c = c with { Before = Renamed(c.Before), Now = Renamed(c.Now) };
        var (one, other) = Schools(c);
        using var root = await StartAsync();
        foreach (var (date, _, otherwise) in Windows(c))
        {
            var number = date == First ? 2 : 4;
            await DropAsync(root, one, otherwise);
            var rejected = Statuses(root, one, otherwise).Where(s => s.Value == "rejected").Select(s => s.Key).ToHashSet<Sent>(ReferenceEqualityComparer.Instance);
            var first = Cut([.. otherwise.SelectMany(f => f.Sent).Where(s => !rejected.Contains(s))], number);
            var again = Cut([.. first.SelectMany(f => f.Sent)], number + 1);
            await DropAsync(root, other, first);
            await DropAsync(root, other, again);
            await root.CloseAsync(date);

            Assert.That(Rows(root, other, date), Is.EqualTo(Rows(root, one, date)), "the delivery of " + date);
            if (!withIds) continue;
            var (came, cameAgain) = (Outcomes(root, one, date, otherwise), Outcomes(root, other, date, first));
            foreach (var (sent, outcome) in cameAgain) Assert.That(outcome, Is.EqualTo(came[sent]), sent.ToString());
            foreach (var (sent, status) in Statuses(root, other, again).Where(s => s.Key.Record is StudentRecord)) Assert.That(status, Is.EqualTo("duplicate"), sent.ToString());
        }
    }

    // --- The files of a case.

    private sealed record Dropped(string Name, bool Csv, int Sequence, IReadOnlyList<Sent> Sent)
    {
        public string Text(string school) => Csv
            ? Rvf.Lines([CsvLines.Header(Sent[0].Record.Kind), .. Sent.Select(s => CsvLines.Record(s.Record))])
            : Rvf.WithHeader(Rvf.Huv(Sequence, school), [.. Sent.Select(s => FixedWidthWriter.Record(s.Record).PadRight(120))]);

        public string Print() => $"-- {Name}\n{Text("KTH").Replace("\r\n", "\n", StringComparison.Ordinal)}";
    }

    private sealed record Sending(string Date, List<Dropped> AsSent, List<Dropped> Otherwise);

    private static IEnumerable<Sending> Windows(Case c)
    {
        foreach (var (date, sent, prefix) in new[] { (First, c.Before, 0), (Second, c.Now, 1) })
        {
            // A school without the service may not send the catalogue's records.
            var may = c.Courses ? sent : [.. sent.Where(s => s.Record is StudentRecord)];
            yield return new Sending(date, Whole(may, prefix), Cut(Case.Reordered(may), prefix));
        }
    }

    private static List<Dropped> Whole(IReadOnlyList<Sent> sent, int prefix) => sent.Count == 0 ? [] : [new Dropped($"{prefix}-00.txt", false, Number(prefix, 0), sent)];

    private static List<Dropped> Cut(IReadOnlyList<Sent> sent, int prefix)
    {
        var files = new List<Dropped>();
        foreach (var s in sent)
        {
            var last = files.Count > 0 ? files[^1] : null;
            if (last is null || s.NewFile || (last.Csv && s.Record.Kind != last.Sent[0].Record.Kind))
                files.Add(new Dropped($"{prefix}-{files.Count:00}.{(s.Csv ? "csv" : "txt")}", s.Csv, Number(prefix, files.Count), [s]));
            else files[^1] = last with { Sent = [.. last.Sent, s] };
        }
        return files;
    }

    // The löpnummer fall, for a lower one that was never used is taken.
    private static int Number(int prefix, int file) => 1000 * (prefix + 1) - file;

    // --- What came of them.

    private static (string One, string Other) Schools(Case c) => c.Courses ? ("KTH", "LU") : ("UMU", "HAN");

    private static async Task<TestRoot> StartAsync()
    {
        var root = await TestRoot.StartAsync(s => s.Rules.MaxRejectedShare = 1, TestRoot.Winter("2026-11-24T10:00:00"));
        TestRoot.Files.File.WriteAllText(root.At("schools.json"), TestRoot.Register(TestRoot.School("HAN", "\"StudentReporting\"")));
        await root.AdvanceAsync(1);
        return root;
    }

    private static async Task DropAsync(TestRoot root, string school, IEnumerable<Dropped> files)
    {
        foreach (var file in files)
        {
            root.Drop(school, file.Name, Encoding.UTF8.GetBytes(file.Text(school)));
            await root.AdvanceAsync(1);
        }
    }

    /// <summary>The outcome at intake of each record.</summary>
    private static Dictionary<Sent, string> Statuses(TestRoot root, string school, IEnumerable<Dropped> files)
    {
        var all = new Dictionary<Sent, string>(ReferenceEqualityComparer.Instance);
        foreach (var file in files)
        {
            var receipt = root.Out(school).Single(n => n.StartsWith(file.Name + ".2", StringComparison.Ordinal) && n.EndsWith("accepterade.csv", StringComparison.Ordinal));
            var statuses = root.Text("ut", school, receipt).Split("\r\n").Skip(1).Where(l => l.Length > 0).Select(l => l.Split(';')).ToDictionary(l => l[0], l => l[3]);
            for (var i = 0; i < file.Sent.Count; i++) all.Add(file.Sent[i], statuses.GetValueOrDefault((i + 2).ToString(CultureInfo.InvariantCulture), "rejected"));
        }
        return all;
    }

    /// <summary>What finally became of each record, with the codes; what intake says only of what had come so far, such as what a record waits for, is not told.</summary>
    private static Dictionary<Sent, string> Outcomes(TestRoot root, string school, string date, IReadOnlyList<Dropped> files)
    {
        var all = new Dictionary<Sent, string>(ReferenceEqualityComparer.Instance);
        if (files.Count == 0) return all;
        var finals = root.Json("ut", school, $"{date}.TEST.kl15.json").GetProperty("records").EnumerateArray()
            .ToDictionary(r => (r.Text("fileId"), r.GetProperty("line").GetInt32()), r => r.Text("outcome") + " " + Codes(r.GetProperty("codes").EnumerateArray()));
        var statuses = Statuses(root, school, files);
        foreach (var file in files)
        {
            var receipt = root.Receipt(file.Name, school);
            var findings = receipt.GetProperty("findings").EnumerateArray().Where(f => (f.Text("severity") == "E" || f.Text("code") is "R06" or "R41") && f.GetProperty("line").ValueKind == JsonValueKind.Number)
                .ToLookup(f => f.GetProperty("line").GetInt32(), f => f.GetProperty("code"));
            for (var i = 0; i < file.Sent.Count; i++)
            {
                var status = statuses[file.Sent[i]] is "waiting" or "acceptedWithWarning" ? "accepted" : statuses[file.Sent[i]];
                all.Add(file.Sent[i], $"{status} {Codes(findings[i + 2])} -> {finals.GetValueOrDefault((receipt.Text("fileId"), i + 2), "nothing")}");
            }
        }
        return all;
    }

    private static string Codes(IEnumerable<JsonElement> codes) => string.Join(' ', codes.Select(c => c.GetString()).Order(StringComparer.Ordinal));

    /// <summary>The rows handed on, without where they came from.</summary>
    private static List<string> Rows(TestRoot root, string school, string date) => !TestRoot.Files.File.Exists(root.At("delivery", date, school + ".csv")) ? []
        : [.. root.Text("delivery", date, school + ".csv").Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(1).Select(l => string.Join(';', l.Split(';').SkipLast(2)))];

    /// <summary>Conservation: behaviour.md, the invariant. That each receipt's counts add up is held where it is read.</summary>
    private static void HoldsCounts(TestRoot root, string date, List<(string School, Dropped File)> files)
    {
        var counts = files.ConvertAll(f => root.Receipt(f.File.Name, f.School).GetProperty("counts"));
        int Sum(string name) => counts.Sum(c => c.GetProperty(name).GetInt32());
        Assert.That(Sum("read"), Is.EqualTo(files.Sum(f => f.File.Sent.Count)), "read");
        var totals = root.Json("delivery", date, "manifest.TEST.json").GetProperty("totals");
        int Total(string name) => totals.GetProperty(name).GetInt32();
        Assert.That((Total("accepted"), Total("waiting")), Is.EqualTo((Sum("accepted"), Sum("waiting"))), "accepted and waiting");
        Assert.That(Total("accepted") + Total("waiting"), Is.EqualTo(Total("delivered") + Total("netted") + Total("refused") + Total("catalogue")), "outcomes at the close");
    }
}
