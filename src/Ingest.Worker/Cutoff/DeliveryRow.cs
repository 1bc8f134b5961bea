using CsvHelper;
using Ingest.Formats;
using Ingest.Rules;
using Ingest.Worker.Receipts;

namespace Ingest.Worker.Cutoff;

/// <summary>An event as a row of a delivery. One for a writing: it keeps what files are called.</summary>
internal sealed class DeliveryRow
{
    public static readonly string[] Columns =
    [
        "åtgärd", "posttyp", "personnummer", "kurskod", "kurstillfälleskod", "registreringstyp", "omfattning", "studietakt", "start", "slut", "registreringsdatum",
        "typ", "avbrottsdatum", "modulkod", "hp", "betyg", "examinationsdatum", "tillgodoräknande", "händelse-id", "tidigare", "fil", "rad",
    ];

    /// <summary>Where columns that are written otherwise, or left out elsewhere, stand.</summary>
    public const int Action = 0, Kind = 1, Student = 2, Earlier = 19, File = 20, Line = 21;

    // What the columns from personnummer on to händelse-id are filled by.
    private static readonly FieldRole[] Roles =
    [
        FieldRole.Student, FieldRole.CourseCode, FieldRole.OfferingCode, FieldRole.RegistrationType, FieldRole.Extent, FieldRole.Pace, FieldRole.Start, FieldRole.End,
        FieldRole.RegistrationDate, FieldRole.InterruptionType, FieldRole.InterruptionDate, FieldRole.ModuleCode, FieldRole.Credits, FieldRole.Grade,
        FieldRole.ExaminationDate, FieldRole.CreditTransfer, FieldRole.EventId,
    ];

    // Of each kind, the field in each of those columns.
    private static readonly Field?[][] Fields =
        [.. new[] { RecordKind.Registration, RecordKind.Interruption, RecordKind.Result }.Select(kind => Roles.Select(Layouts.Of(kind).Find).ToArray())];

    private readonly Dictionary<long, string> files = [];

    public void Write(CsvWriter csv, StudentEvent e, DeliveredAs delivered, StudentRecord? old)
    {
        for (var column = 0; column < Columns.Length; column++) WriteCell(csv, column, e, delivered, old);
        csv.EndRecord();
    }

    /// <summary>What stands in one column.</summary>
    public void WriteCell(CsvWriter csv, int column, StudentEvent e, DeliveredAs delivered, StudentRecord? old)
    {
        var record = e.Record;
        Span<char> room = stackalloc char[FieldText.MostFormatted];
        switch (column)
        {
            case Action:
                csv.WriteField(delivered switch { DeliveredAs.New => "N", DeliveredAs.Removal => "B", _ => "Ä" });
                break;
            case Kind:
                csv.WriteField(Words.Tag(record.Kind));
                break;
            case Student:
                // The one that the number now stands for.
                csv.WriteField(e.Person.FormatUnmasked(room));
                break;
            case Earlier:
                csv.WriteField(delivered == DeliveredAs.Change && old is not null ? Changed(Layouts.Of(record.Kind), record, old) : "");
                break;
            case File:
                csv.WriteField(FileOf(e.FileId));
                break;
            case Line:
                csv.WriteField(e.Line);
                break;
            default:
                csv.WriteField(Fields[(int)record.Kind][column - Student] is { } field ? FieldText.Of(record, field, fixedWidth: false, room) : default);
                break;
        }
    }

    /// <summary>A link as a row: <c>Ä</c>, <c>PNR</c>, the number that holds, and the one that it was.</summary>
    public static string[] Link(string number, Personnummer person)
    {
        var cells = new string[Columns.Length];
        Array.Fill(cells, "");
        (cells[Action], cells[Kind], cells[Student], cells[Earlier]) = ("Ä", "PNR", person.ToUnmaskedString(), $"personnummer={number}");
        return cells;
    }

    /// <summary>The old values that an <c>Ä</c> changes, as name=value pairs; what is the same stands in the row itself.</summary>
    private static string Changed(Layout layout, StudentRecord now, StudentRecord old) => string.Join('|',
        from field in layout.Fields
        where field.InFixedWidth && field.Role is not (FieldRole.Action or FieldRole.Student or FieldRole.EventId)
        let before = FieldText.Of(old, field, fixedWidth: false)
        where before != FieldText.Of(now, field, fixedWidth: false)
        select $"{field.Name}={before}");

    private string FileOf(long id)
    {
        if (!files.TryGetValue(id, out var text)) files.Add(id, text = FileId.Text(id));
        return text;
    }
}
