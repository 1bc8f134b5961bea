using System.Text.Json;
using System.Text.Json.Nodes;

namespace Ingest.Formats.Tests;

/// <summary>A faulty profile is refused whole, with every fault named by its place.</summary>
public class ProfileFaultTests
{
    [TestCase("", "JSON")]
    [TestCase("{", "JSON")]
    [TestCase("""{"shape": "csv", "shape": "csv"}""", "två gånger")]
    [TestCase("[]", "inget objekt")]
    [TestCase("{}", "shape: saknas", "records: saknas")]
    [TestCase("""{"shape": "xml", "records": []}""", "shape: ”xml” finns inte", "csv", "fixed")]
    [TestCase("""{"shape": "csv", "delimiter": ";", "records": []}""", "records: är tom")]
    [TestCase("""{"shape": "csv", "delimiter": ";", "records": {}}""", "records: ska vara en lista")]
    [TestCase("""{"shape": "csv", "delimiter": ";", "records": [1, {"kind": "REK", "fields": {}}, {"kind": "MOD"}]}""",
        "records[0] är inget objekt", "records[1].kind: ”REK” finns inte", "records[2].fields: saknas", "records[2].fields: benämning saknas i MOD")]
    public void A_profile_without_its_frame(string json, params string[] named) => IsRefused(json, named);

