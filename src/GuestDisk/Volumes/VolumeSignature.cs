namespace BlockRbd.GuestDisk.Volumes;

/// <summary>Bytes by which a volume's content that can't be read (yet) is known and named.</summary>
/// <param name="Name">What it is, for people.</param>
/// <param name="Offset">Where the bytes stand.</param>
/// <param name="Magic">The bytes.</param>
/// <param name="Contains">
/// Whether it is a container whose content only looks like the volume's: a filesystem's superblock found
/// beside it is one of its members' or an old one, and must not be read as if it were the volume's.
/// </param>
/// <param name="Verdict">Why it isn't read.</param>
internal sealed record VolumeSignature(string Name, long Offset, byte[] Magic, bool Contains = false, string Verdict = "not readable yet")
{
    /// <summary>The sentence for a person.</summary>
    public string Sentence => $"{Name}: {Verdict}";
}
