using Ingest.Formats;

namespace Ingest.Rules;

/// <summary>Compares what two records of one key say: every field but åtgärd and händelse-id.</summary>
internal static class Content
{
    /// <summary>True when both say the same.</summary>
    public static bool Same(StudentRecord a, StudentRecord b) => (a, b) switch
    {
        (Registration x, Registration y) => (x.Extent, x.Pace, x.Start, x.End, x.RegistrationDate) == (y.Extent, y.Pace, y.Start, y.End, y.RegistrationDate),
        (Interruption x, Interruption y) => (x.Type, x.Date) == (y.Type, y.Date),
        (Result x, Result y) => (x.OfferingCode, x.Credits, x.Grade, x.CreditTransfer) == (y.OfferingCode, y.Credits, y.Grade, y.CreditTransfer),
        _ => false,
    };

    /// <summary>The published names of the fields that differ.</summary>
    /// <param name="onlyStated">Fields that <paramref name="later"/> leaves blank are passed over, as in a removal.</param>
    public static List<string> Differences(StudentRecord earlier, StudentRecord later, bool onlyStated)
    {
        var names = new List<string>();
        var layout = Layouts.Of(earlier.Kind);
        switch (earlier, later)
        {
            case (Registration x, Registration y):
                Compare(FieldRole.Extent, x.Extent, y.Extent);
                Compare(FieldRole.Pace, x.Pace, y.Pace);
                Compare(FieldRole.Start, x.Start, y.Start);
                Compare(FieldRole.End, x.End, y.End);
                Compare(FieldRole.RegistrationDate, x.RegistrationDate, y.RegistrationDate);
                break;
            case (Interruption x, Interruption y):
                Compare(FieldRole.InterruptionType, x.Type, y.Type);
                Compare(FieldRole.InterruptionDate, x.Date, y.Date);
                break;
            case (Result x, Result y):
                Compare(FieldRole.OfferingCode, x.OfferingCode, y.OfferingCode);
                Compare(FieldRole.Credits, x.Credits, y.Credits);
                Compare(FieldRole.Grade, x.Grade, y.Grade);
                // A removal cannot leave it blank, so N there states nothing.
                if (!onlyStated || y.CreditTransfer) Compare<bool?>(FieldRole.CreditTransfer, x.CreditTransfer, y.CreditTransfer);
                break;
        }
        return names;

        void Compare<T>(FieldRole role, T a, T b)
        {
            if (!(onlyStated && b is null) && !EqualityComparer<T>.Default.Equals(a, b)) names.Add(layout[role].Name);
        }
    }
}
