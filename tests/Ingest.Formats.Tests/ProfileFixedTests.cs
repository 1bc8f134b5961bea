using System.Text;

namespace Ingest.Formats.Tests;

/// <summary>Fixed width of another system, and which layout a file is told to have.</summary>
public class ProfileFixedTests
{
    private const string Reg = Profiles.FixedReg;

    private static readonly Profile Profile = Profiles.Of(Profiles.Fixed);

    [Test]
    public void A_code_gives_kind_and_action_and_fields_stand_where_the_profile_says()
    {
        var outcome = Profiles.Read(Profile, "00 header of any kind, however long it may be, past sixty characters", Reg, "02" + Reg[2..25] + "2" + new string(' ', 7) + "19012026", "12TMA101V26A119960101239719012026", "99000003");
        using (Assert.EnterMultipleScope())
        {
            Assert.That(outcome.AllFindings, Is.Empty);
            Assert.That(outcome.Rows.Select(r => r.Source.Line), Is.EqualTo(new long[] { 2, 3, 4 }));
            var first = (Registration)outcome.Records[0]!;
            Assert.That((first.Action, first.Type, first.Extent, first.Pace), Is.EqualTo((ReportAction.N, (RegistrationType?)RegistrationType.FFG, (Credits?)new Credits(750), (int?)100)));
            Assert.That((first.Start, first.End, first.RegistrationDate), Is.EqualTo(((DateOnly?)new DateOnly(2026, 1, 19), (DateOnly?)new DateOnly(2026, 2, 22), (DateOnly?)new DateOnly(2026, 1, 12))));
            var second = (Registration)outcome.Records[1]!;
            Assert.That((second.Action, second.Type, second.Extent, second.Start), Is.EqualTo((ReportAction.B, (RegistrationType?)RegistrationType.FO, (Credits?)null, (DateOnly?)new DateOnly(2026, 1, 19))));
            var third = (Interruption)outcome.Records[2]!;
            Assert.That((third.Action, third.Type, third.Date), Is.EqualTo((ReportAction.B, (InterruptionType?)InterruptionType.E, (DateOnly?)new DateOnly(2026, 1, 19))));
            Assert.That((outcome.Reader!.Count, outcome.Reader.Hundredths), Is.EqualTo((3L, 750L)), "skipped lines count nowhere");
            Assert.That(outcome.Sniffed.Format, Is.EqualTo("profil prov fast bredd"));
        }
    }

    [TestCase(27, "00X5", FindingCode.P05, "omfattning", 4)]
    [TestCase(27, "0000", FindingCode.P05, "omfattning", 4)]
    [TestCase(31, "0x0", FindingCode.P05, "studietakt", 3)]
    [TestCase(34, "20260119", FindingCode.P04, "start", 8, Description = "a date of our form")]
    [TestCase(26, "3", FindingCode.P06, "registreringstyp", 1)]
    [TestCase(26, " ", FindingCode.P03, "registreringstyp", 1)]
    [TestCase(14, "199601012398", FindingCode.P10, "personnummer", 12)]
    public void A_fault_is_told_at_the_profiles_own_position(int at, string text, FindingCode code, string field, int length)
    {
        var finding = Profiles.Read(Profile, Reg, Reg[..(at - 1)] + text + Reg[(at - 1 + text.Length)..]).Rows[1].Findings.Single();
        Assert.That((finding.Code, finding.Line, finding.Column, finding.Length, finding.Field), Is.EqualTo((code, 2L, (int?)at, (int?)length, field)));
    }

    [Test]
    public void Text_past_the_line_is_a_fault_where_the_profile_says_how_long_a_line_is()
    {
        Assert.That(Profiles.Read(Profile, Reg.PadRight(60) + "x").RowCodes, Is.EqualTo(new[] { "1:P01" }));
        Assert.That(Profiles.Read(Profiles.Of(Profiles.Fixed.Replace("\"lineLength\": 60, ", "")), Reg.PadRight(60) + "x").RowCodes, Is.EqualTo(new[] { "1:" }));
    }

    [Test]
    public void A_name_in_brackets_past_the_basic_plane_would_move_every_field_after_it()
    {
        var profile = Profiles.Of("""
            {"shape": "fixed", "records": [{"kind": "MOD", "fields": {
              "kurskod": {"at": 1, "length": 6}, "modulkod": {"at": 7, "length": 2}, "benämning": {"at": 9, "length": 10}, "omfattning": {"at": 19, "length": 5}}}]}
            """);
        Assert.That(Profiles.Read(profile, "TMA101P1Tentamen  00450", "TMA101P1Tenta😀   00450").RowCodes, Is.EqualTo(new[] { "1:", "2:P07" }));
    }

    [Test]
    public void An_unknown_code_is_told_with_those_that_are_known()
    {
        var finding = Profiles.Read(Profile, Reg, "77" + Reg[2..]).Rows[1].Findings.Single();
        Assert.That((finding.Code, finding.Column, finding.Length), Is.EqualTo((FindingCode.P08, (int?)1, (int?)2)));
        Assert.That(finding.Message(), Does.Contain("77").And.Contain("01, 02, 11, 12"));
    }

    [Test]
    public void A_code_that_does_not_begin_the_line_is_a_field_like_others()
    {
        // The code moved to the end of the line: 1-2 become 59-60.
        var profile = Profiles.Of(Profiles.Fixed.Replace("\"tag\": {\"at\": 1", "\"tag\": {\"at\": 59"));
        var line = "  " + Reg[2..].PadRight(56);
        Assert.That(Profiles.Read(profile, line + "01", line + "77", line).RowCodes, Is.EqualTo(new[] { "1:", "2:P06", "3:P03" }));
    }

