namespace BlockRbd.GuestDisk.FileSystems.Iso9660;

/// <summary>What a directory says of one of its files.</summary>
/// <param name="Offset">Where its first record stands in the source: files of ISO 9660 have no other identity.</param>
/// <param name="Name">Its name; empty for a file that is in no directory.</param>
/// <param name="IsPlainName">Whether the name is plain ISO 9660's, whose case doesn't count.</param>
/// <param name="Flags">File Flags.</param>
/// <param name="Sections">Where its bytes are.</param>
/// <param name="IsInterleaved">Whether they are recorded in pieces between others'.</param>
/// <param name="Posix">What Rock Ridge says; null where the volume has none.</param>
internal sealed record IsoFile(
    long Offset, byte[] Name, bool IsPlainName, IsoFlags Flags, IReadOnlyList<IsoSection> Sections, bool IsInterleaved, RockRidge? Posix)
{
    /// <summary>Whether no path can have the name, or it is "." or "..".</summary>
    public bool IsUnreachable => Name is [] or [(byte)'.'] or [(byte)'.', (byte)'.'] || Name.AsSpan().ContainsAny((byte)'/', (byte)0);

    /// <summary>Whether a path's component means it.</summary>
    public bool Matches(ReadOnlySpan<byte> name) => IsPlainName ? IsoName.IsSamePlain(Name, name) : name.SequenceEqual(Name);
}
