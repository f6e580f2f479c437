namespace BlockRbd.Unpacking;

/// <summary>The checksums of packed formats, and of partition tables and volumes. Each takes what has been added up so far, 0 (Adler: 1) at the start.</summary>
public static class Checksums
{
    private static readonly uint[] Crc32Table = MakeTable32();
    private static readonly ulong[] Crc64Table = MakeTable64();

    /// <summary>CRC-32 of IEEE 802.3, reflected.</summary>
    public static uint Crc32(uint crc, ReadOnlySpan<byte> bytes)
    {
        crc = ~crc;
        foreach (byte b in bytes)
        {
            crc = Crc32Table[(crc ^ b) & 0xFF] ^ (crc >> 8);
        }

        return ~crc;
    }

    /// <summary>CRC-64 of ECMA-182, reflected, as xz has it.</summary>
    public static ulong Crc64(ulong crc, ReadOnlySpan<byte> bytes)
    {
        crc = ~crc;
        foreach (byte b in bytes)
        {
            crc = Crc64Table[(crc ^ b) & 0xFF] ^ (crc >> 8);
        }

        return ~crc;
    }

    /// <summary>Adler-32 of RFC 1950.</summary>
    public static uint Adler32(uint adler, ReadOnlySpan<byte> bytes)
    {
        const uint Base = 65521;
        const int MostBeforeOverflow = 5552; // zlib's NMAX
        uint a = adler & 0xFFFF, b = adler >> 16;
        while (bytes.Length > 0)
        {
            int count = Math.Min(bytes.Length, MostBeforeOverflow);
            foreach (byte value in bytes[..count])
            {
                a += value;
                b += a;
            }

            a %= Base;
            b %= Base;
            bytes = bytes[count..];
        }

        return (b << 16) | a;
    }

    private static uint[] MakeTable32()
    {
        uint[] table = new uint[256];
        for (uint i = 0; i < table.Length; i++)
        {
            uint value = i;
            for (int bit = 0; bit < 8; bit++)
            {
                value = (value & 1) != 0 ? (value >> 1) ^ 0xEDB88320 : value >> 1;
            }

            table[i] = value;
        }

        return table;
    }

    private static ulong[] MakeTable64()
    {
        ulong[] table = new ulong[256];
        for (uint i = 0; i < table.Length; i++)
        {
            ulong value = i;
            for (int bit = 0; bit < 8; bit++)
            {
                value = (value & 1) != 0 ? (value >> 1) ^ 0xC96C5795D7870F42 : value >> 1;
            }

            table[i] = value;
        }

        return table;
    }
}
