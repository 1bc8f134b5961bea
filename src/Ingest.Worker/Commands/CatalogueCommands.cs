using System.CommandLine;
using System.Text.Encodings.Web;
using System.Text.Json;
using Ingest.Formats;

namespace Ingest.Worker.Commands;

/// <summary><c>formats</c> and <c>codes</c>: the layouts and the finding catalogue, as text, Markdown and JSON.</summary>
internal static class CatalogueCommands
{
    private static readonly JsonSerializerOptions Json = new()
    {
        WriteIndented = true,
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static Command Formats()
    {
        var format = CommandLine.FormatOption("text", "markdown", "json");
        var command = new Command("formats", "Print the layouts (RVF1)") { format };
        command.SetAction(parsed => Console.Write(parsed.GetValue(format) switch
        {
            "json" => JsonSerializer.Serialize(Layouts.All.Select(l => new
            {
                l.Tag,
                l.Title,
                fields = l.Fields.Select(f => new
                {
                    f.Name,
                    start = f.InFixedWidth ? f.Start : (int?)null,
                    length = f.InFixedWidth ? f.Length : (int?)null,
                    form = f.Form.ToString(),
                    need = f.Need.ToString(),
                    values = f.ValueList,
                    aliases = f.AliasList,
                    csv = l.Kind is not null,
                    columnOptional = f.ColumnOptional,
                }),
            }), Json) + "\n",
            "markdown" => FormatsDocument.Markdown(),
            _ => FormatsDocument.Text(),
        }));
        return command;
    }

    public static Command Codes()
    {
        var format = CommandLine.FormatOption("text", "markdown", "json");
        var command = new Command("codes", "Print the finding catalogue") { format };
        command.SetAction(parsed => Console.Write(parsed.GetValue(format) switch
        {
            "json" => JsonSerializer.Serialize(FindingCatalogue.All.Select(d => new
            {
                code = d.Code.ToString(),
                severity = d.Severity.ToString(),
                d.Sv,
                d.En,
                d.Source,
                contact = FindingCatalogue.ContactText(d.Contact, Language.Sv),
            }), Json) + "\n",
            "markdown" => FindingsDocument.Markdown(),
            _ => string.Concat(FindingCatalogue.All.Select(d => $"{d.Code}  {d.Severity}  {d.Sv.Title}\n")),
        }));
        return command;
    }
}
