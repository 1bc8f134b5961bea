using System.Globalization;
using System.IO.Abstractions;
using System.Text;
using System.Text.Json;
using Ingest.Formats;
using Ingest.Worker.Receipts;

namespace Ingest.Worker.Samples;

/// <summary>
/// Writes a term of files as schools would hand them in, and what is to come of every record, known from how it was made: no reader,
/// rule or pipeline has a say in it. One pass, all files side by side.
/// </summary>
internal sealed class SampleFiles(IFileSystem files, SampleOptions options)
{
    private const string PartsFolder = ".expected";
    private const int RowsPerCourse = 2_000, MostCoursesOfType = 40, LeastCoursesOfType = 2;
    private const int RowsForEveryFault = 2_000;
    private const int RowsOfRepeatedFile = 12;

    private static readonly Action<Story>[] Faults = [.. FormatFaults.All, .. RuleFaults.All, .. WarningFaults.All, .. CutoffFaults.All];

    private readonly TermPlan plan = new(options.BaseDate);
    private readonly TestNumbers numbers = new(options.BaseDate);
    private readonly SampleRandom random = new(options.Seed);
    // What is in one shape only must not change what comes after it in both.
    private readonly SampleRandom randomApart = new(~options.Seed);
    private readonly List<FileOutput> outputs = [];

    /// <summary>When which file comes (its path in the folder), and when windows close (null), in order. Known once it is written.</summary>
    public IEnumerable<(DateTimeOffset At, SampleFile? File)> Steps => outputs.Select(o => (o.File.Arrival, (SampleFile?)o.File))
        .Concat(plan.Windows.Select((_, i) => (plan.ClosesAt(i), (SampleFile?)null))).OrderBy(s => s.Item1);

    private bool WithFaults => options.Faults > 0;

    private string Parts => files.Path.Combine(options.Out, PartsFolder);

    /// <returns>How many files and how many records about students.</returns>
    public (int Files, long Records) Write()
    {
        files.Directory.CreateDirectory(Parts);
        try
        {
            var coursesOfType = (int)Math.Clamp(options.Rows / RowsPerCourse, LeastCoursesOfType, MostCoursesOfType);
            var schools = options.Schools.Select(code => new SampleSchool(code, plan, numbers, coursesOfType)).ToList();
            var (noCatalogue, onPaper) = (Unused("HÖS"), Unused("PAPPER"));
            WriteRegister(noCatalogue, onPaper);
            for (var i = 0; i < schools.Count; i++) Open(schools[i], i);
            foreach (var school in schools) school.WriteCatalogue(WithFaults);
            var records = WriteStories(schools);
            if (WithFaults) WriteOtherSchools(noCatalogue, onPaper, coursesOfType, schools.Count);
            foreach (var output in outputs) output.Finish();
            var inOrder = outputs.OrderBy(o => o.File.Arrival).ThenBy(o => o.File.Path, StringComparer.Ordinal);
            ExpectedJson.Write(files, files.Path.Combine(options.Out, ExpectedJson.Name), inOrder, plan, options);
            return (outputs.Count, records);
        }
        finally
        {
            foreach (var output in outputs) output.Dispose();
            files.Directory.Delete(Parts, recursive: true);
        }
    }

    private string Unused(string code) => options.Schools.Contains(code) ? Unused(code[..^1] + (char)(code[^1] % 26 + 'A')) : code;

    private static readonly string[] BothServices = ["StudentReporting", "CourseCatalogue"];