    [Test]
    public void Blank_lines_and_a_final_1A_say_nothing() =>
        Assert.That(Profiles.Read(Profile, Encoding.UTF8.GetBytes($"{Reg}\n\n   \n{Reg.Replace("2397", "2398")}\r\u001A")).RowCodes, Is.EqualTo(new[] { "1:", "4:P10" }));

    // Ã¥ in Windows-1252 is the two bytes of å in UTF-8: only the profile can tell.
    [TestCase("windows-1252", "T\u00C3\u00A5101", FindingCode.P05)]
    [TestCase("iso-8859-1", "T\u00C3\u00A5101", FindingCode.P05)]
    [TestCase("utf-8", "Tå101", null)]
    [TestCase(null, "Tå101", null)]
    public void The_encoding_is_the_profiles_where_it_states_one(string? encoding, string course, FindingCode? code)
    {
        var profile = Profiles.Of(Profiles.Fixed.Replace("\"lineLength\"", (encoding is null ? "" : $"\"encoding\": \"{encoding}\", ") + "\"lineLength\""));
        var bytes = Encoding.UTF8.GetBytes(Reg.Replace("TMA101", encoding is "windows-1252" or "iso-8859-1" ? "Tå101" : "Tå101 "));
        var outcome = Profiles.Read(profile, bytes);
        Assert.That(outcome.Sniffed.Text, Is.EqualTo(encoding is "windows-1252" or "iso-8859-1" ? TextForm.Windows1252 : TextForm.Utf8));
        Assert.That(outcome.Rows[0].Findings.Select(f => (FindingCode?)f.Code), code is null ? Is.Empty : Is.EqualTo(new[] { code }));
        if (code is null) Assert.That(outcome.Records[0]!.CourseCode, Is.EqualTo(course.ToUpperInvariant()));
        else Assert.That(outcome.Rows[0].Findings[0].Value, Is.EqualTo(course));
    }

    [Test]
    public void A_byte_order_mark_goes_before_the_stated_encoding()
    {
        var profile = Profiles.Of(Profiles.Fixed.Replace("\"lineLength\"", "\"encoding\": \"iso-8859-1\", \"lineLength\""));
        foreach (var form in new[] { TextForm.Utf8Bom, TextForm.Utf16Le, TextForm.Utf16Be })
        {
            var outcome = Profiles.Read(profile, form.Bytes(Reg.Replace("TMA101", "TÅÄ101")));
            Assert.That((outcome.Sniffed.Text, outcome.Records[0]!.CourseCode), Is.EqualTo((form, "TÅÄ101")));
        }
    }

    [Test]
    public void Bytes_that_are_no_UTF_8_in_a_file_that_the_profile_says_is_are_P07_in_their_field() =>
        Assert.That(Profiles.Read(Profiles.Of(Profiles.Fixed.Replace("\"lineLength\"", "\"encoding\": \"utf-8\", \"lineLength\"")), Encoding.Latin1.GetBytes(Reg.Replace("TMA101", "TÅA101"))).RowCodes,
            Is.EqualTo(new[] { "1:P07" }));

    [Test]
    public void A_file_that_begins_with_a_HUV_is_RVF1_whatever_the_profile()
    {
        var outcome = Profiles.Read(Profiles.Of(Profiles.Csv), "Hej!", "Här kommer filen.");
        Assert.That(outcome.FileCodes, Is.EqualTo(new[] { FindingCode.F02 }));
        Assert.That(outcome.FileFindings[0].Message(), Does.Contain("RVF1").And.Contain("prov"));
    }

    [Test]
    public void Lines_of_no_known_tag_are_rejected_alike_beside_others_and_alone()
    {
        var unknown = Enumerable.Range(0, 25).Select(i => "7" + i % 10 + Reg[2..]).ToArray();
        var (beside, alone) = (Profiles.Read(Profile, [Reg, .. unknown]), Profiles.Read(Profile, unknown));
        Assert.That(alone.FileCodes, Is.Empty);
        Assert.That(alone.Rows.SelectMany(r => r.Findings.Select(f => f.Code)), Is.EqualTo(Enumerable.Repeat(FindingCode.P08, 25)));
        Assert.That(alone.Rows.SelectMany(r => r.Findings.Select(f => f.Message())), Is.EqualTo(beside.Rows.SelectMany(r => r.Findings.Select(f => f.Message()))));
    }

    [TestCase("", FindingCode.F01)]
    [TestCase(" \r\n", FindingCode.F01)]
    [TestCase("PK\u0003\u0004", FindingCode.F03, TestName = "{m}(a zip file)")]
    [TestCase("01\0", FindingCode.F03)]
    public void What_is_no_text_is_refused_as_without_a_profile(string text, FindingCode code) =>
        Assert.That(Profiles.Read(Profile, Encoding.UTF8.GetBytes(text)).FileCodes, Is.EqualTo(new[] { code }));

    [Test]
    public void A_rule_that_knows_only_the_published_field_points_at_the_profiles_position()
    {
        var bytes = Encoding.UTF8.GetBytes(Reg + "\r\n");
        var places = new FieldPlaces(new MemoryStream(bytes), Profiles.Read(Profile, bytes).Sniffed, Reading.Limits, Profile);
        var placed = places.Place(new Finding(FindingCode.R04, 1, Field: "slut"), RecordKind.Registration, bytes);
        Assert.That((placed.Field, placed.Column, placed.Length, places.ReadsRecords), Is.EqualTo(("slut", (int?)42, (int?)8, true)));
    }

    [Test]
    public void A_profile_that_is_not_the_one_sniffed_with_reads_nothing()
    {
        var sniffed = Profiles.Read(Profile, Reg).Sniffed;
        Assert.That(() => RecordReader.Open(Stream.Null, sniffed, Reading.Arrival, Reading.Limits), Throws.ArgumentException);
    }
}