    [TestCase("\"delimiter\": \";\"", "\"delimiter\": \":\"", "delimiter: ”:” finns inte")]
    [TestCase("\"delimiter\": \";\", ", "", "delimiter: saknas")]
    [TestCase("\"delimiter\"", "\"seperator\": 1, \"delimiter\"", "seperator: nyckeln finns inte")]
    [TestCase("\"delimiter\"", "\"lineLength\": 80, \"delimiter\"", "lineLength: nyckeln finns inte i CSV")]
    [TestCase("\"delimiter\"", "\"encoding\": \"ebcdic\", \"delimiter\"", "encoding: ”ebcdic” finns inte")]
    [TestCase("\"delimiter\"", "\"skipLines\": -1, \"delimiter\"", "skipLines: ”-1” ska vara ett heltal")]
    [TestCase("\"delimiter\"", "\"headerRow\": \"no\", \"delimiter\"", "headerRow: ska vara true eller false")]
    [TestCase("\"delimiter\"", "\"columns\": 3, \"delimiter\"", "columns: gäller bara utan rubrikrad")]
    [TestCase("\"ignoreColumns\": [\"Name\"]", "\"headerRow\": false", "columns: saknas", "fields.personnummer.column: ”Pid” ska vara ett heltal")]
    [TestCase("[\"Name\"]", "[\"Name\", \"pid\"]", "ignoreColumns: kolumnen ”Pid” läses också")]
    [TestCase("[\"Name\"]", "[\"Name\", 1]", "ignoreColumns: ska vara en lista av texter")]
    [TestCase("\"dd.MM.yyyy\"", "\"dd.MM.yy\"", "”dd.MM.yy” är ingen datumform")]
    [TestCase("\"dd.MM.yyyy\"", "\"dd.MM\"", "”dd.MM” är ingen datumform")]
    [TestCase("\"dd.MM.yyyy\"", "\"ddMMMyyyy\"", "”ddMMMyyyy” är ingen datumform")]
    [TestCase("\"dd.MM.yyyy\"", "\"dd.MM.yyyy HH:mm\"", "är ingen datumform")]
    [TestCase("\"dd.MM.yyyy\"", "\"ddMMyyyy\"", "”ddMMyyyy” och ”yyyyMMdd” går inte att skilja åt")]
    [TestCase("[\"dd.MM.yyyy\", \"yyyyMMdd\"]", "[]", "dates: anger ingen datumform")]
    [TestCase("{\"decimalSign\": \".\"}", "{}", "credits: anger decimalSign eller impliedDecimals")]
    [TestCase("{\"decimalSign\": \".\"}", "{\"decimalSign\": \".\", \"impliedDecimals\": 2}", "credits: anger decimalSign eller impliedDecimals")]
    [TestCase("{\"decimalSign\": \".\"}", "{\"impliedDecimals\": 3}", "credits.impliedDecimals: ”3” ska vara ett heltal 0–2")]
    [TestCase("\"Course\"", "\"p-i-d\"", "records[0]: personnummer (Pid) och kurskod (p-i-d) står på samma plats")]
    [TestCase("\"kurskod\"", "\"kurs\"", "records[0].fields.kurs: fältet finns inte i REG", "records[0].fields: kurskod saknas i REG")]
    [TestCase("\"kurskod\": {\"column\": \"Course\"},", "", "records[0].fields: kurskod saknas i REG")]
    [TestCase("{\"column\": \"Course\"}", "{\"columm\": \"Course\"}", "records[0].fields.kurskod.columm: nyckeln finns inte", "records[0].fields.kurskod.column: saknas")]
    [TestCase("{\"column\": \"Course\"}", "\"Course\"", "records[0].fields.kurskod är inget objekt")]
    [TestCase("{\"column\": \"Course\"}", "{\"column\": \" \"}", "records[0].fields.kurskod.column: ska vara en text")]
    [TestCase("{\"column\": \"Course\"}", "{\"column\": \"C¦D\"}", "records[0].fields.kurskod.column: ska vara en text")]
    [TestCase("{\"column\": \"Course\"}", "{\"at\": 1, \"length\": 6}", "records[0].fields.kurskod.at: nyckeln finns inte")]
    [TestCase("{\"column\": \"Course\"}", "{\"column\": \"Course\", \"values\": {\"1\": \"TMA101\"}}", "records[0].fields.kurskod.values: nyckeln finns inte för kurskod")]
    [TestCase("\"first\": \"FFG\"", "\"first\": \"FFK\"", "records[0].fields.registreringstyp.values.first", "FFK", "FFG, FO, OM")]
    [TestCase("\"first\": \"FFG\"", "\"AGAIN\": \"FFG\"", "values.again: står två gånger")]
    [TestCase("\"first\": \"FFG\"", "\"\": \"FFG\"", "ifBlank")]
    [TestCase("\"constant\": \"100\"", "\"constant\": \"300\"", "records[0].fields.studietakt.constant", "300", "1–200")]
    [TestCase("\"constant\": \"100\"", "\"constant\": 100", "records[0].fields.studietakt.constant: ska vara en text")]
    [TestCase("\"constant\": \"100\"", "\"constant\": \"100\", \"column\": \"Pace\"", "records[0].fields.studietakt.column: nyckeln finns inte bredvid constant")]
    [TestCase("\"ifBlank\": \"N\"", "\"ifBlank\": \"A\"", "records[0].fields.åtgärd.ifBlank", "N, B")]
    [TestCase("{\"column\": \"Pid\"}", "{\"constant\": \"199601012397\"}", "personnummer kan inte vara samma i varje post")]
    [TestCase("{\"column\": \"Id\"}", "{\"constant\": \"x\"}", "händelse-id kan inte vara samma i varje post")]
    [TestCase("\"kind\": \"REG\"", "\"kind\": \"REG\", \"tags\": {\"1\": {}}", "records[0].tags: nyckeln finns inte (tags kräver tag)")]
    [TestCase("\"delimiter\"", "\"tag\": {\"column\": \"Event\"}, \"delimiter\"", "records[0].tags: saknas")]
    [TestCase("\"delimiter\"", "\"tag\": {\"at\": 1, \"length\": 2}, \"delimiter\"", "tag.column: saknas", "tag.at: nyckeln finns inte")]
    public void A_fault_in_a_CSV_profile(string right, string wrong, params string[] named) => IsRefused(Change(Profiles.Csv, right, wrong), named);

