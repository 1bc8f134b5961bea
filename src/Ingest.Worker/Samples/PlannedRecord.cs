using Ingest.Formats;

namespace Ingest.Worker.Samples;

/// <summary>A fault in how a line is built, which each shape has in its own way.</summary>
internal enum Structure
{
    Whole,
    /// <summary>Text past the record's end (P01); in CSV one column too few (P02).</summary>
    WrongLength,
    /// <summary>A record type that does not exist (P08); in CSV a stray quote (P14).</summary>
    Garbled,
}

/// <summary>What is known of a record's outcome from how it was made.</summary>
/// <param name="Status">At intake.</param>
/// <param name="Codes">At intake, in code order.</param>
/// <param name="Final">What the close makes of it; null for what was rejected or a repeat.</param>
/// <param name="FinalCodes">The close's own codes, in code order.</param>
internal sealed record Expectation(RecordOutcome Status, FindingCode[] Codes, FinalOutcome? Final, FindingCode[] FinalCodes)
{
    public static readonly Expectation Delivered = new(RecordOutcome.Accepted, [], FinalOutcome.Delivered, []);

    public static readonly Expectation Catalogue = new(RecordOutcome.Accepted, [], FinalOutcome.Catalogue, []);

    public static readonly Expectation Repeat = new(RecordOutcome.Duplicate, [FindingCode.R06], null, []);

    public static Expectation Rejected(params FindingCode[] codes) => new(RecordOutcome.Rejected, codes, null, []);

    /// <summary>Delivered, with a warning at intake.</summary>
    public static Expectation Warned(params FindingCode[] codes) => new(RecordOutcome.AcceptedWithWarning, codes, FinalOutcome.Delivered, []);

    /// <summary>Delivered, with a warning at intake and again at the close.</summary>
    public static Expectation WarnedTwice(params FindingCode[] codes) => Warned(codes) with { FinalCodes = codes };

    /// <summary>Delivered; something worth knowing is told at intake and again at the close.</summary>
    public static Expectation Told(params FindingCode[] codes) => new(RecordOutcome.Accepted, codes, FinalOutcome.Delivered, codes);

    /// <summary>Waits, and nothing comes: refused with its own code.</summary>
    public static Expectation Refused(params FindingCode[] codes) => new(RecordOutcome.Waiting, codes, FinalOutcome.Refused, codes);

    /// <summary>Waits for something that comes later in the window.</summary>
    public static Expectation WaitsUntilMet(params FindingCode[] codes) => new(RecordOutcome.Waiting, codes, FinalOutcome.Delivered, []);

    public static Expectation Netted(params FindingCode[] codes) => new(RecordOutcome.Accepted, [], FinalOutcome.Netted, codes);
}

/// <summary>Words as the receipts write them, in camelCase.</summary>
internal enum RecordOutcome { Accepted, AcceptedWithWarning, Waiting, Duplicate, Rejected }

/// <summary>Words as <c>kl15.json</c> writes them, in camelCase.</summary>
internal enum FinalOutcome { Delivered, Netted, Refused, Catalogue }

/// <summary>One line of a file: the record, what is wrong with how it is written, and what will become of it.</summary>
internal sealed record PlannedRecord(Slot Slot, ReportRecord Record, Expectation Expect)
{
    /// <summary>Records of one key have the same one; some of other keys too.</summary>
    public (RecordKind, string, string?) Place => (Record.Kind, Record.CourseCode, Record switch
    {
        Registration r => r.OfferingCode,
        Interruption i => i.OfferingCode,
        Result r => r.ModuleCode,
        CourseOffering o => o.OfferingCode,
        Module m => m.ModuleCode,
        _ => null,
    });

    /// <summary>Counts in the share of faults.</summary>
    public bool Faulty { get; init; }

    public Structure Structure { get; init; }

    /// <summary>Text written in place of fields' own, in both shapes.</summary>
    public IReadOnlyList<(FieldRole Role, string Text)> Instead { get; init; } = [];

    /// <summary>The codes at intake; a fault in how the line is built has another code in each shape.</summary>
    public FindingCode[] CodesIn(FileShape shape) => (Structure, shape) switch
    {
        (Structure.WrongLength, FileShape.FixedWidth) => [FindingCode.P01],
        (Structure.WrongLength, _) => [FindingCode.P02],
        (Structure.Garbled, FileShape.FixedWidth) => [FindingCode.P08],
        (Structure.Garbled, _) => [FindingCode.P14],
        _ => Expect.Codes,
    };

    /// <summary>What a fixed-width line adds to SLU's sum; null when its hp cannot be read.</summary>
    public long? ControlHundredths
    {
        get
        {
            if (Structure == Structure.Garbled) return 0;
            foreach (var (role, _) in Instead)
                if (role is FieldRole.Extent or FieldRole.Credits) return null;
            return Record.ControlCredits?.Hundredths ?? 0;
        }
    }
}
