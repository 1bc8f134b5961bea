using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Ingest.Formats;

namespace Ingest.Worker.Ledger;

/// <summary>A händelse-id as the ledger compares it.</summary>
internal static class EventIds
{
    /// <summary>The UUID itself, else the beginning of a SHA-256 of the upper-cased text.</summary>
    public static UInt128 Key(RecordId id)
    {
        Span<byte> bytes = stackalloc byte[32];
        if (id.IsUuid) id.Uuid.TryWriteBytes(bytes, bigEndian: true, out _);
        else SHA256.HashData(Encoding.UTF8.GetBytes(id.ToString().ToUpperInvariant()), bytes);
        return BinaryPrimitives.ReadUInt128BigEndian(bytes);
    }
}
