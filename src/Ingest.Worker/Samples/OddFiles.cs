using System.Globalization;
using System.Text;
using Ingest.Formats;
using Ingest.Rules;

namespace Ingest.Worker.Samples;

/// <summary>Files that are refused as a whole, each with its one fault, and a few records that would have been in order.</summary>
internal static class OddFiles
{
    private const int Records = 3;

    /// <summary>What is handed in after a slot's file: the file's own part of a name, and what is odd about it.</summary>
    public static IEnumerable<(string Name, Func<SampleFile, SampleFile> Odd)> After(Slot slot, FileShape shape)
    {
        var isFixed = shape == FileShape.FixedWidth;
        switch (slot)
        {
            case Slot.LateOfferings:
                yield return ("tom", f => Unread(f, FindingCode.F01) with { Raw = [] });
                yield return ("brev", f => Unread(f, FindingCode.F02) with { Raw = Encoding.UTF8.GetBytes("Hej! Filen kommer i morgon.\r\n") });
                yield return ("arkiv", f => Unread(f, FindingCode.F03) with { Raw = [0x50, 0x4B, 0x03, 0x04, 0, 0, 0, 0, 10] });
                break;
            case Slot.Results2:
                yield return ("annan-skola", f => Refused(f, FindingCode.F08) with { StatedSchool = "ANNAN", ExtraColumn = ("skolkod", "ANNAN") });
                if (!isFixed) break;
                yield return ("okand-version", f => Unread(f, FindingCode.F04) with { Header = h => h.Replace(Layouts.Version, "RVF9", StringComparison.Ordinal) });
                yield return ("avbruten", f => Unread(f, FindingCode.F05) with { Trailer = _ => null });
                yield return ("fel-antal", f => Refused(f, FindingCode.F06) with { Trailer = t => t[..3] + "00000099" + t[11..] });
                yield return ("fel-summa", f => Refused(f, FindingCode.F07) with { Trailer = t => t[..11] + "00000000001" });
                yield return ("samma-lopnummer", f => Refused(f, FindingCode.F12) with { Sequence = 1 });
                break;
            case Slot.Results4:
                yield return ("lang-rad", f => Unread(f, FindingCode.F14) with { ExtraLine = new string('X', 10_050) });
                yield return ("mest-fel", f => Refused(f, FindingCode.F15));
                yield return ("skarp", f => Refused(f, FindingCode.F16) with { StatedEnvironment = "PROD", ExtraColumn = ("miljö", "PROD") });
                if (isFixed) break;
                // The misspelt column is unknown too.
                yield return ("felstavad-kolumn", f => Unread(f, FindingCode.F17, FindingCode.F19) with { Header = h => h.Replace("kurskod", "kurskodd", StringComparison.Ordinal) });
                yield return ("dubbel-kolumn", f => Unread(f, FindingCode.F18) with { ExtraColumn = ("kurs", "TE1000") });
                break;
        }
    }

    public static SampleFile Refused(SampleFile file, params FindingCode[] codes) => file with { Codes = codes, Refused = true };

    private static SampleFile Unread(SampleFile file, params FindingCode[] codes) => Refused(file, codes) with { NothingRead = true };

    /// <summary>What is in such a file.</summary>
    public static IEnumerable<PlannedRecord> RecordsOf(SampleFile file, Func<Story> newStory)
    {
        if (file.Raw is not null) return [];
        if (file.Kind == RecordKind.CourseOffering) return OneOffering(newStory());
        if (!file.Codes.Contains(FindingCode.F15)) return Registrations(newStory, Records);
        // Seven of twelve, two of them by a rule: those findings are told too.
        return Registrations(newStory, 5)
            .Concat(Registrations(newStory, 5).Select(r => r with { Expect = Expectation.Rejected(FindingCode.P03), Instead = [(FieldRole.Start, "")] }))
            .Concat(Registrations(newStory, 2).Select(r => r with
            {
                Record = (Registration)r.Record with { RegistrationDate = ReportingCalendar.SwedishDate(file.Arrival).AddDays(1) },
                Expect = Expectation.Rejected(FindingCode.R12),
            }));
    }

    /// <summary>Plain registrations, all in order.</summary>
    public static IEnumerable<PlannedRecord> Registrations(Func<Story> newStory, int count)
    {
        for (var i = 0; i < count; i++)
        {
            var story = newStory();
            yield return new PlannedRecord(Slot.Registrations1, story.First(story.Course(CourseType.Term)), Expectation.Delivered);
        }
    }

    private static IEnumerable<PlannedRecord> OneOffering(Story story) =>
        [new(Slot.Offerings, story.Course(CourseType.Short).Offering(0, story.Plan.Base), Expectation.Catalogue)];

    /// <summary>The number that stands in the name of a file that gets F20: one of the published ones, of nobody.</summary>
    public static string NameWithNumber(string name, Personnummer number) => string.Create(CultureInfo.InvariantCulture, $"{name}-{number.ToUnmaskedString()}");
}
