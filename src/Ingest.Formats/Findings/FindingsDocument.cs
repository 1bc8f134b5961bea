using System.Globalization;
using System.Text;

namespace Ingest.Formats;

/// <summary>Writes <c>docs/findings.md</c> from the catalogue; a test holds that they agree.</summary>
public static class FindingsDocument
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
            text.Append(CultureInfo.InvariantCulture, $"{d.Sv.Message}\n**Åtgärd:** {d.Sv.Fix}\n");
            if (FindingCatalogue.ContactText(d.Contact, Language.Sv) is { Length: > 0 } contact) text.Append(CultureInfo.InvariantCulture, $"**Kontakt:** {contact}\n");
            text.Append(CultureInfo.InvariantCulture, $"\n*{d.En.Title}.* {d.En.Message}\n*What to do:* {d.En.Fix}\n\nKälla: {d.Source}\n");
        }
        return text.ToString();
    }
}
