using System.CommandLine;
using System.Data.Common;
using System.IO.Abstractions;
using Ingest.Formats;
using Ingest.Rules;
using Ingest.Worker.Ledger;
using Ingest.Worker.Service;
using Ingest.Worker.Settings;
using Microsoft.Extensions.Logging;

namespace Ingest.Worker.Commands;

/// <summary>
/// What the commands share that show personal data: who asks and why is a row in the ledger before anything is shown, and a line in the
/// log without the student. Where the row cannot be written, nothing is shown.
/// </summary>
internal static class AccessLog
{
    public static Option<string?> ByOption() => new("--by") { Description = "Who asks (default: the user of the operating system)" };

    public static Option<string?> CaseOption() => new("--case") { Description = "The number of the case that it is for" };

    /// <summary>The ledger's number of a school; null when it is registered and has sent nothing.</summary>
    public static long? SchoolId(IngestApp look, DbConnection connection, string code)
    {
        var known = LedgerDatabase.KnownSchoolId(connection, code);
        // One that has left the register has its records still.
        if (known is null && look.Schools.Current.Find(code) is null) throw new UsageException("skolan i --school finns varken i registret eller i liggaren");
        return known;
    }

    /// <param name="by">What <c>--by</c> says.</param>
    /// <param name="caseNumber">What <c>--case</c> says.</param>
    public static async Task WriteAsync(IngestApp look, Access access, string? by, string? caseNumber, CancellationToken stop)
    {
        var today = ReportingCalendar.SwedishDate(look.Time.GetUtcNow());
        access = access with { Who = Shown(by) ?? Environment.UserName, CaseNumber = Shown(caseNumber) };
        try
        {
            using var ledger = LedgerDatabase.Of(look.Settings, look.Root, look.Time);
            await ledger.RecordAsync(access, stop);
        }
        catch (DbException e)
        {
            throw new StartException($"Uppslaget kan inte skrivas upp i liggaren ({Fault.Say(e)}), och då visas ingenting. "
                + "Är liggaren äldre än programmet: starta tjänsten en gång, så uppgraderas den.");
        }
        using var logs = CommandLine.Logs(look.Settings, console: false, beside: true);
        logs.CreateLogger(nameof(AccessLog)).LogInformation("{Who} looked at {What} of {School} by {Command}, case {Case}; found: {Found}",
            access.Who, access.Student is { } student ? "student " + CorrelationKey.Of(look.Root).Token(student) : "everything", access.School, access.Command, access.CaseNumber, access.Found);

        string? Shown(string? text) => string.IsNullOrWhiteSpace(text) ? null : Masking.Numbers(text.Trim(), today, out _);
    }
}
