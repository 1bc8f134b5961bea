namespace Ingest.Worker.Intake;

/// <summary>Cuts records out of a file by their place in it.</summary>
internal sealed class SourceBytes(Stream stream)
{
    private byte[] buffer = new byte[1 << 10];

    /// <summary>The bytes, valid until the next call.</summary>
    public ReadOnlySpan<byte> Read(long offset, int length)
    {
        if (buffer.Length < length) buffer = new byte[length];
        stream.Position = offset;
        stream.ReadExactly(buffer, 0, length);
        return buffer.AsSpan(0, length);
    }
}
