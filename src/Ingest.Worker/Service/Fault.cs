using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Ingest.Worker.Service;

/// <summary>
/// What is wrong with the machine, in words for an operator. Never the exception's own text: that may hold a path, and a path a name
/// that nobody has masked.
/// </summary>
internal static class Fault
{
    // Linux's numbers, which .NET hands on as an IOException's HResult.
    private const int IoError = 5, TryAgain = 11, Busy = 16, TooManyInSystem = 23, TooMany = 24, TextBusy = 26, NoSpace = 28, ReadOnly = 30, OverQuota = 122;

    /// <summary>Such as <c>disken är full</c>; the exception's type when it is nothing of the machine's.</summary>
    public static string Say(Exception e) => Known(e) ?? (e is SqliteException s ? $"SqliteException {s.SqliteErrorCode}" : e.GetType().Name);

    /// <summary>True when the surroundings are at fault and not the file: what failed is worth another try however long it takes.</summary>
    public static bool IsOfTheMachine(Exception e) => e is IOException or UnauthorizedAccessException || Known(e) is not null;

    /// <summary>True when waiting a moment may help: somebody else has the file just now. A full or read-only disk stays so for longer.</summary>
    public static bool IsMomentary(Exception e) => e is IOException and not (FileNotFoundException or DirectoryNotFoundException or PathTooLongException)
        && e.HResult is not (NoSpace or OverQuota or ReadOnly or IoError);

    /// <summary>True when the ledger's bytes are damaged. Nothing more may be built on them.</summary>
    public static bool IsDamage(Exception e) => e is SqliteException { SqliteErrorCode: raw.SQLITE_CORRUPT or raw.SQLITE_NOTADB };

    private static string? Known(Exception e) => e switch
    {
        SqliteException s => s.SqliteErrorCode switch
        {
            raw.SQLITE_FULL => "disken är full",
            raw.SQLITE_BUSY or raw.SQLITE_LOCKED => "liggaren är låst av en annan process",
            raw.SQLITE_READONLY => "liggaren kan bara läsas, inte skrivas",
            raw.SQLITE_CORRUPT or raw.SQLITE_NOTADB => "liggaren är skadad",
            raw.SQLITE_CANTOPEN => "liggaren är borta, utbytt eller kan inte öppnas",
            raw.SQLITE_IOERR => "liggaren kan inte läsas eller skrivas på sin disk",
            raw.SQLITE_PERM or raw.SQLITE_AUTH => "rättigheter till liggaren saknas",
            _ => null,
        },
        UnauthorizedAccessException => "rättigheter saknas",
        FileNotFoundException => "filen finns inte",
        DirectoryNotFoundException => "mappen finns inte",
        PathTooLongException => "namnet är för långt",
        IOException io => io.HResult switch
        {
            NoSpace => "disken är full",
            OverQuota => "diskkvoten är slut",
            ReadOnly => "disken är skrivskyddad",
            IoError => "disken svarar med fel",
            Busy or TextBusy or TryAgain => "filen används av någon annan",
            TooMany or TooManyInSystem => "för många filer är öppna",
            _ => null,
        },
        _ => null,
    };
}
