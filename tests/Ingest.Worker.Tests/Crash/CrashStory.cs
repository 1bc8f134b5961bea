using System.Globalization;
using System.Text;
using Ingest.Worker.Tests.Support;

namespace Ingest.Worker.Tests.Crash;

/// <summary>One start of the service, or one act of an operator, and what the schools do before it.</summary>
/// <param name="At">The moment, Swedish winter time.</param>
/// <param name="Act"><c>run</c>, or what the operator does.</param>
/// <param name="Before">What is done to the root before it; that never dies.</param>
/// <param name="Closes">The start after a kill in it comes after 15:00: then what counts is what the next step has, the close, and of it what was handed on.</param>
internal sealed record CrashStep(string At, string Act, Action<string>? Before = null, bool Closes = false)
{
    public override string ToString() => $"{At} {Act.Split(' ')[0]}";
}

/// <summary>
/// Three days of small files, in which everything that the service does is done: a new root; a catalogue, files in both shapes, with and
/// without done-files, partially accepted, refused, repeated, unreadable, of no school; a notice; two closes with what nets, waits in vain
/// and is refused by K41, of which one cannot be handed on at first; operators' acts; two windows that are overdue; and a purge of the first two.
/// </summary>
internal static class CrashStory
{
    private static readonly string[] Students = [.. Enumerable.Range(0, 24).Select(Rvf.Student)];

    /// <param name="acts">A folder for what the operator has at hand.</param>
    /// <param name="rows">Registrations in the largest file.</param>
    public static List<CrashStep> Steps(string acts, int rows) =>
    [
        new("2026-01-19T08:00:00", "run"),
        new("2026-01-19T10:00:00", "run", root => Monday(root, rows)),
        // A receipt of LU's cannot be written.
        new("2026-01-19T14:31:00", "run", root => Directory.CreateDirectory(Path.Combine(root, "ut", "LU", "2026-01-19.TEST.forhand.json"))),
        // Two seconds before the close.
        new("2026-01-19T14:59:58", "run", Late, Closes: true),
        new("2026-01-19T15:00:30", "run", root => Directory.Delete(Path.Combine(root, "ut", "LU", "2026-01-19.TEST.forhand.json"))),
        new("2026-01-20T10:00:00", "run", Tuesday),
        new("2026-01-20T15:00:03", "run", root => Directory.CreateDirectory(Path.Combine(root, "ut", "KTH", "2026-01-20.TEST.kl15.json"))),
        new("2026-01-21T08:00:00", "run", root => Directory.Delete(Path.Combine(root, "ut", "KTH", "2026-01-20.TEST.kl15.json"))),
        new("2026-01-21T09:00:00", "correct KTH 4-andring.txt"),
        new("2026-01-21T09:10:00", $"baseline LU {Baseline(acts)}"),
        new("2026-01-21T09:20:00", $"link KTH {Students[20]} {Students[21]}"),
        new("2026-01-22T15:30:00", "run"),
        new("2026-01-22T16:00:00", "purge"),
    ];

