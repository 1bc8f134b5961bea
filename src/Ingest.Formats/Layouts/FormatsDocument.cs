using System.Globalization;
using System.Text;

namespace Ingest.Formats;

/// <summary>Writes the published layout, <c>docs/formats.md</c>, from the table; a test holds that they agree.</summary>
public static class FormatsDocument
{
    public static string Markdown()
    {
        var text = new StringBuilder();
        text.Append(Introduction);
        foreach (var layout in Layouts.All)
        {
            text.Append(CultureInfo.InvariantCulture, $"\n## {layout.Tag} {layout.Title}\n\n");
            text.Append("| Fält | Position | Form | Krävs | CSV-kolumn |\n|---|---|---|---|---|\n");
            if (layout.Kind is not null || layout.Fields.Count > 0) text.Append(CultureInfo.InvariantCulture, $"| posttyp | 1-3 | `{layout.Tag}` | ja | |\n");
            foreach (var f in layout.Fields)
                text.Append(CultureInfo.InvariantCulture, $"| {f.Name} | {(f.InFixedWidth ? $"{f.Start}-{f.End}" : "bara CSV")} | {Form(f)} | {NeedText(f)} | {(layout.Kind is null ? "" : Column(f))} |\n");
        }
        return text.ToString();
    }

    private const string Introduction = """
        # RVF1: filformat för rapportering

        Sidan görs ur layouttabellen i koden med `ingest formats --format markdown`; ändra den inte för hand.
        Layouten är det här projektets egen. CSN har inte publicerat någon, och den här är inte CSN:s.

        ## Poster

        `N` rapporterar något nytt och `B` tar bort något som är rapporterat. I ett `B` krävs bara nyckelfälten (”nyckel” i tabellerna);
        för FO och OM hör också start till nyckeln, och en tom registreringstyp i ett `B` betyder FFG. Registreringstyp: `FFG` första gången,
        `FO` fortsatt, `OM` omregistrering. Avbrott: `A` avbrott, `E` ej påbörjat. Tillgodoräknande: `J` ja, `N` nej.
        Ett händelse-id är systemets eget namn på posten, utan skillnad på stora och små bokstäver; samma id med samma innehåll räknas en gång,
        med annat innehåll avvisas det. KTF och MOD har inget händelse-id.

        ## Fast bredd

        Högst 120 tecken per rad, räknat i tecken efter avkodning. En HUV, poster i valfri ordning, en SLU. Text vänsterställs, tal nollfylls,
        hp har två underförstådda decimaler (`00750` är 7,50), datum skrivs `ååååmmdd`. Raderna slutar med CRLF, LF eller CR; blanktecken i
        slutet får tas bort, tomma rader och ett avslutande 0x1A räknas inte. SLU anger antalet rader mellan HUV och SLU och summan av alla
        hp-fält, också i `B` och i felaktiga rader. En omsändning av avvisade poster har löpnummer `00000000` och får ha tomma fält i SLU.

        ## CSV

        En posttyp per fil, som rubrikraden avgör. Semikolon, komma eller tabb; Excels `sep=;` går bra. Rubriker jämförs utan hänsyn till stora
        bokstäver, åäö, blanktecken, bindestreck och understreck; kolumnernas ordning är fri och okända kolumner läses inte. Datum skrivs
        `åååå-mm-dd` eller `ååååmmdd`, hp med komma eller punkt och utan tusentalstecken. Citattecken enligt RFC 4180. Filen `<namn>.klar`
        får ange `antal=`, `hp=` och `sha256=`, som då kontrolleras.

        ## Teckenkodning

        UTF-8 med eller utan BOM, UTF-16 med BOM, eller Windows-1252 (ISO-8859-1). Den som hittades står på kvittensen.
        Personnummer skrivs med tolv siffror; tio siffror tas för det senaste möjliga århundradet, med `+` hundra år tidigare (P13).

        """;

    public static string Text()
    {
        var text = new StringBuilder();
        foreach (var layout in Layouts.All)
        {
            text.Append(CultureInfo.InvariantCulture, $"{layout.Tag}  {layout.Title}\n");
            foreach (var f in layout.Fields)
                text.Append(CultureInfo.InvariantCulture, $"  {(f.InFixedWidth ? $"{f.Start,3}-{f.End,-3}" : "    csv"),-8} {f.Name,-20} {Form(f)}\n");
            text.Append('\n');
        }
        return text.ToString();
    }

    private static string Form(Field f) => f.Form switch
    {
        FieldForm.List => string.Join(", ", f.ValueList),
        FieldForm.Personnummer => "12 siffror, eller 10 med eller utan - eller +",
        FieldForm.Code => $"{f.Min}-{f.Max} bokstäver (även åäö) och siffror",
        FieldForm.Credits => f.Min > 0 ? "hp större än 0, högst 999,99" : "hp 0-999,99",
        FieldForm.Number when f.Role == FieldRole.ControlSum => $"{f.Length} siffror, summan av alla hp med två underförstådda decimaler",
        FieldForm.Number => $"heltal {f.Min}-{f.Max}",
        FieldForm.Date => "datum, 1900-2100",
        FieldForm.Timestamp => "ååååmmddttmmss, svensk tid",
        FieldForm.Id => $"1-{f.Max} tecken utan blanktecken",
        _ => $"text, 1-{f.Max} tecken",
    };

    private static string NeedText(Field f) => f.Need switch
    {
        Need.Key => "nyckel",
        Need.New => "ja i N",
        _ => f.Role == FieldRole.Grade ? "ja i N, utom vid tillgodoräknande" : "nej",
    };

    private static string Column(Field f)
    {
        var names = string.Join(", ", f.AliasList.Prepend(f.Name).Select(n => $"`{n}`"));
        if (!f.ColumnOptional) return names;
        return names + (f.AbsentInCsv is { } absent ? $" (får saknas: {absent})" : " (får saknas)");
    }
}
