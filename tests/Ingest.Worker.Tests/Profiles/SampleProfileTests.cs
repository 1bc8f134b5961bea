using System.Text;
using System.Text.Json.Nodes;
using Ingest.Formats;
using Json.Schema;

namespace Ingest.Worker.Tests.Profiles;

/// <summary>The worked examples of <c>samples/profiles</c>: what another system writes is, read through its profile, what its RVF1 twin says.</summary>
internal sealed class SampleProfileTests
{
    private static readonly DateOnly Arrival = new(2026, 1, 19);
    private static readonly JsonSchema Schema = JsonSchema.FromText(Repository.Read("docs", "profile.schema.json"));

    private static readonly string[] Names = ["campus", "linje"];

    private static readonly (string Profile, string File, int Records)[] Files =
    [
        ("campus", "offerings.csv", 3), ("campus", "parts.csv", 2), ("campus", "registrations.csv", 6), ("campus", "interruptions.csv", 2), ("campus", "results.csv", 4),
        ("linje", "terminsfil.txt", 14),
    ];

    [TestCaseSource(nameof(Files))]
    public void Each_record_is_the_one_that_its_RVF1_twin_says((string Profile, string File, int Records) sample)
    {
        var theirs = Read(sample.Profile, sample.File);
        var ours = Read(sample.Profile, "rvf1/" + sample.File);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(theirs.Records, Has.Count.EqualTo(sample.Records));
            Assert.That(theirs.Records, Is.EqualTo(ours.Records));
            Assert.That(theirs.Findings.Concat(ours.Findings), Is.Empty);
            Assert.That(theirs.Sum, Is.EqualTo(ours.Sum), "the control sum");
            Assert.That((theirs.Profile, ours.Profile), Is.EqualTo((sample.Profile, (string?)null)), "the twin is read as RVF1 under the same profile");
        }
    }

    /// <summary>Read through the profile, written as RVF1, read as that: nothing was lost on the way.</summary>
    [TestCaseSource(nameof(Files))]
    public void Each_record_comes_back_the_same_when_it_is_written_as_RVF1((string Profile, string File, int Records) sample)
    {
        var theirs = Read(sample.Profile, sample.File);
        foreach (var kind in theirs.Records.GroupBy(r => r.Kind))
        {
            var csv = CsvLines.Header(kind.Key) + "\r\n" + string.Concat(kind.Select(r => CsvLines.Record(r) + "\r\n"));
            Assert.That(Read(null, Encoding.UTF8.GetBytes(csv)).Records, Is.EqualTo(kind), "as CSV");
        }
        var written = theirs.Records.Select(FixedWidthWriter.Record).Prepend(FixedWidthWriter.Header(new FileHeader("UMU", "Prov", 1, new DateTime(2026, 1, 19, 8, 0, 0), "TEST")))
            .Append(FixedWidthWriter.Trailer(theirs.Records.Count, theirs.Sum));
        var read = Read(null, Encoding.UTF8.GetBytes(string.Join("\r\n", written)));
        Assert.That((read.Records, read.Findings.Count), Is.EqualTo((theirs.Records, 0)).Using<IReadOnlyList<ReportRecord>>((a, b) => a.SequenceEqual(b)), "in fixed width");
    }

    /// <summary>The other way round: the RVF1 twin, written in the system's own layout by a few lines that know it, is the sample byte for byte.</summary>
    [Test]
    public void The_twin_written_in_the_systems_layout_is_the_sample()
    {
        var lines = Read("linje", "rvf1/terminsfil.txt").Records.Select(AsLinje).Prepend("00LINJE 4  UMU       19012026").Append("99000014");
        Assert.That(Encoding.Latin1.GetBytes(string.Concat(lines.Select(l => l + "\r\n"))), Is.EqualTo(Repository.Bytes("samples", "profiles", "linje", "terminsfil.txt")));
    }

    [Test]
    public void The_walk_in_the_documents_is_so()
    {
        var blocks = Repository.Read("docs", "profiles.md").Split("```");
        var profile = Profile.Parse("walk", blocks[3]["json".Length..], out var faults);
        Assert.That(faults, Is.Empty);
        using var json = System.Text.Json.JsonDocument.Parse(blocks[3]["json".Length..]);
        Assert.That(Schema.Evaluate(json.RootElement).IsValid, Is.True);

        var read = Read(profile, Encoding.Latin1.GetBytes(blocks[1].TrimStart('\n')));
        Assert.That(read.Findings, Is.Empty);
        Assert.That(read.Records.Select(r => (r.Kind, r.Action, ((Registration)r).Type, ((Registration)r).Start)), Is.EqualTo(new[]
        {
            (RecordKind.Registration, ReportAction.N, (RegistrationType?)RegistrationType.FFG, (DateOnly?)new DateOnly(2026, 1, 19)),
            (RecordKind.Registration, ReportAction.B, (RegistrationType?)RegistrationType.FFG, (DateOnly?)new DateOnly(2026, 1, 19)),
        }));
    }

    [Test]
    public void The_fixed_width_sample_is_in_Latin_1_and_would_be_no_UTF_8()
    {
        var bytes = Repository.Bytes("samples", "profiles", "linje", "terminsfil.txt");
        Assert.That(() => new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(bytes), Throws.InstanceOf<ArgumentException>());
    }

    [TestCaseSource(nameof(Names))]
    public void Each_sample_profile_keeps_to_the_published_schema(string name) =>
        Assert.That(Faults(Json(name)), Is.Empty);

    [TestCase("campus", "delimiter", ":")]
    [TestCase("campus", "lineLength", 75)]
    [TestCase("campus", "shape", "fixed")]
    [TestCase("campus", "seperator", ",")]
    [TestCase("campus", "encoding", "latin-1")]
    [TestCase("linje", "lineLength", "75")]
    [TestCase("linje", "skipLines", -1)]
    [TestCase("linje", "delimiter", ",")]
    public void What_the_schema_refuses_the_program_refuses(string name, string key, object value)
    {
        var json = Json(name);
        json[key] = JsonValue.Create(value);
        Assert.That(Faults(json), Is.Not.Empty, "the schema");
        Assert.That(Profile.Parse(name, json.ToJsonString(), out _), Is.Null, "the program");
    }

    [TestCase("""{"dates": ["dd/MM"]}""")]
    [TestCase("""{"dates": []}""")]
    [TestCase("""{"credits": {}}""")]
    [TestCase("""{"credits": {"decimalSign": ",", "impliedDecimals": 1}}""")]
    [TestCase("""{"records": []}""")]
    [TestCase("""{"records": [{"kind": "REG"}]}""")]
    [TestCase("""{"records": [{"kind": "HUV", "fields": {}}]}""")]
    [TestCase("""{"records": [{"kind": "MOD", "tags": {"41": {"kurs": "A"}}, "fields": {}}]}""")]
    [TestCase("""{"records": [{"kind": "MOD", "tags": {"41": {}}, "fields": {"kurskod": {"at": 0, "length": 10}}}]}""")]
    [TestCase("""{"records": [{"kind": "MOD", "tags": {"41": {}}, "fields": {"kurskod": {"column": "A"}}}]}""")]
    [TestCase("""{"records": [{"kind": "MOD", "tags": {"41": {}}, "fields": {"kurs": {"at": 3, "length": 10}}}]}""")]
    [TestCase("""{"records": [{"kind": "MOD", "tags": {"41": {}}, "fields": {"kurskod": {"constant": "A", "at": 3}}}]}""")]
    public void What_the_schema_refuses_deeper_down_the_program_refuses_too(string change)
    {
        var json = Json("linje");
        foreach (var (key, value) in JsonNode.Parse(change)!.AsObject()) json[key] = value!.DeepClone();
        Assert.That(Faults(json), Is.Not.Empty, "the schema");
        Assert.That(Profile.Parse("linje", json.ToJsonString(), out _), Is.Null, "the program");
    }

    private static JsonObject Json(string name) => JsonNode.Parse(Repository.Read("samples", "profiles", name + ".json"))!.AsObject();

    private static List<string> Faults(JsonNode json)
    {
        using var document = System.Text.Json.JsonDocument.Parse(json.ToJsonString());
        var result = Schema.Evaluate(document.RootElement, new EvaluationOptions { OutputFormat = OutputFormat.List });
        return result.IsValid ? [] : [.. (result.Details ?? []).Where(d => d.Errors is { Count: > 0 }).Select(d => $"{d.InstanceLocation}: {string.Join(", ", d.Errors!.Values)}"), "invalid"];
    }

    private static (IReadOnlyList<ReportRecord> Records, IReadOnlyList<Finding> Findings, long Sum, string? Profile) Read(string name, string file)
    {
        var profile = Profile.Parse(name, Repository.Read("samples", "profiles", name + ".json"), out var faults);
        Assert.That(faults, Is.Empty);
        return Read(profile, Repository.Bytes(["samples", "profiles", name, .. file.Split('/')]));
    }

    private static (IReadOnlyList<ReportRecord> Records, IReadOnlyList<Finding> Findings, long Sum, string? Profile) Read(Profile? profile, byte[] bytes)
    {
        var sniffed = Sniffer.Sniff(new MemoryStream(bytes), ReadLimits.Default, profile);
        var reader = RecordReader.Open(new MemoryStream(bytes), sniffed, Arrival, ReadLimits.Default, profile: profile);
        var rows = reader.Rows().ToList();
        return ([.. rows.Select(r => r.Record!)], [.. sniffed.Findings, .. reader.Findings, .. rows.SelectMany(r => r.Findings)], reader.Hundredths, sniffed.Profile);
    }

    // Positions as samples/profiles/linje.json has them, written down once more.
    private static string AsLinje(ReportRecord record)
    {
        string Head(string code, string? second) => code + record.CourseCode.PadRight(10) + (second ?? "").PadRight(10);
        string Student() => ((StudentRecord)record).Student.ToUnmaskedString();
        var removal = record.Action == ReportAction.B;
        return (record switch
        {
            CourseOffering k => Head(removal ? "32" : "31", k.OfferingCode) + k.Title!.PadRight(30) + Tenths(k.Extent) + $"{k.Pace:000}{k.Start:ddMMyyyy}{k.End:ddMMyyyy}",
            Module m => Head(removal ? "42" : "41", m.ModuleCode) + m.Title!.PadRight(30) + Tenths(m.Extent),
            Registration r => Head(removal ? "02" : "01", r.OfferingCode) + Student() + (r.Type switch { RegistrationType.FFG => "1", RegistrationType.FO => "2", _ => "3" })
                + Tenths(r.Extent).PadRight(4) + $"{r.Pace:000}".PadRight(3) + $"{r.Start:ddMMyyyy}".PadRight(8) + $"{r.End:ddMMyyyy}".PadRight(8) + $"{r.RegistrationDate:ddMMyyyy}",
            Interruption a => Head((a.Type, removal) switch { (InterruptionType.A, false) => "11", (_, false) => "12", (InterruptionType.A, _) => "13", _ => "14" }, a.OfferingCode) + Student() + $"{a.Date:ddMMyyyy}",
            Result r => Head((r.CreditTransfer, removal) switch { (false, false) => "21", (false, true) => "22", (true, false) => "23", _ => "24" }, r.OfferingCode) + Student()
                + (r.ModuleCode ?? "").PadRight(10) + Tenths(r.Credits) + (r.Grade switch { "G" => "GK", "U" => "UK", var g => g ?? "" }).PadRight(2) + $"{r.ExaminationDate:ddMMyyyy}",
            _ => throw new ArgumentException(record.Kind.ToString(), nameof(record)),
        }).TrimEnd();
    }

    private static string Tenths(Credits? credits) => credits is { } c ? (c.Hundredths / 10).ToString("D4", System.Globalization.CultureInfo.InvariantCulture) : "";
}
