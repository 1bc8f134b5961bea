
namespace Ingest.Formats;

/// <summary>Turns the cells of one record into a typed record and its findings, by the layout table. Not thread-safe; one a file.</summary>
internal sealed class RecordParser(DateOnly arrival, ReadTerms terms)
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
    private string? offering, module, eventId, title, grade;
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
        foreach (var field in layout.Fields) Read(field);
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

    private void ReadListed(Field field, ReadOnlySpan<char> text)
    {
        var value = pool.Upper(text);
        if (!(field.Role == FieldRole.Grade ? terms.Grades.Contains(value) : field.ValueList.Contains(value)))
        {
            if (value == "AVS" && field.Role is FieldRole.RegistrationType or FieldRole.InterruptionType) Add(FindingCode.P15, field, value);
            else Add(FindingCode.P06, field, Masking.Value(cells.Written(field, text)), cells.Expected(field) ?? string.Join(", ", field.Role == FieldRole.Grade ? terms.Grades.Pass.Concat(terms.Grades.Fail) : field.ValueList));
            return;
        }
        switch (field.Role)
        {
            case FieldRole.Action: removal = value == "B"; break;
            case FieldRole.RegistrationType: registrationType = Enum.Parse<RegistrationType>(value); break;
            case FieldRole.InterruptionType: interruptionType = Enum.Parse<InterruptionType>(value); break;
            case FieldRole.Grade: grade = value; break;
            case FieldRole.Environment: StatedEnvironment = value; break;
            case FieldRole.CreditTransfer: transfer = value == "J"; break;
            default: throw new InvalidOperationException($"No list is read for {field.Role}.");
        }
    }

    private void ReadStudent(Field field, ReadOnlySpan<char> text)
    {
        var masked = Masking.Personnummer(text);
        switch (Personnummer.Parse(text, arrival, out student, out var centuryTaken))
        {
            case PersonnummerFault.None:
                if (centuryTaken) Add(FindingCode.P13, field, masked, Phrase.Number(student.Year));
                break;
            case PersonnummerFault.CheckDigit: Add(FindingCode.P10, field, masked, Swapped(text)); break;
            case PersonnummerFault.NoSuchDate: Add(FindingCode.P11, field, masked, Phrase.Of("datumet finns inte", "there is no such date")); break;
            case PersonnummerFault.NotYetBorn:
                Add(FindingCode.P11, field, masked, Phrase.Of("födelsedatumet ligger efter ankomstdagen", "the date of birth is after the day of arrival"));
                break;
            case PersonnummerFault.Interim:
                if (terms.KnownInterim.Count == 0 || !terms.KnownInterim.TryGetValue(Personnummer.InterimKey(text), out student)) Add(FindingCode.P12, field, masked);
                break;
            default: AddForm(field, text, Phrase.Of("12 siffror (ååååmmddnnnn), eller 10 med eller utan - eller +", "12 digits (yyyymmddnnnn), or 10 with or without - or +")); break;
        }
    }

    private string Swapped(ReadOnlySpan<char> text) => Personnummer.SwappedDigit(text, arrival) is { } at
        ? Phrase.Of($"Det stämmer om siffra {at} och {at + 1} byter plats.", $"It would be right with digits {at} and {at + 1} swapped.")
        : "";

    private void ReadCode(Field field, ReadOnlySpan<char> text)
    {
        if (!FieldParser.IsCode(text, field.Min, field.Max))
        {
            AddForm(field, text, Phrase.Of($"{field.Min}–{field.Max} bokstäver och siffror", $"{field.Min}–{field.Max} letters and digits"));
            return;
        }
        var value = pool.Upper(text);
        switch (field.Role)
        {
            case FieldRole.CourseCode: course = value; break;
            case FieldRole.OfferingCode: offering = value; break;
            case FieldRole.School: StatedSchool = value; break;
            default: module = value; break;
        }
    }

    private void ReadCredits(Field field, ReadOnlySpan<char> text)
    {
        var value = FieldParser.Hundredths(text, cells.IsFixedWidth, field.Length);
        ControlHundredths = value;
        if (value is { } hundredths && hundredths >= field.Min && hundredths <= field.Max)
        {
            credits = new Credits(hundredths);
            return;
        }
        // A sum is of what the file says, so a readable 0 counts in it though the record is faulty.
        AddForm(field, text, cells.Expected(field) ?? (cells.IsFixedWidth
            ? Phrase.Of($"fem siffror med två underförstådda decimaler, {(field.Min > 0 ? "00001" : "00000")}–99999 (00750 är 7,5 hp)",
                $"five digits with two implied decimals, {(field.Min > 0 ? "00001" : "00000")}–99999 (00750 is 7,5 hp)")
            : Phrase.Of($"ett tal {(field.Min > 0 ? "större än 0 och högst" : "från 0 till")} 999,99, med högst två decimaler",
                $"a number {(field.Min > 0 ? "above 0" : "from 0")} to 999,99 with at most two decimals")));
    }

    private void ReadNumber(Field field, ReadOnlySpan<char> text)
    {
        var width = cells.IsFixedWidth ? text.Length == field.Length : text.Length <= field.Length;
        if (width && FieldParser.Digits(text) is { } value && value >= field.Min && value <= field.Max)
        {
            pace = (int)value;
            return;
        }
        AddForm(field, text, cells.IsFixedWidth
            ? Phrase.Of($"{field.Length} siffror, {field.Min:000}–{field.Max:000}", $"{field.Length} digits, {field.Min:000}–{field.Max:000}")
            : Phrase.Of($"ett heltal {field.Min}–{field.Max}", $"a whole number {field.Min}–{field.Max}"));
    }

    private void ReadDate(Field field, ReadOnlySpan<char> text)
    {
        if (!FieldParser.DateParts(text, cells.IsFixedWidth, out var year, out var month, out var day))
        {
            var written = cells.Written(field, text);
            if (FieldParser.IsExcelExponent(written)) AddForm(field, text, DateForm(field));
            else Add(FindingCode.P04, field, Masking.Value(written), DateForm(field));
            return;
        }
        if (year is < 1900 or > 2100)
        {
            AddForm(field, text, Phrase.Of("ett datum från 1900 till 2100", "a date from 1900 to 2100"));
            return;
        }
        var value = new DateOnly(year, month, day);
        switch (field.Role)
        {
            case FieldRole.Start: start = value; break;
            case FieldRole.End: end = value; break;
            default: date = value; break;
        }
    }

    private string DateForm(Field field) => cells.Expected(field) ?? (cells.IsFixedWidth ? Phrase.Of("ååååmmdd", "yyyymmdd") : Phrase.Of("åååå-mm-dd eller ååååmmdd", "yyyy-mm-dd or yyyymmdd"));

    private void ReadId(Field field, ReadOnlySpan<char> text)
    {
        if (FieldParser.IsId(text, field.Max)) eventId = text.ToString();
        else AddForm(field, text, Phrase.Of($"1–{field.Max} tecken utan blanktecken", $"1–{field.Max} characters without blanks"));
    }

    private void ReadTitle(Field field, ReadOnlySpan<char> text)
    {
        if (text.Length <= field.Max) title = text.ToString();
        else AddForm(field, text, Phrase.Of($"högst {field.Max} tecken", $"at most {field.Max} characters"));
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
