using System.Globalization;
using Ingest.Formats;

namespace Ingest.Rules.Tests;

/// <summary>
/// A judgement as a table that reads like its source: one event a line, in order of arrival, and after <c>=></c> what becomes of it.
/// <code>
/// standing FFG O1                => past
/// B FFG O1                       => netted K43
/// N FFG O2 reg=2026-08-25        => delivered N
/// </code>
/// An event is <c>[standing | past N | past B | w1 | w2] N|B kind part name=value…</c>; the kind FFG, FO, OM (the part is the offering),
/// AVB (offering) or RES (module, <c>-</c> for the whole course). What an N leaves out is filled in with the defaults below; what a B
/// leaves out, beside its key, is blank. <c>name=?</c> leaves an N's field blank.
/// The rules that only warn or inform about what other records say (R05, R14, R15, R22, R35) would stand in nearly every table:
/// <see cref="Gives"/> leaves them out, <see cref="Tells"/> does not. What is <c>under=old</c> or <c>under=older</c> was reported under another number
/// of the same person, which an operator has linked.
/// A verdict is outcome, the row it is delivered as (N, B, Ä, or - for none of its own), codes. An event that is not judged in the last
/// window has no verdict: its state may stand there instead.
/// </summary>
internal static class Window
{
    /// <summary>w1, in which events are unless they say otherwise; a Wednesday.</summary>
    public static readonly DateOnly First = new(2026, 11, 25);

    /// <summary>w2.</summary>
    public static readonly DateOnly Second = new(2026, 11, 26);

    /// <summary>Where what is standing or past was judged.</summary>
    private static readonly DateOnly Before = new(2026, 10, 1);

    /// <summary>Three of Skatteverket's published test numbers.</summary>
    private static readonly Personnummer Student = Personnummer.FromStorage(199601012397), Old = Personnummer.FromStorage(199601022388), Older = Personnummer.FromStorage(198608892389);

    /// <param name="Key">What the specification calls the record's key, for keeping the order of one key's events.</param>
    /// <param name="Expected">Null where the table says nothing.</param>
    internal sealed record Line(string Text, StudentEvent Event, string Key, string? Expected)
    {
        public Verdict? Verdict { get; set; }

        public string Got(Func<FindingCode, bool> told) => Verdict is { } v ? Said(v, told) : Event.State.ToString().ToLowerInvariant();
    }

    /// <summary>The one finding of this code that the line's verdict has.</summary>
    public static Finding Only(Line line, FindingCode code)
    {
        var findings = line.Verdict!.Findings.Where(f => f.Code == code).ToList();
        Assert.That(findings, Has.Count.EqualTo(1));
        Assert.That(findings[0].Line, Is.EqualTo(line.Event.Line));
        return findings[0];
    }

    /// <summary>Holds that each event of the table becomes what the table says.</summary>
    public static void Gives(string table, CourseCatalogue? courses = null, DateOnly? until = null) =>
        Compare(Judge(Read(table), courses, until), Held);

    /// <summary>The same with every code.</summary>
    public static void Tells(string table, CourseCatalogue? courses = null) => Compare(Judge(Read(table), courses, null), _ => true);

    /// <summary>Both, in every order of arrival that keeps the events of one key in theirs.</summary>
    public static void TellsInAnyOrder(string table, CourseCatalogue? courses = null) => InAnyOrder(table, courses, _ => true);

    private static bool Held(FindingCode code) => code is not (FindingCode.R05 or FindingCode.R14 or FindingCode.R15 or FindingCode.R22 or FindingCode.R35);

    /// <summary>The same in every order of arrival that keeps the events of one key in theirs.</summary>
    public static void GivesInAnyOrder(string table, CourseCatalogue? courses = null) => InAnyOrder(table, courses, Held);

    private static void InAnyOrder(string table, CourseCatalogue? courses, Func<FindingCode, bool> told)
    {
        var count = Read(table).Count(l => l.Event.State == EventState.Pending);
        var tried = 0;
        foreach (var order in Orders(count))
        {
            var lines = Read(table);
            var known = lines.TakeWhile(l => l.Event.State != EventState.Pending).ToList();
            var pending = order.Select(i => lines[known.Count + i]).ToList();
            if (!pending.GroupBy(l => l.Key).All(g => g.Select(l => l.Event.Line).SequenceEqual(g.Select(l => l.Event.Line).Order()))) continue;
            tried++;
            Compare(Judge([.. known, .. pending], courses, null), told);
        }
        Assert.That(tried, Is.GreaterThan(1), "a table with only one order shows nothing");
    }

