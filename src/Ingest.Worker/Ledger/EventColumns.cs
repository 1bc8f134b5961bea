using Ingest.Formats;
using Ingest.Rules;

namespace Ingest.Worker.Ledger;

/// <summary>Between a student's record and the columns of <c>event</c>: the only place that knows what holds what.</summary>
internal sealed class EventColumns
{
    /// <summary>The columns from kind on, in the order in which they are bound and read.</summary>
    public const string Names = "kind, removal, record, event_id";

    private readonly TextPool pool = new();

    /// <summary>What goes into the column <c>record</c>.</summary>
    public static void Pack(PackedWriter packed, StudentRecord record)
    {
        packed.EventId(record.EventId, withUuid: false);
        packed.Text(record.CourseCode);
        packed.Text(record.OfferingCode);
        switch (record)
        {
            case Registration r:
                packed.Number((long?)r.Type);
                packed.Number(r.Extent?.Hundredths);
                packed.Number((long?)r.Pace);
                packed.Date(r.Start);
                packed.Date(r.End);
                packed.Date(r.RegistrationDate);
                break;
            case Interruption i:
                packed.Number((long?)i.Type);
                packed.Date(i.Date);
                break;
            case Result r:
                packed.Text(r.ModuleCode);
                packed.Number(r.Credits?.Hundredths);
                packed.Text(r.Grade);
                packed.Number(r.CreditTransfer ? 1L : 0L);
                packed.Date(r.ExaminationDate);
                break;
        }
    }

    /// <param name="at">The column at which <see cref="Names"/> begin.</param>
    public StudentRecord Read(RawStatement s, int at, Personnummer student)
    {
        var action = s.Int64(at + 1) == 1 ? ReportAction.B : ReportAction.N;
        var packed = new PackedReader(s.Bytes(at + 2));
        var eventId = packed.EventId(s.Bytes(at + 3));
        var course = pool.Get(packed.Text()) ?? "";
        var offering = pool.Get(packed.Text());
        return (RecordKind)s.Int64(at) switch
        {
            RecordKind.Registration => new Registration
            {
                Action = action,
                Student = student,
                CourseCode = course,
                OfferingCode = offering,
                EventId = eventId,
                Type = (RegistrationType?)packed.NullableNumber(),
                Extent = Hp(packed.NullableNumber()),
                Pace = (int?)packed.NullableNumber(),
                Start = packed.Date(),
                End = packed.Date(),
                RegistrationDate = packed.Date(),
            },
            RecordKind.Interruption => new Interruption
            {
                Action = action,
                Student = student,
                CourseCode = course,
                OfferingCode = offering,
                EventId = eventId,
                Type = (InterruptionType?)packed.NullableNumber(),
                Date = packed.Date(),
            },
            _ => new Result
            {
                Action = action,
                Student = student,
                CourseCode = course,
                OfferingCode = offering,
                EventId = eventId,
                ModuleCode = pool.Get(packed.Text()),
                Credits = Hp(packed.NullableNumber()),
                Grade = pool.Get(packed.Text()),
                CreditTransfer = packed.Number() == 1,
                ExaminationDate = packed.Date(),
            },
        };
    }

    private static Credits? Hp(long? hundredths) => hundredths is { } h ? new Credits(h) : null;
}
