using System.Text;

namespace Ingest.Formats.Tests;

/// <summary>CSV of another system, read through its profile.</summary>
public class ProfileCsvTests
{
    private static readonly Profile Profile = Profiles.Of(Profiles.Csv);

    private static readonly Registration Expected = new()
    {
        Action = ReportAction.N,
        Student = Student("199601012397"),
        CourseCode = "TMA101",
        OfferingCode = "V26A1",
        EventId = "a-1",
        Type = RegistrationType.FFG,
        Extent = new Credits(750),
        Pace = 100,
        Start = new DateOnly(2026, 1, 19),
        End = new DateOnly(2026, 2, 22),
        RegistrationDate = new DateOnly(2026, 1, 12),
    };

    [Test]
    public void Every_field_is_read_from_its_column_in_the_systems_own_form()
    {
        var outcome = Profiles.Read(Profile, Profiles.CsvHeader, Profiles.CsvRow);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(outcome.AllFindings, Is.Empty);
            Assert.That(outcome.Records, Is.EqualTo(new[] { Expected }));
            Assert.That((outcome.Sniffed.Profile, outcome.Sniffed.Format), Is.EqualTo(("prov", "profil prov CSV (;)")));
            Assert.That(outcome.Reader!.Hundredths, Is.EqualTo(750), "the control sum takes what was read");
        }
    }

    [TestCase("ACT;pid;name;COURSE;occasion;type;credits;from;to;registered;id", TestName = "without regard to case")]
    [TestCase("Act;P-id;Na me;Cour_se;Occasion;Type;Credits;Fröm;To;Registered;Id", TestName = "without hyphens, blanks, underscores; ö is o")]
    public void Header_names_match_as_those_of_RVF1_do(string header) =>
        Assert.That(Profiles.Read(Profile, header, Profiles.CsvRow).Records, Is.EqualTo(new[] { Expected }));

    [Test]
    public void The_order_of_columns_is_free_and_columns_that_may_be_absent_may()
    {
        var outcome = Profiles.Read(Profile, "From;To;Registered;Pid;Course;Occasion;Type;Credits", "19.01.2026;22.02.2026;12.01.2026;199601012397;TMA101;V26A1;FIRST;7.5");
        Assert.That(outcome.Records, Is.EqualTo(new[] { Expected with { EventId = null } }));
        Assert.That(outcome.AllFindings, Is.Empty, "Name, which is ignored, need not be there");
    }

    [TestCase("+", "N")]
    [TestCase("-", "B")]
    [TestCase("", "N", Description = "ifBlank")]
    public void A_code_is_what_the_profile_says_that_it_is(string code, string action) =>
        Assert.That(Profiles.Read(Profile, Profiles.CsvHeader, code + Profiles.CsvRow[1..]).Records[0]!.Action.ToString(), Is.EqualTo(action));

    [TestCase("19.01.2026;22.02.2026;12.01.2026", "20260119;22.02.2026;20260112", Description = "each of the forms")]
    public void Each_date_may_have_any_of_the_forms(string ours, string theirs) =>
        Assert.That(Profiles.Read(Profile, Profiles.CsvHeader, Profiles.CsvRow.Replace(ours, theirs)).Records, Is.EqualTo(new[] { Expected }));

    [TestCase("first", "FFG", FindingCode.P06, "Type", 31, "FFG", "first, again", Description = "our code, which this system does not write")]
    [TestCase("first", "third", FindingCode.P06, "Type", 31, "third", "first, again")]
    [TestCase("19.01.2026", "2026-01-19", FindingCode.P04, "From", 41, "2026-01-19", "dd.mm.åååå eller ååååmmdd", Description = "a date of our form, which this system does not write")]
    [TestCase("19.01.2026", "31.02.2026", FindingCode.P04, "From", 41, "31.02.2026", "dd.mm.åååå eller ååååmmdd", Description = "no such day")]
    [TestCase("19.01.2026", "19.01.26", FindingCode.P04, "From", 41, "19.01.26", "dd.mm.åååå eller ååååmmdd")]
    [TestCase("19.01.2026", "19.01.2101", FindingCode.P05, "From", 41, "19.01.2101", "ett datum från 1900 till 2100")]
    [TestCase("7.5", "7,5", FindingCode.P05, "Credits", 37, "7,5", "decimalpunkt")]
    [TestCase("7.5", "0", FindingCode.P05, "Credits", 37, "0", "större än 0 och högst 999.99")]
    [TestCase("7.5", "1.234", FindingCode.P05, "Credits", 37, "1.234", "två decimaler")]
    [TestCase("TMA101", "T", FindingCode.P05, "Course", 18, "T", "4–10 bokstäver och siffror")]
    [TestCase("199601012397", "199601012398", FindingCode.P10, "Pid", 3, "19960101-****", null)]
    [TestCase("TMA101", "", FindingCode.P03, "Course", 18, null, null)]
    public void A_fault_is_told_under_the_systems_own_name_at_its_own_place_with_its_own_value_and_form(
        string right, string wrong, FindingCode code, string field, int column, string? value, string? expected)
    {
        var outcome = Profiles.Read(Profile, Profiles.CsvHeader, Profiles.CsvRow.Replace(right, wrong));
        var finding = outcome.Rows[0].Findings.Single();
        using (Assert.EnterMultipleScope())
        {
            Assert.That((finding.Code, finding.Line, finding.Field, finding.Column), Is.EqualTo((code, 2L, field, (int?)column)));
            Assert.That(finding.Length, Is.EqualTo(wrong.Length));
            Assert.That(finding.Value, Is.EqualTo(value));
            if (expected is not null) Assert.That(finding.Message(), Does.Contain(expected));
        }
    }

    [TestCase("19.01.2026", "19.01\u00002026")]
    [TestCase("first", "fir\u200Bst")]
    [TestCase("7.5", "7.\u0665")]
    public void A_forbidden_character_is_told_as_such_in_fields_that_are_translated_too(string right, string wrong)
    {
        // NUL refuses a whole file (F03); another control character stands in for it.
        var outcome = Profiles.Read(Profile, Profiles.CsvHeader, Profiles.CsvRow.Replace(right, wrong.Replace('\0', '\u0001')));
        Assert.That(outcome.Rows[0].Findings.Select(f => f.Code), Is.EqualTo(new[] { FindingCode.P07 }));
    }

    [Test]
    public void A_required_column_that_is_missing_is_named_as_the_profile_names_it_with_the_likely_misspelling()
    {
        var outcome = Profiles.Read(Profile, Profiles.CsvHeader.Replace("Occasion", "Occassion"), Profiles.CsvRow);
        var missing = outcome.FileFindings.Single(f => f.Code == FindingCode.F17);
        Assert.That(missing.Message(), Does.Contain("Occasion").And.Contain("Occassion"));
    }

    [Test]
    public void A_column_that_stands_twice_is_refused_and_an_unknown_one_is_named()
    {
        Assert.That(Profiles.Read(Profile, Profiles.CsvHeader + ";To", Profiles.CsvRow + ";").FileCodes, Is.EqualTo(new[] { FindingCode.F18 }));
        var unknown = Profiles.Read(Profile, Profiles.CsvHeader + ";Extra", Profiles.CsvRow + ";x");
        Assert.That(unknown.FileFindings.Single().Message(), Does.Contain("Extra").And.Not.Contain("Name"));
        Assert.That(unknown.Rows[0].IsOk, Is.True);
    }

    [Test]
    public void Quoting_wrong_widths_and_line_breaks_are_as_in_RVF1()
    {
        var outcome = Profiles.Read(Profile, Profiles.CsvHeader, Profiles.CsvRow.Replace(";X;", ";\"X;\r\nY\";"), Profiles.CsvRow + ";1", Profiles.CsvRow.Replace(";X;", ";\"X;"), Profiles.CsvRow);
        Assert.That(outcome.RowCodes, Is.EqualTo(new[] { "2:", "4:P02", "5:P14", "6:" }));
    }

    [TestCase(",", ',')]
    [TestCase("\\t", '\t')]
    [TestCase("|", '|')]
    public void The_delimiter_is_the_profiles(string stated, char delimiter)
    {
        var profile = Profiles.Of(Profiles.Csv.Replace("\"delimiter\": \";\"", $"\"delimiter\": \"{stated}\""));
        Assert.That(Profiles.Read(profile, Profiles.CsvHeader.Replace(';', delimiter), Profiles.CsvRow.Replace(';', delimiter)).Records, Is.EqualTo(new[] { Expected }));
    }

    [Test]
    public void Excels_sep_line_goes_before_the_profiles_delimiter() =>
        Assert.That(Profiles.Read(Profile, "sep=,", Profiles.CsvHeader.Replace(';', ','), Profiles.CsvRow.Replace(';', ',')).Records, Is.EqualTo(new[] { Expected }));

    [Test]
    public void Lines_before_the_header_row_are_skipped_as_the_profile_says_and_rows_keep_their_place()
    {
        var profile = Profiles.Of(Profiles.Csv.Replace("\"delimiter\"", "\"skipLines\": 2, \"delimiter\""));
        var outcome = Profiles.Read(profile, "Export 2026-01-19", "", Profiles.CsvHeader, Profiles.CsvRow);
        Assert.That(outcome.Records, Is.EqualTo(new[] { Expected }));
        Assert.That(outcome.Rows[0].Source, Is.EqualTo(new RowSource(4, 19 + 2 + Profiles.CsvHeader.Length + 2, Profiles.CsvRow.Length + 2)));
    }

    [Test]
    public void Without_a_header_row_columns_have_numbers()
    {
        var numbers = Profiles.Csv.Replace("\"ignoreColumns\": [\"Name\"],", "\"headerRow\": false, \"columns\": 11,");
        var names = Profiles.CsvHeader.Split(';');
        for (var i = 0; i < names.Length; i++) numbers = numbers.Replace($"\"column\": \"{names[i]}\"", $"\"column\": {i + 1}");
        var outcome = Profiles.Read(Profiles.Of(numbers), Profiles.CsvRow, Profiles.CsvRow.Replace("first", "third"), Profiles.CsvRow + ";12");
        Assert.That(outcome.Records[0], Is.EqualTo(Expected));
        Assert.That(outcome.RowCodes, Is.EqualTo(new[] { "1:", "2:P06", "3:P02" }));
        Assert.That(outcome.Rows[1].Findings[0].Field, Is.EqualTo("registreringstyp"), "a column without a name goes by the published one");
    }

    private const string Mixed = """
        {"shape": "csv", "delimiter": ",", "tag": {"column": "Event", "skip": ["Total"]},
         "records": [
          {"kind": "AVB", "tags": {"Quit": {"typ": "A"}, "Undo quit": {"typ": "A", "åtgärd": "B"}},
           "fields": {"personnummer": {"column": "Pid"}, "kurskod": {"column": "Course"}, "kurstillfälleskod": {"column": "Occasion"}, "avbrottsdatum": {"column": "Date"}}},
          {"kind": "MOD", "tags": {"Part": {}},
           "fields": {"kurskod": {"column": "Course"}, "modulkod": {"column": "Occasion"}, "benämning": {"column": "Title"}, "omfattning": {"column": "Credits"}}}]}
        """;

    [Test]
    public void A_tag_column_tells_the_kind_row_by_row_and_may_give_fields_of_its_own()
    {
        var outcome = Profiles.Read(Profiles.Of(Mixed), "Event,Pid,Course,Occasion,Date,Title,Credits",
            "Quit,199601012397,TMA101,V26A1,2026-01-19,,", "Undo quit,199601012397,TMA101,V26A1,2026-01-19,,", "Part,,TMA101,P1,,Tentamen,4.5", "quit,,,,,,", ",,,,,,1", "Total,6", "Quit,199601012397,TMA101,V26A1,19/1,,");
        var quit = new Interruption { Student = Student("199601012397"), CourseCode = "TMA101", OfferingCode = "V26A1", Type = InterruptionType.A, Date = new DateOnly(2026, 1, 19) };
        using (Assert.EnterMultipleScope())
        {
            Assert.That(outcome.Records.Take(3), Is.EqualTo(new ReportRecord[]
            {
                quit, quit with { Action = ReportAction.B }, new Module { CourseCode = "TMA101", ModuleCode = "P1", Title = "Tentamen", Extent = new Credits(450) },
            }));
            Assert.That(outcome.RowCodes.Skip(3), Is.EqualTo(new[] { "5:P06", "6:P03", "8:P04" }), "tags are exact, as RVF1's record types; a skipped one counts nowhere, whatever its width");
            Assert.That(outcome.Rows[3].Findings[0].Message(), Does.Contain("Event").And.Contain("quit").And.Contain("Quit, Undo quit, Part"));
        }
    }

    [Test]
    public void Without_a_tag_the_header_row_tells_the_kind()
    {
        var twoKinds = """
            {"shape": "csv", "delimiter": ",", "records": [
              {"kind": "MOD", "fields": {"kurskod": {"column": "Course"}, "modulkod": {"column": "Part"}, "benämning": {"column": "Title"}, "omfattning": {"column": "Credits"}}},
              {"kind": "AVB", "fields": {"personnummer": {"column": "Pid"}, "kurskod": {"column": "Course"}, "kurstillfälleskod": {"column": "Occasion"}, "avbrottsdatum": {"column": "Date"}}}]}
            """;
        var profile = Profiles.Of(twoKinds);
        Assert.That(Profiles.Read(profile, "Title,Course,Part,Credits", "Tentamen,TMA101,P1,4.5").Records, Is.All.InstanceOf<Module>());
        Assert.That(Profiles.Read(profile, "Pid,Course,Occasion,Date", "199601012397,TMA101,V26A1,2026-01-19").Records, Is.All.InstanceOf<Interruption>());
    }

    [Test]
    public void A_rule_that_knows_only_the_published_field_points_at_the_systems_own()
    {
        var bytes = Encoding.UTF8.GetBytes(Profiles.CsvHeader + "\r\n" + Profiles.CsvRow + "\r\n");
        var sniffed = Profiles.Read(Profile, bytes).Sniffed;
        var places = new FieldPlaces(new MemoryStream(bytes), sniffed, Reading.Limits, Profile);
        var placed = places.Place(new Finding(FindingCode.R04, 2, Field: "slut"), RecordKind.Registration, Encoding.UTF8.GetBytes(Profiles.CsvRow));
        Assert.That((placed.Field, placed.Column, placed.Length), Is.EqualTo(("To", (int?)52, (int?)10)));
        var constant = places.Place(new Finding(FindingCode.R03, 2, Field: "studietakt"), RecordKind.Registration, Encoding.UTF8.GetBytes(Profiles.CsvRow));
        Assert.That((constant.Field, constant.Column), Is.EqualTo(("studietakt", (int?)null)), "a constant stands nowhere");
    }

    private static Personnummer Student(string digits)
    {
        Personnummer.Parse(digits, Reading.Arrival, out var student, out _);
        return student;
    }
}
