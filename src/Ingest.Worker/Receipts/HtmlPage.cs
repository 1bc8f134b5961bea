using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Unicode;
using Ingest.Formats;

namespace Ingest.Worker.Receipts;

/// <summary>A stand-alone page: no script, nothing fetched; readable on a telephone, in the dark and on paper.</summary>
internal sealed class HtmlPage : IDisposable
{
    // The letters people read stay themselves; what HTML takes for markup does not.
    private static readonly HtmlEncoder Encoder = HtmlEncoder.Create(UnicodeRanges.BasicLatin, UnicodeRanges.Latin1Supplement, UnicodeRanges.GeneralPunctuation);

    private const string Style = """
        :root { color-scheme: light dark; --line: #8886; --soft: #8881; --accent: #1c5d99; }
        @media (prefers-color-scheme: dark) { :root { --accent: #8fc1ee; } }
        body { font: 1rem/1.5 system-ui, sans-serif; max-width: 70rem; margin: 0 auto; padding: 1.5rem 1rem 4rem; }
        h1 { font-size: 1.5rem; line-height: 1.25; margin: 0 0 .5rem; } h2 { font-size: 1.15rem; margin: 2.5rem 0 .5rem; } h3 { font-size: 1rem; margin: 1.75rem 0 .25rem; }
        .summary { font-size: 1.1rem; border-left: .3rem solid var(--accent); padding: .25rem 0 .25rem 1rem; margin: 1rem 0 1.5rem; }
        dl { display: grid; grid-template-columns: max-content 1fr; gap: .15rem 1rem; margin: 0; } dt { opacity: .75; } dd { margin: 0; overflow-wrap: anywhere; }
        .table { overflow-x: auto; } table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
        th, td { text-align: left; vertical-align: top; padding: .35rem .75rem .35rem 0; border-bottom: 1px solid var(--line); } th { font-weight: 600; }
        td.n, th.n { text-align: right; width: 1%; white-space: nowrap; padding-right: 1.25rem; } p { margin: .25rem 0; max-width: 46rem; } footer { margin-top: 3rem; opacity: .75; font-size: .9rem; }
        .test { display: inline-block; border: 1px solid currentcolor; padding: 0 .5rem; font-weight: 600; margin-bottom: .75rem; }
        @media (max-width: 45rem) { .wide thead { display: none; } .wide tr { display: block; padding: .75rem 0; border-bottom: 1px solid var(--line); }
          .wide td, .wide td.n { display: block; width: auto; text-align: left; white-space: normal; border: 0; padding: .1rem 0; } .wide td:empty { display: none; }
          .wide td::before { content: attr(data-name) ": "; opacity: .75; } }
        @media (max-width: 30rem) { dl { grid-template-columns: 1fr; } dt { margin-top: .4rem; } }
        @media print { body { max-width: none; padding: 0; } tr { break-inside: avoid; } }
        """;

    // What neither is markup nor could be unseen: nearly every text, which is then written as it is.
    private static readonly SearchValues<char> Plain = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789 .,:;()/_-*%=?!åäöÅÄÖé§”“’–…");

    private readonly StreamWriter writer;
    // The attribute that names a cell's column; empty in a table of few columns.
    private string[] names = [];

    public HtmlPage(Stream stream, string title, Language language, string environment)
    {
        writer = new StreamWriter(stream, new UTF8Encoding(false), 1 << 16, leaveOpen: true) { NewLine = "\n" };
        Raw($"<!DOCTYPE html>\n<html lang=\"{(language == Language.Sv ? "sv" : "en")}\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n");
        Raw($"<title>{Text(title)}</title>\n<style>\n{Style}\n</style>\n</head>\n<body>\n<main>\n");
        if (environment == "TEST") Raw("<div class=\"test\">TEST</div>\n");
        Raw($"<h1>{Text(title)}</h1>\n");
    }

    public static string Text(string? text) => text is null ? "" : text.AsSpan().ContainsAnyExcept(Plain) ? Encoder.Encode(Masking.Visible(text)) : text;

    public void Raw(string html) => writer.Write(html);

    public void Heading(int level, string text) => Raw($"<h{level}>{Text(text)}</h{level}>\n");

    public void Paragraph(string text, string? kind = null) => Raw($"<p{(kind is null ? "" : $" class=\"{kind}\"")}>{Text(text)}</p>\n");

    public void Facts(IEnumerable<(string Name, string? Value)> facts)
    {
        Raw("<dl>\n");
        foreach (var (name, value) in facts)
            if (!string.IsNullOrEmpty(value)) Raw($"<dt>{Text(name)}</dt><dd>{Text(value)}</dd>\n");
        Raw("</dl>\n");
    }

    /// <summary>Opens a table; a heading that begins with <c>#</c> is over a column of numbers.</summary>
    public void Table(params string[] headings)
    {
        names = headings.Length > 3 ? headings.Select(h => $" data-name=\"{Text(h.TrimStart('#'))}\"").ToArray() : [.. headings.Select(_ => "")];
        // A table of many columns becomes a card a row on a narrow screen.
        Raw($"<div class=\"table\"><table{(headings.Length > 3 ? " class=\"wide\"" : "")}>\n<thead><tr>");
        foreach (var heading in headings) Raw(heading.StartsWith('#') ? $"<th class=\"n\" scope=\"col\">{Text(heading[1..])}</th>" : $"<th scope=\"col\">{Text(heading)}</th>");
        Raw("</tr></thead>\n<tbody>\n");
    }

    /// <param name="numbers">How many of the first cells are numbers.</param>
    public void Row(int numbers, params ReadOnlySpan<string?> cells)
    {
        Raw("<tr>");
        for (var i = 0; i < cells.Length; i++)
        {
            Raw(i < numbers ? "<td class=\"n\"" : "<td");
            Raw(names[i]);
            Raw(">");
            Raw(Text(cells[i]));
            Raw("</td>");
        }
        Raw("</tr>\n");
    }

    public void EndTable() => Raw("</tbody>\n</table></div>\n");

    public void Dispose()
    {
        Raw("</main>\n</body>\n</html>\n");
        writer.Dispose();
    }
}