    [TestCase("\"lineLength\": 60", "\"lineLength\": 50", "records[0].fields.registreringsdatum.length: fältet slutar på 57, men raden är 50 tecken")]
    [TestCase("\"lineLength\": 60", "\"delimiter\": \";\"", "delimiter: nyckeln finns inte i fast bredd")]
    [TestCase("\"at\": 26, \"length\": 1", "\"at\": 25, \"length\": 1", "records[0]: personnummer (14–25) och registreringstyp (25–25) står på samma plats")]
    [TestCase("\"at\": 3, \"length\": 6", "\"at\": 2, \"length\": 6", "kurskod (2–7) och tag (1–2) står på samma plats")]
    [TestCase("\"at\": 34, \"length\": 8", "\"at\": 34, \"length\": 7", "records[0].fields.start.length: 7 tecken räcker inte; minst 8")]
    [TestCase("\"at\": 14, \"length\": 12", "\"at\": 14, \"length\": 9", "records[0].fields.personnummer.length: 9 tecken räcker inte; minst 10")]
    [TestCase("\"at\": 27", "\"at\": 0", "records[0].fields.omfattning.at: ”0” ska vara ett heltal 1–10000")]
    [TestCase("{\"at\": 27, \"length\": 4}", "{\"at\": 27}", "records[0].fields.omfattning.length: saknas")]
    [TestCase("\"02\": {", "\"11\": {", "records: posttypen ”11” står 2 gånger")]
    [TestCase("\"02\": {", "\"021\": {", "records[0].tags.021: får inte plats")]
    [TestCase("\"02\": {", "\" 2\": {", "har blanktecken i ändarna")]
    [TestCase("[\"00\", \"99\"]", "[\"00\", \"02\"]", "tag.skip: posttypen ”02” läses också")]
    [TestCase("{\"01\": {\"åtgärd\": \"N\"}, \"02\": {\"åtgärd\": \"B\"}}", "{}", "records[0].tags: är tom")]
    [TestCase("{\"åtgärd\": \"N\"}", "{\"åtgärd\": \"X\"}", "records[0].tags.01.åtgärd", "N, B")]
    [TestCase("{\"åtgärd\": \"N\"}", "{\"åtgard\": \"N\"}", "records[0].tags.01.åtgard: fältet finns inte i REG")]
    [TestCase("{\"åtgärd\": \"N\"}", "{\"kurskod\": \"TMA101\"}", "records[0].tags.01.kurskod: står också i fields")]
    [TestCase("{\"åtgärd\": \"N\"}", "{\"skolkod\": \"UMU\"}", "skolkod kan inte vara samma i varje post")]
    [TestCase("\"tag\": {\"at\": 1, \"length\": 2, \"skip\": [\"00\", \"99\"]},", "", "records[0].tags: nyckeln finns inte (tags kräver tag)", "records: flera slags poster kräver tag")]
    public void A_fault_in_a_fixed_width_profile(string right, string wrong, params string[] named) => IsRefused(Change(Profiles.Fixed, right, wrong), named);

    [Test]
    public void A_field_that_only_some_tags_give_is_missing_under_the_others()
    {
        var faults = Profiles.Faults(Profiles.Fixed.Replace("\"studietakt\": {\"at\": 31, \"length\": 3},", "").Replace("\"01\": {\"åtgärd\": \"N\"}", "\"01\": {\"åtgärd\": \"N\", \"studietakt\": \"50\"}"));
        Assert.That(faults, Is.EqualTo(new[] { "records[0].tags.02: studietakt saknas i REG." }));
    }

    [Test]
    public void Kinds_with_the_same_columns_cannot_be_told_by_their_header_row() =>
        IsRefused("""
            {"shape": "csv", "delimiter": ";", "records": [
              {"kind": "MOD", "fields": {"kurskod": {"column": "A"}, "modulkod": {"column": "B"}, "benämning": {"column": "C"}, "omfattning": {"column": "D"}}},
              {"kind": "AVB", "fields": {"personnummer": {"column": "A"}, "kurskod": {"column": "b"}, "kurstillfälleskod": {"column": "C"}, "avbrottsdatum": {"column": "D"}}}]}
            """, "MOD och AVB har samma kolumner");

    [Test]
    public void Every_fault_is_named_at_once()
    {
        var faults = Profiles.Faults(Profiles.Csv.Replace("\"delimiter\": \";\"", "\"delimiter\": \"x\"").Replace("dd.MM.yyyy", "d").Replace("\"first\": \"FFG\"", "\"first\": \"X\"").Replace("{\"column\": \"To\"}", "{}"));
        Assert.That(faults.Select(f => f[..f.IndexOf(':')]), Is.EquivalentTo(new[]
        {
            "delimiter", "dates", "records[0].fields.registreringstyp.values.first", "records[0].fields.slut.column",
        }));
    }

