using CsvHelper;

namespace Ingest.Bench;

/// <summary>What every row about a student has, as text.</summary>
public abstract partial class PlainRow
{
    [CsvColumn("åtgärd")]
    public string Action { get; set; } = "";

    [CsvColumn("personnummer")]
    public string Student { get; set; } = "";

    [CsvColumn("kurskod")]
    public string Course { get; set; } = "";

    [CsvColumn("kurstillfälleskod")]
    public string Offering { get; set; } = "";

    [CsvColumn("händelse-id")]
    public string EventId { get; set; } = "";
}

[CsvRecord]
public sealed partial class PlainRegistration : PlainRow
{
    [CsvColumn("registreringstyp")]
    public string Type { get; set; } = "";

    [CsvColumn("omfattning")]
    public string Extent { get; set; } = "";

    [CsvColumn("studietakt")]
    public string Pace { get; set; } = "";

    [CsvColumn("start")]
    public string Start { get; set; } = "";

    [CsvColumn("slut")]
    public string End { get; set; } = "";

    [CsvColumn("registreringsdatum")]
    public string Date { get; set; } = "";
}

[CsvRecord]
public sealed partial class PlainInterruption : PlainRow
{
    [CsvColumn("typ")]
    public string Type { get; set; } = "";

    [CsvColumn("avbrottsdatum")]
    public string Date { get; set; } = "";
}

[CsvRecord]
public sealed partial class PlainResult : PlainRow
{
    [CsvColumn("modulkod")]
    public string Module { get; set; } = "";

    [CsvColumn("hp")]
    public string Credits { get; set; } = "";

    [CsvColumn("betyg")]
    public string Grade { get; set; } = "";

    [CsvColumn("examinationsdatum")]
    public string Date { get; set; } = "";

    [CsvColumn("tillgodoräknande")]
    public string Transfer { get; set; } = "";
}

/// <summary>A row of the catalogue: KTF, or MOD, which has fewer columns.</summary>
[CsvRecord]
public sealed partial class PlainOffering
{
    [CsvColumn("åtgärd")]
    public string Action { get; set; } = "";

    [CsvColumn("kurskod")]
    public string Course { get; set; } = "";

    [CsvColumn("benämning")]
    public string Title { get; set; } = "";
}
