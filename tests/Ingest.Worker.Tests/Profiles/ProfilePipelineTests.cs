using System.Text;
using System.Text.Json;
using Dapper;
using Ingest.Worker.Settings;
using Ingest.Worker.Tests.Support;
using Json.Schema;

namespace Ingest.Worker.Tests.Profiles;

/// <summary>Files of another system's layout through the whole service: KTH has the profile campus, UMU linje, LU none.</summary>
public class ProfilePipelineTests
{
    private static readonly string[] Students = ["200111039806", "199601012397", "198802292394"];

    [Test]
    public async Task What_comes_by_a_profile_is_judged_closed_and_delivered_as_its_RVF1_twin()
    {
        using var root = await StartAsync();
        foreach (var file in Just.These("offerings", "parts", "registrations", "interruptions", "results"))
        {
            Drop(root, "KTH", "campus", $"{file}.csv");
            Drop(root, "LU", "campus", $"rvf1/{file}.csv");
            await root.StepAsync();
            var (theirs, ours) = (root.Receipt($"{file}.csv", "KTH"), root.Receipt($"{file}.csv", "LU"));
            Assert.That(theirs.Counts(), Is.EqualTo(ours.Counts()), file);
            Assert.That(theirs.Codes(), Is.EqualTo(ours.Codes()), file);
            Assert.That((theirs.Text("file", "format"), ours.Text("file", "format")), Is.EqualTo(("profil campus CSV (,)", "RVF1 CSV (;)")));
            KeepsToTheSchema(root, "KTH", $"{file}.csv");
        }
        await root.CloseAsync("2026-01-19");

        var delivered = Rows(root, "KTH");
        Assert.That(delivered, Has.Count.GreaterThan(5));
        Assert.That(delivered, Is.EqualTo(Rows(root, "LU")), "all but the file's id, which is each file's own");
    }

    [Test]
    public async Task The_omsandning_of_a_CSV_is_the_rejected_rows_byte_for_byte_under_the_systems_own_header()
    {
        using var root = await StartAsync();
        var lines = Text("campus", "registrations.csv").Split("\r\n");
        lines[2] = lines[2].Replace(",First,", ",Förstagång,");
        lines[4] = lines[4].Replace("2026-03-29", "2026-03-32");

        var receipt = await root.TakeAsync("KTH", "reg.csv", string.Join("\r\n", lines));

        var type = receipt.Finding("P06");
        Assert.That((type.Text("line"), type.Text("field"), type.Text("value")), Is.EqualTo(("3", "Registration type", "Förstagång")));
        var resend = root.Out("KTH").Single(n => n.Contains("omsandning"));
        Assert.That(root.Text("ut", "KTH", resend), Is.EqualTo(string.Concat(new[] { lines[0], lines[2], lines[4] }.Select(l => l + "\r\n"))));

        var mended = await root.TakeAsync("KTH", "om.csv", root.Text("ut", "KTH", resend).Replace("Förstagång", "First").Replace("2026-03-32", "2026-03-29"));
        Assert.That(mended.Text("counts", "rejected"), Is.EqualTo("0"));
    }

    [Test]
    public async Task The_omsandning_of_a_fixed_width_file_has_the_systems_own_header_line_and_no_HUV_or_SLU()
    {
        using var root = await StartAsync();
        // Latin-1, with å in a course code that is rejected for its date.
        var lines = Linje("SÅK101    V26A1     " + Students[0] + "10075050190120262903202634012026", "TMA101    V26A1     " + Students[1] + "10075100190120262202202612012026");
        root.Drop("UMU", "t.txt", Encoding.Latin1.GetBytes(string.Concat(lines.Select(l => l + "\r\n"))));
        await root.StepAsync();

        var receipt = root.Receipt("t.txt");
        Assert.That((receipt.Text("status"), receipt.Counts()), Is.EqualTo(("partiallyAccepted", "read 2 accepted 0 waiting 1 duplicate 0 rejected 1")), "no catalogue was reported");
        var fault = receipt.Finding("P04");
        Assert.That((fault.Text("line"), fault.Text("column"), fault.Text("length"), fault.Text("value")), Is.EqualTo(("2", "59", "8", "34012026")));
        var resend = root.Out().Single(n => n.Contains("omsandning"));
        Assert.That(root.Bytes("ut", "UMU", resend), Is.EqualTo(Encoding.Latin1.GetBytes(lines[0] + "\r\n" + lines[1] + "\r\n")));

        root.Drop("UMU", "om.txt", Encoding.Latin1.GetBytes(Encoding.Latin1.GetString(root.Bytes("ut", "UMU", resend)).Replace("34012026", "14012026")));
        await root.StepAsync();
        Assert.That(root.Receipt("om.txt").Counts(), Is.EqualTo("read 1 accepted 0 waiting 1 duplicate 0 rejected 0"));
    }

