using System.Text;

namespace Ingest.Formats.Tests;

/// <summary>Small profiles for the tests, and files read through them.</summary>
internal static class Profiles
{
    /// <summary>Registrations with every field of an English name; <c>;</c>, dates dd.MM.yyyy, decimal point, two codes translated.</summary>
    public const string Csv = """
        {
          "shape": "csv", "delimiter": ";", "dates": ["dd.MM.yyyy", "yyyyMMdd"], "credits": {"decimalSign": "."}, "ignoreColumns": ["Name"],
          "records": [{"kind": "REG", "fields": {
            "åtgärd": {"column": "Act", "values": {"+": "N", "-": "B"}, "ifBlank": "N"},
            "personnummer": {"column": "Pid"}, "kurskod": {"column": "Course"}, "kurstillfälleskod": {"column": "Occasion"},
            "registreringstyp": {"column": "Type", "values": {"first": "FFG", "again": "OM"}},
            "omfattning": {"column": "Credits"}, "studietakt": {"constant": "100"},
            "start": {"column": "From"}, "slut": {"column": "To"}, "registreringsdatum": {"column": "Registered"}, "händelse-id": {"column": "Id"}}}]
        }
        """;

    public const string CsvHeader = "Act;Pid;Name;Course;Occasion;Type;Credits;From;To;Registered;Id";

    public const string CsvRow = "+;199601012397;X;TMA101;V26A1;first;7.5;19.01.2026;22.02.2026;12.01.2026;a-1";

    /// <summary>Registrations and interruptions of two-digit codes at the line's beginning; hp with one implied decimal; 60 characters.</summary>
    public const string Fixed = """
        {
          "shape": "fixed", "lineLength": 60, "dates": ["ddMMyyyy"], "credits": {"impliedDecimals": 1}, "tag": {"at": 1, "length": 2, "skip": ["00", "99"]},
          "records": [
            {"kind": "REG", "tags": {"01": {"åtgärd": "N"}, "02": {"åtgärd": "B"}}, "fields": {
              "kurskod": {"at": 3, "length": 6}, "kurstillfälleskod": {"at": 9, "length": 5}, "personnummer": {"at": 14, "length": 12},
              "registreringstyp": {"at": 26, "length": 1, "values": {"1": "FFG", "2": "FO"}}, "omfattning": {"at": 27, "length": 4}, "studietakt": {"at": 31, "length": 3},
              "start": {"at": 34, "length": 8}, "slut": {"at": 42, "length": 8}, "registreringsdatum": {"at": 50, "length": 8}}},
            {"kind": "AVB", "tags": {"11": {"typ": "A"}, "12": {"typ": "E", "åtgärd": "B"}}, "fields": {
              "kurskod": {"at": 3, "length": 6}, "kurstillfälleskod": {"at": 9, "length": 5}, "personnummer": {"at": 14, "length": 12}, "avbrottsdatum": {"at": 26, "length": 8}}}]
        }
        """;

    public const string FixedReg = "01TMA101V26A119960101239710075100190120262202202612012026";

    public static Profile Of(string json)
    {
        var profile = Profile.Parse("prov", json, out var faults);
        Assert.That(faults, Is.Empty);
        return profile!;
    }

    public static IReadOnlyList<string> Faults(string json)
    {
        var profile = Profile.Parse("prov", json, out var faults);
        Assert.That(profile is null, Is.EqualTo(faults.Count > 0), "a profile is taken whole or not at all");
        return faults;
    }

    public static Outcome Read(Profile profile, params string[] lines) => Read(profile, Encoding.UTF8.GetBytes(string.Concat(lines.Select(l => l + "\r\n"))));

    public static Outcome Read(Profile profile, byte[] bytes)
    {
        using var first = new MemoryStream(bytes, writable: false);
        var sniffed = Sniffer.Sniff(first, Reading.Limits, profile);
        if (sniffed.Shape is null) return new Outcome(sniffed, [], null);
        using var second = new MemoryStream(bytes, writable: false);
        var reader = RecordReader.Open(second, sniffed, Reading.Arrival, Reading.Limits, profile: profile);
        return new Outcome(sniffed, reader.Rows().ToList(), reader);
    }
}
