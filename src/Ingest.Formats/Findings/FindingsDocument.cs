using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Ingest.Formats;

/// <summary>Writes <c>docs/findings.md</c> from the catalogue; a test holds that they agree.</summary>
public static partial class FindingsDocument
{
    public static string Markdown()
    {
        var text = new StringBuilder();
        text.Append("# Felkoder / Findings\n\n");
        text.Append("Made from the catalogue in code by `ingest codes --format markdown`: do not edit by hand.\n\n");
        text.Append("F: filen avvisas (the file is refused). E: posten avvisas (the record is rejected). ");
        text.Append("W: posten väntar till 15.00 (the record waits until 15:00). V: varning (warning). I: upplysning (information).\n");
        foreach (var d in FindingCatalogue.All)
        {
            text.Append(CultureInfo.InvariantCulture, $"\n## {d.Code} ({d.Severity}) {d.Sv.Title}\n\n");
            text.Append(CultureInfo.InvariantCulture, $"{Plain(d.Sv.Message)}\n\n**Åtgärd:** {Plain(d.Sv.Fix)}\n\n");
            if (FindingCatalogue.ContactText(d.Contact, Language.Sv) is { Length: > 0 } contact) text.Append(CultureInfo.InvariantCulture, $"**Kontakt:** {contact}\n\n");
            text.Append(CultureInfo.InvariantCulture, $"*{d.En.Title}.* {Plain(d.En.Message)} {Plain(d.En.Fix)}\n\nKälla: {d.Source}\n");
        }
        return text.ToString();
    }

    /// <summary>The text with an ellipsis for each value that a receipt fills in.</summary>
    private static string Plain(string template) => Placeholder().Replace(template, "…");

    [GeneratedRegex(@"\{\w+\}")]
    private static partial Regex Placeholder();
}
