using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using CsvHelper;
using Dapper;
using Ingest.Worker.Tests.Support;

namespace Ingest.Worker.Tests.Pipeline;

/// <summary>
/// Markup, script, SQL and spreadsheet formulas in every field of every kind of record, in its name and its header, from the drop to the 15:00
/// receipts: nothing of it is anything but text anywhere.
/// </summary>
public partial class HostileFieldsTests
{
    private static readonly string[] Payloads =
        ["<script>alert(1)</script>", "<img/src=x/onerror=alert(1)>", "\"onload=\"alert(1)", "=1+1", "+1+1", "-1+1", "@SUM(A1)", "');DROP/**/TABLE/**/file;--", "'OR'1'='1"];

    private static readonly string[] Kinds = ["REG", "AVB", "RES", "KTF", "MOD"];

    private const string Name = "<img src=x onerror=alert(1)>=1+1\u202E;'--";

    [Test]
    public async Task In_a_fixed_width_file_it_is_rejected_or_kept_as_text()
    {
        using var root = await StartAsync();
        var lines = new List<string> { Rvf.Ktf() };
        foreach (var kind in Kinds)
            foreach (var (name, start, width) in RvfCsv.Fields(kind))
                for (var i = 0; i < Payloads.Length; i++)
                    lines.Add(Put(Sound(kind, lines.Count), start, width, Payload(i, name, kind)));

        var receipt = await root.TakeAsync("KTH", Name + ".txt", Rvf.WithHeader(Rvf.Huv(1, "KTH", "<b>=1+1</b>"), [.. lines]));

        HoldsReceipt(receipt, lines.Count, Kinds);
        await HoldsAllAsync(root);
    }

    [Test]
    public async Task In_a_CSV_it_is_rejected_or_kept_as_text()
    {
        using var root = await StartAsync();
        await root.TakeAsync("KTH", "kurs.csv", RvfCsv.File(Rvf.Ktf()));
        foreach (var kind in Kinds)
        {
            // The column's own name too: it is told that it is not known.
            var rows = new List<string> { RvfCsv.Header(kind) + ";<script>alert(2)</script>;=2+2" };
            foreach (var (name, column) in RvfCsv.Fields(kind).Select((f, i) => (f.Name, i)))
            {
                for (var i = 0; i < Payloads.Length; i++)
                {
                    var cells = RvfCsv.Row(Sound(kind, rows.Count + 1000 * Array.IndexOf(Kinds, kind))).Split(';');
                    cells[column] = "\"" + Payload(i, name, kind).Replace("\"", "\"\"", StringComparison.Ordinal) + "\"";
                    rows.Add(string.Join(';', cells) + ";<b>;=3+3");
                }
            }

            var receipt = await root.TakeAsync("KTH", $"{Name}{kind}.csv", Rvf.Lines([.. rows]));

            HoldsReceipt(receipt, rows.Count - 1, [kind]);
            Assert.That(receipt.Finding("F19").Text("message"), Does.Contain("<script>alert(2)</script>"), "as text, in JSON");
        }
        await HoldsAllAsync(root);
    }

    private static Task<TestRoot> StartAsync() => TestRoot.StartAsync(s => s.Rules.MaxRejectedShare = 1);

    /// <summary>Each of a student of its own, so that none is another's repeat.</summary>
    private static string Sound(string kind, int n) => kind switch
    {
        "REG" => Rvf.Reg(Rvf.Student(n)),
        "AVB" => Rvf.Avb(Rvf.Student(n)),
        "RES" => Rvf.Res(Rvf.Student(n)),
        "KTF" => Rvf.Ktf(course: $"K{n:D4}"),
        _ => Rvf.Mod(course: $"K{n:D4}"),
    };

    /// <summary>An id is one record's alone.</summary>
    private static string Payload(int i, string field, string kind) => field == "händelse-id" ? Payloads[i] + Array.IndexOf(Kinds, kind) : Payloads[i];

    private static string Put(string line, int start, int width, string text) => line[..(start - 1)] + text[..Math.Min(width, text.Length)].PadRight(width) + line[(start - 1 + width)..];

    /// <summary>A händelse-id may be any printable characters, a benämning any text; in every other field it is a fault.</summary>
    private static void HoldsReceipt(JsonElement receipt, int read, string[] kinds)
    {
        var rejected = kinds.Sum(kind => RvfCsv.Fields(kind).Count() - 1) * Payloads.Length;
        Assert.That((receipt.GetProperty("counts").Int("read"), receipt.GetProperty("counts").Int("rejected")), Is.EqualTo((read, rejected)));
        var codes = receipt.GetProperty("findings").EnumerateArray().Where(f => f.Text("severity") == "E").Select(f => f.Text("code")).Distinct().Order();
        Assert.That(codes, Is.SubsetOf(Just.These("P04", "P05", "P06")).And.Not.Empty);
        Assert.That(receipt.Text("file", "name"), Does.StartWith(Name));
    }

