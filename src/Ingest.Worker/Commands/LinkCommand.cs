using System.CommandLine;
using Ingest.Formats;
using Ingest.Rules;
using Ingest.Worker.Ledger;
using Ingest.Worker.Operators;
using Ingest.Worker.Receipts;

namespace Ingest.Worker.Commands;

/// <summary>
/// <c>link</c>: two numbers of one person, an interim or corrected one and the one that holds. What was reported under the first is the
/// person's from the open window on; what is reported under it from now on too, and an interim number is no longer P12.
/// </summary>
internal static class LinkCommand
{
    public static Command Build(IReadOnlyList<string> settingArguments)
    {
        var school = new Option<string>("--school") { Description = "The skolkod", Required = true };
        var from = new Option<string>("--from") { Description = "The interim or earlier number; - reads it from the standard input", Required = true };
        var to = new Option<string>("--to") { Description = "The number that holds; - reads it from the standard input", Required = true };
        var command = new Command("link", "Say that two identity numbers are one person's") { school, from, to };
        var act = new ActOptions(command, settingArguments);
        command.SetAction(async (parsed, stop) =>
        {
            using var app = act.Open(parsed);
            var of = ActOptions.School(app, parsed.GetValue(school)!);
            var earlier = ActOptions.Secret(parsed.GetValue(from)!);
            var person = ActOptions.Personnummer(ActOptions.Secret(parsed.GetValue(to)!), app.Time);
            var number = Personnummer.Parse(earlier, ReportingCalendar.SwedishDate(app.Time.GetUtcNow()), out var known, out _) switch
            {
                PersonnummerFault.Interim => Personnummer.InterimKey(earlier),
                PersonnummerFault.None => known.ToUnmaskedString(),
                _ => throw new UsageException("--from är varken ett personnummer eller ett interimsnummer"),
            };
            using var held = await ActLock.TakeAsync(app.Root, app.Time, stop);
            // A number that is linked itself leads on to the person.
            var holds = app.Ledger.PersonOf(of.Code, person.ToUnmaskedString()) ?? person.Digits;
            if (number == Personnummer.FromStorage(holds).ToUnmaskedString()) throw new UsageException(number == person.ToUnmaskedString() ? "--from och --to är samma nummer" : "--from och --to är redan samma person");
            if (app.Ledger.PersonOf(of.Code, number) is { } linked)
            {
                if (linked != holds) throw new UsageException("--from är redan länkat till ett annat nummer");
                Console.WriteLine("Numren är redan länkade.");
                return ExitCode.Ok;
            }
            DateOnly window;
            do window = new OperatorDesk(app).OpenWindow();
            while (!await app.Ledger.LinkAsync(of.Code, number, holds, window, act.Entry(parsed, app, "link", of.Code), stop));
            Console.WriteLine($"Numren är länkade hos {of.Code} från fönstret som stänger {Words.Moment(ReportingCalendar.On(window).ClosesAt, Language.Sv)}.");
            foreach (var twice in app.Ledger.StandingTwice(of.Code, holds))
                Console.WriteLine($"  Står under båda numren: {Words.Tag(twice.Record.Kind)} {Phrase.Code(twice.Record.CourseCode)}, {FileId.Text(twice.FileId)} rad {twice.Line}. Det räknas en gång; ta bort det som är för mycket med correct.");
            return ExitCode.Ok;
        });
        return command;
    }
}
