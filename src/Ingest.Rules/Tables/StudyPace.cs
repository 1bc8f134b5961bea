using System.Globalization;
using Ingest.Formats;

namespace Ingest.Rules.Tables;

/// <summary>
/// What pace hp and time come to, and what class of support that pace gives. Full time is 1,5 hp a week, 60 hp a year.
/// </summary>
internal static class StudyPace
{
    private static readonly DateOnly StudyAidAct = new(2001, 7, 1);

    /// <summary>hp of one full-time week, in hundredths.</summary>
    public static readonly IReadOnlyList<Dated<int>> FullTimeWeek =
        [new(StudyAidAct, 150, "csn.se, heltid och deltid: 1,5 hp i veckan; 60 hp per läsår")];

    /// <summary>How far, in per cent of the reported pace, the computed one may lie from it.</summary>
    public static readonly IReadOnlyList<Dated<int>> Tolerance =
        [new(StudyAidAct, 14, "csn.se, heltid och deltid: tiden får vara högst 14 % längre än poängen motsvarar")];

    /// <summary>The least computed pace, in per cent, of each class, highest first. Below the last nothing is given.</summary>
    public static readonly IReadOnlyList<Dated<(int From, int Class)[]>> Classes =
        [new(StudyAidAct, [(86, 100), (75, 75), (50, 50)], "3 kap. 14 § studiestödslagen (1999:1395); csn.se, heltid och deltid, med toleransen 14 %")];

    /// <param name="Hundredths">The pace in hundredths of a per cent, rounded down.</param>
    /// <param name="Agrees">Whether a reported pace lies within the tolerance of it.</param>
    /// <param name="Class">100, 75, 50, or 0 for none.</param>
    public readonly record struct Computed(bool Agrees, long Hundredths, int Class)
    {
        /// <summary>In whole per cent, rounded down as the classes are.</summary>
        public string Percent => (Hundredths / 100).ToString(CultureInfo.InvariantCulture);
    }

    /// <summary>The pace of <paramref name="extent"/> over a period, both ends counted; whole numbers throughout, so that a bound is a bound.</summary>
    public static Computed Of(Credits extent, DateOnly start, DateOnly end, int reported)
    {
        long days = end.DayNumber - start.DayNumber + 1;
        long fullTime = FullTimeWeek.On(start);
        // 100 x hp / (hp of a full-time week x days / 7)
        var (numerator, denominator) = (100 * extent.Hundredths * 7, fullTime * days);
        var tolerance = Tolerance.On(start);
        var agrees = numerator * 100 >= (100 - tolerance) * denominator * reported && numerator * 100 <= (100 + tolerance) * denominator * reported;
        return new Computed(agrees, numerator * 100 / denominator, ClassOf(Classes.On(start), numerator, denominator));
    }

    private static int ClassOf((int From, int Class)[] classes, long numerator, long denominator)
    {
        foreach (var (from, given) in classes)
            if (numerator >= from * denominator) return given;
        return 0;
    }
}
