using System.Text;

namespace Ingest.Formats.Tests;

/// <summary>What reading a file gave: the sniffed facts, all rows, and the reader as it stands after its last row.</summary>
internal sealed record Outcome(Sniffed Sniffed, IReadOnlyList<Row> Rows, RecordReader? Reader)
{
    /// <summary>Findings about the file, of sniffing and reading alike.</summary>
    public IReadOnlyList<Finding> FileFindings { get; } = [.. Sniffed.Findings, .. Reader?.Findings ?? []];

    public IEnumerable<FindingCode> FileCodes => FileFindings.Select(f => f.Code);

    public IEnumerable<Finding> AllFindings => FileFindings.Concat(Rows.SelectMany(r => r.Findings));

    public IReadOnlyList<ReportRecord?> Records => [.. Rows.Select(r => r.Record)];

    /// <summary>The codes of each row, as <c>3:P05 P10</c> for line 3; a sound row is the line alone.</summary>
    public IEnumerable<string> RowCodes => Rows.Select(r => $"{r.Source.Line}:{string.Join(' ', r.Findings.Select(f => f.Code))}");
}

internal static class Reading
{
    /// <summary>A Monday; all files of these tests arrive then unless a test says otherwise.</summary>
    public static readonly DateOnly Arrival = new(2026, 3, 2);

    public static readonly ReadLimits Limits = new();

    public static Outcome Read(string text, ReadLimits? limits = null, DateOnly? arrival = null, ReadTerms? terms = null) =>
        Read(Encoding.UTF8.GetBytes(text), limits, arrival, terms: terms);

    public static Outcome Read(byte[] bytes, ReadLimits? limits = null, DateOnly? arrival = null, Func<byte[], Stream>? open = null, ReadTerms? terms = null)
    {
        open ??= b => new MemoryStream(b, writable: false);
        using var first = open(bytes);
        var sniffed = Sniffer.Sniff(first, limits ?? Limits);
        if (sniffed.Shape is null) return new Outcome(sniffed, [], null);
        using var second = open(bytes);
        var reader = RecordReader.Open(second, sniffed, arrival ?? Arrival, limits ?? Limits, terms);
        var rows = reader.Rows().ToList();
        return new Outcome(sniffed, rows, reader);
    }

    public static Sniffed Sniff(byte[] bytes, ReadLimits? limits = null)
    {
        using var stream = new MemoryStream(bytes, writable: false);
        return Sniffer.Sniff(stream, limits ?? Limits);
    }

    public static byte[] Bytes(this TextForm form, string text) => [.. form.Bom(), .. form.Encoding().GetBytes(text)];

    public static string Message(this Finding finding) => FindingCatalogue.Message(finding, Language.Sv);

    /// <summary>Everything that a finding says to anyone.</summary>
    public static string Everything(this Finding finding) => string.Join('\n',
        FindingCatalogue.Message(finding, Language.Sv), FindingCatalogue.Message(finding, Language.En),
        FindingCatalogue.Fix(finding, Language.Sv), FindingCatalogue.Fix(finding, Language.En),
        finding.Value, finding.Field, string.Join('\n', finding.Args), finding.ToString());
}

/// <summary>Hands out at most so many bytes at a time: all blocks of one size, or one break at a chosen place.</summary>
internal sealed class BrokenStream(byte[] bytes, int blockSize, int breakAt = int.MaxValue) : Stream
{
    private int at;

    public override int Read(Span<byte> buffer)
    {
        var take = Math.Min(Math.Min(blockSize, buffer.Length), bytes.Length - at);
        if (at < breakAt) take = Math.Min(take, breakAt - at);
        bytes.AsSpan(at, take).CopyTo(buffer);
        at += take;
        return take;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override bool CanRead => true;
    public override bool CanSeek => false;
    public override bool CanWrite => false;
    public override long Length => throw new NotSupportedException();
    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }
    public override void Flush() { }
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
    public override void SetLength(long value) => throw new NotSupportedException();
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
