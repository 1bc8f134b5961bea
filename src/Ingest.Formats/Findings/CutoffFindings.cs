namespace Ingest.Formats;

/// <summary>K: what becomes of removals when the window closes at 15:00.</summary>
internal static class CutoffFindings
{
    private const string Netting = "Lunds universitets Ladokblogg 2019-01-15; Ladok FAQ 2018-09-26";
    private const string Blog = "Lunds universitets Ladokblogg 2019-01-15";

    public static readonly FindingDefinition[] All =
    [
        new(FindingCode.K41, Severity.W, Contact.StudyReports, Blog,
            new("Borttag av levererad registrering",
                "Ett borttag av en levererad registrering går igenom bara om det före samma stängning klockan 15.00 också kommer en ny registrering på kursen med samma omfattning och period, "
                + "eller om perioden har passerat. Annars avvisas borttaget klockan 15.00, och nya registreringar på kursen med det. Det som är levererat gäller till dess att det rättas.",
                "Ska en förstagångsregistrering (FFG) ersättas, eller blev borttaget fel, rapportera före klockan 15.00 en FFG för studenten på kursen "
                + "med samma omfattning och period, så levereras bara den. Har studenten slutat, rapportera ett avbrott. "
                + "I andra fall avvisas posten och det som är levererat gäller: mejla då studierapporter@csn.se och ange filens id och radens nummer, inte personnumret.",
                "Sänd inte om posten. Mejla studierapporter@csn.se och ange filens id och radens nummer, inte personnumret. "
                + "Har studenten slutat, rapportera i stället ett avbrott.",
                "Posten avvisades: ett borttag av en levererad registrering går igenom bara om det före samma stängning också kommer en ny FFG på kursen "
                + "med samma omfattning och period, eller om perioden har passerat. "
                + "Det som är levererat gäller till dess att det rättas. Nya registreringar av samma typ på kursen avvisades med borttaget."),
            new("Removal of a delivered registration",
                "A removal of a delivered registration goes through only if the same window also has a new registration on the course with the same extent and period, "
                + "or if the period has passed. Otherwise the removal is refused at 15:00, and new registrations on the course with it. What was delivered stands until it is corrected.",
                "If a first-time registration (FFG) is to be replaced, or the removal was a mistake, report an FFG for the student on the course with the same extent and period "
                + "before 15:00, and only that is delivered. If the student left, report an avbrott. Otherwise the record is refused and what was delivered stands: "
                + "then mail studierapporter@csn.se and give the file's id and the line number, not the personnummer.",
                "Do not send the record again. Mail studierapporter@csn.se and give the file's id and the line number, not the personnummer. "
                + "If the student left, report an avbrott instead.",
                "The record was refused: a removal of a delivered registration goes through only if the same window also has a new FFG on the course "
                + "with the same extent and period, or if the period has passed. "
                + "What was delivered stands until it is corrected. New registrations of the same type on the course were refused with the removal.")),
        new(FindingCode.K42, Severity.I, Contact.None, Netting,
            new("Tillagd och borttagen",
                "Uppgiften lades till och togs bort innan den hann levereras, och posten är kvittad mot filen {0}, rad {1}. Ingen av dem levereras.",
                "Ni behöver inte göra något."),
            new("Added and removed",
                "This was added and removed before it was delivered, and the record is netted against file {0}, line {1}. Neither is delivered.",
                "You need not do anything.")),
        new(FindingCode.K43, Severity.I, Contact.None, Netting,
            new("Ersatt av ny registrering",
                "Registreringen som tas bort ersätts av den nya i filen {0}, rad {1}, med samma omfattning och period. Bara den nya levereras, inte borttaget.",
                "Ni behöver inte göra något."),
            new("Replaced by a new registration",
                "The registration that is removed is replaced by the new one in file {0}, line {1}, with the same extent and period. "
                + "Only the new one is delivered, not the removal.",
                "You need not do anything.")),
        new(FindingCode.K44, Severity.I, Contact.None, Blog,
            new("Perioden är redan slut",
                "Registreringens period slutade {0}, så borttaget levereras inte. Registreringen gäller inte längre.",
                "Ni behöver inte göra något."),
            new("The period has already passed",
                "The period of the registration ended on {0}, so the removal is not delivered. The registration no longer stands.",
                "You need not do anything.")),
        new(FindingCode.K45, Severity.V, Contact.PartnerPhone,
            "Tjänstens egen regel, eftersom ett borttag kan stoppa studentens utbetalningar (Lunds universitets Ladokblogg 2019-01-15)",
            new("Borttagen utan ersättning",
                "Borttaget gäller, men det som skulle ersätta uppgiften kan inte levereras (kod: {0}). Utan ersättning saknas uppgiften.",
                "Rätta ersättningen och sänd om den genast, eftersom en saknad uppgift kan påverka studentens utbetalning."),
            new("Removed without a replacement",
                "The removal holds, but what was to replace it cannot be delivered (code: {0}). Without a replacement it is missing.",
                "Mend the replacement and send it again at once, since what is missing may affect the student's payment.")),
    ];
}