    /// <summary>Judges the table and hands back its lines with their verdicts.</summary>
    public static List<Line> Judge(string table, CourseCatalogue? courses = null) => Judge(Read(table), courses, null);

    /// <summary>The rows that a table's judgement hands on, without where they came from.</summary>
    public static List<string> Delivers(string table, CourseCatalogue? courses = null) =>
        [.. Judge(table, courses)
            .Where(l => l.Verdict is { DeliveredAs: not DeliveredAs.Nothing })
            .Select(l => $"{l.Verdict!.DeliveredAs} {l.Event.Record}")
            .Order(StringComparer.Ordinal)];

    /// <summary>One record, written as in a table.</summary>
    public static StudentRecord Record(string text) => new Words(text).ReadRecord();

    /// <summary>A catalogue from lines like <c>KTF KEMA01 O1 30 2026-08-31..2027-01-17</c> and <c>MOD KEMA01 M1 7,5</c>; a leading <c>B</c> ends one.</summary>
    public static CourseCatalogue Courses(params string[] lines)
    {
        var catalogue = new CourseCatalogue();
        foreach (var line in lines) Assert.That(catalogue.Apply(CourseRecord(line)), Is.Null, line);
        return catalogue;
    }

    public static ReportRecord CourseRecord(string text)
    {
        var words = text.Split(' ', StringSplitOptions.RemoveEmptyEntries).ToList();
        var action = words[0] == "B" ? ReportAction.B : ReportAction.N;
        if (words[0] is "B" or "N") words.RemoveAt(0);
        var dates = words.ElementAtOrDefault(4)?.Split("..");
        Credits? extent = words.Count > 3 ? Hp(words[3]) : null;
        return words[0] switch
        {
            "KTF" => new CourseOffering
            {
                Action = action,
                CourseCode = words[1],
                OfferingCode = words[2],
                Extent = extent,
                Title = action == ReportAction.N ? "Allmän kemi" : null,
                Pace = action == ReportAction.N ? 100 : null,
                Start = dates is null ? null : Date(dates[0]),
                End = dates is null ? null : Date(dates[1]),
            },
            "MOD" => new Module
            {
                Action = action,
                CourseCode = words[1],
                ModuleCode = words[2],
                Extent = extent,
                Title = action == ReportAction.N ? "Laboration" : null,
            },
            _ => throw new ArgumentException($"No kind in '{text}'."),
        };
    }

    public static Credits Hp(string text) => new((long)(decimal.Parse(text.Replace(',', '.'), CultureInfo.InvariantCulture) * 100));

    public static DateOnly Date(string text) => DateOnly.ParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static List<Line> Judge(List<Line> lines, CourseCatalogue? courses, DateOnly? until)
    {
        var verdicts = StudentJudgement.Judge(_ => courses, RuleTerms.Default, [.. lines.Select(l => l.Event)], until ?? lines.Max(l => l.Event.Window));
        foreach (var line in lines) line.Verdict = verdicts.SingleOrDefault(v => ReferenceEquals(v.Event, line.Event));
        Assert.That(lines.Count(l => l.Verdict is not null), Is.EqualTo(verdicts.Count), "every verdict is about one of the events, each once");
        return lines;
    }

    private static void Compare(List<Line> lines, Func<FindingCode, bool> told)
    {
        var width = lines.Max(l => l.Text.Length);
        foreach (var line in lines.Where(l => l.Verdict is not null)) Assert.That(line.Expected, Is.Not.Null, $"'{line.Text}' is judged, so the table must say how");
        Assert.That(Table(l => l.Got(told)), Is.EqualTo(Table(l => l.Expected!)), "the judgement gave\n" + Table(l => l.Got(told)));

        string Table(Func<Line, string> right) =>
            string.Join('\n', lines.Select(l => l.Text.PadRight(width) + (l.Expected is null ? "" : " => " + right(l))));
    }

    private static string Said(Verdict verdict, Func<FindingCode, bool> told)
    {
        var row = verdict.DeliveredAs switch
        {
            DeliveredAs.New => "N",
            DeliveredAs.Removal => "B",
            DeliveredAs.Change => "Ä",
            _ => verdict.Outcome == Outcome.Delivered ? "-" : null,
        };
        string?[] words = [verdict.Outcome.ToString().ToLowerInvariant(), row, .. verdict.Findings.Select(f => f.Code).Where(told).Order().Select(c => c.ToString())];
        return string.Join(' ', words.Where(w => w is not null));
    }

