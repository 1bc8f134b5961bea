using Ingest.Formats;
using Ingest.Rules;

namespace Ingest.Worker.Ledger;

/// <summary>How far a file has come. A file's records count from Committed on.</summary>
public enum FileState
{
    Claimed,
    Committed,
    Receipted,
    Archived,
    Quarantined,
}

/// <summary>What became of a file as a whole.</summary>
public enum FileStatus
{
    Accepted,
    AcceptedWithWarnings,
    PartiallyAccepted,
    Rejected,
    Duplicate,
}

/// <summary>What became of a record at intake. Never changes.</summary>
public enum RecordStatus
{
    Accepted,
    AcceptedWithWarning,
    Waiting,
    Duplicate,
    Rejected,
}

/// <summary>Why a file counts in another window than its hour of arrival would say.</summary>
public enum WindowNote
{
    /// <summary>It lay there when the service came up after a stop over a cutoff.</summary>
    SeenAfterStop,
    /// <summary>It was not worked when its window closed.</summary>
    MovedOn,
}

/// <summary>A file's row in the ledger.</summary>
public sealed class FileRow
{
    /// <summary>See <see cref="Ingest.Rules.FileId"/>.</summary>
    public long Id { get; init; }

    public string School { get; init; } = "";

    /// <summary>As dropped, but with an identity number in it masked (F20).</summary>
    public string Name { get; init; } = "";

    /// <summary>True when <see cref="Name"/> hides an identity number.</summary>
    public bool NameMasked { get; init; }

    public FileState State { get; set; }

    public DateTimeOffset Arrived { get; init; }

    public DateTimeOffset Claimed { get; init; }

    /// <summary>The date on which the window closes in which it counts; <see cref="DateOnly.MinValue"/> for a baseline, which stands before all windows.</summary>
    public DateOnly Window { get; set; }

    public WindowNote? WindowNote { get; set; }

    /// <summary>Who put it there: nearly always the school.</summary>
    public Origin Origin { get; init; }

    /// <summary>What the bytes told; null until they were read.</summary>
    public Sniffed? Sniffed { get; set; }

    /// <summary>The profile that it is read by, while it is read; what the ledger keeps of it is in <see cref="Sniffed"/>.</summary>
    public Profile? Profile { get; set; }

    public FileStatus? Status { get; set; }

    public string? System { get; set; }

    public string? Environment { get; set; }

    /// <summary>löpnummer of a fixed-width file.</summary>
    public int? Sequence { get; set; }

    public int? NextSequence { get; set; }

    public long? Declared { get; set; }

    /// <summary>Stated sum of hp, times 100.</summary>
    public long? DeclaredSum { get; set; }

    public long? ComputedSum { get; set; }

    public Counts Counts { get; set; } = new(0, 0, 0, 0, 0, 0);

    public long? DuplicateOf { get; set; }

    public string? RulesVersion { get; set; }

    public string? TextVersion { get; set; }

    public Language Language { get; set; }

    /// <summary>When a purge removed the original; null when none did.</summary>
    public DateTimeOffset? OriginalPurged { get; init; }

    /// <summary>When a purge emptied what the ledger says of values.</summary>
    public DateTimeOffset? DetailPurged { get; init; }
}

/// <summary>Records of a file by outcome. <c>Read = Accepted + Waiting + Duplicate + Rejected</c>, always.</summary>
/// <param name="Accepted">With those warned.</param>
public sealed record Counts(long Read, long Accepted, long Warned, long Waiting, long Duplicate, long Rejected)
{
    public bool Holds => Read == Accepted + Waiting + Duplicate + Rejected && Warned <= Accepted;
}
