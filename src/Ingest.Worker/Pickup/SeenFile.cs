namespace Ingest.Worker.Pickup;

/// <summary>A file in a drop folder, as we have watched it.</summary>
internal sealed class SeenFile(string folder, string name, string path)
{
    /// <summary>The drop folder's name; a skolkod if the folder is known. Empty for a file directly in <c>in/</c>.</summary>
    public string Folder { get; } = folder;

    public string Name { get; } = name;

    public string Path { get; } = path;

    public long Bytes { get; set; }

    public DateTime Written { get; set; }

    /// <summary>Which file has the name: one that takes its place, with its size and its last write, is another all the same.</summary>
    public ulong Inode { get; set; }

    /// <summary>When we last saw it change, by our clock: its arrival.</summary>
    public DateTimeOffset Changed { get; set; }

    /// <summary>The same by a clock that nobody sets: from it the quiet period runs.</summary>
    public long StillSince { get; set; }

    /// <summary>The moment at which we had stopped polling, when it lay there at the first poll after; else null.</summary>
    public DateTimeOffset? StoppedAt { get; set; }

    /// <summary>When the done-file was first seen, or null.</summary>
    public DateTimeOffset? DoneSeen { get; set; }

    /// <summary>Cached for the size and time at which it was looked at.</summary>
    public Completeness? Ends { get; set; }

    /// <summary>It could not be taken, and will not be tried again until it changes.</summary>
    public bool Stuck { get; set; }

    public DateTimeOffset Arrived => DoneSeen ?? Changed;
}

