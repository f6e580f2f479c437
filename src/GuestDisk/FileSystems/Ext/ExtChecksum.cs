using System.Buffers.Binary;

namespace BlockRbd.GuestDisk.FileSystems.Ext;

/// <summary>The checksums that ext4 and its journal use beside <see cref="Crc32C"/>.</summary>
internal static class ExtChecksum
{
    private const ushort Crc16Polynomial = 0xA001; // reflected 0x8005
    private const uint Crc32Polynomial = 0x04C11DB7; // not reflected: Linux' crc32_be()

    private static readonly ushort[] Crc16Table = MakeCrc16Table();
    private static readonly uint[] Crc32Table = MakeCrc32Table();

    /// <summary>Linux' crc16(): group descriptors with gdt_csum.</summary>
    public static ushort Crc16(ushort crc, ReadOnlySpan<byte> bytes)
    {
        foreach (byte b in bytes)
        {
            crc = (ushort)((crc >> 8) ^ Crc16Table[(crc ^ b) & 0xFF]);
        }

        return crc;
    }

    /// <summary>Linux' crc32_be(): a transaction with JBD2_FEATURE_COMPAT_CHECKSUM.</summary>
    public static uint Crc32BigEndian(uint crc, ReadOnlySpan<byte> bytes)
    {
        foreach (byte b in bytes)
        {
            crc = (crc << 8) ^ Crc32Table[(crc >> 24) ^ b];
        }

        return crc;
    }

    /// <summary>Goes on from <paramref name="crc"/> over a number as four little-endian bytes.</summary>
    public static uint Crc32COfU32(uint crc, uint value)
    {
        Span<byte> bytes = stackalloc byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, value);
        return Crc32C.Append(crc, bytes);
    }

    /// <summary>
    /// Goes on from <paramref name="crc"/> over <paramref name="bytes"/> as if the <paramref name="length"/> bytes at
    /// <paramref name="hole"/>, where the checksum itself stands, were zero.
    /// </summary>
    public static uint Crc32CWithHole(uint crc, ReadOnlySpan<byte> bytes, int hole, int length)
    {
        Span<byte> zeros = stackalloc byte[sizeof(uint)];
        zeros.Clear();
        crc = Crc32C.Append(crc, bytes[..hole]);
        crc = Crc32C.Append(crc, zeros[..length]);
        return Crc32C.Append(crc, bytes[(hole + length)..]);
    }

    private static ushort[] MakeCrc16Table()
    {
        ushort[] table = new ushort[256];
        for (int i = 0; i < table.Length; i++)
        {
            ushort crc = (ushort)i;
            for (int bit = 0; bit < 8; bit++)
            {
                crc = (ushort)((crc & 1) != 0 ? (crc >> 1) ^ Crc16Polynomial : crc >> 1);
            }

            table[i] = crc;
        }

        return table;
    }

    private static uint[] MakeCrc32Table()
    {
        uint[] table = new uint[256];
        for (int i = 0; i < table.Length; i++)
        {
            uint crc = (uint)i << 24;
            for (int bit = 0; bit < 8; bit++)
            {
                crc = (crc & 0x80000000) != 0 ? (crc << 1) ^ Crc32Polynomial : crc << 1;
            }

            table[i] = crc;
        }

        return table;
    }
}