    [Test]
    public async Task The_omsandning_of_lines_that_no_known_tag_begins_gives_the_same_refusals()
    {
        using var root = await StartAsync();
        // The file has no header line of the system's, which would be one of known tag.
        var lines = Linje("TMA101    V26A1     " + Students[1] + "10075100190120262202202612012026", "");
        var unknown = Enumerable.Range(0, 3).Select(i => $"7{i}TMA101\r\n").ToList();
        var receipt = await root.TakeAsync("UMU", "t.txt", lines[1] + "\r\n" + string.Concat(unknown));
        Assert.That((receipt.Text("status"), receipt.Codes().Count(c => c == "P08")), Is.EqualTo(("partiallyAccepted", 3)));

        var resend = root.Text("ut", "UMU", root.Out().Single(n => n.Contains("omsandning")));
        Assert.That(resend, Is.EqualTo(string.Concat(unknown)));
        var again = await root.TakeAsync("UMU", "om.txt", resend);

        Assert.That((again.Text("status"), again.Counts(), string.Join(' ', again.Codes())), Is.EqualTo(("rejected", "read 3 accepted 0 waiting 0 duplicate 0 rejected 3", "P08 P08 P08")));
    }

    [Test]
    public async Task What_the_close_refuses_is_resent_in_the_systems_own_layout()
    {
        using var root = await StartAsync();
        // A result without a registration waits, and is refused at 15:00 (R30).
        var line = "21TMA101    V26A1     " + Students[1] + "P1        0045GK19012026";
        root.Drop("UMU", "t.txt", "00LINJE 4\r\n" + line + "\r\n");
        root.Drop("UMU", "rvf1.txt", Rvf.File(1, Rvf.Res(Students[2])));
        await root.CloseAsync("2026-01-19");

        var resends = root.Out().Where(n => n.Contains("kl15.omsandning")).Select(n => root.Text("ut", "UMU", n)).ToList();
        Assert.That(resends, Has.Count.EqualTo(2), "one for each layout");
        Assert.That(resends, Does.Contain("00LINJE 4\r\n" + line + "\r\n"));
    }

    [Test]
    public async Task A_fixed_width_file_of_a_profile_has_no_trailer_to_wait_for_and_is_taken_once_still_as_a_CSV_is()
    {
        using var root = await StartAsync(TestRoot.Quiet);
        // Before the other: a file that waits out its quiet period holds later ones back.
        root.Drop("UMU", "rvf1.txt", Rvf.File(1, Rvf.Reg()));
        Drop(root, "UMU", "linje", "terminsfil.txt");
        await root.StepAsync();
        await root.AdvanceAsync(2);
        Assert.That(root.Out(), Has.Some.StartsWith("rvf1.txt").And.None.StartsWith("terminsfil"), "RVF1 has its trailer, whoever sends it");
        await root.AdvanceAsync(7.999);
        Assert.That(root.Out(), Has.None.StartsWith("terminsfil"));
        await root.AdvanceAsync(0.001);
        Assert.That(root.Receipt("terminsfil.txt").Counts(), Does.StartWith("read 14 "));
    }

    [TestCase("antal=14\nhp=67,50\n", new string[0])]
    [TestCase("antal=15\nhp=67,50\n", new[] { "F06" })]
    [TestCase("antal=14\nhp=67,51\n", new[] { "F07" })]
    public async Task What_a_done_file_states_is_compared(string done, string[] codes)
    {
        using var root = await StartAsync(schools: ("KTH", "linje"));
        root.Drop("KTH", "t.txt.klar", done);
        root.Drop("KTH", "t.txt", Repository.Bytes("samples", "profiles", "linje", "terminsfil.txt"));
        await root.StepAsync();
        Assert.That(root.Receipt("t.txt", "KTH").Codes().Where(c => c.StartsWith('F')), Is.EqualTo(codes));
    }

    [Test]
    public async Task A_school_with_a_profile_may_send_RVF1_all_the_same()
    {
        using var root = await StartAsync();
        Assert.That((await root.TakeAsync("UMU", "r.txt", Rvf.File(1, Rvf.Reg()))).Text("file", "format"), Is.EqualTo("RVF1 fast bredd"));
        Assert.That((await root.TakeAsync("UMU", "r.csv", Rvf.Csv(Rvf.Row(Rvf.Bo)))).Text("file", "format"), Is.EqualTo("RVF1 CSV (;)"));
    }