    private static List<Line> Read(string table)
    {
        var lines = new List<Line>();
        foreach (var raw in table.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var halves = raw.Split("=>", StringSplitOptions.TrimEntries);
            var words = new Words(halves[0]);
            var (state, window) = words.ReadPlace();
            var record = words.ReadRecord();
            lines.Add(new Line(halves[0], new StudentEvent(record, FileId.Of(window, 1), lines.Count + 1, window, state) { Person = Student }, KeyOf(record), halves.ElementAtOrDefault(1)));
        }
        return lines;
    }

    // formats.md, Keys.
    private static string KeyOf(StudentRecord record) => record switch
    {
        Registration { Type: RegistrationType.FFG } r => $"FFG {r.CourseCode} {r.OfferingCode}",
        Registration r => $"{r.Type} {r.CourseCode} {r.OfferingCode} {r.Start:yyyy-MM-dd}",
        Interruption i => $"AVB {i.CourseCode} {i.OfferingCode}",
        Result r => $"RES {r.CourseCode} {r.ModuleCode} {r.ExaminationDate:yyyy-MM-dd}",
        _ => throw new ArgumentException("not about a student"),
    };

    private static IEnumerable<int[]> Orders(int count)
    {
        if (count == 0) return [[]];
        return Orders(count - 1).SelectMany(shorter => Enumerable.Range(0, count).Select(at => (int[])[.. shorter[..at], count - 1, .. shorter[at..]]));
    }

    /// <summary>The words of one event.</summary>
    private sealed class Words(string text)
    {
        private readonly Queue<string> words = new(text.Split(' ', StringSplitOptions.RemoveEmptyEntries));
        private readonly Dictionary<string, string> values = [];
        private ReportAction action;

        public (EventState State, DateOnly Window) ReadPlace()
        {
            switch (words.Peek())
            {
                case "standing": words.Dequeue(); return (EventState.Standing, Before);
                case "past": words.Dequeue(); return (EventState.Past, Before);
                case "w1": words.Dequeue(); return (EventState.Pending, First);
                case "w2": words.Dequeue(); return (EventState.Pending, Second);
                default: return (EventState.Pending, First);
            }
        }

        public StudentRecord ReadRecord()
        {
            if (words.Peek() is "N" or "B") action = Enum.Parse<ReportAction>(words.Dequeue());
            var kind = words.Dequeue();
            var part = words.Dequeue();
            foreach (var word in words)
            {
                var pair = word.Split('=');
                values.Add(pair[0], pair[1]);
            }
            StudentRecord record = kind switch
            {
                "AVB" => new Interruption { OfferingCode = part, Type = Value<InterruptionType>("type", "A"), Date = Day("date", "2026-10-05") },
                "RES" => new Result
                {
                    ModuleCode = part == "-" ? null : part,
                    OfferingCode = values.Remove("on", out var offering) ? offering : null,
                    Credits = Points("hp", "7,5"),
                    Grade = Text("grade", "G"),
                    ExaminationDate = Day("date", "2026-11-02", inKey: true),
                    CreditTransfer = values.Remove("transfer"),
                },
                _ => ReadRegistration(Enum.Parse<RegistrationType>(kind), part),
            };
            var number = values.Remove("under", out var under) ? under == "old" ? Old : Older : Student;
            record = record with { Action = action, Student = number, CourseCode = values.Remove("course", out var course) ? course : "KEMA01" };
            if (values.Remove("id", out var id)) record = record with { EventId = id };
            return values.Count == 0 ? record : throw new ArgumentException($"Not understood in '{text}': {string.Join(' ', values.Keys)}.");
        }

        private Registration ReadRegistration(RegistrationType type, string offering) => new()
        {
            Type = type,
            OfferingCode = offering,
            Extent = Points("hp", "30"),
            Pace = Text("pace", "100") is { } pace ? int.Parse(pace, CultureInfo.InvariantCulture) : null,
            Start = Day("from", "2026-08-31", inKey: type != RegistrationType.FFG),
            End = Day("to", "2027-01-17"),
            RegistrationDate = Day("reg", "2026-08-24"),
        };

        private string? Text(string name, string otherwise, bool inKey = false)
        {
            if (!values.Remove(name, out var value)) value = action == ReportAction.N || inKey ? otherwise : "?";
            return value == "?" ? null : value;
        }

        private T? Value<T>(string name, string otherwise) where T : struct, Enum => Text(name, otherwise) is { } value ? Enum.Parse<T>(value) : null;

        private Credits? Points(string name, string otherwise) => Text(name, otherwise) is { } value ? Hp(value) : null;

        private DateOnly? Day(string name, string otherwise, bool inKey = false) => Text(name, otherwise, inKey) is { } value ? Date(value) : null;
    }
}
