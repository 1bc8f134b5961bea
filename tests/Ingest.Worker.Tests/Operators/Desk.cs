using System.Text;
using Dapper;
using Ingest.Rules;
using Ingest.Worker.Ledger;
using Ingest.Worker.Operators;
using Ingest.Worker.Tests.Support;

namespace Ingest.Worker.Tests.Operators;

/// <summary>An operator's acts on a test root, under its clock.</summary>
internal static class Desk
{
    public static AuditEntry Entry(TestRoot root, string action, string school = "UMU") =>
        new(root.Clock.GetUtcNow(), "anna", action, school, "2026/17", "skolan har mejlat");

    public static Task<Act> ReportAsync(TestRoot root, Origin origin, string file, string school = "UMU") => new OperatorDesk(root.App).ReportAsync(
        root.App.Schools.Current.Find(school)!, origin, "rattelse.txt", Encoding.UTF8.GetBytes(file), Entry(root, "correct", school), CancellationToken.None);

    public static Task<Act> BaselineAsync(TestRoot root, string file, string school = "UMU", string name = "host.txt") => new OperatorDesk(root.App).BaselineAsync(
        root.App.Schools.Current.Find(school)!, name, Encoding.UTF8.GetBytes(file), Entry(root, "baseline", school), CancellationToken.None);

    /// <summary>The first six columns of a school's delivery: åtgärd to registreringstyp.</summary>
    public static List<string> Delivered(TestRoot root, string window, string school = "UMU") =>
        [.. root.Text("delivery", window, school + ".csv").Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(1).Select(l => string.Join(';', l.Split(';').Take(6)))];

    public static List<(string Action, string School, string Who, string Case, string Why)> Audit(TestRoot root)
    {
        using var connection = root.App.Ledger.Open();
        return [.. connection.Query<(string, string, string, string, string)>("SELECT action, school, who, case_number, why FROM audit ORDER BY id")];
    }
}
