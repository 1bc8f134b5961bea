
namespace Ingest.Formats;

/// <summary>Turns the cells of one record into a typed record and its findings, by the layout table. Not thread-safe; one a file.</summary>
internal sealed partial class RecordParser(DateOnly arrival, ReadTerms terms)
{
    private static readonly IReadOnlyList<Finding> NoFindings = [];
    private readonly TextPool pool = new();
    private List<Finding>? findings;
    private Cells cells = null!;
    private Layout layout = null!;

    // The values of the record in hand, by role; cleared for each record.
    private bool removal, transfer;
    private Personnummer student;
    private string course = "";
    private string? offering, module, title, grade;
    private RecordId? eventId;
    private RegistrationType? registrationType;
    private InterruptionType? interruptionType;
    private Credits? credits;
    private int? pace;
    private DateOnly? start, end, date;

    /// <summary>What the last record adds to the control sum, in hundredths (a blank field 0); null when its hp field could not be read.</summary>
    public long? ControlHundredths { get; private set; }

    /// <summary>The skolkod that the record itself states (CSV), or null.</summary>
    public string? StatedSchool { get; private set; }

    /// <summary>PROD or TEST as the record itself states it (CSV), or null.</summary>
    public string? StatedEnvironment { get; private set; }

    /// <summary>Reads one record. Findings never stop it: every fault of the record is told.</summary>
    public (ReportRecord Record, IReadOnlyList<Finding> Findings) Parse(Layout recordLayout, Cells recordCells)
    {
        Clear(recordLayout, recordCells);
        foreach (var field in layout.AsSpan()) Read(field);
        RequireTogether();
        return (Build(), findings ?? NoFindings);
    }

    private void Clear(Layout recordLayout, Cells recordCells)
    {
        (layout, cells, findings) = (recordLayout, recordCells, null);
        (removal, transfer, student, course) = (false, false, default, "");
        (offering, module, eventId, title, grade) = (null, null, null, null, null);
        (registrationType, interruptionType, credits, pace) = (null, null, null, null);
        (start, end, date) = (null, null, null);
        (ControlHundredths, StatedSchool, StatedEnvironment) = (0, null, null);
    }

    private void Read(Field field)
    {
        var text = cells.Text(field, out var present);
        if (!present)
        {
            if (cells.IsFixedWidth || field.AbsentInCsv is null) return;
            text = field.AbsentInCsv;
        }
        else if (text.IsEmpty && !cells.IsFixedWidth && field.BlankInCsv is not null)
        {
            text = field.BlankInCsv;
        }

        if (text.IsEmpty)
        {
            if (field.Need == Need.Key || (field.Need == Need.New && !removal)) Add(FindingCode.P03, field);
            return;
        }
        if (CharacterCheck.IndexOfForbidden(text, cells.BasicPlaneOnly, out var scalar) is >= 0 and var at)
        {
            Add(FindingCode.P07, field, null, Phrase.Of($"U+{scalar:X4} på plats {at + 1} i fältet", $"U+{scalar:X4} at position {at + 1} of the field"));
            if (field.Form == FieldForm.Credits) ControlHundredths = null;
            return;
        }
        switch (field.Form)
        {
            case FieldForm.List: ReadListed(field, text); break;
            case FieldForm.Personnummer: ReadStudent(field, text); break;
            case FieldForm.Code: ReadCode(field, text); break;
            case FieldForm.Credits: ReadCredits(field, text); break;
            case FieldForm.Number: ReadNumber(field, text); break;
            case FieldForm.Date: ReadDate(field, text); break;
            case FieldForm.Id: ReadId(field, text); break;
            default: ReadTitle(field, text); break;
        }
    }

    /// <summary>What no field can tell by itself.</summary>
    private void RequireTogether()
    {
        if (layout.Kind == RecordKind.Result && !removal && !transfer && grade is null && Sound(FieldRole.Grade) && Sound(FieldRole.CreditTransfer))
            Add(FindingCode.P03, layout[FieldRole.Grade]);
        // FO and OM are told apart by their start, so a removal of one must name it.
        if (layout.Kind == RecordKind.Registration && removal && registrationType is RegistrationType.FO or RegistrationType.OM && start is null && Sound(FieldRole.Start))
            Add(FindingCode.P03, layout[FieldRole.Start]);
    }

    private bool Sound(FieldRole role) => findings is null || !findings.Exists(f => f.Field == layout[role].Name);

    private ReportRecord Build()
    {
        var action = removal ? ReportAction.B : ReportAction.N;
        return layout.Kind switch
        {
            RecordKind.Registration => new Registration
            {
                Action = action,
                Student = student,
                CourseCode = course,
                OfferingCode = offering,
                EventId = eventId,
                Type = registrationType ?? (removal && Sound(FieldRole.RegistrationType) ? RegistrationType.FFG : null),
                Extent = credits,
                Pace = pace,
                Start = start,
                End = end,
                RegistrationDate = date,
            },
            RecordKind.Interruption => new Interruption
            {
                Action = action,
                Student = student,
                CourseCode = course,
                OfferingCode = offering,
                EventId = eventId,
                Type = interruptionType,
                Date = date,
            },
            RecordKind.Result => new Result
            {
                Action = action,
                Student = student,
                CourseCode = course,
                OfferingCode = offering,
                EventId = eventId,
                ModuleCode = module,
                Credits = credits,
                Grade = grade,
                ExaminationDate = date,
                CreditTransfer = transfer,
            },
            RecordKind.CourseOffering => new CourseOffering
            {
                Action = action,
                CourseCode = course,
                OfferingCode = offering,
                Title = title,
                Extent = credits,
                Pace = pace,
                Start = start,
                End = end,
            },
            _ => new Module { Action = action, CourseCode = course, ModuleCode = module, Title = title, Extent = credits },
        };
    }

    private void AddForm(Field field, ReadOnlySpan<char> text, string expected)
    {
        text = cells.Written(field, text);
        var excel = FieldParser.IsExcelExponent(text);
        var value = field.Form == FieldForm.Personnummer && !excel ? Masking.Personnummer(text) : Masking.Value(text);
        var extra = excel
            ? Phrase.Of("Excel har gjort om ett långt tal till grundpotensform: formatera kolumnen som text innan ni sparar.",
                "Excel has turned a long number into exponent form: format the column as text before you save.")
            : "";
        Add(FindingCode.P05, field, value, expected, extra);
    }

    private void Add(FindingCode code, Field field, string? value = null, params string[] args)
    {
        var (column, length) = cells.Place(field);
        (findings ??= []).Add(new Finding(code, cells.Line, column, length, field.Name, value, args));
    }
}