    private static void Monday(string root, int rows)
    {
        Drop(root, "KTH", "1-katalog.txt", Rvf.WithHeader(Rvf.Huv(1, "KTH"), Rvf.Ktf(), Rvf.Ktf("MAT202", "V26B2", "Flervariabelanalys"), Rvf.Mod()));
        List<string> term = [.. Students.Take(20).Select((s, i) => Rvf.Reg(s, id: $"reg-{i}"))];
        term.AddRange(
        [
            // Waits for its offering, and in vain; an avbrott of nothing; a result; one that is faulty; a repeat; an id that two students have.
            Rvf.Reg(Students[20], "XXX999"), Rvf.Avb(Students[21]), Rvf.Res(Students[3]), Rvf.Reg(Students[22], type: "XXX"), Rvf.Reg(Students[2], id: "reg-2"), Rvf.Reg(Students[23], id: "reg-1"),
            Rvf.Reg(Students[20], id: "delad"), Rvf.Reg(Students[21], id: "delad"), Rvf.Reg(Students[22], "MAT202", "V26B2", date: "20260301"),
            // Added and removed again.
            Rvf.Reg(Students[23], "MAT202", "V26B2"), Rvf.Reg(Students[23], "MAT202", "V26B2", action: "B"),
        ]);
        Drop(root, "KTH", "2-termin.txt", Rvf.WithHeader(Rvf.Huv(2, "KTH"), [.. term]));
        Drop(root, "KTH", "3-slutpost.txt", Rvf.WithHeader(Rvf.Huv(3, "KTH"), Rvf.Reg()).Replace("SLU00000001", "SLU00000009", StringComparison.Ordinal));
        Drop(root, "LU", "1-kurser.csv", RvfCsv.File(Rvf.Ktf()));
        Drop(root, "LU", "2-registreringar.csv", Rvf.Csv([.. Enumerable.Range(0, rows).Select(i => Rvf.Row(Rvf.Student(i), i % 7 == 3 ? "XXX999" : "TMA101", pace: i % 10 == 4 ? "abc" : "100"))]));
        Drop(root, "LU", "3-kurser-igen.csv", RvfCsv.File(Rvf.Ktf()));
        Drop(root, "LU", "4-nul.csv", "åtgärd;personnummer\r\n\0\0\r\n");
        // A number in a name is masked in whatever we write.
        Drop(root, "LU", $"5-{Rvf.Anna}.csv", Rvf.Csv(Rvf.Row(course: "XXX999")));
        Drop(root, "HÖS", "reg.txt", Rvf.WithHeader(Rvf.Huv(1, "HÖS"), Rvf.Reg(), Rvf.Reg(Rvf.Bo, type: "XXX"), Rvf.Reg(Rvf.Cia)));
        Drop(root, "HÖS", "reg.txt.klar", "antal=3\nhp=22.50\n");
        Drop(root, "HÖS", "res.txt", Rvf.WithHeader(Rvf.Huv(2, "HÖS"), Rvf.Res()));
        Drop(root, "HÖS", "res.txt.KLAR", "antal=7\n");
        Drop(root, "PAPPER", "reg.txt", Rvf.WithHeader(Rvf.Huv(1, "PAPPER"), Rvf.Reg()));
        Drop(root, "ANNAN", "reg.txt", Rvf.WithHeader(Rvf.Huv(1, "ANNAN"), Rvf.Reg()));
        Drop(root, "", "vilsen.csv", Rvf.Csv(Rvf.Row()));
    }

    private static void Late(string root)
    {
        Drop(root, "KTH", "3-sent.txt", Rvf.WithHeader(Rvf.Huv(3, "KTH"), Rvf.Reg(Students[12], "MAT202", "V26B2"), Rvf.Reg(Students[13], action: "B"), Rvf.Reg(Students[22], type: "XXX")));
        Drop(root, "LU", "5-sent.csv", Rvf.Csv([.. Enumerable.Range(40, 12).Select(i => Rvf.Row(Rvf.Student(i), i % 5 == 0 ? "XXX999" : "TMA101"))]));
    }

    private static void Tuesday(string root)
    {
        Drop(root, "KTH", "4-andring.txt", Rvf.WithHeader(Rvf.Huv(4, "KTH"),
            // A removal alone, and one with another in its place, which K41 refuses; one that is exchanged; a new one under a released id.
            Rvf.Reg(Students[5], action: "B"), Rvf.Reg(Students[6], action: "B"), Rvf.Reg(Students[6], "MAT202", "V26B2"), Rvf.Reg(Students[7], action: "B"), Rvf.Reg(Students[7], id: "delad-2"),
            Rvf.Res(Students[3], action: "B"), Rvf.Res(Students[3], grade: "VG"), Rvf.Reg(Students[20], id: "delad"), Rvf.Avb(Students[8], date: "20260120")));
        Drop(root, "KTH", "5-katalog.txt", Rvf.WithHeader(Rvf.Huv(5, "KTH"), Rvf.Ktf(hp: "00600", end: "20260215")));
        // What cannot stand in place of what it removes (K45).
        Drop(root, "LU", "6-resultat.csv", RvfCsv.File(Rvf.Res(Rvf.Student(1), hp: "00700"), Rvf.Res(Rvf.Student(2), hp: "00900")));
        Drop(root, "HÖS", "reg.txt", Rvf.WithHeader(Rvf.Huv(2, "HÖS"), Rvf.Reg(Rvf.Bo)));
        Drop(root, "HÖS", "reg.txt.klar", "");
    }

    private static string Baseline(string acts)
    {
        var path = Path.Combine(acts, "host.csv");
        File.WriteAllText(path, Rvf.Csv([.. Enumerable.Range(30, 12).Select(i => Rvf.Row(Rvf.Student(i), "HOST25", "H25", start: "2025-09-01", end: "2025-10-05", date: "2025-08-25"))]));
        return path;
    }

    /// <summary>In order of name, as their last writes say.</summary>
    private static void Drop(string root, string school, string name, string text)
    {
        var folder = Path.Combine(root, "in", school);
        Directory.CreateDirectory(folder);
        File.WriteAllBytes(Path.Combine(folder, name), Encoding.UTF8.GetBytes(text));
        File.SetLastWriteTimeUtc(Path.Combine(folder, name), DateTime.Parse("2026-01-19T07:00:00Z", CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal));
    }
}
