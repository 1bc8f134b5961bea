namespace Ingest.Formats;

/// <summary>The kinds of record, in the order in which they depend on one another and are listed.</summary>
public enum RecordKind
{
    /// <summary>REG, <see cref="Ingest.Formats.Registration"/>.</summary>
    Registration,
    /// <summary>AVB, <see cref="Ingest.Formats.Interruption"/>.</summary>
    Interruption,
    /// <summary>RES, <see cref="Ingest.Formats.Result"/>.</summary>
    Result,
    /// <summary>KTF, <see cref="Ingest.Formats.CourseOffering"/>.</summary>
    CourseOffering,
    /// <summary>MOD, <see cref="Ingest.Formats.Module"/>.</summary>
    Module,
}

/// <summary>Åtgärd: report something new, or remove what was reported (borttag).</summary>
public enum ReportAction
{
    N,
    B,
}

/// <summary>Registreringstyp: first time, continuing, again.</summary>
public enum RegistrationType
{
    FFG,
    FO,
    OM,
}

/// <summary>Typ of an avbrott: A interrupted, E never begun.</summary>
public enum InterruptionType
{
    A,
    E,
}

/// <summary>
/// One record of a file. A property is null where the field was left blank, and, in the record of a bad row, where the field
/// could not be read: then it is judged on its sound fields alone.
/// </summary>
public abstract record ReportRecord
{
    public abstract RecordKind Kind { get; }

    public ReportAction Action { get; init; }

    /// <summary>The sender's own id, if it gives its records any.</summary>
    public RecordId? EventId { get; init; }

    /// <summary>Upper-cased; empty only in a bad row.</summary>
    public string CourseCode { get; init; } = "";

    /// <summary>The hp that the control sum takes, or null.</summary>
    public abstract Credits? ControlCredits { get; }
}

/// <summary>A record about a student.</summary>
public abstract record StudentRecord : ReportRecord
{
    /// <summary>Unset (0) only in a bad row.</summary>
    public Personnummer Student { get; init; }

    /// <summary>Kurstillfälleskod, upper-cased; null only where the layout lets it be blank, or in a bad row.</summary>
    public string? OfferingCode { get; init; }
}

/// <summary>REG: a registration on a course offering.</summary>
public sealed record Registration : StudentRecord
{
    public override RecordKind Kind => RecordKind.Registration;

    /// <summary>A blank type in a removal means FFG.</summary>
    public RegistrationType? Type { get; init; }

    public Credits? Extent { get; init; }

    /// <summary>Per cent of full time, 1-200.</summary>
    public int? Pace { get; init; }

    public DateOnly? Start { get; init; }

    /// <summary>Last day of the period, counted in.</summary>
    public DateOnly? End { get; init; }

    public DateOnly? RegistrationDate { get; init; }

    public override Credits? ControlCredits => Extent;
}

/// <summary>AVB: a study interruption, or a course never begun.</summary>
public sealed record Interruption : StudentRecord
{
    public override RecordKind Kind => RecordKind.Interruption;

    public InterruptionType? Type { get; init; }

    public DateOnly? Date { get; init; }

    public override Credits? ControlCredits => null;
}

/// <summary>RES: credits and grade on a module or, with no module, on the whole course.</summary>
public sealed record Result : StudentRecord
{
    public override RecordKind Kind => RecordKind.Result;

    public string? ModuleCode { get; init; }

    public Credits? Credits { get; init; }

    /// <summary>Upper-cased; null only for a credit transfer.</summary>
    public string? Grade { get; init; }

    public DateOnly? ExaminationDate { get; init; }

    /// <summary>Tillgodoräknande.</summary>
    public bool CreditTransfer { get; init; }

    public override Credits? ControlCredits => Credits;
}

/// <summary>KTF: an offering in the course catalogue.</summary>
public sealed record CourseOffering : ReportRecord
{
    public override RecordKind Kind => RecordKind.CourseOffering;

    public string? OfferingCode { get; init; }

    public string? Title { get; init; }

    public Credits? Extent { get; init; }

    public int? Pace { get; init; }

    public DateOnly? Start { get; init; }

    public DateOnly? End { get; init; }

    public override Credits? ControlCredits => Extent;
}

/// <summary>MOD: a credit-bearing part of a course.</summary>
public sealed record Module : ReportRecord
{
    public override RecordKind Kind => RecordKind.Module;

    public string? ModuleCode { get; init; }

    public string? Title { get; init; }

    public Credits? Extent { get; init; }

    public override Credits? ControlCredits => Extent;
}
