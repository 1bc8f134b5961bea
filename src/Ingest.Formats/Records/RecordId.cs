using System.Diagnostics.CodeAnalysis;

namespace Ingest.Formats;

/// <summary>
/// A sender's own id of a record (händelse-id): 1-36 characters, shown as they were sent, compared without regard to case. Nearly all are
/// UUIDs, which are kept in their 16 bytes: there may be millions.
/// </summary>
public readonly struct RecordId : IEquatable<RecordId>
{
    // Null for a UUID as it is usually written, which says itself how that is.
    private readonly string? text;
    private readonly Guid uuid;

    /// <param name="text">1-36 characters.</param>
    public RecordId(ReadOnlySpan<char> text)
    {
        Span<char> written = stackalloc char[36];
        IsUuid = Guid.TryParseExact(text, "D", out uuid);
        if (!IsUuid || !uuid.TryFormat(written, out _) || !text.SequenceEqual(written)) this.text = text.ToString();
    }

    public RecordId(Guid uuid) => (this.uuid, IsUuid) = (uuid, true);

    /// <summary>True for a UUID in any case: then <see cref="Uuid"/> is what it is compared by.</summary>
    public bool IsUuid { get; }

    /// <summary>True for one that is a UUID in lower case, of which <see cref="Uuid"/> says all.</summary>
    public bool IsPlainUuid => text is null;

    public Guid Uuid => uuid;

    public bool Equals(RecordId other) => IsUuid == other.IsUuid && (IsUuid ? uuid == other.uuid : string.Equals(text, other.text, StringComparison.OrdinalIgnoreCase));

    public override bool Equals([NotNullWhen(true)] object? obj) => obj is RecordId other && Equals(other);

    public override int GetHashCode() => IsUuid ? uuid.GetHashCode() : StringComparer.OrdinalIgnoreCase.GetHashCode(text ?? "");

    public static bool operator ==(RecordId a, RecordId b) => a.Equals(b);

    public static bool operator !=(RecordId a, RecordId b) => !a.Equals(b);

    /// <summary>As it was sent.</summary>
    public override string ToString() => text ?? uuid.ToString();

    public const int MostCharacters = 36;

    /// <summary>The same without a string of its own, in room for <see cref="MostCharacters"/>.</summary>
    public ReadOnlySpan<char> Format(Span<char> room)
    {
        if (text is not null) return text;
        uuid.TryFormat(room, out var length);
        return room[..length];
    }

    public static implicit operator RecordId?(string? text) => text is null ? null : new RecordId(text);
}
