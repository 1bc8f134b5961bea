using System.CommandLine;
using System.Globalization;
using System.IO.Abstractions;
using Ingest.Formats;
using Ingest.Rules;
using Ingest.Worker.Cutoff;
using Ingest.Worker.Ledger;
using Ingest.Worker.Receipts;
using Ingest.Worker.Service;
using Ingest.Worker.Settings;
using Microsoft.Extensions.Logging.Abstractions;

namespace Ingest.Worker.Commands;

/// <summary><c>cutoff</c>: closes what is overdue; <c>--preview</c> shows what a close would come to, and writes nothing.</summary>
internal static class CutoffCommand
{
    // Enough to find them by; the school's own receipts have them all.
    private const int MostShown = 5;

    public static Command Build(IReadOnlyList<string> settingArguments)
    {
        var root = CommandLine.RootOption();
        var preview = new Option<bool>("--preview") { Description = "Show what would be delivered, netted and refused, per school; write nothing" };
        var date = new Option<DateOnly?>("--date")
        {
            Description = "The window (yyyy-MM-dd): the last one to close, or the one to preview",
            CustomParser = result =>
            {
                if (DateOnly.TryParseExact(result.Tokens[0].Value, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var given)) return given;
                result.AddError("--date tar ett datum, yyyy-MM-dd");
                return null;
            },
        };
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
            await app.Service.RunOnceAsync(parsed.GetValue(date), stop, Console.WriteLine);
            var closed = app.Ledger.Windows().Where(w => w.Date > before).ToList();
            foreach (var window in closed) Console.WriteLine($"Fönstret {Words.Iso(window.Date)} är stängt: {app.Root.DeliveryOf(window.Date)}");
            if (closed.Count == 0 && app.Due.StillOpen(parsed.GetValue(date)) is null) Console.WriteLine($"Inget fönster att stänga. Nästa stänger {Words.Moment(app.Due.Next().ClosesAt, Language.Sv)}.");
            return ExitCode.Ok;
        });
        return command;
    }

    private static void Preview(IngestApp app, DateOnly window, TextWriter output)
    {
        var closes = Words.Moment(ReportingCalendar.On(window).ClosesAt, Language.Sv);
        if (window <= app.Ledger.LastClosed())
        {
            output.WriteLine($"Fönstret {Words.Iso(window)}, som stängde {closes}, är redan stängt: se delivery/ och kl15-kvittenserna.");
            return;
        }
        if (window != app.Due.Next().Date && app.Calendar.After(window.AddDays(-1)) is var after && after.Date != window)
        {
            output.WriteLine($"{Words.Iso(window)} stänger inget fönster. Nästa därefter stänger {Words.Moment(after.ClosesAt, Language.Sv)}.");
            return;
        }
        output.WriteLine($"Förhandsvisning av fönstret {Words.Iso(window)}, som stänger {closes}. Ingenting skrivs.");
        output.WriteLine("Så blir det om ingenting mer kommer före stängningen.");
        var schools = app.CutoffReceipts.Schools(window);
        foreach (var school in schools) Preview(app, school, window, output);
        if (schools.Count == 0) output.WriteLine("Inga filer har kommit in i det.");
    }

    private static void Preview(IngestApp app, string school, DateOnly window, TextWriter output)
    {
        using var foreseen = new Foreseen(app.Close.Preview(school, window));
        using var connection = app.Ledger.Open();
        var names = new FileNames(connection);
        output.WriteLine($"{Environment.NewLine}{school}: {foreseen.Delivered} levereras, {foreseen.Netted} kvittas, {foreseen.Refused} avvisas");
        foreach (var (code, count) in foreseen.Codes(toSeeTo: false))
        {
            var (definition, first) = (FindingCatalogue.Get(code), foreseen.First(code, MostShown));
            var word = definition.Severity switch { Severity.I when code >= FindingCode.K41 => "kvittas", Severity.I => "upplysning", Severity.V => "varning", _ => "avvisas" };
            output.WriteLine($"  {word} {code}{count,8}  {definition.Sv.Title}: {string.Join(", ", first.Select(r => $"{names.Shown(r.File)} rad {r.Line}"))}{(count > first.Count ? " …" : "")}");
            if (code == FindingCode.K41)
                output.WriteLine("          Kommer ingen FFG på kursen med samma omfattning och period före stängningen gäller det levererade, och skolan måste mejla studierapporter@csn.se.");
        }
    }
}
