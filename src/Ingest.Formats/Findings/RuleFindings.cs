namespace Ingest.Formats;

/// <summary>R: what is reported, judged by itself and against the course catalogue and what else is reported.</summary>
internal static class RuleFindings
{
    private const string Catalogue = "CSN: studeranderapporteringen kontrolleras mot studietider och utbildningar";
    private const string CatalogueCredits = "CSN: bara kurser och moduler som ger hp enligt kursplanen räknas";

    public static readonly FindingDefinition[] All =
    [
        new(FindingCode.R01, Severity.W, Contact.ContactPerson, Catalogue,
            new("Kurstillfället är inte rapporterat",
                "Kurstillfället {1} på kursen {0} finns inte bland det som ni har rapporterat i ”studietider och utbildningar”.",
                "Rapportera kurstillfället (KTF) före klockan 15.00, eller rapportera det senare och sänd då om posten. "
                + "Är koden fel, sänd en rättad post; om den felaktiga ännu väntar, ta först bort den med en B-post."),
            new("The offering is not reported",
                "Offering {1} of course {0} is not among what you have reported in “studietider och utbildningar”.",
                "Report the offering (KTF) before 15:00, or report it later and then send the record again. "
                + "If the code is wrong, send a corrected record; first remove the wrong one (B) if it still waits.")),
        new(FindingCode.R02, Severity.W, Contact.PartnerPhone, Catalogue,
            new("Perioden ryms inte i kurstillfället",
                "Perioden {0} till {1} ryms inte i kurstillfällets period, som är {2} till {3}.",
                "Är perioden fel, sänd en rättad post; om den felaktiga ännu väntar, ta först bort den med en B-post. "
                + "Är kurstillfället fel, rätta det (KTF) före klockan 15.00, eller rätta det senare och sänd då om posten."),
            new("Period outside the offering's",
                "The period {0} to {1} does not lie within the offering's period, which is {2} to {3}.",
                "If the period is wrong, send a corrected record; first remove the wrong one (B) if it still waits. "
                + "If the offering is wrong, correct it (KTF) before 15:00, or correct it later and then send the record again.")),
        new(FindingCode.R03, Severity.W, Contact.PartnerPhone, Catalogue,
            new("Omfattningen är större än kurstillfällets",
                "Registreringen omfattar {0} hp, men kurstillfället omfattar {1} hp.",
                "Är registreringen fel, sänd en rättad post; om den felaktiga ännu väntar, ta först bort den med en B-post. "
                + "Är kurstillfället fel, rätta det (KTF) före klockan 15.00, eller rätta det senare och sänd då om posten."),
            new("Extent above the offering's",
                "The registration is for {0} hp, but the offering is of {1} hp.",
                "If the registration is wrong, send a corrected record; first remove the wrong one (B) if it still waits. "
                + "If the offering is wrong, correct it (KTF) before 15:00, or correct it later and then send the record again.")),
        new(FindingCode.R04, Severity.E, Contact.OwnSupport, "Tjänstens egen regel: en period kan inte sluta innan den börjar",
            new("Perioden slutar före sin start",
                "Perioden slutar {1}, men börjar först {0}. Slutet ska vara samma dag som starten eller senare.",
                "Rätta datumen och sänd om posten."),
            new("The period ends before it starts",
                "The period ends on {1} but does not begin until {0}. The end must be the same day as the start, or later.",
                "Correct the dates and send the record again.")),
        new(FindingCode.R06, Severity.I, Contact.None, "Tjänstens egen regel: samma uppgift räknas en gång, så att en fil kan lämnas in igen utan skada",
            new("Redan rapporterad",
                "Uppgiften är redan rapporterad med samma innehåll, i filen {0} på rad {1}. Den räknas bara en gång.",
                "Ni behöver inte göra något."),
            new("Already reported",
                "This has already been reported with the same content, in file {0} on line {1}. It counts only once.",
                "You need not do anything.")),
        new(FindingCode.R07, Severity.E, Contact.OwnSupport, "Tjänstens egen regel: en rapporterad uppgift ändras aldrig utan att först tas bort",
            new("Stämmer inte med tidigare rapport",
                "Posten stämmer inte med det som redan är rapporterat i filen {1} på rad {2}: {0}.",
                "Ska den nya uppgiften gälla, ta först bort den tidigare (B) och sänd sedan om posten. Hör händelse-id till en annan uppgift, ge posten ett nytt."),
            new("Differs from an earlier report",
                "The record does not agree with what is already reported in file {1} on line {2}: {0}.",
                "If the new one is to hold, first remove the earlier one (B) and then send the record again. "
                + "If the händelse-id belongs to something else, give the record a new one.")),
        new(FindingCode.R08, Severity.W, Contact.PartnerPhone, "Tjänstens egen regel: FFG är den första registreringen på en kurs, så bara en kan gälla",
            new("Annan förstagångsregistrering på kursen",
                "Studenten har en annan förstagångsregistrering (FFG) på kursen, på kurstillfället {0} (filen {1}, rad {2}). Bara en FFG per kurs kan gälla.",
                "Läser studenten vidare eller om, rapportera FO eller OM i stället. "
                + "Är den andra registreringen fel, ta bort den (B) före klockan 15.00, eller sänd om posten tillsammans med borttaget."),
            new("Another first registration on the course",
                "The student has another first-time registration (FFG) on the course, on offering {0} (file {1}, line {2}). Only one FFG per course can hold.",
                "If the student continues or starts over, report FO or OM instead. "
                + "If the other registration is wrong, remove it (B) before 15:00, or send the record again together with the removal.")),
        new(FindingCode.R09, Severity.W, Contact.PartnerPhone, "Tjänstens egen regel: FO och OM bygger på en förstagångsregistrering (FFG)",
            new("Förstagångsregistrering saknas",
                "Posten är av typen {0}, men det saknas en förstagångsregistrering (FFG) på kursen {1} som börjar samtidigt eller tidigare.",
                "Rapportera FFG före klockan 15.00, eller sänd om posten tillsammans med FFG. Läser studenten kursen för första gången, rapportera FFG i stället för {0}."),
            new("No first-time registration",
                "The record is of type {0}, but there is no first-time registration (FFG) on course {1} that begins at the same time or earlier.",
                "Report the FFG before 15:00, or send the record again together with the FFG. If the student takes the course for the first time, report FFG instead of {0}.")),
        new(FindingCode.R12, Severity.E, Contact.OwnSupport, "Tjänstens egen regel: en registrering rapporteras först när den är gjord",
            new("Registreringsdatumet har inte inträffat",
                "Registreringsdatumet {0} ligger efter {1}, den dag då filen kom in.",
                "Rätta datumet och sänd om posten. Är studenten inte registrerad ännu, vänta med att rapportera."),
            new("Registration date in the future",
                "The registration date {0} is after {1}, the day on which the file arrived.",
                "Correct the date and send the record again. If the student is not registered yet, wait with the report.")),

        new(FindingCode.R20, Severity.W, Contact.PartnerPhone, "Tjänstens egen regel: ett avbrott gäller en registrering på samma kurstillfälle",
            new("Avbrott utan registrering",
                "Det saknas en registrering på kursen {0}, kurstillfälle {1}, som avbrottet kan gälla.",
                "Rapportera registreringen före klockan 15.00, eller sänd om avbrottet tillsammans med den. "
                + "Är en kod fel, sänd en rättad post; om den felaktiga ännu väntar, ta först bort den med en B-post."),
            new("Avbrott without a registration",
                "There is no registration on course {0}, offering {1}, that the avbrott can be about.",
                "Report the registration before 15:00, or send the avbrott again together with it. "
                + "If a code is wrong, send a corrected record; first remove the wrong one (B) if it still waits.")),
        new(FindingCode.R21, Severity.W, Contact.PartnerPhone, "Tjänstens egen regel: den som aldrig har börjat rapporteras som ej påbörjat; RVF1, docs/formats.md",
            new("Avbrott före periodens start",
                "Avbrottet har datum {0}, men perioden börjar först {1}. Den som aldrig har börjat ska rapporteras som ej påbörjat (typ E).",
                "Sänd en rättad post, med typ E eller med rätt datum; om den felaktiga ännu väntar, ta först bort den med en B-post. "
                + "Är perioden fel, rätta registreringen före klockan 15.00, eller rätta den senare och sänd då om posten."),
            new("Avbrott before the period",
                "The avbrott is dated {0}, but the period does not begin until {1}. A student who never began must be reported as ej påbörjat (type E).",
                "Send a corrected record, with type E or with the right date; first remove the wrong one (B) if it still waits. "
                + "If the period is wrong, correct the registration before 15:00, or correct it later and then send the record again.")),
        new(FindingCode.R24, Severity.E, Contact.OwnSupport, "CSN: avbrott rapporteras så snart de har skett; tjänstens egen regel att de inte rapporteras i förväg",
            new("Avbrottsdatumet har inte inträffat",
                "Avbrottsdatumet {0} ligger efter {1}, den dag då filen kom in.",
                "Rätta datumet och sänd om posten. Har avbrottet inte skett ännu, rapportera det så snart det har skett."),
            new("Avbrott date in the future",
                "The date of the avbrott, {0}, is after {1}, the day on which the file arrived.",
                "Correct the date and send the record again. If the avbrott has not happened yet, report it as soon as it has.")),

        new(FindingCode.R30, Severity.W, Contact.PartnerPhone, "CSN: studenten ska vara registrerad på kursen; programregistrering räcker inte",
            new("Resultat utan registrering",
                "Det saknas en registrering på kursen {0} som resultatet kan gälla.",
                "Rapportera registreringen före klockan 15.00, eller sänd om resultatet tillsammans med den. "
                + "Är det ett tillgodoräknande, sänd posten med tillgodoräknande J; om den felaktiga ännu väntar, ta först bort den med en B-post."),
            new("Result without a registration",
                "There is no registration on course {0} that the result can be about.",
                "Report the registration before 15:00, or send the result again together with it. "
                + "If it is a credit transfer, send it with tillgodoräknande J; first remove the wrong one (B) if it still waits.")),
        new(FindingCode.R31, Severity.W, Contact.PartnerPhone, CatalogueCredits,
            new("För många hp i resultatet",
                "Resultatet anger {0} hp, men {2} ger högst {1} hp.",
                "Är resultatet fel, sänd en rättad post; om den felaktiga ännu väntar, ta först bort den med en B-post. "
                + "Är kurstillfället eller modulen fel, rätta det (KTF eller MOD) före klockan 15.00, eller rätta det senare och sänd då om posten."),
            new("Too many hp in the result",
                "The result states {0} hp, but {2} gives at most {1} hp.",
                "If the result is wrong, send a corrected record; first remove the wrong one (B) if it still waits. "
                + "If the offering or the module is wrong, correct it (KTF or MOD) before 15:00, or correct it later and then send the record again.")),
        new(FindingCode.R32, Severity.W, Contact.PartnerPhone, CatalogueCredits,
            new("Modulerna överstiger kursens hp",
                "Studentens moduler på kursen blir tillsammans {0} hp, men kursen omfattar {1} hp.",
                "Kontrollera modulernas hp: ta bort det resultat som är fel (B) och rapportera det rätt före klockan 15.00, eller gör det senare och sänd då om posten. "
                + "Är kursens hp fel, rätta kurstillfället (KTF) på samma sätt."),
            new("Modules above the course's hp",
                "The student's modules on the course add up to {0} hp, but the course is of {1} hp.",
                "Check the hp of the modules: remove the result that is wrong (B) and report it right before 15:00, or do so later and then send the record again. "
                + "If the course's hp are wrong, correct the offering (KTF) in the same way.")),
        new(FindingCode.R33, Severity.W, Contact.PartnerPhone, "Ladok: examinationsdatum före studiestart avvisas",
            new("Examinerad före studiestart",
                "Examinationsdatumet {0} ligger före {1}, då studentens tidigaste period på kursen börjar.",
                "Är datumet fel, sänd en rättad post; om den felaktiga ännu väntar, ta först bort den med en B-post. "
                + "Saknas en tidigare registrering, rapportera den före klockan 15.00, eller sänd om resultatet tillsammans med den."),
            new("Examined before the start of studies",
                "The examination date {0} is before {1}, when the student's earliest period on the course begins.",
                "If the date is wrong, send a corrected record; first remove the wrong one (B) if it still waits. "
                + "If an earlier registration is missing, report it before 15:00, or send the result again together with it.")),
        new(FindingCode.R34, Severity.E, Contact.OwnSupport, "Tjänstens egen regel: ett resultat rapporteras först när examinationen har skett",
            new("Examinationsdatumet har inte inträffat",
                "Examinationsdatumet {0} ligger efter {1}, den dag då filen kom in.",
                "Rätta datumet och sänd om posten. Har examinationen inte skett ännu, vänta med att rapportera."),
            new("Examination date in the future",
                "The examination date {0} is after {1}, the day on which the file arrived.",
                "Correct the date and send the record again. If the examination has not taken place yet, wait with the report.")),
        new(FindingCode.R36, Severity.E, Contact.OwnSupport, "Underkända betyg (U, F, Fx) ger 0 hp",
            new("Underkänt betyg med hp",
                "Betyget {0} är underkänt, men posten anger {1} hp. Ett underkänt resultat ska ha 0 hp.",
                "Rätta betyget, eller ange 0 hp, och sänd om posten."),
            new("Fail grade with hp",
                "The grade {0} is a fail, but the record states {1} hp. A failed result must have 0 hp.",
                "Correct the grade, or state 0 hp, and send the record again.")),
        new(FindingCode.R40, Severity.E, Contact.OwnSupport, "Tjänstens egen regel: bara det som är rapporterat kan tas bort",
            new("Inget att ta bort",
                "Det finns ingen rapporterad uppgift som borttaget kan gälla. Det som tas bort ska vara rapporterat tidigare och fortfarande gälla.",
                "Jämför borttagets nyckelfält med det som ni rapporterade, rätta och sänd om borttaget. Avvisades uppgiften tidigare behöver den inte tas bort."),
            new("Nothing to remove",
                "There is nothing reported that the removal can be about. What is removed must have been reported earlier and still hold.",
                "Compare the removal's key fields with what you reported, correct, and send the removal again. If it was rejected earlier, it need not be removed.")),
        new(FindingCode.R41, Severity.V, Contact.OwnSupport, "Tjänstens egen regel: ett borttag matchas bara på postens nyckel; RVF1, docs/formats.md",
            new("Borttaget anger andra värden",
                "Borttaget anger andra värden än det som tas bort: {0}. Borttaget räknas ändå.",
                "Kontrollera att rätt uppgift togs bort. Blev det fel, rapportera den igen (N)."),
            new("The removal states other values",
                "The removal states other values than what it removes: {0}. The removal counts all the same.",
                "Check that the right thing was removed. If not, report it again (N).")),
    ];
}
