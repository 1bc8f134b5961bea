using System.CommandLine;
using Ingest.Formats;
using Ingest.Rules;
using Ingest.Worker.Operators;
using Ingest.Worker.Receipts;

namespace Ingest.Worker.Commands;

/// <summary>
/// <c>correct</c>: carries out what a school asked for and the close refused (K41), or what a file of the operator's own says. It counts
/// in the open window, as the school's own report would, and a removal of what was delivered is handed on.
/// </summary>
internal static class CorrectCommand
{
    public static Command Build(IReadOnlyList<string> settingArguments)
    {
        var id = new Argument<string?>("FILEID") { Description = "The file whose refused lines are carried out", Arity = ArgumentArity.ZeroOrOne };
        var lines = new Argument<long[]>("LINE") { Description = "Lines of it", Arity = ArgumentArity.ZeroOrMore };
        var file = new Option<string?>("--file") { Description = "A file of records (RVF1) instead; - for the standard input" };
        var school = new Option<string?>("--school") { Description = "The skolkod that --file is about" };
        var command = new Command("correct", "Carry out a correction for a school, in the next window") { id, lines, file, school };
        var act = new ActOptions(command, settingArguments);
        command.SetAction(async (parsed, stop) =>
        {
            using var app = act.Open(parsed);
            var desk = new OperatorDesk(app);
            if (parsed.GetValue(file) is { } path)
            {
                if (parsed.GetValue(id) is not null) throw new UsageException("ange FILEID och LINE, eller --file, inte båda");
                var of = ActOptions.School(app, parsed.GetValue(school) ?? throw new UsageException("--file behöver --school"));
                var bytes = await InputFile.ReadAsync(path, stop);
                return ActOptions.Print(await desk.ReportAsync(of, Origin.Correction, "rattelse.txt", bytes, act.Entry(parsed, app, "correct", of.Code), stop), "rättelsen");
            }
            if (FileId.Parse(parsed.GetValue(id) ?? "") is not { } fileId || parsed.GetValue(lines) is not { Length: > 0 } wanted)
                throw new UsageException("ange FILEID (som 20261125-000001) och minst en LINE, eller --file och --school");
            if (app.Ledger.File(fileId) is not { Status: not null } row)
            {
                await Console.Error.WriteLineAsync($"ingest: {FileId.Text(fileId)} finns inte i liggaren.");
                return ExitCode.NotThere;
            }
            if (row.DetailPurged is { } emptied)
            {
                await Console.Error.WriteLineAsync($"ingest: det som stod i de avvisade posterna i {FileId.Text(fileId)} är gallrat {Words.Iso(ReportingCalendar.SwedishDate(emptied))}. Skriv rättelsen som en fil och ange --file.");
                return ExitCode.NotThere;
            }
            var refused = app.Ledger.Refused(row).ToDictionary(e => e.Line, e => e.Record);
            if (wanted.FirstOrDefault(l => !refused.ContainsKey(l)) is > 0 and var other)
            {
                await Console.Error.WriteLineAsync($"ingest: rad {other} i {FileId.Text(fileId)} är inte avvisad vid någon stängning, så den kan inte rättas så här. {Known(refused.Keys)}");
                return ExitCode.NotThere;
            }
            var detail = System.Text.Json.JsonSerializer.Serialize(new { file = FileId.Text(fileId), lines = wanted });
            var asked = wanted.Distinct().Select(l => refused[l]).ToList();
            return ActOptions.Print(await desk.ReportAsync(ActOptions.School(app, row.School), Origin.Correction, "rattelse.txt", asked, act.Entry(parsed, app, "correct", row.School, detail), stop), "rättelsen");
        });
        return command;
    }

    private static string Known(Dictionary<long, StudentRecord>.KeyCollection lines) =>
        lines.Count == 0 ? "Filen har inga sådana rader." : $"Rader som är det: {string.Join(", ", lines.Take(20))}{(lines.Count > 20 ? " …" : "")}.";
}
