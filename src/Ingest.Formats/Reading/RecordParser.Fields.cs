namespace Ingest.Formats;

/// <summary>One form of field each: the text is read into the record in hand, or told as a finding.</summary>
internal sealed partial class RecordParser
{
    private void ReadListed(Field field, ReadOnlySpan<char> text)
    {
        var value = pool.Upper(text);
        if (!(field.Role == FieldRole.Grade ? terms.Grades.Contains(value) : field.Values!.AsSpan().Contains(value)))
        {
            if (value == "AVS" && field.Role is FieldRole.RegistrationType or FieldRole.InterruptionType) Add(FindingCode.P15, field, value);
            else Add(FindingCode.P06, field, Masking.Value(cells.Written(field, text)), cells.Expected(field) ?? string.Join(", ", field.Role == FieldRole.Grade ? terms.Grades.Pass.Concat(terms.Grades.Fail) : field.ValueList));
            return;
        }
        switch (field.Role)
        {
            case FieldRole.Action: removal = value == "B"; break;
            case FieldRole.RegistrationType: registrationType = value switch { "FFG" => RegistrationType.FFG, "FO" => RegistrationType.FO, _ => RegistrationType.OM }; break;
            case FieldRole.InterruptionType: interruptionType = value == "A" ? InterruptionType.A : InterruptionType.E; break;
            case FieldRole.Grade: grade = value; break;
            case FieldRole.Environment: StatedEnvironment = value; break;
            case FieldRole.CreditTransfer: transfer = value == "J"; break;
            default: throw new InvalidOperationException($"No list is read for {field.Role}.");
        }
    }

    private void ReadStudent(Field field, ReadOnlySpan<char> text)
    {
        var fault = Personnummer.Parse(text, arrival, out student, out var centuryTaken);
        if (fault == PersonnummerFault.None && !centuryTaken) return;
        var masked = Masking.Personnummer(text);
        switch (fault)
        {
            case PersonnummerFault.None:
                Add(FindingCode.P13, field, masked, Phrase.Number(student.Year));
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
        if (FieldParser.IsId(text, field.Max)) eventId = new RecordId(text);
        else AddForm(field, text, Phrase.Of($"1–{field.Max} tecken utan blanktecken", $"1–{field.Max} characters without blanks"));
    }

    private void ReadTitle(Field field, ReadOnlySpan<char> text)
    {
        if (text.Length <= field.Max) title = text.ToString();
        else AddForm(field, text, Phrase.Of($"högst {field.Max} tecken", $"at most {field.Max} characters"));
    }
}
