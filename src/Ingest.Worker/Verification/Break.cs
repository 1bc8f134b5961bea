namespace Ingest.Worker.Verification;

/// <summary>Something that is not as it was written.</summary>
/// <param name="What">Which file or which rows, and what is wrong with them.</param>
/// <param name="ToDo">What an operator does about it.</param>
internal sealed record Break(string What, string ToDo)
{
    /// <summary>About the ledger's own rows.</summary>
    public static Break InLedger(string what) => new("Liggaren: " + what,
        "Stoppa tjänsten, spara en kopia av ledger.db och jämför med säkerhetskopian. Ta reda på vem som har skrivit i den.");

    /// <summary>About a file that we wrote or keep.</summary>
    public static Break InFolder(string what) => new(what, "Lägg tillbaka filen ur säkerhetskopian, och ta reda på vem som har ändrat i mappen.");
}