    private void WriteRegister(string noCatalogue, string onPaper)
    {
        var schools = options.Schools.Select(code => (Code: code, Services: BothServices, FileReporting: true)).ToList();
        if (WithFaults) schools.AddRange([(noCatalogue, BothServices[..1], true), (onPaper, [], false)]);
        using var stream = files.FileStream.New(files.Path.Combine(options.Out, "schools.json"), FileMode.CreateNew);
        JsonSerializer.Serialize(stream, new
        {
            schools = schools.Select(s => new
            {
                code = s.Code,
                name = $"Exempelskolan {s.Code} (påhittad)",
                fileReporting = s.FileReporting,
                services = s.Services,
                profile = (string?)null,
                doneFile = false,
                language = "sv",
                contact = $"Kontaktperson för {s.Code}",
            }),
        }, Indented);
        stream.WriteByte((byte)'\n');
    }

    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, NewLine = "\n", Encoder = ReceiptJson.Readable.Encoder };

    // --- The files of a school, in order of arrival.

    private void Open(SampleSchool school, int index)
    {
        files.Directory.CreateDirectory(files.Path.Combine(options.Out, school.Code));
        var (number, window, position, sequence) = (0, 0, 0, 1);
        foreach (var slot in TermPlan.Slots)
        {
            // A file never came: its löpnummer is missing (F13). CSV has none, and gets a column that nobody knows (F19).
            var gap = WithFaults && slot.Slot == Slot.Results2;
            if (gap) sequence++;
            var parts = slot.Parts(options.Rows / options.Schools.Count, options.RowsPerFile);
            var ofSlot = new List<FileOutput>();
            school.Outputs.Add(slot.Slot, ofSlot);
            for (var part = 1; part <= parts; part++)
            {
                var file = Next(slot.Kind, parts == 1 ? slot.Name : $"{slot.Name}-del-{part}", slot.Window);
                if (gap) file = file with { Codes = [options.Shape == FileShape.FixedWidth ? FindingCode.F13 : FindingCode.F19], ExtraColumn = ("anteckning", "klar") };
                ofSlot.Add(Add(AsWritten(file, slot.Slot)));
                sequence++;
            }
            if (slot.Slot == Slot.Registrations2) Repeated(slot.Window);
            if (!WithFaults) continue;
            if (slot.Slot == Slot.Results3)
            {
                var named = Next(RecordKind.Registration, OddFiles.NameWithNumber("registrering", numbers.At(0)), slot.Window);
                Fill(named with { Codes = [FindingCode.F20] }, OddFiles.Registrations(() => school.NewStoryApart(random), 1));
                sequence++;
            }
            if (index > 0) continue;
            // What is refused uses no löpnummer.
            foreach (var (name, odd) in OddFiles.After(slot.Slot, options.Shape))
            {
                var refused = odd(Next(RecordKind.Registration, name, slot.Window));
                Fill(refused, OddFiles.RecordsOf(refused, () => school.NewOddStory(randomApart)));
            }
        }

        SampleFile Next(RecordKind kind, string name, int inWindow)
        {
            if (inWindow != window) (window, position) = (inWindow, 0);
            number++;
            return new SampleFile(school.Code, FileName(number, name), window, plan.Arrival(window, position++, index), kind, options.Shape, sequence);
        }

        // The same file handed in twice, byte for byte.
        void Repeated(int inWindow)
        {
            var records = OddFiles.Registrations(() => school.NewStoryApart(random), RowsOfRepeatedFile).ToList();
            var first = Next(RecordKind.Registration, "registreringar-distans", inWindow);
            Fill(first, records);
            var again = Next(RecordKind.Registration, "registreringar-distans-igen", inWindow);
            Fill(again with { Duplicate = true, Header = _ => HeaderOf(first) }, records);
            sequence++;
        }
    }

    private string HeaderOf(SampleFile file) => options.Shape == FileShape.Csv ? CsvLines.Header(file.Kind) : FileOutput.HeaderOf(file);

    private string FileName(int number, string name) =>
        string.Create(CultureInfo.InvariantCulture, $"{number:0000}-{name}{(options.Shape == FileShape.Csv ? ".csv" : ".txt")}");

    // The encodings that the format allows are met, and in CSV other names for the columns; the same slots in both shapes.
    private static SampleFile AsWritten(SampleFile file, Slot slot) => slot switch
    {
        Slot.Modules => file with { Encoding = Encoding.Latin1 },
        Slot.Registrations2 => file with { Encoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: true) },
        Slot.Results2 => file with { Encoding = Encoding.Unicode },
        Slot.Interruptions2 => file with { Header = h => h.Replace("personnummer", "Pnr", StringComparison.Ordinal).Replace("avbrottsdatum", "DATUM", StringComparison.Ordinal) },
        _ => file,
    };

    private FileOutput Add(SampleFile file)
    {
        var order = new SampleRandom(unchecked(options.Seed + (ulong)outputs.Count));
        var output = new FileOutput(files, options.Out, files.Path.Combine(Parts, outputs.Count.ToString(CultureInfo.InvariantCulture)), file, order);
        outputs.Add(output);
        return output;
    }

    private void Fill(SampleFile file, IEnumerable<PlannedRecord> records)
    {
        var output = Add(file);
        foreach (var record in records) output.Write(record);
    }

    // --- What is in them.

    private long WriteStories(List<SampleSchool> schools)
    {
        // A small share still lets each fault come once, when there are rows enough for that.
        var share = options.Faults;
        if (WithFaults && options.Rows >= RowsForEveryFault) share = Math.Max(share, 1.2 * Faults.Length / options.Rows);
        var faults = new Queue<Action<Story>>(Faults);
        long rows = 0, faulty = 0;
        for (var number = 0; rows < options.Rows; number++)
        {
            var school = schools[number % schools.Count];
            var story = WithFaults && faulty < share * rows ? FaultyStory(school, faults) : null;
            if (story is null)
            {
                story = school.NewStory(random);
                if (number < OrdinaryStories.Count) OrdinaryStories.Tell(story, number);
                else OrdinaryStories.Tell(story);
                school.TryWrite(story);
            }
            rows += story.Records.Count;
            faulty += story.Records.Count(r => r.Faulty);
        }
        return rows;
    }

    /// <summary>The next fault in turn that the files can take; null when none can now.</summary>
    private Story? FaultyStory(SampleSchool school, Queue<Action<Story>> faults)
    {
        for (var tries = 0; tries < faults.Count; tries++)
        {
            var tell = faults.Dequeue();
            faults.Enqueue(tell);
            var story = school.NewStory(random);
            tell(story);
            if (school.TryWrite(story)) return story;
        }
        return null;
    }

    /// <summary>A school without the course catalogue service (F10), and one that does not report by file (F09).</summary>
    private void WriteOtherSchools(string noCatalogue, string onPaper, int coursesOfType, int index)
    {
        var school = new SampleSchool(noCatalogue, plan, numbers, coursesOfType);
        var paper = new SampleSchool(onPaper, plan, numbers, coursesOfType);
        foreach (var code in new[] { noCatalogue, onPaper }) files.Directory.CreateDirectory(files.Path.Combine(options.Out, code));
        var first = new SampleFile(noCatalogue, FileName(1, "registreringar"), 0, plan.Arrival(0, 0, index), RecordKind.Registration, options.Shape, 1);
        Fill(first, OddFiles.Registrations(() => school.NewStoryApart(random), RowsOfRepeatedFile));
        var offering = OddFiles.Refused(first with { Name = FileName(2, "kurstillfallen"), Arrival = plan.Arrival(0, 1, index), Kind = RecordKind.CourseOffering, Sequence = 2 }, FindingCode.F10);
        Fill(offering, OddFiles.RecordsOf(offering, () => school.NewStoryApart(random)));
        var closed = OddFiles.Refused(first with { School = onPaper, Arrival = plan.Arrival(0, 0, index + 1) }, FindingCode.F09) with { NothingRead = true };
        Fill(closed, OddFiles.RecordsOf(closed, () => paper.NewStoryApart(random)));
    }
}
