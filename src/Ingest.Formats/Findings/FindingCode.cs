namespace Ingest.Formats;

/// <summary>
/// Every finding the service can make, in the order in which codes are listed and joined.
/// A code never changes meaning and is never used again. What each says stands in <see cref="FindingCatalogue"/>.
/// </summary>
public enum FindingCode
{
    F01, F02, F03, F04, F05, F06, F07, F08, F09, F10, F12, F13, F14, F15, F16, F17, F18, F19, F20, F21,
    P01, P02, P03, P04, P05, P06, P07, P08, P10, P11, P12, P13, P14, P15,
    R01, R02, R03, R04, R05, R06, R07, R08, R09, R10, R11, R12, R13, R14, R15,
    R20, R21, R22, R24, R25,
    R30, R31, R32, R33, R34, R35, R36, R37, R38, R39, R40, R41,
    K41, K42, K43, K44, K45,
}

/// <summary>What a finding does: see the members.</summary>
public enum Severity
{
    /// <summary>The file is refused.</summary>
    F,
    /// <summary>The record is rejected, judged by itself alone.</summary>
    E,
    /// <summary>The rule reads more than the record: the record waits, and is refused at the close if still not met.</summary>
    W,
    /// <summary>A warning; the record counts.</summary>
    V,
    /// <summary>Information.</summary>
    I,
}

/// <summary>Whom the school turns to about a finding.</summary>
public enum Contact
{
    /// <summary>Nobody: nothing has to be done.</summary>
    None,
    /// <summary>The support of the school's own system.</summary>
    OwnSupport,
    /// <summary>The school's kontaktperson at CSN.</summary>
    ContactPerson,
    /// <summary>Partnertelefonen, 0771-276 400; have the skolkod at hand.</summary>
    PartnerPhone,
    /// <summary>studierapporter@csn.se.</summary>
    StudyReports,
    /// <summary>registrator@csn.se.</summary>
    Registrar,
}
