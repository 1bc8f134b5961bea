using Ingest.Formats;
using Ingest.Rules;

namespace Ingest.Worker.Ledger;

/// <summary>Between a student's record and the columns of <c>event</c>: the only place that knows which column holds what.</summary>
internal static class EventColumns
{
    /// <summary>The columns from kind on, in the order in which they are bound and read.</summary>
    public const string Names = "kind, removal, course, offering, module, type, hp, pace, date1, date2, date3, grade, transfer, event_id";

    public const string Parameters = "?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20";

    public const int FirstParameter = 7;

    public static void Bind(RawStatement s, StudentRecord record)
    {
        string? module = null, grade = null;
        long? type = null, hp = null, pace = null, transfer = null;
        DateOnly? date1 = null, date2 = null, date3 = null;
        switch (record)
        {
            case Registration r:
                (type, hp, pace) = ((long?)r.Type, r.Extent?.Hundredths, r.Pace);
                (date1, date2, date3) = (r.Start, r.End, r.RegistrationDate);
                break;
            case Interruption i:
                (type, date1) = ((long?)i.Type, i.Date);
                break;
            case Result r:
                (module, hp, grade, transfer, date1) = (r.ModuleCode, r.Credits?.Hundredths, r.Grade, r.CreditTransfer ? 1 : 0, r.ExaminationDate);
                break;
        }
        s.Bind(7, (long)record.Kind).Bind(8, record.Action == ReportAction.B ? 1L : 0L).Bind(9, record.CourseCode).Bind(10, record.OfferingCode)
            .Bind(11, module).Bind(12, type).Bind(13, hp).Bind(14, pace).Bind(15, Number(date1)).Bind(16, Number(date2)).Bind(17, Number(date3))
            .Bind(18, grade).Bind(19, transfer).Bind(20, record.EventId);
    }

    /// <param name="at">The column at which <see cref="Names"/> begin.</param>
    public static StudentRecord Read(RawStatement s, int at, Personnummer student, TextPool pool)
    {
        var action = s.Int64(at + 1) == 1 ? ReportAction.B : ReportAction.N;
        var course = pool.Get(s.Utf8(at + 2))!;
        var offering = pool.Get(s.Utf8(at + 3));
        var eventId = s.Text(at + 13);
        return (RecordKind)s.Int64(at) switch
        {
            RecordKind.Registration => new Registration
            {
                Action = action,
                Student = student,
                CourseCode = course,
                OfferingCode = offering,
                EventId = eventId,
                Type = (RegistrationType?)s.NullableInt64(at + 5),
                Extent = Hp(s, at + 6),
                Pace = (int?)s.NullableInt64(at + 7),
                Start = Date(s, at + 8),
                End = Date(s, at + 9),
                RegistrationDate = Date(s, at + 10),
            },
            RecordKind.Interruption => new Interruption
            {
                Action = action,
                Student = student,
                CourseCode = course,
                OfferingCode = offering,
                EventId = eventId,
                Type = (InterruptionType?)s.NullableInt64(at + 5),
                Date = Date(s, at + 8),
            },
            _ => new Result
            {
                Action = action,
                Student = student,
                CourseCode = course,
                OfferingCode = offering,
                EventId = eventId,
                ModuleCode = pool.Get(s.Utf8(at + 4)),
                Credits = Hp(s, at + 6),
                Grade = pool.Get(s.Utf8(at + 11)),
                CreditTransfer = s.Int64(at + 12) == 1,
                ExaminationDate = Date(s, at + 8),
            },
        };
    }

    private static long? Number(DateOnly? date) => date is { } d ? LedgerDatabase.Number(d) : null;

    private static Credits? Hp(RawStatement s, int at) => s.NullableInt64(at) is { } hundredths ? new Credits(hundredths) : null;

    private static DateOnly? Date(RawStatement s, int at) => s.NullableInt64(at) is { } number ? LedgerDatabase.Date(number) : null;
}
