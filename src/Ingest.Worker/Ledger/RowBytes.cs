using System.Buffers.Binary;
using System.IO.Hashing;
using System.Text;

namespace Ingest.Worker.Ledger;

/// <summary>A row's values as bytes that no other row's are, each with its type and a text with its length; and their hash. Reused row by row.</summary>
internal sealed class RowBytes
{
    private const byte Null = 0, Integer = 1, Text = 2;

    private byte[] buffer = new byte[512];
    private int length;

    public ReadOnlySpan<byte> Bytes => buffer.AsSpan(0, length);

    public void Clear() => length = 0;

    public void AppendNull() => Head(Null, 0);

    public void Append(long value)
    {
        Head(Integer, 8);
        BinaryPrimitives.WriteInt64LittleEndian(buffer.AsSpan(length - 8), value);
    }

    public void Append(string value)
    {
        var written = Encoding.UTF8.GetByteCount(value);
        Head(Text, 4 + written);
        BinaryPrimitives.WriteInt32LittleEndian(buffer.AsSpan(length - 4 - written), written);
        Encoding.UTF8.GetBytes(value, buffer.AsSpan(length - written));
    }

    /// <summary>A text in UTF-8, or a blob.</summary>
    public void Append(ReadOnlySpan<byte> value)
    {
        Head(Text, 4 + value.Length);
        var at = length - 4 - value.Length;
        BinaryPrimitives.WriteInt32LittleEndian(buffer.AsSpan(at), value.Length);
        value.CopyTo(buffer.AsSpan(at + 4));
    }

    /// <summary>
    /// XXH128. It tells rows that were changed past the service from those that were written, at a tenth of what a SHA-256 costs; who can
    /// write the ledger can reckon either anew.
    /// </summary>
    public UInt128 Hash() => XxHash128.HashToUInt128(Bytes);

    private void Head(byte type, int more)
    {
        if (buffer.Length < length + 1 + more) Array.Resize(ref buffer, 2 * (length + 1 + more));
        buffer[length] = type;
        length += 1 + more;
    }
}
