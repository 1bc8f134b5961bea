using System.IO.Abstractions;
using System.Text.Json;
using Ingest.Formats;
using Ingest.Worker.Samples;

namespace Ingest.Bench;

/// <summary>Files of plain registrations, all in order, and the register of the schools that send them: of students alone, so that no course has to be told first.</summary>
internal sealed class Registrations(string folder, DateOnly termStart)
{
    private static readonly FileSystem Files = new();
    private static readonly string[] Services = ["StudentReporting"];

    private readonly TermPlan plan = new(termStart);
    private readonly TestNumbers numbers = new(termStart);
    private readonly Dictionary<string, int> sequences = [];

    public static void WriteSchools(string folder, IEnumerable<string> codes) => Files.File.WriteAllBytes(Files.Path.Combine(folder, "schools.json"), JsonSerializer.SerializeToUtf8Bytes(new
    {
        schools = codes.Select(code => new { code, name = code, fileReporting = true, services = Services, profile = (string?)null, doneFile = false, language = "sv", contact = code }),
    }));

    /// <summary>The school's next file, fixed width: each student on one course, then each on the next.</summary>
    /// <param name="from">Rows of a longer file that are passed over.</param>
    /// <returns>The file, at its <see cref="SampleFile.Path"/> in the folder.</returns>
    public SampleFile Write(string school, DateTimeOffset arrival, long rows, int firstCourse = 0, long from = 0)
    {
        var sequence = sequences[school] = sequences.GetValueOrDefault(school) + 1;
        var file = new SampleFile(school, $"{sequence:0000}.txt", 0, arrival, RecordKind.Registration, FileShape.FixedWidth, sequence);
        Files.Directory.CreateDirectory(Files.Path.Combine(folder, school));
        var expected = Files.Path.Combine(folder, "expected");
        using (var output = new FileOutput(Files, folder, expected, file, new SampleRandom(0)))
        {
            var random = new SampleRandom((ulong)sequence);
            for (var row = from; row < from + rows; row++)
            {
                var course = SampleCourse.Make(CourseType.Term, firstCourse + (int)(row / numbers.Count), plan.Base);
                var student = numbers.At(row % numbers.Count);
                output.Write(new PlannedRecord(Slot.Registrations1, new Story(plan, random, [course], () => student).First(course), Expectation.Delivered));
            }
            output.Finish();
        }
        Files.File.Delete(expected);
        return file;
    }
}
