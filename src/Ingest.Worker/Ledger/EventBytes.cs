using Ingest.Formats;

namespace Ingest.Worker.Ledger;

/// <summary>Between a student's record and its bytes in a block of <c>event</c>: the only place that knows what holds what.</summary>
internal sealed class EventBytes
{
    // The lowest bits of the first number; the kind stands above them.
    private const long Removal = 1, Empty = 2;
    private const int KindShift = 2;

    private readonly TextPool pool = new();

    public static void Pack(PackedWriter packed, StudentRecord record)
    {
        packed.Number(Head(record));
        packed.EventId(record.EventId);
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

    /// <summary>What a purge leaves: kind, action, and by what the händelse-id is compared.</summary>
    public static void PackEmptied(PackedWriter packed, StoredEvent e)
    {
        packed.Number(Head(e.Record) | Empty);
        packed.Number(e.Id is null ? 0L : 1L);
        if (e.Id is { } id) packed.Key(id);
    }

    /// <summary>The händelse-id of a packed record, as compared; null when it has none.</summary>
    public static UInt128? IdOf(ReadOnlySpan<byte> record)
    {
        var packed = new PackedReader(record);
        packed.Number();
        return packed.EventIdKey();
    }

    /// <summary>What a packed record is, without unpacking it.</summary>
    public static (RecordKind Kind, ReportAction Action) HeadOf(ReadOnlySpan<byte> record) => Of(new PackedReader(record).Number());

    private static (RecordKind, ReportAction) Of(long head) => ((RecordKind)(head >> KindShift), (head & Removal) != 0 ? ReportAction.B : ReportAction.N);

    private static long Head(StudentRecord record) => (long)record.Kind << KindShift | (record.Action == ReportAction.B ? Removal : 0);

    /// <returns>The record; and the key of its händelse-id when a purge has left no more of it.</returns>
    public (StudentRecord Record, UInt128? Emptied) Read(ref PackedReader packed, Personnummer student)
    {
        var head = packed.Number();
        var (kind, action) = Of(head);
        if ((head & Empty) == 0) return (Read(ref packed, kind, action, student), null);
        UInt128? key = packed.Number() == 1 ? packed.Key() : null;
        var nothing = default(PackedReader);
        return (Read(ref nothing, kind, action, student), key);
    }

    private StudentRecord Read(ref PackedReader packed, RecordKind kind, ReportAction action, Personnummer student)
    {
        var eventId = packed.EventId();
        var course = pool.Get(packed.Text()) ?? "";
        var offering = pool.Get(packed.Text());
        return kind switch
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
