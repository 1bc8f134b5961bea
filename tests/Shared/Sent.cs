using CsCheck;
using Ingest.Formats;

namespace Ingest.Tests;

/// <summary>A record that a school sends, and where it comes when the same records are sent in another order and in other files.</summary>
/// <param name="Place">Lower comes earlier, as far as the order promise lets it.</param>
/// <param name="NewFile">A new file begins with it.</param>
/// <param name="Csv">That file is a CSV, which holds one kind.</param>
internal sealed record Sent(ReportRecord Record, int Place, bool NewFile, bool Csv)
{
    /// <summary>Fixed width, so that what a failed property prints can be dropped in a folder.</summary>
    public override string ToString() => FixedWidthWriter.Record(Record);
}

/// <summary>What is sent in two windows, the first of which has closed when the second begins.</summary>
/// <param name="Courses">Whether the school has a course catalogue.</param>
internal sealed record Case(bool Courses, IReadOnlyList<Sent> Before, IReadOnlyList<Sent> Now)
{
    /// <summary>
    /// The order promise (details.md 34): events that share a key or a händelse-id keep their order. Everything else goes where its
    /// <see cref="Sent.Place"/> says.
    /// </summary>
    public static List<Sent> Reordered(IReadOnlyList<Sent> sent)
    {
        var left = sent.ToList();
        var order = new List<Sent>();
        while (left.Count > 0)
        {
            var next = left.Where((s, i) => !left.Take(i).Any(earlier => KeepOrder(earlier.Record, s.Record))).MinBy(s => s.Place)!;
            order.Add(next);
            left.Remove(next);
        }
        return order;
    }

    private static bool KeepOrder(ReportRecord a, ReportRecord b) =>
        Key(a) == Key(b) || (a.EventId is { } id && b.EventId == id);

    /// <summary>formats.md, Keys.</summary>
    public static string Key(ReportRecord record) => record switch
    {
        Registration { Type: null or RegistrationType.FFG } r => $"{r.Student.Digits} FFG {r.CourseCode} {r.OfferingCode}",
        Registration r => $"{r.Student.Digits} {r.Type} {r.CourseCode} {r.OfferingCode} {r.Start:yyyyMMdd}",
        Interruption i => $"{i.Student.Digits} AVB {i.CourseCode} {i.OfferingCode}",
        Result r => $"{r.Student.Digits} RES {r.CourseCode} {r.ModuleCode} {r.ExaminationDate:yyyyMMdd}",
        CourseOffering o => $"KTF {o.CourseCode} {o.OfferingCode}",
        Module m => $"MOD {m.CourseCode} {m.ModuleCode}",
        _ => throw new ArgumentException("No such record."),
    };

    /// <summary>With each record left out in turn, the last first.</summary>
    public IEnumerable<Case> Smaller()
    {
        for (var i = Now.Count - 1; i >= 0 && Now.Count > 1; i--) yield return this with { Now = [.. Now.Take(i), .. Now.Skip(i + 1)] };
        for (var i = Before.Count - 1; i >= 0; i--) yield return this with { Before = [.. Before.Take(i), .. Before.Skip(i + 1)] };
    }
}

/// <summary>Records of so few students, courses, dates and ids that they meet all the time.</summary>
internal static class RandomRecords
{
    // Published test numbers (domain.md).
    private static readonly long[] Students = [199601012397, 198802292394, 200002292399];

    // Window dates are 24 and 25 November 2026: one period is over then, the other is not.
    private static readonly DateOnly Autumn = new(2026, 8, 31), Late = new(2026, 11, 2), Over = new(2026, 11, 20), Year = new(2027, 1, 17);

    /// <summary>What one student's events may be.</summary>
    public static Gen<Case> OfOneStudent { get; } = Cases(Gen.Const(Students[0]), catalogue: false);

    /// <summary>Several students who may share a händelse-id, and the catalogue's records among theirs.</summary>
    public static Gen<Case> OfSeveral { get; } = Cases(Gen.OneOf(Students), catalogue: true);

    private static Gen<Case> Cases(Gen<long> student, bool catalogue)
    {
        var records = Gen.Select(Record(student, catalogue), Gen.Int[0, 999], Gen.Int[0, 2], Gen.Bool, (r, place, file, csv) => new Sent(r, place, file == 0, csv));
        return Gen.Select(Gen.Bool, records.Array[0, 8], records.Array[1, 14], (courses, before, now) => new Case(courses, before, now));
    }

