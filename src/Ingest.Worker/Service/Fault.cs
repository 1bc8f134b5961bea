using System.Net.Sockets;
using Microsoft.Data.Sqlite;
using Npgsql;
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
    public static string Say(Exception e) => Known(e) ?? e switch
    {
        SqliteException s => $"SqliteException {s.SqliteErrorCode}",
        PostgresException p => $"PostgresException {p.SqlState}",
        _ => e.GetType().Name,
    };

    /// <summary>True when the surroundings are at fault and not the file: what failed is worth another try however long it takes.</summary>
    public static bool IsOfTheMachine(Exception e) => e is IOException or UnauthorizedAccessException || Known(e) is not null;

    /// <summary>True when waiting a moment may help: somebody else has the file just now. A full or read-only disk stays so for longer.</summary>
    public static bool IsMomentary(Exception e) => e is IOException and not (FileNotFoundException or DirectoryNotFoundException or PathTooLongException)
        && e.HResult is not (NoSpace or OverQuota or ReadOnly or IoError);

    /// <summary>True when the ledger's bytes are damaged. Nothing more may be built on them.</summary>
    public static bool IsDamage(Exception e) => e is SqliteException { SqliteErrorCode: raw.SQLITE_CORRUPT or raw.SQLITE_NOTADB }
        or PostgresException { SqlState: PostgresErrorCodes.DataCorrupted or PostgresErrorCodes.IndexCorrupted };

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
        PostgresException p => OfServer(p.SqlState),
        NpgsqlException { InnerException: IOException or SocketException or TimeoutException } or NpgsqlException { IsTransient: true } =>
            "databasservern kan inte nås; kontrollera att PostgreSQL är igång och att Ledger:ConnectionString stämmer",
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

    private static string? OfServer(string state) => state switch
    {
        PostgresErrorCodes.DiskFull => "disken på databasservern är full; frigör utrymme där",
        PostgresErrorCodes.OutOfMemory => "databasservern har slut på minne",
        PostgresErrorCodes.TooManyConnections => "databasservern tar inte emot fler anslutningar; höj max_connections eller stoppa det som håller dem",
        PostgresErrorCodes.InvalidPassword or PostgresErrorCodes.InvalidAuthorizationSpecification => "databasservern godtar inte användaren eller lösenordet i Ledger:ConnectionString",
        PostgresErrorCodes.InvalidCatalogName => "databasen i Ledger:ConnectionString finns inte på servern; skapa den (createdb) eller ändra inställningen",
        PostgresErrorCodes.InsufficientPrivilege => "användaren i Ledger:ConnectionString saknar rättigheter i databasen",
        PostgresErrorCodes.ReadOnlySqlTransaction => "databasen kan bara läsas; är servern en kopia (standby), ange den som kan skrivas",
        PostgresErrorCodes.AdminShutdown or PostgresErrorCodes.CrashShutdown or PostgresErrorCodes.CannotConnectNow => "databasservern stängs av eller är på väg upp; vänta, eller starta den",
        PostgresErrorCodes.LockNotAvailable or PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.SerializationFailure => "liggaren är låst av en annan process",
        PostgresErrorCodes.DataCorrupted or PostgresErrorCodes.IndexCorrupted => "liggaren är skadad",
        PostgresErrorCodes.IoError => "databasservern kan inte läsa eller skriva på sin disk",
        _ => state.StartsWith("08", StringComparison.Ordinal) ? "förbindelsen med databasservern bröts" : null,
    };
}
