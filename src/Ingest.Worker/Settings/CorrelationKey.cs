using System.Security.Cryptography;
using System.Text;
using Ingest.Formats;
using Ingest.Worker.Receipts;

namespace Ingest.Worker.Settings;

/// <summary>
/// What stands for a student in a log: the same student always the same token, and nobody without the key can tell whose it is. (A plain
/// hash of a personnummer is tried through in seconds.) The key is made on the root's first run and never again: another would cut the
/// logs before it off from those after it.
/// </summary>
internal sealed class CorrelationKey
{
    private const int Bytes = 32;

    // Enough that two students hardly share one; too few to be mistaken for a number.
    private const int TokenBytes = 8;

    private readonly byte[] key;

    private CorrelationKey(byte[] key) => this.key = key;

    /// <summary>The root's key; made when there is none.</summary>
    /// <exception cref="StartException">What is there is no key.</exception>
    public static CorrelationKey Of(RootFolder root)
    {
        var files = root.Files;
        if (!files.File.Exists(root.CorrelationKey))
        {
            using var output = new OutputFile(files, root.Root, files.Path.GetFileName(root.CorrelationKey), UnixFileMode.UserRead | UnixFileMode.UserWrite);
            output.Stream.Write(RandomNumberGenerator.GetBytes(Bytes));
            output.Commit();
        }
        var key = files.File.ReadAllBytes(root.CorrelationKey);
        if (key.Length != Bytes)
            throw new StartException($"{root.CorrelationKey} är ingen nyckel ({key.Length} byte, väntat {Bytes}). Lägg tillbaka den ur säkerhetskopian; utan den går loggarnas uppslag inte att följa bakåt.");
        return new CorrelationKey(key);
    }

    /// <summary>Sixteen hexadecimal digits: the beginning of an HMAC-SHA-256 of the twelve digits.</summary>
    public string Token(Personnummer student) => Convert.ToHexStringLower(HMACSHA256.HashData(key, Encoding.ASCII.GetBytes(student.ToUnmaskedString())).AsSpan(0, TokenBytes));
}
