namespace Ingest.Worker.Ledger;

/// <summary>What each line of the file in hand comes to, a byte a line: reading says it first, and then the judgement.</summary>
internal sealed class LineOutcomes
{
    private const byte StatusBits = 7, Gone = 8, Repeat = 16;

    private byte[] lines = new byte[1024];

    public RecordStatus StatusOf(long line) => (RecordStatus)(lines[line] & StatusBits);

    /// <summary>True for a record that has no effect: it is not among the events.</summary>
    public bool IsGone(long line) => (lines[line] & Gone) != 0;

    /// <summary>True for a record that has no effect but that its händelse-id is taken.</summary>
    public bool IsRepeat(long line) => (lines[line] & Repeat) != 0;

    public void Set(long line, RecordStatus status, bool isGone = false, bool isRepeat = false)
    {
        if (line >= lines.Length) Array.Resize(ref lines, checked((int)Math.Max(line + 1, 2L * lines.Length)));
        lines[line] = (byte)((byte)status | (isGone ? Gone : 0) | (isRepeat ? Repeat : 0));
    }
}