    [Test]
    public async Task Receipts_are_made_again_byte_for_byte_when_the_profile_is_gone()
    {
        using var root = await StartAsync();
        root.Drop("KTH", "reg.csv", Text("campus", "registrations.csv").Replace("First", "Förstagång", StringComparison.Ordinal).Replace("c-1001", "c-1001\r\nAdd,x"));
        root.Drop("UMU", "t.txt", string.Concat(Linje("SOK101    V26A1     " + Students[0] + "10075050190120262903202634012026", "TMA101    V26A1     " + Students[1] + "10075100190120262202202612012026").Select(l => l + "\r\n")));
        await root.StepAsync();
        TestRoot.Files.Directory.Delete(root.At("profiles"), recursive: true);

        foreach (var school in Just.These("KTH", "UMU"))
        {
            var receipts = root.Out(school);
            var id = receipts[0].Split('.')[2];
            var result = await Cli.RunAsync("receipts", id, "--root", root.Folder, "--out", root.At("igen", school));
            Assert.That(result.Exit, Is.EqualTo(0), result.Error);
            Assert.That(root.Names("igen", school), Is.EqualTo(receipts));
            foreach (var name in receipts) Assert.That(root.Bytes("igen", school, name), Is.EqualTo(root.Bytes("ut", school, name)), name);
        }
    }

    [Test]
    public async Task The_ledger_keeps_the_text_of_each_profile_that_a_file_was_read_by()
    {
        using var root = await StartAsync();
        var before = root.Text("profiles", "campus.json");
        Drop(root, "KTH", "campus", "offerings.csv");
        await root.StepAsync();
        Write(root, "campus", before.Replace("\"Student name\"", "\"Student name\", \"Mail\""));
        Drop(root, "KTH", "campus", "parts.csv");
        Drop(root, "LU", "campus", "rvf1/parts.csv");
        await root.StepAsync();

        using var connection = root.App.Ledger.Open();
        var kept = connection.Query<(string File, string? Profile, string? Text)>("SELECT f.name, p.name, p.text FROM file f LEFT JOIN profile p ON p.sha256 = f.profile ORDER BY f.id").ToList();
        Assert.That(kept, Is.EqualTo(new[] { ("offerings.csv", "campus", before), ("parts.csv", "campus", root.Text("profiles", "campus.json")), ("parts.csv", null, (string?)null) }));
    }

    [Test]
    public async Task A_start_with_unknown_and_faulty_profiles_is_refused_with_every_fault_named_once()
    {
        using var root = await StartAsync();
        TestRoot.Files.File.WriteAllText(root.At("schools.json"), Register(("KTH", "campus"), ("LU", "campus"), ("UMU", "saknad"), ("KAT", "../campus")));
        Write(root, "campus", Text("campus.json").Replace("\"yyyy-MM-dd\"", "\"dd\"").Replace("\"Repeat\": \"OM\"", "\"Repeat\": \"OMREG\""));

        var refused = (await Assert.ThrowsAsync<StartException>(() => root.RestartAsync(TestRoot.Morning)))!;
        var lines = refused.Message.Split('\n').Select(l => l.Trim()).ToList();
        Assert.That(lines[0], Is.EqualTo("schools.json är fel:"));
        Assert.That(lines, Has.Count.EqualTo(1 + 4));
        Assert.That(refused.Message, Does.Contain("profiles/campus.json: dates: ”dd”").And.Contain("profiles/campus.json: records[0].fields.registreringstyp.values.Repeat")
            .And.Contain("schools[0].profile: profilen ”saknad” finns inte").And.Contain("schools[3].profile: ”../campus” är inget profilnamn"));
    }

    [Test]
    public async Task An_edit_of_a_profile_is_taken_up_without_a_restart_and_a_faulty_one_keeps_the_old()
    {
        using var root = await StartAsync();
        var file = Text("campus", "registrations.csv").Replace("First", "Primero");
        Assert.That((await root.TakeAsync("KTH", "a.csv", file)).Codes(), Does.Contain("P06"));

        var right = root.Text("profiles", "campus.json").Replace("\"First\"", "\"Primero\"");
        Write(root, "campus", right);
        Assert.That((await root.TakeAsync("KTH", "b.csv", file)).Codes(), Has.None.EqualTo("P06"));

        Write(root, "campus", right.Replace("\"delimiter\": \",\"", "\"delimiter\": \",,\""));
        Assert.That((await root.TakeAsync("KTH", "c.csv", file + "\r\n")).Codes(), Has.None.EqualTo("P06"), "the old one holds");
        Assert.That(root.Alarms.Single(a => a.Kind == "register").Message, Does.Contain("profiles/campus.json: delimiter"));

        Write(root, "campus", right);
        await root.StepAsync();
        Assert.That(root.Alarms.Where(a => a.Kind == "register"), Is.Empty);
    }

