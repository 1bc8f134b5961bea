namespace Ingest.Formats;

/// <summary>
/// Works out the totals of a file that was mended by hand, and where its SLU goes; every other byte stays as it is. What no totals
/// can be worked out for is told, and nothing is to be written then.
/// </summary>
/// <param name="Sniffed">What the bytes told.</param>
/// <param name="Faults">What would still refuse the file whatever its SLU said.</param>
/// <param name="UnreadableLines">Lines whose hp cannot be read, so that there is no sum.</param>
/// <param name="Before">What SLU stated; null when there was none (or the file is CSV).</param>
/// <param name="Records">Number of records.</param>
/// <param name="Hundredths">Sum of all hp fields, times 100.</param>
/// <param name="Offset">Byte at which <paramref name="Trailer"/> goes in.</param>
/// <param name="Replaced">How many bytes it replaces there; 0 when SLU was missing.</param>
/// <param name="Trailer">Bytes to write; empty for CSV.</param>
public sealed record Seal(
    Sniffed Sniffed,
    IReadOnlyList<Finding> Faults,
    IReadOnlyList<long> UnreadableLines,
    DeclaredTotals? Before,
    long Records,
    long Hundredths,
    long Offset,
    long Replaced,
    byte[] Trailer)
{
    public bool CanBeWritten => Faults.Count == 0 && UnreadableLines.Count == 0;

    /// <param name="source">Seekable; read twice.</param>
    /// <param name="today">Swedish date; no total depends on it.</param>
    public static Seal Of(Stream source, DateOnly today, ReadLimits limits)
    {
        source.Position = 0;
        var sniffed = Sniffer.Sniff(source, limits);
        if (sniffed.Shape is null) return new Seal(sniffed, sniffed.Findings, [], null, 0, 0, 0, 0, []);

        source.Position = 0;
        var reader = RecordReader.Open(source, sniffed, today, limits);
        var unreadable = new List<long>();
        foreach (var row in reader.Rows())
            if (reader.UnreadableCredits > unreadable.Count) unreadable.Add(row.Source.Line);
        // F06, F07 and a missing SLU are what sealing is for.
        var faults = reader.Findings.Where(f => f.Severity == Severity.F && f.Code is not (FindingCode.F06 or FindingCode.F07)
            && f is not { Code: FindingCode.F05, Line: 0 }).ToList();
        var seal = new Seal(sniffed, faults, unreadable, reader.Declared, reader.Count, reader.Hundredths, 0, 0, []);
        return seal.CanBeWritten && reader is FixedWidthReader fixedWidth ? seal.Place(source, fixedWidth) : seal;
    }

    private Seal Place(Stream source, FixedWidthReader reader)
    {
        var encoding = Sniffed.Text.Encoding();
        var trailer = FixedWidthWriter.Trailer(Records, Hundredths);
        if (reader.TrailerLine is { } old)
        {
            // As wide as it was: some systems fill every line up with blanks.
            var (text, _) = Split(Read(source, old));
            return this with { Offset = old.Offset, Replaced = encoding.GetByteCount(text), Trailer = encoding.GetBytes(trailer.PadRight(text.Length)) };
        }
        var (last, end) = Split(Read(source, reader.LastLine));
        if (end.EndsWith('\n') || end.EndsWith('\r'))
            return this with { Offset = reader.LastLine.Offset + reader.LastLine.Length, Trailer = encoding.GetBytes(trailer + end) };
        var usual = Split(Read(source, reader.FirstLine)).End is { Length: > 0 } lineEnd && lineEnd[0] != '\u001A' ? lineEnd : "\r\n";
        return this with { Offset = reader.LastLine.Offset + encoding.GetByteCount(last), Trailer = encoding.GetBytes(usual + trailer + usual) };
    }

    private string Read(Stream source, RowSource line)
    {
        var bytes = new byte[line.Length];
        source.Position = line.Offset;
        source.ReadExactly(bytes);
        return Sniffed.Text.Encoding().GetString(bytes);
    }

    /// <summary>A line, and its line end or the Ctrl-Z of old that ends the file.</summary>
    private static (string Text, string End) Split(string line)
    {
        var text = line.TrimEnd('\r', '\n');
        if (text.Length == line.Length && text.EndsWith('\u001A')) text = text[..^1];
        return (text, line[text.Length..]);
    }
}
