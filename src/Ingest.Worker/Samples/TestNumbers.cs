using System.Globalization;
using Ingest.Formats;

namespace Ingest.Worker.Samples;

/// <summary>
/// Personnummer that nobody has: Skatteverket's published test numbers have the birth numbers 238, 239, 980 and 981, so any date with
/// one of these and its check digit will do. Adults come first, then the old, then samordningsnummer.
/// </summary>
internal sealed class TestNumbers
{
    private static readonly string[] BirthNumbers = ["238", "239", "980", "981"];

    // Coprime with every count of dates times four below: neighbours in a file are not neighbours in age.
    private const long Step = 1_000_003;

    private readonly List<(DateOnly First, int Days, int DayShift)> tiers = [];

    public TestNumbers(DateOnly baseDate)
    {
        var youngest = new DateOnly(baseDate.Year - 19, 12, 31);
        var middle = new DateOnly(baseDate.Year - 61, 1, 1);
        var oldest = new DateOnly(Math.Max(1800, baseDate.Year - 125), 1, 1);
        foreach (var shift in new[] { 0, 60 })
        {
            tiers.Add((middle, youngest.DayNumber - middle.DayNumber + 1, shift));
            tiers.Add((oldest, middle.DayNumber - oldest.DayNumber, shift));
        }
    }

    public long Count => tiers.Sum(t => t.Days * 4L);

    /// <summary>The number of one student of a school, 0 to <see cref="Count"/> - 1; all differ.</summary>
    public Personnummer At(long index)
    {
        foreach (var (first, days, shift) in tiers)
        {
            if (index >= days * 4L)
            {
                index -= days * 4L;
                continue;
            }
            var at = index * Step % (days * 4L);
            return Of(first.AddDays((int)(at / 4)), shift, BirthNumbers[at % 4]);
        }
        throw new ArgumentOutOfRangeException(nameof(index), "There are no more test numbers.");
    }

    private static Personnummer Of(DateOnly born, int dayShift, string birthNumber)
    {
        var nine = string.Create(CultureInfo.InvariantCulture, $"{born.Year % 100:00}{born.Month:00}{born.Day + dayShift:00}{birthNumber}");
        var digits = string.Create(CultureInfo.InvariantCulture, $"{born.Year / 100:00}{nine}{Personnummer.Luhn(nine)}");
        return Personnummer.FromStorage(long.Parse(digits, CultureInfo.InvariantCulture));
    }

    /// <summary>The number written with ten digits, so that its century has to be worked out (P13).</summary>
    public static string TenDigits(Personnummer number, DateOnly arrival)
    {
        var twelve = number.ToUnmaskedString();
        return twelve[2..8] + (number.Year <= arrival.Year - 100 ? "+" : "-") + twelve[8..];
    }
}
