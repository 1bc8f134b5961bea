using System.IO.Abstractions;
using System.Text;
using Ingest.Formats;

namespace Ingest.Worker.Pickup;

/// <summary>What the ends of a file say about whether it is all there.</summary>
internal enum Completeness
{
    /// <summary>Fixed width with its trailer.</summary>
    Complete,
    /// <summary>Fixed width without its trailer: still being written, or broken off.</summary>
    WithoutTrailer,
    /// <summary>CSV, or something unknown, whose last line is ended.</summary>
    Terminated,
    /// <summary>The same without a line end: more may come.</summary>
    Unterminated,
}

/// <summary>Looks at head and tail of a file, never at the whole.</summary>
internal static class CompletenessCheck
{
    private const int Head = 4096;
    private const int Tail = 4096;

    /// <param name="hasProfile">The school writes another layout, whose end nothing tells; a HUV of ours is still one.</param>
    public static Completeness Of(Stream stream, bool hasProfile)
    {
        var head = Read(stream, 0, Head);
        if (head.Length == 0) return Completeness.Terminated;
        Encoding encoding = head switch
        {
            [0xFF, 0xFE, ..] => Encoding.Unicode,
            [0xFE, 0xFF, ..] => Encoding.BigEndianUnicode,
            _ => Encoding.Latin1,
        };
        var start = encoding.GetString(head is [0xEF, 0xBB, 0xBF, ..] ? head[3..] : head).TrimStart('\uFEFF', '\r', '\n', ' ');
        // An even tail keeps UTF-16 in step.
        var from = Math.Max(0, stream.Length - Tail);
        var tail = encoding.GetString(Read(stream, from - from % 2, Tail + 1));
        var firstLine = start.IndexOfAny(['\r', '\n']) is >= 0 and var end ? start[..end] : start;
        if (hasProfile ? Sniffer.IsHeader(firstLine) : Sniffer.LooksFixed(firstLine))
        {
            return tail.Split('\n', '\r').Any(line => line.StartsWith(Layouts.Trailer.Tag, StringComparison.Ordinal))
                ? Completeness.Complete
                : Completeness.WithoutTrailer;
        }
        return tail.TrimEnd('\u001A').EndsWith('\n') || tail.EndsWith('\r') ? Completeness.Terminated : Completeness.Unterminated;
    }

    /// <summary>What the ends of a seen file say; null when it is gone. Looked at once for each size and time of it.</summary>
    public static Completeness? Of(IFileSystem files, SeenFile file, bool hasProfile)
    {
        if (file.Ends is { } known) return known;
        try
        {
            using var stream = files.FileStream.New(file.Path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            return file.Ends = Of(stream, hasProfile);
        }
        catch (FileNotFoundException)
        {
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Cannot be read now; the claim will tell why.
            return Completeness.Unterminated;
        }
    }

    private static byte[] Read(Stream stream, long from, int count)
    {
        stream.Position = from;
        var bytes = new byte[count];
        return bytes[..stream.ReadAtLeast(bytes, count, throwOnEndOfStream: false)];
    }
}
