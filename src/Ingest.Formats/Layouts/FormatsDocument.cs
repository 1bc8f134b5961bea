using System.Globalization;
using System.Text;

namespace Ingest.Formats;

/// <summary>Writes the published layout, <c>docs/formats.md</c>, from the table; a test holds that they agree.</summary>
public static class FormatsDocument
{
    public static string Markdown()
    {
        var text = new StringBuilder();
        text.Append("# RVF1: filformat för rapportering\n\n");
        text.Append("Made from the layout table in code by `ingest formats --format markdown`: do not edit by hand.\n");
        text.Append("Layouten är det här projektets egen. CSN har inte publicerat någon, och den här är inte CSN:s.\n\n");
        text.Append(CultureInfo.InvariantCulture, $"Fast bredd: högst {Layout.LineLength} tecken per rad (efter avkodning). En HUV, poster i valfri ordning, en SLU. Text vänsterställs, tal nollfylls, ");
        text.Append("hp har två underförstådda decimaler (`00750` är 7,50), datum skrivs `ååååmmdd`. CSV: en posttyp per fil, ");
        text.Append("rubrikrad, semikolon, komma eller tabb; datum `åååå-mm-dd` eller `ååååmmdd`, hp med komma eller punkt.\n");
        text.Append("I ett borttag (`B`) krävs bara nyckelfälten.\n");
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
        Need.Key => "ja",
        Need.New => "ja i N",
        _ => f.Role == FieldRole.Grade ? "ja, utom vid tillgodoräknande" : "nej",
    };

    private static string Column(Field f)
    {
        var names = string.Join(", ", f.AliasList.Prepend(f.Name).Select(n => $"`{n}`"));
        if (!f.ColumnOptional) return names;
        return names + (f.AbsentInCsv is { } absent ? $" (får saknas: {absent})" : " (får saknas)");
    }
}
