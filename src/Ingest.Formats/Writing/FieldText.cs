using System.Globalization;

namespace Ingest.Formats;

/// <summary>A record's fields as text: the other direction of the parser, from the same table.</summary>
public static class FieldText
{
    /// <summary>What any number, date or händelse-id of a record takes.</summary>
    public const int MostFormatted = RecordId.MostCharacters;

    private static readonly string[] Actions = Enum.GetNames<ReportAction>(), RegistrationTypes = Enum.GetNames<RegistrationType>(), InterruptionTypes = Enum.GetNames<InterruptionType>();

    /// <summary>The field as it is written in the shape; empty for what the record leaves blank.</summary>
    public static string Of(ReportRecord record, Field field, bool fixedWidth)
    {
        Span<char> room = stackalloc char[MostFormatted];
        return Of(record, field, fixedWidth, room).ToString();
    }

    /// <summary>The same without a string of its own: a delivery has twenty fields of each of a million records.</summary>
    /// <param name="room">At least <see cref="MostFormatted"/>; where they are written.</param>
    public static ReadOnlySpan<char> Of(ReportRecord record, Field field, bool fixedWidth, Span<char> room) => field.Role switch
    {
        FieldRole.Action => Actions[(int)record.Action],
        FieldRole.CourseCode => record.CourseCode,
        FieldRole.EventId => record.EventId is { } id ? id.Format(room) : default,
        FieldRole.Student => ((StudentRecord)record).Student.FormatUnmasked(room),
        _ => record switch
        {
            Registration r => field.Role switch
            {
                FieldRole.OfferingCode => r.OfferingCode,
                FieldRole.RegistrationType => r.Type is { } type ? RegistrationTypes[(int)type] : "",
                FieldRole.Extent => Hp(r.Extent, field, fixedWidth, room),
                FieldRole.Pace => Number(r.Pace, fixedWidth ? field.Length : 1, room),
                FieldRole.Start => Date(r.Start, fixedWidth, room),
                FieldRole.End => Date(r.End, fixedWidth, room),
                FieldRole.RegistrationDate => Date(r.RegistrationDate, fixedWidth, room),
                _ => "",
            },
            Interruption r => field.Role switch
            {
                FieldRole.OfferingCode => r.OfferingCode,
                FieldRole.InterruptionType => r.Type is { } type ? InterruptionTypes[(int)type] : "",
                FieldRole.InterruptionDate => Date(r.Date, fixedWidth, room),
                _ => "",
            },
            Result r => field.Role switch
            {
                FieldRole.OfferingCode => r.OfferingCode,
                FieldRole.ModuleCode => r.ModuleCode,
                FieldRole.Credits => Hp(r.Credits, field, fixedWidth, room),
                FieldRole.Grade => r.Grade,
                FieldRole.ExaminationDate => Date(r.ExaminationDate, fixedWidth, room),
                FieldRole.CreditTransfer => r.CreditTransfer ? "J" : "N",
                _ => "",
            },
            CourseOffering r => field.Role switch
            {
                FieldRole.OfferingCode => r.OfferingCode,
                FieldRole.Title => r.Title,
                FieldRole.Extent => Hp(r.Extent, field, fixedWidth, room),
                FieldRole.Pace => Number(r.Pace, fixedWidth ? field.Length : 1, room),
                FieldRole.Start => Date(r.Start, fixedWidth, room),
                FieldRole.End => Date(r.End, fixedWidth, room),
                _ => "",
            },
            Module r => field.Role switch
            {
                FieldRole.ModuleCode => r.ModuleCode,
                FieldRole.Title => r.Title,
                FieldRole.Extent => Hp(r.Extent, field, fixedWidth, room),
                _ => "",
            },
            _ => "",
        },
    };

    private static ReadOnlySpan<char> Hp(Credits? credits, Field field, bool fixedWidth, Span<char> room) =>
        credits is not { } c ? "" : fixedWidth ? Number(c.Hundredths, field.Length, room) : room[..c.Format(room)];

    /// <summary>With zeros before it, up to a width.</summary>
    private static ReadOnlySpan<char> Number(long? number, int width, Span<char> room)
    {
        if (number is not { } n) return "";
        n.TryFormat(room, out var length, provider: CultureInfo.InvariantCulture);
        if (length >= width) return room[..length];
        room[..length].CopyTo(room[(width - length)..]);
        room[..(width - length)].Fill('0');
        return room[..width];
    }

    private static ReadOnlySpan<char> Date(DateOnly? date, bool fixedWidth, Span<char> room)
    {
        if (date is not { } d) return "";
        d.TryFormat(room, out var length, fixedWidth ? "yyyyMMdd" : "O", CultureInfo.InvariantCulture);
        return room[..length];
    }
}
