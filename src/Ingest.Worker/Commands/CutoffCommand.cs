using System.CommandLine;
using System.IO.Abstractions;
using Ingest.Formats;
using Ingest.Rules;
using Ingest.Worker.Receipts;
using Ingest.Worker.Service;
using Ingest.Worker.Settings;
using Microsoft.Extensions.Logging.Abstractions;

namespace Ingest.Worker.Commands;

/// <summary><c>cutoff</c>: closes what is overdue; <c>--preview</c> shows what a close would come to, and writes nothing.</summary>
internal static class CutoffCommand
{
    public static Command Build(IReadOnlyList<string> settingArguments)
    {
        var root = CommandLine.RootOption();
        var preview = new Option<bool>("--preview") { Description = "Show what would be delivered, netted and refused, per school; write nothing" };
        var date = new Option<DateOnly?>("--date") { Description = "The window (yyyy-MM-dd): the last one to close, or the one to preview" };
        var command = new Command("cutoff", "Close every overdue window") { root, preview, date };
        command.SetAction(async (parsed, stop) =>
        {
            var settings = CommandLine.Settings(settingArguments, parsed.GetValue(root));
            if (parsed.GetValue(preview))
            {
                using var look = IngestApp.Look(settings, new FileSystem(), TimeProvider.System, NullLoggerFactory.Instance);
                if (look.Schools.Fault is { } fault) throw new StartException(fault);
                Preview(look, parsed.GetValue(date) ?? look.Due.Next().Date, Console.Out);
                return ExitCode.Ok;
            }
            using var logs = CommandLine.Logs(settings, console: false);
            using var app = IngestApp.Open(settings, new FileSystem(), TimeProvider.System, logs);
            var before = app.Ledger.LastClosed();
            await app.Service.RunOnceAsync(parsed.GetValue(date), stop);
            var closed = app.Ledger.Windows().Where(w => w.Date > before).ToList();
            foreach (var window in closed) Console.WriteLine($"Fönstret {Words.Iso(window.Date)} är stängt: {app.Root.DeliveryOf(window.Date)}");
            if (closed.Count == 0) Console.WriteLine($"Inget fönster att stänga. Nästa stänger {Words.Moment(app.Due.Next().ClosesAt, Language.Sv)}.");
            return ExitCode.Ok;
        });
        return command;
    }

    private static void Preview(IngestApp app, DateOnly window, TextWriter output)
    {
        output.WriteLine($"Förhandsvisning av fönstret {Words.Iso(window)}, som stänger {Words.Moment(ReportingCalendar.On(window).ClosesAt, Language.Sv)}. Ingenting skrivs.");
        if (window <= app.Ledger.LastClosed())
        {
            output.WriteLine("Det är redan stängt: se delivery/ och kl15-kvittenserna.");
            return;
        }
        var any = false;
        foreach (var school in app.Close.Preview(window).GroupBy(p => p.School))
        {
            any = true;
            var verdicts = school.Select(p => p.Verdict).ToList();
            output.WriteLine($"{school.Key}: {verdicts.Count(v => v.Outcome == Outcome.Delivered)} levereras, {verdicts.Count(v => v.Outcome is Outcome.Netted or Outcome.Duplicate)} kvittas, {verdicts.Count(v => v.Outcome is Outcome.Refused or Outcome.Rejected)} avvisas");
            foreach (var v in verdicts.Where(v => v.Findings.Count > 0).OrderBy(v => v.Event.FileId).ThenBy(v => v.Event.Line))
                output.WriteLine($"  {FileId.Text(v.Event.FileId)} rad {v.Event.Line}: {Words.Codes(v.Findings)} {FindingCatalogue.Message(v.Findings[0], Language.Sv)}");
        }
        if (!any) output.WriteLine("Inga poster har kommit in i det.");
    }
}
