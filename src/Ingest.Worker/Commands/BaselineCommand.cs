using System.CommandLine;
using Ingest.Worker.Operators;

namespace Ingest.Worker.Commands;

/// <summary><c>baseline</c>: records that were reported elsewhere before. They stand as delivered, and are never delivered from here.</summary>
internal static class BaselineCommand
{
    public static Command Build(IReadOnlyList<string> settingArguments)
    {
        var file = new Argument<string>("FILE") { Description = "What stands: N records in either shape of RVF1" };
        var school = new Option<string>("--school") { Description = "The skolkod", Required = true };
        var command = new Command("baseline", "Take in what a school reported elsewhere before, as standing") { file, school };
        var act = new ActOptions(command, settingArguments, whyRequired: false);
        command.SetAction(async (parsed, stop) =>
        {
            using var app = act.Open(parsed);
            var of = ActOptions.School(app, parsed.GetValue(school)!);
            var path = parsed.GetValue(file)!;
            var bytes = await InputFile.ReadAsync(path, stop);
            return ActOptions.Print(await new OperatorDesk(app).BaselineAsync(of, path == "-" ? "utgangslage" : Path.GetFileName(path), bytes, act.Entry(parsed, app, "baseline", of.Code), stop), "utgångsläget");
        });
        return command;
    }
}
