using System.Globalization;

namespace Ingest.Formats;

/// <summary>A record's fields as text: the other direction of the parser, from the same table.</summary>
public static class FieldText
{
    /// <summary>The field as it is written in the shape; empty for what the record leaves blank.</summary>
    public static string Of(ReportRecord record, Field field, bool fixedWidth) => field.Role switch
    {
        FieldRole.Action => record.Action.ToString(),
        FieldRole.CourseCode => record.CourseCode,
        FieldRole.EventId => record.EventId?.ToString() ?? "",
        FieldRole.Student => ((StudentRecord)record).Student.ToUnmaskedString(),
        _ => record switch
        {
            Registration r => field.Role switch
            {
                FieldRole.OfferingCode => r.OfferingCode ?? "",
                FieldRole.RegistrationType => r.Type?.ToString() ?? "",
                FieldRole.Extent => Hp(r.Extent, field, fixedWidth),
                FieldRole.Pace => Number(r.Pace, field, fixedWidth),
                FieldRole.Start => Date(r.Start, fixedWidth),
                FieldRole.End => Date(r.End, fixedWidth),
                FieldRole.RegistrationDate => Date(r.RegistrationDate, fixedWidth),
                _ => "",
            },
            Interruption r => field.Role switch
            {
                FieldRole.OfferingCode => r.OfferingCode ?? "",
                FieldRole.InterruptionType => r.Type?.ToString() ?? "",
                FieldRole.InterruptionDate => Date(r.Date, fixedWidth),
                _ => "",
            },
            Result r => field.Role switch
            {
                FieldRole.OfferingCode => r.OfferingCode ?? "",
                FieldRole.ModuleCode => r.ModuleCode ?? "",
                FieldRole.Credits => Hp(r.Credits, field, fixedWidth),
                FieldRole.Grade => r.Grade ?? "",
                FieldRole.ExaminationDate => Date(r.ExaminationDate, fixedWidth),
                FieldRole.CreditTransfer => r.CreditTransfer ? "J" : "N",
                _ => "",
            },
            CourseOffering r => field.Role switch
            {
                FieldRole.OfferingCode => r.OfferingCode ?? "",
                FieldRole.Title => r.Title ?? "",
                FieldRole.Extent => Hp(r.Extent, field, fixedWidth),
                FieldRole.Pace => Number(r.Pace, field, fixedWidth),
                FieldRole.Start => Date(r.Start, fixedWidth),
                FieldRole.End => Date(r.End, fixedWidth),
                _ => "",
            },
            Module r => field.Role switch
            {
                FieldRole.ModuleCode => r.ModuleCode ?? "",
                FieldRole.Title => r.Title ?? "",
                FieldRole.Extent => Hp(r.Extent, field, fixedWidth),
                _ => "",
            },
            _ => "",
        },
    };

    private static string Hp(Credits? credits, Field field, bool fixedWidth) =>
        credits is not { } c ? "" : fixedWidth ? c.Hundredths.ToString(CultureInfo.InvariantCulture).PadLeft(field.Length, '0') : c.ToString();

    private static string Number(int? number, Field field, bool fixedWidth) =>
        number is not { } n ? "" : n.ToString(CultureInfo.InvariantCulture).PadLeft(fixedWidth ? field.Length : 1, '0');

    private static string Date(DateOnly? date, bool fixedWidth) =>
        date?.ToString(fixedWidth ? "yyyyMMdd" : "O", CultureInfo.InvariantCulture) ?? "";
}
