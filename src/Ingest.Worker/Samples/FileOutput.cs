using System.Globalization;
using System.IO.Abstractions;
using System.Text;
using System.Text.Json;
using Ingest.Formats;
using Ingest.Rules;

namespace Ingest.Worker.Samples;

/// <summary>
/// Writes one file line by line, and beside it what is expected of each line: in a file of its own until <c>expected.json</c> is put
/// together, so that little is held in memory.
/// </summary>
internal sealed class FileOutput : IDisposable
{
    private const string NewLine = "\r\n";
    private const string SendingSystem = "EXEMPELSYSTEM";

    private readonly StreamWriter writer;
    private readonly StreamWriter expected;
    private long line;
    private long hundredths;
    private bool unreadableCredits;
    private long accepted, warned, waiting, duplicate;
    private bool warnedWaiting;

    // What waits to be written in random order; each is what must keep its own order.
    private const int MostHeld = 8_192;
    private readonly List<Queue<PlannedRecord>> held = [];
    private readonly SampleRandom order;

    public FileOutput(IFileSystem files, string folder, string expectedPath, SampleFile file, SampleRandom order)
    {
        this.order = order;
        File = file;
        ExpectedPath = expectedPath;
        writer = new StreamWriter(files.FileStream.New(files.Path.Combine(folder, file.School, file.Name), FileMode.CreateNew), file.Encoding) { NewLine = NewLine };
        expected = new StreamWriter(files.FileStream.New(expectedPath, FileMode.CreateNew), new UTF8Encoding(false)) { NewLine = "\n" };
        if (file.Raw is { } raw) writer.BaseStream.Write(raw);
        else WriteHeader();
    }

    public SampleFile File { get; }

    /// <summary>A line of JSON for each record.</summary>
    public string ExpectedPath { get; }

    public long Read { get; private set; }

    public long Rejected { get; private set; }

    /// <summary>Records that are in the file or will be, and those of them that are rejected.</summary>
    public (long All, long Rejected) Taken { get; private set; }

    private void WriteHeader()
    {
        if (File.Shape == FileShape.FixedWidth)
        {
            writer.WriteLine(File.Header(HeaderOf(File)));
        }
        else
        {
            writer.WriteLine(File.Header(CsvLines.Header(File.Kind)) + (File.ExtraColumn is { } column ? ";" + column.Name : ""));
        }
        line = 1;
        if (File.ExtraLine is null) return;
        line++;
        writer.WriteLine(File.ExtraLine);
    }

    /// <summary>HUV, as if the file was made a minute before it was handed in.</summary>
    public static string HeaderOf(SampleFile file) => FixedWidthWriter.Header(new FileHeader(
        file.StatedSchool ?? file.School, SendingSystem, file.Sequence, ReportingCalendar.Swedish(file.Arrival).DateTime.AddMinutes(-1), file.StatedEnvironment));

    /// <summary>
    /// Takes what one student, or one course, has in this file. The file's rows come in random order, but events that share a key or a
    /// händelse-id keep theirs: only of these is the order a part of what is reported.
    /// </summary>
    public void Add(IReadOnlyCollection<PlannedRecord> records)
    {
        Taken = (Taken.All + records.Count, Taken.Rejected + records.Count(r => r.Expect.Status == RecordOutcome.Rejected));
        if (KeepOrder(records)) held.Add(new(records));
        else held.AddRange(records.Select(r => new Queue<PlannedRecord>([r])));
        while (held.Count > MostHeld) WriteOne();
    }

    private static bool KeepOrder(IReadOnlyCollection<PlannedRecord> records)
    {
        var ids = records.Select(r => (r.Record as StudentRecord)?.EventId?.ToString()).OfType<string>().ToList();
        return records.Select(r => r.Place).Distinct().Count() < records.Count || ids.Distinct(StringComparer.OrdinalIgnoreCase).Count() < ids.Count;
    }

