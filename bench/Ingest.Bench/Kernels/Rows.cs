using System.Text;
using Ingest.Formats;
using Ingest.Worker.Samples;

namespace Ingest.Bench.Kernels;

/// <summary>Registrations of as many students, all sound.</summary>
internal static class Rows
{
    public const int Count = 10_000;

    public static readonly DateOnly Arrival = TermPlan.DefaultBaseDate;

    public static readonly IReadOnlyList<Personnummer> Students = [.. Numbers()];

    public static IReadOnlyList<Registration> Registrations { get; } = [.. Students.Select((student, i) => new Registration
    {
        Student = student,
        CourseCode = "SF1624",
        OfferingCode = "V26",
        Type = RegistrationType.FFG,
        Extent = new Credits(750),
        Pace = 50,
        Start = Arrival,
        End = Arrival.AddDays(60),
        RegistrationDate = Arrival,
        EventId = $"id-{i}",
    })];

    public static byte[] FixedWidth() => Encoding.UTF8.GetBytes(string.Concat(
        FixedWidthWriter.Header(new FileHeader("KTH", "Ladok", 1, Arrival.ToDateTime(TimeOnly.MinValue), "TEST")) + "\n",
        string.Concat(Registrations.Select(r => FixedWidthWriter.Record(r) + "\n")),
        FixedWidthWriter.Trailer(Count, Registrations.Sum(r => r.Extent!.Value.Hundredths)) + "\n"));

    public static byte[] Csv() => Encoding.UTF8.GetBytes(CsvLines.Header(RecordKind.Registration) + "\n" + string.Concat(Registrations.Select(r => CsvLines.Record(r) + "\n")));

    private static IEnumerable<Personnummer> Numbers()
    {
        var numbers = new TestNumbers(Arrival);
        for (var i = 0; i < Count; i++) yield return numbers.At(i);
    }
}
