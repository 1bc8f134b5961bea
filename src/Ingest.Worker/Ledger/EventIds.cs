using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Ingest.Worker.Ledger;

/// <summary>A händelse-id as the ledger compares it.</summary>
internal static class EventIds
{
    /// <summary>The UUID itself, else the beginning of a SHA-256 of the upper-cased text.</summary>
    public static UInt128 Key(string id)
    {
        Span<byte> bytes = stackalloc byte[32];
        if (Guid.TryParseExact(id, "D", out var guid)) guid.TryWriteBytes(bytes, bigEndian: true, out _);
        else SHA256.HashData(Encoding.UTF8.GetBytes(id.ToUpperInvariant()), bytes);
        return BinaryPrimitives.ReadUInt128BigEndian(bytes);
    }
}