    private void WriteOne()
    {
        var at = order.Below(held.Count);
        Write(held[at].Dequeue());
        if (held[at].Count > 0) return;
        held[at] = held[^1];
        held.RemoveAt(held.Count - 1);
    }

    /// <summary>Writes a record after those written before it.</summary>
    public void Write(PlannedRecord planned)
    {
        line++;
        writer.Write(RecordText.Line(planned, File.Shape));
        writer.WriteLine(File is { ExtraColumn: { } column, Shape: FileShape.Csv } ? ";" + column.Value : "");
        if (planned.ControlHundredths is { } hp) hundredths += hp;
        else unreadableCredits = true;
        Expect(planned);
    }

    private void Expect(PlannedRecord planned)
    {
        if (File.NothingRead) return;
        Read++;
        var outcome = planned.Expect;
        var codes = planned.CodesIn(File.Shape);
        if (File.Refused) outcome = Expectation.Rejected(codes = outcome.Status == RecordOutcome.Rejected ? codes : []);
        else if (File.Duplicate) outcome = outcome with { Status = RecordOutcome.Duplicate, Final = null, FinalCodes = [] };
        if (File.Duplicate) codes = Expectation.Repeat.Codes;
        switch (outcome.Status)
        {
            case RecordOutcome.Rejected: Rejected++; break;
            case RecordOutcome.Duplicate: duplicate++; break;
            case RecordOutcome.Waiting: waiting++; break;
            case RecordOutcome.AcceptedWithWarning: accepted++; warned++; break;
            default: accepted++; break;
        }
        warnedWaiting |= outcome.Status == RecordOutcome.Waiting && codes.Any(c => FindingCatalogue.Get(c).Severity == Severity.V);
        expected.Write(string.Create(CultureInfo.InvariantCulture, $"{{\"line\":{line},\"status\":\"{ExpectedJson.Word(outcome.Status)}\",\"codes\":["));
        WriteCodes(codes);
        expected.Write(outcome.Final is { } final ? $"],\"final\":\"{ExpectedJson.Word(final)}\",\"finalCodes\":[" : "],\"final\":null,\"finalCodes\":[");
        WriteCodes(outcome.FinalCodes);
        expected.WriteLine("]}");
    }

    private void WriteCodes(FindingCode[] codes)
    {
        for (var i = 0; i < codes.Length; i++) expected.Write($"{(i == 0 ? "" : ",")}\"{codes[i]}\"");
    }

    /// <summary>Writes SLU, and closes both files.</summary>
    public void Finish()
    {
        while (held.Count > 0) WriteOne();
        if (File is { Raw: null, Shape: FileShape.FixedWidth } && File.Trailer(FixedWidthWriter.Trailer(line - 1, hundredths)) is { } trailer) writer.WriteLine(trailer);
        writer.Dispose();
        expected.Dispose();
    }

    /// <summary>The file's own codes; F21 comes of what is in it, and only where a sum is stated.</summary>
    public IEnumerable<FindingCode> Codes =>
        File is { NothingRead: false, Shape: FileShape.FixedWidth } && unreadableCredits ? File.Codes.Append(FindingCode.F21).Order() : File.Codes;

    public string Status
    {
        get
        {
            if (File.Refused || (Read > 0 && Rejected == Read)) return "rejected";
            if (File.Duplicate) return "duplicate";
            if (Rejected > 0) return "partiallyAccepted";
            return Codes.Any() || warned > 0 || warnedWaiting ? "acceptedWithWarnings" : "accepted";
        }
    }

    public void WriteCounts(Utf8JsonWriter json)
    {
        json.WriteStartObject("counts");
        json.WriteNumber("read", Read);
        json.WriteNumber("accepted", accepted);
        json.WriteNumber("warned", warned);
        json.WriteNumber("waiting", waiting);
        json.WriteNumber("duplicate", duplicate);
        json.WriteNumber("rejected", Rejected);
        json.WriteEndObject();
    }

    public void Dispose()
    {
        writer.Dispose();
        expected.Dispose();
    }
}