    [Test]
    public void A_system_may_have_a_code_for_suspensions_which_are_told_where_to_go()
    {
        var profile = Profiles.Of(Profiles.Csv.Replace("\"again\": \"OM\"", "\"again\": \"OM\", \"susp\": \"AVS\""));
        Assert.That(Profiles.Read(profile, Profiles.CsvHeader, Profiles.CsvRow.Replace("first", "susp")).RowCodes, Is.EqualTo(new[] { "2:P15" }));
    }

    [Test]
    public void A_code_may_stand_for_a_grade_of_the_schools_own_where_the_installation_has_it()
    {
        var json = """
            {"shape": "csv", "delimiter": ";", "records": [{"kind": "RES", "fields": {"personnummer": {"column": "P"}, "kurskod": {"column": "C"}, "hp": {"column": "H"},
              "betyg": {"column": "G", "values": {"mycket bra": "MB"}}, "examinationsdatum": {"column": "D"}}}]}
            """;
        Assert.That(Profiles.Faults(json).Single(), Does.Contain("values.mycket bra").And.Contain("MB"));
        Assert.That(Profile.Parse("prov", json, out _, new ReadTerms { Grades = Grades.WithLocal(["MB"], []) }), Is.Not.Null);
    }

    [TestCase("// the export of 2026\n")]
    [TestCase("/* a comment */")]
    public void Comments_and_a_last_comma_are_allowed_as_in_the_school_register(string comment) =>
        Assert.That(Profiles.Faults(comment + Profiles.Csv.Replace("\"Id\"}}", "\"Id\"},}")), Is.Empty);

    /// <summary>Whatever stands in its place, a fault is told and nothing thrown; and where none is told the profile reads a file without throwing.</summary>
    [TestCase(Profiles.Csv, Profiles.CsvHeader + "\r\n" + Profiles.CsvRow)]
    [TestCase(Profiles.Fixed, Profiles.FixedReg)]
    public void Nothing_that_a_profile_holds_throws(string json, string file)
    {
        string[] others = ["null", "1", "-1", "true", "\"\"", "\"x\"", "\"\\u0000\"", "[]", "[null]", "{}", "{\"x\": 1}", "1e99", "99999999999", "\"¦\""];
        var (told, taken) = (0, 0);
        foreach (var path in Paths(JsonNode.Parse(json)!, []).ToList())
        {
            foreach (var other in others)
            {
                var changed = JsonNode.Parse(json)!;
                Replace(changed, path, other);
                var profile = Profile.Parse("prov", changed.ToJsonString(), out var faults);
                Assert.That(profile is null, Is.EqualTo(faults.Count > 0), $"{string.Join('/', path)} = {other}");
                if (profile is null) told++;
                else if (Profiles.Read(profile, file) is not null) taken++;
            }
        }
        Assert.That(told, Is.GreaterThan(300));
        Assert.That(taken, Is.GreaterThan(20));
    }

    private static IEnumerable<object[]> Paths(JsonNode node, object[] at)
    {
        if (at.Length > 0) yield return at;
        var children = node switch
        {
            JsonObject o => o.Select(p => ((object)p.Key, p.Value)),
            JsonArray a => a.Select((v, i) => ((object)i, v)),
            _ => [],
        };
        foreach (var (key, value) in children)
            foreach (var path in Paths(value!, [.. at, key])) yield return path;
    }

    private static void Replace(JsonNode root, object[] path, string with)
    {
        var node = path[..^1].Aggregate(root, (n, key) => key is int i ? n[i]! : n[(string)key]!);
        if (path[^1] is int at) node[at] = JsonNode.Parse(with);
        else node[(string)path[^1]] = JsonNode.Parse(with);
    }

    private static string Change(string json, string right, string wrong)
    {
        Assert.That(json, Does.Contain(right));
        var at = json.IndexOf(right, StringComparison.Ordinal);
        return json[..at] + wrong + json[(at + right.Length)..];
    }

    private static void IsRefused(string json, params string[] named)
    {
        var faults = Profiles.Faults(json);
        Assert.That(faults, Is.Not.Empty);
        foreach (var part in named) Assert.That(string.Join('\n', faults), Does.Contain(part));
    }
}
