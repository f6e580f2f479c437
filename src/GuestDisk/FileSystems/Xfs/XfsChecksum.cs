using BlockRbd.Unpacking;

namespace BlockRbd.GuestDisk.FileSystems.Xfs;

/// <summary>CRC-32C of a version 5 structure: over all of its bytes with the field itself as zeros, kept little-endian and inverted.</summary>
internal static class XfsChecksum
{
    private static ReadOnlySpan<byte> Zeros => [0, 0, 0, 0];

    /// <summary>Whether the checksum at <paramref name="crcOffset"/> is that of <paramref name="bytes"/>.</summary>
    public static bool Matches(ReadOnlySpan<byte> bytes, int crcOffset)
    {
        uint crc = Crc32C.Append(uint.MaxValue, bytes[..crcOffset]);
        crc = Crc32C.Append(crc, Zeros);
        crc = Crc32C.Append(crc, bytes[(crcOffset + Zeros.Length)..]);
        return StoredChecksum.Matches(System.Buffers.Binary.BinaryPrimitives.ReadUInt32LittleEndian(bytes[crcOffset..]), ~crc);
    }
}