    private static Gen<ReportRecord> Record(Gen<long> student, bool catalogue)
    {
        var course = Gen.Frequency((3, "KEMA01"), (1, "FYSA01"));
        var offering = Gen.OneOf("H1", "H2", "H3");
        var module = Gen.OneOf("M1", "M2");
        // Whole hp in a B are stated, so that R41 occurs; most removals state nothing but the key.
        var action = Gen.Frequency((13, (ReportAction.N, true)), (5, (ReportAction.B, false)), (2, (ReportAction.B, true)));
        var id = Gen.Frequency<string?>((4, null), (2, "h-å1"), (1, "H-Å1"), (2, "h2"), (2, "h3"), (1, "h4"));
        var who = Gen.Select(student, course, offering, action, id);

        var registration = Gen.Select(who, Gen.Frequency((5, RegistrationType.FFG), (1, RegistrationType.FO), (1, RegistrationType.OM)), Gen.OneOf(1500L, 3000L),
            Gen.OneOf(Autumn, Late), Gen.OneOf(Over, Year), Gen.OneOf(24, 25), (w, type, hp, start, end, day) => (ReportRecord)new Registration
            {
                Student = Personnummer.FromStorage(w.Item1),
                CourseCode = w.Item2,
                OfferingCode = w.Item3,
                Action = w.Item4.Item1,
                EventId = w.Item5,
                Type = type,
                Extent = w.Item4.Item2 ? new Credits(hp) : null,
                Pace = w.Item4.Item2 ? 100 : null,
                Start = w.Item4.Item2 || type != RegistrationType.FFG ? start : null,
                End = w.Item4.Item2 ? end : null,
                RegistrationDate = w.Item4.Item2 ? new DateOnly(2026, 8, day) : null,
            });
        var interruption = Gen.Select(who, Gen.Enum<InterruptionType>(), Gen.OneOf(new DateOnly(2026, 8, 20), new DateOnly(2026, 10, 5)), (w, type, date) => (ReportRecord)new Interruption
        {
            Student = Personnummer.FromStorage(w.Item1),
            CourseCode = w.Item2,
            OfferingCode = w.Item3,
            Action = w.Item4.Item1,
            EventId = w.Item5,
            Type = w.Item4.Item2 ? type : null,
            Date = w.Item4.Item2 ? date : null,
        });
        var result = Gen.Select(who, Gen.OneOf("M1", "M2", null), Gen.OneOf(("U", 0L), ("G", 750L), ("VG", 750L), ("G", 1500L)),
            Gen.OneOf(new DateOnly(2026, 8, 20), new DateOnly(2026, 11, 2), new DateOnly(2026, 11, 3)), Gen.Int[0, 7], (w, part, mark, date, rare) => (ReportRecord)new Result
            {
                Student = Personnummer.FromStorage(w.Item1),
                CourseCode = w.Item2,
                OfferingCode = rare > 4 ? w.Item3 : null,
                Action = w.Item4.Item1,
                EventId = w.Item5,
                ModuleCode = part,
                Credits = w.Item4.Item2 ? new Credits(mark.Item2) : null,
                Grade = w.Item4.Item2 ? mark.Item1 : null,
                ExaminationDate = date,
                CreditTransfer = w.Item4.Item2 && rare == 0,
            });
        var given = Gen.Select(course, offering, module, action, Gen.OneOf(750L, 1500L, 3000L), Gen.Bool);
        var ktf = given.Select(g => (ReportRecord)new CourseOffering
        {
            CourseCode = g.Item1,
            OfferingCode = g.Item2,
            Action = g.Item4.Item1,
            Title = g.Item4.Item2 ? "Allmän kemi" : null,
            Extent = g.Item4.Item2 ? new Credits(g.Item5) : null,
            Pace = g.Item4.Item2 ? 100 : null,
            Start = g.Item4.Item2 ? Autumn : null,
            End = g.Item4.Item2 ? g.Item6 ? Over : Year : null,
        });
        var mod = given.Select(g => (ReportRecord)new Module
        {
            CourseCode = g.Item1,
            ModuleCode = g.Item3,
            Action = g.Item4.Item1,
            Title = g.Item4.Item2 ? "Laboration" : null,
            Extent = g.Item4.Item2 ? new Credits(g.Item5) : null,
        });
        return catalogue
            ? Gen.Frequency((8, registration), (3, interruption), (5, result), (4, ktf), (1, mod))
            : Gen.Frequency((8, registration), (3, interruption), (5, result));
    }
}
