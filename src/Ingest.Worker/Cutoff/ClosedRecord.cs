using System.Globalization;
using Ingest.Formats;
using Ingest.Worker.Ledger;

namespace Ingest.Worker.Cutoff;

/// <summary>The record that another was netted against.</summary>
internal sealed record Counterpart(long File, string FileName, long Line);

/// <summary>What became of one record at the close.</summary>
/// <param name="FileId">The file's, as text.</param>
/// <param name="EventId">As it may be shown; null where nobody is shown it, too.</param>
internal readonly record struct ClosedRecord(
    FileRow File, string FileId, long Line, RecordKind? Kind, string? EventId, string Outcome, IReadOnlyList<Finding> Findings, Counterpart? Counterpart)
{
    public const string Delivered = "delivered", Netted = "netted", Refused = "refused", Catalogue = "catalogue";

    public string? Mot => Counterpart is { } c ? string.Create(CultureInfo.InvariantCulture, $"{Rules.FileId.Text(c.File)}-{c.Line}") : null;

    public bool IsRefused => Outcome == Refused;

    public string Message(Language language)
    {
        if (Findings.Count == 0) return "";
        var refused = IsRefused;
        return Joined(Findings, f => FindingCatalogue.Message(f, language, refused));
    }

    /// <summary>What to do.</summary>
    public string Fix(Language language)
    {
        if (Findings.Count == 0) return "";
        var refused = IsRefused;
        return Joined(ToDo, f => FindingCatalogue.Fix(f, language, refused));
    }

    /// <summary>Whom to ask; empty when nothing has to be done.</summary>
    public string Contact(Language language) => Findings.Count == 0 ? ""
        : Joined([.. ToDo.Where(f => FindingCatalogue.Get(f.Code).Contact != Formats.Contact.None)], f => FindingCatalogue.ContactText(FindingCatalogue.Get(f.Code).Contact, language), ", ");

    /// <summary>"You need not do anything" is left out where something else is to be done.</summary>
    private IReadOnlyList<Finding> ToDo => Findings.Count > 1 && Findings.Any(f => f.Severity != Severity.I) ? [.. Findings.Where(f => f.Severity != Severity.I)] : Findings;

    private static string Joined(IReadOnlyList<Finding> findings, Func<Finding, string> text, string divider = " ") =>
        findings.Count == 1 ? text(findings[0]) : string.Join(divider, findings.Select(text).Distinct());
}