    [Test]
    public async Task A_profile_that_was_missing_is_taken_up_when_it_comes()
    {
        using var root = await StartAsync(schools: ("UMU", "linje"));
        TestRoot.Files.File.WriteAllText(root.At("schools.json"), Register(("UMU", "linje"), ("KTH", "ny")));
        await root.StepAsync();
        Assert.That(root.Alarms.Single(a => a.Kind == "register").Message, Does.Contain("profiles/ny.json saknas"));

        Write(root, "ny", Text("campus.json"));
        await root.StepAsync();
        Drop(root, "KTH", "campus", "parts.csv");
        await root.StepAsync();
        Assert.That(root.Receipt("parts.csv", "KTH").Text("file", "format"), Is.EqualTo("profil ny CSV (,)"));
        Assert.That(root.Alarms, Is.Empty);
    }

    [Test]
    public async Task A_file_of_neither_layout_is_refused_and_says_so()
    {
        using var root = await StartAsync();
        var receipt = await root.TakeAsync("KTH", "brev.txt", "Hej!\r\nHär kommer filen.\r\n");
        Assert.That(receipt.Codes(), Is.EqualTo(new[] { "F02" }));
        Assert.That(receipt.Finding("F02").Text("message"), Does.Contain("profil campus"));
    }

    internal static async Task<TestRoot> StartAsync(Action<IngestSettings>? change = null, params (string School, string Profile)[] schools)
    {
        var root = await TestRoot.StartAsync(change);
        Write(root, "campus", Text("campus.json"));
        Write(root, "linje", Text("linje.json"));
        TestRoot.Files.File.WriteAllText(root.At("schools.json"), Register(schools.Length > 0 ? schools : [("KTH", "campus"), ("UMU", "linje")]));
        await root.StepAsync();
        Assert.That(root.Alarms, Is.Empty);
        return root;
    }

    private static string Register(params (string School, string Profile)[] profiles)
    {
        var text = TestRoot.Register().Replace("[\"StudentReporting\"]", "[\"StudentReporting\",\"CourseCatalogue\"]");
        foreach (var (school, profile) in profiles)
        {
            var at = text.IndexOf("\"profile\":null", text.IndexOf($"\"code\":\"{school}\"", StringComparison.Ordinal), StringComparison.Ordinal);
            text = text[..at] + $"\"profile\":\"{profile}\"" + text[(at + "\"profile\":null".Length)..];
        }
        return text;
    }

    private static string[] Linje(params string[] registrations) => ["00LINJE 4  UMU       19012026", .. registrations.Select(r => "01" + r), "99000002"];

    private static string Text(params string[] parts) => Repository.Read(["samples", "profiles", .. parts]);

    private static void Write(TestRoot root, string name, string text) => TestRoot.Files.File.WriteAllText(root.At("profiles", name + ".json"), text);

    private static void Drop(TestRoot root, string school, string profile, string file) =>
        root.Drop(school, Path.GetFileName(file), Repository.Bytes(["samples", "profiles", profile, .. file.Split('/')]));

    /// <summary>The delivery's rows without the columns fil and rad.</summary>
    private static List<string> Rows(TestRoot root, string school) =>
        [.. root.Text("delivery", "2026-01-19", root.Names("delivery", "2026-01-19").Single(n => n.StartsWith(school + ".", StringComparison.Ordinal))).Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(l => l[..l.LastIndexOf(';')]).Select(l => l[..l.LastIndexOf(';')])];

    private static void KeepsToTheSchema(TestRoot root, string school, string file)
    {
        using var receipt = JsonDocument.Parse(root.Bytes("ut", school, root.Out(school).Single(n => n.StartsWith(file + ".", StringComparison.Ordinal) && n.EndsWith("kvittens.json", StringComparison.Ordinal))));
        Assert.That(JsonSchema.FromText(Repository.Read("docs", "receipt.schema.json")).Evaluate(receipt.RootElement).IsValid, Is.True);
    }
}