    private static async Task HoldsAllAsync(TestRoot root)
    {
        await root.StepAsync(TestRoot.Winter("2026-01-19T14:30:00"));
        await root.CloseAsync("2026-01-19");
        Assert.That(root.Alarms.Select(a => a.Kind), Has.None.EqualTo("fileStuck").And.None.EqualTo("kl15").And.None.EqualTo("forhand"));

        var written = root.Out("KTH").Where(n => !n.Contains(".omsandning.", StringComparison.Ordinal)).ToList();
        foreach (var what in Just.These("accepterade.csv", "avvisade.csv", "rapport.html", "kvittens.json", "forhand.csv", "forhand.html", "forhand.json", "kl15.csv", "kl15.html", "kl15.json"))
            Assert.That(written, Has.Some.EndsWith("." + what));
        foreach (var name in written)
        {
            var text = root.Text("ut", "KTH", name);
            Assert.That(text, Does.Not.Contain("Exception").And.Not.Contain("   at "), name);
            if (name.EndsWith(".html", StringComparison.Ordinal)) HoldsPage(text, name);
            else if (name.EndsWith(".json", StringComparison.Ordinal)) JsonDocument.Parse(text).Dispose();
            else HoldsTable(text, name);
        }
        // Kept as text, and inert only where a spreadsheet would run it.
        Assert.That(written.Where(n => n.EndsWith("kl15.csv", StringComparison.Ordinal)).Select(n => root.Text("ut", "KTH", n)), Has.All.Contains("'=1+10"));
        var json = root.Json("ut", "KTH", written.Single(n => n.EndsWith("kl15.json", StringComparison.Ordinal))).GetProperty("records").EnumerateArray().Select(r => r.Text("eventId")).ToList();
        Assert.That(Payloads.Select(p => p + "0"), Is.SubsetOf(json));

        // What programs read stands as it was sent.
        var standing = await Cli.RunAsync("standing", "--school", "KTH", "--root", root.Folder);
        var delivered = Cells(root.Text("delivery", "2026-01-19", root.Names("delivery", "2026-01-19").Single(n => n.StartsWith("KTH.", StringComparison.Ordinal))));
        Assert.That(Payloads.Select(p => p + "0"), Is.SubsetOf(delivered).And.SubsetOf(Cells(standing.Out)));

        if (!TestLedger.IsPostgres)
        {
            using var connection = root.App.Ledger.Open();
            Assert.That(connection.QuerySingle<string>("PRAGMA integrity_check"), Is.EqualTo("ok"));
        }
        var verify = await Cli.RunAsync("verify", "--root", root.Folder);
        Assert.That(verify.Exit, Is.Zero, verify.Out + verify.Error);
    }

    private static void HoldsPage(string page, string name)
    {
        var tags = Tag().Matches(page).Select(m => m.Groups[1].Value).Distinct();
        Assert.That(tags, Is.SubsetOf(Just.These("!DOCTYPE", "html", "head", "meta", "title", "style", "body", "main", "div", "h1", "h2", "h3", "p", "dl", "dt", "dd", "table", "thead", "tbody", "tr", "th", "td", "footer")), name);
        Assert.That(Handler().Matches(page).Select(m => m.Value), Is.Empty, name);
        Assert.That(page.Contains('\u202E', StringComparison.Ordinal), Is.False, name);
    }

    private static void HoldsTable(string table, string name)
    {
        foreach (var cell in Cells(table))
            Assert.That(cell.Length > 0 && "=+-@\t\r".Contains(cell[0], StringComparison.Ordinal), Is.False, $"{name}: {cell}");
    }

    private static List<string> Cells(string table)
    {
        var cells = new List<string>();
        using var csv = CsvReader.FromText(table, new CsvReaderOptions { Separator = ';', HasHeader = false });
        while (csv.Read())
            for (var i = 0; i < csv.FieldCount; i++) cells.Add(csv.GetString(i));
        return cells;
    }

    [GeneratedRegex("<\\s*/?\\s*([A-Za-z!][A-Za-z0-9]*)")]
    private static partial Regex Tag();

    [GeneratedRegex("<[^>]*\\son[a-z]+\\s*=[^>]*>")]
    private static partial Regex Handler();
}
