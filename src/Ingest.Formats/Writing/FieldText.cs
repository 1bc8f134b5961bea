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
        FieldRole.EventId => record.EventId ?? "",
        FieldRole.Student => ((StudentRecord)record).Student.ToUnmaskedString(),
        _ => (record, field.Role) switch
        {
            (StudentRecord r, FieldRole.OfferingCode) => r.OfferingCode ?? "",
            (CourseOffering r, FieldRole.OfferingCode) => r.OfferingCode ?? "",
            (Registration r, FieldRole.RegistrationType) => r.Type?.ToString() ?? "",
            (Registration r, FieldRole.Extent) => Hp(r.Extent, field, fixedWidth),
            (Registration r, FieldRole.Pace) => Number(r.Pace, field, fixedWidth),
            (Registration r, FieldRole.Start) => Date(r.Start, fixedWidth),
            (Registration r, FieldRole.End) => Date(r.End, fixedWidth),
            (Registration r, FieldRole.RegistrationDate) => Date(r.RegistrationDate, fixedWidth),
            (Interruption r, FieldRole.InterruptionType) => r.Type?.ToString() ?? "",
            (Interruption r, FieldRole.InterruptionDate) => Date(r.Date, fixedWidth),
            (Result r, FieldRole.ModuleCode) => r.ModuleCode ?? "",
            (Result r, FieldRole.Credits) => Hp(r.Credits, field, fixedWidth),
            (Result r, FieldRole.Grade) => r.Grade ?? "",
            (Result r, FieldRole.ExaminationDate) => Date(r.ExaminationDate, fixedWidth),
            (Result r, FieldRole.CreditTransfer) => r.CreditTransfer ? "J" : "N",
            (CourseOffering r, FieldRole.Title) => r.Title ?? "",
            (CourseOffering r, FieldRole.Extent) => Hp(r.Extent, field, fixedWidth),
            (CourseOffering r, FieldRole.Pace) => Number(r.Pace, field, fixedWidth),
            (CourseOffering r, FieldRole.Start) => Date(r.Start, fixedWidth),
            (CourseOffering r, FieldRole.End) => Date(r.End, fixedWidth),
            (Module r, FieldRole.ModuleCode) => r.ModuleCode ?? "",
            (Module r, FieldRole.Title) => r.Title ?? "",
            (Module r, FieldRole.Extent) => Hp(r.Extent, field, fixedWidth),
            _ => "",
        },
    };

    private static string Hp(Credits? credits, Field field, bool fixedWidth) =>
        credits is not { } c ? "" : fixedWidth ? c.Hundredths.ToString(CultureInfo.InvariantCulture).PadLeft(field.Length, '0') : c.ToString();

    private static string Number(int? number, Field field, bool fixedWidth) =>
        number is not { } n ? "" : n.ToString(CultureInfo.InvariantCulture).PadLeft(fixedWidth ? field.Length : 1, '0');

    private static string Date(DateOnly? date, bool fixedWidth) =>
        date?.ToString(fixedWidth ? "yyyyMMdd" : "yyyy-MM-dd", CultureInfo.InvariantCulture) ?? "";
}
