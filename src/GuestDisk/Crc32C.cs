using System.Buffers.Binary;
using System.Numerics;

namespace BlockRbd.GuestDisk;

/// <summary>CRC-32C (Castagnoli), as ext4, XFS and Btrfs use it; the processor's own instruction where it has one.</summary>
internal static class Crc32C
{
    /// <summary>Goes on from <paramref name="crc"/> without any inversion, as Linux' crc32c() does.</summary>
    public static uint Append(uint crc, ReadOnlySpan<byte> bytes)
    {
        while (bytes.Length >= sizeof(ulong))
        {
            crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
            bytes = bytes[sizeof(ulong)..];
        }

        foreach (byte b in bytes)
        {
            crc = BitOperations.Crc32C(crc, b);
        }

        return crc;
    }
}
