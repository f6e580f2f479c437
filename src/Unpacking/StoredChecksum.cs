namespace BlockRbd.Unpacking;

/// <summary>
/// Compares a checksum with the one that stands beside the bytes: every reader of volumes, filesystems and packed data does it here, so that
/// the fuzzer, for which no changed byte would ever get past a checksum, has one place to let them pass. Nothing else can: the switch
/// is seen by this library and tests/Fuzz alone, and a test holds that this library doesn't touch it.
/// </summary>
public static class StoredChecksum
{
    /// <summary>Whether every checksum is taken for right.</summary>
    internal static bool IsIgnored { get; set; }

    /// <summary>Whether they are the same.</summary>
    public static bool Matches(ulong stored, ulong computed) => stored == computed || IsIgnored;

    /// <summary>Whether they are the same bytes.</summary>
    public static bool Matches(ReadOnlySpan<byte> stored, ReadOnlySpan<byte> computed) => stored.SequenceEqual(computed) || IsIgnored;
}
