using System.Globalization;
using System.Text;

namespace Ingest.Formats;

/// <summary>The words of a finding in one language. <c>{field}</c>, <c>{value}</c>, <c>{0}</c>, <c>{1}</c> … are filled in.</summary>
/// <param name="Title">A few words, for lists and headings.</param>
/// <param name="Message">What was found, and what was expected.</param>
/// <param name="Fix">What to do; about a record that waits, before the window closes.</param>
/// <param name="FixWhenRefused">What to do once the close has refused the record; null for what never waits.</param>
/// <param name="MessageWhenRefused">What was found, where the message speaks of what the close may do; null: the same.</param>
public sealed record FindingText(string Title, string Message, string Fix, string? FixWhenRefused = null, string? MessageWhenRefused = null);

/// <summary>One entry of the catalogue: everything about a code that is the same each time it is raised.</summary>
/// <param name="Source">The law, decision or practice that the rule rests on.</param>
public sealed record FindingDefinition(FindingCode Code, Severity Severity, Contact Contact, string Source, FindingText Sv, FindingText En)
{
    public FindingText In(Language language) => language == Language.Sv ? Sv : En;
}

/// <summary>A finding's texts in one language, filled in: made once for all receipts that tell it.</summary>
/// <param name="Contact">Where to turn; empty when nothing has to be done.</param>
public readonly record struct FindingWords(string Message, string Fix, string Contact);

/// <summary>
/// The one catalogue of findings: format faults and rule violations are the same thing to a school. <c>docs/findings.md</c>
/// and <c>ingest codes</c> are made from it.
/// </summary>
public static class FindingCatalogue
{
    /// <summary>Changes whenever any text does, so that a receipt can say which words it was written with.</summary>
    public const string TextVersion = "4";

    /// <summary>All definitions, in code order.</summary>
    public static IReadOnlyList<FindingDefinition> All { get; } =
        [.. FileFindings.All, .. RecordFindings.All, .. RegistrationFindings.All, .. ActivityFindings.All, .. CutoffFindings.All];

    // By the code's number: asked several times for each finding.
    private static readonly FindingDefinition[] ByCode = [.. Enum.GetValues<FindingCode>().Select(code => All.Single(d => d.Code == code))];

    public static FindingDefinition Get(FindingCode code) => ByCode[(int)code];

    public static FindingWords Words(Finding finding, Language language) =>
        new(Message(finding, language), Fix(finding, language), ContactText(Get(finding.Code).Contact, language));

    /// <param name="refused">The close has refused the record.</param>
    public static string Message(Finding finding, Language language, bool refused = false)
    {
        var text = Get(finding.Code).In(language);
        return Fill((refused ? text.MessageWhenRefused : null) ?? text.Message, finding, language);
    }

    /// <param name="refused">The close has refused the record.</param>
    public static string Fix(Finding finding, Language language, bool refused = false)
    {
        var text = Get(finding.Code).In(language);
        return Fill((refused ? text.FixWhenRefused : null) ?? text.Fix, finding, language);
    }

    /// <summary>Where to turn, as a school reads it; empty when nothing has to be done.</summary>
    public static string ContactText(Contact contact, Language language) => (contact, language) switch
    {
        (Contact.None, _) => "",
        (Contact.OwnSupport, Language.Sv) => "Supporten för ert eget system",
        (Contact.OwnSupport, _) => "The support of your own system",
        (Contact.ContactPerson, Language.Sv) => "Skolans kontaktperson på CSN",
        (Contact.ContactPerson, _) => "Your school's kontaktperson at CSN",
        (Contact.PartnerPhone, Language.Sv) => "Partnertelefonen 0771-276 400 (ha skolkoden till hands)",
        (Contact.PartnerPhone, _) => "Partnertelefonen 0771-276 400 (have your skolkod at hand)",
        (Contact.StudyReports, _) => "studierapporter@csn.se",
        (Contact.Registrar, _) => "registrator@csn.se",
        _ => throw new ArgumentOutOfRangeException(nameof(contact), contact, null),
    };

    /// <summary>One pass, so that what is filled in is never itself taken for a placeholder.</summary>
    private static string Fill(string template, Finding finding, Language language)
    {
        if (!template.Contains('{')) return template;
        var text = new StringBuilder(template.Length + 32);
        var rest = template.AsSpan();
        while (!rest.IsEmpty)
        {
            var open = rest.IndexOf('{');
            var close = open < 0 ? -1 : rest[open..].IndexOf('}');
            if (close < 0) break;
            text.Append(rest[..open]);
            var name = rest.Slice(open + 1, close - 1);
            if (name.SequenceEqual("field")) text.Append(finding.Field);
            else if (name.SequenceEqual("value")) text.Append(finding.Value);
            else if (int.Parse(name, CultureInfo.InvariantCulture) is var n && n < finding.Args.Length) text.Append(Phrase.In(language, finding.Args[n]));
            rest = rest[(open + close + 1)..];
        }
        return text.Append(rest).ToString().TrimEnd();
    }
}
